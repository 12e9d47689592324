package import Essentials
import Synchronization
package import Worlds

/// What runs of switches work with.
package struct CutoverSetup: Sendable {
  package var board: GateBoard
  package var venues: any CutoverVenues
  /// The desk through which orders of transitions leave, nil where a world has none.
  package var desk: @Sendable (_ world: String) -> OrderDesk?
  package var now: @Sendable () -> Timestamp
  /// Waits so long for those who have not answered; nil to come back later instead.
  package var pause: (@Sendable (TimeSpan) -> Void)?
  /// How long whoever asks for a run waits for those who have not answered.
  package var patience: TimeSpan
  /// Is told what alerts may want to tell.
  package var tell: @Sendable (_ world: String, AlertRule.Occasion, _ detail: String) -> Void

  package init(
    board: GateBoard, venues: any CutoverVenues,
    desk: @escaping @Sendable (_ world: String) -> OrderDesk?,
    now: @escaping @Sendable () -> Timestamp, pause: (@Sendable (TimeSpan) -> Void)? = nil,
    patience: TimeSpan = .seconds(2),
    tell: @escaping @Sendable (_ world: String, AlertRule.Occasion, _ detail: String) -> Void = {
      _, _, _ in
    }
  ) {
    self.board = board
    self.venues = venues
    self.desk = desk
    self.now = now
    self.pause = pause
    self.patience = patience
    self.tell = tell
  }

  /// How often those are asked who have not answered.
  static let pauseLength = TimeSpan(milliseconds: 20)
}

/// Carries out the runs of worlds, one in each world at a time, and takes up those that were
/// interrupted.
///
/// A run goes as far as it can and then waits for somebody: holders, brokers, ticks. Whoever drives
/// the world calls ``goOn(_:in:)`` from time to time and with every tick.
package final class CutoverRunner: Sendable {
  private let setup: CutoverSetup
  private let lanes = Mutex<[String: Lane]>([:])

  /// The run of a world that this process carries out. Calls about one world follow on one another.
  private final class Lane: Sendable {
    let run = Mutex<Slot>(Slot())
  }

  /// `CutoverRun` is used by whoever holds the lock of its lane, and by nobody else.
  private struct Slot: @unchecked Sendable {
    var current: CutoverRun?
  }

  package init(_ setup: CutoverSetup) {
    self.setup = setup
  }

  private func lane(_ world: String) -> Lane {
    lanes.withLock { lanes in
      if let lane = lanes[world] { return lane }
      let lane = Lane()
      lanes[world] = lane
      return lane
    }
  }

  /// Carries a plan out as far as it goes; nil where the run waits for somebody. The same run and
  /// plan again have their one outcome, and another plan of its name is refused.
  package func carryOut(
    _ plan: CutoverPlan, in records: any CutoverRecords
  ) throws(CutoverFailure) -> CutoverOutcome? {
    try within(lane(plan.world)) { slot throws(CutoverFailure) in
      try settle(&slot, world: plan.world, in: records)
      switch try admission(of: plan, in: records) {
      case .ended(let outcome): return outcome
      case .refused(let refusal): throw .refused(refusal)
      case .takeUp, .begin: break
      }
      if slot.current == nil {
        let claim = try records.claimRuns(of: plan.world)
        // Another process may have carried it out while its claim was waited for.
        let situation = try records.situation(of: plan.world)
        switch situation.registry.admit(plan, worldEpoch: situation.world.epoch) {
        case .ended(let outcome): return outcome
        case .refused(let refusal): throw .refused(refusal)
        case .takeUp: slot.current = try taken(up: situation, records, claim)
        case .begin: slot.current = try begun(plan, situation, records, claim)
        }
      }
      return try drive(&slot, with: [], in: records)
    }
  }

  /// Takes up what was interrupted in a world, if anything was, and tells all holders how its gates
  /// stand. To be called when a process begins to carry out runs of the world.
  @discardableResult
  package func takeUp(
    _ world: String, in records: any CutoverRecords
  ) throws(CutoverFailure) -> CutoverOutcome? {
    try within(lane(world)) { slot throws(CutoverFailure) in
      setup.board.publish(try records.situation(of: world), at: setup.now())
      guard slot.current == nil, try records.situation(of: world).registry.current != nil else {
        return try drive(&slot, with: [], in: records)
      }
      let claim = try records.claimRuns(of: world)
      let situation = try records.situation(of: world)
      guard situation.registry.current != nil else { return nil }
      slot.current = try taken(up: situation, records, claim)
      return try drive(&slot, with: [], in: records)
    }
  }

  /// Lets the run of a world go on, and tells it what happened; nil where there is none or it still
  /// waits.
  @discardableResult
  package func goOn(
    _ news: [CutoverNews] = [], in world: String, of records: any CutoverRecords
  ) throws(CutoverFailure) -> CutoverOutcome? {
    try within(lane(world)) { slot throws(CutoverFailure) in
      try drive(&slot, with: news, in: records)
    }
  }

  /// The stage of the run that this process carries out in a world, nil where there is none.
  package func stage(in world: String) -> CutoverStage? {
    lane(world).run.withLock { $0.current?.stage }
  }

  /// Renews the leases of all holders of a world, and tells those who missed something.
  package func renewLeases(
    of world: String, in records: any CutoverRecords
  ) throws(CutoverFailure) {
    setup.board.publish(try records.situation(of: world), at: setup.now())
  }

  // MARK: - Driving

  private func within<Result>(
    _ lane: Lane, _ body: (inout Slot) throws(CutoverFailure) -> Result
  ) throws(CutoverFailure) -> Result {
    try lane.run.withLock { slot throws(CutoverFailure) in try body(&slot) }
  }

  private func admission(
    of plan: CutoverPlan, in records: any CutoverRecords
  ) throws(CutoverFailure) -> CutoverRegistry.Admission {
    let situation = try records.situation(of: plan.world)
    return situation.registry.admit(plan, worldEpoch: situation.world.epoch)
  }

  private func begun(
    _ plan: CutoverPlan, _ situation: CutoverSituation, _ records: any CutoverRecords,
    _ claim: any Sendable
  ) throws(CutoverFailure) -> CutoverRun {
    setup.board.publish(situation, at: setup.now())
    do throws(CutoverRefusal) {
      let machine = try Cutover(
        plan, rules: situation.rules, in: situation.world,
        holders: reports(of: situation), at: setup.now())
      return CutoverRun(machine, setup: setup, records: records, claim: claim)
    } catch {
      throw .refused(error)
    }
  }

  private func taken(
    up situation: CutoverSituation, _ records: any CutoverRecords, _ claim: any Sendable
  ) throws(CutoverFailure) -> CutoverRun {
    setup.board.publish(situation, at: setup.now())
    do throws(CutoverRecordFailure) {
      let history = try CutoverHistory(replaying: situation.current)
      let machine = try Cutover(
        replaying: situation.current, worldEpoch: situation.world.epoch,
        holders: reports(of: situation), meanwhile: situation.news(since: history))
      return CutoverRun(machine, setup: setup, records: records, claim: claim)
    } catch {
      throw .unreadable(error)
    }
  }

  private func reports(of situation: CutoverSituation) -> [HolderReport] {
    setup.board.reports(
      of: situation.world.world, at: setup.now(), lease: situation.rules.gateLease)
  }

  /// Lets go of a run that has ended or that somebody else has taken.
  private func settle(
    _ slot: inout Slot, world: String, in records: any CutoverRecords
  ) throws(CutoverFailure) {
    guard let run = slot.current else { return }
    if run.outcome != nil || run.isForeign { slot.current = nil }
  }

  /// Lets the run go on; where it waits for somebody, for as long as the patience lasts.
  private func drive(
    _ slot: inout Slot, with news: [CutoverNews], in records: any CutoverRecords
  ) throws(CutoverFailure) -> CutoverOutcome? {
    guard let run = slot.current else { return nil }
    var waited = TimeSpan.zero
    var news = news
    while true {
      let stage = run.stage
      do throws(CutoverFailure) {
        try run.goOn(with: news)
      } catch {
        // What cannot be recorded is not remembered either; the records say how to go on.
        slot.current = nil
        throw error
      }
      news = []
      if run.outcome != nil || run.isForeign { break }
      if run.stage != stage { continue }
      guard let pause = setup.pause, waited < setup.patience, run.stage != .opening else {
        return nil
      }
      pause(CutoverSetup.pauseLength)
      waited = waited + CutoverSetup.pauseLength
    }
    let name = run.run
    slot.current = nil
    if let outcome = run.outcome { return outcome }
    return try records.situation(of: run.world).registry.runs[name]?.outcome
  }
}

/// A desk of worlds has its runs carried out by a runner.
extension CutoverRunner: CutoverCarrier {
  /// Carries a plan out and records it at the desk; nil where the run waits for somebody.
  package func carryOut(
    _ plan: CutoverPlan, of world: String, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> CutoverOutcome? {
    do throws(CutoverFailure) {
      return try carryOut(plan, in: desk)
    } catch {
      switch error {
      case .refused(let refusal): throw .refused(.cutover(refusal))
      case .records(let failure as WorldDeskFailure): throw failure
      case .records, .unreadable: throw .evidence(error)
      }
    }
  }
}
