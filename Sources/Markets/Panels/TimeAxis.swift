package import Essentials

/// The rows of a panel: strictly ascending instants with one spacing.
package struct TimeAxis: Hashable, Sendable {
  /// What lies between one row and the next.
  package enum Spacing: Hashable, Sendable {
    /// One row for each trading day; weekends and holidays have no row.
    case tradingDay
    /// One row for each bar of fixed length, stamped with the bar's opening instant.
    case bar(seconds: Int)

    /// The length of a bar, nil for trading days.
    package var barSeconds: Int? {
      if case .bar(let seconds) = self { seconds } else { nil }
    }
  }

  package let stamps: [Timestamp]
  package let spacing: Spacing
  /// Rows in a year, for annualized figures: 252 for trading days; 31,536,000 / seconds for bars of
  /// a market that never closes.
  package let periodsPerYear: Double

  /// - Precondition: `stamps` ascend strictly; a reader refuses anything else at the door.
  package init(stamps: [Timestamp], spacing: Spacing) {
    precondition(
      zip(stamps, stamps.dropFirst()).allSatisfy { $0 < $1 }, "time axis does not ascend")
    self.stamps = stamps
    self.spacing = spacing
    switch spacing {
    case .tradingDay: periodsPerYear = 252
    case .bar(let seconds): periodsPerYear = 31_536_000 / Double(seconds)
    }
  }

  package init(tradingDays: [CalendarDate]) {
    self.init(stamps: tradingDays.map(Timestamp.init(startOf:)), spacing: .tradingDay)
  }

  package var count: Int { stamps.count }

  /// The UTC date of a row.
  package func date(_ row: Int) -> CalendarDate { stamps[row].date }

  /// Returns the first row at or after `stamp` (`count` where none is).
  package func firstRow(notBefore stamp: Timestamp) -> Int {
    var low = 0
    var high = stamps.count
    while low < high {
      let middle = (low + high) / 2
      if stamps[middle] < stamp { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
