import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Mathematics
import Synchronization
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("Books that worlds share")
struct SharedBooksTests {
  private static let panel = RandomPanels.make(RandomPanels.Shape(rows: 50, columns: 6), seed: 31)

  private static func formula(
    _ world: String, _ instance: String, _ text: String, on panel: Panel = panel,
    side: TradingSide = .long, _ change: (inout SimulationSettings) -> Void = { _ in }
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

  /// How often each computation ran.
  private final class Tally: Sendable {
    private let counts = Mutex<[Computation: Int]>([:])

    func books(bytesMax: Int = 1 << 29) -> SharedBooks {
      SharedBooks(bytesMax: bytesMax) { computations in
        self.counts.withLock { counts in
          for computation in computations { counts[computation, default: 0] += 1 }
        }
      }
    }

    var all: [Computation: Int] { counts.withLock { $0 } }
    var total: Int { all.values.reduce(0, +) }

    func runs(of text: String, for owner: NodeOwner) throws -> Int {
      let formula = try SharedBooksTests.formula("", "", text)
      let nodes = try FormulaGraphNodes(
        formula.formula, panel: SharedBooksTests.panel, settings: formula.settings, side: .long)
      return all[Computation(nodes.places[formula.formula.graph.root], for: owner)] ?? 0
    }
  }

  private static func bits(_ book: BookHistory) -> [UInt64] {
    (0..<book.rows).flatMap { book.withWeights(row: $0) { $0.map(\.bitPattern) } }
  }

  /// The bits of a book that was computed in nobody's company.
  private static func alone(_ formula: WorldFormula, on panel: Panel = panel) throws -> [UInt64] {
    let bench = try InstanceBench(
      panel: panel, settings: formula.settings,
      instances: [BenchInstance(id: "", formula: formula.formula, side: .long)])
    let other = try InstanceBench(
      panel: panel, settings: formula.settings,
      instances: [BenchInstance(id: "", formula: formula.formula, side: .short)])
    return (0..<panel.rows).flatMap { row in
      zip(bench.weights(0, row: row), other.weights(0, row: row)).flatMap {
        [$0.bitPattern, $1.bitPattern]
      }
    }
  }

  private static func sides(_ formula: WorldFormula, _ book: BookHistory) -> [UInt64] {
    let sides = [BookSide.long, .short].map { side in
      InstanceBench(
        [BenchInstance(id: "", formula: formula.formula, side: side)], with: [book])
    }
    return (0..<book.rows).flatMap { row in
      zip(sides[0].weights(0, row: row), sides[1].weights(0, row: row)).flatMap {
        [$0.bitPattern, $1.bitPattern]
      }
    }
  }

  private static let part = "ts_mean(returns, 20)"

  @Test("a subformula of two worlds that share runs once, and once for each of two silos")
  func once() throws {
    let a = try Self.formula("a", "i", "rank(\(Self.part)) - volume")
    let b = try Self.formula("b", "j", "zscore(\(Self.part)) * close", side: .short)
    for (first, second, shared, own) in [
      (SharingRules.Isolation.shared, SharingRules.Isolation.shared, 1, 0), (.silo, .silo, 0, 1),
      (.silo, .shared, 1, 1), (.shared, .silo, 1, 0),
    ] {
      let tally = Tally()
      let books = tally.books()
      let rules = ["a": Self.rules(first), "b": Self.rules(second)]
      let one = books.books(of: [a], foreseen: [b], rules: rules, on: Self.panel)
      let other = books.books(of: [b], foreseen: [a], rules: rules, on: Self.panel)
      #expect(try tally.runs(of: Self.part, for: .everybody) == shared, "\(first) \(second)")
      #expect(try tally.runs(of: Self.part, for: .world("a")) == own, "\(first) \(second)")
      #expect(tally.all.values.allSatisfy { $0 == 1 })
      #expect(tally.total == (own + shared == 1 && second == .shared ? 8 : 10))
      #expect(try Self.sides(a, #require(one.books[0])) == Self.alone(a))
      #expect(try Self.sides(b, #require(other.books[0])) == Self.alone(b))
    }
  }

  @Test(
    "over random worlds every node runs once for each owner, and books have the bits of books alone"
  )
  func random() throws {
    var generator = SplitMix64(seed: 5)
    func pick<Element>(_ choices: [Element]) -> Element {
      choices[Int.random(in: 0..<choices.count, using: &generator)]
    }
    let fields = ["close", "volume", "returns", "open"]
    func text(_ depth: Int) -> String {
      if depth == 0 { return pick(fields) }
      return switch Int.random(in: 0..<6, using: &generator) {
      case 0: "ts_mean(\(text(depth - 1)) + close, \(pick([3, 5])))"
      case 1: "rank(\(text(depth - 1)) - open)"
      case 2: "(\(text(depth - 1)) / \(text(depth - 1)) + returns)"
      case 3: "group_mean(close * \(text(depth - 1)), 1, sector)"
      case 4: "trade_when(volume > adv20, \(text(depth - 1)), -1)"
      default: "ts_corr(\(text(depth - 1)) + volume, close, 5)"
      }
    }
    var shared = 0
    for _ in 0..<12 {
      var formulas: [String: [WorldFormula]] = [:]
      for place in 0..<Int.random(in: 2...9, using: &generator) {
        let world = pick(["a", "b", "c"])
        guard
          let formula = try? Self.formula(
            world, "i\(place)", text(Int.random(in: 1...3, using: &generator)),
            side: pick([.long, .short]),
            { settings in
              settings.nanHandling = pick([.on, .off, .off])
              settings.decay = pick([0, 5])
              settings.universe = pick(["TOP3000", "TOP3000", "TOP3"])
            })
        else { continue }
        formulas[world, default: []].append(formula)
      }
      var rules: [String: SharingRules] = [:]
      for world in ["a", "b", "c"] {
        rules[world] = Self.rules(pick([.silo, .shared, .shared]))
        rules[world]?.signal = pick([.global, .world])
      }
      let tally = Tally()
      let books = tally.books()
      // Worlds ask one after another, each twice.
      for world in ["a", "b", "c", "b", "a", "c"] {
        let wanted = formulas[world] ?? []
        let others = formulas.filter { $0.key != world }.sorted { $0.key < $1.key }
          .flatMap(\.value)
        let answer = books.books(of: wanted, foreseen: others, rules: rules, on: Self.panel)
        for (place, formula) in wanted.enumerated() {
          let book = try #require(answer.books[place])
          #expect(try Self.sides(formula, book) == Self.alone(formula), "\(formula.formula.source)")
        }
      }
      let computation = try SharedComputation(
        formulas.sorted { $0.key < $1.key }.flatMap(\.value), rules: rules, panel: Self.panel)
      #expect(tally.all.values.allSatisfy { $0 == 1 })
      #expect(tally.total == computation.counts.computed)
      shared += computation.counts.savedBetweenWorlds
    }
    #expect(shared > 5)
  }

  @Test("an instance that comes later is computed, and what was there is not computed again")
  func later() throws {
    let tally = Tally()
    let books = tally.books()
    let rules = ["a": Self.rules(.shared)]
    let first = try Self.formula("a", "i", "rank(close)")
    let second = try Self.formula("a", "j", "rank(volume)")
    _ = books.books(of: [first], foreseen: [], rules: rules, on: Self.panel)
    let before = tally.total
    let answer = books.books(of: [first, second], foreseen: [], rules: rules, on: Self.panel)
    #expect(answer.books.count == 2)
    #expect(tally.total == before + 2)
    #expect(tally.all.values.allSatisfy { $0 == 1 })
  }

  @Test("a panel that has grown is computed anew, and its books are those of the longer panel")
  func growth() throws {
    let tally = Tally()
    let books = tally.books()
    let rules = ["a": Self.rules(.shared)]
    let formula = try Self.formula("a", "i", "rank(close)")
    let short = Self.panel.prefix(40)
    #expect(short.fingerprint != Self.panel.fingerprint)
    let before = books.books(of: [formula], foreseen: [], rules: rules, on: short)
    let after = books.books(of: [formula], foreseen: [], rules: rules, on: Self.panel)
    #expect(try Self.sides(formula, #require(before.books[0])) == Self.alone(formula, on: short))
    #expect(try Self.sides(formula, #require(after.books[0])) == Self.alone(formula))
    #expect(tally.all.values.allSatisfy { $0 == 2 })
  }

  @Test(
    "without room nothing is computed ahead, old books are forgotten, and answers stay the same")
  func room() throws {
    let tally = Tally()
    let one = Self.panel.rows * Self.panel.columns * 8
    let books = tally.books(bytesMax: one)
    let rules = ["a": Self.rules(.shared), "b": Self.rules(.shared)]
    let a = try Self.formula("a", "i", "rank(\(Self.part))")
    let b = try Self.formula("b", "j", "zscore(\(Self.part))")
    for _ in 0..<2 {
      for (mine, other) in [(a, b), (b, a)] {
        let answer = books.books(of: [mine], foreseen: [other], rules: rules, on: Self.panel)
        #expect(try Self.sides(mine, #require(answer.books[0])) == Self.alone(mine))
      }
    }
    #expect(try tally.runs(of: Self.part, for: .everybody) == 4)
    // With room for both the second one finds what the first one made.
    let both = Tally()
    let roomy = both.books(bytesMax: 2 * one)
    for (mine, other) in [(a, b), (b, a), (a, b)] {
      _ = roomy.books(of: [mine], foreseen: [other], rules: rules, on: Self.panel)
    }
    #expect(try both.runs(of: Self.part, for: .everybody) == 1)
  }

  @Test("a formula that cannot be computed is told why, and keeps nobody from a book")
  func failures() throws {
    let books = Tally().books()
    let rules = ["a": Self.rules(.shared), "b": Self.rules(.shared)]
    let bare = Panel(
      name: "bare", fingerprint: Fingerprint(of: "bare"), axis: Self.panel.axis,
      instruments: Self.panel.instruments,
      fields: ["close", "volume"].compactMap { Self.panel.fields[$0] })
    let good = try Self.formula("a", "i", "rank(close)", on: bare)
    let bad = try Self.formula("a", "j", "rank(volume)", on: bare) { $0.neutralization = .sector }
    let peer = try Self.formula("b", "k", "close", on: bare) { $0.neutralization = .sector }
    let stranger = try Self.formula("c", "l", "close", on: bare)
    let answer = books.books(
      of: [bad, good, stranger], foreseen: [peer], rules: rules, on: bare)
    #expect(answer.books.keys.sorted() == [1])
    #expect(answer.failures.keys.sorted() == [0, 2])
    #expect(answer.failures[0]?.explanation.contains("sector") == true)
  }
}
