import AlphaLanguage
import Backtesting
import Markets

@testable import Services

extension InstanceBench {
  /// A bench whose books are computed here one by one, in nobody's company.
  init(panel: Panel, settings: SimulationSettings, instances: [BenchInstance]) throws {
    let frame = try MarketFrame(panel: panel, settings: settings)
    let membership = frame.membership()
    let books = instances.map { instance in
      let book = FormulaBook(frame: frame)
      let evaluator = Evaluator(
        plan: EvaluationPlan([instance.formula.graph]), panel: panel,
        settings: EvaluationSettings(
          pasteurizes: settings.pasteurization == .on, fillsMissing: settings.nanHandling == .on))
      evaluator.advance(to: panel.rows, on: panel, universe: membership) { rows in
        book.advance(
          rows: rows.firstRow..<(rows.firstRow + rows.count), alpha: rows.values,
          stride: rows.stride)
      }
      return book.history
    }
    self.init(instances, with: books)
  }
}
