package import Essentials

/// What a book did in each row of the sample: columns of equal length. Money is in the currency of
/// the book.
package struct BookSeries: Hashable, Sendable {
  package var stamps: [Timestamp] = []
  /// Profit and loss of the row after costs.
  package var pnl: [Double] = []
  /// What the trades that set up the row's positions cost.
  package var cost: [Double] = []
  /// Money traded to set up the row's positions, bought and sold together.
  package var traded: [Double] = []
  /// The sum of the sizes of all positions.
  package var grossExposure: [Double] = []
  /// Long less short.
  package var netExposure: [Double] = []
  package var longCount: [Double] = []
  package var shortCount: [Double] = []
  /// Instruments of the universe that had a price, traded and had a value of the formula.
  package var covered: [Double] = []
  /// Instruments of the universe that had a price and traded.
  package var admitted: [Double] = []
  /// The largest position as a share of the gross exposure, 0 without positions.
  package var largestShare: [Double] = []
  /// Positions that were held although the row has no return for them; they earned 0.
  package var unpriced: [Double] = []
  /// Profit and loss, before costs, of the weights restricted to the smaller universe.
  package var smallerUniversePnL: [Double] = []

  package init() {}

  package var count: Int { pnl.count }

  /// The running sum of `pnl`.
  package var cumulativePnL: [Double] {
    var sum = 0.0
    return pnl.map {
      sum += $0
      return sum
    }
  }

  /// The columns in canonical order, with the names that reports use.
  package var columns: [(name: String, values: [Double])] {
    [
      ("pnl", pnl), ("cost", cost), ("traded", traded), ("grossExposure", grossExposure),
      ("netExposure", netExposure), ("longCount", longCount), ("shortCount", shortCount),
      ("covered", covered), ("admitted", admitted), ("largestShare", largestShare),
      ("unpriced", unpriced), ("smallerUniversePnL", smallerUniversePnL),
    ]
  }
}
