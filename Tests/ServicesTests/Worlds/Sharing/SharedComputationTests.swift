import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Mathematics
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("What worlds compute together")
struct SharedComputationTests {
  private static let panel = RandomPanels.make(RandomPanels.Shape(rows: 60, columns: 7), seed: 9)

  private static func formula(
    _ world: String, _ instance: String, _ text: String, side: TradingSide = .long,
    _ change: (inout SimulationSettings) -> Void = { _ in }
  ) throws -> WorldFormula {
    var settings = SimulationSettings()
    settings.neutralization = .market
    change(&settings)
    return WorldFormula(
      world: world, instance: instance,
      formula: try FormulaChecker(schema: panel.schema).check(text), settings: settings, side: side)
  }

  private static func rules(_ isolation: SharingRules.Isolation) -> SharingRules {
    var rules = SharingRules()
    rules.isolation = isolation
    return rules
  }

  /// All values of each formula, by its place.
  private static func values(_ computation: SharedComputation) throws -> [[UInt64]] {
    var values = [[UInt64]](repeating: [], count: computation.formulas.count)
    try computation.evaluate(on: panel) { formula, rows in
      for offset in 0..<rows.count {
        for column in 0..<rows.columns { values[formula].append(rows[offset, column].bitPattern) }
      }
    }
    return values
  }

  /// How often the plans compute the root of `text`.
  private static func computations(of text: String, in computation: SharedComputation) throws -> Int
  {
    let part = try FormulaChecker(schema: panel.schema).check(text).graph
    return computation.groups.count { group in
      // A plan of the part beside the group's own formulas has no node more where it is there.
      let formulas = group.members.map { computation.formulas[$0].formula.graph }
      return EvaluationPlan(formulas + [part]).nodes.count == group.plan.nodes.count
    }
  }

  private static let part = "ts_mean(returns, 20)"

  private static func twoWorlds() throws -> [WorldFormula] {
    [
      try formula("a", "i", "rank(\(part)) - volume"),
      try formula("b", "j", "zscore(\(part)) * close", side: .short),
    ]
  }

  @Test("two worlds that share compute a common subformula once, and two silos twice (N1)")
  func once() throws {
    let formulas = try Self.twoWorlds()
    let shared = try SharedComputation(
      formulas, rules: ["a": Self.rules(.shared), "b": Self.rules(.shared)], panel: Self.panel)
    let silo = try SharedComputation(
      formulas, rules: ["a": Self.rules(.silo), "b": Self.rules(.silo)], panel: Self.panel)
    let mixed = try SharedComputation(
      formulas, rules: ["a": Self.rules(.silo), "b": Self.rules(.shared)], panel: Self.panel)
    #expect(shared.groups.map(\.owner) == [.everybody])
    #expect(silo.groups.map(\.owner) == [.world("a"), .world("b")])
    #expect(mixed.groups.map(\.owner) == [.world("a"), .everybody])
    #expect(try Self.computations(of: Self.part, in: shared) == 1)
    #expect(try Self.computations(of: Self.part, in: silo) == 2)
    #expect(try Self.computations(of: Self.part, in: mixed) == 2)

    // Formulas of 5 nodes each: returns, its mean, the rank, another field and the whole.
    #expect(silo.counts == .init(total: 10, byWorld: 10, computed: 10))
    #expect(mixed.counts == silo.counts)
    #expect(shared.counts == .init(total: 10, byWorld: 10, computed: 8))
    #expect(shared.counts.savedBetweenWorlds == 2)
    #expect(shared.counts.saved == 2)
  }

  @Test("values have the same bits in company and alone")
  func bits() throws {
    let texts = [
      "rank(\(Self.part)) - volume", "zscore(\(Self.part)) * close",
      "group_neutralize(\(Self.part), sector)", "trade_when(volume > adv20, \(Self.part), -1)",
      "ts_corr(rank(close), rank(volume), 7)", "hump(rank(close), hump=0.001)",
    ]
    var formulas: [WorldFormula] = []
    for (place, text) in texts.enumerated() {
      for world in ["a", "b", "c"] {
        formulas.append(
          try Self.formula(world, "i\(place)", text) {
            if place % 2 == 1 { $0.nanHandling = .on }
            if place % 3 == 2 { $0.universe = "TOP3" }
          })
      }
    }
    let rules = ["a": Self.rules(.shared), "b": Self.rules(.silo), "c": Self.rules(.shared)]
    let together = try SharedComputation(formulas, rules: rules, panel: Self.panel)
    #expect(together.counts.saved > together.counts.savedBetweenWorlds)
    #expect(together.counts.savedBetweenWorlds > 0)
    let values = try Self.values(together)
    for (place, formula) in formulas.enumerated() {
      let alone = try SharedComputation([formula], rules: rules, panel: Self.panel)
      #expect(try Self.values(alone) == [values[place]], "\(formula.formula.source)")
    }
  }

  @Test("keys of the graph count exactly what the plans compute, over random worlds")
  func keys() throws {
    var generator = SplitMix64(seed: 77)
    func pick<Element>(_ choices: [Element]) -> Element {
      choices[Int.random(in: 0..<choices.count, using: &generator)]
    }
    let fields = ["close", "volume", "returns", "open", "0.5", "nan"]
    func text(_ depth: Int) -> String {
      if depth == 0 { return pick(fields) }
      return switch Int.random(in: 0..<6, using: &generator) {
      case 0: "ts_mean(\(text(depth - 1)) + close, \(pick([3, 5])))"
      case 1: "rank(\(text(depth - 1)) - open)"
      case 2: "(\(text(depth - 1)) / \(text(depth - 1)) + returns)"
      case 3: "group_mean(close * \(text(depth - 1)), 1, sector)"
      case 4: "ts_corr(\(text(depth - 1)) + volume, close, 5)"
      default: "bucket(rank(close), range=\"0,1,0.1\") == \(text(depth - 1))"
      }
    }
    var saved = 0
    for _ in 0..<30 {
      var formulas: [WorldFormula] = []
      for place in 0..<Int.random(in: 1...12, using: &generator) {
        guard
          let formula = try? Self.formula(
            pick(["a", "b", "c", "d"]), "i\(place)", text(Int.random(in: 1...3, using: &generator)),
            side: pick([.long, .short]),
            { settings in
              settings.nanHandling = pick([.on, .off, .off])
              settings.decay = pick([0, 5])
            })
        else { continue }
        formulas.append(formula)
      }
      let rules = Dictionary(
        uniqueKeysWithValues: ["a", "b", "c", "d"].map {
          ($0, Self.rules(pick([.silo, .shared, .shared])))
        })
      let computation = try SharedComputation(formulas, rules: rules, panel: Self.panel)
      let kinds: [NodeKind] = [.raw, .indicator]
      let counted = computation.keys.count { key in
        computation.graph[key.computation.node].map { kinds.contains($0.kind) } ?? false
      }
      #expect(counted == computation.counts.computed)
      #expect(computation.counts.computed <= computation.counts.byWorld)
      #expect(computation.counts.byWorld <= computation.counts.total)
      #expect(computation.keys.allSatisfy { $0.data == Self.panel.fingerprint })
      saved += computation.counts.savedBetweenWorlds
    }
    #expect(saved > 20)
  }

  @Test("the roots of the worlds enter the graph of all, and leave it")
  func life() throws {
    let formulas = try Self.twoWorlds()
    let rules = ["a": Self.rules(.shared), "b": Self.rules(.shared)]
    let computation = try SharedComputation(formulas, rules: rules, panel: Self.panel)
    var graph = SharedGraph()
    let now = Timestamp(millisecondsSinceEpoch: 1_600_000_000_000)
    var started: [Computation] = []
    for (world, rules) in rules.sorted(by: { $0.key < $1.key }) {
      _ = try graph.apply(GraphEvent(at: now, .joined(world: world, rules: rules)))
      let event = try #require(
        graph.rooting(world, computation.roots[world] ?? [:], from: computation.graph, at: now))
      started += try graph.apply(event).filter { $0.action == .start }.map(\.computation)
    }
    #expect(started.sorted() == computation.keys.map(\.computation))
    // World a goes; what b reads stays, and the rest drains for 21 rows of trading days.
    let gone = try graph.apply(GraphEvent(at: now, .left(world: "a")))
    let drain = TimeSpan(
      milliseconds: 21 * FormulaGraphNodes.interval(of: Self.panel.axis).milliseconds)
    #expect(gone.count == 5)
    #expect(
      gone.filter { $0.computation.owner == .world("a") }.allSatisfy {
        $0.action == .drain(until: now + drain)
      })
  }

  @Test("a world without rules and an instance given twice are refused")
  func refused() throws {
    let formulas = try Self.twoWorlds()
    #expect(throws: GraphMistake.unknownWorld("b")) {
      try SharedComputation(formulas, rules: ["a": Self.rules(.silo)], panel: Self.panel)
    }
    #expect(throws: GraphMistake.duplicateNode(name: "a/i")) {
      try SharedComputation(
        [formulas[0], formulas[0]], rules: ["a": Self.rules(.silo)], panel: Self.panel)
    }
  }
}
