extension OperatorCatalog {
  /// Operators on truth values, which are stored as 1 and 0; any value other than 0 is true.
  static let logical: [OperatorEntry] = [
    entry(
      .and, .base, [.matrix("input1"), .matrix("input2")], isCommutative: true,
      means: "1 where both are true; also written x && y.", formula: "x && y",
      missing: "A missing input is an unknown truth: false && unknown is 0, else missing."),
    entry(
      .or, .base, [.matrix("input1"), .matrix("input2")], isCommutative: true,
      means: "1 where at least one is true; also written x || y.", formula: "x || y",
      missing: "A missing input is an unknown truth: true || unknown is 1, else missing."),
    entry(
      .not, .base, [.matrix("x")], means: "1 where the input is false; also written !x.",
      formula: "x = 0"),
    entry(
      .ifElse, .base, [.matrix("input1"), .matrix("input2"), .matrix("input3")], gives: .matrix,
      units: .choice,
      means: "input2 where input1 is true, otherwise input3; also written c ? x : y.",
      formula: "input1 ? input2 : input3",
      missing: "Missing where the condition is, and where the chosen value is."),
    entry(
      .isNan, .base, [.matrix("input")], means: "1 where the input is missing.",
      formula: "x is missing", missing: .never),
    entry(
      .less, .base, [.matrix("input1"), .matrix("input2")], units: .comparing,
      means: "1 where input1 is below input2; also written x < y.", formula: "x < y"),
    entry(
      .lessEqual, .base, [.matrix("input1"), .matrix("input2")], units: .comparing,
      means: "1 where input1 is not above input2; also written x <= y.", formula: "x <= y"),
    entry(
      .equal, .base, [.matrix("input1"), .matrix("input2")], units: .comparing,
      isCommutative: true, means: "1 where the inputs are equal; also written x == y.",
      formula: "x = y"),
    entry(
      .greater, .base, [.matrix("input1"), .matrix("input2")], units: .comparing,
      means: "1 where input1 is above input2; a graph holds less with swapped inputs.",
      formula: "x > y"),
    entry(
      .greaterEqual, .base, [.matrix("input1"), .matrix("input2")], units: .comparing,
      means: "1 where input1 is not below input2; a graph holds less_equal with swapped inputs.",
      formula: "x >= y"),
    entry(
      .notEqual, .base, [.matrix("input1"), .matrix("input2")], units: .comparing,
      isCommutative: true, means: "1 where the inputs differ; also written x != y.",
      formula: "x != y"),
    entry(
      .isNotNan, .genius, [.matrix("input")], means: "1 where the input is present.",
      formula: "x is present", missing: .never),
    entry(
      .isFinite, .genius, [.matrix("input")],
      means: "1 where the input is present, for no value is infinite here.",
      formula: "x is present", missing: .never),
    entry(
      .isNotFinite, .legacy, [.matrix("input")],
      means: "1 where the input is missing, for no value is infinite here.",
      formula: "x is missing", missing: .never),
  ]

  private static func entry(
    _ code: OperatorCode, _ tier: OperatorEntry.Tier, _ parameters: [OperatorParameter],
    gives result: OperatorEntry.Result = .truth, units: UnitRule = .dimensionless,
    isCommutative: Bool = false, means meaning: String, formula: String,
    missing: MissingRule = .spreads
  ) -> OperatorEntry {
    OperatorEntry(
      .logical, code, tier, parameters, gives: result, units: units, isCommutative: isCommutative,
      means: meaning, formula: formula, missing: missing)
  }
}
