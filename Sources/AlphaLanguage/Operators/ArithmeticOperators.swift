extension OperatorCatalog {
  /// Operators that work cell by cell.
  ///
  /// Variadic `add`, `subtract`, `multiply`, `max` and `min` are folded from the left, so each of
  /// their graph nodes has exactly two inputs. A result that is not finite is missing.
  static let arithmetic: [OperatorEntry] = [
    entry(
      .abs, .base, [.matrix("x")], units: .kept,
      means: "The size of each value without its sign.", formula: "|x|"),
    entry(
      .add, .base, [.matrix("x"), .matrices("y"), .flag("filter")], units: .agreeing,
      isCommutative: true, means: "The sum of the inputs; also written x + y.",
      formula: "x + y + ...",
      missing: "Missing where any input is; with filter=true a missing input counts as 0."),
    entry(
      .subtract, .base, [.matrix("x"), .matrices("y"), .flag("filter")], units: .agreeing,
      means: "The first input less all others; also written x - y.", formula: "(x - y) - ...",
      missing: "Missing where any input is; with filter=true a missing input counts as 0."),
    entry(
      .multiply, .base, [.matrix("x"), .matrices("y"), .flag("filter")], units: .product,
      isCommutative: true, means: "The product of the inputs; also written x * y.",
      formula: "x * y * ...",
      missing: "Missing where any input is; with filter=true a missing input counts as 1."),
    entry(
      .divide, .base, [.matrix("x"), .matrix("y")], units: .quotient,
      means: "The first input over the second; also written x / y.", formula: "x / y",
      missing: "Missing where any input is and where y is 0."),
    entry(
      .inverse, .base, [.matrix("x")], units: .inverse, means: "One over the input.",
      formula: "1 / x", missing: "Missing where x is missing or 0."),
    entry(
      .reverse, .base, [.matrix("x")], units: .kept,
      means: "The input with its sign changed; also written -x.", formula: "-x"),
    entry(
      .log, .base, [.matrix("x")], units: .dimensionlessInput, means: "The natural logarithm.",
      formula: "ln(x)", missing: "Missing where x is missing, 0 or negative."),
    entry(
      .sqrt, .base, [.matrix("x")], units: .root, means: "The square root that is not negative.",
      formula: "x^0.5", missing: "Missing where x is missing or negative."),
    entry(
      .power, .base, [.matrix("x"), .matrix("y")], units: .power,
      means: "The first input raised to the second; also written x ^ y.", formula: "x^y",
      missing: """
        Missing where any input is, and where the power is not a finite real number. Unlike \
        IEEE 754, a missing base or exponent never gives 1.
        """),
    entry(
      .signedPower, .base, [.matrix("x"), .matrix("y")], units: .power,
      means: "The size of x raised to y, with the sign of x.", formula: "sign(x) * |x|^y"),
    entry(
      .sign, .base, [.matrix("x")], units: .dimensionless,
      means: "1 for positive, -1 for negative values and 0 for zero.", formula: "sgn(x)"),
    entry(
      .max, .base, [.matrix("x"), .matrices("y"), .flag("filter")], units: .agreeing,
      isCommutative: true, means: "The largest of the inputs in each cell.",
      formula: "max(x, y, ...)",
      missing: """
        Missing where any input is; with filter=true, an extension of this desk, missing inputs \
        are passed over.
        """),
    entry(
      .min, .base, [.matrix("x"), .matrices("y"), .flag("filter")], units: .agreeing,
      isCommutative: true, means: "The smallest of the inputs in each cell.",
      formula: "min(x, y, ...)",
      missing: """
        Missing where any input is; with filter=true, an extension of this desk, missing inputs \
        are passed over.
        """),
    entry(
      .densify, .base, [OperatorParameter("x", .groupOrMatrix)], gives: .group,
      units: .dimensionless,
      means: "Numbers the classes that occur in a row without gaps, from 0 in ascending order.",
      formula: "number of smaller classes in the row", missing: .skippedInRow,
      cost: .logarithmic),
    entry(
      .pasteurize, .genius, [.matrix("x")], units: .kept,
      means: "Keeps the values of instruments that belong to the universe in that row.",
      formula: "in universe ? x : nan", missing: "Missing where x is, and outside the universe."),
    entry(
      .exp, .genius, [.matrix("x")], units: .dimensionlessInput,
      means: "The exponential function.", formula: "e^x"),
    entry(
      .sigmoid, .genius, [.matrix("x")], units: .dimensionlessInput,
      means: "The logistic curve from 0 to 1.", formula: "1 / (1 + e^-x)"),
    entry(
      .tanh, .genius, [.matrix("x")], units: .dimensionlessInput,
      means: "The hyperbolic tangent, from -1 to 1.", formula: "tanh(x)"),
    entry(
      .arcSin, .genius, [.matrix("x")], units: .dimensionlessInput, means: "The inverse sine.",
      formula: "asin(x)", missing: "Missing where x is missing or outside -1 to 1."),
    entry(
      .arcCos, .legacy, [.matrix("x")], units: .dimensionlessInput, means: "The inverse cosine.",
      formula: "acos(x)", missing: "Missing where x is missing or outside -1 to 1."),
    entry(
      .arcTan, .genius, [.matrix("x")], units: .dimensionlessInput, means: "The inverse tangent.",
      formula: "atan(x)"),
    entry(
      .fraction, .genius, [.matrix("x")], units: .dimensionless,
      means: "What follows the decimal point, with the sign of the value.",
      formula: "sign(x) * (|x| - floor(|x|))"),
    entry(
      .logDiff, .genius, [.matrix("x")], units: .dimensionless, reach: .previous,
      means: "The change of the natural logarithm since the row before.",
      formula: "ln(x[t]) - ln(x[t-1])",
      missing: "Missing where the value of either row is missing, 0 or negative."),
    entry(
      .sLog1p, .genius, [.matrix("x")], units: .dimensionlessInput,
      means: "Compresses large values by the natural logarithm and keeps their sign.",
      formula: "sign(x) * ln(1 + |x|)"),
    entry(
      .nanMask, .genius, [.matrix("x"), .matrix("y")], units: .kept,
      means: "Blanks x where the mask y is negative.", formula: "y < 0 ? nan : x",
      missing: "Missing where x is; a missing mask does not blank."),
    entry(
      .nanOut, .genius,
      [
        .matrix("x"),
        OperatorParameter("lower", .number(.any), standard: .absent, isNamedOnly: true),
        OperatorParameter("upper", .number(.any), standard: .absent, isNamedOnly: true),
      ], units: .kept,
      means: "Blanks values outside the given bounds, of which at least one must be given.",
      formula: "x < lower or x > upper ? nan : x"),
    entry(
      .purify, .genius, [.matrix("x")], units: .kept,
      means: "Blanks infinite values, of which there are none here.", formula: "x"),
    entry(
      .toNan, .genius, [.matrix("x"), .number("value", 0), .flag("reverse")], units: .kept,
      means: "Blanks one value, or with reverse=true puts that value where one is missing.",
      formula: "x = value ? nan : x",
      missing: "Missing where x is missing or the value; with reverse=true never."),
    entry(
      .round, .genius, [.matrix("x")], units: .kept, means: "The nearest whole number.",
      formula: "round(x)", ties: "Halves are rounded away from zero."),
    entry(
      .floor, .genius, [.matrix("x")], units: .kept, means: "The largest whole number not above x.",
      formula: "floor(x)"),
    entry(
      .ceiling, .legacy, [.matrix("x")], units: .kept,
      means: "The smallest whole number not below x.", formula: "ceil(x)"),
    entry(
      .roundDown, .legacy, [.matrix("x"), .number("f", 1, .positive)], units: .kept,
      means: "The largest multiple of f not above x.", formula: "f * floor(x / f)"),
    entry(
      .replace, .legacy,
      [
        .matrix("x"), OperatorParameter("target", .numbers(separator: " ")),
        OperatorParameter("dest", .numbers(separator: " ")),
      ], units: .kept,
      means: "Puts other values in the place of listed ones; one replacement may serve all.",
      formula: "x = target[i] ? dest[i] : x",
      missing: "Missing stays missing unless NAN is among the targets.",
      ties: "The first of equal targets counts."),
  ]

  private static func entry(
    _ code: OperatorCode, _ tier: OperatorEntry.Tier, _ parameters: [OperatorParameter],
    gives result: OperatorEntry.Result = .matrix, units: UnitRule, reach: ReachRule = .row,
    isCommutative: Bool = false, means meaning: String, formula: String,
    missing: MissingRule = .spreads, ties: String? = nil, cost: OperatorCost = .constant
  ) -> OperatorEntry {
    OperatorEntry(
      .arithmetic, code, tier, parameters, gives: result, units: units, reach: reach,
      isCommutative: isCommutative, means: meaning, formula: formula, missing: missing, ties: ties,
      cost: cost)
  }
}
