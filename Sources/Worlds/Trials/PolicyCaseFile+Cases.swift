import Essentials

extension PolicyCaseFile {
  /// The cases as they are put to a policy.
  package func cases(under policy: WorldPolicy) -> [PolicyCase] {
    let fingerprint = policy.fingerprint
    return entries.map { entry in
      PolicyCase(
        name: entry.name, snapshot: entry.given.snapshot(under: policy, fingerprint),
        expected: entry.expected)
    }
  }
}

extension PolicyCaseFile.Situation {
  /// When every case happens, which decides nothing: 2024-01-01.
  private static let instant = Timestamp(millisecondsSinceEpoch: 1_704_067_200_000)

  fileprivate func snapshot(
    under policy: WorldPolicy, _ fingerprint: Fingerprint
  ) -> WorldSnapshot {
    let at = Self.instant
    let slots = SlotWeights(policy)
    var names: [MetricName] = []
    for measure in instances.flatMap(\.metrics) {
      if let name = MetricName(measure.name), !names.contains(name) { names.append(name) }
    }
    let columns = names.sorted().map { name in
      let measures = instances.map { candidate in
        candidate.metrics.first { MetricName($0.name) == name }
      }
      func samples(
        _ own: (PolicyCaseFile.NamedMeasure) -> Double?,
        _ common: (PolicyCaseFile.Candidate) -> Double?
      ) -> [Double] {
        zip(measures, instances).map { $0.flatMap(own) ?? common($1) ?? .nan }
      }
      return EvidenceTable.Column(
        name, values: measures.map { $0?.value ?? .nan }, days: samples(\.days, \.days),
        trades: samples(\.trades, \.trades), bars: samples(\.bars, \.bars))
    }
    return WorldSnapshot(
      world: policy.world, policyVersion: policy.version, policyFingerprint: fingerprint,
      at: at, cycle: 1, countedCycle: isCounted ? 1 : nil, epoch: 0, declared: declared,
      breaker: breaker == .armed
        ? .armed : WorldSnapshot.Breaker(isTripped: true, reason: "case", since: at),
      datasets: lag.map { lag in
        [.init(id: "data", dataEnd: at - lag + lead, fingerprint: "")]
      } ?? [],
      instances: instances.map { $0.instance(at: at, slots) },
      evidence: EvidenceTable(columns), correlations: correlations,
      portfolio: .init(
        equity: equity, sessionOpen: equity, sessionPeak: equity, marginUsed: marginUsed))
  }

  private var correlations: CorrelationTable {
    let count = instances.count
    let pairCount = count * (count - 1) / 2
    var table = CorrelationTable(
      count: count, values: [Double](repeating: correlation ?? .nan, count: pairCount),
      overlaps: [Double](repeating: overlap.days, count: pairCount))
    for pair in pairs {
      let places = pair.between.compactMap { id in instances.firstIndex { $0.id == id } }
      if places.count == 2 { table[places[0], places[1]] = pair.value ?? .nan }
    }
    return table
  }
}

extension PolicyCaseFile.Candidate {
  fileprivate func instance(at: Timestamp, _ slots: SlotWeights) -> WorldSnapshot.Instance {
    func named(_ name: String?) -> [WorldSnapshot.Share] {
      name.map { [WorldSnapshot.Share($0, 1)] } ?? []
    }
    return WorldSnapshot.Instance(
      id: id, strategy: strategy ?? id, params: Fingerprint(of: id), side: side, phase: phase,
      phaseSince: at - age, passes: passes, fails: fails, history: history, isWarm: isWarm,
      symbols: symbols.isEmpty
        ? named("symbol of \(id)") : symbols.map { WorldSnapshot.Share($0.name, $0.share) },
      sectors: named(sector), venues: named(venue), broker: broker ?? "",
      volatility: volatility ?? .nan, isApproved: isApproved,
      weight: weight ?? (phase == .live ? slots[side] : 0), isGateClosed: isGateClosed)
  }
}
