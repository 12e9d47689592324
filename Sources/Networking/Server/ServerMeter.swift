import Synchronization

/// Counts what a server does; written by the thread that moves bytes, read by any.
final class ServerMeter: Sendable {
  private struct State {
    var statistics = ServerStatistics()
    var lines: [Int: SocketLine] = [:]
  }

  private let state = Mutex(State())

  init(router: Router, folders: [StaticFiles]) {
    state.withLock { state in
      state.statistics.routes =
        router.routes.map { .init(method: $0.method, pattern: $0.pattern.text) }
        + router.sockets.map { .init(method: .get, pattern: $0.pattern.text) }
        + folders.map { .init(method: .get, pattern: $0.prefix + "/*") }
        + [.init(method: .get, pattern: "none")]
    }
  }

  /// The state at this moment.
  func snapshot(waiting: Int) -> ServerStatistics {
    state.withLock { state in
      var statistics = state.statistics
      statistics.backlogBytes = state.lines.values.reduce(0) { $0 + $1.backlog }
      statistics.requestsWaiting = waiting
      return statistics
    }
  }

  func note(_ change: (inout ServerStatistics) -> Void) {
    state.withLock { change(&$0.statistics) }
  }

  func refused(_ cause: ServerStatistics.Cause) {
    note { $0.refused[cause, default: 0] += 1 }
  }

  func opened(_ line: SocketLine, of connection: Int) {
    state.withLock { state in
      state.lines[connection] = line
      state.statistics.socketsOpen += 1
      state.statistics.socketsTotal += 1
    }
  }

  func closedLine(of connection: Int) {
    state.withLock { state in
      guard state.lines.removeValue(forKey: connection) != nil else { return }
      state.statistics.socketsOpen -= 1
    }
  }
}
