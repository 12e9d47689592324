import Essentials
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Evidence that grows")
struct StreamingEvidenceTests {
  private static let quick: [EvidenceMetric] = [
    .sharpe, .sharpeT, .volatility, .returns, .maxDrawdown, .ulcer, .winrate, .calmar, .turnover,
    .trades, .exposure, .sampleDays, .sampleTrades, .sampleBars, .paperDays, .paperTrades,
    .paperSharpe, .skew, .kurt, .probabilisticSharpe, .deflatedSharpe, .foldSharpeMean,
    .foldSharpeDeviation, .walkForwardPositive,
  ]
  private static let windows: [EvidenceWindow] = [.days(5), .days(30), .bars(17), .all]

  /// Robustness on records as short as those of a test.
  private static var settings: EvidenceSettings {
    var settings = EvidenceSettings()
    settings.folds.count = 3
    settings.walk = EvidenceWalk(train: .days(3), test: .days(4), step: .days(2))
    settings.trials = 9
    return settings
  }

  private static func compare(
    _ series: EvidenceSeries, _ requests: [EvidenceRequest], every step: Int = 2,
    settings: EvidenceSettings = StreamingEvidenceTests.settings
  ) throws {
    var stream = StreamingEvidence(requests: requests, settings: settings)
    for (place, row) in series.rows.enumerated() {
      try stream.append(row)
      guard place % step == 0 || place + 1 == series.count else { continue }
      for (request, quick) in zip(requests, stream.measures()) {
        let plain = series.measure(request, asOf: row.instant, settings: settings)
        let isSame =
          agree(quick.value, plain.value, absolute: 1e-9) && quick.days == plain.days
          && quick.trades == plain.trades && quick.bars == plain.bars
        #expect(
          isSame, "\(request.metric) over \(request.window), row \(place): \(quick), \(plain)")
      }
    }
    #expect(stream.series.rows.map(\.instant) == series.rows.map(\.instant))
  }

  private static var requests: [EvidenceRequest] {
    windows.flatMap { window in quick.map { EvidenceRequest($0, over: window) } }
  }

  @Test(
    "each row's measures are those of the plain definitions to nine digits",
    arguments: [1, 2, 3] as [UInt64])
  func agreement(seed: UInt64) throws {
    try Self.compare(
      try EvidenceBench.rough(160, seed: seed, EvidenceBench.Roughness(paperFrom: 70)),
      Self.requests)
  }

  @Test("hours agree as well, for a book that loses all the time and for one that always gains")
  func trends() throws {
    for drift in [-0.004, 0.004] {
      let shape = EvidenceBench.Roughness(interval: .hours(1), drift: drift, deviation: 0.001)
      try Self.compare(
        try EvidenceBench.rough(200, seed: 5, shape),
        Self.requests.map {
          EvidenceRequest($0.metric, over: $0.window == .days(30) ? .hours(60) : $0.window)
        }, every: 3)
    }
  }

  @Test("equity that is lost altogether begins anew for windows that begin later")
  func ruins() throws {
    try Self.compare(
      try EvidenceBench.rough(
        150, seed: 6, EvidenceBench.Roughness(paperFrom: 40, ruins: [20, 21, 60, 110])),
      Self.requests)
  }

  @Test("a calm after a storm keeps its digits")
  func calm() throws {
    var generator = SplitMix64(seed: 8)
    let returns = (0..<140).map { row in
      (generator.nextUniform() - 0.5) * (row < 60 ? 0.3 : row < 85 ? 1e-7 : row < 110 ? 1e-9 : 0)
    }
    try Self.compare(try EvidenceBench.daily(returns), Self.requests)
  }

  @Test("levels that repeat, and nothing but falling or rising ones")
  func shapes() throws {
    let shapes: [[Double]] = [
      [0, 0, 0.1, 0, -0.1, 0, 0, 1.0 / 9, 0, -0.5, 1, 0, 0, -0.5, 1, -0.5],
      [Double](repeating: -0.01, count: 40), [Double](repeating: 0.01, count: 40),
      (0..<60).map { $0.isMultiple(of: 2) ? 0.05 : -0.05 / 1.05 },
      (0..<60).map { $0 % 20 < 10 ? -0.03 : 0.03 / 0.97 },
    ]
    for returns in shapes { try Self.compare(try EvidenceBench.daily(returns), Self.requests) }
  }

  @Test("every metric can be asked for")
  func others() throws {
    let requests = EvidenceMetric.allCases.map { EvidenceRequest($0, over: .days(80)) }
    let series = try EvidenceBench.rough(110, seed: 11, EvidenceBench.Roughness(paperFrom: 60))
    try Self.compare(series, requests, every: 50)
  }

  @Test("rows leave windows of time while no row comes")
  func silence() throws {
    let series = try EvidenceBench.rough(60, seed: 13)
    var stream = StreamingEvidence(requests: Self.requests, settings: EvidenceSettings())
    try stream.append(series, through: EvidenceBench.instant(10_000))
    for days in [1, 3, 4, 20, 80] {
      let later = (series.rows.last?.instant ?? EvidenceBench.origin) + .days(Int64(days))
      try stream.advance(to: later)
      for (request, quick) in zip(Self.requests, stream.measures()) {
        let plain = series.measure(request, asOf: later, settings: EvidenceSettings())
        #expect(agree(quick.value, plain.value, absolute: 1e-9), "\(request) \(days)")
        #expect(quick.days == plain.days && quick.bars == plain.bars)
      }
    }
  }

  @Test("going back in time is refused and changes nothing")
  func refused() throws {
    let series = try EvidenceBench.rough(30, seed: 14)
    var stream = StreamingEvidence(requests: Self.requests, settings: EvidenceSettings())
    try stream.append(series, through: EvidenceBench.instant(10_000))
    let before = stream.measures()
    #expect(throws: EvidenceFailure.self) { try stream.append(series.rows[10]) }
    #expect(throws: EvidenceFailure.self) { try stream.append(series.rows[29]) }
    #expect(throws: EvidenceFailure.self) { try stream.advance(to: EvidenceBench.origin) }
    #expect(stream.measures() == before && stream.series.count == series.count)
  }

  @Test("a simulated row behind one on paper does not confuse the measures on paper")
  func mixed() throws {
    var series = EvidenceSeries()
    for (place, row) in try EvidenceBench.rough(50, seed: 15).rows.enumerated() {
      var row = row
      row.origin = place % 5 < 2 ? .paper : .simulated
      try series.append(row)
    }
    try Self.compare(series, Self.requests)
  }

  @Test("nothing known is unknown in every measure but the counts")
  func empty() {
    let stream = StreamingEvidence(requests: Self.requests, settings: EvidenceSettings())
    for measure in stream.measures() { #expect(measure.bars == 0 && !(measure.value > 0)) }
  }
}
