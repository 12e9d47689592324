import Essentials
import Execution
import Foundation
import Glibc
import Markets
import Mathematics
import Storage
import TestKit
import Testing
import Worlds

@testable import Services

/// A world that trades and switches to money by the program, killed at each kind of thing that it
/// records, and taken up by other processes.
///
/// A foreign index makes the program spin for hours within the transaction of the first event after
/// a wanted one, so that a kill falls exactly there, however fast the machine is.
@Suite("A world whose program is killed", .ownThread)
struct WorldKillTests {
  private let home: ResearchHome
  private let scratch: ScratchFolder

  init() throws {
    home = try ResearchHome.shared.get()
    scratch = try ScratchFolder()
  }

  // MARK: - The world

  /// What is held on paper is ordered with money when an instance goes live. Those orders wait for the
  /// next row of prices, which fills them.
  private static let policy = """
    world: lab
    allow_live: true
    interval: 1d
    data_currency: {max_lag: 1d, halt_after: 30d, min_history: 10d}
    metrics: {annualise: 252, windows: {short: 5d, mid: 20d, long: 60d}}
    selection:
      gates: [sample_days >= 10]
      score: coalesce(sharpe@long, 0)
      hysteresis: {promote_after: {windows: 2}, min_dwell: 1d, cooldown: 1d}
    cutover:
      monitor_ticks: 1
      drain_timeout: 1h
      position_transition: {on_promote: mirror, on_demote: none}
    instances:
      - {strategy: up, side: long, params: {formula: rank(returns), panel: tiny}}
      - {strategy: down, side: short, params: {formula: rank(-returns), panel: tiny}}
    """

  /// What processes do of which some is killed: two go live, their orders are filled, they are shown a
  /// tick, one comes back. Each evaluation first trades the row that has come since the one before.
  private static let steps =
    [3, 4, 5, 6].map(evaluation) + [
      "world freeze lab --reason storm", "world resume lab --reason calm",
      "world demote lab \(long) --reason enough --run-id back",
    ]
  private static let long = "up.long.02e5a3f4"

  /// Of processes that mostly wait for one another, so many leave a machine its breath.
  private static let processesMax = 8

  private static func evaluation(_ day: Int) -> String {
    "world eval lab --now \(CalendarDate(daysSinceEpoch: Int32(17_044 + day)))"
  }

  private func folder(_ name: String) -> URL { scratch.url.appendingPathComponent(name) }

  private func environment(_ name: String) -> [String: String] {
    home.environment.merging([
      "ATHANOR_JOURNAL": folder(name).appendingPathComponent("journal.sqlite").path,
      "HOME": scratch.url.path, "USER": "eve",
    ]) { $1 }
  }

  /// Does things with copies of the world, at once in each of them, and in each one after the other.
  private func run(_ commands: [(name: String, arguments: [String])]) throws {
    let scripts = commands.map { name, arguments in
      let exports = environment(name).sorted { $0.key < $1.key }
        .map { "export \($0.key)='\($0.value)'" }
      let lines = arguments.map { "$athanor \($0) >/dev/null || exit 1" }
      return "( cd '\(folder(name).path)'\n"
        + (exports + lines).joined(separator: "\n") + " ) & jobs=\"$jobs $!\""
    }
    let run = try Program.run(
      (scripts + ["for job in $jobs; do wait $job || exit 1; done"]).joined(separator: "\n"))
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  private func copy(_ name: String, to other: String) throws {
    try FileManager.default.copyItem(at: folder(name), to: folder(other))
  }

  private func journal(_ name: String, models: [any JournalReadModel] = []) throws -> Journal {
    try Journal.open(
      path: folder(name).appendingPathComponent("journal.sqlite").path, access: .reading,
      models: models)
  }

  /// A world with two instances that have just come to paper and trade the next row there.
  private func prepare() throws {
    try FileManager.default.createDirectory(
      at: folder("base"), withIntermediateDirectories: true)
    try Data(Self.policy.utf8).write(to: folder("base").appendingPathComponent("world.yml"))
    try run([("base", ["world apply -f world.yml"] + [1, 2].map(Self.evaluation))])
    let ids = try desk("base").state(of: "lab").ids
    try #require(ids.contains(Self.long), "\(ids)")
  }

  /// The world as another process finds it.
  private func desk(_ name: String) throws -> WorldDesk {
    let journal = try journal(name, models: [WorldBook()])
    return WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { Timestamp(millisecondsSinceEpoch: 0) }, evidence: NoEvidence()))
  }

  // MARK: - Kills

  /// A kill in the step of a number, after an event.
  private struct Kill {
    var step: Int
    var seq: Int64
    var name: String { "\(seq)" }
  }

  /// Takes all steps without a kill, and keeps what each of them began with.
  ///
  /// - Returns: the kills after the first commit of each kind, and after the last one of orders.
  private func takeAllSteps() throws -> [Kill] {
    try copy("base", to: "whole")
    var ends: [Int64] = []
    for (place, step) in Self.steps.enumerated() {
      try copy("whole", to: "step \(place)")
      try run([("whole", [step])])
      ends.append(try journal("whole").head.seq)
    }
    let first = try journal("base").head.seq
    let events = try journal("whole").events(after: first, limit: 1_000)
    var kinds: [Set<String>: Kill] = [:]
    var orders: [Set<String>: Kill] = [:]
    var kind: Set<String> = []
    for (event, next) in zip(events, events.dropFirst().map(Optional.some) + [nil]) {
      // What follows in a commit names the first event of it as its cause.
      if event.cause == nil { kind = [] }
      kind.insert("\(event.kind) \(event.payload?["account"]?.text ?? "")")
      guard next?.cause == nil, let step = ends.firstIndex(where: { $0 >= event.seq }) else {
        continue
      }
      let kill = Kill(step: step, seq: event.seq)
      kinds[kind] = kinds[kind] ?? kill
      if event.kind == "cutover.order_sent" || event.kind == "paper.ordered" { orders[kind] = kill }
    }
    let kills = Array(kinds.values) + orders.values
    return Dictionary(kills.map { ($0.seq, $0) }) { first, _ in first }.values
      .sorted { $0.seq < $1.seq }
  }

  /// Begins a copy for each kill, in which the event after it cannot be recorded.
  private func block(_ kills: [Kill]) throws {
    for kill in kills { try copy("step \(kill.step)", to: kill.name) }
    try change(
      kills,
      """
      CREATE INDEX halt ON event (seq + instr(zeroblob(8000000), \
      CAST(zeroblob(4000000) || 'a' AS BLOB))) WHERE seq > {}
      """)
  }

  private func change(_ kills: [Kill], _ statement: String) throws {
    let run = try ShellRun(
      "python3", "-c",
      """
      import sqlite3
      for seq in \(kills.map(\.seq)):
          c = sqlite3.connect(f"\(scratch.url.path)/{seq}/journal.sqlite")
          c.execute(\"\"\"\(statement)\"\"\".format(seq))
          c.commit()
          c.close()
      """)
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  private func start(_ step: String, in name: String) throws -> Process {
    let process = Process()
    process.executableURL = Program.url
    process.arguments = step.split(separator: " ").map(String.init)
    process.environment = environment(name)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Takes the step until it has recorded the wanted event and cannot go on, and kills it.
  private func carryOut(_ kill: Kill) throws {
    let journal = try journal(kill.name)
    let process = try start(Self.steps[kill.step], in: kill.name)
    // It may also be on its way out, after the last event of its own.
    while process.isRunning, try journal.head.seq < kill.seq { usleep(500) }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try #require(try journal.head.seq == kill.seq, "step \(kill.step)")
  }

  // MARK: - What must hold

  /// What is gone through, event by event.
  private struct Story {
    var epoch = 0
    /// The kinds of a run's events so far.
    var runs: [String: [String]] = [:]
    /// Gates as they were last told, by instance.
    var gates: [String: String] = [:]
    /// The lots of orders that runs sent, and the runs, by their names.
    var sent: [String: Int] = [:]
    var senders: [String: String] = [:]
    /// Orders that came to the account that stands for money.
    var given: [String] = []
    /// Fills by account, order and number.
    var fills: Set<String> = []
    /// Lots by account, instance and symbol, and by order.
    var held: [String: Int] = [:]
    var filled: [String: Int] = [:]
    /// The rows that were traded.
    var days: [Int] = []

    /// Whether a run may order now.
    func mayOrder(_ run: String) -> Bool {
      let kinds = runs[run] ?? []
      return kinds.contains("cutover.switched") && !kinds.contains("cutover.transitioned")
    }
  }

  private func expectLaws(_ name: String, isOver: Bool) throws {
    let journal = try journal(name)
    #expect(try journal.verify().findings == [], "\(name)")
    var story = Story()
    for event in try journal.events(limit: 1_000) {
      try expectLaws(of: event, after: &story, "\(name): event \(event.seq)")
    }
    for (run, kinds) in story.runs {
      for kind in ["planned", "switched", "transitioned", "opening"] {
        #expect(kinds.count { $0 == "cutover.\(kind)" } <= 1, "\(name): \(run) \(kind)")
      }
      let ends = kinds.count {
        ["cutover.completed", "cutover.aborted", "cutover.rolled_back"].contains($0)
      }
      #expect(ends <= 1 && (!isOver || ends == 1), "\(name): \(run) \(kinds)")
    }
    // No row is left out: rows of this panel are days.
    let first = story.days.first ?? 0
    #expect(story.days == story.days.indices.map { first + $0 * 86_400_000 }, "\(name)")
    let desk = try desk(name)
    let world = try desk.state(of: "lab")
    #expect(world.strayMoves == 0 && world.staleChanges == 0, "\(name)")
    for record in world.records where record.phase != .live {
      #expect(record.gate.state == .closed, "\(name): \(record.id)")
    }
    let accounts = try PaperAccounts(of: "lab", at: desk, terms: .usual)
    try expect(accounts, toFollow: story, name)
    guard isOver else { return }
    #expect(world.runs.active == nil, "\(name)")
    // What was sent came to the venue once, and was filled in full.
    #expect(story.given.sorted() == story.sent.keys.sorted(), "\(name)")
    for (order, lots) in story.sent { #expect(story.filled[order] == lots, "\(name): \(order)") }
    #expect(try accounts.paper.openOrders(of: nil) == [], "\(name)")
    #expect(try accounts.stage.openOrders(of: nil) == [], "\(name)")
    // What was held on paper is closed where its instance is not there any more.
    for record in world.records where record.phase != .dryrun {
      #expect(try accounts.paper.positions().parts(of: record.id) == [], "\(name): \(record.id)")
    }
  }

  private func expectLaws(
    of event: JournalEvent, after story: inout Story, _ place: String
  ) throws {
    let payload = try #require(event.payload)
    func text(_ name: String) -> String { payload[name]?.text ?? "" }
    if let next = payload["epoch"]?.whole, event.kind != "world.evaluated" {
      #expect(next > story.epoch, "\(place)")
      story.epoch = max(story.epoch, next)
    }
    for gate in payload["gates"]?.elements ?? [] {
      guard let id = gate["instance"]?.text else { continue }
      story.gates[id] = gate["state"]?.text
    }
    let isMoney = text("account") == "live"
    switch event.kind {
    case "cutover.order_sent":
      let order = text("client_id")
      #expect(story.mayOrder(text("run_id")), "\(place)")
      #expect(story.sent[order] == nil, "\(place)")
      story.sent[order] = try #require(payload["lots"]?.whole)
      story.senders[order] = text("run_id")
    case "paper.ordered" where isMoney:
      story.given.append(text("order"))
      #expect(story.sent[text("order")] != nil, "\(place)")
    case "paper.filled":
      let (order, account) = (text("order"), text("account"))
      let number = try #require(payload["seq"]?.whole)
      #expect(story.fills.insert("\(account) \(order) \(number)").inserted, "\(place)")
      // Money is traded through an open gate, or by the run that carries positions over.
      if isMoney, let run = story.senders[order] {
        #expect(story.mayOrder(run), "\(place)")
      } else if isMoney {
        #expect(story.gates[text("instance")] == "open", "\(place)")
      }
      let lots = Int((try #require(payload["lots"]?.asNumber) * 1_000).rounded())
      story.held["\(account) \(text("instance")) \(text("symbol"))", default: 0] += lots
      story.filled[order, default: 0] += lots
    case "paper.marked" where isMoney && text("instance").isEmpty:
      let day = try #require(payload["day"]?.whole)
      #expect(story.days.last.map { $0 < day } ?? true, "\(place)")
      story.days.append(day)
    default: break
    }
    guard event.kind.hasPrefix("cutover."), !text("run_id").isEmpty else { return }
    story.runs[text("run_id"), default: []].append(event.kind)
  }

  /// Accounts that are made anew hold the sum of the recorded fills.
  private func expect(
    _ accounts: PaperAccounts, toFollow story: Story, _ name: String
  ) throws {
    var held: [String: Int] = [:]
    for (account, broker) in [("paper", accounts.paper), ("live", accounts.stage)] {
      for part in try broker.positions().parts where part.quantity != .zero {
        held["\(account) \(part.instance) \(part.symbol)"] = Int(part.quantity.lots)
      }
    }
    #expect(held == story.held.filter { $0.value != 0 }, "\(name)")
  }

  @Test("after a kill at every kind of event that is recorded, others end it lawfully")
  func everyWrite() throws {
    try prepare()
    let kills = try takeAllSteps()
    try expectLaws("whole", isOver: true)
    let whole = try journal("whole").events(limit: 1_000)
    #expect(whole.contains { $0.kind == "paper.filled" && $0.payload?["account"] == "live" })
    #expect(whole.count { $0.kind == "cutover.completed" } == 2)
    #expect(kills.count > 16 && kills.count < 40)
    try block(kills)
    for kill in kills { try carryOut(kill) }
    try change(kills, "DROP INDEX halt")
    for kill in kills { try expectLaws(kill.name, isOver: false) }
    // What is left of being admitted twice, having orders filled and being shown a tick.
    let recoveries = kills.map { kill in
      let days = 7..<(11 - min(kill.step, 2))
      return (kill.name, days.map(Self.evaluation) + ["world audit lab --prove"])
    }
    for part in stride(from: 0, to: recoveries.count, by: Self.processesMax) {
      try run(Array(recoveries[part..<min(part + Self.processesMax, recoveries.count)]))
    }
    for kill in kills { try expectLaws(kill.name, isOver: true) }
  }

  @Test("a world whose programs are killed at any moment stays lawful, and goes on in the end")
  func anyMoment() throws {
    try prepare()
    var generator = SplitMix64(seed: 11)
    for day in 3..<11 {
      let process = try start(
        day % 5 == 0
          ? "world demote lab \(Self.long) --reason enough" : Self.evaluation(day), in: "base")
      usleep(UInt32.random(in: 20_000...90_000, using: &generator))
      Glibc.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try expectLaws("base", isOver: false)
    }
    try run([("base", (11...15).map(Self.evaluation) + ["world audit lab --prove"])])
    try expectLaws("base", isOver: true)
    #expect(try desk("base").state(of: "lab").records.contains { $0.phase == .live })
  }
}
