package import Essentials
package import Research
package import Storage

/// The gauges of a run with the text of their series, which is rendered once after each event and
/// not for every question.
package struct LiveGauges: RunFold {
  package private(set) var gauges: RunGauges
  /// The compact text of the reactor's series, nil where events came since it was rendered.
  private var series: String?

  package init(run: String, configuration: BudgetConfiguration) {
    gauges = RunGauges(run: run, configuration: configuration)
  }

  package var lastSeq: Int64 { gauges.lastSeq }

  /// Takes in the next event of the run, and forgets the text of the series.
  package mutating func take(_ event: JournalEvent) {
    gauges.take(event)
    series = nil
  }

  /// The compact text of what the reactor shows at an instant, the same as that of
  /// ``RunGauges/reactorStatus(at:desk:)``. Cost: a tenth of a millisecond or so while no event
  /// comes, otherwise the rendering of the series, however long the run is.
  package mutating func reactorText(at now: Timestamp, desk: DeskUse?) -> String {
    let series = self.series ?? gauges.reactorSeries.compactText
    self.series = series
    let name = JSONValue.string(gauges.run).compactText
    let asOf = (gauges.asOf ?? now).wireText
    let readings = JSONValue.object(gauges.reactorReadings(at: now, desk: desk)).compactText
    return "{\"run_id\":\(name),\"as_of\":\"\(asOf)\",\"series\":\(series),\(readings.dropFirst())"
  }
}
