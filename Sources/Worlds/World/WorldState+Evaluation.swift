package import Essentials

extension WorldState {
  /// The number of the cycle that an instant belongs to: the last one where no new interval of the
  /// schedule has begun since, otherwise the next.
  package func cycle(at instant: Timestamp) -> Int {
    guard let evaluation else { return 1 }
    return interval(of: instant) > interval(of: evaluation.at) ? cycle + 1 : cycle
  }

  private var period: Int64 {
    max(1, (rules.evaluation.every ?? rules.interval).milliseconds)
  }

  private func interval(of instant: Timestamp) -> Int64 {
    let since = instant.millisecondsSinceEpoch - rules.evaluation.offset.milliseconds
    return since >= 0 ? since / period : (since - period + 1) / period
  }

  /// When the schedule evaluates after an instant.
  package func nextEvaluation(after instant: Timestamp) -> Timestamp {
    Timestamp(
      millisecondsSinceEpoch: (interval(of: instant) + 1) * period
        + rules.evaluation.offset.milliseconds)
  }

  /// The instances whose evidence a decision needs, in order: all that are not given up.
  package var judged: [InstanceRecord] {
    records.filter { $0.phase != .retired && $0.phase != .failed }
  }

  /// What a decision at an instant sees. An instance that the evidence does not tell of has no
  /// history and only unknown measures.
  package func snapshot(
    at instant: Timestamp, evidence: CycleEvidence, portfolio: WorldSnapshot.Portfolio
  ) throws(WorldRefusal) -> WorldSnapshot {
    guard let policy else { throw .noPolicy(world) }
    var places: [String: Int] = [:]
    for (place, item) in evidence.instances.enumerated() where places[item.id] == nil {
      places[item.id] = place
    }
    let records = judged
    let rows = records.map { places[$0.id] }
    return WorldSnapshot(
      world: world, policyVersion: policy.publication.version,
      policyFingerprint: policy.publication.fingerprint, at: instant, cycle: cycle(at: instant),
      countedCycle: countedCycle, epoch: epoch, declared: declaredForDecision,
      breaker: WorldSnapshot.Breaker(
        isTripped: !breaker.isArmed, reason: breaker.reason, since: breaker.since),
      datasets: evidence.datasets,
      instances: zip(records, rows).map { record, row in
        instance(record, row.map { evidence.instances[$0] })
      },
      evidence: evidence.table.picking(rows),
      correlations: evidence.correlations.map { $0.picking(rows) }, portfolio: portfolio)
  }

  private func instance(
    _ record: InstanceRecord, _ evidence: InstanceEvidence?
  ) -> WorldSnapshot.Instance {
    let submission = record.submission
    func named(_ name: String?) -> [WorldSnapshot.Share] {
      name.map { [WorldSnapshot.Share($0, 1)] } ?? []
    }
    func first(_ measured: [WorldSnapshot.Share]?, _ declared: [WorldSnapshot.Share])
      -> [WorldSnapshot.Share]
    {
      measured.flatMap { $0.isEmpty ? nil : $0 } ?? declared
    }
    let share = 1 / Double(max(1, submission.symbols.count))
    return WorldSnapshot.Instance(
      id: record.id, strategy: submission.strategy, params: submission.paramsFingerprint,
      side: record.side, phase: record.phase, phaseSince: record.phaseSince,
      passes: record.passes, fails: record.fails, history: evidence?.history ?? .zero,
      isWarm: evidence?.isWarm ?? false,
      symbols: first(
        evidence?.symbols, submission.symbols.map { WorldSnapshot.Share($0, share) }),
      sectors: first(evidence?.sectors, named(submission.sector)),
      venues: first(evidence?.venues, named(submission.venue)),
      broker: submission.broker ?? "", volatility: evidence?.volatility ?? .nan,
      isApproved: record.approval != nil,
      weight: record.phase == .live ? record.gate.weight : 0,
      isGateClosed: record.gate.state == .closed)
  }

  /// What is recorded of a decision.
  ///
  /// - Parameter snapshot: nil where an equal one is on record.
  package func evaluated(
    _ plan: WorldPlan, snapshot: JSONValue?
  ) -> WorldEvaluation {
    let closes = plan.steps.contains { step in
      step.kind == .gateClose
        && instances[step.instance].map { bounded($0) != $0.gate.state } ?? false
    }
    return WorldEvaluation(
      cycle: plan.cycle, at: plan.at, snapshotFingerprint: plan.snapshot, snapshot: snapshot,
      plan: plan, epoch: closes ? epoch + 1 : epoch)
  }

  /// What a gate becomes that a plan closes: closed, or as far open as the breaker lets it.
  func bounded(_ record: InstanceRecord) -> GateState {
    let isReducing = !breaker.isArmed && breaker.gateBound == .reduceOnly
    return record.gate.state == .closed || !isReducing ? .closed : .reduceOnly
  }
}

extension EvidenceTable {
  /// The table with the rows that are named, unknown where nil.
  fileprivate func picking(_ rows: [Int?]) -> EvidenceTable {
    if rows.enumerated().allSatisfy({ $0.offset == $0.element }),
      columns.allSatisfy({ $0.values.count == rows.count })
    {
      return self
    }
    func picked(_ values: [Double]) -> [Double] {
      values.isEmpty ? [] : rows.map { $0.map { values[$0] } ?? .nan }
    }
    return EvidenceTable(
      columns.map { column in
        Column(
          column.name, values: rows.map { $0.map { column.values[$0] } ?? .nan },
          days: picked(column.days), trades: picked(column.trades), bars: picked(column.bars))
      })
  }
}

extension CorrelationTable {
  /// The table of the instances that are named, unknown where nil.
  fileprivate func picking(_ rows: [Int?]) -> CorrelationTable {
    if rows.count == count, rows.enumerated().allSatisfy({ $0.offset == $0.element }) {
      return self
    }
    var values: [Double] = []
    var overlaps: [Double] = []
    for high in rows.indices {
      for low in 0..<high {
        guard let left = rows[low], let right = rows[high] else {
          values.append(.nan)
          overlaps.append(.nan)
          continue
        }
        values.append(self[left, right])
        overlaps.append(overlap(left, right))
      }
    }
    return CorrelationTable(
      count: rows.count, values: values, overlaps: self.overlaps.isEmpty ? [] : overlaps)
  }
}
