package import Essentials

/// Which part of the recordings is traded, and what is written down of it.
package struct ReplaySettings: Hashable, Sendable {
  /// The first instant at which the trader decides; what comes before is told to it and no more. Nil
  /// where it trades from the beginning.
  package var from: Timestamp?
  /// The last instant that is replayed, itself included; nil for all.
  package var to: Timestamp?
  /// How far apart the points of the equity are at least.
  package var equityInterval: TimeSpan
  /// Whether the text of all directives and reports is kept, and not its fingerprint alone.
  package var keepsOrders: Bool

  package init(
    from: Timestamp? = nil, to: Timestamp? = nil, equityInterval: TimeSpan = .minutes(1),
    keepsOrders: Bool = false
  ) {
    self.from = from
    self.to = to
    self.equityInterval = equityInterval
    self.keepsOrders = keepsOrders
  }
}
