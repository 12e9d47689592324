import Mathematics

/// The parameters of a GARCH(1,1) process: the variance of the next step is
/// ω + α r² + β v, with r the latest return and v its variance.
///
/// T. Bollerslev, "Generalized Autoregressive Conditional Heteroskedasticity", Journal of
/// Econometrics 31 (1986). Variances are of one step of the data, not annual. Only processes that
/// return to a finite mean variance can be said.
package struct GARCHParameters: Hashable, Sendable {
  /// ω, the variance that every step adds; above zero.
  package let omega: Double
  /// α, the share of the latest squared return; at least zero.
  package let alpha: Double
  /// β, the share of the latest variance; at least zero.
  package let beta: Double

  /// Nil unless ω is above zero, α and β are not below it, and α + β is less than one.
  package init?(omega: Double, alpha: Double, beta: Double) {
    guard omega > 0, omega.isFinite, alpha >= 0, beta >= 0, alpha + beta < 1 else { return nil }
    self.omega = omega
    self.alpha = alpha
    self.beta = beta
  }

  private init(ofMean variance: Double, alpha: Double, beta: Double) {
    omega = variance * (1 - alpha - beta)
    self.alpha = alpha
    self.beta = beta
  }

  /// Returns the rule that takes the place of an estimate: α 0.05 and β 0.90 about a known mean
  /// variance, which must be above zero.
  package static func targeting(variance: Double) -> GARCHParameters {
    precondition(variance > 0 && variance.isFinite, "a variance of \(variance)")
    return GARCHParameters(ofMean: variance, alpha: 0.05, beta: 0.90)
  }

  /// α + β: what is left of a deviation of the variance after a step.
  package var persistence: Double { alpha + beta }

  /// The mean variance of a step.
  package var meanVariance: Double { omega / (1 - persistence) }

  /// Returns the average variance of the next `steps` steps, of which the first has variance `next`.
  ///
  /// The expected variance k steps on is m + (next − m) pᵏ, with m the mean and p the persistence;
  /// the average is the sum of that geometric series.
  package func averageVariance(over steps: Int, from next: Double) -> Double {
    precondition(steps > 0, "\(steps) steps")
    let m = meanVariance
    let p = persistence
    let remaining = 1 - Elementary.pow(p, Double(steps))
    return m + (next - m) * remaining / (Double(steps) * (1 - p))
  }
}
