import Essentials

extension WorldState {
  /// Takes in the next event. One that was told already changes nothing.
  package mutating func take(_ entry: WorldEntry) {
    guard entry.seq > lastSeq else { return }
    lastSeq = entry.seq
    switch entry.event {
    case .created: isCreated = true
    case .policyPublished(let publication):
      // The state of a world is what people declare; a document says how it begins.
      if policies.isEmpty { declared = publication.policy.state }
      policies.append(
        PolicyRecord(publication: publication, at: entry.at, by: entry.actor, seq: entry.seq))
      if rules.risk.cuts != risk.rules { risk = RiskCuts(rules.risk.cuts, inheriting: risk) }
    case .stateDeclared(let state, let reason):
      declared = state
      declaration = Declaration(by: entry.actor, reason: reason)
    case .instanceSubmitted(let submission): enter(submission, at: entry.at)
    case .evaluated(let evaluation): take(evaluation, seq: entry.seq)
    case .phaseMoved(let move): take(move, at: entry.at)
    case .approved(let instance, let plan):
      instances[instance]?.approval = InstanceRecord.Approval(
        by: entry.actor, at: entry.at, plan: plan)
    case .cutover(let event): take(event, at: entry.at)
    case .breaker(let event): breaker.take(event, at: entry.at)
    case .observed(let observations, let instant):
      for observation in observations { risk.note(observation, at: instant) }
    case .gatesChanged(let change): take(change)
    case .alerted(let alert): take(alert, at: entry.at)
    case .paperOpened(let terms): paperTerms = paperTerms ?? terms
    case .paperMarked(let mark):
      // The account that stands for money, as a whole, is what is judged.
      if mark.isOfWorld {
        tradedThrough = max(tradedThrough ?? mark.day, mark.day)
        risk.note(.equity(mark.equity), at: mark.day)
      }
      if mark.account == "paper", instances[mark.instance]?.phase == .dryrun,
        instances[mark.instance]?.paper.last.map({ $0.day < mark.day }) ?? true
      {
        instances[mark.instance]?.paper.append(mark)
      }
    case .denied, .paperOrdered, .paperCancelled, .paperFilled: break
    case .deleted: isDeleted = true
    }
  }

  private mutating func enter(_ submission: InstanceSubmission, at: Timestamp) {
    guard instances[submission.id] == nil else { return }
    instances[submission.id] = InstanceRecord(submission, at: at, epoch: epoch)
    ids.insert(submission.id, at: place(of: submission.id))
  }

  /// Where an id that is not there yet belongs in the order of bytes.
  private func place(of id: String) -> Int {
    var low = 0
    var high = ids.count
    while low < high {
      let middle = (low + high) / 2
      if ids[middle].utf8.lexicographicallyPrecedes(id.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  private mutating func take(_ evaluation: WorldEvaluation, seq: Int64) {
    guard self.evaluation.map({ evaluation.at > $0.at }) ?? true, evaluation.cycle >= cycle
    else { return }
    cycle = evaluation.cycle
    if evaluation.plan.mode == .active { countedCycle = cycle }
    self.evaluation = EvaluationRecord(
      cycle: evaluation.cycle, at: evaluation.at, plan: evaluation.plan,
      snapshotFingerprint: evaluation.snapshotFingerprint, epoch: evaluation.epoch, seq: seq)
    for row in evaluation.plan.rows {
      instances[row.instance]?.passes = row.passes
      instances[row.instance]?.fails = row.fails
    }
    for step in evaluation.plan.steps {
      switch step.kind {
      case .startBacktest: move(step.instance, on: .startBacktest, at: evaluation.at)
      case .startDryrun: move(step.instance, on: .startDryrun, at: evaluation.at)
      case .gateClose:
        guard evaluation.epoch > epoch else { break }
        bound(step.instance, epoch: evaluation.epoch)
      case .demote, .promote, .reweight: break
      }
    }
    epoch = max(epoch, evaluation.epoch)
    stand(evaluation.plan.occasions, at: evaluation.at)
  }

  /// Closes a gate as far as the breaker says.
  private mutating func bound(_ id: String, epoch: Int) {
    guard let record = instances[id], bounded(record) != record.gate.state else { return }
    let state = bounded(record)
    instances[id]?.gate.state = state
    instances[id]?.gate.epoch = epoch
  }

  private mutating func stand(_ occasions: [AlertRule.Occasion], at: Timestamp) {
    standing.removeAll { !occasions.contains($0.occasion) }
    for occasion in occasions
    where occasion.lasts && !standing.contains(where: { $0.occasion == occasion }) {
      standing.append(StandingOccasion(occasion: occasion, since: at, told: []))
    }
  }

  private mutating func take(_ alert: WorldAlert, at: Timestamp) {
    alerts.append(AlertRecord(at: at, alert: alert))
    if alerts.count > Self.alertsMax { alerts.removeFirst(alerts.count - Self.alertsMax) }
    for place in standing.indices where standing[place].occasion == alert.occasion {
      standing[place].told.append(alert)
    }
  }

  private mutating func take(_ move: PhaseMove, at: Timestamp) {
    guard let event = PhaseMachine.event(from: move.from, to: move.to),
      instances[move.instance]?.phase == move.from
    else {
      strayMoves += 1
      return
    }
    self.move(move.instance, on: event, at: at)
  }

  mutating func move(_ id: String, on event: PhaseEvent, at: Timestamp) {
    guard let record = instances[id],
      let next = try? PhaseMachine.phase(after: record.phase, on: event)
    else {
      strayMoves += 1
      return
    }
    instances[id]?.enter(next, at: at, cycle: cycle)
  }

  private mutating func take(_ ruling: GateRuling) {
    guard ruling.epoch > epoch else {
      staleChanges += 1
      return
    }
    epoch = ruling.epoch
    switch ruling.hold {
    case .freeze: isFrozen = true
    case .resume: isFrozen = false
    case nil: break
    }
    for item in ruling.switches {
      instances[item.instance]?.gate.isSwitchedOff = !item.isActive
      if item.isActive { instances[item.instance]?.needsOperator = nil }
    }
    for change in ruling.gates { set(change, epoch: ruling.epoch) }
  }

  /// Sets one gate. Only what is live may be let through.
  mutating func set(_ change: GateChange, epoch: Int) {
    guard let record = instances[change.key.instance], record.side == change.key.side,
      record.phase == .live || change.state == .closed
    else {
      strayMoves += 1
      return
    }
    instances[record.id]?.gate.state = change.state
    if let weight = change.state.weight { instances[record.id]?.gate.weight = weight }
    instances[record.id]?.gate.epoch = epoch
  }
}
