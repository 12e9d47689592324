import Essentials
import Networking
import Research
import Storage

/// The gauges that subscribers watch, rendered once for all of them.
struct StreamGauges: Sendable {
  /// What there is to be sent of a run.
  enum Snapshot: Hashable, Sendable {
    case text(SharedText)
    /// Nothing: no run is named, and there is none of research.
    case none
    /// The run is long and is still being read; it is to be asked for again at that time.
    case later(Duration)
  }

  private struct Rendering: Sendable {
    let elapsed: Duration
    let snapshot: Snapshot
  }

  private let journal: Journal
  private let runs: FollowedRuns<LiveGauges>
  /// Runs of research that are known, and the one of them that recorded something last.
  private var researchRuns: Set<String> = []
  private var latest: String?
  private var rendered: [String: Rendering] = [:]

  /// A rendering serves everybody who wants one within so long: the shortest interval.
  private static let age = Duration.milliseconds(100)
  /// Between two readings of a long run, in which events are sent.
  private static let breath = Duration.milliseconds(10)
  /// The events that are folded before the events of others go on.
  private static let eventsMax = 2048
  /// The runs whose gauges are kept.
  private static let watchedMax = 32
  /// More runs than this are forgotten until they record something again.
  private static let runsMax = 4096
  /// How many runs are looked through for the latest of research.
  private static let lookback = 100

  init(
    journal: Journal, configuration: BudgetConfiguration, eventsMax: Int = StreamGauges.eventsMax
  ) {
    self.journal = journal
    runs = FollowedRuns(journal, runsMax: Self.watchedMax, eventsMax: eventsMax) {
      LiveGauges(run: $0, configuration: configuration)
    }
    findLatest()
  }

  /// Takes in an event that was read.
  mutating func take(_ event: JournalEvent) {
    guard !event.run.isEmpty else { return }
    if event.kind == ResearchEventKind.alphaStarted.rawValue {
      if researchRuns.count >= Self.runsMax { researchRuns = [] }
      researchRuns.insert(event.run)
    }
    if researchRuns.contains(event.run) { latest = event.run }
  }

  /// Looks the latest run up, for whoever was not told of all events.
  mutating func findLatest() {
    // A journal without the tables has no run to show until one begins.
    let runs = try? journal.read { tables throws(JournalFailure) in
      try RunIndex().latest(Self.lookback, in: tables)
    }
    let research = (runs ?? []).filter { run in
      run.kinds.contains { $0.kind == ResearchEventKind.alphaStarted.rawValue }
    }
    researchRuns.formUnion(research.map(\.run))
    latest = research.first?.run ?? latest
  }

  /// The gauges of a run as an envelope, of the latest research run where `run` is nil. `rendered`
  /// counts what was not taken from a rendering of the same moment.
  mutating func snapshot(
    of run: String?, at now: Timestamp, elapsed: Duration, rendered count: inout Int
  ) throws -> Snapshot {
    guard let run = run ?? latest else { return .none }
    if let recent = rendered[run] {
      switch recent.snapshot {
      case .later(let time): if elapsed < time { return recent.snapshot }
      default: if elapsed - recent.elapsed < Self.age { return recent.snapshot }
      }
    }
    rendered = rendered.filter { elapsed - $0.value.elapsed < Self.age }
    let snapshot = try render(run, at: now, elapsed: elapsed)
    if case .text = snapshot { count += 1 }
    rendered[run] = Rendering(elapsed: elapsed, snapshot: snapshot)
    return snapshot
  }

  private func render(_ run: String, at now: Timestamp, elapsed: Duration) throws -> Snapshot {
    let desk = try desk(at: now)
    do {
      let payload = try runs.with(run) { $0.reactorText(at: now, desk: desk) }
      // The payload is text already, so it takes the place of one in the text of its envelope.
      let envelope = EventEnvelope(reactorStatus: .null, run: run, at: now).json.compactText
      return .text(SharedText(envelope.dropLast("null}".count) + payload + "}"))
    } catch DeskRefusal.catchingUp {
      return .later(elapsed + Self.breath)
    }
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
