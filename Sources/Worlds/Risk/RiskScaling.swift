import Essentials
import Mathematics

/// How much of what was selected may be traded.
///
/// Three steps, none of which raises a weight:
/// 1. Where a loss is limited (VaR or ES), an instance of unknown volatility gets nothing, since no
///    weight but 0 of it can be shown to keep the limit.
/// 2. A symbol, sector or exchange above its limit is brought down to it by scaling those that hold
///    it, the largest excess first; of equal ones symbols before sectors before exchanges, then in
///    the order of names.
/// 3. All weights are scaled by one factor, the least of 1 and limit over observed of gross, net,
///    sides, leverage, margin, VaR and ES, so that each limit is kept.
///
/// VaR and ES are of one day, for normal returns of mean zero, with the volatility of each instance
/// and the correlation of each pair; weights of shorts are negative. A pair whose correlation is
/// unknown is taken to be 1 where both are on one side and 0 otherwise, so that an unknown hedge is
/// not credited.
package struct RiskScaling {
  /// In the order of the members.
  package let weights: [Double]
  package let reading: RiskReading

  /// Scales the weights of members, which are places of instances in the snapshot.
  package init(
    _ members: [Int], weights: [Double], of snapshot: WorldSnapshot, under rules: RiskRules
  ) {
    let before = Exposure(members, weights: weights, of: snapshot, under: rules)
    var after = before
    after.keepLosses()
    after.clip()
    let scale = after.scale
    after.multiply(by: scale)
    self.weights = after.weights
    reading = RiskReading(
      lines: before.lines(beside: after), scale: scale, flags: before.flags)
  }

  /// What the weights come to as they are.
  package init(
    reading members: [Int], weights: [Double], of snapshot: WorldSnapshot, under rules: RiskRules
  ) {
    let exposure = Exposure(members, weights: weights, of: snapshot, under: rules)
    self.weights = weights
    reading = RiskReading(
      lines: exposure.lines(beside: exposure), scale: 1, flags: exposure.flags)
  }

  /// The distance in standard deviations that a normal loss exceeds with a probability of 1 %.
  static let deviationsOfVaR99 = StandardNormal.quantile(0.99)
  /// The mean of the worst 2.5 % of a normal loss, in standard deviations.
  static let deviationsOfES975 = StandardNormal.density(StandardNormal.quantile(0.975)) / 0.025
}

/// Weights and what they come to.
private struct Exposure {
  private let members: [Int]
  private(set) var weights: [Double]
  private let snapshot: WorldSnapshot
  private let rules: RiskRules
  /// The standard deviation of a day's return; NaN where a volatility is unknown.
  private(set) var deviation = 0.0
  private(set) var flags: [String] = []

  init(_ members: [Int], weights: [Double], of snapshot: WorldSnapshot, under rules: RiskRules) {
    self.members = members
    self.weights = weights
    self.snapshot = snapshot
    self.rules = rules
    if measure() { flags.append("cov_missing") }
    if weights.indices.contains(where: { weights[$0] != 0 && !isVolatilityKnown($0) }) {
      flags.append("vol_missing")
    }
    if !margin.isKnown { flags.append("margin_unknown") }
    if leverage.isNaN { flags.append("equity_unknown") }
  }

  private func side(_ place: Int) -> TradingSide { snapshot.instances[members[place]].side }

  // MARK: - Sums

  func sum(of side: TradingSide) -> Double {
    weights.indices.reduce(0) { self.side($1) == side ? $0 + weights[$1] : $0 }
  }
  var gross: Double { sum(of: .long) + sum(of: .short) }
  var net: Double { abs(sum(of: .long) - sum(of: .short)) }

  /// The leverage that a unit of weight makes; NaN where the account does not say.
  private var leveragePerWeight: Double {
    switch rules.equity {
    case .account: return 1
    case .fixed(let equity):
      return snapshot.portfolio.equity > 0 ? equity / snapshot.portfolio.equity : .nan
    }
  }

  /// Gross exposure over the equity of the account.
  var leverage: Double { gross * leveragePerWeight }

  /// The share of the margin that others use, and that a unit of leverage uses. Where the account
  /// does not say, or trades nothing that would tell, what is traded needs its whole worth as
  /// margin.
  private var margin: (fixed: Double, rate: Double, isKnown: Bool) {
    let used = snapshot.portfolio.marginUsed
    guard used >= 0, used.isFinite else { return (0, 1, false) }
    var traded = 0.0
    for place in snapshot.instances.indices where snapshot.instances[place].phase == .live {
      let weight = snapshot.instances[place].weight
      if weight > 0 { traded += weight }
    }
    return traded > 0 ? (0, used / (traded * leveragePerWeight), true) : (used, 1, false)
  }

  var marginUsed: Double { margin.fixed + margin.rate * leverage }

  private func isVolatilityKnown(_ place: Int) -> Bool {
    snapshot.instances[members[place]].isVolatilityKnown
  }

  /// Measures the deviation; returns whether a correlation is missing.
  private mutating func measure() -> Bool {
    var held: [(row: Int, risk: Double)] = []
    for place in weights.indices where weights[place] != 0 {
      let instance = snapshot.instances[members[place]]
      let volatility = isVolatilityKnown(place) ? instance.volatility : .nan
      held.append((members[place], weights[place] * instance.side.sign * volatility))
    }
    // Where nothing is known, those on one side are one: the square of each side's sum.
    let longs = held.reduce(0) { $1.risk < 0 ? $0 : $0 + $1.risk }
    let shorts = held.reduce(0) { $1.risk < 0 ? $0 + $1.risk : $0 }
    let unknown = longs * longs + shorts * shorts
    guard let table = snapshot.correlations else {
      deviation = unknown.squareRoot()
      return held.count > 1
    }
    var variance = 0.0
    var isMissing = false
    for left in held.indices {
      variance += held[left].risk * held[left].risk
      for right in 0..<left {
        let product = held[left].risk * held[right].risk
        if let correlation = table.known(held[left].row, held[right].row) {
          variance += 2 * product * correlation
        } else {
          isMissing = true
          if product > 0 { variance += 2 * product }
        }
      }
    }
    // Correlations that contradict each other may add up to less than nothing.
    deviation = (variance < 0 ? unknown : variance).squareRoot()
    return isMissing
  }

  // MARK: - Names

  private enum Kind: Int, CaseIterable {
    case symbol, sector, exchange
  }

  private func shares(_ kind: Kind, _ place: Int) -> [WorldSnapshot.Share] {
    switch kind {
    case .symbol: snapshot.instances[members[place]].symbols
    case .sector: snapshot.instances[members[place]].sectors
    case .exchange: snapshot.instances[members[place]].venues
    }
  }

  private func limit(_ kind: Kind) -> Double? {
    switch kind {
    case .symbol: rules.limits.perSymbol
    case .sector: rules.limits.perSector
    case .exchange: rules.limits.perExchange
    }
  }

  /// What is held of each name, in the order of the names.
  private func sums(_ kind: Kind) -> [(name: String, sum: Double)] {
    var sums: [String: Double] = [:]
    for place in weights.indices {
      for share in shares(kind, place) {
        sums[share.name, default: 0] += weights[place] * share.share
      }
    }
    return sums.map { ($0.key, $0.value) }.sorted { WorldSnapshot.precedes($0.name, $1.name) }
  }

  // MARK: - Steps

  /// Drops what may lose nobody knows how much, where a loss is limited.
  mutating func keepLosses() {
    guard rules.limits.limitsLosses else { return }
    let unknown = weights.indices.filter { weights[$0] != 0 && !isVolatilityKnown($0) }
    guard !unknown.isEmpty else { return }
    for place in unknown { weights[place] = 0 }
    _ = measure()
  }

  mutating func clip() {
    var isClipped = false
    while let worst = worstExcess() {
      isClipped = true
      for place in weights.indices
      where shares(worst.kind, place).contains(where: { $0.name == worst.name && $0.share > 0 }) {
        weights[place] *= worst.factor
      }
    }
    if isClipped { _ = measure() }
  }

  private func worstExcess() -> (kind: Kind, name: String, factor: Double)? {
    var worst: (kind: Kind, name: String, factor: Double, excess: Double)?
    for kind in Kind.allCases {
      guard let limit = limit(kind) else { continue }
      for (name, sum) in sums(kind) where sum - limit > Roster.tolerance {
        if worst.map({ sum - limit > $0.excess }) ?? true {
          worst = (kind, name, limit / sum, sum - limit)
        }
      }
    }
    return worst.map { ($0.kind, $0.name, $0.factor) }
  }

  mutating func multiply(by scale: Double) {
    guard scale < 1 else { return }
    for place in weights.indices { weights[place] *= scale }
    deviation *= scale
  }

  /// The factor that brings every figure within its limit; 0 where one cannot be told.
  var scale: Double {
    guard gross > 0 else { return 1 }
    let limits = rules.limits
    let leverage = leverage
    let margin = margin
    var scale = 1.0
    func keep(_ observed: @autoclosure () -> Double, within limit: Double?) {
      guard let limit else { return }
      let observed = observed()
      guard !observed.isNaN else {
        scale = 0
        return
      }
      if observed > limit + Roster.tolerance { scale = min(scale, max(0, limit / observed)) }
    }
    keep(gross, within: limits.gross)
    keep(net, within: limits.net)
    keep(sum(of: .long), within: limits.long)
    keep(sum(of: .short), within: limits.short)
    keep(leverage, within: limits.leverage)
    // What others use stays where it is.
    keep(margin.rate * leverage, within: limits.marginUsed.map { $0 - margin.fixed })
    keep(RiskScaling.deviationsOfVaR99 * deviation, within: limits.valueAtRisk99)
    keep(RiskScaling.deviationsOfES975 * deviation, within: limits.expectedShortfall975)
    return scale
  }

  // MARK: - Telling

  func lines(beside after: Exposure) -> [RiskReading.Line] {
    let limits = rules.limits
    var lines: [RiskReading.Line] = []
    func line(_ name: String, _ observed: Double, _ limit: Double?, _ after: Double) {
      lines.append(.init(name: name, observed: observed, limit: limit, after: after))
    }
    line("gross", gross, limits.gross, after.gross)
    line("net", net, limits.net, after.net)
    line("side_long", sum(of: .long), limits.long, after.sum(of: .long))
    line("side_short", sum(of: .short), limits.short, after.sum(of: .short))
    line("leverage", leverage, limits.leverage, after.leverage)
    line("margin_used", marginUsed, limits.marginUsed, after.marginUsed)
    let valueAtRisk = RiskScaling.deviationsOfVaR99
    line(
      "var_99_1d", valueAtRisk * deviation, limits.valueAtRisk99, valueAtRisk * after.deviation)
    let shortfall = RiskScaling.deviationsOfES975
    line(
      "es_975_1d", shortfall * deviation, limits.expectedShortfall975,
      shortfall * after.deviation)
    for kind in Kind.allCases {
      guard let limit = limit(kind) else { continue }
      for (observed, after) in zip(sums(kind), after.sums(kind)) {
        line("\(kind):\(observed.name)", observed.sum, limit, after.sum)
      }
    }
    return lines
  }
}
