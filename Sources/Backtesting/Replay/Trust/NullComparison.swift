import Mathematics

/// A figure beside what chance makes of it.
package struct NullComparison: Hashable, Sendable {
  /// The figure as it was.
  package let observed: Double
  /// The mean of the draws of chance.
  package let expected: Double
  /// The standard deviation of the draws.
  package let deviation: Double
  /// How likely chance is to reach the observed figure or more: one more than the draws that do, over
  /// one more than all draws (B. Phipson and G. Smyth, "Permutation P-values Should Never Be Zero",
  /// Statistical Applications in Genetics and Molecular Biology 9, 2010).
  package let probability: Double
  /// What the figure has over chance, with all differences that the draws do not contradict: the
  /// observed figure less the draws' quantiles.
  package let difference: ConfidenceInterval
  /// How many draws there were.
  package let draws: Int

  /// Compares a figure with at least one draw.
  init(_ observed: Double, against draws: [Double], confidence: Double) {
    precondition(!draws.isEmpty, "no draw of chance")
    let moments = Moments(of: draws)
    let sorted = SortedSample(draws)
    self.observed = observed
    expected = moments.mean
    deviation = moments.populationDeviation
    // Sums in another order differ in their last digits, which must not decide a tie.
    let slack = 1e-12 * max(observed.magnitude, moments.mean.magnitude, deviation)
    let reached = draws.count { $0 >= observed - slack }
    probability = Double(reached + 1) / Double(draws.count + 1)
    difference = ConfidenceInterval(
      estimate: observed - moments.mean,
      lower: observed - sorted.quantile((1 + confidence) / 2),
      upper: observed - sorted.quantile((1 - confidence) / 2), confidence: confidence)
    self.draws = draws.count
  }
}
