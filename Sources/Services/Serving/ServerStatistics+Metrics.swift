package import Networking

extension ServerStatistics {
  /// The statistics as the page of measures shows them.
  var metrics: [Metric] {
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
      .counter(
        "athanor_http_connections_total", "Connections that were accepted.", connectionsTotal),
      .gauge("athanor_http_connections", "Connections that are open.", connectionsOpen),
      .counter("athanor_http_sockets_total", "WebSockets that were opened.", socketsTotal),
      .gauge("athanor_http_sockets", "WebSockets that are open.", socketsOpen),
      .counter(
        "athanor_http_frames_sent_total", "Messages that were sent on WebSockets.", framesSent),
      .counter(
        "athanor_http_messages_received_total", "Messages that came on WebSockets.",
        messagesReceived),
      .counter("athanor_http_sent_bytes_total", "Bytes that were sent.", bytesSent),
      .counter("athanor_http_received_bytes_total", "Bytes that came.", bytesReceived),
      .gauge(
        "athanor_http_backlog_bytes", "Bytes that wait in the queues of WebSockets.", backlogBytes),
      .gauge("athanor_http_requests_waiting", "Requests that wait for a thread.", requestsWaiting),
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
