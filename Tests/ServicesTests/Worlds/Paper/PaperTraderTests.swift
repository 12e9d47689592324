import Essentials
import Execution
import Foundation
import Markets
import Storage
import Synchronization
import Testing
import Worlds

@testable import Services

@Suite("Accounts that trade data as it comes")
struct PaperTraderTests {
  /// Evaluates at the given rows, each time in a new process that finds the panel grown so far.
  private static func live(_ desk: GrowingDesk, at rows: [Int]) throws {
    for row in rows {
      desk.grow(to: row)
      _ = try desk.once { try $0.evaluate(row: row) }
    }
  }

  private static func marks(_ process: GrowingDesk.Process) throws -> [PaperMark] {
    try process.events.compactMap { event in
      if case .paperMarked(let mark) = try WorldDesk.entry(event).event { mark } else { nil }
    }
  }

  private static func withoutPlanNames(_ text: String) -> String {
    text.replacing(/w\.[0-9]+\.[0-9a-f]{12}:/, with: "run:")
  }

  /// No row twice, none left out, and no fill twice.
  private static func isOnce(_ process: GrowingDesk.Process, through row: Int) throws -> Bool {
    let marks = try marks(process)
    let days = marks.filter(\.isOfWorld).map(\.day)
    let first = try #require(days.first)
    let expected = (0...row).map(GrowingDesk.end).filter { $0 >= first }
    let names = marks.map { "\($0.account) \($0.instance) \($0.day)" }
    let fills = try process.events.filter { $0.kind == "paper.filled" }.compactMap { event in
      event.payload.map {
        "\($0["account"] ?? "") \($0["order"] ?? "") \($0["seq"] ?? "")"
      }
    }
    return days == expected && Set(names).count == names.count && Set(fills).count == fills.count
  }

  @Test("a desk left running earns paper days, trades and a Sharpe ratio on its own")
  func accrues() throws {
    let desk = try GrowingDesk(
      GrowingDesk.policy {
        $0.selection.keep = .expression(
          .binary(
            .and, .binary(.greaterOrEqual, .metric(MetricName(base: "paper_days")), .number(0)),
            .binary(.lessOrEqual, .metric(MetricName(base: "paper_sharpe")), .number(1e9))))
      })
    try Self.live(desk, at: Array(8...40))
    let process = try desk.process()
    let state = try process.desk.state(of: "w")
    #expect(state.counts[.dryrun] == 3)
    for record in state.records {
      #expect(record.paper.count > 20)
      #expect(record.paper.contains { $0.trades > 0 })
      #expect(record.paper.allSatisfy { $0.dayReturn.isFinite && $0.dayReturn.magnitude < 0.5 })
      // Compounded returns and the account agree.
      let grown = record.paper.reduce(1e6) { $0 * (1 + $1.dayReturn) }
      #expect(abs(grown / (record.paper.last?.equity ?? 0) - 1) < 1e-9)
    }
    #expect(try Self.isOnce(process, through: 40))
    let decision = try process.desk.decision(of: "w")
    let names = ["paper_days", "paper_sharpe"]
    for name in names {
      let column = try #require(decision.snapshot.evidence.columns.first { $0.name.base == name })
      #expect(column.values.allSatisfy { $0.isFinite }, "\(name)")
    }
  }

  @Test("data that came in parts, met by a new process each time, trades as one replay does")
  func equality() throws {
    let every = 4
    for isLive in [false, true] {
      let policy = GrowingDesk.policy(live: isLive) {
        $0.evaluation.every = .days(Int64(every) * 1)
      }
      // Rows of this panel are not days of the calendar, so the replay says when it evaluates.
      let replayed = try GrowingDesk(policy)
      replayed.grow(to: 44)
      let whole = try replayed.process()
      let replay = WorldReplay(
        "w", through: ReplayPlan(from: GrowingDesk.end(8), to: GrowingDesk.end(44)),
        in: whole.journal
      ) { _ in GrowingDesk.panel.prefix(45) }
      let report = try replay.run()
      #expect(report.fills > 0)
      let evaluated = try whole.events.compactMap { event in
        if case .evaluated(let evaluation) = try WorldDesk.entry(event).event {
          evaluation
        } else {
          nil
        }
      }
      let rows = (8...44).filter { row in
        evaluated.contains { $0.at == GrowingDesk.end(row) }
      }
      #expect(rows.count < 20 && rows.count > 5)

      let grown = try GrowingDesk(policy)
      try Self.live(grown, at: rows)
      grown.grow(to: 44)
      _ = try grown.once { try $0.advance(row: 44) }
      let process = try grown.process()
      // A cutover is named after its plan, and a plan after the panel that it was made on, which
      // the replay knows whole and the desk grew into.
      let found = try GrowingDesk.ledger(process.journal).map(Self.withoutPlanNames)
      let wanted = try GrowingDesk.ledger(whole.journal).map(Self.withoutPlanNames)
      #expect(found == wanted)
      let plans = try process.events.compactMap { event in
        if case .evaluated(let evaluation) = try WorldDesk.entry(event).event {
          evaluation
        } else {
          nil
        }
      }
      // Snapshots name the panel as it was, and everything else is the same.
      #expect(plans.map(\.plan.rows) == evaluated.map(\.plan.rows))
      #expect(plans.map(\.plan.allocations) == evaluated.map(\.plan.allocations))
      #expect(plans.map(\.plan.steps) == evaluated.map(\.plan.steps))
      let (left, right) = (
        try process.desk.state(of: "w"), try whole.desk.state(of: "w")
      )
      #expect(left.records.map(\.phase) == right.records.map(\.phase))
      #expect(left.records.map(\.paper) == right.records.map(\.paper))
      #expect(left.counts[.live] != nil || !isLive)
      #expect(try Self.isOnce(process, through: 44))
    }
  }

  @Test("a desk that was away for days trades each of them once when it comes back")
  func catchingUp() throws {
    let daily = try GrowingDesk(GrowingDesk.policy())
    try Self.live(daily, at: Array(8...30))
    let away = try GrowingDesk(GrowingDesk.policy())
    try Self.live(away, at: Array(8...20))
    away.grow(to: 30)
    let receipt = try away.once { try $0.evaluate(row: 30) }
    #expect(receipt.traded.rows == 10)
    #expect(receipt.traded.from == GrowingDesk.end(21))
    #expect(receipt.traded.through == GrowingDesk.end(30))
    #expect(receipt.traded.paperFills > 0 && receipt.traded.liveFills == 0)
    #expect(receipt.traded.sentence.contains("10 rows"))
    // Nobody moved in between, so both worlds hold and earned the same, and judge the same.
    let found = try GrowingDesk.ledger(away.process().journal)
    let wanted = try GrowingDesk.ledger(daily.process().journal)
    #expect(found == wanted)
    let plan = try daily.process().desk.decision(of: "w").evaluation.plan
    #expect(receipt.plan.rows.map(\.score) == plan.rows.map(\.score))
    #expect(receipt.plan.rows.map(\.verdict) == plan.rows.map(\.verdict))
    #expect(receipt.plan.rows.map(\.action) == plan.rows.map(\.action))
  }

  /// Where the first and the last commit of each kind end, after the first so many events: what
  /// follows a commit depends on what it says, and not on how often that was said.
  private static func telling(_ events: [JournalEvent], after before: Int) -> [Int] {
    var first: [Set<String>: Int] = [:]
    var last: [Set<String>: Int] = [:]
    var start = before
    for end in GrowingDesk.commits(events) where end > before && end < events.count {
      let kinds = Set(
        events[start..<end].map { "\($0.kind) \($0.payload?["account"] ?? .null)" })
      first[kinds] = first[kinds] ?? end
      last[kinds] = end
      start = end
    }
    return Set(first.values).union(last.values).union([before]).sorted()
  }

  @Test(
    "a process that ends after any kind of its writes loses no row and repeats none",
    arguments: [false, true])
  func crashes(isLive: Bool) throws {
    let rows = [16, 17, 20]
    let policy = GrowingDesk.policy(live: isLive)
    let desk = try GrowingDesk(policy)
    try Self.live(desk, at: Array(8...14))
    let before = try desk.process().events.count
    try Self.live(desk, at: rows)
    desk.grow(to: 24)
    _ = try desk.once { try $0.advance(row: 24) }
    let whole = try desk.process()
    let events = try whole.events
    let ledger = try GrowingDesk.ledger(whole.journal)
    #expect(try Self.isOnce(whole, through: 24))
    let ends = Self.telling(events, after: before)
    #expect(ends.count >= 4, "\(ends)")
    for end in ends {
      let broken = try GrowingDesk(events.prefix(end))
      // It goes on as it would have: what was evaluated already is not evaluated again.
      let last = try broken.process().desk.state(of: "w").evaluation?.at
      try Self.live(broken, at: rows.filter { GrowingDesk.end($0) > last ?? GrowingDesk.end(0) })
      broken.grow(to: 24)
      _ = try broken.once { try $0.advance(row: 24) }
      let process = try broken.process()
      #expect(try Self.isOnce(process, through: 24), "killed after event \(end)")
      if !isLive {
        let found = try GrowingDesk.ledger(process.journal)
        #expect(found == ledger, "killed after event \(end)")
      }
      // Accounts that are made from the record again are those that made it.
      let equity = process.trading.portfolio(of: "w", asOf: GrowingDesk.end(24)).equity
      _ = try process.advance(row: 24)
      let marks = try Self.marks(process).filter(\.isOfWorld)
      let mark = try #require(marks.last)
      let again = process.trading.portfolio(of: "w", asOf: GrowingDesk.end(24)).equity
      #expect(equity.isNaN && abs(again - mark.equity) < 1e-6)
    }
  }

  @Test("of processes that trade at once each row is traded by one")
  func processes() throws {
    let desk = try GrowingDesk(GrowingDesk.policy())
    try Self.live(desk, at: Array(8...14))
    desk.grow(to: 30)
    let programs = try (0..<4).map { try desk.process(holder: "p\($0)") }
    let traded = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { number in
      guard let progress = try? programs[number % 4].advance(row: 16 + 2 * number) else { return }
      traded.withLock { $0.append(progress.rows) }
    }
    #expect(traded.withLock { $0.count } == 8)
    #expect(traded.withLock { $0.reduce(0, +) } == 16)
    let process = try desk.process()
    #expect(try Self.isOnce(process, through: 30))

    let once = try GrowingDesk(GrowingDesk.policy())
    try Self.live(once, at: Array(8...14))
    once.grow(to: 30)
    _ = try once.once { try $0.advance(row: 30) }
    let found = try GrowingDesk.ledger(process.journal)
    let wanted = try GrowingDesk.ledger(once.process().journal)
    #expect(found == wanted)
  }

  @Test("a world at which another process trades is left to it, and says so")
  func claimed() throws {
    let desk = try GrowingDesk(GrowingDesk.policy())
    try Self.live(desk, at: Array(8...14))
    desk.grow(to: 16)
    let process = try desk.process()
    let clock = process.clock
    let trading = RehearsedTrading(holder: "x", now: { clock.now })
    let impatient = WorldDesk(
      WorldDeskSetup(
        journal: process.journal, now: { clock.now }, evidence: NoEvidence(), account: trading,
        patienceMilliseconds: 0))
    do {
      let claim = try GrowingDesk.open(desk.path).claim(
        "world:w:trading", patienceMilliseconds: 0)
      let failure = #expect(throws: WorldDeskFailure.self) {
        try trading.trade(
          in: "w", at: impatient, for: { .advance(through: GrowingDesk.end(16)) }, { $0.rows })
      }
      #expect(failure?.explanation.contains("trading for the world w") == true)
      withExtendedLifetime(claim) {}
    }
    #expect(try process.advance(row: 16).rows == 2)
  }

  @Test("who may not evaluate trades nothing, and neither does an instant of the past")
  func refused() throws {
    let desk = try GrowingDesk(GrowingDesk.policy())
    try Self.live(desk, at: Array(8...14))
    desk.grow(to: 20)
    let process = try desk.process()
    let before = try process.events.filter { $0.kind == "paper.marked" }.count
    for (row, actor) in [(20, WorldDeskBench.reader), (12, .desk)] {
      #expect(throws: WorldDeskFailure.self) {
        try process.desk.evaluate(
          "w", at: GrowingDesk.end(row), by: actor, trading: process.trading)
      }
    }
    #expect(try process.events.filter { $0.kind == "paper.marked" }.count == before)
  }

  @Test("what live instances earned is what the account that stands for money earned")
  func shares() throws {
    let desk = try GrowingDesk(GrowingDesk.policy(live: true))
    try Self.live(desk, at: Array(8...40))
    let marks = try Self.marks(try desk.process()).filter { $0.account == "live" }
    let days = Dictionary(grouping: marks, by: \.day)
    var shared = 0
    for (day, marks) in days {
      let whole = try #require(marks.first { $0.isOfWorld })
      guard whole.dayReturn.isFinite else { continue }
      let gain = whole.equity * whole.dayReturn / (1 + whole.dayReturn)
      let parts = marks.filter { !$0.isOfWorld }
      // Of one without a known base, such as for its first trade while its gate is closed, nothing
      // is claimed.
      guard parts.allSatisfy(\.dayReturn.isFinite) else { continue }
      let earned = parts.reduce(0) { $0 + $1.equity * $1.dayReturn / (1 + $1.dayReturn) }
      #expect(abs(earned - gain) < 0.01, "\(day)")
      if !parts.isEmpty { shared += 1 }
    }
    #expect(shared > 10)
    #expect(Set(marks.map(\.instance)).count > 1)
  }

  @Test("what is not on paper any more is closed there with the next row")
  func withdrawn() throws {
    let desk = try GrowingDesk(GrowingDesk.policy())
    try Self.live(desk, at: Array(8...16))
    try desk.process().desk.carryOut(
      .withdraw(instance: "l1", reason: ""), in: "w", by: WorldDeskBench.operator)
    desk.grow(to: 17)
    _ = try desk.once { try $0.advance(row: 17) }
    var held: [String: Double] = [:]
    for event in try desk.process().events {
      guard case .paperFilled(let fill) = try WorldDesk.entry(event).event,
        fill.instance == "l1"
      else { continue }
      held[fill.symbol, default: 0] += fill.lots
    }
    #expect(!held.isEmpty && held.values.allSatisfy { $0.magnitude < 1e-9 })
  }
}
