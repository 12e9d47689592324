import AlphaLanguage
import Backtesting
import Essentials
import Markets
package import Worlds

extension PanelEvidence {
  /// The instance with the canonical form of its formula, every setting written out, and the
  /// fingerprint of its panel, so that what it is does not depend on how it was written.
  ///
  /// Where nothing else is said, the book is even over the whole market.
  package func completed(
    _ submission: InstanceSubmission
  ) throws(WorldDeskFailure) -> InstanceSubmission {
    let panel = try panel(of: submission)
    var completed = InstanceSubmission(
      strategy: submission.strategy, params: submission.params, side: submission.side,
      symbols: submission.symbols, formula: try canonical(submission.formula, on: panel),
      settings: try settings(submission.settings),
      panel: [
        "name": .string(panel.name), "fingerprint": .string(panel.fingerprint.hexadecimal),
      ], alpha: submission.alpha, trials: submission.trials)
    completed.sector = submission.sector
    completed.venue = submission.venue
    completed.broker = submission.broker
    return completed
  }

  private func canonical(
    _ formula: String, on panel: Panel
  ) throws(WorldDeskFailure) -> String {
    do throws(FormulaRejection) {
      return try FormulaChecker(schema: panel.schema).check(formula).canonicalText
    } catch {
      throw .evidence(error)
    }
  }

  private func settings(_ named: JSONValue) throws(WorldDeskFailure) -> JSONValue {
    do throws(SimulationRefusal) {
      var settings = try SimulationSettings(json: named == .null ? [:] : named)
      if named["neutralization"] == nil { settings.neutralization = .market }
      return settings.json
    } catch {
      throw .evidence(error)
    }
  }
}
