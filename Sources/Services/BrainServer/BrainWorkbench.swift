import AlphaLanguage
import Backtesting
import Essentials
import Markets
import Synchronization

/// Checks and simulates formulas for the server, and keeps the latest results.
///
/// Results are large, alphas are many; one that was let go is computed anew, to the same bits.
final class BrainWorkbench: Sendable {
  let panel: Panel
  let audience: CheckLimits.Audience
  private let threads: Int
  private let checker: FormulaChecker
  private let kept = Mutex(Kept())

  private struct Kept: Sendable {
    var results: [String: SimulationResult] = [:]
    var order: [String] = []
  }

  /// So many results are kept, about 200 KB each for 2000 rows.
  private static let resultsMax = 256

  init(panel: Panel, audience: CheckLimits.Audience, threads: Int) {
    self.panel = panel
    self.audience = audience
    self.threads = threads
    checker = FormulaChecker(schema: panel.schema)
  }

  func check(_ code: String) throws(FormulaRejection) -> CheckedFormula { try checker.check(code) }

  /// Simulates formulas under one set of settings; with a pool, their checks compare with it.
  func simulate(
    _ formulas: [CheckedFormula], _ settings: SimulationSettings, pool: PnLPool? = nil
  ) throws(SimulationRefusal) -> [SimulationResult] {
    let results = try PopulationSimulator(panel: panel, settings: settings).simulate(
      formulas, limits: .standard(for: audience, delay: settings.delay), pool: pool,
      threads: threads)
    if pool == nil { for result in results { keep(result) } }
    return results
  }

  /// The result of an alpha, simulated anew where it was let go; nil where that is not possible, as
  /// on another panel than the one it came from.
  func result(of record: BrainAlphaRecord, pool: PnLPool? = nil) -> SimulationResult? {
    if pool == nil, let result = kept.withLock({ $0.results[record.id] }) { return result }
    guard let formula = try? checker.check(record.code) else { return nil }
    return try? simulate([formula], record.settings, pool: pool).first
  }

  private func keep(_ result: SimulationResult) {
    kept.withLock { kept in
      if kept.results.updateValue(result, forKey: result.identifier) == nil {
        kept.order.append(result.identifier)
      }
      if kept.order.count > Self.resultsMax { kept.results[kept.order.removeFirst()] = nil }
    }
  }
}
