/// What came of estimating parameters from data.
///
/// Only a converged estimate may be used as one; the other cases keep apart what must not be
/// mistaken for it, and whoever asked says what takes its place.
package enum Fit<Estimate: Hashable & Sendable>: Hashable, Sendable {
  case converged(Estimate)
  /// The best that was found, for a person to look at.
  case unsettled(best: Estimate, reason: UnsettledReason)
  case impossible(ImpossibleReason)

  /// Why the best that was found is no estimate.
  package enum UnsettledReason: String, Hashable, Sendable {
    /// The search ended before the likelihood was at a maximum.
    case noMaximumReached = "no_maximum_reached"
    /// The maximum lies on the edge of what the model allows.
    case onTheBoundary = "on_the_boundary"
    /// Other values explain the data as well.
    case notIdentified = "not_identified"
  }

  /// Why nothing can be estimated.
  package enum ImpossibleReason: Hashable, Sendable {
    case tooFewObservations(have: Int, needed: Int)
    case notFinite
    /// The data do not vary, so nothing can be told from them.
    case constant
    /// Times run backward or observations contradict each other.
    case disordered
    /// The price is driven from its level, or over it at every step; no reversion looks like that.
    case noPull
  }

  /// The estimate, where there is one.
  package var estimate: Estimate? {
    if case .converged(let estimate) = self { estimate } else { nil }
  }

  /// The reason for having no estimate in one word of snake_case, nil where there is one.
  package var shortfall: String? {
    switch self {
    case .converged: nil
    case .unsettled(_, let reason): reason.rawValue
    case .impossible(.tooFewObservations(let have, let needed)):
      "too_few_observations_\(have)_of_\(needed)"
    case .impossible(.notFinite): "not_finite"
    case .impossible(.constant): "constant"
    case .impossible(.disordered): "disordered"
    case .impossible(.noPull): "no_pull"
    }
  }
}
