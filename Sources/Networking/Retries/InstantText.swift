package import Essentials

/// Instants as servers write them in header fields.
package enum InstantText {
  /// Reads a date of HTTP in any of the three forms that RFC 9110 section 5.6.7 names, or nil.
  ///
  /// Of the form with a year of two digits, the century is that which lies within fifty years of
  /// `now`, as the same section asks.
  package static func httpDate(_ text: String, at now: Timestamp) -> Timestamp? {
    let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
    guard let day = words.first, day.count >= 3 else { return nil }
    if words.count == 6, words[5] == "GMT" {
      // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT
      guard let year = Int(words[3]) else { return nil }
      return instant(
        year: words[3].count == 2 ? fullYear(year, near: now.date.year) : year, month: words[2],
        day: words[1], time: words[4])
    }
    // Sun Nov  6 08:49:37 1994
    guard words.count == 5, let year = Int(words[4]) else { return nil }
    return instant(year: year, month: words[1], day: words[2], time: words[3])
  }

  /// Writes an instant in the form that RFC 9110 section 5.6.7 prefers, cut to whole seconds.
  package static func httpDate(_ instant: Timestamp) -> String {
    let date = instant.date
    let (year, month, day) = date.civil
    let milliseconds =
      instant.millisecondsSinceEpoch - Timestamp(startOf: date).millisecondsSinceEpoch
    let seconds = Int(milliseconds / 1000)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return "\(weekdays[date.weekday]), \(two(day)) \(months[month - 1]) \(year) \(clock) GMT"
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Reads a date and time of RFC 3339 such as `2026-07-14T16:27:19.5-04:00`, or nil.
  package static func rfc3339(_ text: String) -> Timestamp? {
    guard text.utf8.count >= 20, let date = CalendarDate(text.prefix(10)),
      ["T", "t", " "].contains(text.dropFirst(10).prefix(1))
    else { return nil }
    let clock = text.dropFirst(11)
    guard let seconds = secondsOfDay(String(clock.prefix(8))) else { return nil }
    var rest = clock.dropFirst(8)
    var milliseconds: Int64 = 0
    if rest.first == "." {
      let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, let whole = Int64((digits + "00").prefix(3)) else { return nil }
      milliseconds = whole
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = minutesOfOffset(rest) else { return nil }
    return Timestamp(
      millisecondsSinceEpoch: Timestamp(startOf: date).millisecondsSinceEpoch
        + Int64(seconds) * 1000 + milliseconds - Int64(offset) * 60_000)
  }

  private static func minutesOfOffset(_ text: Substring) -> Int? {
    if text == "Z" || text == "z" { return 0 }
    guard let sign = text.first, sign == "+" || sign == "-", text.count == 6,
      let hours = Int(text.dropFirst().prefix(2)), let minutes = Int(text.suffix(2)),
      text.dropFirst(3).first == ":", (0...23).contains(hours), (0...59).contains(minutes)
    else { return nil }
    return (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
  }

  private static func secondsOfDay(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard parts.count == 3, numbers.count == 3, parts.allSatisfy({ $0.count == 2 }),
      (0...23).contains(numbers[0]), (0...59).contains(numbers[1]), (0...60).contains(numbers[2])
    else { return nil }
    return numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
  }

  private static func instant(year: Int, month: String, day: String, time: String) -> Timestamp? {
    guard let index = months.firstIndex(of: month), let day = Int(day),
      let date = CalendarDate(year: year, month: index + 1, day: day),
      let seconds = secondsOfDay(time)
    else { return nil }
    return Timestamp(
      millisecondsSinceEpoch: Timestamp(startOf: date).millisecondsSinceEpoch
        + Int64(seconds) * 1000)
  }

  private static func fullYear(_ year: Int, near present: Int) -> Int {
    let candidate = present - present % 100 + year
    return candidate > present + 50 ? candidate - 100 : candidate
  }
}
