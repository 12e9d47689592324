import Essentials
import Networking
import Synchronization

@testable import Services

/// A socket in memory: a bounded queue that is sent when a test says so.
final class FakeOutlet: SocketOutlet {
  struct State: Sendable {
    var queue: [SharedText] = []
    var backlog = 0
    var received: [String] = []
    var refusals = 0
    var end: SocketEnd?
    var reason = ""
  }

  private let state = Mutex(State())
  private let capacity: Int
  private let bell: Doorbell?

  /// `bell` rings when something is sent.
  init(capacity: Int = 1 << 30, bell: Doorbell? = nil) {
    self.capacity = capacity
    self.bell = bell
  }

  func send(_ text: SharedText) -> Bool {
    state.withLock { state in
      guard state.end == nil, state.backlog + text.bytes.count <= capacity else {
        state.refusals += 1
        return false
      }
      state.queue.append(text)
      state.backlog += text.bytes.count
      bell?.ring()
      return true
    }
  }

  var backlog: Int { state.withLock { $0.backlog } }

  func close(_ end: SocketEnd, _ reason: String) {
    state.withLock { state in
      state.end = end
      state.reason = reason
    }
  }

  var now: State { state.withLock { $0 } }

  /// Hands up to so many texts to the other end; true where nothing waits afterwards.
  @discardableResult
  func drain(_ count: Int = .max) -> Bool {
    state.withLock { state in
      for text in state.queue.prefix(count) {
        state.received.append(String(decoding: text.bytes, as: UTF8.self))
        state.backlog -= text.bytes.count
      }
      state.queue.removeFirst(min(count, state.queue.count))
      return state.queue.isEmpty
    }
  }

  /// The frames that arrived, read.
  var frames: [JSONValue] { now.received.compactMap { try? JSONValue(parsing: $0) } }

  /// The numbers of the events that arrived.
  var numbers: [Int] {
    frames.compactMap { if case .integer(let seq)? = $0["seq"] { seq } else { nil } }
  }

  /// The kinds of the frames that arrived, in order.
  var kinds: [String] {
    frames.compactMap { if case .string(let kind)? = $0["event_type"] { kind } else { nil } }
  }
}
