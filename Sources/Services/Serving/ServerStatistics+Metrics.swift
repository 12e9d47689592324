package import Networking

extension ServerStatistics {
  /// The statistics as the page of measures shows them.
  var metrics: [Metric] {
    func counter(_ name: String, _ help: String, _ value: Int) -> Metric {
      Metric("athanor_http_\(name)_total", help, .counter, Double(value))
    }
    func gauge(_ name: String, _ help: String, _ value: Int) -> Metric {
      Metric("athanor_http_\(name)", help, .gauge, Double(value))
    }
    let labels = routes.map {
      [Metric.Label("method", $0.method.rawValue), Metric.Label("route", $0.pattern)]
    }
    return [
      Metric(
        "athanor_http_requests_total", "Requests that were answered.", .counter,
        zip(routes, labels).flatMap { route, labels in
          route.answers.enumerated().filter { $0.element > 0 }.map { place, count in
            Metric.Sample(
              labels + [Metric.Label("status", "\(place + 1)xx")], .number(Double(count)))
          }
        }),
      Metric(
        "athanor_http_request_seconds", "Time from the end of a request to its answer.",
        .histogram, zip(routes, labels).map { Metric.Sample($1, .histogram($0.histogram)) }),
      counter("connections", "Connections that were accepted.", connectionsTotal),
      gauge("connections", "Connections that are open.", connectionsOpen),
      counter("sockets", "WebSockets that were opened.", socketsTotal),
      gauge("sockets", "WebSockets that are open.", socketsOpen),
      counter("frames_sent", "Messages that were sent on WebSockets.", framesSent),
      counter("messages_received", "Messages that came on WebSockets.", messagesReceived),
      counter("sent_bytes", "Bytes that were sent.", bytesSent),
      counter("received_bytes", "Bytes that came.", bytesReceived),
      gauge("backlog_bytes", "Bytes that wait in the queues of WebSockets.", backlogBytes),
      gauge("requests_waiting", "Requests that wait for a thread.", requestsWaiting),
      Metric(
        "athanor_http_refused_total", "Connections and requests that were cut off.", .counter,
        Cause.allCases.map {
          Metric.Sample(
            [Metric.Label("cause", $0.rawValue)], .number(Double(refused[$0] ?? 0)))
        }),
    ]
  }

  /// The number of requests that were answered.
  package var requestsTotal: Int {
    routes.reduce(0) { $0 + $1.answers.reduce(0, +) }
  }
}

extension ServerStatistics.RouteTally {
  fileprivate var histogram: Metric.Histogram {
    var sum = 0
    let buckets = zip(ServerStatistics.latencyBounds, latencies).map { bound, count in
      sum += count
      return Metric.Bucket(bound: bound / .seconds(1), count: sum)
    }
    return Metric.Histogram(
      buckets: buckets, sum: latencySum / .seconds(1), count: latencies.reduce(0, +))
  }
}
