import Essentials

/// What every sound policy keeps, tried on the situations of its cases.
///
/// 1. *Better is never worse*: a measure that speaks for a strategy, moved its way, never turns a
///    verdict of pass into another, nor lowers a rank.
/// 2. *What is constant settles*: where nothing is learned any more, an instance changes its phase a
///    bounded number of times and then stays.
package struct PolicyLaws: Hashable, Sendable {
  /// How many comparisons were made.
  package private(set) var trials = 0
  /// What breaks a law, each as a sentence.
  package private(set) var violations: [String] = []

  /// From entry to money and back to paper: submitted, backtest, dryrun, live, inactive, dryrun. A
  /// strategy that moves more often under constant evidence flaps.
  package static let movesMax = 5

  /// Tries the laws on the situations of cases. Cost: for each case some ten decisions for each
  /// measure of each instance that passes, and some ``settlingCycles``.
  package init(_ cases: [PolicyCase], of policy: WorldPolicy) {
    let fingerprint = policy.fingerprint
    let measures = policy.measures
    let catalog = MetricCatalog(external: policy.metrics.external)
    for item in cases {
      let plan = WorldDecision.decide(
        item.snapshot, policy, snapshotFingerprint: fingerprint)
      for measure in measures {
        guard let direction = catalog.meaning(of: measure.base)?.direction,
          direction != .neither
        else { continue }
        for row in plan.rows where row.verdict == .pass {
          improve(measure, of: row, in: item, under: policy, direction == .higherIsBetter)
        }
      }
      settle(item, under: policy, fingerprint)
    }
  }

  private static let steps = [0.01, 0.1, 1, 10]

  private mutating func improve(
    _ measure: MetricName, of row: WorldPlan.Row, in item: PolicyCase, under policy: WorldPolicy,
    _ isHigherBetter: Bool
  ) {
    let snapshot = item.snapshot
    guard let place = snapshot.instances.firstIndex(where: { $0.id == row.instance }),
      let value = snapshot.evidence.column(measure)?.values[place], value.isFinite
    else { return }
    for step in Self.steps {
      trials += 1
      // Measures of which less is better are not negative.
      let better = isHigherBetter ? value + step : value / (1 + step)
      let plan = WorldDecision.decide(
        snapshot.with(measure, better, at: place), policy,
        snapshotFingerprint: snapshot.policyFingerprint)
      guard let after = plan.rows.first(where: { $0.instance == row.instance }) else { continue }
      if after.verdict != .pass {
        violations.append(
          "`\(item.name)`: \(measure) of \(row.instance) from \(value) to \(better), which is "
            + "better, turns pass into \(after.verdict.rawValue).")
        return
      }
      if let before = row.rank, let rank = after.rank, rank > before {
        violations.append(
          "`\(item.name)`: \(measure) of \(row.instance) from \(value) to \(better), which is "
            + "better, lowers its rank from \(before) to \(rank).")
        return
      }
    }
  }

  /// Enough for every streak to fill and every rest to end several times over.
  private static let settlingCycles = 120

  private mutating func settle(
    _ item: PolicyCase, under policy: WorldPolicy, _ fingerprint: Fingerprint
  ) {
    var policy = policy
    policy.allowsLive = true
    policy.selection.approval = .auto
    let rules = policy.selection.hysteresis
    let streaks = max(1, max(rules.promoteAfter, rules.demoteAfter))
    // Time passes fast enough for rests to end, whatever a cycle lasts.
    let rest = max(rules.dwellMin, rules.cooldown)
    let cycle = max(
      policy.evaluation.every ?? policy.interval,
      TimeSpan(milliseconds: rest.milliseconds / Int64(streaks) + 1))
    var rehearsal = PhaseRehearsal(item.snapshot.instances)
    var snapshot = item.snapshot
    var late = 0
    let cycles = max(Self.settlingCycles, 12 * streaks)
    for number in 1...cycles {
      let moved = rehearsal.moves.count
      rehearsal.take(
        WorldDecision.decide(snapshot, policy, snapshotFingerprint: fingerprint))
      if number > cycles / 2 { late += rehearsal.moves.count - moved }
      snapshot = snapshot.later(
        at: snapshot.at + cycle, cycle: snapshot.cycle + 1, instances: rehearsal.instances,
        under: policy, fingerprint: fingerprint)
    }
    trials += 1
    for instance in rehearsal.instances {
      let count = rehearsal.moves.count { $0.instance == instance.id }
      if count > Self.movesMax {
        violations.append(
          "`\(item.name)`: \(instance.id) changes its phase \(count) times in \(cycles) cycles in "
            + "which nothing is learned.")
      }
    }
    if late > 0, violations.isEmpty {
      violations.append(
        "`\(item.name)`: phases still change after \(cycles / 2) cycles in which nothing is "
          + "learned.")
    }
  }
}

extension WorldSnapshot {
  /// The snapshot with one measure of one instance changed.
  fileprivate func with(_ name: MetricName, _ value: Double, at place: Int) -> WorldSnapshot {
    var table = evidence
    for index in table.columns.indices where table.columns[index].name == name {
      table.columns[index].values[place] = value
    }
    return WorldSnapshot(
      world: world, policyVersion: policyVersion, policyFingerprint: policyFingerprint, at: at,
      cycle: cycle, countedCycle: countedCycle, epoch: epoch, declared: declared,
      breaker: breaker, datasets: datasets, instances: instances, evidence: table,
      correlations: correlations, portfolio: portfolio)
  }
}
