import Essentials
import Networking
import Research
import Storage

/// The gauges that subscribers watch, rendered once for all of them.
struct StreamGauges: Sendable {
  private let journal: Journal
  private var board: GaugeBoard
  /// Runs of research that are known, and the one of them that recorded something last.
  private var researchRuns: Set<String> = []
  private var latest: String?
  private var rendered: [String: Rendering] = [:]

  private struct Rendering: Sendable {
    let elapsed: Duration
    let text: SharedText
  }

  /// A rendering serves everybody who wants one within so long: the shortest interval.
  private static let age = Duration.milliseconds(100)
  /// More runs than this are forgotten until they record something again.
  private static let runsMax = 4096
  /// How many runs are looked through for the latest of research.
  private static let lookback = 100

  init(journal: Journal, configuration: BudgetConfiguration) {
    self.journal = journal
    board = GaugeBoard(configuration: configuration)
    // A journal without the tables has no run to show until one begins.
    let runs = try? journal.read { tables throws(JournalFailure) in
      try RunIndex().latest(Self.lookback, in: tables)
    }
    let research = (runs ?? []).filter { run in
      run.kinds.contains { $0.kind == ResearchEventKind.alphaStarted.rawValue }
    }
    researchRuns = Set(research.map(\.run))
    latest = research.first?.run
  }

  /// Takes in an event that was read.
  mutating func take(_ event: JournalEvent) {
    board.take(event)
    guard !event.run.isEmpty else { return }
    if event.kind == ResearchEventKind.alphaStarted.rawValue {
      if researchRuns.count >= Self.runsMax { researchRuns = [] }
      researchRuns.insert(event.run)
    }
    if researchRuns.contains(event.run) { latest = event.run }
  }

  /// The gauges of a run as an envelope, of the latest research run where `run` is nil; nil where
  /// there is none. `rendered` counts what was not taken from a rendering of the same moment.
  mutating func snapshot(
    of run: String?, at now: Timestamp, elapsed: Duration, rendered count: inout Int
  ) throws(JournalFailure) -> SharedText? {
    guard let run = run ?? latest else { return nil }
    if let recent = rendered[run], elapsed - recent.elapsed < Self.age { return recent.text }
    rendered = rendered.filter { elapsed - $0.value.elapsed < Self.age }
    let gauges = try board.gauges(of: run, in: journal)
    let desk = try desk(at: now)
    let envelope = EventEnvelope(
      reactorStatus: gauges.reactorStatus(at: now, desk: desk), run: run, at: now)
    let text = SharedText(envelope.json.compactText)
    rendered[run] = Rendering(elapsed: elapsed, text: text)
    count += 1
    return text
  }

  /// What the desk has used; nil also where the journal was made without the tables.
  private func desk(at now: Timestamp) throws(JournalFailure) -> DeskUse? {
    do throws(JournalFailure) {
      return try GaugeBoard.desk(in: journal, at: now)
    } catch .olderTables {
      return nil
    }
  }
}
