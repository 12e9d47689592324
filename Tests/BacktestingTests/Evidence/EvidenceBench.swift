import Essentials
import Mathematics

@testable import Backtesting

/// Records for the tests of evidence.
enum EvidenceBench {
  static let origin = Timestamp(startOf: CalendarDate(year: 2020, month: 1, day: 1)!)

  static func instant(_ row: Int, every interval: TimeSpan = .days(1)) -> Timestamp {
    Timestamp(
      millisecondsSinceEpoch: origin.millisecondsSinceEpoch
        + Int64(row + 1) * interval.milliseconds)
  }

  /// A record of successive days.
  static func daily(_ returns: [Double], origin: EvidenceRow.Origin = .simulated) throws
    -> EvidenceSeries
  {
    try EvidenceSeries(
      returns.enumerated().map {
        EvidenceRow(instant: instant($0), netReturn: $1, trades: 1, origin: origin)
      })
  }

  /// The returns between levels of equity.
  static func returns(of equity: [Double]) -> [Double] {
    zip(equity, equity.dropFirst()).map { $1 / $0 - 1 }
  }

  static func value(
    _ metric: EvidenceMetric, _ series: EvidenceSeries, over window: EvidenceWindow = .all,
    _ settings: EvidenceSettings = EvidenceSettings()
  ) -> Double {
    guard let last = series.rows.last else { return .nan }
    return series.measure(
      EvidenceRequest(metric, over: window), asOf: last.instant, settings: settings
    ).value
  }

  /// What a record may hold.
  struct Roughness {
    var interval = TimeSpan.days(1)
    var drift = 0.0005
    var deviation = 0.01
    var invalidShare = 0.05
    var flatShare = 0.1
    var skipShare = 0.05
    /// The row from which rows are on paper.
    var paperFrom = Int.max
    /// Rows that lose everything.
    var ruins: Set<Int> = []
  }

  /// A seeded record with gaps, rows that are not valid, rows without a position and jumps.
  static func rough(_ rows: Int, seed: UInt64, _ shape: Roughness = Roughness()) throws
    -> EvidenceSeries
  {
    var generator = SplitMix64(seed: seed)
    var series = EvidenceSeries()
    var place = 0
    for row in 0..<rows {
      place += generator.nextUniform() < shape.skipShare ? 3 : 1
      let noise = (0..<12).reduce(-6.0) { sum, _ in sum + generator.nextUniform() }
      let isFlat = generator.nextUniform() < shape.flatShare
      let isJump = generator.nextUniform() < 0.01
      var change = isFlat ? 0 : shape.drift + shape.deviation * noise * (isJump ? 8 : 1)
      let isValid = generator.nextUniform() >= shape.invalidShare
      if !isValid, generator.nextUniform() < 0.5 { change = .nan }
      if shape.ruins.contains(row) { change = -1.2 }
      try series.append(
        EvidenceRow(
          instant: instant(place, every: shape.interval), netReturn: change,
          trades: Int.random(in: 0...3, using: &generator),
          isValid: isValid || shape.ruins.contains(row), grossExposure: isFlat ? 0 : 1,
          turnover: generator.nextUniform(),
          origin: row >= shape.paperFrom ? .paper : .simulated))
    }
    return series
  }
}
