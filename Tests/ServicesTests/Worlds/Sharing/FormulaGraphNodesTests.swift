import AlphaLanguage
import Backtesting
import Essentials
import Markets
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("Formulas as nodes of the strategy graph")
struct FormulaGraphNodesTests {
  private static let panel = RandomPanels.make(RandomPanels.Shape(rows: 20, columns: 3), seed: 3)

  private static func checked(_ text: String) throws -> CheckedFormula {
    try FormulaChecker(schema: panel.schema).check(text)
  }

  private static func nodes(
    _ text: String, side: TradingSide = .long, panel: Panel = panel,
    _ change: (inout SimulationSettings) -> Void = { _ in }
  ) throws -> FormulaGraphNodes {
    var settings = SimulationSettings()
    change(&settings)
    return try FormulaGraphNodes(checked(text), panel: panel, settings: settings, side: side)
  }

  @Test("fields are raw, operators and constants indicators, the value a signal, the side an order")
  func kinds() throws {
    let nodes = try Self.nodes("ts_mean(close, 20) / 2")
    let rows = nodes.graph.nodes.map {
      "\($0.kind.rawValue) \($0.code.prefix { $0 != "/" }) \($0.period) \($0.schema)"
    }
    #expect(
      rows == [
        "dataset panel 1 PANEL", "raw field 1 MATRIX", "indicator ts_mean 20 MATRIX",
        "indicator constant 1 MATRIX", "indicator divide 20 MATRIX", "signal signal 21 WEIGHTS",
        "order order 21 ORDERS",
      ])
    #expect(nodes.graph[nodes.signal]?.dependencies == [nodes.places[3]])
    #expect(nodes.graph[nodes.order]?.dependencies == [nodes.signal])
  }

  /// A call of the operator with a field in every place and the smallest allowed options.
  private static func call(_ entry: OperatorEntry) -> String {
    var arguments: [String] = []
    for parameter in entry.parameters {
      switch parameter.kind {
      case .matrix: arguments.append(["close", "volume", "open"][arguments.count % 3])
      case .group, .groupOrMatrix: arguments.append("sector")
      case .vector: arguments.append("news")
      case .window(let least): arguments.append("\(max(7, least))")
      default:
        guard parameter.standard == nil else { continue }
        switch parameter.kind {
        case .integer(let range): arguments.append("\(range.upperBound < 3 ? range.lowerBound : 3)")
        case .number(let domain): arguments.append(domain.contains(2) ? "2" : "0.5")
        case .flag: arguments.append("true")
        case .word(let words), .wordOrNumber(let words): arguments.append("\"\(words[0])\"")
        default: arguments.append("\"0.2,0.5\"")
        }
      }
    }
    return "\(entry.name)(\(arguments.joined(separator: ", ")))"
  }

  @Test("the period of a formula's value is its look-back and one, for every operator")
  func periods() throws {
    var tried = 0
    for entry in OperatorCatalog.fastexpr.entries where entry.code != nil {
      for text in [Self.call(entry), "ts_mean(\(Self.call(entry)), 5)"] {
        guard let formula = try? Self.checked(text) else { continue }
        let period = formula.graph.periods(catalog: .fastexpr)[formula.graph.root]
        switch formula.lookBack {
        case .rows(let rows): #expect(period == rows + 1, "\(text)")
        case .unbounded: #expect(period >= OperatorParameter.largestWindow, "\(text)")
        }
        tried += 1
      }
    }
    // Groupings and vectors are no formulas, a few operators want other arguments.
    #expect(tried > 200)
  }

  @Test("equal subformulas have one identity, whatever stands around them and however written")
  func sharing() throws {
    let first = try Self.nodes("rank(ts_mean(close, 20)) + volume")
    let second = try Self.nodes("x = ts_mean(close, 20); zscore(x)", side: .short)
    let common = Set(first.graph.nodes.map(\.id)).intersection(second.graph.nodes.map(\.id))
    #expect(
      first.graph.nodes.filter { common.contains($0.id) }.map { $0.code.prefix { $0 != "/" } }
        == ["panel", "field", "ts_mean"])
    let turned = try Self.nodes("volume + rank(ts_mean(close, 20))")
    #expect(turned.order == first.order)
  }

  @Test("what computes something else has another identity")
  func differing() throws {
    let signals = [
      try Self.nodes("close / open"), try Self.nodes("open / close"),
      try Self.nodes("close / close"), try Self.nodes("ts_mean(close, 20)"),
      try Self.nodes("ts_mean(close, 21)"), try Self.nodes("ts_sum(close, 20)"),
      try Self.nodes("ts_regression(close, open, 20)"),
      try Self.nodes("ts_regression(open, close, 20)"),
      try Self.nodes("close * 0"), try Self.nodes("close * -0"), try Self.nodes("close * nan"),
      try Self.nodes("winsorize(close, std=4)"), try Self.nodes("winsorize(close, std=3)"),
      try Self.nodes("close / open") { $0.decay = 4 },
      try Self.nodes("close / open") { $0.universe = "TOP3" },
      try Self.nodes("close / open") { $0.nanHandling = .on },
      try Self.nodes("close / open") { $0.pasteurization = .off },
    ].map(\.signal)
    #expect(Set(signals).count == signals.count)
  }

  @Test("settings that do not change evaluation leave the indicators as they are")
  func settings() throws {
    let plain = try Self.nodes("rank(close)")
    let decayed = try Self.nodes("rank(close)") {
      $0.decay = 10
      $0.delay = 0
    }
    #expect(decayed.places == plain.places)
    #expect(decayed.signal != plain.signal)
    #expect(decayed.graph[decayed.signal]?.period == 10)
    #expect(plain.graph[plain.signal]?.period == 2)
  }

  @Test("the two sides of a formula share its signal")
  func sides() throws {
    let long = try Self.nodes("rank(close)")
    let short = try Self.nodes("rank(close)", side: .short)
    #expect(long.signal == short.signal)
    #expect(long.order != short.order)
  }

  @Test("rows of trading days last as long as a year has days for them")
  func intervals() {
    let days = TimeAxis(tradingDays: [CalendarDate(daysSinceEpoch: 0)])
    #expect(FormulaGraphNodes.interval(of: days).milliseconds == 125_142_858)
    let hours = TimeAxis(
      stamps: [Timestamp(millisecondsSinceEpoch: 0)], spacing: .bar(seconds: 3600))
    #expect(FormulaGraphNodes.interval(of: hours) == .hours(1))
  }

  @Test("windows that add up to more than a thousand years are refused")
  func tooLong() throws {
    let text = (0..<60).reduce("close") { inner, _ in "ts_mean(\(inner), 5000)" }
    let mistake = #expect(throws: GraphMistake.self) { try Self.nodes(text) }
    #expect(mistake?.key == "unusable_node")
  }
}
