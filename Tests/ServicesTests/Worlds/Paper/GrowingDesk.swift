import Essentials
import Execution
import Foundation
import Markets
import Storage
import Synchronization
import TestKit
import Worlds

@testable import Services

/// A desk whose panel grows: each ``process()`` is what a program makes of the journal that it finds.
final class GrowingDesk {
  static let panel = RandomPanels.make(
    RandomPanels.Shape(rows: 60, columns: 5, missing: 0.02), seed: 31)

  static func end(_ row: Int) -> Timestamp { panel.axis.end(ofRow: row) }

  /// Everybody who has a week of history goes on paper, and with money where the policy allows it.
  static func policy(
    live: Bool = false, _ change: (inout WorldPolicy) -> Void = { _ in }
  ) -> WorldPolicy {
    WorldDeskBench.policy { policy in
      policy.allowsLive = live
      policy.selection.gates = .expression(
        .binary(.greaterOrEqual, .metric(MetricName(base: "sample_days")), .number(5)))
      policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
      policy.currency.historyMin = .days(5)
      policy.selection.hysteresis.cooldown = .days(1)
      policy.cutover.monitorTicks = 1
      change(&policy)
    }
  }

  let folder: ScratchFolder
  let path: String
  private let clock = ReplayClock(WorldDeskBench.start)
  /// Rows of the panel that have come.
  private let rows = SharedValue(0)

  init(_ policy: WorldPolicy, began: Int = 8) throws {
    folder = try ScratchFolder()
    path = folder.url.path + "/journal.sqlite"
    clock.set(Self.end(began) - .hours(1))
    rows.change { $0 = began + 1 }
    let process = try process()
    _ = try process.desk.publish(policy, reason: "", by: WorldDeskBench.owner)
    for (id, side, formula) in [
      ("l1", TradingSide.long, "rank(-returns)"), ("l2", .long, "rank(volume)"),
      ("s1", .short, "rank(-returns)"),
    ] {
      _ = try process.desk.submit(
        InstanceSubmission(
          id: id, strategy: id, side: side, formula: formula,
          settings: ["neutralization": "MARKET", "costRate": "0.0005"], panel: ["name": "random"]),
        in: "w", by: WorldDeskBench.owner)
    }
  }

  /// A desk whose journal holds the first events of another.
  init(_ events: some Sequence<JournalEvent>) throws {
    folder = try ScratchFolder()
    path = folder.url.path + "/journal.sqlite"
    let journal = try Self.open(path)
    _ = try journal.append(
      events.map { event in
        JournalDraft(
          event.kind, at: event.at, run: event.run, world: event.world, subject: event.subject,
          payload: event.payload ?? .null)
      })
  }

  static func open(_ path: String) throws -> Journal {
    try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "worlds", at: end(0)), patienceMilliseconds: 5_000),
      models: [WorldBook()])
  }

  /// What one program has of the world.
  struct Process: Sendable {
    let journal: Journal
    let desk: WorldDesk
    let trading: RehearsedTrading
    let clock: ReplayClock

    func evaluate(row: Int) throws -> WorldDesk.EvaluationReceipt {
      try desk.evaluate("w", at: GrowingDesk.end(row), by: .desk, trading: trading)
    }

    func advance(row: Int) throws -> PaperProgress {
      try trading.trade(in: "w", at: desk, for: { .advance(through: GrowingDesk.end(row)) }, { $0 })
    }

    var events: [JournalEvent] {
      get throws { try journal.events(limit: 100_000, filter: JournalFilter(run: "world:w")) }
    }
  }

  func process(holder: String = "test") throws -> Process {
    let clock = clock
    let journal = try Self.open(path)
    let rows = rows
    let evidence = PanelEvidence(
      current: { _ in Self.panel.prefix(rows.value).fingerprint },
      opening: { _ in Self.panel.prefix(rows.value) })
    let trading = RehearsedTrading(
      feed: RehearsedTrading.Feed(evidence), holder: holder, now: { clock.now })
    let desk = WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { clock.now }, evidence: evidence, account: trading,
        cutover: trading))
    return Process(journal: journal, desk: desk, trading: trading, clock: clock)
  }

  /// Does something in a process of its own, which ends with it.
  func once<Result>(_ body: (Process) throws -> Result) throws -> Result {
    let process = try process()
    defer { process.trading.rest() }
    return try body(process)
  }

  /// Data up to a row has come, and it is the instant at which that row is complete.
  func grow(to row: Int) {
    rows.change { $0 = row + 1 }
    clock.set(Self.end(row))
  }

  /// What the accounts of a world are made of, by the journal alone.
  static func ledger(_ journal: Journal) throws -> [String] {
    try journal.events(limit: 100_000, filter: JournalFilter(run: "world:w"))
      .filter { $0.kind == "paper.filled" || $0.kind == "paper.marked" }
      .map { "\($0.at) \($0.kind) \($0.payloadText)" }
  }

  /// Where commits of a record end: an event that follows from none begins another.
  static func commits(_ events: [JournalEvent]) -> [Int] {
    events.indices.filter { $0 > 0 && events[$0].cause == nil } + [events.count]
  }
}
