package import AlphaLanguage
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

  /// Prices both formulas in one simulation and compares them. Formulas that mean the same are one
  /// trial, and are priced once.
  package init(
    of first: CheckedFormula, and second: CheckedFormula, by simulator: PopulationSimulator,
    options: PricingOptions, progress: (@Sendable (Int) -> Void)? = nil
  ) {
    var formulas = [(name: "first", formula: first)]
    if first.fingerprint != second.fingerprint { formulas.append(("second", second)) }
    let alphas = simulator.price(formulas, options: options, progress: progress)
    self.first = alphas[0]
    if alphas.count > 1 {
      self.second = alphas[1]
    } else {
      var result = alphas[0].result
      result.alpha = AlphaIdentity(second)
      self.second = PricedAlpha(
        name: "second", formula: second, result: result, trust: alphas[0].trust)
    }
    let one = self.first.result.series
    let other = self.second.result.series
    let correlation = Correlation.pearson(one.pnl, other.pnl)
    self.correlation = Finding(
      correlation.isNaN ? nil : correlation, otherwise: "The profits of one never vary.")
    difference = Finding(
      SharpeDifference(
        of: one.pnl, and: other.pnl, rowsPerYear: self.first.result.scale.rowsPerYear),
      otherwise: "One of the two has no Sharpe ratio.")
  }

  /// Whether both formulas mean the same.
  package var isSameFormula: Bool {
    first.formula.fingerprint == second.formula.fingerprint
  }

  /// Which is better, by the interval of the difference.
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
