import Essentials
import Foundation
import Storage
import Synchronization
import TestKit
import Worlds

@testable import Services

/// A desk of worlds over a journal in a scratch folder, with evidence that tests write down.
final class WorldDeskBench {
  let folder: ScratchFolder
  let journal: Journal
  let clock = ReplayClock(WorldDeskBench.start)
  let evidence = TableEvidence()
  let desk: WorldDesk

  static let start = Timestamp(millisecondsSinceEpoch: 1_700_006_400_000)
  static let owner = WorldActor.token("ann", ceiling: .owner)
  static let `operator` = WorldActor.token("bob", ceiling: .operator)
  static let reader = WorldActor.token("eve", ceiling: .owner)

  init() throws {
    folder = try ScratchFolder()
    journal = try Self.open(folder)
    desk = Self.desk(journal, clock, evidence)
  }

  static func open(_ folder: ScratchFolder) throws -> Journal {
    try Journal.open(
      path: folder.url.path + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(id: "worlds", at: start), patienceMilliseconds: 5_000),
      models: [WorldBook()])
  }

  static func desk(
    _ journal: Journal, _ clock: ReplayClock, _ evidence: TableEvidence
  ) -> WorldDesk {
    WorldDesk(
      WorldDeskSetup(
        journal: journal, now: { clock.now }, evidence: evidence, cutover: PromptCutover()))
  }

  static func policy(_ change: (inout WorldPolicy) -> Void = { _ in }) -> WorldPolicy {
    var policy = WorldPolicy(world: "w")
    policy.allowsLive = true
    policy.roles.owners = ["ann"]
    policy.roles.operators = ["bob"]
    policy.roles.readers = ["eve"]
    policy.selection.gates = .expression(
      .binary(
        .greaterOrEqual, .metric(MetricName(base: "sharpe", over: .mid)), .number(0.6)))
    policy.selection.score = .metric(MetricName(base: "sharpe", over: .mid))
    policy.selection.hysteresis.promoteAfter = 1
    policy.selection.hysteresis.demoteAfter = 1
    policy.selection.hysteresis.dwellMin = .zero
    change(&policy)
    return policy
  }

  static func submission(_ id: String, _ side: TradingSide = .long) -> InstanceSubmission {
    InstanceSubmission(
      id: id, strategy: "s", side: side, formula: "rank(\(id))", panel: ["name": "p"])
  }

  /// A world with a policy and instances that were entered.
  func begin(
    _ ids: [String] = ["a"], _ change: (inout WorldPolicy) -> Void = { _ in }
  ) throws {
    _ = try desk.publish(Self.policy(change), reason: "first", by: Self.owner)
    for id in ids { _ = try desk.submit(Self.submission(id), in: "w", by: Self.operator) }
  }

  func pass(_ span: TimeSpan = .days(1)) { clock.set(clock.now + span) }

  @discardableResult
  func evaluate(_ sharpes: [String: Double]) throws -> WorldDesk.EvaluationReceipt {
    evidence.set(sharpes)
    pass()
    return try desk.evaluate("w", at: clock.now, by: .desk)
  }
}

/// Evidence that is written down: a Sharpe ratio for each instance.
final class TableEvidence: EvidenceSource {
  private let figures = Mutex<
    (sharpes: [String: Double], lag: TimeSpan, failures: [String: String])
  >(
    ([:], .minutes(1), [:]))
  private let symbol = Mutex<String?>(nil)

  func set(_ sharpes: [String: Double]) { figures.withLock { $0.sharpes = sharpes } }
  /// What all instances hold, nil for one of their own names.
  func set(symbol: String?) { self.symbol.withLock { $0 = symbol } }
  func set(lag: TimeSpan) { figures.withLock { $0.lag = lag } }
  func set(failures: [String: String]) { figures.withLock { $0.failures = failures } }

  func evidence(
    of instances: [InstanceRecord], under policy: WorldPolicy, asOf instant: Timestamp
  ) throws(WorldDeskFailure) -> CycleEvidence {
    let (sharpes, lag, failures) = figures.withLock { $0 }
    let symbol = symbol.withLock { $0 }
    return CycleEvidence(
      datasets: [
        WorldSnapshot.Dataset(id: "p", dataEnd: instant - lag, fingerprint: "f")
      ],
      instances: instances.map { record in
        InstanceEvidence(
          id: record.id, history: .days(400), isWarm: true,
          symbols: [WorldSnapshot.Share(symbol ?? record.id, 1)], volatility: 0.01,
          failure: failures[record.id])
      },
      table: EvidenceTable([
        EvidenceTable.Column(
          MetricName(base: "sharpe", over: .mid),
          values: instances.map { sharpes[$0.id] ?? .nan })
      ]), correlations: nil)
  }
}

/// Carries cutovers out in which nobody has to be waited for.
struct PromptCutover: CutoverCarrier {
  func carryOut(
    _ plan: CutoverPlan, of world: String, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> CutoverOutcome? {
    if let known = try desk.state(of: world).runs[plan.run]?.outcome { return known }
    let keys = (plan.demote + plan.promote.map(\.key) + plan.reweight.map(\.key)).sorted()
    let closed = keys.map { GateChange($0, .closed) }
    let open = (plan.promote + plan.reweight).map {
      GateChange($0.key, .open(weight: $0.weight))
    }
    let named = Set(keys)
    let standings = try desk.state(of: world).cutoverWorld.standings.filter {
      named.contains($0.key)
    }
    let facts: [CutoverEvent.Fact] = [
      .planned(CutoverDemand(plan: plan, rules: CutoverRules(), standings: standings)),
      .frozen(epoch: plan.baseEpoch + 1, gates: closed), .acknowledged([]),
      .drained(positions: Fingerprint(of: "")), .verified(.none),
      .switched(
        CutoverSwitch(
          epoch: plan.baseEpoch + 2,
          phases: plan.demote.map { .init($0.instance, .inactive) }
            + plan.promote.map { .init($0.key.instance, .live) },
          weights: plan.promote + plan.reweight, gates: closed)),
      .transitioned(ends: [], needsOperator: []),
      .completed(
        CutoverEnd(epoch: plan.baseEpoch + 3, gates: open, reason: "", needsOperator: [])),
    ]
    for fact in facts { try desk.record(CutoverEvent(run: plan.run, fact), of: world) }
    return try desk.state(of: world).runs[plan.run]?.outcome
  }
}
