import Foundation

/// A few threads that do what may wait for a disk, apart from the thread that moves bytes and from
/// the tasks of the program.
///
/// The queue has a bound; what does not fit is refused at once.
final class WorkerPool: @unchecked Sendable {
  private let waitingMax: Int
  private let condition = NSCondition()
  // These two are touched only while the condition is locked.
  private var waiting: [@Sendable () -> Void] = []
  private var isStopped = false

  init(waitingMax: Int) {
    self.waitingMax = waitingMax
  }

  /// Starts the threads; false where none could be started.
  func start(threads: Int) -> Bool {
    var started = 0
    for _ in 0..<max(1, threads) where startDetachedThread({ [self] in run() }) { started += 1 }
    return started > 0
  }

  /// How many wait for a thread.
  var waitingCount: Int { condition.withLock { waiting.count } }

  /// Puts work behind what waits; false where there is no room, or the pool was stopped.
  func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
    condition.withLock {
      guard !isStopped, waiting.count < waitingMax else { return false }
      waiting.append(work)
      condition.signal()
      return true
    }
  }

  /// Drops what waits and lets every thread end after what it is doing.
  func stop() {
    condition.withLock {
      isStopped = true
      waiting = []
      condition.broadcast()
    }
  }

  private func run() {
    while let work = take() { work() }
  }

  private func take() -> (@Sendable () -> Void)? {
    condition.withLock {
      while waiting.isEmpty, !isStopped { condition.wait() }
      return isStopped ? nil : waiting.removeFirst()
    }
  }
}
