import Essentials

extension WorldState {
  /// Returns what follows from a command, or says why nothing does. An empty answer means that all of
  /// it is so already.
  package func decide(
    on command: WorldCommand, by actor: WorldActor
  ) throws(WorldRefusal) -> [WorldEvent] {
    try authorize(command, actor)
    switch command {
    case .publish(let proposal): return try published(proposal)
    case .rollBack(let version, let reason): return try rolledBack(to: version, reason)
    case .declare(let state, let reason): return declare(state, reason)
    case .submit(let submission): return try submitted(submission)
    case .evaluate(let at):
      try requireTime(at)
      return []
    case .approve(let instance, let plan): return try approved(instance, plan, by: actor)
    case .withdraw(let id, let reason): return try moved(id, on: .withdraw, reason)
    case .retry(let id, let reason): return try moved(id, on: .retry, reason)
    case .retire(let id, let reason): return try moved(id, on: .retire, reason)
    case .fail(let id, let reason): return try moved(id, on: .sourceFailed, reason)
    case .setActive(let key, let isActive, let reason):
      return try switched(key, isActive, reason)
    case .freeze(let reason):
      return isFrozen ? [] : following { $0.ruling(hold: .freeze, reason: reason) }
    case .resume(let reason):
      return isFrozen ? following { $0.ruling(hold: .resume, reason: reason) } : []
    case .trip(let trips):
      return following(breaker.events(onCuts: trips).map(WorldEvent.breaker)) {
        $0.ruling(reason: "breaker")
      }
    case .clear(let at):
      return breaking(breaker.events(onClearCycleAt: at, rule: rules.risk.reset))
    case .resetBreaker(let reason): return breaking(breaker.events(onReset: reason))
    case .reconcile(let reason): return following { $0.ruling(reason: reason) }
    case .cutOver(let wish):
      _ = try cutover(wish)
      return []
    case .delete(let reason): return deletion(reason)
    }
  }

  // MARK: - Who

  private func authorize(_ command: WorldCommand, _ actor: WorldActor) throws(WorldRefusal) {
    if isDeleted { throw .deleted(world) }
    let role: WorldRole?
    if isCreated {
      role = rules.roles.role(of: actor)
    } else if case .publish = command {
      // A world that is not there yet is made by an owner of the desk.
      switch actor {
      case .token(_, let ceiling): role = ceiling
      case .commandLine: role = .owner
      case .desk: role = .operator
      }
    } else {
      throw .noWorld(world)
    }
    guard let role, role >= command.roleNeeded else {
      throw .denied(
        world: world, actor: actor.name,
        denial: WorldDenial(command: command.name, role: role, needed: command.roleNeeded))
    }
    if policy == nil, command.roleNeeded != .owner { throw .noPolicy(world) }
  }

  // MARK: - Policies

  private func published(_ proposal: PolicyProposal) throws(WorldRefusal) -> [WorldEvent] {
    guard proposal.policy.world == world else {
      throw .policyOfOtherWorld(world: world, found: proposal.policy.world)
    }
    guard policy?.publication.fingerprint != proposal.fingerprint else { return [] }
    let publication = PolicyPublication(
      version: policies.count + 1, fingerprint: proposal.fingerprint, policy: proposal.policy,
      diff: proposal.diff, reason: proposal.reason)
    return following((isCreated ? [] : [.created]) + [.policyPublished(publication)]) {
      $0.ruling(reason: "policy")
    }
  }

  private func rolledBack(to version: Int, _ reason: String) throws(WorldRefusal) -> [WorldEvent] {
    guard policies.indices.contains(version - 1) else {
      throw .unknownVersion(version, latest: policies.count)
    }
    var publication = policies[version - 1].publication
    guard publication.fingerprint != policy?.publication.fingerprint else { return [] }
    publication.version = policies.count + 1
    publication.diff = ["rolled_back_to": .integer(version)]
    publication.reason = reason
    return following([.policyPublished(publication)]) { $0.ruling(reason: "policy") }
  }

  private func declare(_ state: DeclaredState, _ reason: String) -> [WorldEvent] {
    guard state != declared else { return [] }
    return following([.stateDeclared(state, reason: reason)]) { $0.ruling(reason: "declared") }
  }

  private func deletion(_ reason: String) -> [WorldEvent] {
    following { state in
      let open = state.records.filter { $0.gate.state != .closed }
      guard !open.isEmpty else { return nil }
      return GateRuling(
        epoch: state.epoch + 1,
        gates: open.map { GateChange(GateKey($0.id, $0.side), .closed) }, reason: "deleted")
    } + [.deleted(reason: reason)]
  }

  // MARK: - Instances

  func record(_ id: String) throws(WorldRefusal) -> InstanceRecord {
    guard let record = instances[id] else {
      throw .unknownInstance(id, nearest: nearestName(to: id, among: ids))
    }
    return record
  }

  private func submitted(_ submission: InstanceSubmission) throws(WorldRefusal) -> [WorldEvent] {
    if let objection = submission.objection {
      throw .unusableInstance(submission.id, reason: objection)
    }
    if let known = instances[submission.id] {
      guard known.submission.identity == submission.identity else {
        throw .instanceConflict(submission.id)
      }
      return []
    }
    let twin = records.first {
      $0.phase != .retired && $0.submission.identity == submission.identity
    }
    if let twin { throw .sameInstance(submission.id, as: twin.id) }
    return [.instanceSubmitted(submission)]
  }

  private func moved(
    _ id: String, on event: PhaseEvent, _ reason: String
  ) throws(WorldRefusal) -> [WorldEvent] {
    let record = try record(id)
    try requireNoRun(touching: [id])
    let next: StrategyPhase
    do throws(PhaseMistake) {
      next = try PhaseMachine.phase(after: record.phase, on: event)
    } catch {
      throw .phase(id, error)
    }
    let move = WorldEvent.phaseMoved(
      PhaseMove(instance: id, from: record.phase, to: next, reason: reason))
    guard record.gate.state != .closed else { return [move] }
    // Nothing leaves the phase of money with its gate open.
    let close = GateRuling(
      epoch: epoch + 1, gates: [GateChange(GateKey(id, record.side), .closed)], reason: reason)
    return [.gatesChanged(close), move]
  }

  private func approved(
    _ id: String, _ plan: Fingerprint?, by actor: WorldActor
  ) throws(WorldRefusal) -> [WorldEvent] {
    let record = try record(id)
    guard case .manual(let approvers) = rules.selection.approval else { return [] }
    guard actor != .desk, approvers.contains(actor.name) else {
      throw .notApprover(actor.name, instance: id)
    }
    guard policy?.by != actor.name else { throw .selfApproval(actor.name) }
    guard record.phase == .dryrun else {
      throw .phase(id, .forbidden(from: record.phase, event: .promote))
    }
    if let plan, evaluation?.plan.id != plan { throw .planUnknown(plan.hexadecimal) }
    guard record.approval == nil || record.approval?.plan != plan else { return [] }
    return [.approved(instance: id, plan: plan)]
  }

  // MARK: - Gates

  private func switched(
    _ key: GateKey, _ isActive: Bool, _ reason: String
  ) throws(WorldRefusal) -> [WorldEvent] {
    let record = try record(key.instance)
    guard record.side == key.side else { throw .wrongSide(key.instance, side: key.side) }
    if isActive {
      try requireNoRun(touching: [key.instance])
      guard record.phase == .live else {
        throw .gateStaysClosed(record.id, reason: "it is in phase \(record.phase.rawValue)")
      }
      guard rules.allowsLive else {
        throw .gateStaysClosed(record.id, reason: "the policy lets nothing trade money")
      }
      guard mode == .active else {
        throw .gateStaysClosed(record.id, reason: "the world is \(mode.rawValue)")
      }
    } else if record.gate.isSwitchedOff {
      return []
    }
    guard isActive != (record.gate.state.isOpen && !record.gate.isSwitchedOff) else { return [] }
    return following {
      $0.ruling(
        reason: reason, switches: [GateRuling.Switch(instance: record.id, isActive: isActive)])
    }
  }

  /// What gates should be and are not, nil where all are what they should be.
  ///
  /// Closing concerns every gate; only those are opened that no cutover is about.
  func ruling(
    hold: GateRuling.Hold? = nil, reason: String, switches: [GateRuling.Switch] = []
  ) -> GateRuling? {
    var next = self
    if let hold { next.isFrozen = hold == .freeze }
    for item in switches {
      next.instances[item.instance]?.gate.isSwitchedOff = !item.isActive
      if item.isActive { next.instances[item.instance]?.needsOperator = nil }
    }
    var changes: [GateChange] = []
    for record in next.records where record.phase == .live {
      let wanted = next.gateWanted(of: record)
      guard wanted != record.gate.state else { continue }
      if wanted != .closed, runs.isTouched(record.id) { continue }
      changes.append(GateChange(GateKey(record.id, record.side), wanted))
    }
    guard !changes.isEmpty || hold != nil || !switches.isEmpty else { return nil }
    return GateRuling(
      epoch: epoch + 1, gates: changes, reason: reason, hold: hold, switches: switches)
  }

  /// What the state of the world asks of a gate. Only an active world opens one; what neither must
  /// be closed nor may be opened stays as it is.
  package func gateWanted(of record: InstanceRecord) -> GateState {
    guard record.phase == .live, rules.allowsLive, !isDeleted, !isFrozen, declared != .paused,
      !record.gate.isSwitchedOff, record.needsOperator == nil
    else { return .closed }
    switch breaker.gateBound {
    case .closed: return .closed
    case .reduceOnly: return record.gate.state == .closed ? .closed : .reduceOnly
    case .open: break
    }
    if evaluation?.plan.currency.isHalting == true { return .closed }
    guard mode == .active else { return record.gate.state }
    return .open(weight: weightWanted(of: record))
  }

  /// The weight that the latest plan gives. A plan that also moves phases assumes that they move:
  /// until they do, it can only take weight away.
  private func weightWanted(of record: InstanceRecord) -> Double {
    guard let plan = evaluation?.plan,
      let allocation = plan.allocations.first(where: { $0.instance == record.id })
    else { return record.gate.weight }
    let moves = plan.steps.contains { $0.kind == .promote || $0.kind == .demote }
    return moves ? min(record.gate.weight, allocation.weight) : allocation.weight
  }

  /// The events, and a ruling on the gates as they leave them.
  private func following(
    _ events: [WorldEvent] = [], _ ruling: (WorldState) -> GateRuling?
  ) -> [WorldEvent] {
    var next = self
    for event in events {
      next.take(
        WorldEntry(
          seq: next.lastSeq + 1, at: Timestamp(millisecondsSinceEpoch: 0), actor: "",
          event: event))
    }
    return events + (ruling(next).map { [WorldEvent.gatesChanged($0)] } ?? [])
  }

  private func breaking(_ events: [BreakerEvent]) -> [WorldEvent] {
    guard !events.isEmpty else { return [] }
    return following(events.map(WorldEvent.breaker)) { $0.ruling(reason: "breaker") }
  }

  // MARK: - Time and runs

  private func requireTime(_ at: Timestamp) throws(WorldRefusal) {
    if let last = evaluation?.at, at <= last { throw .clockWentBack(at: at, last: last) }
    guard declared != .paused else { throw .paused(world) }
  }

  func requireNoRun(touching ids: [String]) throws(WorldRefusal) {
    if let run = runs.active?.id, ids.contains(where: { runs.isTouched($0) }) {
      throw .runInProgress(run)
    }
  }
}
