package import Essentials
package import Storage

/// The gauges of the runs that somebody watches, kept up to date from the journal.
///
/// A run is folded from its first event when it is asked for the first time, by the journal's index
/// of runs; afterwards asking costs the events that came since. The board keeps ``runsMax`` runs; the
/// one that was asked for longest ago goes, and is folded anew when it is wanted again.
package struct GaugeBoard: Sendable {
  private struct Seat: Sendable {
    var gauges: RunGauges
    var askedAt: Int
  }

  /// How many runs are kept.
  package static let runsMax = 32

  package let configuration: BudgetConfiguration
  private var seats: [String: Seat] = [:]
  private var questions = 0

  package init(configuration: BudgetConfiguration) {
    self.configuration = configuration
  }

  /// The gauges of a run, with everything that the journal holds of it; empty ones for a run of
  /// which it holds nothing. Events of the run that were archived are not seen.
  package mutating func gauges(
    of run: String, in journal: Journal
  ) throws(JournalFailure) -> RunGauges {
    var gauges = seats[run]?.gauges ?? RunGauges(run: run, configuration: configuration)
    var cursor = try JournalCursor(
      journal, after: gauges.lastSeq, filter: JournalFilter(run: run))
    while let events = try cursor.next() {
      for event in events { gauges.take(event) }
    }
    questions += 1
    seats[run] = Seat(gauges: gauges, askedAt: questions)
    if seats.count > Self.runsMax,
      let oldest = seats.min(by: { $0.value.askedAt < $1.value.askedAt })?.key
    {
      seats[oldest] = nil
    }
    return gauges
  }

  /// Takes in an event that was just recorded, for whoever is told of all of them in order. It makes
  /// a difference only to the gauges of its run, and only where that run is watched.
  package mutating func take(_ event: JournalEvent) {
    seats[event.run]?.gauges.take(event)
  }

  /// How many runs are watched at present.
  package var watchedCount: Int { seats.count }

  /// What all runs have used, for the gauges of the day and the week; nil where the journal keeps no
  /// budget.
  package static func desk(
    in journal: Journal, at now: Timestamp
  ) throws(JournalFailure) -> DeskUse? {
    try journal.read { store throws(JournalFailure) in try DeskUse(at: now, in: store) }
  }
}
