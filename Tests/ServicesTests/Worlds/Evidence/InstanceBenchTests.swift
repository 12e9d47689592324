import AlphaLanguage
import Backtesting
import Essentials
import Markets
import TestKit
import Testing

@testable import Services

@Suite("A bench of instances")
struct InstanceBenchTests {
  private static let panel = RandomPanels.make(
    RandomPanels.Shape(rows: 80, columns: 6), seed: 17)

  private static var settings: SimulationSettings {
    var settings = SimulationSettings()
    settings.neutralization = .market
    settings.costRate = 0.0005
    settings.decay = 3
    return settings
  }

  private static func instances(_ panel: Panel) throws -> [BenchInstance] {
    let checker = FormulaChecker(schema: panel.schema)
    let reversal = try checker.check("rank(-returns)")
    let sum = try checker.check("rank(-returns) + zscore(volume / adv20)")
    let held = try checker.check("trade_when(returns > 0, -returns, -1)")
    return [
      BenchInstance(id: "a", formula: reversal, side: .long),
      BenchInstance(id: "b", formula: reversal, side: .short),
      BenchInstance(id: "c", formula: reversal, side: .short, symbols: ["T0", "T3", "T5"]),
      BenchInstance(id: "d", formula: sum, side: .long),
      BenchInstance(id: "e", formula: held, side: .long),
      BenchInstance(
        id: "f", formula: try checker.check("-ts_delta(close, 20)"), side: .short),
    ]
  }

  private static func bench(_ panel: Panel = panel) throws -> InstanceBench {
    try InstanceBench(panel: panel, settings: settings, instances: instances(panel))
  }

  @Test("what is known at an instant is, bit for bit, what a panel that ends there gives")
  func prefixes() throws {
    let whole = try Self.bench()
    for rows in [3, 57] {
      let short = try Self.bench(Self.panel.prefix(rows))
      let instant = short.ends[rows - 1]
      #expect(whole.row(asOf: instant) == rows - 1)
      for place in whole.instances.indices {
        let known = whole.evidence(place, asOf: instant)
        #expect(known.count == rows - 1)
        #expect(
          known.rows.map(\.netReturn.bitPattern)
            == short.series(place).rows.map(\.netReturn.bitPattern))
        #expect(known.rows.map(\.isValid) == short.series(place).rows.map(\.isValid))
        #expect(
          whole.weights(place, row: rows - 1).map(\.bitPattern)
            == short.weights(place, row: rows - 1).map(\.bitPattern))
        #expect(whole.exposure(place, row: rows - 1) == short.exposure(place, row: rows - 1))
        #expect(whole.isWarm(place, row: rows - 1) == short.isWarm(place, row: rows - 1))
        #expect(whole.history(place, asOf: instant) == short.history(place, asOf: instant))
      }
      #expect(
        whole.correlations(over: .days(30), asOf: instant, minimumOverlap: 10).values
          .map(\.bitPattern)
          == short.correlations(over: .days(30), asOf: instant, minimumOverlap: 10).values
          .map(\.bitPattern))
    }
  }

  @Test("no company changes an instance")
  func company() throws {
    let bench = try Self.bench()
    for (place, instance) in bench.instances.enumerated() {
      let alone = try InstanceBench(
        panel: Self.panel, settings: Self.settings, instances: [instance])
      #expect(
        alone.series(0).rows.map(\.netReturn.bitPattern)
          == bench.series(place).rows.map(\.netReturn.bitPattern), "\(instance.id)")
    }
  }

  @Test("the sides of a book without costs give back what the simulator says it earns")
  func simulator() throws {
    var settings = Self.settings
    settings.costRate = 0
    settings.bookSize = 1
    let instances = try Self.instances(Self.panel)
    let bench = try InstanceBench(panel: Self.panel, settings: settings, instances: instances)
    let results = try PopulationSimulator(panel: Self.panel, settings: settings)
      .simulate([instances[0].formula], limits: .standard(for: .user, delay: 1))
    // A neutral book is long with one half and short with the other.
    for row in 30..<79 {
      let earned =
        0.5 * bench.series(0).rows[row].netReturn + 0.5 * bench.series(1).rows[row].netReturn
      #expect(agree(earned, results[0].series.pnl[row], absolute: 1e-12), "row \(row)")
    }
  }

  @Test("targets are held by symbol, sum to the side's sign, and keep to the selection")
  func targets() throws {
    let bench = try Self.bench()
    for row in [60, 79] {
      for (place, instance) in bench.instances.enumerated() {
        let targets = bench.targets(place, row: row)
        guard !targets.isEmpty else { continue }
        #expect(
          agree(targets.keys.sorted().reduce(0) { $0 + (targets[$1] ?? 0) }, instance.side.sign))
        if let symbols = instance.symbols { #expect(Set(targets.keys).isSubset(of: symbols)) }
      }
    }
    // The last row has targets although no return follows it.
    #expect(!bench.targets(0, row: 79).isEmpty)
  }

  @Test("exposures are mean sizes of the latest rows and sum to 1 in each list")
  func exposures() throws {
    let bench = try Self.bench()
    let exposure = bench.exposure(2, row: 70)
    var sizes = [Double](repeating: 0, count: 6)
    for row in 51...70 {
      for (column, weight) in bench.weights(2, row: row).enumerated() {
        sizes[column] += weight.magnitude
      }
    }
    let gross = sizes.reduce(0, +)
    #expect(exposure.symbols.map(\.name).allSatisfy { ["T0", "T3", "T5"].contains($0) })
    for share in exposure.symbols {
      let column = try #require(Int(share.name.dropFirst()))
      #expect(agree(share.share, sizes[column] / gross))
    }
    for list in [exposure.symbols, exposure.sectors, exposure.venues] {
      #expect(agree(list.reduce(0) { $0 + $1.share }, 1))
      #expect(list.map(\.name) == list.map(\.name).sorted())
    }
    #expect(bench.exposure(0, row: 0).symbols.isEmpty)
  }

  @Test("an instance is warm when its look-back is filled and it has held something")
  func warmth() throws {
    let bench = try Self.bench()
    let f = 5
    #expect(!bench.isWarm(f, row: 21) && bench.isWarm(f, row: 30))
    let first = try #require(bench.series(f).rows.first { $0.isPresent })
    #expect(bench.history(f, asOf: first.instant) == .days(1))
    #expect(bench.history(f, asOf: first.instant - .days(1)) == .zero)
    #expect(bench.dailyVolatility(f, asOf: bench.ends[20]).isNaN)
    #expect(bench.dailyVolatility(f, asOf: bench.ends[79]) > 0)
  }

  @Test("two sides of one formula, both of what they hold, are no strangers")
  func correlations() throws {
    let bench = try Self.bench()
    let matrix = bench.correlations(over: .all, asOf: bench.ends[79], minimumOverlap: 20)
    let long = bench.series(0).rows.filter(\.isPresent)
    #expect(matrix.overlap(0, 1) <= long.count)
    var negated = EvidenceSeries()
    for row in bench.series(1).rows {
      var row = row
      row.netReturn = -row.netReturn
      try negated.append(row)
    }
    let plain = CorrelationMatrix(
      of: [bench.series(0), negated], over: .all, asOf: bench.ends[79], minimumOverlap: 20)
    #expect(agree(matrix[0, 1], plain[0, 1]))
  }

  @Test("an instrument that is held alone has a beta of one to itself")
  func reference() throws {
    let checker = FormulaChecker(schema: Self.panel.schema)
    var settings = Self.settings
    settings.neutralization = .none
    settings.costRate = 0
    settings.decay = 0
    let alone = BenchInstance(
      id: "a", formula: try checker.check("close"), side: .long, symbols: ["T2"])
    let bench = try InstanceBench(panel: Self.panel, settings: settings, instances: [alone])
    let reference = try #require(bench.reference("T2"))
    let beta = bench.series(0).beta(against: reference, over: .all, asOf: bench.ends[79])
    #expect(beta.bars > 20 && beta.value > 0.5 && beta.value < 1.000001)
    #expect(bench.reference("T77") == nil)
  }

  @Test("rows end when they are complete: a day later, or with the bar")
  func ends() {
    let day = CalendarDate(year: 2024, month: 5, day: 1)!
    #expect(TimeAxis(tradingDays: [day]).end(ofRow: 0).description == "2024-05-02")
    let bars = TimeAxis(stamps: [Timestamp(startOf: day)], spacing: .bar(seconds: 3600))
    #expect(bars.end(ofRow: 0).description == "2024-05-01T01:00:00Z")
  }

  @Test("what the panel does not have is refused by name")
  func refused() throws {
    var instance = try Self.instances(Self.panel)[0]
    instance.symbols = ["T1", "T99"]
    #expect(throws: BenchRefusal.unknownSymbol(instance: "a", symbol: "T99", nearest: "T9")) {
      try InstanceBench.check(
        instance, on: RandomPanels.make(RandomPanels.Shape(rows: 30, columns: 10), seed: 1))
    }
    instance.symbols = []
    #expect(throws: BenchRefusal.noSymbols(instance: "a")) {
      try InstanceBench.check(instance, on: Self.panel)
    }
  }
}
