package import Essentials

/// One side of a formula's book as a portfolio of its own: told the book's weights row after row, it
/// says what holding that side alone amounted to.
///
/// - *Leg.* Weights of the other side, and those of instruments that are not selected, are zero; the
///   rest is scaled so that sizes sum to 1. A row without any weight of the side holds nothing.
/// - *Timing.* As in ``BookSimulation``, weights made at the close of row t - 1 earn the return of
///   row t, and what was traded to set them up is charged to row t.
/// - *Cost.* As there, a fraction of the money traded. The leg compounds, so between two closes its
///   weights drift with prices: w becomes w (1 + r) / (1 + R), R being the leg's own return after
///   costs. Traded is the distance from the drifted weights to the new ones, which is what orders
///   have to move. (``BookSimulation`` keeps a book of constant size that does not drift.)
/// - *Missing.* A position without a return earns 0, as there. A row counts as valid from the first
///   row that a position is held over, unless more than half of the position has no return.
package struct SideLeg: Sendable {
  package let side: BookSide
  /// The places of the instruments that may be held, ascending; nil for all.
  package let selection: [Int]?
  /// The cost of trading one unit of money.
  package let costRate: Double
  /// The least change of a weight that counts as a trade.
  package let tradeMin: Double

  private let columns: Int
  /// The weights that the next row's returns are earned on.
  private var weights: [Double]
  /// The weights as they drifted until the last close.
  private var drifted: [Double]
  private var traded = 0.0
  private var trades = 0
  private var hasHeld = false

  /// A tenth of a percent of equity: less is not worth an order.
  package static let tradeMinDefault = 0.001

  package init(
    side: BookSide, columns: Int, selection: [Int]? = nil, costRate: Double,
    tradeMin: Double = SideLeg.tradeMinDefault
  ) {
    self.side = side
    self.columns = columns
    self.selection = selection.map { Array(Set($0)).sorted() }
    self.costRate = costRate
    self.tradeMin = tradeMin
    weights = [Double](repeating: 0, count: columns)
    drifted = weights
  }

  /// Returns the leg of a book: sizes that sum to 1, with the sign of the side, or nothing but zero.
  package func weights(of book: UnsafeBufferPointer<Double>) -> [Double] {
    precondition(book.count == columns, "a book of \(book.count) for \(columns) instruments")
    var leg = [Double](repeating: 0, count: columns)
    var size = 0.0
    func take(_ column: Int) {
      let weight = book[column] * side.sign
      if weight > 0, weight.isFinite {
        leg[column] = weight
        size += weight
      }
    }
    if let selection {
      for column in selection { take(column) }
    } else {
      for column in 0..<columns { take(column) }
    }
    guard size > 0 else { return leg }
    let scale = side.sign / size
    for column in 0..<columns where leg[column] != 0 { leg[column] *= scale }
    return leg
  }

  /// Takes the book that is set up at the close of a row.
  package mutating func rebalance(to book: UnsafeBufferPointer<Double>) {
    weights = weights(of: book)
    traded = 0
    trades = 0
    for column in 0..<columns {
      let change = (weights[column] - drifted[column]).magnitude
      traded += change
      if change >= tradeMin { trades += 1 }
    }
  }

  /// Takes the returns of the next row, NaN where missing, and says what the leg earned over it.
  package mutating func earn(
    _ returns: UnsafeBufferPointer<Double>, until instant: Timestamp
  ) -> EvidenceRow {
    precondition(returns.count == columns, "returns of \(returns.count) for \(columns)")
    var profit = 0.0
    var gross = 0.0
    var unpriced = 0.0
    for column in 0..<columns where weights[column] != 0 {
      let size = weights[column].magnitude
      gross += size
      if returns[column].isFinite {
        profit += weights[column] * returns[column]
      } else {
        unpriced += size
      }
    }
    let net = profit - costRate * traded
    if gross > 0 { hasHeld = true }
    let row = EvidenceRow(
      instant: instant, netReturn: net, trades: trades,
      isValid: hasHeld && unpriced <= gross / 2, grossExposure: gross, turnover: traded)
    drift(returns, net: net)
    return row
  }

  private mutating func drift(_ returns: UnsafeBufferPointer<Double>, net: Double) {
    let equity = 1 + net
    for column in 0..<columns {
      guard weights[column] != 0, equity > 0 else {
        drifted[column] = 0
        continue
      }
      let change = returns[column].isFinite ? returns[column] : 0
      drifted[column] = weights[column] * (1 + change) / equity
    }
  }
}
