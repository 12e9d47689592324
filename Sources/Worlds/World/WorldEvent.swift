package import Essentials

/// What happens in a world. A world is what its events make of it, and nothing else.
package enum WorldEvent: Hashable, Sendable {
  case created
  case policyPublished(PolicyPublication)
  case stateDeclared(DeclaredState, reason: String)
  case instanceSubmitted(InstanceSubmission)
  case evaluated(WorldEvaluation)
  case phaseMoved(PhaseMove)
  /// A person lets a promotion happen; with a plan only as that plan proposes it.
  case approved(instance: String, plan: Fingerprint?)
  case cutover(CutoverEvent)
  case breaker(BreakerEvent)
  /// What the judges of risk were told of an instant, in order; only what changes what they know.
  case observed([RiskCuts.Observation], at: Timestamp)
  case gatesChanged(GateRuling)
  case denied(WorldDenial)
  case alerted(WorldAlert)
  case paperOpened(PaperTerms)
  case paperOrdered(PaperOrder)
  /// An order that waits is taken back; its document is null.
  case paperCancelled(PaperOrder)
  case paperFilled(PaperFill)
  case paperMarked(PaperMark)
  /// The world is gone; what it did stays on record.
  case deleted(reason: String)
}

/// An event as it stands in the journal.
package struct WorldEntry: Hashable, Sendable {
  /// Its number in the journal, ascending and not without gaps.
  package var seq: Int64
  package var at: Timestamp
  /// The name of a token, `cli:` and the user of a command line, or `desk` for the schedule.
  package var actor: String
  package var event: WorldEvent

  package init(seq: Int64, at: Timestamp, actor: String, event: WorldEvent) {
    self.seq = seq
    self.at = at
    self.actor = actor
    self.event = event
  }
}

/// A policy that came into force.
package struct PolicyPublication: Hashable, Sendable {
  /// Counted from 1 by the world, whatever the document says.
  package var version: Int
  package var fingerprint: Fingerprint
  package var policy: WorldPolicy
  /// What changed against the version before: objects with `path`, `before` and `after`.
  package var diff: JSONValue
  package var reason: String

  package init(
    version: Int, fingerprint: Fingerprint, policy: WorldPolicy, diff: JSONValue, reason: String
  ) {
    self.version = version
    self.fingerprint = fingerprint
    self.policy = policy
    self.diff = diff
    self.reason = reason
  }
}

/// What one evaluation saw and decided.
package struct WorldEvaluation: Hashable, Sendable {
  package var cycle: Int
  package var at: Timestamp
  package var snapshotFingerprint: Fingerprint
  /// The snapshot in canonical form; nil where an equal one is on record already.
  package var snapshot: JSONValue?
  package var plan: WorldPlan
  /// The epoch of the gates after the evaluation has closed what it closes.
  package var epoch: Int

  package init(
    cycle: Int, at: Timestamp, snapshotFingerprint: Fingerprint, snapshot: JSONValue?,
    plan: WorldPlan, epoch: Int
  ) {
    self.cycle = cycle
    self.at = at
    self.snapshotFingerprint = snapshotFingerprint
    self.snapshot = snapshot
    self.plan = plan
    self.epoch = epoch
  }
}

/// A change of phase outside of evaluations and cutovers.
package struct PhaseMove: Hashable, Sendable {
  package var instance: String
  package var from: StrategyPhase
  package var to: StrategyPhase
  package var reason: String

  package init(instance: String, from: StrategyPhase, to: StrategyPhase, reason: String) {
    self.instance = instance
    self.from = from
    self.to = to
    self.reason = reason
  }
}

/// A change of gates outside of cutovers.
package struct GateRuling: Hashable, Sendable {
  /// What a ruling says of all gates until the opposite is said.
  package enum Hold: String, Hashable, Sendable, CaseIterable {
    case freeze, resume
  }

  /// A gate that a person closes, or gives free again.
  package struct Switch: Hashable, Sendable {
    package var instance: String
    package var isActive: Bool

    package init(instance: String, isActive: Bool) {
      self.instance = instance
      self.isActive = isActive
    }
  }

  package var epoch: Int
  /// In the order of keys.
  package var gates: [GateChange]
  package var reason: String
  package var hold: Hold?
  /// In the order of ids.
  package var switches: [Switch]

  package init(
    epoch: Int, gates: [GateChange], reason: String, hold: Hold? = nil, switches: [Switch] = []
  ) {
    self.epoch = epoch
    self.gates = gates
    self.reason = reason
    self.hold = hold
    self.switches = switches
  }
}

/// A command that somebody was not allowed to give.
package struct WorldDenial: Hashable, Sendable {
  package var command: String
  /// The role that the actor has, nil where none.
  package var role: WorldRole?
  package var needed: WorldRole

  package init(command: String, role: WorldRole?, needed: WorldRole) {
    self.command = command
    self.role = role
    self.needed = needed
  }
}

/// Something that a rule of the policy wanted told.
package struct WorldAlert: Hashable, Sendable {
  package var occasion: AlertRule.Occasion
  package var level: AlertRule.Level
  package var action: AlertRule.Action?
  /// What it is about, in one line.
  package var detail: String

  package init(
    occasion: AlertRule.Occasion, level: AlertRule.Level, action: AlertRule.Action?,
    detail: String
  ) {
    self.occasion = occasion
    self.level = level
    self.action = action
    self.detail = detail
  }
}

/// What the accounts of a world trade with for as long as there are any.
package struct PaperTerms: Hashable, Sendable {
  /// What each instance has on paper, and what the account that stands for money begins with.
  package var capital: Double
  /// What is taken of each fill's worth, in basis points.
  package var feeBasisPoints: Double
  /// The least that is traded, in units of a symbol.
  package var lot: Double

  package init(capital: Double, feeBasisPoints: Double, lot: Double) {
    self.capital = capital
    self.feeBasisPoints = feeBasisPoints
    self.lot = lot
  }

  /// A million, five basis points, and lots of a thousandth.
  package static let usual = PaperTerms(capital: 1e6, feeBasisPoints: 5, lot: 0.001)
}

/// An order of a cutover that waits at a paper account for the next row.
package struct PaperOrder: Hashable, Sendable {
  package var instance: String
  /// `paper`, or `live` where a paper account stands for a venue.
  package var account: String
  /// The name that whoever ordered knows it by.
  package var order: String
  /// The order as the venue reads it back, null for one that is taken back.
  package var document: JSONValue

  package init(instance: String, account: String, order: String, document: JSONValue) {
    self.instance = instance
    self.account = account
    self.order = order
    self.document = document
  }
}

/// A fill of a paper account. (account, order, number) names it for ever.
package struct PaperFill: Hashable, Sendable {
  package var instance: String
  /// `paper`, or `live` where a paper account stands for a venue.
  package var account: String
  /// The name that whoever ordered knows its order by.
  package var order: String
  /// The number of the fill in the stream of its account, growing.
  package var number: Int
  package var symbol: String
  /// Signed: what is bought is positive, sold negative.
  package var lots: Double
  package var price: Double
  package var fee: Double

  package init(
    instance: String, account: String, order: String, number: Int, symbol: String, lots: Double,
    price: Double, fee: Double
  ) {
    self.instance = instance
    self.account = account
    self.order = order
    self.number = number
    self.symbol = symbol
    self.lots = lots
    self.price = price
    self.fee = fee
  }
}

/// The close of a day of a paper account.
package struct PaperMark: Hashable, Sendable {
  /// Empty for the account as a whole, whose mark of `live` closes the day for the world.
  package var instance: String
  /// `paper`, or `live` where a paper account stands for a venue.
  package var account: String
  /// The instant that the day ended with.
  package var day: Timestamp
  /// Of an instance with money: what the share of the account that is set aside for it is worth.
  package var equity: Double
  /// Of the day, as a fraction of what the equity was before; NaN where it is unknown.
  package var dayReturn: Double
  /// Fills of the day.
  package var trades: Int

  package init(
    instance: String, account: String, day: Timestamp, equity: Double, dayReturn: Double,
    trades: Int
  ) {
    self.instance = instance
    self.account = account
    self.day = day
    self.equity = equity
    self.dayReturn = dayReturn
    self.trades = trades
  }

  /// Whether it closes the day of the world's account, and with it the row that was traded.
  package var isOfWorld: Bool { instance.isEmpty && account == "live" }

  package static func == (left: Self, right: Self) -> Bool {
    left.instance == right.instance && left.account == right.account && left.day == right.day
      && left.equity == right.equity && left.trades == right.trades
      && (left.dayReturn == right.dayReturn || left.dayReturn.isNaN && right.dayReturn.isNaN)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(instance)
    hasher.combine(day)
  }
}
