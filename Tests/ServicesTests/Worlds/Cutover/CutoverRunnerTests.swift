import Essentials
import Execution
import Foundation
import Markets
import Storage
import TestKit
import Testing
import Worlds

@testable import Services

/// A desk of worlds over a journal, with three instances on paper and venues to go live at.
final class RunnerBench {
  let bench: WorldDeskBench
  let fuse = RehearsalFuse()
  let mood = RehearsalMood()
  let stage: PaperBroker
  let venues: RehearsalVenues
  let alerts = SharedValue<[String]>([])

  init(_ change: @escaping (inout WorldPolicy) -> Void = { _ in }) throws {
    bench = try WorldDeskBench()
    let configuration = PaperConfiguration(
      venue: "x", balance: Money(micros: 1_000_000_000_000), otherLots: .one)
    stage = PaperBroker(configuration)
    venues = RehearsalVenues(
      live: RehearsalBroker(
        inner: RehearsalVenue(playedBy: stage), fuse: fuse, mood: mood
      ) { _ in },
      paper: RehearsalBroker(
        inner: PaperBroker(configuration), fuse: fuse, mood: RehearsalMood()
      ) { _ in })
    try bench.begin(["a", "b", "c"]) { policy in
      policy.cutover.monitorTicks = 0
      change(&policy)
    }
    for _ in 0..<3 { try bench.evaluate(["a": 0.1, "b": 0.1, "c": 0.1]) }
  }

  /// What a process has in its memory.
  func process() -> (runner: CutoverRunner, desk: OrderDesk) {
    let clock = bench.clock
    let desk = OrderDesk(name: "desk", world: "w", leaseLength: .seconds(15)) { clock.now }
    let board = GateBoard()
    board.add(desk)
    let runner = CutoverRunner(
      CutoverSetup(
        board: board, venues: venues, desk: { _ in desk }, now: { clock.now },
        tell: { [alerts] _, occasion, _ in alerts.change { $0.append(occasion.rawValue) } }))
    return (runner, desk)
  }

  var state: WorldState { get throws { try bench.desk.state(of: "w") } }

  func plan(
    _ run: String, demote: [String] = [], promote: [String] = []
  ) throws -> CutoverPlan {
    CutoverPlan(
      run: run, world: "w", planID: "", baseEpoch: try state.epoch,
      demote: demote.map { GateKey($0, .long) },
      promote: promote.map { CutoverPlan.Weighted(GateKey($0, .long), weight: 0.1) })
  }

  var events: Int { get throws { Int(try bench.journal.head.seq) } }

  func count(_ kind: String) throws -> Int {
    try bench.journal.events(limit: 10_000, filter: JournalFilter(kind: kind)).count
  }
}

/// Records that end with the process.
struct DyingRecords: CutoverRecords {
  let inner: WorldDesk
  let fuse: RehearsalFuse

  func situation(of world: String) throws(CutoverFailure) -> CutoverSituation {
    guard !fuse.isBlown else { throw .records(RehearsalDeath()) }
    return try inner.situation(of: world)
  }

  func record(
    _ event: CutoverEvent, of world: String, after epoch: Int?
  ) throws(CutoverFailure) -> CutoverReceipt {
    guard fuse.passes() else { throw .records(RehearsalDeath()) }
    return try inner.record(event, of: world, after: epoch)
  }

  func claimRuns(of world: String) throws(CutoverFailure) -> any Sendable {
    guard !fuse.isBlown else { throw .records(RehearsalDeath()) }
    return try inner.claimRuns(of: world)
  }
}

@Suite("A runner of switches on a journal", .ownThread)
struct CutoverRunnerTests {
  @Test("promotes and demotes, and opens and closes the gates of its desk")
  func wholeWay() throws {
    let bench = try RunnerBench()
    let (runner, desk) = bench.process()
    let first = try runner.carryOut(
      try bench.plan("r1", promote: ["a", "b"]), in: bench.bench.desk)
    #expect(first?.stage == .completed)
    #expect(try bench.state.instances["a"]?.phase == .live)
    #expect(desk.table[GateKey("a", .long)]?.state == .open(weight: 0.1))
    let second = try runner.carryOut(
      try bench.plan("r2", demote: ["a"], promote: ["c"]), in: bench.bench.desk)
    #expect(second?.stage == .completed)
    #expect(try bench.state.records(in: .live).map(\.id) == ["b", "c"])
    #expect(try bench.state.instances["a"]?.phase == .inactive)
    #expect(desk.table[GateKey("a", .long)]?.state == .closed)
    #expect(desk.table.epoch == (try bench.state.epoch))
    #expect(bench.alerts.value == ["promoted", "promoted", "demoted", "promoted"])
  }

  @Test("T7, T8, T9, T11: a run has one outcome, one plan, and one epoch to begin at")
  func identity() throws {
    let bench = try RunnerBench()
    let (runner, _) = bench.process()
    let first = try bench.plan("r1", promote: ["a"])
    let outcome = try runner.carryOut(first, in: bench.bench.desk)
    _ = try runner.carryOut(try bench.plan("r2", promote: ["b"]), in: bench.bench.desk)
    let events = try bench.events
    #expect(try runner.carryOut(first, in: bench.bench.desk) == outcome)
    var other = first
    other.promote[0].weight = 0.2
    #expect(throws: CutoverFailure.self) {
      try runner.carryOut(other, in: bench.bench.desk)
    }
    var stale = try bench.plan("r3", promote: ["c"])
    stale.baseEpoch -= 1
    do {
      _ = try runner.carryOut(stale, in: bench.bench.desk)
      Issue.record("a stale plan was carried out")
    } catch {
      #expect(error.key == "stale_plan")
    }
    #expect(try bench.events == events)
    #expect(try bench.state.records(in: .live).map(\.id) == ["a", "b"])
  }

  @Test("T10: a run waits until another has ended, which a person may bring about")
  func inProgress() throws {
    let bench = try RunnerBench { $0.cutover.monitorTicks = 2 }
    let (runner, _) = bench.process()
    #expect(
      try runner.carryOut(try bench.plan("r1", promote: ["a"]), in: bench.bench.desk) == nil)
    #expect(runner.stage(in: "w") == .opening)
    do {
      _ = try runner.carryOut(try bench.plan("r2", promote: ["b"]), in: bench.bench.desk)
      Issue.record("two runs overlap")
    } catch {
      #expect((error as? CutoverFailure)?.key == "run_in_progress")
    }
    for tick in 1...2 {
      let outcome = try runner.goOn([.ticked(anomaly: nil)], in: "w", of: bench.bench.desk)
      #expect((outcome != nil) == (tick == 2))
    }
    #expect(runner.stage(in: "w") == nil)
  }

  @Test("T12: two processes that carry out one run at once switch once")
  func twoProcesses() throws {
    let bench = try RunnerBench()
    let plan = try bench.plan("r1", promote: ["a"])
    let other = try WorldDeskBench.open(bench.bench.folder)
    let desks = [
      bench.bench.desk, WorldDeskBench.desk(other, bench.bench.clock, bench.bench.evidence),
    ]
    let outcomes = SharedValue<[CutoverOutcome?]>([])
    let group = DispatchGroup()
    for desk in desks {
      let (runner, _) = bench.process()
      group.enter()
      let thread = Thread {
        let outcome = try? runner.carryOut(plan, in: desk)
        outcomes.change { $0.append(outcome) }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    let answers = outcomes.value
    #expect(answers.count == 2 && answers[0] != nil && answers[0] == answers[1])
    #expect(try bench.count("cutover.planned") == 1)
    #expect(try bench.count("cutover.switched") == 1)
  }

  @Test("a breaker that trips while a run is watched ends it behind closed gates")
  func halted() throws {
    let bench = try RunnerBench { $0.cutover.monitorTicks = 2 }
    let (runner, desk) = bench.process()
    _ = try runner.carryOut(try bench.plan("r1", promote: ["a"]), in: bench.bench.desk)
    try bench.bench.desk.carryOut(
      .freeze(reason: "by hand"), in: "w", by: WorldDeskBench.operator)
    let outcome = try runner.goOn(in: "w", of: bench.bench.desk)
    #expect(outcome?.stage == .completed)
    #expect(outcome?.reason == "frozen")
    #expect(desk.table[GateKey("a", .long)]?.state == .closed)
    #expect(try bench.state.instances["a"]?.gate.state == .closed)
  }

  @Test("is taken up after every single write that the journal and the brokers saw")
  func deaths() throws {
    var writes = 0
    for count in 0...40 {
      let bench = try RunnerBench { policy in
        policy.cutover.onPromote = .mirror
      }
      let plan = try bench.plan("r1", promote: ["a"])
      let before = try bench.state
      let records = DyingRecords(inner: bench.bench.desk, fuse: bench.fuse)
      bench.fuse.arm(count)
      do {
        let (runner, _) = bench.process()
        _ = try? runner.takeUp("w", in: records)
        _ = try? runner.carryOut(plan, in: records)
      }
      let isDead = bench.fuse.isBlown
      bench.fuse.arm(nil)
      let (runner, desk) = bench.process()
      _ = try runner.takeUp("w", in: records)
      let outcome = try runner.carryOut(plan, in: records)
      let after = try bench.state
      #expect(after.strayMoves == 0 && after.staleChanges == 0, "after \(count) writes")
      #expect(after.runs.strayEvents == 0, "after \(count) writes")
      switch outcome?.stage {
      case .completed:
        #expect(after.instances["a"]?.phase == .live, "after \(count) writes")
        #expect(desk.table[GateKey("a", .long)]?.state == .open(weight: 0.1))
      case .aborted:
        #expect(after.instances["a"]?.phase == before.instances["a"]?.phase)
        #expect(after.instances["a"]?.gate.weight == before.instances["a"]?.gate.weight)
        #expect(after.epoch > before.epoch)
      default: Issue.record("\(String(describing: outcome)) after \(count) writes")
      }
      writes = count
      if !isDead { break }
    }
    #expect(writes > 8 && writes < 40)
  }
}
