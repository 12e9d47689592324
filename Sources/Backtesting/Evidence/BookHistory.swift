package import Essentials
import Markets

/// The weights that a formula's book had at the close of each row. Memory: one double for each row
/// and instrument of the panel.
package struct BookHistory: Sendable {
  package let frame: MarketFrame
  /// The number of rows that have weights; rows before the first that the formula was evaluated for
  /// hold nothing.
  package let rows: Int
  private let columns: Int
  private let weights: [Double]

  init(frame: MarketFrame, rows: Int, weights: [Double]) {
    self.frame = frame
    self.rows = rows
    columns = frame.panel.columns
    self.weights = weights
  }

  /// Calls `body` with the weights made at the close of a row.
  package func withWeights<Result>(
    row: Int, _ body: (UnsafeBufferPointer<Double>) -> Result
  ) -> Result {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows) that have weights")
    return weights.withUnsafeBufferPointer { buffer in
      body(UnsafeBufferPointer(rebasing: buffer[row * columns..<(row + 1) * columns]))
    }
  }

  /// Returns what a leg of the book amounted to over the rows from the second to the last that has
  /// weights. `ends` are the ends of the panel's rows.
  package func series(of leg: SideLeg, ends: [Timestamp]) -> EvidenceSeries {
    precondition(ends.count >= rows, "\(ends.count) ends for \(rows) rows")
    var leg = leg
    var series = EvidenceSeries()
    for row in 0..<max(0, rows - 1) {
      withWeights(row: row) { leg.rebalance(to: $0) }
      let returns = UnsafeRawPointer(frame.returns.row(row + 1))
        .assumingMemoryBound(to: Double.self)
      let earned = leg.earn(
        UnsafeBufferPointer(start: returns, count: columns), until: ends[row + 1])
      do {
        try series.append(earned)
      } catch {
        preconditionFailure("the rows of a panel ascend, but: \(error)")
      }
    }
    return series
  }
}
