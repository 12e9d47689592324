package import Essentials
import Foundation
import Glibc
import Synchronization

/// A program that this process started, with everything that it starts itself.
///
/// It is a group of processes of its own, so that it can be ended as a whole; it has no other open
/// file than its three streams, none of the signals that this process ignores, and nothing to read.
///
/// Not for use by two threads at once, except for ``signal(_:)``.
package final class ChildProgram: @unchecked Sendable {
  // Sendable: `outlets` is used by one thread; whether the child was reaped is behind its mutex.

  /// What is started, and how.
  package struct Order: Sendable {
    /// What becomes of what the program writes.
    package enum Listening: Hashable, Sendable {
      case ignored, heard
    }

    /// The path of the program's file.
    package var program: String
    package var arguments: [String]
    package var environment: [String: String]
    /// Where it works, nil for where this process does.
    package var folder: String?
    package var listening: Listening

    package init(
      program: String, arguments: [String], environment: [String: String], folder: String? = nil,
      listening: Listening = .ignored
    ) {
      self.program = program
      self.arguments = arguments
      self.environment = environment
      self.folder = folder
      self.listening = listening
    }
  }

  /// A stream that the program writes.
  package enum Stream: Int, Hashable, Sendable {
    case output, errors
  }

  /// How the program ended.
  package enum Exit: Hashable, Sendable {
    case code(Int32)
    case signal(Int32)

    /// The code, or 128 and the signal's number, as shells say it.
    package var returnCode: Int {
      switch self {
      case .code(let code): Int(code)
      case .signal(let number): 128 + Int(number)
      }
    }
  }

  /// The number of the program's process and of its group.
  package let pid: Int32
  /// The ends of pipes that are read, -1 for those that are closed.
  private var outlets: [Int32]
  private let reaped = Mutex<Exit?>(nil)
  private var piece = [UInt8](repeating: 0, count: 1 << 16)

  /// What processes that left the group may still write after the program has ended.
  private static let lateReadsMax = 64

  /// Starts a program.
  package init(_ order: Order) throws(ChildFailure) {
    var pipes: [[Int32]] = []
    defer { for pipe in pipes { close(pipe[1]) } }
    if order.listening == .heard {
      for _ in 0..<2 {
        var ends: [Int32] = [-1, -1]
        // Between the two steps another thread may start a program that gets the pipe; programs of
        // this type close what they were not meant to have.
        guard pipe(&ends) == 0, fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0,
          fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0
        else {
          let code = errno
          for pipe in pipes { close(pipe[0]) }
          throw ChildFailure(order, code)
        }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        pipes.append(ends)
      }
    }
    outlets = pipes.map { $0[0] }
    let (pid, code) = Self.spawn(order, writes: pipes.map { $0[1] })
    self.pid = pid
    guard code == 0 else {
      for outlet in outlets { close(outlet) }
      outlets = []
      reaped.withLock { $0 = .code(127) }
      throw ChildFailure(order, code)
    }
  }

  deinit {
    for outlet in outlets where outlet >= 0 { close(outlet) }
    reaped.withLock { exit in
      guard exit == nil else { return }
      kill(-pid, SIGKILL)
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
  }

  private static func spawn(_ order: Order, writes: [Int32]) -> (pid: Int32, code: Int32) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (place, stream) in [STDOUT_FILENO, STDERR_FILENO].enumerated() {
      if writes.isEmpty {
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
      } else {
        posix_spawn_file_actions_adddup2(&actions, writes[place], stream)
      }
    }
    guard let closeFrom = SpawnExtensions.closeFrom, let changeFolder = SpawnExtensions.changeFolder
    else { return (0, ENOSYS) }
    _ = closeFrom(&actions, STDERR_FILENO + 1)
    if let folder = order.folder { _ = changeFolder(&actions, folder) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let arguments = [order.program] + order.arguments
    let environment = order.environment.map { "\($0.key)=\($0.value)" }.sorted()
    var pid: pid_t = 0
    let code = withCStrings(arguments) { words in
      withCStrings(environment) { variables in
        posix_spawn(&pid, order.program, &actions, &attributes, words, variables)
      }
    }
    return (pid, code)
  }

  private static func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = texts.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
  }

  // MARK: - Following

  /// Waits about so long for something that the program writes, and hands it over.
  package func listen(
    milliseconds: Int32, _ receive: (Stream, UnsafeRawBufferPointer) -> Void
  ) {
    var ears = outlets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&ears, nfds_t(ears.count), milliseconds) > 0 else { return }
    for (place, ear) in ears.enumerated() where ear.revents != 0 {
      _ = read(place, receive)
    }
  }

  /// Reads a piece; false where there is none now.
  private func read(
    _ place: Int, _ receive: (Stream, UnsafeRawBufferPointer) -> Void
  ) -> Bool {
    guard outlets[place] >= 0, let stream = Stream(rawValue: place) else { return false }
    let count = piece.withUnsafeMutableBytes {
      Glibc.read(outlets[place], $0.baseAddress, $0.count)
    }
    guard count > 0 else {
      if count == 0 || (errno != EAGAIN && errno != EINTR) {
        close(outlets[place])
        outlets[place] = -1
      }
      return false
    }
    piece.withUnsafeBytes { receive(stream, UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    return true
  }

  /// How the program ended, nil while it has not.
  ///
  /// What it started and left behind in its group is ended with it, and what was written until then
  /// is handed over.
  package func exit(
    _ receive: (Stream, UnsafeRawBufferPointer) -> Void = { _, _ in }
  ) -> Exit? {
    if let exit = reaped.withLock({ $0 }) { return exit }
    var facts = siginfo_t()
    // The process is looked at and left where it is, so that its number still names its group.
    guard waitid(P_PID, id_t(pid), &facts, WEXITED | WNOHANG | WNOWAIT) == 0,
      facts.si_signo == SIGCHLD
    else { return nil }
    kill(-pid, SIGKILL)
    for place in outlets.indices {
      var reads = 0
      while reads < Self.lateReadsMax, read(place, receive) { reads += 1 }
    }
    return reaped.withLock { exit in
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0, errno == EINTR {}
      // The lowest seven bits are the signal's number, the next eight the code (wait(2)).
      let number = status & 0x7F
      let found = number == 0 ? Exit.code((status >> 8) & 0xFF) : Exit.signal(number)
      exit = found
      return found
    }
  }

  /// Waits for the end of the program.
  package func waitUntilExit() -> Exit {
    while true {
      listen(milliseconds: 20) { _, _ in }
      if let exit = exit() { return exit }
    }
  }

  /// Sends a signal to the program and everything in its group; nothing where it has ended.
  package func signal(_ number: Int32) {
    reaped.withLock { exit in
      // A process that was not reaped keeps its number, so the signal reaches nobody else.
      if exit == nil { kill(-pid, number) }
    }
  }
}

/// GNU's additions to posix_spawn(3), which the module of the C library does not show: they are looked
/// up by name, and are nil in a library that is older than 2.34.
private enum SpawnExtensions {
  typealias CloseFrom =
    @convention(c) (
      UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32
    ) -> Int32
  typealias ChangeFolder =
    @convention(c) (
      UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>
    ) -> Int32

  static let closeFrom = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
    unsafeBitCast($0, to: CloseFrom.self)
  }
  static let changeFolder = dlsym(nil, "posix_spawn_file_actions_addchdir_np").map {
    unsafeBitCast($0, to: ChangeFolder.self)
  }
}

/// A program that could not be started.
package struct ChildFailure: ExplainedFailure, Hashable {
  /// The path of the program's file.
  package let program: String
  /// What the system says.
  package let reason: String

  init(_ order: ChildProgram.Order, _ code: Int32) {
    program = order.program
    reason = String(cString: strerror(code))
  }

  package var key: String { "program_not_started" }
  package var explanation: String { "The program \(program) could not be started: \(reason)." }
  package var remedy: String { "Check that the file is there and may be executed." }
  package var outcome: FailureOutcome { .failed }
}
