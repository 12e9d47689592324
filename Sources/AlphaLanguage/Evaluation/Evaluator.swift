package import Markets

/// Formulas at work on a panel: fed rows in ascending order, it hands out the formulas' values.
///
/// Every operator keeps what it must remember, so rows may come one at a time, as a market delivers
/// them, or thousands at a time, and the bits are the same. A later call may bring a longer panel of
/// the same fields and instruments.
///
/// Memory is bounded by the plan, not by the number of rows: a block of rows for each value alive at
/// once, and the look-back of each operator. One evaluator belongs to one thread; several threads
/// take several evaluators, each with its share of the formulas.
package final class Evaluator {
  package let plan: EvaluationPlan
  /// The row that comes next.
  package private(set) var nextRow: Int

  private let assembly: KernelAssembly
  private let blockRows: Int
  private let columns: Int

  /// Prepares the evaluation of `plan` on `panel`.
  ///
  /// - Parameters:
  ///   - firstRow: the first row that will be fed; rows before it count as missing.
  ///   - blockRows: rows computed together, at most; nil chooses by the width of the panel.
  /// - Precondition: the formulas were checked against the panel's schema.
  package init(
    plan: EvaluationPlan, panel: Panel, settings: EvaluationSettings, firstRow: Int = 0,
    blockRows: Int? = nil
  ) {
    self.plan = plan
    nextRow = firstRow
    columns = panel.columns
    self.blockRows =
      blockRows
      ?? min(Self.mostBlockRows, max(Self.leastBlockRows, Self.blockCells / max(1, columns)))
    assembly = KernelAssembly(
      plan: plan, panel: panel, settings: settings, blockRows: self.blockRows)
  }

  /// A block of doubles this large leaves room for several in a second-level cache of a megabyte.
  private static let blockCells = 16_384
  private static let leastBlockRows = 8
  private static let mostBlockRows = 512

  /// Computes the rows from `nextRow` up to `end` and hands each formula's values to `receive`,
  /// block by block, for each formula in ascending order of rows.
  ///
  /// - Parameter universe: the instruments that count in each row; nil for all.
  /// - Precondition: the panel has the fields, classes and instruments of the one before, and `end`
  ///   rows; so has the universe.
  package func advance(
    to end: Int, on panel: Panel, universe: MembershipColumn? = nil,
    _ receive: (EvaluatedRows) -> Void
  ) {
    precondition(end <= panel.rows, "row \(end) of a panel of \(panel.rows)")
    precondition(panel.columns == columns, "\(panel.columns) instruments in place of \(columns)")
    if let universe {
      precondition(
        universe.columns == columns && universe.rows >= end,
        "a universe of \(universe.rows) x \(universe.columns) for \(end) x \(columns)")
    }
    while nextRow < end {
      let count = min(blockRows, end - nextRow)
      let block = RowBlock(start: nextRow, count: count, panel: panel, universe: universe)
      for case let buffer? in assembly.buffers { buffer.begin(count: count) }
      for (kernel, formulas) in zip(assembly.kernels, assembly.finished) {
        kernel.run(block)
        guard !formulas.isEmpty, let output = (kernel as? MatrixKernel)?.output else { continue }
        for formula in formulas {
          receive(
            EvaluatedRows(
              formula: formula, firstRow: nextRow, count: count, columns: columns,
              stride: output.stride, values: UnsafePointer(output.block)))
        }
      }
      for case let buffer? in assembly.buffers { buffer.end(count: count) }
      nextRow += count
    }
  }
}

/// The values of one formula in some rows; valid only while it is being received.
package struct EvaluatedRows {
  /// The formula's place in the plan.
  package let formula: Int
  package let firstRow: Int
  package let count: Int
  package let columns: Int
  /// The distance from one row to the next in `values`; at least `columns`.
  package let stride: Int
  /// Row by row; missing is NaN.
  package let values: UnsafePointer<Double>

  /// The value of an instrument in the row at `offset` from the first.
  package subscript(offset: Int, column: Int) -> Double { values[offset * stride + column] }
}

extension Evaluator {
  /// Returns all values of each formula on the whole panel, time-major: for probes, tests and small
  /// panels.
  package static func values(
    of formulas: [FormulaGraph], on panel: Panel,
    settings: EvaluationSettings = EvaluationSettings(), universe: MembershipColumn? = nil,
    blockRows: Int? = nil
  ) -> [[Double]] {
    let evaluator = Evaluator(
      plan: EvaluationPlan(formulas), panel: panel, settings: settings, blockRows: blockRows)
    var results = [[Double]](repeating: [], count: formulas.count)
    for formula in results.indices { results[formula].reserveCapacity(panel.rows * panel.columns) }
    evaluator.advance(to: panel.rows, on: panel, universe: universe) { rows in
      for offset in 0..<rows.count {
        results[rows.formula].append(
          contentsOf: UnsafeBufferPointer(
            start: rows.values + offset * rows.stride, count: rows.columns))
      }
    }
    return results
  }
}
