/// What a command may touch of the world: two streams of text, a clock and the environment.
///
/// Made once by `live` for a process, and by tests for a rehearsal.
struct Surroundings: Sendable {
  var output: TextOutlet
  var errors: TextOutlet
  var environment: [String: String]
  /// The time since the program began, on a clock that never jumps.
  var elapsed: @Sendable () -> Duration
}

/// A place that text is written to.
struct TextOutlet: Sendable {
  var terminal: TerminalFacts
  var write: @Sendable (String) throws(OutletFailure) -> Void
}

/// Text that could not be written.
enum OutletFailure: Error, Hashable {
  /// The reader of a pipe has left, as `head` does when it has seen enough.
  case readerLeft
  /// The system refused, for the reason given.
  case refused(reason: String)
}
