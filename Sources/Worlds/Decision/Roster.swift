import Essentials

/// Those who hold places, in the order in which they came, and what they take up together.
///
/// Admission fills one in the order of ranks, promotion fills another that begins with those who
/// stay live. Every limit is a closed bound. Cost of a question: one pair of correlations for each
/// member at most, and the shares of the one who asks.
struct Roster {
  /// What stands in the way of one more.
  enum Obstacle: Hashable {
    case sideQuota, totalQuota
    case correlated(with: Int)
    case correlationMissing(with: Int)
    case cluster
    case perStrategy, perVenue, perBroker
    case sector(String)
    case symbol(String)
    case exchange(String)
  }

  enum Quota {
    /// Each side has its own places.
    case bySide
    /// Places that a side leaves empty are anybody's.
    case total
  }

  private let snapshot: WorldSnapshot
  private let rules: SelectionRules
  private let limits: RiskRules.Limits
  private let slots: SlotWeights
  /// The cluster of each instance, nil for those that are in none.
  private let clusters: [Int]?

  private(set) var members: [Int] = []
  private var longs = 0
  private var shorts = 0
  private var inCluster: [Int: Int] = [:]
  private var ofStrategy: [String: Int] = [:]
  private var onVenue: [String: Int] = [:]
  private var atBroker: [String: Int] = [:]
  private var sectors: [String: Double] = [:]
  private var symbols: [String: Double] = [:]
  private var exchanges: [String: Double] = [:]

  init(_ snapshot: WorldSnapshot, under policy: WorldPolicy, clusters: [Int]?) {
    self.snapshot = snapshot
    rules = policy.selection
    limits = policy.risk.limits
    slots = SlotWeights(policy)
    self.clusters = clusters
  }

  private func count(of side: TradingSide) -> Int { side == .long ? longs : shorts }

  mutating func append(_ row: Int) {
    let instance = snapshot.instances[row]
    members.append(row)
    if instance.side == .long { longs += 1 } else { shorts += 1 }
    if let cluster = clusters?[row], cluster >= 0 { inCluster[cluster, default: 0] += 1 }
    if rules.constraints.perStrategy != nil { ofStrategy[instance.strategy, default: 0] += 1 }
    if rules.constraints.perVenue != nil {
      for venue in instance.venues { onVenue[venue.name, default: 0] += 1 }
    }
    if !rules.constraints.perBroker.isEmpty { atBroker[instance.broker, default: 0] += 1 }
    let weight = slots[instance.side]
    Self.add(instance.sectors, weight, limits.perSector, to: &sectors)
    Self.add(instance.symbols, weight, limits.perSymbol, to: &symbols)
    Self.add(instance.venues, weight, limits.perExchange, to: &exchanges)
  }

  private static func add(
    _ shares: [WorldSnapshot.Share], _ weight: Double, _ limit: Double?,
    to sums: inout [String: Double]
  ) {
    guard limit != nil else { return }
    for share in shares { sums[share.name, default: 0] += weight * share.share }
  }

  /// The first thing that stands in the way, nil where the row may join.
  func obstacle(to row: Int, _ quota: Quota) -> Obstacle? {
    let instance = snapshot.instances[row]
    if quota == .bySide, count(of: instance.side) >= rules.topK[instance.side] { return .sideQuota }
    if members.count >= rules.topK.total { return .totalQuota }
    return alikeness(to: row) ?? crowding(with: instance, clusters?[row] ?? -1)
      ?? excess(with: instance)
  }

  private func alikeness(to row: Int) -> Obstacle? {
    guard let rule = rules.correlation else { return nil }
    for member in members {
      guard let correlation = correlation(member, row, rule) else {
        if rule.missing == .reject { return .correlationMissing(with: member) }
        continue
      }
      if correlation > rule.pairwiseMax + Self.tolerance { return .correlated(with: member) }
    }
    return nil
  }

  /// A correlation over fewer shared days than demanded, or over days that nobody counted, is
  /// unknown.
  private func correlation(
    _ left: Int, _ right: Int, _ rule: SelectionRules.CorrelationRule
  ) -> Double? {
    guard let table = snapshot.correlations, let value = table.known(left, right) else {
      return nil
    }
    let daysMin = rule.overlapMin.days
    if daysMin > 0, !(table.overlap(left, right) >= daysMin) { return nil }
    switch rule.measure {
    case .abs: return abs(value)
    case .signed:
      return value * snapshot.instances[left].side.sign * snapshot.instances[right].side.sign
    }
  }

  private func crowding(with instance: WorldSnapshot.Instance, _ cluster: Int) -> Obstacle? {
    if cluster >= 0, let rule = rules.clusters, inCluster[cluster, default: 0] >= rule.perClusterMax
    {
      return .cluster
    }
    if let most = rules.constraints.perStrategy, ofStrategy[instance.strategy, default: 0] >= most {
      return .perStrategy
    }
    if let most = rules.constraints.perVenue,
      instance.venues.contains(where: { onVenue[$0.name, default: 0] >= most })
    {
      return .perVenue
    }
    if let rule = rules.constraints.perBroker.first(where: { $0.broker == instance.broker }),
      atBroker[instance.broker, default: 0] >= rule.max
    {
      return .perBroker
    }
    return nil
  }

  private func excess(with instance: WorldSnapshot.Instance) -> Obstacle? {
    let weight = slots[instance.side]
    func name(_ shares: [WorldSnapshot.Share], _ sums: [String: Double], _ limit: Double?)
      -> String?
    {
      guard let limit else { return nil }
      return shares.first {
        sums[$0.name, default: 0] + weight * $0.share > limit + Self.tolerance
      }?.name
    }
    if let sector = name(instance.sectors, sectors, limits.perSector) { return .sector(sector) }
    if let symbol = name(instance.symbols, symbols, limits.perSymbol) { return .symbol(symbol) }
    if let venue = name(instance.venues, exchanges, limits.perExchange) { return .exchange(venue) }
    return nil
  }

  /// Sums of shares such as a third differ from their limit by their last digits.
  static let tolerance = 1e-12
}

/// What one instance of a side trades with when it has a place.
struct SlotWeights {
  private let long: Double
  private let short: Double

  /// A side's budget over its places, or over all places where it has none of its own and may take
  /// what the other leaves; never more than the most of one instance. A side without places has 0.
  init(_ policy: WorldPolicy) {
    func slot(_ side: TradingSide) -> Double {
      let topK = policy.selection.topK
      let places = topK[side] > 0 ? topK[side] : topK.spills ? topK.total : 0
      guard places > 0 else { return 0 }
      let slot = policy.risk.budgets[side] / Double(places)
      return min(slot, policy.risk.budgets.weightMax ?? slot)
    }
    long = slot(.long)
    short = slot(.short)
  }

  subscript(side: TradingSide) -> Double { side == .long ? long : short }
}
