import Synchronization

/// The sending side of one WebSocket: a queue with a bound in bytes, filled by any thread and emptied
/// by the thread that moves bytes.
final class SocketLine: SocketOutlet {
  private struct State {
    var waiting: [SharedText] = []
    var next = 0
    /// Of the frames that wait, and of those that were taken and not handed to the system.
    var bytes = 0
    var ending: Ending?
    var isClosed = false
    /// Whether the loop knows that there is something to take.
    var isAnnounced = false
  }

  /// The close frame behind what waits.
  struct Ending: Sendable {
    var end: SocketEnd
    var reason: String
  }

  private let connection: Int
  private let bytesMax: Int
  private let orders: LoopOrders
  private let state = Mutex(State())

  init(connection: Int, bytesMax: Int, orders: LoopOrders) {
    self.connection = connection
    self.bytesMax = bytesMax
    self.orders = orders
  }

  func send(_ text: SharedText) -> Bool {
    let size = FrameText.size(payload: text.bytes.count)
    let isSent = state.withLock { state -> (Bool, announces: Bool) in
      guard !state.isClosed, state.ending == nil, state.bytes + size <= bytesMax else {
        return (false, false)
      }
      state.waiting.append(text)
      state.bytes += size
      defer { state.isAnnounced = true }
      return (true, !state.isAnnounced)
    }
    if isSent.announces { orders.leave(.send(connection: connection)) }
    return isSent.0
  }

  var backlog: Int { state.withLock { $0.bytes } }

  func close(_ end: SocketEnd, _ reason: String) {
    let announces = state.withLock { state in
      guard !state.isClosed, state.ending == nil else { return false }
      state.ending = Ending(end: end, reason: reason)
      defer { state.isAnnounced = true }
      return !state.isAnnounced
    }
    if announces { orders.leave(.send(connection: connection)) }
  }

  // MARK: The loop's side

  /// Moves frames to `bytes` until it holds about `bytesMax`. Returns how many, and the ending where
  /// nothing is left before it.
  func take(into bytes: inout [UInt8], upTo bytesMax: Int) -> (frames: Int, ending: Ending?) {
    state.withLock { state in
      state.isAnnounced = false
      var count = 0
      while state.next < state.waiting.count, bytes.count < bytesMax {
        FrameText.appendText(state.waiting[state.next].bytes, to: &bytes)
        state.next += 1
        count += 1
      }
      if state.next == state.waiting.count {
        state.waiting.removeAll(keepingCapacity: state.waiting.capacity <= 64)
        state.next = 0
      } else if state.next > state.waiting.count / 2 {
        // What was taken is let go of when it is the larger part, so that a frame is moved once.
        state.waiting.removeFirst(state.next)
        state.next = 0
      }
      return (count, state.waiting.isEmpty ? state.ending : nil)
    }
  }

  /// Says that frames that were taken were handed to the system.
  func handed(_ bytes: Int) {
    state.withLock { $0.bytes -= bytes }
  }

  /// Lets go of everything; nothing is taken from here on.
  func shut() {
    state.withLock { state in
      state.isClosed = true
      state.waiting = []
      state.next = 0
      state.bytes = 0
    }
  }
}
