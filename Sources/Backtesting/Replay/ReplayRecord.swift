package import Essentials
package import Markets

/// What a replay came to.
package struct ReplayRecord: Hashable, Sendable {
  /// By the instant at which they were closed; those that are open at the end come last, by contract.
  package let roundTrips: [RoundTrip]
  package let equity: [EquityPoint]
  /// For each contract of the account, in its order: what its matcher took in and refused.
  package let counts: [MatchCounts]
  /// For each contract: what was wrong with its bars.
  package let bars: [BarCounts]
  /// For each contract: what was wrong with the messages of its book.
  package let books: [BookCounts]
  /// The fingerprint of all directives and reports in their order (``OrderLog``).
  package let orderHash: Fingerprint
  /// Events that were told, those before the first decision included.
  package let events: Int
  /// Events among them that came before the first decision.
  package let warmUpEvents: Int
  /// The first instant at which the trader decided, or could have.
  package let start: Timestamp
  /// The last instant that was replayed.
  package let end: Timestamp
}
