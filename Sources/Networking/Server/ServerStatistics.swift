/// What a server has done since it started, for the page of measures.
package struct ServerStatistics: Hashable, Sendable {
  /// The answers of one route.
  package struct RouteTally: Hashable, Sendable {
    package let method: HTTPMethod
    package let pattern: String
    /// The number of answers by class of status: 1xx at 0 to 5xx at 4.
    package internal(set) var answers = [Int](repeating: 0, count: 5)
    /// The number of answers that took at most the bound at the same place of ``latencyBounds``; the
    /// last counts those that took longer. Not cumulative.
    package internal(set) var latencies = [Int](
      repeating: 0, count: ServerStatistics.latencyBounds.count + 1)
    package internal(set) var latencySum = Duration.zero

    init(method: HTTPMethod, pattern: String) {
      self.method = method
      self.pattern = pattern
    }

    mutating func note(status: Int, latency: Duration) {
      answers[min(max(status / 100 - 1, 0), 4)] += 1
      latencies[
        ServerStatistics.latencyBounds.firstIndex { latency <= $0 }
          ?? ServerStatistics.latencyBounds.count] += 1
      latencySum += latency
    }
  }

  /// Why something was refused or ended by the server.
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    case malformed
    case tooLarge = "too_large"
    case tooSlow = "too_slow"
    case busy
    case badSocket = "bad_socket"
    case flood
    case deadSocket = "dead_socket"
    case stalled
    /// The client left before its answer.
    case abandoned
  }

  package internal(set) var connectionsOpen = 0
  package internal(set) var connectionsTotal = 0
  package internal(set) var socketsOpen = 0
  package internal(set) var socketsTotal = 0
  package internal(set) var framesSent = 0
  package internal(set) var messagesReceived = 0
  package internal(set) var bytesSent = 0
  package internal(set) var bytesReceived = 0
  /// The bytes that wait in the queues of all sockets at the moment of the snapshot.
  package internal(set) var backlogBytes = 0
  /// The requests that wait for a worker at the moment of the snapshot.
  package internal(set) var requestsWaiting = 0
  /// By route, in the order of the router, then sockets, folders and what fits nowhere. The pattern
  /// of the last is `none`.
  package internal(set) var routes: [RouteTally] = []
  package internal(set) var refused: [Cause: Int] = [:]

  /// The upper bounds of the classes of latency.
  package static let latencyBounds: [Duration] = [
    .microseconds(500), .milliseconds(1), .microseconds(2500), .milliseconds(5),
    .milliseconds(10), .milliseconds(25), .milliseconds(50), .milliseconds(100),
    .milliseconds(250), .milliseconds(500), .seconds(1), .microseconds(2_500_000),
  ]
}
