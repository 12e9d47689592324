import Dispatch
import Synchronization

/// Runs asynchronous work to its end while the calling thread waits.
///
/// For the thread that a program began on; on a thread of the concurrency pool it could wait for
/// itself.
package func waiting<Value: Sendable>(
  for work: @escaping @Sendable () async throws -> Value
) throws -> Value {
  let done = DispatchSemaphore(value: 0)
  let outcome = Outcome<Value>()
  Task {
    do {
      outcome.result.withLock { [value = try await work()] in $0 = .success(value) }
    } catch {
      outcome.result.withLock { $0 = .failure(error) }
    }
    done.signal()
  }
  done.wait()
  guard let result = outcome.result.withLock({ $0 }) else {
    preconditionFailure("the work ended without a result")
  }
  return try result.get()
}

private final class Outcome<Value: Sendable>: Sendable {
  let result = Mutex<Result<Value, any Error>?>(nil)
}
