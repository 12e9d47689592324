import AlphaLanguage
import Backtesting
import Foundation
import Markets
import Mathematics
import Services
import Storage

/// Formulas on the bundled panel, from text to the full result: one alone, and a thousand.
struct SimulationSuite {
  private let panel: Panel

  init(arguments: [String]) throws {
    let folder = NSTemporaryDirectory() + "athanor-benchmark-store"
    let store = PanelStore(folder: folder)
    _ = try BundledData(folder: arguments[0]).materialize(into: store) { _, _ in }
    panel = try store.open("us-equities")
  }

  func run() throws {
    let settings = SimulationSettings()
    let simulator = try PopulationSimulator(panel: panel, settings: settings)
    let checker = FormulaChecker(schema: panel.schema)
    let limits = CheckLimits.standard(for: .user, delay: 1)
    let typical = "group_rank(-ts_zscore(ts_delta(close, 5), 60) * rank(volume / adv20), sector)"
    var alone: [Double] = []
    for _ in 0..<21 {
      alone.append(
        try Benchmark.seconds {
          _ = simulator.simulate([try checker.check(typical)], limits: limits)
        })
    }
    var generator = SplitMix64(seed: 7)
    var texts: [String] = []
    while texts.count < 1000 { texts.append(RandomFormula.text(depth: 3, using: &generator)) }
    let formulas = try texts.map { try checker.check($0) }
    var figures: [(String, String)] = [
      ("suite", "\"simulate\""), ("rows", "\(panel.rows)"), ("instruments", "\(panel.columns)"),
      ("one_milliseconds_median", "\(Benchmark.median(alone) * 1e3)"),
      ("operators_mean", "\(Double(formulas.map(\.complexity.operators).reduce(0, +)) / 1000)"),
    ]
    for threads in [1, 2] {
      let seconds = Benchmark.seconds {
        _ = simulator.simulate(formulas, limits: limits, threads: threads)
      }
      figures.append(("per_second_\(threads)_threads", "\(1000 / seconds)"))
    }
    figures.append(("peak_mib", "\(Benchmark.peakMemory)"))
    Benchmark.answer(figures)
  }
}

/// Formulas as a search would propose them: a few operators deep, over price and volume.
enum RandomFormula {
  private static let fields = [
    "close", "open", "high", "low", "vwap", "volume", "returns", "adv20",
  ]
  private static let windows = ["3", "5", "10", "20", "40", "60", "120"]

  static func text(depth: Int, using generator: inout SplitMix64) -> String {
    func pick(_ choices: [String]) -> String {
      choices[Int.random(in: 0..<choices.count, using: &generator)]
    }
    guard depth > 0 else { return pick(fields) }
    func inner() -> String {
      text(depth: depth - Int.random(in: 1...2, using: &generator), using: &generator)
    }
    switch Int.random(in: 0..<12, using: &generator) {
    case 0: return "rank(\(inner()))"
    case 1: return "zscore(\(inner()))"
    case 2: return "ts_delta(\(inner()), \(pick(windows)))"
    case 3: return "ts_mean(\(inner()), \(pick(windows)))"
    case 4: return "ts_zscore(\(inner()), \(pick(windows)))"
    case 5: return "ts_rank(\(inner()), \(pick(windows)))"
    case 6: return "ts_corr(\(inner()), \(inner()), \(pick(windows)))"
    case 7: return "group_neutralize(\(inner()), \(pick(["sector", "industry", "market"])))"
    case 8: return "ts_decay_linear(\(inner()), \(pick(windows)))"
    case 9: return "(\(inner()) / \(inner()))"
    case 10: return "(\(inner()) - \(inner()))"
    default: return "-(\(inner()) * \(inner()))"
    }
  }
}
