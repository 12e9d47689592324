/// What the live stream does, for the gauges of the server.
package struct LiveStatistics: Hashable, Sendable {
  /// The subscribers at present.
  package var subscribers = 0
  /// Of them, those that were not yet offered everything up to the tail.
  package var behind = 0
  /// The bytes that wait in all their queues.
  package var backlog = 0
  /// The number of the last event that the hub has read.
  package var tail: Int64 = 0
  /// Frames that were handed to sockets since the start, and their bytes.
  package var framesSent = 0
  package var bytesSent = 0
  /// Events that were encoded since the start, and snapshots that were rendered.
  package var eventsEncoded = 0
  package var snapshotsRendered = 0
  /// Subscribers that were closed because their queue did not move, and for too many or too long
  /// messages.
  package var closedStuck = 0
  package var closedUnruly = 0
  /// How often the journal could not be read, and the last reason.
  package var failures = 0
  package var lastFailure: String?

  package init() {}
}
