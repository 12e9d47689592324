package import Essentials

/// What a decision says: a row for each instance, steps in the order in which they are taken, and
/// the weights that follow.
package struct WorldPlan: Hashable, Sendable {
  /// The digest of snapshot, policy and engine.
  package var id: Fingerprint
  package var snapshot: Fingerprint
  package var policy: Fingerprint
  package var world: String
  package var policyVersion: Int
  package var cycle: Int
  package var at: Timestamp
  /// The epoch that the snapshot was taken at; a run that applies the plan is refused at another.
  package var epoch: Int
  package var mode: WorldMode
  package var currency: DataCurrency
  /// In the order of the snapshot's instances.
  package var rows: [Row]
  package var steps: [Step]
  /// Weights of those that are live afterwards, in the order of ids.
  package var allocations: [Allocation]
  package var risk: RiskReading
  /// What a rule of alerts may want to tell.
  package var occasions: [AlertRule.Occasion]
  /// The name of the rules that it was decided by.
  package var engine: String

  /// The name of the rules of deciding; plans of one name are the same bytes for the same input.
  package static let engine = "\(engineFamily)1"
  /// What the names of all versions of the rules begin with.
  static let engineFamily = "athanor-world/"

  package init(
    id: Fingerprint, snapshot: Fingerprint, policy: Fingerprint, world: String,
    policyVersion: Int, cycle: Int, at: Timestamp, epoch: Int, mode: WorldMode,
    currency: DataCurrency, rows: [Row], steps: [Step], allocations: [Allocation],
    risk: RiskReading, occasions: [AlertRule.Occasion], engine: String = WorldPlan.engine
  ) {
    self.id = id
    self.snapshot = snapshot
    self.policy = policy
    self.world = world
    self.policyVersion = policyVersion
    self.cycle = cycle
    self.at = at
    self.epoch = epoch
    self.mode = mode
    self.currency = currency
    self.rows = rows
    self.steps = steps
    self.allocations = allocations
    self.risk = risk
    self.occasions = occasions
    self.engine = engine
  }

  /// What is said of one instance.
  package struct Row: Hashable, Sendable {
    package var instance: String
    package var side: TradingSide
    package var phase: StrategyPhase
    package var verdict: Verdict
    /// Nil where it is unknown.
    package var score: Double?
    /// Its place among those that passed, from 1; nil where it did not pass.
    package var rank: Int?
    package var isAdmitted: Bool
    /// Why it was not admitted though it passed.
    package var rejection: Rejection?
    package var action: Action
    /// Why it stays where it is, where something might have moved it.
    package var hold: Hold?
    /// Streaks after the cycle.
    package var passes: Int
    package var fails: Int

    package init(
      instance: String, side: TradingSide, phase: StrategyPhase, verdict: Verdict,
      score: Double? = nil, rank: Int? = nil, isAdmitted: Bool = false,
      rejection: Rejection? = nil, action: Action = .hold, hold: Hold? = nil, passes: Int,
      fails: Int
    ) {
      self.instance = instance
      self.side = side
      self.phase = phase
      self.verdict = verdict
      self.score = score
      self.rank = rank
      self.isAdmitted = isAdmitted
      self.rejection = rejection
      self.action = action
      self.hold = hold
      self.passes = passes
      self.fails = fails
    }
  }

  /// What the evidence of an instance says.
  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case pass, fail, insufficient
    /// Not asked: the phase or the world's mode does not allow it.
    case none
  }

  /// What is done with an instance in the cycle.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case hold = "HOLD"
    case gateClose = "GATE_CLOSE"
    case demote = "DEMOTE"
    case promote = "PROMOTE"
    case startBacktest = "START_BACKTEST"
    case startDryrun = "START_DRYRUN"
  }

  /// Why one that passed is not among the admitted.
  package enum Rejection: Hashable, Sendable, CustomStringConvertible {
    case sideQuota, totalQuota
    case correlated(with: String)
    case correlationMissing(with: String)
    case cluster
    case perStrategy, perVenue, perBroker
    case sectorCap(String)
    case symbolCap(String)
    case exchangeCap(String)

    /// `side_quota`, `corr:a`, `sector_cap:tech`.
    package var description: String {
      switch self {
      case .sideQuota: "side_quota"
      case .totalQuota: "total_quota"
      case .correlated(let other): "corr:\(other)"
      case .correlationMissing(let other): "corr_missing:\(other)"
      case .cluster: "cluster"
      case .perStrategy: "per_strategy"
      case .perVenue: "per_venue"
      case .perBroker: "per_broker"
      case .sectorCap(let sector): "sector_cap:\(sector)"
      case .symbolCap(let symbol): "symbol_cap:\(symbol)"
      case .exchangeCap(let venue): "exchange_cap:\(venue)"
      }
    }
  }

  /// Why one stays that might have moved.
  package enum Hold: Hashable, Sendable, CustomStringConvertible {
    case catchUp, historyMin, warmup
    case streak, dwellMin, cooldown, slotBusy
    /// The decision of this cycle has been taken.
    case cycleDone
    case liveCorrelation(with: String)
    case liveSector(String)
    case liveSymbol(String)
    case liveExchange(String)
    /// As many as may share a strategy, venue, broker or cluster are live.
    case liveCount
    /// A loss is limited, and what this one may lose is not known.
    case volatilityUnknown
    case approval
    /// The policy lets nothing trade money.
    case liveForbidden
    /// The mode of the world lets nobody move.
    case mode(WorldMode)

    /// `streak`, `live_corr:a`, `mode:eval_only`.
    package var description: String {
      switch self {
      case .catchUp: "catch_up"
      case .historyMin: "min_history"
      case .warmup: "warmup"
      case .streak: "streak"
      case .dwellMin: "min_dwell"
      case .cooldown: "cooldown"
      case .slotBusy: "slot_busy"
      case .cycleDone: "cycle_done"
      case .liveCorrelation(let other): "live_corr:\(other)"
      case .liveSector(let sector): "live_sector:\(sector)"
      case .liveSymbol(let symbol): "live_symbol:\(symbol)"
      case .liveExchange(let venue): "live_exchange:\(venue)"
      case .liveCount: "live_count"
      case .volatilityUnknown: "vol_unknown"
      case .approval: "approval"
      case .liveForbidden: "allow_live"
      case .mode(let mode): "mode:\(mode.rawValue)"
      }
    }
  }

  /// One thing that is done, in the order GATE_CLOSE, DEMOTE, PROMOTE, START_BACKTEST,
  /// START_DRYRUN, REWEIGHT.
  package struct Step: Hashable, Sendable {
    /// What a step does, in the order in which steps are taken.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case gateClose = "GATE_CLOSE"
      case demote = "DEMOTE"
      case promote = "PROMOTE"
      case startBacktest = "START_BACKTEST"
      case startDryrun = "START_DRYRUN"
      case reweight = "REWEIGHT"
    }

    package var kind: Kind
    package var instance: String
    /// The weight from then on, of PROMOTE and REWEIGHT.
    package var weight: Double?

    package init(_ kind: Kind, _ instance: String, weight: Double? = nil) {
      self.kind = kind
      self.instance = instance
      self.weight = weight
    }
  }

  /// The share of equity that a live instance trades with, not negative.
  package struct Allocation: Hashable, Sendable {
    package var instance: String
    package var side: TradingSide
    package var weight: Double

    package init(instance: String, side: TradingSide, weight: Double) {
      self.instance = instance
      self.side = side
      self.weight = weight
    }
  }
}
