/// A length of time with millisecond resolution; may be negative, as the age of data from the future.
package struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// A number of seconds.
  package static func seconds(_ count: Int64) -> TimeSpan { TimeSpan(milliseconds: 1000 * count) }
  /// A number of minutes.
  package static func minutes(_ count: Int64) -> TimeSpan { .seconds(60 * count) }
  /// A number of hours.
  package static func hours(_ count: Int64) -> TimeSpan { .seconds(3600 * count) }
  /// A number of days of exactly 86,400 seconds.
  package static func days(_ count: Int64) -> TimeSpan { .seconds(86_400 * count) }
  /// No time at all.
  package static let zero = TimeSpan(milliseconds: 0)

  package var days: Double { Double(milliseconds) / 86_400_000 }
  package var seconds: Double { Double(milliseconds) / 1000 }

  /// The largest unit that divides it: `10d`, `90s`, `1500ms`, `0s`.
  package var description: String {
    let units: [(name: String, milliseconds: Int64)] = [
      ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
    ]
    guard milliseconds != 0 else { return "0s" }
    for unit in units where milliseconds % unit.milliseconds == 0 {
      return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
    return "\(milliseconds)ms"
  }

  package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
  /// The sum of two lengths.
  package static func + (left: Self, right: Self) -> Self {
    TimeSpan(milliseconds: left.milliseconds + right.milliseconds)
  }
  /// What is left of the first behind the second.
  package static func - (left: Self, right: Self) -> Self {
    TimeSpan(milliseconds: left.milliseconds - right.milliseconds)
  }
}

extension Timestamp {
  /// The time from one instant to another.
  package static func - (left: Self, right: Self) -> TimeSpan {
    TimeSpan(milliseconds: left.millisecondsSinceEpoch - right.millisecondsSinceEpoch)
  }
  /// The instant so much later.
  package static func + (left: Self, right: TimeSpan) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: left.millisecondsSinceEpoch + right.milliseconds)
  }
  /// The instant so much earlier.
  package static func - (left: Self, right: TimeSpan) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: left.millisecondsSinceEpoch - right.milliseconds)
  }
}
