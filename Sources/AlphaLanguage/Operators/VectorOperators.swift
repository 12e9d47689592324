extension OperatorCatalog {
  /// Operators on the events of one instrument in one row. Moments are those of the population.
  static let vector: [OperatorEntry] = [
    entry(.vecAvg, .base, means: "The mean of the events.", formula: "sum(v) / n"),
    entry(.vecSum, .base, means: "The sum of the events.", formula: "sum(v)"),
    entry(
      .vecCount, units: .dimensionless, means: "The number of events.", formula: "n",
      missing: "A cell without events is missing; an event whose value is missing does not count."),
    entry(.vecMax, means: "The largest event.", formula: "max(v)"),
    entry(.vecMin, means: "The smallest event.", formula: "min(v)"),
    entry(.vecRange, means: "The largest less the smallest event.", formula: "max(v) - min(v)"),
    entry(
      .vecStddev, means: "The standard deviation of the events.",
      formula: "sqrt(mean((v - mean(v))^2))"),
    entry(
      .vecIr, units: .dimensionless, means: "The mean of the events over their deviation.",
      formula: "mean(v) / sd(v)", missing: varying),
    entry(.vecNorm, means: "The sum of the events' sizes.", formula: "sum|v|"),
    entry(
      .vecPowersum, taking: [.number("constant", 2)], units: .unknown,
      means: "The sum of the events raised to a power.", formula: "sum(v^constant)"),
    entry(
      .vecPercentage, taking: [.number("percentage", 0.5, .unit)],
      means: "A quantile of the events.",
      formula: "linear interpolation at (n - 1) * percentage (type 7)", cost: .logarithmic),
    entry(
      .vecChoose, taking: [OperatorParameter("nth", .integer(0...1_000_000))],
      means: "The event at a position, counted from 0, in the order of recording.",
      formula: "v[nth]", missing: "Missing where there is no such event or its value is missing."),
    entry(
      .vecSkewness, units: .dimensionless, means: "The skewness of the events.",
      formula: "m3 / m2^1.5, population moments", missing: varying),
    entry(
      .vecKurtosis, units: .dimensionless, means: "The excess kurtosis of the events.",
      formula: "m4 / m2^2 - 3, population moments", missing: varying),
    entry(
      .vecFilter, taking: [.number("value", .nan, .anyOrMissing)], gives: .vector,
      means: "The events that are not equal to a value; nan removes missing ones.",
      formula: "v without value", missing: "A cell may become empty."),
  ]

  private static let varying: MissingRule =
    "Missing events do not count; a cell whose events do not vary is missing."

  private static func entry(
    _ code: OperatorCode, _ tier: OperatorEntry.Tier = .genius,
    taking further: [OperatorParameter] = [], gives result: OperatorEntry.Result = .matrix,
    units: UnitRule = .kept, means meaning: String, formula: String,
    missing: MissingRule = .emptyIsMissing, cost: OperatorCost = .linear
  ) -> OperatorEntry {
    OperatorEntry(
      .vector, code, tier, [.vector("x")] + further, gives: result, units: units, means: meaning,
      formula: formula, missing: missing, cost: cost)
  }
}
