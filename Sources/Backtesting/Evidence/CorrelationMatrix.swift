package import Essentials
import Mathematics

/// The correlations of many series of returns, pair by pair over the rows that both have.
///
/// ```
/// pairs of 4 series, as they lie in memory:  (1,0)  (2,0) (2,1)  (3,0) (3,1) (3,2)
/// ```
package struct CorrelationMatrix: Hashable, Sendable {
  /// The number of series.
  package let count: Int
  /// Pearson's correlation of each pair in the order drawn above; NaN where it is missing.
  package private(set) var values: [Double]
  /// The rows that both series of each pair have.
  package private(set) var overlaps: [Int]

  /// Correlates `series`, which are equally long; NaN is a missing row.
  ///
  /// A pair that shares fewer than `minimumOverlap` rows, or that is constant over those it shares,
  /// has no correlation. Where both series miss the same rows a pair costs one product for each row,
  /// otherwise six. Sums run over eight accumulators in one fixed order.
  package init(of series: [[Double]], minimumOverlap: Int = 2) {
    let rows = series.first?.count ?? 0
    precondition(
      series.allSatisfy { $0.count == rows }, "series of different lengths cannot be correlated")
    count = series.count
    let pairs = count * (count - 1) / 2
    values = [Double](repeating: .nan, count: max(0, pairs))
    overlaps = [Int](repeating: 0, count: max(0, pairs))
    guard count > 1 else { return }
    let table = CenteredSeries(series, rows: rows)
    let least = max(2, minimumOverlap)
    for high in 1..<count {
      let base = high * (high - 1) / 2
      var low = 0
      // Four at a time share the loads of the higher one.
      while low + 4 <= high, table.sharesRows(high, low..<(low + 4)) {
        let products = table.products(high, low)
        for step in 0..<4 {
          let overlap = table.presentRows[high]
          overlaps[base + low + step] = overlap
          if overlap >= least {
            values[base + low + step] = table.correlation(products[step], high, low + step)
          }
        }
        low += 4
      }
      while low < high {
        let (value, overlap) =
          table.sharesRows(high, low..<(low + 1))
          ? (table.correlation(table.product(high, low), high, low), table.presentRows[high])
          : table.overlapping(high, low)
        overlaps[base + low] = overlap
        values[base + low] = overlap >= least ? value : .nan
        low += 1
      }
    }
  }

  /// The place of a pair of two different series.
  package static func place(_ left: Int, _ right: Int) -> Int {
    let (low, high) = left < right ? (left, right) : (right, left)
    return high * (high - 1) / 2 + low
  }

  /// The correlation of two different series; NaN where it is missing.
  package subscript(left: Int, right: Int) -> Double { values[Self.place(left, right)] }

  /// The rows that two different series share.
  package func overlap(_ left: Int, _ right: Int) -> Int { overlaps[Self.place(left, right)] }
}

/// Series less their means, with zero for missing rows, padded to whole lanes.
private final class CenteredSeries {
  private let lanes: Int
  private let values: UnsafeMutablePointer<Lanes>
  /// 1 for a row that is present.
  private let masks: UnsafeMutablePointer<Lanes>
  let presentRows: [Int]
  /// The root of the sum of squares.
  private let lengths: [Double]
  /// Equal for series that miss the same rows.
  private let patterns: [Int]

  init(_ series: [[Double]], rows: Int) {
    lanes = max(1, (rows + 7) / 8)
    values = .allocate(capacity: lanes * series.count)
    masks = .allocate(capacity: lanes * series.count)
    values.initialize(repeating: Lanes(), count: lanes * series.count)
    masks.initialize(repeating: Lanes(), count: lanes * series.count)
    var presentRows: [Int] = []
    var lengths: [Double] = []
    var patterns: [Int] = []
    var known: [[UInt8]: Int] = [:]
    for (place, one) in series.enumerated() {
      let present = one.filter(\.isFinite)
      let mean = Moments(of: present).mean
      var squares = 0.0
      var pattern = [UInt8](repeating: 0, count: rows)
      for row in 0..<rows where one[row].isFinite {
        let deviation = one[row] - mean
        values[place * lanes + row / 8][row % 8] = deviation
        masks[place * lanes + row / 8][row % 8] = 1
        squares += deviation * deviation
        pattern[row] = 1
      }
      presentRows.append(present.count)
      lengths.append(squares.squareRoot())
      let next = known.count
      patterns.append(known[pattern] ?? next)
      known[pattern] = patterns[place]
    }
    self.presentRows = presentRows
    self.lengths = lengths
    self.patterns = patterns
  }

  deinit {
    values.deallocate()
    masks.deallocate()
  }

  /// Whether the series miss the same rows as those in a range.
  func sharesRows(_ one: Int, _ others: Range<Int>) -> Bool {
    others.allSatisfy { patterns[$0] == patterns[one] }
  }

  func correlation(_ product: Double, _ left: Int, _ right: Int) -> Double {
    let value = product / (lengths[left] * lengths[right])
    return value.isFinite ? min(1, max(-1, value)) : .nan
  }

  func product(_ left: Int, _ right: Int) -> Double {
    let one = values + left * lanes
    let other = values + right * lanes
    var sum = Lanes()
    for lane in 0..<lanes { sum += one[lane] * other[lane] }
    return sum.orderedSum
  }

  /// The products of one series with four neighbors.
  func products(_ one: Int, _ first: Int) -> SIMD4<Double> {
    let shared = values + one * lanes
    let other = values + first * lanes
    let (a, b, c, d) = (other, other + lanes, other + 2 * lanes, other + 3 * lanes)
    var sums = (Lanes(), Lanes(), Lanes(), Lanes())
    for lane in 0..<lanes {
      let value = shared[lane]
      sums.0 += value * a[lane]
      sums.1 += value * b[lane]
      sums.2 += value * c[lane]
      sums.3 += value * d[lane]
    }
    return SIMD4(sums.0.orderedSum, sums.1.orderedSum, sums.2.orderedSum, sums.3.orderedSum)
  }

  /// The correlation over the rows that both have, and their number. Values are zero where they
  /// miss, so sums over the shared rows are products with the other's mask.
  func overlapping(_ left: Int, _ right: Int) -> (value: Double, overlap: Int) {
    let x = values + left * lanes
    let y = values + right * lanes
    let isX = masks + left * lanes
    let isY = masks + right * lanes
    var counts = Lanes()
    var sumsX = Lanes()
    var sumsY = Lanes()
    var squaresX = Lanes()
    var squaresY = Lanes()
    var products = Lanes()
    for lane in 0..<lanes {
      let (one, other) = (x[lane] * isY[lane], y[lane] * isX[lane])
      counts += isX[lane] * isY[lane]
      sumsX += one
      sumsY += other
      squaresX += one * one
      squaresY += other * other
      products += one * other
    }
    let count = counts.orderedSum
    let (meanX, meanY) = (sumsX.orderedSum / count, sumsY.orderedSum / count)
    let spreadX = squaresX.orderedSum - count * meanX * meanX
    let spreadY = squaresY.orderedSum - count * meanY * meanY
    // What is left of a constant is rounding.
    guard spreadX > 1e-13 * squaresX.orderedSum, spreadY > 1e-13 * squaresY.orderedSum else {
      return (.nan, count.isNaN ? 0 : Int(count))
    }
    let value =
      (products.orderedSum - count * meanX * meanY)
      / (spreadX.squareRoot() * spreadY.squareRoot())
    return (value.isFinite ? min(1, max(-1, value)) : .nan, Int(count))
  }
}

extension CorrelationMatrix {
  /// Correlates records over a window as of an instant, aligning rows by their ends. A row that is
  /// not valid is missing.
  ///
  /// - Parameter signs: a factor for each record, -1 for one whose positions are held short where
  ///   correlations of what is held are wanted; nil for none.
  package init(
    of records: [EvidenceSeries], over window: EvidenceWindow, asOf instant: Timestamp,
    signs: [Double]? = nil, minimumOverlap: Int = 2
  ) {
    precondition(signs.map { $0.count == records.count } ?? true, "a sign for each record")
    let ranges = records.map { $0.range(of: window, asOf: instant) }
    let axis = Self.axis(zip(records, ranges).map { $0.rows[$1] })
    let series = records.indices.map { place in
      let sign = signs?[place] ?? 1
      var column = [Double](repeating: .nan, count: axis.count)
      var target = 0
      for row in records[place].rows[ranges[place]] {
        while axis[target] < row.instant { target += 1 }
        if row.isPresent { column[target] = sign * row.netReturn }
      }
      return column
    }
    self.init(of: series, minimumOverlap: minimumOverlap)
  }

  /// The ends of all rows, ascending. Records of one panel have the same, which needs no sorting.
  private static func axis(_ rows: [ArraySlice<EvidenceRow>]) -> [Timestamp] {
    guard let first = rows.first else { return [] }
    let isShared = rows.allSatisfy { $0.elementsEqual(first) { $0.instant == $1.instant } }
    return isShared ? first.map(\.instant) : Set(rows.joined().map(\.instant)).sorted()
  }
}
