import Essentials
import Synchronization

/// A job that has a thread: what is wanted of it, and how far it is.
final class ActiveJob: Sendable {
  /// Why a job is to end before its time.
  enum Wish: Hashable, Sendable {
    case cancel(by: String)
    case timeOut
    case interrupt
  }

  private struct Standing: Sendable {
    var wish: Wish?
    var progress: JobProgress?
    var output = ""
  }

  let job: ControlJob
  private let standing = Mutex(Standing())

  init(_ job: ControlJob) { self.job = job }

  /// What is wanted; the first wish stands.
  var wish: Wish? { standing.withLock { $0.wish } }
  var progress: JobProgress? { standing.withLock { $0.progress } }
  /// The last that the programs of the job wrote, with secrets masked.
  var output: String { standing.withLock { $0.output } }

  func want(_ wish: Wish) {
    standing.withLock { $0.wish = $0.wish ?? wish }
  }

  func tell(_ progress: JobProgress) {
    standing.withLock { $0.progress = progress }
  }

  func show(_ output: String) {
    standing.withLock { $0.output = output }
  }
}
