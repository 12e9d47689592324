package import Essentials
import Mathematics

/// What the record of one symbol says of trading it, from 0 to 1.
package struct SymbolQuality: Hashable, Sendable {
  /// A position that was closed.
  package struct Exit: Hashable, Sendable {
    package var at: Timestamp
    /// Net return of the notional.
    package var netReturn: Double
    /// Fees of both sides, as a fraction of the notional.
    package var fees: Double
    package var leverage: Double
    /// Why it was closed.
    package var reason: String

    package init(
      at: Timestamp, netReturn: Double, fees: Double, leverage: Double, reason: String
    ) {
      self.at = at
      self.netReturn = netReturn
      self.fees = fees
      self.leverage = leverage
      self.reason = reason
    }
  }

  /// An order that the venue refused.
  package struct Refusal: Hashable, Sendable {
    package var at: Timestamp
    /// Whether it was refused for want of balance (Bybit's 110007).
    package var wantsBalance: Bool

    package init(at: Timestamp, wantsBalance: Bool) {
      self.at = at
      self.wantsBalance = wantsBalance
    }
  }

  /// Means over some exits; NaN where there are none.
  package struct Record: Hashable, Sendable {
    package var expectancy = Double.nan
    package var hitShare = Double.nan
    /// Refusals over refusals and exits.
    package var refusalShare = Double.nan
    /// Expectancy before fees.
    package var gross = Double.nan
    package var balanceRefusals = 0
    package var exits = 0

    package init() {}
  }

  /// All hours together.
  package var overall: Record
  /// The hour of the day and its two neighbors; nil where there are too few exits.
  package var hour: Record?
  package var score: Double

  /// Parts of reasons whose exits say nothing of the symbol.
  private static let foreignReasons = [
    "external_close", "exchange_close", "exchange_manual_close", "manual_cleanup", "rebal",
  ]

  /// The share of the hour grows no further than this.
  private static let hourWeightMax = 0.80

  /// Judges a symbol by its latest exits and refusals before `now`; the order of either does not
  /// matter. Cost: sorting them.
  package init(
    exits: [Exit], refusals: [Refusal], at now: Timestamp, under settings: QualitySettings
  ) {
    let heard = exits.filter { exit in
      exit.at <= now && !Self.foreignReasons.contains { exit.reason.contains($0) }
        && exit.netReturn.isFinite
    }
    let latest = Self.latest(heard, settings.windowRows, \.at)
    let refused = Self.latest(refusals.filter { $0.at <= now }, settings.windowRows, \.at)
    let place = Self.hour(of: now)
    func isNear(_ instant: Timestamp) -> Bool {
      let distance = abs(Self.hour(of: instant) - place)
      return min(distance, 24 - distance) <= 1
    }
    let near = latest.filter { isNear($0.at) }
    self.init(
      overall: Self.record(latest, refused, settings.measure),
      hour: near.count >= settings.timeExitsMin
        ? Self.record(near, refused.filter { isNear($0.at) }, settings.measure) : nil,
      under: settings)
  }

  /// Judges a symbol by means that are known already.
  package init(overall: Record, hour: Record?, under settings: QualitySettings) {
    self.overall = overall
    self.hour = hour
    var score = Self.blended(overall, countingBalance: true)
    if let hour {
      let weight = min(settings.timeWeight, Self.hourWeightMax)
      score = (1 - weight) * score + weight * Self.blended(hour, countingBalance: false)
    }
    if overall.expectancy < -0.0015 {
      score -= 0.22 * min(1, (-0.0015 - overall.expectancy) / 0.0015)
    }
    if overall.refusalShare > 0.55 {
      score -= 0.18 * min(1, (overall.refusalShare - 0.55) / 0.45)
    }
    if overall.gross < -0.0008 { score -= 0.18 * min(1, (-0.0008 - overall.gross) / 0.0008) }
    self.score = clip01(score)
  }

  /// The gate; with too few exits nothing is said.
  package func verdict(in regime: TacticalRegime, _ settings: QualitySettings) -> TacticVerdict {
    let reason = EntryGate.symbolQuality.rawValue
    let limit = settings.scoreMin.value(in: regime)
    let gross = hour?.gross ?? overall.gross
    let measures: [TacticVerdict.Measure] = [
      .init("score", score, limit: limit), .init("gross", gross, limit: settings.grossMin),
      .init("exits", Double(overall.exits), limit: Double(settings.exitsMin)),
      .init("expectancy", overall.expectancy), .init("hit_share", overall.hitShare),
      .init("refusal_share", overall.refusalShare),
    ]
    guard overall.exits >= settings.exitsMin else { return .notApplicable(reason, measures) }
    let isLosing = overall.gross < settings.grossMin || gross < settings.grossMin
    return .passing(if: score >= limit && !isLosing, reason, measures)
  }

  /// The hour of the day in UTC, from 0 to 23.
  static func hour(of instant: Timestamp) -> Int {
    let inDay = instant.millisecondsSinceEpoch % Timestamp.millisecondsPerDay
    return Int((inDay + Timestamp.millisecondsPerDay) % Timestamp.millisecondsPerDay / 3_600_000)
  }

  // MARK: - Means and scores

  private static func latest<Row>(
    _ rows: [Row], _ count: Int, _ at: (Row) -> Timestamp
  ) -> [Row] {
    let order = rows.indices.sorted { left, right in
      (at(rows[left]), left) > (at(rows[right]), right)
    }
    return order.prefix(count).map { rows[$0] }
  }

  private static func record(
    _ exits: [Exit], _ refusals: [Refusal], _ measure: ResultMeasure
  ) -> Record {
    var record = Record()
    record.exits = exits.count
    record.balanceRefusals = refusals.count { $0.wantsBalance }
    let rows = exits.count + refusals.count
    if rows > 0 { record.refusalShare = Double(refusals.count) / Double(rows) }
    guard !exits.isEmpty else { return record }
    func scale(_ exit: Exit) -> Double { measure == .seed ? exit.leverage.known(or: 1) : 1 }
    let count = Double(exits.count)
    record.expectancy = exits.reduce(0) { $0 + $1.netReturn * scale($1) } / count
    record.gross =
      exits.reduce(0) { $0 + ($1.netReturn + $1.fees.known(or: 0)) * scale($1) } / count
    record.hitShare = Double(exits.count { $0.netReturn > 0 }) / count
    return record
  }

  /// The score of one record before penalties; what is not known counts one half.
  private static func blended(_ record: Record, countingBalance: Bool) -> Double {
    func squashed(_ mean: Double) -> Double { 0.5 + 0.5 * Elementary.tanh(mean / 0.0010) }
    var acceptance = clip01(1 - record.refusalShare / 0.35)
    if countingBalance {
      acceptance = max(0, acceptance - min(0.45, 0.04 * Double(record.balanceRefusals)))
    }
    // The three weights add up to one.
    let score =
      0.55 * squashed(record.expectancy).known(or: 0.5) + 0.30 * record.hitShare.known(or: 0.5)
      + 0.15 * (record.refusalShare.isFinite ? acceptance : 0.5)
    return 0.75 * score + 0.25 * squashed(record.gross).known(or: 0.5)
  }
}
