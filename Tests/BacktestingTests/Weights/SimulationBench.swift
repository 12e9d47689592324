import Essentials
import Markets
import Mathematics
import TestKit

@testable import Backtesting

/// Small panels and formula values for the tests of the simulator.
enum SimulationBench {
  static let identity = AlphaIdentity(
    text: "test", canonicalText: "test", fingerprint: Fingerprint(of: "test"), operatorCount: 1)

  /// Values as a formula would give them: some missing, some equal, a few very large.
  static func alpha(rows: Int, columns: Int, seed: UInt64) -> [[Double]] {
    var generator = SplitMix64(seed: seed)
    return (0..<rows).map { _ in
      (0..<columns).map { _ in
        let roll = generator.nextUniform()
        let value = generator.nextUniform() * 2 - 0.8
        if roll < 0.12 { return .nan }
        if roll < 0.25 { return 0.5 }
        if roll < 0.28 { return value * 1e6 }
        return value
      }
    }
  }

  static func run(
    _ panel: Panel, _ settings: SimulationSettings, _ alpha: [[Double]],
    chunk: Int = 7, pool: PnLPool? = nil
  ) throws -> SimulationResult {
    var simulation = BookSimulation(frame: try MarketFrame(panel: panel, settings: settings))
    feed(&simulation, alpha, chunk: chunk)
    return simulation.finish(identity, limits: .standard(for: .user, delay: 1), pool: pool)
  }

  static func feed(
    _ simulation: inout BookSimulation, _ alpha: [[Double]], chunk: Int
  ) {
    var row = 0
    while row < alpha.count {
      let next = min(alpha.count, row + chunk)
      let block = alpha[row..<next].flatMap { $0 }
      block.withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { simulation.advance(rows: row..<next, alpha: base) }
      }
      row = next
    }
  }

  /// A panel of given closes (one array a row), with a volume of 1 everywhere unless given.
  static func panel(
    closes: [[Double]], volume: [[Double]]? = nil, sectors: [Int32]? = nil,
    universes: [String: MembershipColumn] = [:], first: CalendarDate? = nil,
    spacing: TimeAxis.Spacing = .tradingDay
  ) -> Panel {
    let rows = closes.count
    let columns = closes[0].count
    let start = (first ?? CalendarDate(year: 2020, month: 1, day: 1)!).daysSinceEpoch
    func matrix(_ name: String, _ values: [Double]) -> PanelField {
      PanelField(
        description: FieldDescription(name: name, kind: .matrix),
        values: .matrix(MatrixColumn(rows: rows, columns: columns, values: values)))
    }
    var fields = [
      matrix("close", closes.flatMap { $0 }),
      matrix("volume", volume?.flatMap { $0 } ?? Array(repeating: 1, count: rows * columns)),
    ]
    if let sectors {
      fields.append(
        PanelField(
          description: FieldDescription(name: "sector", kind: .group),
          values: .group(
            GroupColumn(labels: ["a", "b", "c"], columns: columns, codes: sectors))))
    }
    let step: Int64 =
      switch spacing {
      case .tradingDay: Timestamp.millisecondsPerDay
      case .bar(let seconds): Int64(seconds) * 1000
      }
    let origin = Int64(start) * Timestamp.millisecondsPerDay
    return Panel(
      name: "bench", fingerprint: Fingerprint(of: "bench"),
      axis: TimeAxis(
        stamps: (0..<rows).map { Timestamp(millisecondsSinceEpoch: origin + Int64($0) * step) },
        spacing: spacing),
      instruments: (0..<columns).map { Instrument(symbol: "T\($0)") }, fields: fields,
      universes: universes)
  }

  /// Settings that leave the values as they are, but for the scale.
  static var plainSettings: SimulationSettings {
    var settings = SimulationSettings()
    settings.neutralization = .none
    settings.truncation = 0
    settings.bookSize = 100
    return settings
  }
}
