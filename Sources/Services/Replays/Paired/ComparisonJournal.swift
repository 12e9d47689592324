import Backtesting
package import Essentials
package import Storage

/// A comparison of replays as the journal tells it.
///
/// ```
/// run.started ──┬── replay.completed  for the base and each variant: that they were tried on these data
///               └── run.summary       the report
/// ```
/// What each of them ordered is not written down: a replay of its settings tells it again.
package struct ComparisonJournal {
  private let recorder: RunRecorder

  /// Begins a run.
  ///
  /// - Parameters:
  ///   - run: a name that no other run has.
  ///   - opening: what is compared, and how.
  package init(run: String, in journal: Journal, opening: JSONValue, at now: Timestamp) throws {
    recorder = try RunRecorder(run: run, journal: journal)
    try recorder.record(JournalDraft("run.started", at: now, run: run, payload: opening))
  }

  /// The name of the run.
  package var run: String { recorder.run }

  /// Ends the run with its report, all in one commit.
  package func finish(_ report: VariantReport, at now: Timestamp) throws {
    let tried =
      [(report.terms.settings, report.base)] + report.rows.map { ($0.settings, $0.track) }
    try recorder.record(
      tried.map { settings, track in
        ReplayJournal.trial(
          of: settings, report.terms, through: report.terms.to,
          [
            .init("net", .number(track.total.profit)),
            .init("order_hash", .string(track.orderHash.hexadecimal)),
          ], run: run, at: now)
      } + [JournalDraft("run.summary", at: now, run: run, payload: report.json)])
  }
}
