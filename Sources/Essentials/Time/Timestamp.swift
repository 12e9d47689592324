/// An instant in UTC with millisecond resolution, counted from 1970-01-01T00:00:00Z.
///
/// The value is handed in from outside; nothing below the street asks a clock.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var millisecondsSinceEpoch: Int64

  package init(millisecondsSinceEpoch: Int64) {
    self.millisecondsSinceEpoch = millisecondsSinceEpoch
  }

  /// Midnight UTC at the start of `date`.
  package init(startOf date: CalendarDate) {
    millisecondsSinceEpoch = Int64(date.daysSinceEpoch) * Self.millisecondsPerDay
  }

  /// The UTC day that contains the instant.
  package var date: CalendarDate {
    let days = millisecondsSinceEpoch / Self.millisecondsPerDay
    let isBeforeMidnight = millisecondsSinceEpoch % Self.millisecondsPerDay < 0
    return CalendarDate(daysSinceEpoch: Int32(isBeforeMidnight ? days - 1 : days))
  }

  /// ISO 8601 in UTC: the date alone at midnight, otherwise `YYYY-MM-DDThh:mm:ss[.mmm]Z`.
  package var description: String {
    let inDay = Int(
      millisecondsSinceEpoch - Int64(date.daysSinceEpoch) * Self.millisecondsPerDay)
    guard inDay != 0 else { return date.description }
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let seconds = inDay / 1000
    let clock =
      "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let fraction = inDay % 1000 == 0 ? "" : ".\(padded(inDay % 1000, 3))"
    return "\(date)T\(clock)\(fraction)Z"
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
  }

  package static let millisecondsPerDay: Int64 = 86_400_000
}
