package import Essentials
import Foundation
import Glibc
import Synchronization

/// A browser as a child program that is spoken to over two pipes.
///
/// The DevTools protocol goes over descriptors 3 and 4 of the child, one JSON document after the
/// other with a zero byte behind each. The child leads its own process group, which is killed at
/// ``end(reason:)``; because a browser watches its pipe, it also ends where the test program dies.
final class BrowserPipe: Sendable {
  /// An event of a page: the method and its parameters.
  typealias Listener = @Sendable (_ method: String, _ parameters: JSONValue) -> Void

  private struct State {
    var nextID = 1
    var waiting: [Int: (method: String, continuation: CheckedContinuation<JSONValue, any Error>)] =
      [:]
    var listeners: [String: Listener] = [:]
    var ending: String?
  }

  private let process: pid_t
  private let commands: Int32
  private let answers: Int32
  private let state = Mutex(State())

  /// Starts the program; it must understand `--remote-debugging-pipe`.
  init(program: String, arguments: [String]) throws(BrowserFailure) {
    var toChild: [Int32] = [0, 0]
    var fromChild: [Int32] = [0, 0]
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
      throw .notStarted(reason: "no pipe: \(String(cString: strerror(errno)))")
    }
    // No other program that a test starts may hold the browser's pipes open.
    for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    // Above 4, so that neither is overwritten by the other's place in the child.
    let childReads = fcntl(toChild[0], F_DUPFD_CLOEXEC, 10)
    let childWrites = fcntl(fromChild[1], F_DUPFD_CLOEXEC, 10)
    close(toChild[0])
    close(fromChild[1])
    defer {
      close(childReads)
      close(childWrites)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, childReads, 3)
    posix_spawn_file_actions_adddup2(&actions, childWrites, 4)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let result = posix_spawn(&child, program, &actions, &attributes, &words, environ)
    guard result == 0 else {
      close(toChild[1])
      close(fromChild[0])
      throw .notStarted(reason: "\(program): \(String(cString: strerror(result)))")
    }
    process = child
    commands = toChild[1]
    answers = fromChild[0]
    // A browser that has died must not take the tests with it.
    signal(SIGPIPE, SIG_IGN)
    Thread.detachNewThread { [self] in read() }
  }

  // MARK: Speaking

  /// Sends a command and returns its result.
  func call(
    _ method: String, _ parameters: JSONValue = [:], session: String? = nil
  ) async throws -> JSONValue {
    try await withCheckedThrowingContinuation { continuation in
      let id: Int? = state.withLock { state in
        guard state.ending == nil else { return nil }
        defer { state.nextID += 1 }
        state.waiting[state.nextID] = (method, continuation)
        return state.nextID
      }
      guard let id else {
        continuation.resume(throwing: BrowserFailure.ended(reason: ending))
        return
      }
      var members: [JSONValue.Member] = [
        .init("id", .integer(id)), .init("method", .string(method)), .init("params", parameters),
      ]
      if let session { members.append(.init("sessionId", .string(session))) }
      send(Array(JSONValue.object(members).compactText.utf8) + [0])
    }
  }

  /// Hears the events of a session; nil ends it.
  func listen(to session: String, _ listener: Listener?) {
    state.withLock { $0.listeners[session] = listener }
  }

  private var ending: String { state.withLock { $0.ending ?? "it was closed" } }

  /// Whole documents, one at a time: two tasks may speak at once.
  private let speaking = Mutex(())

  private func send(_ bytes: [UInt8]) {
    let isSent = speaking.withLock { _ in
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { write(commands, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
    if !isSent { end(reason: "it takes no more commands") }
  }

  // MARK: Listening

  /// How long an answer may take, in milliseconds, before the browser is taken for dead.
  private static let patience: Int32 = 60_000

  private func read() {
    var unread: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      var watched = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
      let ready = poll(&watched, 1, Self.patience)
      if ready < 0 && errno == EINTR { continue }
      if ready == 0 {
        guard state.withLock({ $0.waiting.isEmpty }) else {
          return end(reason: "no answer for \(Self.patience / 1000) s")
        }
        continue
      }
      let count = Glibc.read(answers, &part, part.count)
      guard count > 0 else { return end(reason: "it has ended") }
      var rest = part[..<count]
      while let zero = rest.firstIndex(of: 0) {
        unread += rest[..<zero]
        take(String(decoding: unread, as: UTF8.self))
        unread.removeAll(keepingCapacity: true)
        rest = rest[(zero + 1)...]
      }
      unread += rest
    }
  }

  private func take(_ text: String) {
    guard let message = try? JSONValue(parsing: text) else { return }
    if case .integer(let id)? = message["id"] {
      guard let waiting = state.withLock({ $0.waiting.removeValue(forKey: id) }) else { return }
      if let refusal = message["error"] {
        let reason = refusal["message"]?.text ?? refusal.compactText
        waiting.continuation.resume(
          throwing: BrowserFailure.refused(method: waiting.method, reason: reason))
      } else {
        waiting.continuation.resume(returning: message["result"] ?? .null)
      }
      return
    }
    guard let method = message["method"]?.text, let session = message["sessionId"]?.text else {
      return
    }
    let listener = state.withLock { $0.listeners[session] }
    listener?(method, message["params"] ?? .null)
  }

  /// Kills the browser with all its processes; every call that waits fails.
  func end(reason: String) {
    let waiting: [CheckedContinuation<JSONValue, any Error>]? = state.withLock { state in
      guard state.ending == nil else { return nil }
      state.ending = reason
      defer { state.waiting = [:] }
      return state.waiting.values.map(\.continuation)
    }
    guard let waiting else { return }
    kill(-process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    for continuation in waiting {
      continuation.resume(throwing: BrowserFailure.ended(reason: reason))
    }
  }
}

extension JSONValue {
  /// The text of a string, nil for everything else.
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The number, whole or not, nil for everything else.
  package var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// The elements of an array, none for everything else.
  package var elements: [JSONValue] { if case .array(let all) = self { all } else { [] } }
}
