import Markets

/// The weights that a formula's values become, row by row, for everybody who holds a side of it.
///
/// Weights are those of ``BookSimulation`` under the frame's settings, up to its last step: sizes sum
/// to 1, or less where `maxTrade` holds positions back. They are made for every row handed in, the
/// last one of the panel included: those are what is to be held next.
package final class FormulaBook {
  package let frame: MarketFrame
  private var simulation: BookSimulation
  private let columns: Int
  private var weights: [Double]
  /// The number of rows that have weights; rows before the first that was handed in hold nothing.
  package private(set) var rows = 0

  package init(frame: MarketFrame) {
    self.frame = frame
    simulation = BookSimulation(frame: frame)
    columns = frame.panel.columns
    weights = [Double](repeating: 0, count: frame.panel.rows * columns)
  }

  /// Takes the formula's values at the next rows; `stride` is the distance from one row to the next.
  package func advance(rows range: Range<Int>, alpha: UnsafePointer<Double>, stride: Int) {
    weights.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in range {
        simulation.weigh(
          row: row, alpha: alpha + (row - range.lowerBound) * stride,
          into: base + row * columns)
      }
    }
    rows = range.upperBound
  }

  /// Everything so far.
  package var history: BookHistory { BookHistory(frame: frame, rows: rows, weights: weights) }
}
