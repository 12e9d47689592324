package import Essentials
import Mathematics

/// An amount for each second, averaged over the past with weights that fade exponentially.
///
/// An amount `a` that arrives at `s` contributes `a/τ · exp(-(t - s)/τ)` to the rate at `t`. The
/// integral of the rate is the sum of the amounts, one arrival has a finite rate, any number at one
/// instant have one too, and without arrivals the rate falls to zero.
package struct DecayingRate: Hashable, Sendable {
  /// τ.
  package let seconds: Double
  private var value = 0.0
  private var at: Timestamp?

  package init(seconds: Double) {
    precondition(seconds > 0, "a time constant of \(seconds) s")
    self.seconds = seconds
  }

  /// Adds an amount that arrives at an instant; one before the last counts as arriving with it.
  package mutating func add(_ amount: Double, at time: Timestamp) {
    let time = max(time, at ?? time)
    value = rate(at: time) + amount / seconds
    at = time
  }

  /// The rate at an instant; one before the last arrival is taken as the last arrival.
  package func rate(at now: Timestamp) -> Double {
    guard let at else { return 0 }
    let share = Elementary.exp(-max(0, now.seconds(since: at)) / seconds)
    return share < GaugeRules.faded ? 0 : value * share
  }
}

extension Timestamp {
  /// How many seconds after `earlier` the instant is; negative where it is before.
  func seconds(since earlier: Timestamp) -> Double {
    Double(millisecondsSinceEpoch - earlier.millisecondsSinceEpoch) / 1000
  }
}
