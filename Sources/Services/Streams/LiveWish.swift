package import Networking

/// What a subscriber asks for when it comes.
package struct LiveWish: Hashable, Sendable {
  /// Whom the guard let in; it decides which worlds the subscriber is told of.
  package var caller: Caller?
  /// The run whose events it wants, ``EventEnvelope/desk`` for those of no run, nil for all.
  package var run: String?
  /// The number of the last event that it has, nil where it begins anew.
  package var after: Int64?
  /// How many of the last events come first where it begins anew.
  package var replay: Int
  /// How often it wants snapshots of the reactor, nil for never.
  package var snapshotsEvery: Duration?

  package init(
    run: String? = nil, after: Int64? = nil, replay: Int = 0, snapshotsEvery: Duration? = nil,
    caller: Caller? = nil
  ) {
    self.caller = caller
    self.run = run
    self.after = after
    self.replay = replay
    self.snapshotsEvery = snapshotsEvery
  }
}
