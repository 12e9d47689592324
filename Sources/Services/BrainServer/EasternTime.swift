import Essentials

/// The civil time of the eastern United States, in which BRAIN writes instants and ends its days.
///
/// Daylight saving time lasts from 2:00 on the second Sunday of March to 2:00 on the first Sunday of
/// November (Energy Policy Act of 2005, section 110).
struct EasternTime: Hashable, Sendable {
  let instant: Timestamp
  /// Hours that are added to UTC: -4 or -5.
  let offsetHours: Int

  init(_ instant: Timestamp) {
    self.instant = instant
    let year = instant.date.year
    let spring = Self.sunday(2, of: 3, year: year, utcHour: 7)
    let autumn = Self.sunday(1, of: 11, year: year, utcHour: 6)
    offsetHours = instant >= spring && instant < autumn ? -4 : -5
  }

  private var local: Timestamp {
    Timestamp(
      millisecondsSinceEpoch: instant.millisecondsSinceEpoch + Int64(offsetHours) * 3_600_000)
  }

  /// The day on the clock of the wall.
  var day: CalendarDate { local.date }

  /// Seconds until the day ends, at least 1. The hour that is put back or forward in between is not
  /// looked at, for days end long before it.
  var secondsLeftInDay: Int {
    let next = Timestamp(startOf: day.advanced(byDays: 1)).millisecondsSinceEpoch
    return max(1, Int((next - local.millisecondsSinceEpoch + 999) / 1000))
  }

  /// Such as `2026-07-14T16:27:19-04:00`.
  var text: String {
    let seconds =
      Int(local.millisecondsSinceEpoch - Timestamp(startOf: day).millisecondsSinceEpoch) / 1000
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    return "\(day)T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
      + "-0\(-offsetHours):00"
  }

  private static func sunday(_ count: Int, of month: Int, year: Int, utcHour: Int) -> Timestamp {
    guard let first = CalendarDate(year: year, month: month, day: 1) else {
      preconditionFailure("every month has a first day")
    }
    // `weekday` counts from Monday.
    let date = first.advanced(byDays: (6 - first.weekday) + 7 * (count - 1))
    return Timestamp(
      millisecondsSinceEpoch: Timestamp(startOf: date).millisecondsSinceEpoch
        + Int64(utcHour) * 3_600_000)
  }
}
