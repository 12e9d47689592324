package import Essentials

/// Everything that a decision sees, at one instant.
///
/// Instances stand in the order of the bytes of their ids, and columns of evidence in the order of
/// their names, whatever the order they were given in: two snapshots of the same facts have one
/// digest. Names for people, descriptions and comments are not part of it.
package struct WorldSnapshot: Hashable, Sendable {
  package let world: String
  package let policyVersion: Int
  package let policyFingerprint: Fingerprint
  /// The instant of the evaluation; nothing later is known.
  package let at: Timestamp
  /// Counts evaluations of the world.
  package let cycle: Int
  /// The latest cycle that the streaks of the instances count, nil for none. A cycle that is
  /// counted moves nobody again: only gates close and weights change.
  package let countedCycle: Int?
  /// The epoch of the world's gates.
  package let epoch: Int
  package let declared: DeclaredState
  package let breaker: Breaker
  package let datasets: [Dataset]
  package let instances: [Instance]
  package let evidence: EvidenceTable
  /// Nil where no correlations are known at all.
  package let correlations: CorrelationTable?
  package let portfolio: Portfolio

  /// Sorts what is given; ids of instances must differ, and tables have a place for each instance.
  package init(
    world: String, policyVersion: Int, policyFingerprint: Fingerprint, at: Timestamp, cycle: Int,
    countedCycle: Int? = nil, epoch: Int, declared: DeclaredState, breaker: Breaker,
    datasets: [Dataset],
    instances: [Instance], evidence: EvidenceTable, correlations: CorrelationTable?,
    portfolio: Portfolio
  ) {
    self.world = world
    self.policyVersion = policyVersion
    self.policyFingerprint = policyFingerprint
    self.at = at
    self.cycle = cycle
    self.countedCycle = countedCycle
    self.epoch = epoch
    self.declared = declared
    self.breaker = breaker
    self.datasets = datasets.sorted { left, right in
      if left.id != right.id { return Self.precedes(left.id, right.id) }
      if left.dataEnd != right.dataEnd { return left.dataEnd < right.dataEnd }
      return Self.precedes(left.fingerprint, right.fingerprint)
    }
    self.portfolio = portfolio
    precondition(
      evidence.columns.allSatisfy { column in
        column.values.count == instances.count
          && [column.days, column.trades, column.bars].allSatisfy {
            $0.isEmpty || $0.count == instances.count
          }
      } && (correlations.map { $0.count == instances.count } ?? true),
      "a table of a snapshot has not a place for each instance")
    let isSorted = zip(instances, instances.dropFirst()).allSatisfy { Self.precedes($0.id, $1.id) }
    if isSorted {
      self.instances = instances
      self.evidence = evidence.sorted(rows: nil)
      self.correlations = correlations
    } else {
      let order = instances.indices.sorted { Self.precedes(instances[$0].id, instances[$1].id) }
      self.instances = order.map { instances[$0] }
      precondition(
        zip(self.instances, self.instances.dropFirst()).allSatisfy { $0.id != $1.id },
        "two instances of a snapshot have one id")
      self.evidence = evidence.sorted(rows: order)
      self.correlations = correlations.map { $0.sorted(order) }
    }
  }

  /// The order of bytes.
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }

  /// Whether the breaker lets anything through.
  package struct Breaker: Hashable, Sendable {
    package var isTripped: Bool
    /// What tripped it, empty while it is armed.
    package var reason: String
    package var since: Timestamp?

    package static let armed = Breaker(isTripped: false, reason: "", since: nil)

    package init(isTripped: Bool, reason: String, since: Timestamp?) {
      self.isTripped = isTripped
      self.reason = reason
      self.since = since
    }
  }

  /// How far a dataset reaches.
  package struct Dataset: Hashable, Sendable {
    package var id: String
    /// The latest instant that it has data of.
    package var dataEnd: Timestamp
    package var fingerprint: String

    package init(id: String, dataEnd: Timestamp, fingerprint: String) {
      self.id = id
      self.dataEnd = dataEnd
      self.fingerprint = fingerprint
    }
  }

  /// An instance as it stands before the decision.
  package struct Instance: Hashable, Sendable {
    package var id: String
    /// The family that its trials are counted in, and `per_strategy` limits.
    package var strategy: String
    package var params: Fingerprint
    package var side: TradingSide
    package var phase: StrategyPhase
    package var phaseSince: Timestamp
    /// Successive cycles of being admitted.
    package var passes: Int
    /// Successive cycles of failing.
    package var fails: Int
    /// How far back its data reaches.
    package var history: TimeSpan
    /// Whether the look-back of its formula is filled.
    package var isWarm: Bool
    /// What it holds, as shares of its weight; each list adds up to 1 where it is not empty, in the
    /// order of names.
    package var symbols: [Share]
    package var sectors: [Share]
    package var venues: [Share]
    package var broker: String
    /// Standard deviation of its daily return at full weight; NaN where it is unknown.
    package var volatility: Double
    /// Whether a person has let its promotion happen.
    package var isApproved: Bool
    /// The weight that it trades with, 0 where it does not.
    package var weight: Double
    /// Whether its gate is known to be closed, so that nothing need close it.
    package var isGateClosed: Bool

    package init(
      id: String, strategy: String, params: Fingerprint, side: TradingSide, phase: StrategyPhase,
      phaseSince: Timestamp, passes: Int = 0, fails: Int = 0, history: TimeSpan, isWarm: Bool,
      symbols: [Share], sectors: [Share] = [], venues: [Share] = [], broker: String = "",
      volatility: Double = .nan, isApproved: Bool = false, weight: Double = 0,
      isGateClosed: Bool = false
    ) {
      self.id = id
      self.strategy = strategy
      self.params = params
      self.side = side
      self.phase = phase
      self.phaseSince = phaseSince
      self.passes = passes
      self.fails = fails
      self.history = history
      self.isWarm = isWarm
      self.symbols = Share.sorted(symbols)
      self.sectors = Share.sorted(sectors)
      self.venues = Share.sorted(venues)
      self.broker = broker
      self.volatility = volatility
      self.isApproved = isApproved
      self.weight = weight
      self.isGateClosed = isGateClosed
    }
  }

  /// A name and its share.
  package struct Share: Hashable, Sendable {
    package var name: String
    package var share: Double

    package init(_ name: String, _ share: Double) {
      self.name = name
      self.share = share
    }

    static func sorted(_ shares: [Share]) -> [Share] {
      let isSorted = zip(shares, shares.dropFirst()).allSatisfy { precedes($0.name, $1.name) }
      return isSorted
        ? shares
        : shares.sorted { left, right in
          left.name == right.name ? left.share < right.share : precedes(left.name, right.name)
        }
    }
  }

  /// The account, in its currency; NaN where a figure is unknown, which is never taken for zero.
  package struct Portfolio: Hashable, Sendable {
    package var equity: Double
    package var sessionOpen: Double
    package var sessionPeak: Double
    /// The share of the margin in use, as a fraction.
    package var marginUsed: Double

    package init(equity: Double, sessionOpen: Double, sessionPeak: Double, marginUsed: Double) {
      self.equity = equity
      self.sessionOpen = sessionOpen
      self.sessionPeak = sessionPeak
      self.marginUsed = marginUsed
    }
  }
}
