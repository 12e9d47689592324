import Essentials

/// The series that the tear sheet draws, each with a value for every row. A missing value is NaN and
/// moves nothing: sums go on after it from where they were.
struct TearSheetHistory: Sendable {
  let series: BookSeries
  let scale: AlphaMetrics.Scale

  /// Half the book, against which returns and drawdowns are measured.
  var capital: Double { scale.bookSize / 2 }

  /// The running sum of profit after costs.
  var netProfit: [Double] { Self.runningSum(series.pnl) }

  /// The running sum of profit before costs.
  var grossProfit: [Double] { Self.runningSum(zip(series.pnl, series.cost).map { $0 + $1 }) }

  /// Whether anything was paid for trading.
  var hasCosts: Bool { series.cost.contains { $0 > 0 } }

  /// How far the running sum is below its highest so far, as a share of capital, at most zero. The
  /// start counts as a high of zero.
  var underwater: [Double] {
    var peak = 0.0
    return netProfit.map { level in
      guard !level.isNaN else { return .nan }
      peak = Swift.max(peak, level)
      return (level - peak) / capital
    }
  }

  /// Money traded as a share of the book, a day: the mean over `days` days; NaN until there are so
  /// many and wherever one of them is missing.
  func turnover(days: Int) -> [Double] {
    mean(of: \.traded, days: days).map { $0 / scale.bookSize * scale.rowsPerDay }
  }

  /// The mean of a column over `days` days; NaN until there are so many and wherever one of them is
  /// missing.
  func mean(of column: KeyPath<BookSeries, [Double]>, days: Int) -> [Double] {
    let window = Swift.max(1, Int((Double(days) * scale.rowsPerDay).rounded()))
    return Self.rollingMean(series[keyPath: column], window)
  }

  /// The share of admitted instruments that have a value of the formula; NaN where none is admitted.
  var coverage: [Double] {
    zip(series.covered, series.admitted).map { $1 > 0 ? $0 / $1 : .nan }
  }

  /// The rows of a year.
  var yearRows: Int { Swift.max(2, Int(scale.rowsPerYear.rounded())) }

  /// The Sharpe ratio of the year that ends with each of `rows`; NaN before a year has passed.
  /// Cost: `rows` times the rows of a year.
  func yearlySharpe(at rows: [Int]) -> [Double] {
    rows.map { row in
      guard row + 1 >= yearRows else { return .nan }
      return AlphaMetrics.sharpe(
        series.pnl, rows: (row + 1 - yearRows)..<(row + 1), rowsPerYear: scale.rowsPerYear)
    }
  }

  /// The profits of days in order; NaN for a day with a missing row. Rows of one day are added up.
  var days: [(date: CalendarDate, pnl: Double)] {
    var days: [(date: CalendarDate, pnl: Double)] = []
    for (stamp, pnl) in zip(series.stamps, series.pnl) {
      if days.last?.date == stamp.date {
        days[days.count - 1].pnl += pnl
      } else {
        days.append((stamp.date, pnl))
      }
    }
    return days
  }

  /// The profits of months in order; a month with a missing row keeps the others.
  var months: [(year: Int, month: Int, pnl: Double)] {
    var months: [(year: Int, month: Int, pnl: Double)] = []
    for (stamp, pnl) in zip(series.stamps, series.pnl) {
      let (year, month, _) = stamp.date.civil
      if months.last?.year != year || months.last?.month != month {
        months.append((year, month, .nan))
      }
      guard !pnl.isNaN else { continue }
      let sum = months[months.count - 1].pnl
      months[months.count - 1].pnl = sum.isNaN ? pnl : sum + pnl
    }
    return months
  }

  private static func runningSum(_ values: [Double]) -> [Double] {
    var sum = 0.0
    return values.map { value in
      guard !value.isNaN else { return .nan }
      sum += value
      return sum
    }
  }

  private static func rollingMean(_ values: [Double], _ window: Int) -> [Double] {
    var sums = [0.0]
    var gaps = [0]
    sums.reserveCapacity(values.count + 1)
    for value in values {
      sums.append(sums[sums.count - 1] + (value.isFinite ? value : 0))
      gaps.append(gaps[gaps.count - 1] + (value.isFinite ? 0 : 1))
    }
    return values.indices.map { row in
      let start = row + 1 - window
      guard start >= 0, gaps[row + 1] == gaps[start] else { return .nan }
      return (sums[row + 1] - sums[start]) / Double(window)
    }
  }
}
