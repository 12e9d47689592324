import AlphaLanguage
package import Backtesting
package import Essentials
import Mathematics

/// Two alphas over the same rows, side by side.
package struct AlphaComparison: Sendable {
  /// Which of the two is better, as far as the sample tells.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// Both formulas mean the same.
    case same
    case firstIsBetter = "first"
    case secondIsBetter = "second"
    /// The interval of the difference holds zero.
    case undecided
  }

  package let first: PricedAlpha
  package let second: PricedAlpha
  /// Pearson's correlation of the rows' profits.
  package let correlation: Finding<Double>
  package let difference: Finding<SharpeDifference>

  /// - Precondition: both come from one simulator.
  package init(_ first: PricedAlpha, _ second: PricedAlpha) {
    let one = first.result.series
    let other = second.result.series
    precondition(one.stamps == other.stamps, "two alphas over different rows")
    self.first = first
    self.second = second
    let correlation = Correlation.pearson(one.pnl, other.pnl)
    self.correlation = Finding(
      correlation.isNaN ? nil : correlation, otherwise: "The profits of one never vary.")
    difference = Finding(
      SharpeDifference(
        of: one.pnl, and: other.pnl, rowsPerYear: first.result.scale.rowsPerYear),
      otherwise: "One of the two has no Sharpe ratio.")
  }

  /// Whether both formulas mean the same.
  package var isSameFormula: Bool {
    first.formula.fingerprint == second.formula.fingerprint
  }

  package var verdict: Verdict {
    if isSameFormula { return .same }
    guard let interval = difference.value?.interval else { return .undecided }
    if interval.lower > 0 { return .firstIsBetter }
    return interval.upper < 0 ? .secondIsBetter : .undecided
  }

  /// One fingerprint for both results.
  package var fingerprint: Fingerprint {
    Fingerprint(
      of: "comparison 1\n\(first.result.fingerprint)\n\(second.result.fingerprint)\n")
  }

  /// The comparison as a JSON object.
  package var json: JSONValue {
    [
      "sameFormula": .bool(isSameFormula),
      "verdict": .string(verdict.rawValue),
      "correlation": .optional(correlation.value),
      "sharpeDifference": difference.value.map { difference in
        [
          "estimate": .number(difference.interval.estimate),
          "interval": difference.interval.json,
          "probabilityFirstIsAhead": .number(difference.probabilityFirstIsAhead),
          "pValue": .number(difference.pValue),
          "meanBlockLength": .number(difference.meanBlockLength),
          "resamples": .integer(difference.resamples),
        ]
      } ?? .null,
      "first": first.document(.metrics),
      "second": second.document(.metrics),
      "result": .string(fingerprint.hexadecimal),
    ]
  }
}
