import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Synchronization
import TestKit
import Testing

@testable import Services

@Suite("A population of formulas")
struct PopulationSimulatorTests {
  private static let texts = [
    "-ts_delta(close, 3)", "rank(-returns)", "group_neutralize(ts_mean(returns, 5), sector)",
    "zscore(volume / adv20)", "ts_corr(rank(close), rank(volume), 7)",
    "trade_when(returns > 0, -returns, -1)", "hump(rank(close / open), hump=0.001)",
    "group_rank(ts_zscore(close, 10), industry)", "ts_rank(volume, 8) * -rank(returns)",
  ]

  private static let panel = RandomPanels.make(
    RandomPanels.Shape(rows: 130, columns: 11), seed: 5)

  private static func formulas(_ copies: Int = 1) throws -> [CheckedFormula] {
    let checker = FormulaChecker(schema: panel.schema)
    return try (0..<copies).flatMap { copy in
      try texts.map { try checker.check(copy == 0 ? $0 : "(\($0)) * \(copy + 1)") }
    }
  }

  private static func simulator() throws -> PopulationSimulator {
    var settings = SimulationSettings()
    settings.neutralization = .market
    return try PopulationSimulator(panel: panel, settings: settings)
  }

  private static let limits = CheckLimits.standard(for: .user, delay: 1)

  @Test("the same results come from one thread and from four, in the order of the formulas")
  func threads() throws {
    let formulas = try Self.formulas(8)
    let simulator = try Self.simulator()
    let alone = simulator.simulate(formulas, limits: Self.limits, threads: 1)
    let together = simulator.simulate(formulas, limits: Self.limits, threads: 4)
    #expect(alone.map(\.fingerprint) == together.map(\.fingerprint))
    #expect(alone.map(\.alpha.text) == formulas.map(\.source))
  }

  @Test("a formula is worth the same alone and in company")
  func company() throws {
    let formulas = try Self.formulas()
    let simulator = try Self.simulator()
    let together = simulator.simulate(formulas, limits: Self.limits)
    for (formula, result) in zip(formulas, together) {
      let alone = simulator.simulate([formula], limits: Self.limits)
      #expect(alone[0].fingerprint == result.fingerprint, "\(formula.source)")
    }
  }

  @Test("progress counts every formula once")
  func progress() throws {
    let formulas = try Self.formulas(4)
    let counts = Counter()
    _ = try Self.simulator().simulate(formulas, limits: Self.limits, threads: 2) {
      counts.record($0)
    }
    #expect(counts.values.sorted() == Array(1...formulas.count))
  }

  @Test("no bundled kind of formula changes when the future is cut off")
  func lookAhead() throws {
    let simulator = try Self.simulator()
    for formula in try Self.formulas() {
      guard case .clean = simulator.lookAhead(of: formula, probes: 3) else {
        Issue.record("\(formula.source) depends on later rows")
        continue
      }
    }
  }

  @Test("the best of many is judged against all of them and those tried before")
  func trials() throws {
    let formulas = try Self.formulas()
    var options = PricingOptions(limits: Self.limits)
    options.trust.resamples = 50
    let few = try Self.simulator().price(formulas.map { ($0.source, $0) }, options: options)
    options.earlierTrials = 1000
    let many = try Self.simulator().price(formulas.map { ($0.source, $0) }, options: options)
    #expect(few.map(\.name) == Self.texts)
    #expect(few.allSatisfy { $0.trust.trials == formulas.count })
    #expect(many.allSatisfy { $0.trust.trials == formulas.count + 1000 })
    for (one, other) in zip(few, many) {
      let luck = try #require(one.trust.luckySharpe.value)
      let moreLuck = try #require(other.trust.luckySharpe.value)
      #expect(moreLuck > luck)
      #expect(one.result.fingerprint == other.result.fingerprint)
    }
  }
}

/// Numbers recorded from several threads.
private final class Counter: Sendable {
  private let recorded = Mutex<[Int]>([])

  func record(_ value: Int) { recorded.withLock { $0.append(value) } }

  var values: [Int] { recorded.withLock { $0 } }
}
