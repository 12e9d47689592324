import Foundation

extension Surroundings {
  /// Does work that waits for others, and holds this thread until it has ended.
  ///
  /// Commands run from their first line to their last on one thread; this is where one of them meets
  /// the tasks of the network.
  func wait<Value: Sendable>(
    for work: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let delivery = Delivery<Value>()
    Task.detached {
      do {
        delivery.put(.success(try await work()))
      } catch {
        delivery.put(.failure(error))
      }
    }
    return try delivery.take().get()
  }

  /// Waits for about so long without holding a thread that tasks share.
  func rest(_ duration: Duration) async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [pause] in
        pause(duration)
        continuation.resume()
      }
    }
  }
}

/// A value that one thread waits for and another brings.
private final class Delivery<Value: Sendable>: @unchecked Sendable {
  // Sendable: `content` is read and written only while `condition` is held.
  private let condition = NSCondition()
  private var content: Result<Value, any Error>?

  func put(_ content: Result<Value, any Error>) {
    condition.lock()
    self.content = content
    condition.signal()
    condition.unlock()
  }

  func take() -> Result<Value, any Error> {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let content { return content }
      condition.wait()
    }
  }
}
