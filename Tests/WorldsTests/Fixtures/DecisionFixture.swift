import Essentials

@testable import Worlds

/// The world that the cases of decisions share: a policy, and instances that are good but for what
/// a case names.
struct DecisionFixture {
  static let now = Timestamp(millisecondsSinceEpoch: 1_760_000_000_000)

  var policy = DecisionFixture.policy
  var lag = TimeSpan.seconds(60)
  var declared = DeclaredState.active
  var breaker = WorldSnapshot.Breaker.armed
  var hasDatasets = true
  var countedCycle: Int?
  var equity = 100.0
  var marginUsed = 0.0
  /// By pair of ids; NaN is unknown, and every other pair has 0.
  var correlations: [(String, String, Double)] = []
  var candidates: [Candidate]

  init(_ candidates: [Candidate]) {
    self.candidates = candidates
  }

  init(_ candidates: Candidate...) {
    self.candidates = candidates
  }

  func changed(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }

  struct Candidate {
    var id: String
    var phase = StrategyPhase.dryrun
    var side = TradingSide.long
    var age = TimeSpan.days(20)
    var passes = 0
    var fails = 0
    var history = TimeSpan.days(400)
    var isWarm = true
    var sector: String?
    var symbols: [WorldSnapshot.Share]?
    var volatility = 0.01
    var strategy: String?
    var venue: String?
    var broker = ""
    var isApproved = false
    var isGateClosed = false
    var weight: Double?
    var metrics: [String: Double] = [:]

    init(
      _ id: String, _ phase: StrategyPhase = .dryrun, side: TradingSide = .long, p: Int = 0,
      f: Int = 0, days: Double = 20, sector: String? = nil, _ metrics: [String: Double] = [:]
    ) {
      self.id = id
      self.phase = phase
      self.side = side
      passes = p
      fails = f
      age = TimeSpan(milliseconds: Int64(days * 86_400_000))
      self.sector = sector
      self.metrics = metrics
    }

    func changed(_ change: (inout Self) -> Void) -> Self {
      var copy = self
      change(&copy)
      return copy
    }
  }

  /// Measures of a candidate but for those that it names itself.
  static let metrics: [String: Double] = [
    "sharpe_mid": 1, "trades_60d": 80, "max_dd_120d": 0.10, "sample_days": 90,
    "winrate_long": 0.55, "ulcer_mid": 0.05,
  ]

  static let policy = {
    var policy = WorldPolicy(world: "w")
    policy.allowsLive = true
    policy.selection.gates = .and(conditions(sharpe: 0.60, drawdown: 0.25))
    policy.selection.keep = .and(conditions(sharpe: 0.40, drawdown: 0.30))
    policy.selection.score = .binary(
      .minus,
      .binary(
        .plus, metric("sharpe_mid"), .binary(.times, .number(0.1), metric("winrate_long"))),
      .binary(.times, .number(0.2), metric("ulcer_mid")))
    policy.selection.correlation = .init(pairwiseMax: 0.85)
    policy.risk.limits.perSector = 0.30
    policy.risk.limits.perSymbol = 0.25
    return policy
  }()

  /// With one place for a long instance and no caps.
  static let oneSlot = {
    var policy = DecisionFixture.policy
    policy.selection.topK.total = 1
    policy.selection.topK.long = 1
    policy.selection.topK.short = 0
    policy.risk.limits.perSector = nil
    policy.risk.limits.perSymbol = nil
    return policy
  }()

  static func metric(_ text: String) -> PolicyExpression { .metric(MetricName(text)!) }

  static func compare(
    _ metric: String, _ operation: PolicyOperator, _ value: Double
  ) -> PolicyGate {
    .expression(.binary(operation, Self.metric(metric), .number(value)))
  }

  private static func conditions(sharpe: Double, drawdown: Double) -> [PolicyGate] {
    [
      compare("sharpe_mid", .greaterOrEqual, sharpe),
      compare("trades_60d", .greaterOrEqual, 40),
      compare("max_dd_120d", .lessOrEqual, drawdown),
      compare("sample_days", .greaterOrEqual, 30),
    ]
  }

  var snapshot: WorldSnapshot {
    let names = Set(candidates.flatMap(\.metrics.keys)).union(Self.metrics.keys).sorted()
    return snapshot(
      with: names.map { name in
        EvidenceTable.Column(
          MetricName(name)!,
          values: candidates.map { $0.metrics[name] ?? Self.metrics[name] ?? .nan })
      })
  }

  func snapshot(with columns: [EvidenceTable.Column]) -> WorldSnapshot {
    let places = Dictionary(uniqueKeysWithValues: candidates.enumerated().map { ($1.id, $0) })
    var table = CorrelationTable(
      count: candidates.count, values: pairs(0), overlaps: pairs(365))
    for (left, right, value) in correlations { table[places[left]!, places[right]!] = value }
    return WorldSnapshot(
      world: policy.world, policyVersion: policy.version,
      policyFingerprint: Fingerprint(of: "policy"), at: Self.now, cycle: 7,
      countedCycle: countedCycle, epoch: 3, declared: declared, breaker: breaker,
      datasets: hasDatasets ? [.init(id: "d", dataEnd: Self.now - lag, fingerprint: "f")] : [],
      instances: candidates.map(instance), evidence: EvidenceTable(columns), correlations: table,
      portfolio: .init(
        equity: equity, sessionOpen: 100, sessionPeak: 100, marginUsed: marginUsed))
  }

  private func pairs(_ value: Double) -> [Double] {
    [Double](repeating: value, count: candidates.count * (candidates.count - 1) / 2)
  }

  private func instance(_ candidate: Candidate) -> WorldSnapshot.Instance {
    WorldSnapshot.Instance(
      id: candidate.id, strategy: candidate.strategy ?? candidate.id,
      params: Fingerprint(of: candidate.id), side: candidate.side, phase: candidate.phase,
      phaseSince: Self.now - candidate.age, passes: candidate.passes, fails: candidate.fails,
      history: candidate.history, isWarm: candidate.isWarm,
      symbols: candidate.symbols ?? [.init("S-\(candidate.id)", 1)],
      sectors: [.init(candidate.sector ?? "sector of \(candidate.id)", 1)],
      venues: candidate.venue.map { [.init($0, 1)] } ?? [], broker: candidate.broker,
      volatility: candidate.volatility, isApproved: candidate.isApproved,
      weight: candidate.weight
        ?? (candidate.phase == .live ? SlotWeights(policy)[candidate.side] : 0),
      isGateClosed: candidate.isGateClosed)
  }

  var plan: WorldPlan {
    WorldDecision.decide(snapshot, policy, snapshotFingerprint: Fingerprint(of: "snapshot"))
  }
}

extension WorldPlan {
  /// `pass admitted 2/0 PROMOTE`, `pass corr:a 0/1 HOLD`, by instance.
  var summary: [String: String] {
    Dictionary(
      uniqueKeysWithValues: rows.map { row in
        let words = [
          row.verdict == .none ? nil : row.verdict.rawValue,
          row.isAdmitted ? "admitted" : row.rejection?.description,
          "\(row.passes)/\(row.fails)", row.action.rawValue, row.hold?.description,
        ]
        return (row.instance, words.compactMap { $0 }.joined(separator: " "))
      })
  }

  /// `DEMOTE a`, `PROMOTE b`, in order.
  var doings: [String] { steps.map { "\($0.kind.rawValue) \($0.instance)" } }

  var ranking: [String] {
    rows.filter { $0.rank != nil }.sorted { $0.rank! < $1.rank! }.map(\.instance)
  }
}
