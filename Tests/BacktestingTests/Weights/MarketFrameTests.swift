import Essentials
import Markets
import TestKit
import Testing

@testable import Backtesting

@Suite("Market frame")
struct MarketFrameTests {
  @Test("membership, smaller universe and returns agree with their definitions")
  func agreesWithDefinitions() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 70, columns: 11), seed: 77)
    for universe in ["ALL", "TOP4", "TOP50"] {
      var settings = SimulationSettings()
      settings.universe = universe
      let frame = try MarketFrame(panel: panel, settings: settings)
      let plain = PlainSimulation(panel: panel, settings: settings, alpha: [])
      let membership = frame.membership()
      for row in 0..<70 {
        let smaller = plain.smallerMembers(row)
        for column in 0..<11 {
          #expect(membership.contains(row: row, column: column) == plain.isMember(row, column))
          let admission = frame.admission.value(row: row, column: column)
          #expect(admission.isNaN == !plain.isAdmitted(row, column))
          let isInside = frame.selection.smaller?.value(row: row, column: column) == 1
          #expect(isInside == smaller.contains(column), "\(universe), row \(row)")
          #expect(
            agree(
              frame.returns.value(row: row, column: column), plain.returnOf(row, column) ?? .nan))
        }
        #expect(frame.selection.smallerCounts[row] == smaller.count)
      }
    }
  }

  @Test("a pick does not know the volume of its own row")
  func picksSeeNothingEarly() throws {
    // 2020-02-01 is row 31 and the first of its month.
    var volume = Array(repeating: [2.0, 1.0], count: 40)
    volume[31] = [1, 1000]
    let panel = SimulationBench.panel(
      closes: Array(repeating: [1, 1], count: 40), volume: volume)
    var settings = SimulationSettings()
    settings.neutralization = .none
    settings.universe = "TOP1"
    let membership = try MarketFrame(panel: panel, settings: settings).membership()
    #expect(!membership.contains(row: 19, column: 0))
    #expect(membership.contains(row: 20, column: 0))
    #expect(membership.contains(row: 39, column: 0))
    #expect(!membership.contains(row: 39, column: 1))
  }

  @Test("a membership that the panel brings is used as it is")
  func namedUniverse() throws {
    let panel = SimulationBench.panel(
      closes: Array(repeating: [1, 1], count: 3),
      universes: ["SP": MembershipColumn(rows: 3, columns: 2, members: [1, 0, 1, 1, 0, 1])])
    var settings = SimulationBench.plainSettings
    settings.universe = "SP"
    let frame = try MarketFrame(panel: panel, settings: settings)
    #expect(frame.membership().members == [1, 0, 1, 1, 0, 1])
    #expect(frame.admittedCounts == [1, 2, 1])
    let result = try SimulationBench.run(panel, settings, [[1, 1], [1, 1], [1, 1]])
    #expect(result.series.longCount == [1, 2])
  }

  @Test("an unknown universe is refused with the nearest name")
  func unknownUniverse() {
    let panel = SimulationBench.panel(
      closes: Array(repeating: [1], count: 3),
      universes: ["SP500": MembershipColumn(rows: 3, columns: 1, members: [1, 1, 1])])
    var settings = SimulationBench.plainSettings
    for name in ["SP50", "TOP0", "TOPX"] {
      settings.universe = name
      let refusal = #expect(throws: SimulationRefusal.self) {
        try MarketFrame(panel: panel, settings: settings)
      }
      #expect(refusal?.key == "unknown_universe")
      #expect(refusal?.outcome == .badConfiguration)
      #expect(refusal?.remedy.contains("ALL, SP500") == true)
      #expect(refusal?.remedy.contains("Did you mean SP500?") == (name == "SP50"))
    }
  }

  @Test("a field that settings need and the panel lacks is named")
  func missingFields() {
    func matrix(_ name: String) -> PanelField {
      PanelField(
        description: FieldDescription(name: name, kind: .matrix),
        values: .matrix(MatrixColumn(rows: 3, columns: 1, values: [1, 1, 1])))
    }
    func panel(_ names: [String]) -> Panel {
      Panel(
        name: "bare", fingerprint: Fingerprint(of: "bare"),
        axis: TimeAxis(tradingDays: (0..<3).map { CalendarDate(daysSinceEpoch: $0) }),
        instruments: [Instrument(symbol: "A")], fields: names.map(matrix))
    }
    var sector = SimulationBench.plainSettings
    sector.neutralization = .sector
    var top = SimulationBench.plainSettings
    top.universe = "TOP5"
    var limited = SimulationBench.plainSettings
    limited.maxTrade = .on
    let cases: [([String], SimulationSettings, String)] = [
      (["volume"], SimulationBench.plainSettings, "close"), (["close"], sector, "sector"),
      (["close"], top, "volume"), (["close"], limited, "volume"),
    ]
    for (fields, settings, missing) in cases {
      let refusal = #expect(throws: SimulationRefusal.self) {
        try MarketFrame(panel: panel(fields), settings: settings)
      }
      #expect(refusal?.key == "field_missing")
      #expect(refusal?.outcome == .refused)
      #expect(refusal?.explanation.contains("\"\(missing)\"") == true)
    }
    let frame = try? MarketFrame(panel: panel(["close"]), settings: SimulationBench.plainSettings)
    #expect(frame?.smallerUniverseShare == nil)
  }

  @Test("the test period is the last part of the sample")
  func testPeriod() throws {
    let panel = SimulationBench.panel(
      closes: Array(repeating: [1], count: 731), first: CalendarDate(year: 2020, month: 1, day: 1))
    var settings = SimulationBench.plainSettings
    settings.testPeriod = CalendarPeriod(months: 6)
    let frame = try MarketFrame(panel: panel, settings: settings)
    let test = try #require(frame.test)
    #expect(panel.axis.date(frame.sample.upperBound - 1).description == "2021-12-31")
    #expect(panel.axis.date(test.lowerBound).description == "2021-07-01")
    #expect(frame.train == 1..<test.lowerBound)
    #expect(test.upperBound == 731)
    #expect(frame.years.map(\.year) == [2020, 2021])
    #expect(frame.years.map(\.rows) == [1..<366, 366..<731])
    let yearly = try SimulationBench.run(
      panel, settings, Array(repeating: [1], count: 731), chunk: 64
    ).yearly
    #expect(yearly.map(\.year) == [2020, 2021, 2021])
    #expect(yearly.map(\.stage) == [.train, .train, .test])

    settings.testPeriod = CalendarPeriod(years: 3)
    let refusal = #expect(throws: SimulationRefusal.self) {
      try MarketFrame(panel: panel, settings: settings)
    }
    #expect(refusal?.key == "test_period_covers_sample")
  }

  @Test("start and end dates bound what counts, not what warms up")
  func dates() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 60, columns: 9), seed: 3)
    var settings = SimulationSettings()
    settings.decay = 6
    settings.neutralization = .market
    settings.truncation = 0
    let alpha = SimulationBench.alpha(rows: 60, columns: 9, seed: 4)
    let whole = try SimulationBench.run(panel, settings, alpha).series
    settings.startDate = panel.axis.date(20)
    settings.endDate = panel.axis.date(39)
    let part = try SimulationBench.run(panel, settings, alpha).series
    #expect(part.count == 20)
    #expect(part.stamps.first == panel.axis.stamps[20])
    #expect(part.pnl == Array(whole.pnl[19..<39]))
    #expect(part.traded == Array(whole.traded[19..<39]))

    settings.startDate = CalendarDate(year: 2030, month: 1, day: 1)
    settings.endDate = nil
    let refusal = #expect(throws: SimulationRefusal.self) {
      try MarketFrame(panel: panel, settings: settings)
    }
    #expect(refusal?.key == "sample_empty")
  }

  @Test("a revised frame equals one made from the start")
  func revised() throws {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 50, columns: 9), seed: 13)
    let alpha = SimulationBench.alpha(rows: 50, columns: 9, seed: 14)
    let base = try MarketFrame(panel: panel, settings: SimulationSettings())
    var settings = SimulationSettings()
    for universe in ["ALL", "TOP5"] {
      settings.universe = universe
      settings.maxTrade = .on
      settings.decay = 3
      settings.truncation = 0.5
      var simulation = BookSimulation(frame: try base.revised(settings))
      SimulationBench.feed(&simulation, alpha, chunk: 50)
      let revised = simulation.finish(
        SimulationBench.identity, limits: .standard(for: .user, delay: 1))
      let fresh = try SimulationBench.run(panel, settings, alpha)
      #expect(revised.fingerprint == fresh.fingerprint)
    }
  }

  @Test("bars of an hour have 24 rows in a day")
  func bars() throws {
    let panel = SimulationBench.panel(
      closes: [[1], [1], [1], [1]], spacing: .bar(seconds: 3600))
    let result = try SimulationBench.run(
      panel, SimulationBench.plainSettings, [[1], [-1], [1], [-1]])
    #expect(result.series.traded == [100, 200, 200])
    #expect(agree(result.inSample.turnover, 24 * 500.0 / 300))
  }
}
