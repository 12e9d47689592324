import Essentials

extension WorldState {
  /// Takes in a step of a cutover: phases, then gates and weights, at its epoch.
  mutating func take(_ event: CutoverEvent, at: Timestamp) {
    guard runs.take(event, at: at) else { return }
    guard let next = event.epoch else { return }
    guard next >= epoch else {
      staleChanges += 1
      return
    }
    for item in event.phases {
      guard let record = instances[item.instance],
        let step = PhaseMachine.event(from: record.phase, to: item.phase)
      else {
        strayMoves += 1
        continue
      }
      move(item.instance, on: step, at: at)
    }
    for weighted in event.weights where instances[weighted.key.instance]?.phase == .live {
      instances[weighted.key.instance]?.gate.weight = weighted.weight
    }
    for change in event.gates { set(change, epoch: next) }
    for id in event.outcome?.needsOperator ?? [] {
      let reason = event.outcome?.reason ?? ""
      // A run that came to its end leaves somebody behind only for orders of the transition.
      instances[id]?.needsOperator = reason.isEmpty ? "transition" : reason
    }
    epoch = next
  }

  /// What a cutover must know of the world before it begins.
  package var cutoverWorld: CutoverWorld {
    let places = rules.selection.topK
    return CutoverWorld(
      world: world, epoch: epoch, mode: mode, allowsLive: rules.allowsLive,
      standings: records.map { record in
        CutoverStanding(
          GateKey(record.id, record.side), phase: record.phase, weight: record.gate.weight,
          gate: record.gate.state)
      },
      liveMax: CutoverWorld.LiveMax(
        total: places.total, long: places.spills ? nil : places.long,
        short: places.spills ? nil : places.short))
  }

  /// The name of the run that carries out a plan: the same for the same plan, so that it is carried
  /// out once however often it is asked for.
  package static func run(of plan: WorldPlan) -> String {
    "\(plan.world).\(plan.cycle).\(plan.id.short)"
  }

  /// What a wish comes to, nil where it comes to nothing.
  ///
  /// - Parameter run: the name of the run, nil for one that follows from what is wished and the epoch.
  package func cutover(
    _ wish: CutoverWish, run: String? = nil
  ) throws(WorldRefusal) -> CutoverPlan? {
    switch wish {
    case .plan(let id):
      guard let evaluation, evaluation.plan.id == id else {
        throw .planUnknown(id.hexadecimal)
      }
      let plan = evaluation.plan
      guard plan.steps.contains(where: { $0.kind == .promote || $0.kind == .demote }) else {
        return nil
      }
      var whole = CutoverPlan(run: run ?? Self.run(of: plan), applying: plan)
      // Weights of gates that are closed follow when they open.
      whole.reweight.removeAll { instances[$0.key.instance]?.gate.state.isOpen != true }
      // What the evaluation itself closed makes its plan no older.
      if plan.epoch < evaluation.epoch { whole.baseEpoch = evaluation.epoch }
      return whole
    case .promote(let ids, _):
      var weighted: [CutoverPlan.Weighted] = []
      for id in ids {
        let record = try record(id)
        guard record.phase != .live else { continue }
        weighted.append(
          CutoverPlan.Weighted(
            GateKey(id, record.side), weight: try weightOfPromotion(of: record)))
      }
      return named(
        run,
        CutoverPlan(
          run: "", world: world, planID: evaluation?.plan.id.hexadecimal ?? "", baseEpoch: epoch,
          promote: weighted))
    case .demote(let ids, _):
      var keys: [GateKey] = []
      for id in ids {
        let record = try record(id)
        guard record.phase != .inactive else { continue }
        guard record.phase == .live else {
          throw .phase(id, .forbidden(from: record.phase, event: .demote))
        }
        keys.append(GateKey(id, record.side))
      }
      return named(
        run, CutoverPlan(run: "", world: world, planID: "", baseEpoch: epoch, demote: keys))
    }
  }

  /// A person promotes what the latest plan lets go live, and nothing else: dwell, streaks and places
  /// are never passed over.
  private func weightOfPromotion(of record: InstanceRecord) throws(WorldRefusal) -> Double {
    guard record.phase == .dryrun else {
      throw .phase(record.id, .forbidden(from: record.phase, event: .promote))
    }
    guard let plan = evaluation?.plan,
      let row = plan.rows.first(where: { $0.instance == record.id })
    else { throw .notPromotable(record.id, reason: "it was not judged yet") }
    guard row.action == .promote,
      let allocation = plan.allocations.first(where: { $0.instance == record.id })
    else {
      let reason = row.hold?.description ?? row.rejection?.description ?? row.verdict.rawValue
      throw .notPromotable(record.id, reason: reason)
    }
    return allocation.weight
  }

  private func named(_ run: String?, _ plan: CutoverPlan) -> CutoverPlan? {
    guard !plan.isEmpty else { return nil }
    var plan = plan
    plan.run = run ?? "\(world).hand.\(plan.hash.short)"
    return plan
  }
}
