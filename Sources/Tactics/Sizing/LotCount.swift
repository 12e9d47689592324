/// A number of lots, found from bounds that are numbers of lots.
///
/// Whole numbers only: whoever holds exact decimals divides them by the step and rounds the bounds
/// down and the minimum up, and nothing is lost between.
package struct LotCount<Lots: FixedWidthInteger & Sendable>: Hashable, Sendable {
  /// What decided.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// What was wanted.
    case wanted
    /// What the balance bears.
    case balance
    /// What the venue takes at most.
    case venueMax = "venue_max"
    /// Raised to the least that the venue takes.
    case raised
    /// Too small, and too far from the least to be raised.
    case skippedTooSmall = "skipped_too_small"
    /// The least that the venue takes is more than the balance bears or the venue allows.
    case skippedBeyondBound = "skipped_beyond_bound"
  }

  /// 0 where nothing is ordered.
  package let lots: Lots
  package let outcome: Outcome

  /// Holds wanted lots below both bounds and, where they are fewer than the least, raises them by at
  /// most a ratio. Never more than `affordable`, never more than `most`, and never raised from 0.
  package init(
    wanted: Lots, affordable: Lots, most: Lots, least: Lots, upsizeMax: Double
  ) {
    let bound = Swift.max(0, Swift.min(affordable, most))
    let held = Swift.max(0, Swift.min(wanted, bound))
    if held >= least, held > 0 {
      lots = held
      outcome = held == wanted ? .wanted : affordable <= most ? .balance : .venueMax
    } else if held <= 0 || !(Double(least) <= Double(held) * upsizeMax) {
      lots = 0
      outcome = .skippedTooSmall
    } else if least > bound {
      lots = 0
      outcome = .skippedBeyondBound
    } else {
      lots = least
      outcome = .raised
    }
  }
}
