package import Essentials

/// Dates and instants read from bytes.
package enum StampText {
  /// An instant and whether the text named a day rather than a moment of it.
  package struct Parsed: Hashable, Sendable {
    package var stamp: Timestamp
    package var isDay: Bool
  }

  /// Returns the instant that the text names, or nil.
  ///
  /// Read are `2024-01-31`, `2024/01/31`, `20240131`; these with `T` or a space and
  /// `14:30[:05[.123456]]` and `Z` or an offset such as `+09:00` (UTC where none is written); and Unix
  /// time, told by its length: 9-10 digits are seconds, 12-13 milliseconds, 15-16 microseconds, 18-19
  /// nanoseconds. What is finer than a millisecond is cut off.
  package static func parse(_ text: UnsafeRawBufferPointer) -> Parsed? {
    var start = 0
    var end = text.count
    while start < end, text[start] == 0x20 { start += 1 }
    while end > start, text[end - 1] == 0x20 { end -= 1 }
    var cursor = Cursor(text: text, position: start, end: end)
    let leading = cursor.digitsAhead()
    if leading == end - start {
      guard leading != 8 else { return day(cursor.number(4), cursor.number(2), cursor.number(2)) }
      guard let value = cursor.number(leading) else { return nil }
      let milliseconds: Int
      switch leading {
      case 9, 10: milliseconds = value * 1000
      case 12, 13: milliseconds = value
      case 15, 16: milliseconds = value / 1000
      case 18, 19: milliseconds = value / 1_000_000
      default: return nil
      }
      return Parsed(
        stamp: Timestamp(millisecondsSinceEpoch: Int64(milliseconds)), isDay: false)
    }
    guard leading == 4, let year = cursor.number(4) else { return nil }
    let separator = cursor.take()
    guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/"),
      let month = cursor.number(2), cursor.take() == separator, let dayOfMonth = cursor.number(2),
      let date = day(year, month, dayOfMonth)
    else { return nil }
    guard !cursor.isAtEnd else { return date }
    return clock(&cursor, on: date.stamp)
  }

  /// Parses the text of a string.
  package static func parse(_ text: String) -> Parsed? {
    var text = text
    return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
  }

  private static func day(_ year: Int?, _ month: Int?, _ day: Int?) -> Parsed? {
    guard let year, let month, let day,
      let date = CalendarDate(year: year, month: month, day: day)
    else { return nil }
    return Parsed(stamp: Timestamp(startOf: date), isDay: true)
  }

  private static func clock(_ cursor: inout Cursor, on day: Timestamp) -> Parsed? {
    let mark = cursor.take()
    guard mark == UInt8(ascii: "T") || mark == UInt8(ascii: " "),
      let hour = cursor.number(2), hour < 24, cursor.take() == UInt8(ascii: ":"),
      let minute = cursor.number(2), minute < 60
    else { return nil }
    var milliseconds = (hour * 60 + minute) * 60_000
    if cursor.skip(UInt8(ascii: ":")) {
      guard let second = cursor.number(2), second < 60 else { return nil }
      milliseconds += second * 1000
      if cursor.skip(UInt8(ascii: ".")) {
        let digits = cursor.digitsAhead()
        guard digits > 0 else { return nil }
        var scale = 100
        for _ in 0..<digits {
          guard let digit = cursor.number(1) else { return nil }
          milliseconds += digit * scale
          scale /= 10
        }
      }
    }
    if !cursor.isAtEnd, !cursor.skip(UInt8(ascii: "Z")) {
      let sign = cursor.take()
      guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = cursor.number(2),
        hours < 24
      else { return nil }
      _ = cursor.skip(UInt8(ascii: ":"))
      var offset = hours * 60
      if !cursor.isAtEnd {
        guard let minutes = cursor.number(2), minutes < 60 else { return nil }
        offset += minutes
      }
      milliseconds -= (sign == UInt8(ascii: "-") ? -offset : offset) * 60_000
    }
    guard cursor.isAtEnd else { return nil }
    return Parsed(
      stamp: Timestamp(
        millisecondsSinceEpoch: day.millisecondsSinceEpoch + Int64(milliseconds)), isDay: false)
  }

  private struct Cursor {
    let text: UnsafeRawBufferPointer
    var position: Int
    let end: Int

    var isAtEnd: Bool { position >= end }

    /// The number of digits from the position on.
    func digitsAhead() -> Int {
      var i = position
      while i < end, text[i] &- 48 < 10 { i += 1 }
      return i - position
    }

    /// Takes exactly `count` digits; nil where they are not there or do not fit.
    mutating func number(_ count: Int) -> Int? {
      guard position + count <= end, count <= 19 else { return nil }
      var value = 0
      for i in position..<(position + count) {
        let digit = text[i] &- 48
        guard digit < 10 else { return nil }
        let (shifted, overflows) = value.multipliedReportingOverflow(by: 10)
        let (sum, exceeds) = shifted.addingReportingOverflow(Int(digit))
        guard !overflows, !exceeds else { return nil }
        value = sum
      }
      position += count
      return value
    }

    mutating func take() -> UInt8? {
      guard position < end else { return nil }
      position += 1
      return text[position - 1]
    }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard position < end, text[position] == byte else { return false }
      position += 1
      return true
    }
  }
}
