import Essentials
import Mathematics
import Worlds

/// Decisions: who trades among so many instances, beside a plain version that looks at one instance
/// after the other and keeps its facts in dictionaries.
///
/// The evidence is that of the comparison with other programs: Sharpe ratios normal around 0.9 with
/// 0.5, drawdowns |normal| around 0.15 with 0.07, 10 to 400 days, 0 to 200 trades, correlations
/// uniform from -0.2 to 0.95, every third instance an incumbent; eight places.
struct DecisionSuite {
  private let rounds: Int

  init(arguments: [String]) {
    rounds = arguments.first.flatMap { Int($0) } ?? 30
  }

  func run() {
    var figures: [(String, String)] = [("suite", "\"decide\"")]
    let cases: [(name: String, count: Int, isCorrelated: Bool, incumbents: Int)] = [
      ("1000_correlated", 1000, true, 334), ("10000", 10_000, false, 3334),
      ("10000_correlated", 10_000, true, 8),
    ]
    for (name, count, isCorrelated, incumbents) in cases {
      let field = Field(count: count, isCorrelated: isCorrelated, incumbents: incumbents)
      let fingerprint = Fingerprint(of: name)
      var admitted = 0
      let fast = (0..<rounds).map { _ in
        Benchmark.seconds {
          let plan = WorldDecision.decide(
            field.snapshot, field.policy, snapshotFingerprint: fingerprint)
          admitted = plan.rows.count { $0.isAdmitted }
        }
      }
      figures.append(("decide_\(name)_ms", "\(Benchmark.median(fast) * 1000)"))
      figures.append(("decide_\(name)_worst_ms", "\((fast.max() ?? .nan) * 1000)"))
      // A dictionary of fifty million pairs would measure the memory of the machine.
      guard count * count * (isCorrelated ? 1 : 0) <= 1_000_000 else { continue }
      let plain = PlainField(field)
      var chosen: [String] = []
      let slow = (0..<max(3, rounds / 10)).map { _ in
        Benchmark.seconds { chosen = plain.decided() }
      }
      precondition(chosen.count == admitted, "the plain version admits others")
      figures.append(
        ("decide_\(name)_times_plain", "\(Benchmark.median(slow) / Benchmark.median(fast))"))
    }
    let snapshot = Field(count: 1000, isCorrelated: true, incumbents: 334).snapshot
    let digests = (0..<3).map { _ in Benchmark.seconds { _ = snapshot.fingerprint } }
    figures.append(("digest_1000_correlated_ms", "\(Benchmark.median(digests) * 1000)"))
    figures.append(("peak_mib", "\(Benchmark.peakMemory)"))
    Benchmark.answer(figures)
  }
}

/// A snapshot and a policy with eight places.
private struct Field {
  let snapshot: WorldSnapshot
  let policy: WorldPolicy

  static let sharpe = MetricName(base: "sharpe", over: .mid)
  static let drawdown = MetricName(base: "max_dd", over: .days(120))
  static let days = MetricName(base: "sample_days", over: nil)
  static let trades = MetricName(base: "trades", over: .days(60))

  init(count: Int, isCorrelated: Bool, incumbents: Int) {
    var chance = SplitMix64(seed: 7)
    func uniform(_ low: Double, _ high: Double) -> Double {
      Double.random(in: low..<high, using: &chance)
    }
    func normal(_ mean: Double, _ deviation: Double) -> Double {
      mean + deviation * StandardNormal.quantile(uniform(1e-12, 1))
    }
    func column(_ name: MetricName, _ value: () -> Double) -> EvidenceTable.Column {
      EvidenceTable.Column(name, values: (0..<count).map { _ in value() })
    }
    let columns = [
      column(Self.sharpe) { normal(0.9, 0.5) },
      column(Self.drawdown) { abs(normal(0.15, 0.07)) },
      column(Self.days) { uniform(10, 401).rounded(.down) },
      column(Self.trades) { uniform(0, 201).rounded(.down) },
      column(MetricName(base: "winrate", over: .long)) { uniform(0, 1) },
      column(MetricName(base: "ulcer", over: .mid)) { uniform(0, 0.1) },
    ]
    let pairs = isCorrelated ? (0..<count * (count - 1) / 2).map { _ in uniform(-0.2, 0.95) } : []
    let at = Timestamp(millisecondsSinceEpoch: 1_760_000_000_000)
    let params = Fingerprint(of: "params")
    let instances = (0..<count).map { place in
      let id = "s" + String(repeating: "0", count: 6 - String(place).count) + String(place)
      let isLive = place % 3 == 0 && place / 3 < incumbents
      return WorldSnapshot.Instance(
        id: id, strategy: id, params: params, side: .long, phase: isLive ? .live : .dryrun,
        phaseSince: at - .days(20), passes: 1, history: .days(400), isWarm: true,
        symbols: [.init(id, 1)], volatility: 0.01, weight: isLive ? 0.05 : 0)
    }
    snapshot = WorldSnapshot(
      world: "bench", policyVersion: 1, policyFingerprint: Fingerprint(of: "policy"), at: at,
      cycle: 1, epoch: 1, declared: .active, breaker: .armed,
      datasets: [.init(id: "d", dataEnd: at, fingerprint: "")], instances: instances,
      evidence: EvidenceTable(columns),
      correlations: isCorrelated ? CorrelationTable(count: count, values: pairs) : nil,
      portfolio: .init(equity: 1, sessionOpen: 1, sessionPeak: 1, marginUsed: 0))

    func gate(sharpe: Double) -> PolicyGate {
      let demands: [(MetricName, PolicyOperator, Double)] = [
        (Self.sharpe, .greaterOrEqual, sharpe), (Self.drawdown, .lessOrEqual, 0.25),
        (Self.days, .greaterOrEqual, 30), (Self.trades, .greaterOrEqual, 40),
      ]
      return .and(
        demands.map { .expression(.binary($0.1, .metric($0.0), .number($0.2))) })
    }
    var policy = WorldPolicy(world: "bench")
    policy.allowsLive = true
    policy.selection.gates = gate(sharpe: 0.6)
    policy.selection.keep = gate(sharpe: 0.4)
    policy.selection.score = .metric(Self.sharpe)
    policy.selection.topK.total = 8
    policy.selection.topK.long = 8
    policy.selection.topK.short = 0
    if isCorrelated {
      policy.selection.correlation = .init(pairwiseMax: 0.85)
      policy.selection.correlation?.overlapMin = .zero
    }
    self.policy = policy
  }
}

/// The same facts by name, and the rules one instance at a time.
private struct PlainField {
  private let policy: WorldPolicy
  private let ids: [String]
  private let live: Set<String>
  private let measures: [String: [String: Double]]
  private let correlations: [String: [String: Double]]

  init(_ field: Field) {
    policy = field.policy
    ids = field.snapshot.instances.map(\.id)
    live = Set(field.snapshot.instances.lazy.filter { $0.phase == .live }.map(\.id))
    var measures: [String: [String: Double]] = [:]
    var correlations: [String: [String: Double]] = [:]
    for (place, id) in ids.enumerated() {
      for column in field.snapshot.evidence.columns {
        measures[id, default: [:]][column.name.description] = column.values[place]
      }
      guard let table = field.snapshot.correlations else { continue }
      for other in 0..<place { correlations[id, default: [:]][ids[other]] = table[place, other] }
    }
    self.measures = measures
    self.correlations = correlations
  }

  /// The admitted, best first, after a row of reasons for each instance has been made.
  func decided() -> [String] {
    var rows: [String: [String: String]] = [:]
    var passed: [(id: String, score: Double)] = []
    for id in ids {
      let gate = live.contains(id) ? policy.selection.keep ?? .open : policy.selection.gates
      let verdict = holds(gate, id)
      rows[id] = ["verdict": verdict.map { $0 ? "pass" : "fail" } ?? "insufficient"]
      if verdict == true, let score = value(policy.selection.score, id) {
        passed.append((id, score))
      }
    }
    passed.sort { left, right in
      if left.score != right.score { return left.score > right.score }
      return live.contains(left.id) == live.contains(right.id)
        ? left.id < right.id : live.contains(left.id)
    }
    var admitted: [String] = []
    for (id, _) in passed {
      if admitted.count >= policy.selection.topK.long {
        rows[id]?["reason"] = "side_quota"
      } else if let other = admitted.first(where: { isAlike(id, $0) }) {
        rows[id]?["reason"] = "corr:\(other)"
      } else {
        admitted.append(id)
      }
    }
    return admitted
  }

  private func isAlike(_ left: String, _ right: String) -> Bool {
    guard let rule = policy.selection.correlation else { return false }
    guard let value = correlations[left]?[right] ?? correlations[right]?[left] else { return true }
    return abs(value) > rule.pairwiseMax
  }

  private func holds(_ gate: PolicyGate, _ id: String) -> Bool? {
    switch gate {
    case .and(let parts):
      let truths = parts.map { holds($0, id) }
      return truths.contains(false) ? false : truths.contains(nil) ? nil : true
    case .expression(.binary(let operation, let left, let right)):
      guard let left = value(left, id), let right = value(right, id) else { return nil }
      return operation == .lessOrEqual ? left <= right : left >= right
    case .expression, .or, .not, .side: return nil
    }
  }

  private func value(_ expression: PolicyExpression, _ id: String) -> Double? {
    switch expression {
    case .number(let value): value
    case .metric(let name): measures[id]?[name.description]
    default: nil
    }
  }
}
