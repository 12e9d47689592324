import Backtesting
import Worlds

extension MetricRules {
  /// The part of a record that a window of the policy means: all of it without a window, or with one
  /// that the policy gives no length.
  func evidenceWindow(_ window: MetricWindow?) -> EvidenceWindow {
    switch window {
    case nil: .all
    case .bars(let count): .bars(count)
    case .some(let window): length(of: window).map { .span($0) } ?? .all
    }
  }
}
