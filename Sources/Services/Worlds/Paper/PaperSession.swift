import Essentials

/// The equity of an account over a day of the calendar: where the day began, and its peak.
struct PaperSession: Hashable, Sendable {
  private(set) var day: CalendarDate?
  private(set) var open = Double.nan
  private(set) var peak = Double.nan
  private(set) var equity = Double.nan

  init() {}

  /// An account that has not traded.
  init(equity: Double) {
    open = equity
    peak = equity
    self.equity = equity
  }

  /// Takes in what the account is worth at the end of a row.
  ///
  /// - Returns: the equity that a new day begins with, nil within a day.
  mutating func take(equity next: Double, at instant: Timestamp) -> Double? {
    // A row that ends at midnight belongs to the day before.
    let date = (instant - TimeSpan(milliseconds: 1)).date
    let begun = day == date ? nil : equity
    if let begun {
      day = date
      open = begun
      peak = begun
    }
    equity = next
    peak = max(peak, next)
    return begun
  }
}
