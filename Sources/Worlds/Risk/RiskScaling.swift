import Essentials
import Mathematics

/// How much of what was selected may be traded.
///
/// Three steps, none of which raises a weight:
/// 1. Where a loss is limited (VaR or ES), an instance of unknown volatility gets nothing, since no
///    weight but 0 of it can be shown to keep the limit.
/// 2. A symbol, sector or exchange above its limit is brought down to it by scaling those that hold
///    it, the largest excess first; of equal ones symbols before sectors before exchanges, then in the
///    order of names.
/// 3. All weights are scaled by one factor, the least of 1 and limit over observed of gross, net,
///    sides, leverage, margin, VaR and ES, so that each limit is kept.
///
/// VaR and ES are of one day, for normal returns of mean zero, with the volatility of each instance
/// and the correlation of each pair; weights of shorts are negative. A pair whose correlation is
/// unknown is taken to be 1 where both are on one side and 0 otherwise, so that an unknown hedge is not
/// credited.
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
    after.dropUnknown()
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
  let members: [Int]
  var weights: [Double]
  let snapshot: WorldSnapshot
  let rules: RiskRules

  init(_ members: [Int], weights: [Double], of snapshot: WorldSnapshot, under rules: RiskRules) {
    self.members = members
    self.weights = weights
    self.snapshot = snapshot
    self.rules = rules
  }

  private func instance(_ place: Int) -> WorldSnapshot.Instance {
    snapshot.instances[members[place]]
  }

  // MARK: - Sums

  func sum(of side: TradingSide) -> Double {
    weights.indices.reduce(0) { instance($1).side == side ? $0 + weights[$1] : $0 }
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
  /// does not say, or trades nothing that would tell, what is traded needs its whole worth as margin.
  private var margin: (fixed: Double, rate: Double, isKnown: Bool) {
    let used = snapshot.portfolio.marginUsed
    guard used >= 0, used.isFinite else { return (0, 1, false) }
    let traded = snapshot.instances.reduce(0) { sum, instance in
      instance.phase == .live && instance.weight > 0 ? sum + instance.weight : sum
    }
    return traded > 0 ? (0, used / (traded * leveragePerWeight), true) : (used, 1, false)
  }

  var marginUsed: Double { margin.fixed + margin.rate * leverage }

  /// The standard deviation of a day's return; NaN where a volatility is unknown.
  var deviation: Double {
    let signed = weights.indices.map { place in
      guard weights[place] != 0 else { return 0.0 }
      guard isVolatilityKnown(place) else { return .nan }
      return weights[place] * instance(place).side.sign * instance(place).volatility
    }
    let variance = variance(signed) { snapshot.correlations?.known(members[$0], members[$1]) }
    // Correlations that contradict each other may add up to less than nothing.
    return (variance < 0 ? self.variance(signed) { _, _ in nil } : variance).squareRoot()
  }

  private func variance(_ signed: [Double], _ known: (Int, Int) -> Double?) -> Double {
    var variance = 0.0
    for left in signed.indices where signed[left] != 0 {
      variance += signed[left] * signed[left]
      for right in 0..<left where signed[right] != 0 {
        let product = signed[left] * signed[right]
        variance += 2 * product * (known(left, right) ?? (product > 0 ? 1 : 0))
      }
    }
    return variance
  }

  private var isMissingCovariance: Bool {
    weights.indices.contains { left in
      weights[left] != 0
        && (0..<left).contains { right in
          weights[right] != 0
            && snapshot.correlations?.known(members[left], members[right]) == nil
        }
    }
  }

  private func isVolatilityKnown(_ place: Int) -> Bool {
    let volatility = instance(place).volatility
    return volatility >= 0 && volatility.isFinite
  }

  var flags: [String] {
    var flags: [String] = []
    if isMissingCovariance { flags.append("cov_missing") }
    if weights.indices.contains(where: { weights[$0] != 0 && !isVolatilityKnown($0) }) {
      flags.append("vol_missing")
    }
    if !margin.isKnown { flags.append("margin_unknown") }
    if leverage.isNaN { flags.append("equity_unknown") }
    return flags
  }

  // MARK: - Names

  private enum Kind: Int, CaseIterable {
    case symbol, sector, exchange
  }

  private func shares(_ kind: Kind, _ place: Int) -> [WorldSnapshot.Share] {
    switch kind {
    case .symbol: instance(place).symbols
    case .sector: instance(place).sectors
    case .exchange: instance(place).venues
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

  mutating func dropUnknown() {
    guard rules.limits.valueAtRisk99 != nil || rules.limits.expectedShortfall975 != nil else {
      return
    }
    for place in weights.indices where !isVolatilityKnown(place) { weights[place] = 0 }
  }

  mutating func clip() {
    while let worst = worstExcess() {
      for place in weights.indices
      where shares(worst.kind, place).contains(where: { $0.name == worst.name && $0.share > 0 }) {
        weights[place] *= worst.factor
      }
    }
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
    let deviations = (deviation, after.deviation)
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
      "var_99_1d", valueAtRisk * deviations.0, limits.valueAtRisk99, valueAtRisk * deviations.1)
    let shortfall = RiskScaling.deviationsOfES975
    line(
      "es_975_1d", shortfall * deviations.0, limits.expectedShortfall975,
      shortfall * deviations.1)
    for kind in Kind.allCases {
      guard let limit = limit(kind) else { continue }
      for (observed, after) in zip(sums(kind), after.sums(kind)) {
        line("\(kind):\(observed.name)", observed.sum, limit, after.sum)
      }
    }
    return lines
  }
}
