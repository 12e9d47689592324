import Synchronization

/// What one transfer has brought so far, between the thread that moves bytes and the task that waits.
///
/// States: no head -> head -> ended, or no head -> ended. The thread moves them with ``receive(_:)``
/// and ``finish(_:)``; the task waits with ``head()`` and ``nextChunk(resuming:)``, one at a time.
final class Exchange: Sendable {
  /// How many bytes may wait unread before the server is made to wait.
  static let unreadBytesMax = 1 << 20

  private struct State {
    var head: HTTPHead?
    var unread: [[UInt8]] = []
    var unreadBytes = 0
    var isPaused = false
    var end: Result<Void, HTTPFailure>?
    var headWaiter: CheckedContinuation<Result<HTTPHead, HTTPFailure>, Never>?
    var chunkWaiter: CheckedContinuation<Result<[UInt8]?, HTTPFailure>, Never>?
  }

  private let state = Mutex(State())

  // MARK: For the thread

  func receive(_ head: HTTPHead) {
    let waiter = state.withLock { state in
      state.head = head
      defer { state.headWaiter = nil }
      return state.headWaiter
    }
    waiter?.resume(returning: .success(head))
  }

  /// Returns false where too much is unread; the same chunk has then to be offered again after the
  /// reader asks for it.
  func receive(_ chunk: UnsafeRawBufferPointer) -> Bool {
    if chunk.isEmpty { return true }
    enum Way {
      case kept, refused
      case handed(CheckedContinuation<Result<[UInt8]?, HTTPFailure>, Never>)
    }
    let way: Way = state.withLock { state in
      if let waiter = state.chunkWaiter {
        state.chunkWaiter = nil
        return .handed(waiter)
      }
      guard state.unreadBytes < Self.unreadBytesMax else {
        state.isPaused = true
        return .refused
      }
      state.unread.append(Array(chunk))
      state.unreadBytes += chunk.count
      return .kept
    }
    switch way {
    case .kept: return true
    case .refused: return false
    case .handed(let waiter):
      waiter.resume(returning: .success(Array(chunk)))
      return true
    }
  }

  /// Ends the exchange; the first end counts.
  func finish(_ end: Result<Void, HTTPFailure>) {
    let (headWaiter, chunkWaiter) = state.withLock { state in
      if state.end == nil { state.end = end }
      defer {
        state.headWaiter = nil
        state.chunkWaiter = nil
      }
      return (state.headWaiter, state.chunkWaiter)
    }
    headWaiter?.resume(returning: Self.headless(end))
    chunkWaiter?.resume(returning: end.map { nil })
  }

  // MARK: For the task

  func head() async -> Result<HTTPHead, HTTPFailure> {
    await withCheckedContinuation { continuation in
      let answer: Result<HTTPHead, HTTPFailure>? = state.withLock { state in
        if let head = state.head { return .success(head) }
        if let end = state.end { return Self.headless(end) }
        state.headWaiter = continuation
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// Returns the next bytes, or nil at the end of a whole body.
  func nextChunk(resuming loop: TransferLoop) async -> Result<[UInt8]?, HTTPFailure> {
    await withCheckedContinuation { continuation in
      let (answer, isResumed): (Result<[UInt8]?, HTTPFailure>?, Bool) = state.withLock { state in
        if !state.unread.isEmpty {
          let chunk = state.unread.removeFirst()
          state.unreadBytes -= chunk.count
          let isResumed = state.isPaused && state.unreadBytes < Self.unreadBytesMax / 2
          if isResumed { state.isPaused = false }
          return (.success(chunk), isResumed)
        }
        if let end = state.end { return (end.map { nil }, false) }
        precondition(state.chunkWaiter == nil, "two readers wait for one body")
        state.chunkWaiter = continuation
        defer { state.isPaused = false }
        return (nil, state.isPaused)
      }
      if isResumed { loop.resume(self) }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// How an exchange ended that never had a head.
  private static func headless(_ end: Result<Void, HTTPFailure>) -> Result<HTTPHead, HTTPFailure> {
    switch end {
    case .success:
      .failure(.malformedAnswer(host: "the server", reason: "it ended without a header"))
    case .failure(let failure): .failure(failure)
    }
  }
}
