import Essentials
import Execution
import Markets
import Foundation
import Services
import Storage
import Worlds

/// Switches to live money: how long a durable one of many instances takes from the demand to open
/// gates, and whether rehearsed ones of chance break anything.
struct CutoverSuite {
  private let folder: String
  private let histories: Int

  private static let instances = 500
  /// Broken rehearsals that are told apart from being counted.
  private static let toldMax = 20

  init(arguments: [String]) {
    folder = arguments[0] + "/athanor-benchmark-cutover"
    histories = arguments.count > 1 ? Int(arguments[1]) ?? 100_000 : 100_000
  }

  func run() throws {
    var figures: [(String, String)] = [("suite", "\"cutover\"")]
    figures += try applies()
    figures += rehearsals()
    figures.append(("peak_mib", "\(Benchmark.peakMemory)"))
    Benchmark.answer(figures)
  }

  // MARK: - Durable applies

  /// Promotes many instances at once in a journal on disk, then demotes them.
  private func applies() throws -> [(String, String)] {
    try? FileManager.default.removeItem(atPath: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let journal = try Journal.open(
      path: "\(folder)/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(id: "bench", at: Self.start), patienceMilliseconds: 1000),
      models: [WorldBook()])
    let clock = Clock()
    let desk = WorldDesk(
      WorldDeskSetup(journal: journal, now: { clock.now }, evidence: DullEvidence()))
    let ids = (0..<Self.instances).map { "i\($0)" }
    try enter(ids, at: desk, clock)
    let orders = OrderDesk(name: "bench", world: "w", leaseLength: .seconds(15)) { clock.now }
    let board = GateBoard()
    board.add(orders)
    let runner = CutoverRunner(
      CutoverSetup(
        board: board, venues: OneVenue(), desk: { _ in orders }, now: { clock.now }))

    let promotion = CutoverPlan(
      run: "promote", world: "w", planID: "", baseEpoch: try desk.state(of: "w").epoch,
      promote: ids.map { CutoverPlan.Weighted(GateKey($0, .long), weight: 0.001) })
    let head = try journal.head.seq
    let promoting = try Benchmark.seconds {
      guard try runner.carryOut(promotion, in: desk)?.reason == "" else {
        preconditionFailure("the promotion did not go its way")
      }
    }
    let events = try journal.head.seq - head
    guard orders.table.all.filter({ $0.state.isOpen }).count == ids.count else {
      preconditionFailure("gates are closed after the promotion")
    }
    let demotion = CutoverPlan(
      run: "demote", world: "w", planID: "", baseEpoch: try desk.state(of: "w").epoch,
      demote: ids.map { GateKey($0, .long) })
    let demoting = try Benchmark.seconds {
      guard try runner.carryOut(demotion, in: desk)?.reason == "" else {
        preconditionFailure("the demotion did not go its way")
      }
    }
    let again = try Benchmark.seconds {
      _ = try runner.carryOut(promotion, in: desk)
    }
    return [
      ("instances", "\(ids.count)"), ("events_of_promotion", "\(events)"),
      ("promote_milliseconds", "\(promoting * 1e3)"),
      ("demote_milliseconds", "\(demoting * 1e3)"),
      ("same_run_again_milliseconds", "\(again * 1e3)"),
    ]
  }

  /// Instances that trade on paper, in a world that has room for all of them.
  private func enter(_ ids: [String], at desk: WorldDesk, _ clock: Clock) throws {
    var policy = WorldPolicy(world: "w")
    policy.allowsLive = true
    policy.selection.topK.total = ids.count
    policy.selection.topK.long = ids.count
    policy.selection.gates = .expression(
      .binary(.greaterOrEqual, .metric(MetricName(base: "sharpe", over: .mid)), .number(0.6)))
    policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
    policy.cutover.monitorTicks = 0
    let owner = WorldActor.commandLine(user: "bench")
    _ = try desk.publish(policy, reason: "bench", by: owner)
    for id in ids {
      _ = try desk.submit(
        InstanceSubmission(id: id, strategy: id, side: .long, formula: "rank(close)"), in: "w",
        by: owner)
    }
    for _ in 0..<3 {
      clock.advance(.days(1))
      _ = try desk.evaluate("w", at: clock.now, by: .desk)
    }
    guard try desk.state(of: "w").records(in: .dryrun).count == ids.count else {
      preconditionFailure("not all instances trade on paper")
    }
  }

  private static let start = Timestamp(millisecondsSinceEpoch: 1_700_006_400_000)

  /// A clock that stands still unless it is moved.
  private final class Clock: @unchecked Sendable {
    // Moved before anybody else has the clock.
    private(set) var now = CutoverSuite.start
    func advance(_ span: TimeSpan) { now = now + span }
  }

  /// Current evidence of strategies that nobody promotes.
  private struct DullEvidence: EvidenceSource {
    func evidence(
      of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
    ) throws(WorldDeskFailure) -> CycleEvidence {
      CycleEvidence(
        datasets: [
          WorldSnapshot.Dataset(id: "p", dataEnd: instant - .minutes(1), fingerprint: "f")
        ],
        instances: instances.map { record in
          InstanceEvidence(
            id: record.id, history: .days(400), isWarm: true,
            symbols: [WorldSnapshot.Share(record.id, 1)], volatility: 0.01)
        },
        table: EvidenceTable([
          EvidenceTable.Column(
            MetricName(base: "sharpe", over: .mid), values: instances.map { _ in 0.1 })
        ]), correlations: nil)
    }
  }

  private struct OneVenue: CutoverVenues {
    let stage = PaperBroker(
      PaperConfiguration(balance: Money(micros: 1_000_000_000_000), otherLots: .one))

    func live(of instance: String, in world: String) -> (any Broker<LiveAuthority>)? {
      RehearsalVenue(playedBy: stage)
    }

    func paper(of instance: String, in world: String) -> (any Broker<PaperAuthority>)? { stage }
  }

  // MARK: - Rehearsals

  /// Rehearses switches of chance, with deaths after any write, and counts what must never be.
  private func rehearsals() -> [(String, String)] {
    var outcomes: [CutoverStage: Int] = [:]
    var refused = 0
    var deaths = 0
    var broken: [UInt64] = []
    let seconds = Benchmark.seconds {
      for seed in 0..<UInt64(histories) {
        let report = CutoverRehearsal.drawn(by: seed).perform()
        if let outcome = report.outcome {
          outcomes[outcome.stage, default: 0] += 1
        } else {
          refused += 1
        }
        deaths += report.deaths
        if let violation = report.violations.first {
          broken.append(seed)
          if broken.count <= Self.toldMax { Benchmark.report("seed \(seed): \(violation)") }
        }
      }
    }
    return [
      ("histories", "\(histories)"), ("histories_per_second", "\(Double(histories) / seconds)"),
      ("deaths", "\(deaths)"), ("broken", "\(broken.count)"), ("refused", "\(refused)"),
    ]
      + [CutoverStage.completed, .aborted, .rolledBack].map {
        ($0.rawValue, "\(outcomes[$0] ?? 0)")
      }
  }
}
