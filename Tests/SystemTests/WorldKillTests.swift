import Essentials
import Execution
import Foundation
import Glibc
import Mathematics
import Services
import Storage
import TestKit
import Testing
import Worlds

/// A switch to money by the program, killed at each thing that it records, and taken up by another
/// process.
///
/// A foreign index makes the program spin for hours within the transaction of the first event after
/// a wanted one, so that a kill falls exactly there, however fast the machine is.
@Suite("A switch that is killed", .ownThread)
struct WorldKillTests {
  private let home: ResearchHome
  private let scratch: ScratchFolder

  init() throws {
    home = try ResearchHome.shared.get()
    scratch = try ScratchFolder()
  }

  // MARK: - The world

  /// - Parameter promotion: how positions are carried over when an instance goes live.
  private func policy(promotion: String) -> String {
    """
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
      drain_timeout: 1s
      position_transition: {on_promote: \(promotion), on_demote: none}
    instances:
      - {strategy: up, side: long, params: {formula: rank(returns), panel: tiny}}
      - {strategy: down, side: short, params: {formula: rank(-returns), panel: tiny}}
    """
  }

  /// What a process does of which some is killed: two go live, one is shown a tick, one comes back.
  private static let steps = [
    "world eval lab --now 2016-09-04", "world eval lab --now 2016-09-05",
    "world freeze lab --reason storm", "world resume lab --reason calm",
    "world demote lab \(long) --reason enough --run-id back",
  ]
  private static let long = "up.long.02e5a3f4"

  private func folder(_ name: String) -> URL { scratch.url.appendingPathComponent(name) }

  private func environment(_ name: String) -> [String: String] {
    home.environment.merging([
      "ATHANOR_JOURNAL": folder(name).appendingPathComponent("journal.sqlite").path,
      "HOME": scratch.url.path, "USER": "eve",
    ]) { $1 }
  }

  private func run(_ name: String, _ script: String) throws -> ShellRun {
    let exports = environment(name).sorted { $0.key < $1.key }
      .map { "export \($0.key)='\($0.value)'" }
    return try Program.run(
      (exports + ["cd '\(folder(name).path)'", script]).joined(separator: "\n"))
  }

  private func journal(_ name: String) throws -> Journal {
    try Journal.open(
      path: folder(name).appendingPathComponent("journal.sqlite").path, access: .reading)
  }

  /// A world with two instances on paper, each holding something, of which the next evaluation lets
  /// both go live.
  private func prepare(promotion: String) throws {
    try FileManager.default.createDirectory(
      at: folder("base"), withIntermediateDirectories: true)
    try Data(policy(promotion: promotion).utf8).write(
      to: folder("base").appendingPathComponent("world.yml"))
    let start = try run(
      "base",
      """
      $athanor world apply -f world.yml >/dev/null && for day in 1 2 3; do
        $athanor world eval lab --now 2016-09-0$day >/dev/null || exit 1
      done
      """)
    try #require(start.exitCode == 0, "\(start.errors)")
    let ids = try world("base").ids
    try #require(ids.contains(Self.long), "\(ids)")
    // What they hold on paper came from earlier rows.
    let accounts = try accounts("base")
    for (place, id) in ids.enumerated() {
      try accounts.paper.fund(id, with: try #require(Money(100_000)))
      _ = try accounts.paper.submit(
        BrokerOrder(
          clientID: ClientOrderID(purpose: "before", instance: id, sequence: 0), instance: id,
          symbol: "AAA", side: place == 0 ? .sell : .buy, quantity: Quantity(lots: 3_000)))
    }
    for (broker, day) in [(accounts.paper, 1.0), (accounts.paper, 2), (accounts.stage, 2)] {
      let bar = try #require(
        MarketBar(symbol: "AAA", open: 100, high: 101 + day, low: 99, close: 100 + day))
      _ = try broker.advance(
        to: Timestamp(millisecondsSinceEpoch: 1_472_600_000_000 + Int64(day) * 86_400_000),
        bars: [bar])
    }
    try Data(
      (["paper": accounts.paper.state, "rehearsal": accounts.stage.state] as JSONValue)
        .compactText.utf8
    ).write(to: accounts.file)
  }

  private struct Accounts {
    var file: URL
    var paper: PaperBroker
    var stage: PaperBroker
  }

  /// The accounts as their file tells them.
  private func accounts(_ name: String) throws -> Accounts {
    let file = folder(name).appendingPathComponent(
      "journal.sqlite.accounts/\(Fingerprint(of: "lab").short).json")
    let document = try JSONValue(parsing: String(contentsOf: file, encoding: .utf8))
    return Accounts(
      file: file, paper: try PaperBroker(state: try #require(document["paper"])),
      stage: try PaperBroker(state: try #require(document["rehearsal"])))
  }

  private func world(_ name: String) throws -> WorldState {
    let journal = try Journal.open(
      path: folder(name).appendingPathComponent("journal.sqlite").path, access: .reading,
      models: [WorldBook()])
    return try WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { Timestamp(millisecondsSinceEpoch: 0) }, evidence: NoEvidence())
    ).state(of: "lab")
  }

  // MARK: - Kills

  /// Copies of the prepared world, in each of which the event after so many cannot be recorded.
  private func copies(after seqs: [Int64]) throws {
    let run = try ShellRun(
      "python3", "-c",
      """
      import shutil, sqlite3
      for seq in \(seqs):
          home = f"\(scratch.url.path)/{seq}"
          shutil.copytree("\(folder("base").path)", home)
          c = sqlite3.connect(home + "/journal.sqlite")
          c.execute("CREATE INDEX halt ON event (seq + instr(zeroblob(8000000), "
                    "CAST(zeroblob(4000000) || 'a' AS BLOB))) WHERE seq > %d" % seq)
          c.commit()
          c.close()
      """)
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  private func release(_ seqs: [Int64]) throws {
    let run = try ShellRun(
      "python3", "-c",
      """
      import sqlite3
      for seq in \(seqs):
          c = sqlite3.connect(f"\(scratch.url.path)/{seq}/journal.sqlite")
          c.execute("DROP INDEX halt")
          c.commit()
          c.close()
      """)
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  /// Takes the steps until one of them has recorded the wanted event and cannot go on, and kills it.
  private func kill(after seq: Int64) throws {
    let name = "\(seq)"
    let journal = try journal(name)
    for step in Self.steps {
      let process = Process()
      process.executableURL = Program.url
      process.arguments = step.split(separator: " ").map(String.init)
      process.environment = environment(name)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      while process.isRunning {
        if try journal.head.seq >= seq {
          // It may also be on its way out, after the last event of its own.
          Glibc.kill(process.processIdentifier, SIGKILL)
          process.waitUntilExit()
          try #require(try journal.head.seq == seq)
          return
        }
        usleep(500)
      }
      if try journal.head.seq >= seq { return }
    }
    Issue.record("event \(seq) was never recorded")
  }

  /// The numbers of the events that end a commit, from one on: what follows in the same commit names
  /// the first event of it as its cause.
  private func commits(_ name: String, after first: Int64) throws -> [Int64] {
    let events = try journal(name).events(after: 0, limit: 1_000)
    return zip(events, events.dropFirst()).compactMap { event, next in
      event.seq >= first && next.cause == nil ? event.seq : nil
    }
  }

  // MARK: - What must hold

  private func expectLaws(_ name: String, isOver: Bool) throws {
    let journal = try journal(name)
    #expect(try journal.verify().findings == [], "\(name)")
    let events = try journal.events(limit: 1_000)
    var epoch = 0
    var runs: [String: [String]] = [:]
    for event in events {
      let payload = try #require(event.payload)
      if let next = payload["epoch"]?.whole, event.kind != "world.evaluated" {
        #expect(next > epoch, "\(name): event \(event.seq)")
        epoch = max(epoch, next)
      }
      guard event.kind.hasPrefix("cutover."), let run = payload["run_id"]?.text else { continue }
      // An order leaves only between the switch and the end of the transition.
      if event.kind == "cutover.order_sent" {
        #expect(runs[run]?.contains("cutover.switched") == true, "\(name)")
        #expect(runs[run]?.contains("cutover.transitioned") == false, "\(name)")
      }
      runs[run, default: []].append(event.kind)
    }
    for (run, kinds) in runs {
      for kind in ["planned", "switched", "transitioned", "opening"] {
        #expect(kinds.count { $0 == "cutover.\(kind)" } <= 1, "\(name): \(run) \(kind)")
      }
      let ends = kinds.count {
        ["cutover.completed", "cutover.aborted", "cutover.rolled_back"].contains($0)
      }
      #expect(ends <= 1 && (!isOver || ends == 1), "\(name): \(run) \(kinds)")
    }
    let world = try world(name)
    #expect(world.strayMoves == 0 && world.staleChanges == 0, "\(name)")
    #expect(!isOver || world.runs.active == nil, "\(name)")
    for record in world.records where record.phase != .live {
      #expect(record.gate.state == .closed, "\(name): \(record.id)")
    }
    guard isOver else { return }
    // What the venue was given is what is recorded as sent, once.
    let accounts = try accounts(name)
    let sent = events.filter { $0.kind == "cutover.order_sent" }
      .compactMap { $0.payload?["client_id"]?.text ?? $0.payload?["order"]?["client_id"]?.text }
    let given = accounts.stage.state["orders"]?.elements.count ?? 0
    #expect(Set(sent).count == sent.count && given == sent.count, "\(name)")
    for order in sent {
      let status = try accounts.stage.status(of: ClientOrderID(recorded: order))
      #expect(status != .unknown, "\(name): \(order)")
    }
    // On paper, what was held is closed by one order where its instance went live.
    let switched = events.filter { $0.kind == "cutover.switched" }
      .flatMap { $0.payload?["phases"]?.elements ?? [] }
      .filter { $0["phase"] == "live" }.compactMap { $0["instance"]?.text }
    let closing = try accounts.paper.openOrders(of: nil).map(\.order.instance)
    #expect(closing.sorted() == switched.sorted(), "\(name)")
    for id in world.ids {
      let held = try accounts.paper.positions().quantity(of: "AAA", heldBy: id).lots
      #expect(held.magnitude == 3_000, "\(name): \(id)")
    }
  }

  /// Kills copies of the prepared world after each of some events and has other processes go on.
  private func expectRecovery(from seqs: [Int64]) throws {
    try copies(after: seqs)
    for seq in seqs { try kill(after: seq) }
    try release(seqs)
    for seq in seqs {
      let name = "\(seq)"
      try expectLaws(name, isOver: false)
      let after = try run(
        name,
        """
        for day in 06 07; do $athanor world eval lab --now 2016-09-$day >/dev/null; done
        $athanor world audit lab --prove >/dev/null
        """)
      #expect(after.exitCode == 0, "\(name): \(after.errors)")
      try expectLaws(name, isOver: true)
    }
  }

  /// Takes all steps in a copy of the prepared world without a kill.
  private func takeAllSteps() throws {
    try FileManager.default.copyItem(at: folder("base"), to: folder("whole"))
    let whole = try run(
      "whole", Self.steps.map { "$athanor \($0) >/dev/null || exit 1" }.joined(separator: "\n"))
    try #require(whole.exitCode == 0, "\(whole.errors)")
    try expectLaws("whole", isOver: true)
  }

  @Test("after a kill at every event that a switch records, another process ends it lawfully")
  func everyWrite() throws {
    try prepare(promotion: "none")
    let first = try journal("base").head.seq
    try takeAllSteps()
    let seqs = try commits("whole", after: first)
    #expect(seqs.count > 16)
    try expectRecovery(from: seqs)
  }

  @Test("an order that was on its way at a kill is given to the venue once")
  func orders() throws {
    try prepare(promotion: "mirror")
    try takeAllSteps()
    let sent = try journal("whole").events(
      limit: 10, filter: JournalFilter(kind: "cutover.order_sent"))
    #expect(sent.count == 2)
    try expectRecovery(from: sent.map(\.seq))
  }

  @Test("a world whose programs are killed at any moment stays lawful, and goes on in the end")
  func anyMoment() throws {
    try prepare(promotion: "none")
    let copy = "random"
    try FileManager.default.copyItem(at: folder("base"), to: folder(copy))
    var generator = SplitMix64(seed: 11)
    for day in 4..<24 {
      let process = Process()
      process.executableURL = Program.url
      process.arguments =
        day % 5 == 0
        ? ["world", "demote", "lab", Self.long, "--reason", "enough"]
        : ["world", "eval", "lab", "--now", "2016-09-\(day < 10 ? "0" : "")\(day)"]
      process.environment = environment(copy)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      usleep(UInt32.random(in: 15_000...50_000, using: &generator))
      Glibc.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try expectLaws(copy, isOver: false)
    }
    let after = try run(
      copy,
      """
      for day in 24 25 26; do $athanor world eval lab --now 2016-09-$day >/dev/null || exit 1; done
      $athanor world audit lab --prove >/dev/null
      """)
    #expect(after.exitCode == 0, "\(after.errors)")
    let world = try world(copy)
    #expect(world.runs.active == nil && world.records.contains { $0.phase == .live })
  }
}
