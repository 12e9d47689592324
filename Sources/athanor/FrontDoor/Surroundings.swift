import Essentials

/// What a command may touch of the world: three streams, clocks, chance, the environment, and what
/// the process knows of itself.
///
/// Made once by `live` for a process, and by tests for a rehearsal.
struct Surroundings: Sendable {
  var output: TextOutlet
  var errors: TextOutlet
  var environment: [String: String]
  /// The time since the program began, on a clock that never jumps.
  var elapsed: @Sendable () -> Duration
  var input = ByteInlet.empty
  /// The path of the program's file, empty where it is not known.
  var executable = ""
  /// How many threads run at once.
  var processors = 1
  /// The instant by the system's clock, which may jump.
  var now: @Sendable () -> Timestamp = { Timestamp(millisecondsSinceEpoch: 0) }
  /// Bits that nobody can foretell, for names that must differ.
  var chance: @Sendable () -> UInt64 = { 0 }
  /// Returns after about so long.
  var pause: @Sendable (Duration) -> Void = { _ in }
  /// From the call on, being asked to end by a key or a signal does not end the program; what is
  /// returned waits until it is asked. Asked a second time, the program ends at once.
  var arrangeEnd: @Sendable () -> @Sendable () -> Void = { {} }
  /// The same for work that looks now and then whether to go on: what is returned says whether the
  /// program was asked to end.
  var watchForEnd: @Sendable () -> @Sendable () -> Bool = { { false } }
  /// The person at the terminal, nil where nobody is there to be asked.
  var person: Questioner?
}

/// A stream that bytes are read from.
struct ByteInlet: Sendable {
  /// True where a person would have to type what is read.
  var isTerminal: Bool
  /// Reads to the end, but no more than so many bytes.
  var read: @Sendable (_ limit: Int) throws(InletFailure) -> [UInt8]

  static let empty = ByteInlet(isTerminal: false) { (_) throws(InletFailure) in [] }
}

/// Bytes that could not be read, for the reason given.
struct InletFailure: Error, Hashable {
  let reason: String
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
