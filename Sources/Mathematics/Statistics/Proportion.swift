/// How many of a number of trials succeeded.
package struct Proportion: Hashable, Sendable {
  package var successes: Int
  package var trials: Int

  package init(_ successes: Int, of trials: Int) {
    self.successes = successes
    self.trials = trials
  }

  /// The share that succeeded; NaN without trials.
  package var share: Double { Double(successes) / Double(trials) }

  /// The interval of E. B. Wilson, Journal of the American Statistical Association 22 (1927): all
  /// true shares that the observed one does not contradict at the confidence. From 0 to 1 without
  /// trials.
  package func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    guard trials > 0 else { return 0...1 }
    let count = Double(trials)
    let z = StandardNormal.quantile((1 + confidence) / 2)
    let stretch = 1 + z * z / count
    let center = (share + z * z / (2 * count)) / stretch
    let spread = share * (1 - share) / count + z * z / (4 * count * count)
    let reach = z * spread.squareRoot() / stretch
    // Exactly 0 and 1 where all or none succeeded, whatever is rounded on the way.
    let low = successes == 0 ? 0 : max(0, center - reach)
    return low...(successes == trials ? 1 : max(low, min(1, center + reach)))
  }
}
