package import Essentials

/// A length of calendar time as ISO 8601 writes it, such as `P1Y6M`: the length of a test sample.
package struct CalendarPeriod: Hashable, Sendable, CustomStringConvertible {
  package var years: Int
  package var months: Int
  package var days: Int

  package init(years: Int = 0, months: Int = 0, days: Int = 0) {
    self.years = years
    self.months = months
    self.days = days
  }

  package static let none = CalendarPeriod()

  /// Parses `P` followed by whole years, months, weeks and days in that order, each at most once;
  /// nil for anything else, times of day and fractions included.
  package init?(_ text: String) {
    var remaining = Array(text.utf8)[...]
    guard remaining.popFirst() == UInt8(ascii: "P"), !remaining.isEmpty else { return nil }
    var counts: [UInt8: Int] = [:]
    var allowed = Array("YMWD".utf8)[...]
    while !remaining.isEmpty {
      let digits = remaining.prefix { (48...57).contains($0) }
      guard !digits.isEmpty, digits.count <= 5,
        let count = Int(String(decoding: digits, as: UTF8.self)),
        let designator = remaining.dropFirst(digits.count).first,
        let position = allowed.firstIndex(of: designator)
      else { return nil }
      counts[designator] = count
      allowed = allowed[(position + 1)...]
      remaining = remaining.dropFirst(digits.count + 1)
    }
    years = counts[UInt8(ascii: "Y")] ?? 0
    months = counts[UInt8(ascii: "M")] ?? 0
    days = 7 * (counts[UInt8(ascii: "W")] ?? 0) + (counts[UInt8(ascii: "D")] ?? 0)
  }

  package var isEmpty: Bool { years == 0 && months == 0 && days == 0 }

  /// The BRAIN form `P1Y6M0D`; days are left out where there are none, except from `P0Y0M0D`.
  package var description: String {
    if isEmpty { return "P0Y0M0D" }
    return "P\(years)Y\(months)M" + (days == 0 ? "" : "\(days)D")
  }

  /// Returns the date one period before `date`. Years and months are taken off first; a day that
  /// the resulting month does not have becomes its last (2020-03-31 less a month is 2020-02-29).
  package func before(_ date: CalendarDate) -> CalendarDate {
    let (year, month, day) = date.civil
    let monthIndex = year * 12 + month - 1 - (years * 12 + months)
    let targetYear = (monthIndex - ((monthIndex % 12) + 12) % 12) / 12
    let targetMonth = ((monthIndex % 12) + 12) % 12 + 1
    for candidate in stride(from: day, through: 28, by: -1) {
      if let found = CalendarDate(year: targetYear, month: targetMonth, day: candidate) {
        return found.advanced(byDays: -days)
      }
    }
    guard let found = CalendarDate(year: targetYear, month: targetMonth, day: day) else {
      preconditionFailure("\(self) before \(date) leaves the calendar")
    }
    return found.advanced(byDays: -days)
  }
}
