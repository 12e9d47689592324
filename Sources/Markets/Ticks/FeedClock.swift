package import Essentials

/// How the local clock stands to a venue's, learned from the messages that arrive.
///
/// A message is made at the venue before it arrives here, so the least difference between arrival and
/// making bounds the local clock from above: below zero it proves that the local clock is behind by
/// at least so much. The rule: instants of decisions are the venue's; the local clock only measures
/// how long ago a message came.
package struct FeedClock: Hashable, Sendable {
  package private(set) var messages = 0
  /// Messages that by the two clocks arrived before they were made.
  package private(set) var fromFuture = 0
  /// Messages made before one that came earlier.
  package private(set) var backward = 0
  /// The least difference between arrival and making; nil before the first message.
  package private(set) var leastDelay: TimeSpan?
  /// The latest instant at the venue that a message has told of.
  package private(set) var latest: Timestamp?

  package init() {}

  /// Takes in when a message was made, by the venue's clock, and when it arrived, by the local one.
  package mutating func observe(made: Timestamp, arrived: Timestamp) {
    messages += 1
    let delay = arrived - made
    if delay < .zero { fromFuture += 1 }
    if let latest, made < latest { backward += 1 }
    leastDelay = min(leastDelay ?? delay, delay)
    latest = max(latest ?? made, made)
  }

  /// How far the local clock is behind the venue's at least; zero where nothing proves that it is.
  package var lag: TimeSpan {
    guard let leastDelay, leastDelay < .zero else { return .zero }
    return TimeSpan(milliseconds: -leastDelay.milliseconds)
  }

  /// The instant at the venue, estimated from the local clock: as if the fastest message had taken no
  /// time. It is never before ``latest``.
  package func venueTime(at local: Timestamp) -> Timestamp {
    let estimate = local - (leastDelay ?? .zero)
    return max(latest ?? estimate, estimate)
  }
}
