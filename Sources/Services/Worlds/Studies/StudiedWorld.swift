import Backtesting
import Essentials
import Worlds

/// A world whose instances are records of returns: rows are told one after the other, and in each
/// cycle the real decision is taken on the real measures of what is known by then.
///
/// Promotions need no approval and `allow_live` is taken to be true, since the question is whom the
/// policy would let go live. Data is never late, and every plan is carried out at once. Where the
/// policy permits (``WorldPolicy/isMonotoneInKnowledge``), measures that are dear to compute are left
/// unknown for those whose verdict is settled without them, which changes no verdict.
struct StudiedWorld {
  private let policy: WorldPolicy
  private let measures: PolicyMeasures
  private var streams: [StreamingEvidence]
  /// Rows of what instances hold, before the sign of their sides.
  private var held: [[Double]]
  private(set) var rehearsal: PhaseRehearsal
  /// The end of the last row.
  private(set) var at: Timestamp
  private var cycle = 0
  private var rows = 0
  private let correlationRows: Int

  /// Nobody asks for the identity of these plans.
  private static let fingerprint = Fingerprint(of: "rehearsal")
  /// The instant before the first row: 2000-01-01.
  private static let beginning = Timestamp(millisecondsSinceEpoch: 946_684_800_000)

  /// - Parameters:
  ///   - sides: one for each instance.
  ///   - trials: how many variants each instance was chosen from, as the policy is told.
  init(sides: [TradingSide], under policy: WorldPolicy, trials: Int = 1) {
    var policy = policy
    policy.allowsLive = true
    policy.selection.approval = .auto
    self.policy = policy
    let measures = PolicyMeasures(policy, trials: trials)
    self.measures = measures
    streams = sides.map { _ in
      StreamingEvidence(requests: measures.requests, settings: measures.settings)
    }
    held = sides.map { _ in [] }
    at = Self.beginning
    let digits = String(max(1, sides.count)).count
    rehearsal = PhaseRehearsal(
      sides.enumerated().map { place, side in
        let number = String(place + 1)
        let id = "s" + String(repeating: "0", count: digits - number.count) + number
        return WorldSnapshot.Instance(
          id: id, strategy: id, params: Self.fingerprint, side: side, phase: .submitted,
          phaseSince: Self.beginning, history: .zero, isWarm: true,
          symbols: [WorldSnapshot.Share(id, 1)])
      })
    let length = policy.selection.correlation.flatMap { rule in
      if case .bars(let count) = rule.window { return count }
      return policy.metrics.length(of: rule.window).map {
        Int($0.milliseconds / max(1, policy.interval.milliseconds))
      }
    }
    correlationRows = length ?? 0
  }

  var instances: [WorldSnapshot.Instance] { rehearsal.instances }

  /// Takes the next row of each instance; NaN is a row that is missing.
  mutating func take(_ returns: [Double]) {
    at = at + policy.interval
    rows += 1
    for place in streams.indices {
      let hasPaper =
        rehearsal.instances[place].phase.isJudged
        || rehearsal.instances[place].phase == .inactive
      let row = EvidenceRow(
        instant: at, netReturn: returns[place], trades: 1, turnover: 1,
        origin: hasPaper ? .paper : .simulated)
      do throws(EvidenceFailure) {
        try streams[place].append(row)
      } catch {
        preconditionFailure("rows of a rehearsal follow each other: \(error)")
      }
      held[place].append(rehearsal.instances[place].side.sign * returns[place])
    }
  }

  /// Takes a decision and carries it out.
  mutating func decide() -> WorldPlan {
    cycle += 1
    let year = measures.settings.annualise.squareRoot()
    let history = TimeSpan(milliseconds: Int64(rows) * policy.interval.milliseconds)
    for place in streams.indices {
      let volatility = streams[place].measure(measures.volatilityRequest).value / year
      rehearsal.update(place) {
        $0.history = history
        $0.volatility = volatility
      }
    }
    let judged = rehearsal.instances.indices.filter { rehearsal.instances[$0].phase.isJudged }
    var table = measures.measures.map { measure in
      column(measure, judged: measures.isSparing && measure.isSlow ? [] : judged)
    }
    var snapshot = snapshot(table, correlations: nil)
    let undecided = measures.isSparing || streams.count > 1 ? open(judged, in: snapshot) : []
    if !undecided.isEmpty {
      if measures.isSparing {
        for (place, measure) in measures.measures.enumerated() where measure.isSlow {
          table[place] = column(measure, judged: undecided)
        }
      }
      snapshot = self.snapshot(table, correlations: undecided.count > 1 ? correlations : nil)
    }
    let plan = WorldDecision.decide(snapshot, policy, snapshotFingerprint: Self.fingerprint)
    rehearsal.take(plan)
    return plan
  }

  /// Those whose verdict is not settled to be a failure.
  private func open(_ judged: [Int], in snapshot: WorldSnapshot) -> [Int] {
    guard !judged.isEmpty else { return [] }
    let evaluation = ExpressionEvaluation(snapshot, under: policy)
    let entry = evaluation.truths(policy.entryGate)
    let hasLive = judged.contains { rehearsal.instances[$0].phase == .live }
    let keep =
      hasLive ? evaluation.truths(policy.selection.keep ?? policy.selection.gates) : entry
    return judged.filter {
      (rehearsal.instances[$0].phase == .live ? keep : entry)[$0] != .no
    }
  }

  private func column(
    _ measure: PolicyMeasures.Measure, judged: [Int]
  ) -> EvidenceTable.Column {
    let count = streams.count
    var column = EvidenceTable.Column(
      measure.name, values: [Double](repeating: .nan, count: count),
      days: [Double](repeating: .nan, count: count),
      trades: [Double](repeating: .nan, count: count),
      bars: [Double](repeating: .nan, count: count))
    guard let request = measure.request else {
      if measure.name.base == "data_age" {
        column.values = [Double](repeating: 0, count: count)
      } else if measure.name == MetricName(base: "phase_age") {
        column.values = rehearsal.instances.map { (at - $0.phaseSince).seconds }
      }
      return column
    }
    for place in judged {
      let sampled = streams[place].measure(request)
      column.values[place] = sampled.value
      column.days[place] = Double(sampled.days)
      column.trades[place] = Double(sampled.trades)
      column.bars[place] = Double(sampled.bars)
    }
    return column
  }

  private func snapshot(
    _ columns: [EvidenceTable.Column], correlations: CorrelationTable?
  ) -> WorldSnapshot {
    WorldSnapshot(
      world: policy.world, policyVersion: policy.version, policyFingerprint: Self.fingerprint,
      at: at, cycle: cycle, epoch: 0, declared: .active, breaker: .armed,
      datasets: [.init(id: "rehearsal", dataEnd: at, fingerprint: "")],
      instances: rehearsal.instances, evidence: EvidenceTable(columns),
      correlations: correlations,
      portfolio: .init(equity: 1, sessionOpen: 1, sessionPeak: 1, marginUsed: 0))
  }

  private var correlations: CorrelationTable? {
    guard correlationRows > 1 else { return nil }
    let matrix = CorrelationMatrix(of: held.map { Array($0.suffix(correlationRows)) })
    return CorrelationTable(
      count: matrix.count, values: matrix.values,
      overlaps: matrix.overlaps.map { Double($0) * policy.interval.days })
  }
}
