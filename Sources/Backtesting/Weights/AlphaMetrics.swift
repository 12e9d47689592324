package import Essentials

/// The figures by which an alpha is judged, over a block of rows, as BRAIN defines them.
///
/// Capital is half the book. With `n` rows, `a` rows a year and `d` rows a day:
///
/// ```
/// returns  = (sum(pnl) / n) * a / (book / 2)
/// sharpe   = sqrt(a) * mean(pnl) / std(pnl)          sample deviation, n - 1
/// turnover = sum(traded) / book / n * d              a day
/// margin   = sum(pnl) / sum(traded)
/// drawdown = largest fall of the running sum of pnl below its peak (at least 0) / (book / 2)
/// fitness  = sharpe * sqrt(|returns| / max(turnover, 0.125))
/// ```
///
/// So on trading days `margin == returns / (504 * turnover)`; figures published by BRAIN fit 500,
/// a year of 250 days. A figure that is not defined (no trade, no variation) is NaN.
package struct AlphaMetrics: Hashable, Sendable {
  package var firstStamp: Timestamp
  package var lastStamp: Timestamp
  package var rows: Int
  package var pnl: Double
  package var bookSize: Double
  package var sharpe: Double
  package var fitness: Double
  package var returns: Double
  package var turnover: Double
  package var drawdown: Double
  package var margin: Double
  /// Mean numbers of positions.
  package var longCount: Double
  package var shortCount: Double
  /// The mean share of admitted instruments that have a value of the formula.
  package var coverage: Double

  /// The turnover below which fitness does not rise further.
  package static let turnoverFloor = 0.125

  /// What annualizes figures and what they are measured against.
  package struct Scale: Hashable, Sendable {
    package var bookSize: Double
    package var rowsPerYear: Double
    package var rowsPerDay: Double

    package init(bookSize: Double, rowsPerYear: Double, rowsPerDay: Double) {
      self.bookSize = bookSize
      self.rowsPerYear = rowsPerYear
      self.rowsPerDay = rowsPerDay
    }
  }

  /// Measures the positions `rows` of a series.
  /// - Precondition: `rows` is not empty and lies within the series.
  package init(_ series: BookSeries, rows: Range<Int>, scale: Scale) {
    precondition(!rows.isEmpty && rows.upperBound <= series.count, "no rows \(rows) to measure")
    let count = Double(rows.count)
    let capital = scale.bookSize / 2
    firstStamp = series.stamps[rows.lowerBound]
    lastStamp = series.stamps[rows.upperBound - 1]
    self.rows = rows.count
    bookSize = scale.bookSize
    pnl = Self.sum(series.pnl, rows)
    let traded = Self.sum(series.traded, rows)
    returns = pnl / count * scale.rowsPerYear / capital
    turnover = traded / scale.bookSize / count * scale.rowsPerDay
    margin = traded > 0 ? pnl / traded : .nan
    sharpe = Self.sharpe(series.pnl, rows: rows, rowsPerYear: scale.rowsPerYear)
    fitness = Self.fitness(sharpe: sharpe, returns: returns, turnover: turnover)
    drawdown = Self.largestFall(series.pnl, rows) / capital
    longCount = Self.sum(series.longCount, rows) / count
    shortCount = Self.sum(series.shortCount, rows) / count
    var shares = 0.0
    var shareCount = 0.0
    for row in rows where series.admitted[row] > 0 {
      shares += series.covered[row] / series.admitted[row]
      shareCount += 1
    }
    coverage = shareCount > 0 ? shares / shareCount : .nan
  }

  /// `sharpe * sqrt(|returns| / max(turnover, 0.125))`.
  package static func fitness(sharpe: Double, returns: Double, turnover: Double) -> Double {
    sharpe * (returns.magnitude / Swift.max(turnover, turnoverFloor)).squareRoot()
  }

  /// Returns the annualized ratio of mean to sample standard deviation; NaN for fewer than two rows
  /// or where nothing varies.
  package static func sharpe(
    _ pnl: [Double], rows: Range<Int>, rowsPerYear: Double
  ) -> Double {
    let count = Double(rows.count)
    guard rows.count >= 2 else { return .nan }
    let mean = sum(pnl, rows) / count
    var squares = 0.0
    var largest = 0.0
    for row in rows {
      let deviation = pnl[row] - mean
      squares += deviation * deviation
      largest = Swift.max(largest, deviation.magnitude)
    }
    // A constant series deviates from its rounded mean by a few last places.
    guard largest > 1e-13 * mean.magnitude else { return .nan }
    return rowsPerYear.squareRoot() * mean / (squares / (count - 1)).squareRoot()
  }

  private static func sum(_ values: [Double], _ rows: Range<Int>) -> Double {
    var sum = 0.0
    for row in rows { sum += values[row] }
    return sum
  }

  private static func largestFall(_ pnl: [Double], _ rows: Range<Int>) -> Double {
    var running = 0.0
    var peak = 0.0
    var fall = 0.0
    for row in rows {
      running += pnl[row]
      peak = Swift.max(peak, running)
      fall = Swift.max(fall, peak - running)
    }
    return fall
  }
}
