extension JobDesk {
  /// The jobs as the page of measures shows them.
  var metrics: [Metric] {
    let counts = counts
    return [
      Metric(
        "athanor_jobs", "Jobs by state, of those that are remembered.", .gauge,
        JobState.allCases.map {
          Metric.Sample(
            [Metric.Label("state", $0.rawValue)], .number(Double(counts[$0] ?? 0)))
        })
    ]
  }
}
