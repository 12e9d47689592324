import Networking
import Synchronization

/// What a server that answers for its own measures has done so far.
///
/// The routes are made before the server that serves them, so it is named later.
final class ServedMetrics: Sendable {
  private struct Weak: Sendable {
    weak var server: HTTPServer?
  }

  private let server = Mutex(Weak())

  func measure(_ server: HTTPServer) {
    self.server.withLock { $0.server = server }
  }

  var metrics: [Metric] { server.withLock { $0.server }?.statistics.metrics ?? [] }
}
