extension OperatorCatalog {
  /// Operators across the instruments of one row.
  static let crossSectional: [OperatorEntry] = [
    entry(
      .rank, .base, [.matrix("x"), .integer("rate", 2, in: 0...1000)], units: .dimensionless,
      means: "The rank of each value from 0 to 1; every rate gives the exact rank here.",
      formula: "(rank - 1) / (n - 1)",
      ties: "Equal values share their average rank; a row of one value gives 0.5.",
      cost: .logarithmic),
    entry(
      .zscore, .base, [.matrix("x")], units: .dimensionless,
      means: "How many standard deviations of the row a value lies above its mean.",
      formula: "(x - mean(x)) / sd(x), population deviation", missing: spread),
    entry(
      .normalize, .base, [.matrix("x"), .flag("useStd"), .number("limit", 0, .notNegative)],
      means: """
        The value less the row's mean; with useStd over the standard deviation; with a limit above \
        0 clipped to it on both sides.
        """,
      formula: "clip((x - mean(x)) [/ sd(x)], -limit, limit), sample deviation",
      missing: "Missing cells stay missing and do not count; missing where useStd meets no spread."),
    entry(
      .scale, .base,
      [
        .matrix("x"), .number("scale", 1, .notNegative), .number("longscale", 0, .notNegative),
        .number("shortscale", 0, .notNegative),
      ], units: .dimensionless,
      means: """
        Makes the sizes of the row sum to scale. Where longscale or shortscale is above 0, the \
        positive or negative side sums to that in place of the common scaling.
        """,
      formula: "x * scale / sum|x|; longscale: x * longscale / sum of positive x",
      missing: "Missing cells stay missing and do not count; missing where the sum is 0."),
    entry(
      .scaleDown, .genius, [.matrix("x"), .number("constant", 0)], units: .dimensionless,
      means: "Where a value lies between the row's extremes, less a constant.",
      formula: "(x - min(x)) / (max(x) - min(x)) - constant", missing: spread),
    entry(
      .winsorize, .base, [.matrix("x"), .number("std", 4, .notNegative)],
      means: "Clips values that lie further from the row's mean than some standard deviations.",
      formula: "clip(x, mean(x) - std * sd(x), mean(x) + std * sd(x)), population deviation"),
    entry(
      .truncate, .genius, [.matrix("x"), .number("maxPercent", 0.01, .notNegative)],
      means: "Clips each value to a share of the row's total size.",
      formula: "clip(x, -maxPercent * sum|x|, maxPercent * sum|x|)"),
    entry(
      .quantile, .base,
      [
        .matrix("x"), .word("driver", "gaussian", of: distributions),
        .number("sigma", 1, .positive),
      ], units: .dimensionless,
      means: "The rank carried to the quantile of a distribution, times sigma.",
      formula: """
        sigma * F^-1(1/n + r * (1 - 2/n)), r = (rank - 1) / (n - 1); uniform: sigma * (that - 1/2)
        """,
      ties: "Equal values share their average rank; a row of one value gives 0.",
      cost: .logarithmic),
    entry(
      .vectorProj, .genius, [.matrix("x"), .matrix("y")],
      means: "The projection of the row of x on that of y.", formula: "y * sum(x y) / sum(y y)",
      missing: paired),
    entry(
      .vectorNeut, .genius, [.matrix("x"), .matrix("y")],
      means: "x less its projection on y, so that the two are orthogonal.",
      formula: "x - y * sum(x y) / sum(y y)", missing: paired),
    entry(
      .regressionNeut, .genius, [.matrix("y"), .matrix("x")],
      means: "The residual of least squares of y on x across the row.",
      formula: "y - (a + b x)", missing: paired),
    entry(
      .regressionProj, .genius, [.matrix("y"), .matrix("x")],
      means: "The fitted value of least squares of y on x across the row.", formula: "a + b x",
      missing: paired),
    entry(
      .multiRegression, .legacy,
      [
        .matrix("y"), .matrices("x1"), .integer("days", 0, in: 0...250),
        .integer("lag", 0, in: 0...OperatorParameter.largestWindow),
        .word("solver", "SVD", of: ["SVD", "QR", "NORMAL"]),
      ], reach: .daysAndLag,
      means: """
        Today's residual of least squares of y on all further inputs, over the row and as many \
        rows before it as days says, the inputs taken lag rows earlier; every solver gives the \
        solution of least norm.
        """,
      formula: "y - (a + b1 x1 + b2 x2 + ...)",
      missing: """
        Cells where any input is missing are left out and stay missing; missing where there are \
        fewer cells than coefficients.
        """, cost: .linear),
    entry(
      .generalizedRank, .genius, [.matrix("x"), .number("m", 1, .notNegative)], units: .unknown,
      means: "The sum over all other instruments of the signed difference raised to m.",
      formula: "sum over j of sign(x[i] - x[j]) * |x[i] - x[j]|^m", cost: .linear),
    entry(
      .rankBySide, .genius,
      [.matrix("x"), .integer("rate", 2, in: 0...1000), .number("scale", 1, .notNegative)],
      units: .dimensionless,
      means: "Ranks the positive and the negative values apart, then makes sizes sum to scale.",
      formula: "sign(x) * rank(|x| on its side) / n on its side, times scale / sum of sizes",
      missing: "Missing cells stay missing and do not count; a value of 0 stays 0.",
      ties: "Equal values share their average rank.", cost: .logarithmic),
    entry(
      .oneSide, .genius, [.matrix("x"), .word("side", "long", of: ["long", "short"])],
      means: "Shifts the row so that no value is negative, or for side short none positive.",
      formula: "x - min(x); short: x - max(x)"),
    entry(
      .rankGmeanAmeanDiff, .genius, [.matrix("input1"), .matrices("input2")],
      units: .dimensionless,
      means: "The geometric less the arithmetic mean of the inputs' ranks in the row.",
      formula: "prod(r)^(1/k) - sum(r) / k, r = rank(input)",
      missing: "Missing where any rank is.", ties: "Equal values share their average rank.",
      cost: .logarithmic),
  ]

  private static let spread: MissingRule =
    "Missing cells stay missing and do not count; the row is missing where it does not vary."
  private static let paired: MissingRule = """
    Cells where either input is missing are left out and stay missing; the row is missing where \
    the divisor is 0.
    """

  private static func entry(
    _ code: OperatorCode, _ tier: OperatorEntry.Tier, _ parameters: [OperatorParameter],
    units: UnitRule = .kept, reach: ReachRule = .row, means meaning: String, formula: String,
    missing: MissingRule = .skippedInRow, ties: String? = nil, cost: OperatorCost = .constant
  ) -> OperatorEntry {
    OperatorEntry(
      .crossSectional, code, tier, parameters, units: units, reach: reach, means: meaning,
      formula: formula, missing: missing, ties: ties, cost: cost)
  }
}
