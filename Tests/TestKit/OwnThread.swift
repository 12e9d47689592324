import Dispatch
package import Testing

/// A trait of suites and tests that wait without giving their thread up: for a program to end, for an
/// answer from a socket, for a moment to pass.
///
/// All asynchronous tests of a run share one pool with as many threads as the machine has cores. A test
/// that blocks one of them for seconds takes it from all others, and two such tests stop every one of
/// them, until their time limits end them. With this trait each test, and each case of a test with
/// arguments, has a thread of its own, and the pool stays free.
///
/// It also serves a test that has a time limit and awaits much: on its own thread it does not queue
/// behind what others compute.
package struct OwnThread: TestTrait, SuiteTrait, TestScoping {
  package var isRecursive: Bool { true }

  package func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @Sendable () async throws -> Void
  ) async throws {
    try await onOwnThread { try await function() }
  }
}

extension Trait where Self == OwnThread {
  /// The test blocks the thread that it runs on, so it gets one of its own.
  package static var ownThread: Self { Self() }
}

/// Does something that blocks its thread on one that nobody else uses.
///
/// What it awaits elsewhere comes back to that thread. Child tasks share it, so one that blocks until
/// another went on needs a thread of its own again.
package func onOwnThread<Result: Sendable>(
  _ body: @Sendable () async throws -> Result
) async rethrows -> Result {
  try await withTaskExecutorPreference(SingleThread(), operation: body)
}

/// A serial queue, for which the system has a thread whenever it has work, however many others block.
private final class SingleThread: TaskExecutor {
  private let queue = DispatchQueue(label: "own thread of a test")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
