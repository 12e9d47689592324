import Services
import Testing

@Suite("The text of metrics")
struct MetricsTextTests {
  @Test("counters, gauges and histograms are written as the format has them")
  func format() {
    let metrics = [
      Metric(
        "athanor_requests_total", "Requests by route.", .counter,
        [
          Metric.Sample(
            [Metric.Label("route", "/api/runs"), Metric.Label("status", "2xx")], .number(12)),
          Metric.Sample([Metric.Label("route", "/"), Metric.Label("status", "5xx")], .number(0)),
        ]),
      Metric("athanor_load", "Load.", .gauge, 0.25),
      Metric(
        "athanor_latency_seconds", "Latency.", .histogram,
        [
          Metric.Sample(
            [Metric.Label("route", "/x")],
            .histogram(
              Metric.Histogram(
                buckets: [.init(bound: 0.005, count: 3), .init(bound: 1, count: 9)], sum: 2.5,
                count: 10)))
        ]),
    ]
    #expect(
      MetricsText.text(metrics) == """
        # HELP athanor_requests_total Requests by route.
        # TYPE athanor_requests_total counter
        athanor_requests_total{route="/api/runs",status="2xx"} 12
        athanor_requests_total{route="/",status="5xx"} 0
        # HELP athanor_load Load.
        # TYPE athanor_load gauge
        athanor_load 0.25
        # HELP athanor_latency_seconds Latency.
        # TYPE athanor_latency_seconds histogram
        athanor_latency_seconds_bucket{route="/x",le="0.005"} 3
        athanor_latency_seconds_bucket{route="/x",le="1"} 9
        athanor_latency_seconds_bucket{route="/x",le="+Inf"} 10
        athanor_latency_seconds_sum{route="/x"} 2.5
        athanor_latency_seconds_count{route="/x"} 10

        """)
  }

  @Test("texts are escaped, and what is no number is written as Go reads it")
  func escaping() {
    let metric = Metric(
      "m", "A \\ and\na line.", .gauge,
      [
        Metric.Sample([Metric.Label("l", "a\"b\\c\nd 가")], .number(.nan)),
        Metric.Sample([], .number(.infinity)), Metric.Sample([], .number(-.infinity)),
        Metric.Sample([], .number(1e21)), Metric.Sample([], .number(-0.5)),
      ])
    #expect(
      MetricsText.text([metric]) == """
        # HELP m A \\\\ and\\na line.
        # TYPE m gauge
        m{l="a\\"b\\\\c\\nd 가"} NaN
        m +Inf
        m -Inf
        m 1e+21
        m -0.5

        """)
  }

  @Test("series of one name stand together under its first description")
  func together() {
    let text = MetricsText.text([
      Metric("a", "First.", .gauge, 1), Metric("b", "Other.", .gauge, 2),
      Metric("a", "Second.", .gauge, 3),
    ])
    #expect(
      text == "# HELP a First.\n# TYPE a gauge\na 1\na 3\n# HELP b Other.\n# TYPE b gauge\nb 2\n")
  }

  @Test("a name that is none is left out, so that the rest can be read")
  func names() {
    let text = MetricsText.text([
      Metric("1st", "No name.", .gauge, 1), Metric("", "No name.", .gauge, 1),
      Metric("a b", "No name.", .gauge, 1), Metric("ns:ok_1", "A name.", .gauge, 1),
      Metric("l", "Labels.", .gauge, [Metric.Sample([Metric.Label("x:y", "z")], .number(1))]),
    ])
    #expect(
      text == "# HELP ns:ok_1 A name.\n# TYPE ns:ok_1 gauge\nns:ok_1 1\n"
        + "# HELP l Labels.\n# TYPE l gauge\nl 1\n")
  }

  @Test("a histogram that names its last bucket does not get another")
  func infiniteBucket() {
    let histogram = Metric.Histogram(
      buckets: [.init(bound: .infinity, count: 2)], sum: 1, count: 2)
    let text = MetricsText.text([
      Metric("h", "H.", .histogram, [Metric.Sample([], .histogram(histogram))])
    ])
    #expect(text.split(separator: "\n").count { $0.hasPrefix("h_bucket") } == 1)
  }
}
