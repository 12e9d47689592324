/// How the results at a horizon become one score.
package struct ScoreSettings: Hashable, Sendable {
  /// The form of the score Ψ.
  package enum Form: String, Hashable, Sendable, CaseIterable {
    /// The net present value of the marginal utilities, per second: with U the gain of expected
    /// result less λ times the change of the tail, per second of the stretch between two horizons,
    /// Ψ(T) = (Σ (U - ρ) e^(-ρt) Δt - cost) / T.
    case marginal
    /// The expected result after costs in units of the tail, for each root of a second:
    /// Ψ(T) = (EV - cost) / (|tail| (1 + λ) + ε) / √T · e^(-ρT).
    case ratio
  }

  /// The form of the score.
  package let form: Form
  /// λ: how much a loss in the tail weighs against a gain of the mean.
  package let tailAversion: Double
  /// ρ: the return for each second that the money would earn elsewhere.
  package let opportunityRate: Double

  /// Joins a form, an aversion and a rate, neither of them negative.
  package init(form: Form = .marginal, tailAversion: Double = 1, opportunityRate: Double = 0) {
    precondition(
      tailAversion >= 0 && opportunityRate >= 0, "aversion \(tailAversion), rate \(opportunityRate)"
    )
    self.form = form
    self.tailAversion = tailAversion
    self.opportunityRate = opportunityRate
  }
}
