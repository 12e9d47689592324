import CListener
import Synchronization

/// What other threads ask of the thread that moves bytes.
enum LoopOrder: Sendable {
  /// A worker has an answer for a connection.
  case answer(connection: Int, Router.Reply)
  /// A worker has opened a session for a connection, or not.
  case open(connection: Int, Result<Router.Opening, SocketRefusal>)
  /// A socket has something to send.
  case send(connection: Int)
  case stop(grace: Duration)
}

/// The letter box of the thread that moves bytes.
final class LoopOrders: Sendable {
  private struct State {
    var waiting: [LoopOrder] = []
    /// Nil before the loop begins and after it has ended. libwebsockets may be woken by any thread as
    /// long as it lives, which the lock ensures.
    nonisolated(unsafe) var listener: OpaquePointer?
    /// Whether a wake-up is on its way, so that one is enough for many orders.
    var isWoken = false
  }

  private let state = Mutex(State())

  /// Lets orders wake a listener.
  func attach(_ listener: OpaquePointer) {
    state.withLock { $0.listener = listener }
  }

  /// Wakes nobody from here on; to be called before the listener is destroyed.
  func detach() {
    state.withLock { $0.listener = nil }
  }

  /// False where the loop has ended, and then nothing was left.
  @discardableResult func leave(_ order: LoopOrder) -> Bool {
    state.withLock { state in
      guard let listener = state.listener else { return false }
      state.waiting.append(order)
      if !state.isWoken {
        state.isWoken = true
        listener_wake(listener)
      }
      return true
    }
  }

  /// Takes everything that was left.
  func take() -> [LoopOrder] {
    state.withLock { state in
      state.isWoken = false
      guard !state.waiting.isEmpty else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
  }
}
