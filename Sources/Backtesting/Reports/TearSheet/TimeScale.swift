import Essentials

/// The time from the first to the last row, with marks where a calendar or a clock turns.
struct TimeScale: Hashable, Sendable {
  /// A place of the scale with what stands beside it.
  struct Mark: Hashable, Sendable {
    var fraction: Double
    var text: String
    /// Whether the mark stays where there is room for few.
    var isMajor: Bool
  }

  let first: Timestamp
  let last: Timestamp
  /// Whether every instant is a midnight, so that dates say it all.
  let isDaily: Bool

  /// - Precondition: `stamps` ascend and are not empty.
  init(_ stamps: [Timestamp]) {
    first = stamps[0]
    last = stamps[stamps.count - 1]
    isDaily = stamps.allSatisfy {
      $0.millisecondsSinceEpoch % Timestamp.millisecondsPerDay == 0
    }
  }

  /// Returns where an instant lies: 0 at the first row, 1 at the last; a lone row lies in the middle.
  func fraction(of stamp: Timestamp) -> Double {
    let span = last.millisecondsSinceEpoch - first.millisecondsSinceEpoch
    guard span > 0 else { return 0.5 }
    return Double(stamp.millisecondsSinceEpoch - first.millisecondsSinceEpoch) / Double(span)
  }

  /// The instant as a reader writes it: a date, or a date and a time of day in UTC.
  func text(_ stamp: Timestamp) -> String {
    guard !isDaily else { return stamp.date.description }
    return "\(stamp.date) \(Self.clock(stamp)) UTC"
  }

  /// At most ten marks at the turns of the finest unit that has so few.
  var marks: [Mark] {
    for unit in Unit.all {
      guard let turns = unit.turns(from: first, to: last, atMost: 10) else { continue }
      let stride = max(1, (turns.count + 3) / 4)
      return turns.enumerated().map { place, stamp in
        Mark(fraction: fraction(of: stamp), text: unit.text(stamp), isMajor: place % stride == 0)
      }
    }
    return []
  }

  /// `hh:mm` in UTC.
  static func clock(_ stamp: Timestamp) -> String {
    let start = Int64(stamp.date.daysSinceEpoch) * Timestamp.millisecondsPerDay
    let minutes = Int(stamp.millisecondsSinceEpoch - start) / 60_000
    func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(padded(minutes / 60)):\(padded(minutes % 60))"
  }
}

/// What lies between two marks.
private enum Unit {
  case minutes(Int64)
  case days(Int32)
  case months(Int)

  static let all: [Unit] =
    [1, 5, 15, 30, 60, 180, 360, 720].map(Unit.minutes) + [1, 2, 7, 14].map(Unit.days)
    + [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].map(Unit.months)

  /// The multiples of the unit within a span, nil where there are more than `limit`.
  func turns(from first: Timestamp, to last: Timestamp, atMost limit: Int) -> [Timestamp]? {
    let turns: [Timestamp]
    switch self {
    case .minutes(let minutes):
      let step = minutes * 60_000
      let start = Self.quotientUp(first.millisecondsSinceEpoch, step)
      let end = last.millisecondsSinceEpoch / step
      guard end - start < limit else { return nil }
      turns = start > end ? [] : (start...end).map { Timestamp(millisecondsSinceEpoch: $0 * step) }
    case .days(let days):
      let start = Self.quotientUp(Int64(first.date.daysSinceEpoch), Int64(days))
      let end = Int64(last.date.daysSinceEpoch) / Int64(days)
      guard end - start < limit else { return nil }
      turns =
        start > end
        ? []
        : (start...end).map {
          Timestamp(startOf: CalendarDate(daysSinceEpoch: Int32($0) * days))
        }
    case .months(let months):
      let start = Self.quotientUp(Int64(Self.monthIndex(first)), Int64(months))
      let end = Int64(Self.monthIndex(last)) / Int64(months)
      guard end - start <= limit else { return nil }
      turns =
        start > end
        ? []
        : (start...end).compactMap { count in
          let month = Int(count) * months
          return CalendarDate(year: month / 12, month: month % 12 + 1, day: 1)
            .map(Timestamp.init(startOf:))
        }
    }
    let inside = turns.filter { $0 >= first && $0 <= last }
    return inside.count <= limit ? inside : nil
  }

  func text(_ stamp: Timestamp) -> String {
    let date = stamp.date.description
    switch self {
    case .minutes:
      let isMidnight = stamp == Timestamp(startOf: stamp.date)
      return isMidnight ? String(date.dropFirst(5)) : TimeScale.clock(stamp)
    case .days: return String(date.dropFirst(5))
    case .months(let months): return String(date.dropLast(months % 12 == 0 ? 6 : 3))
    }
  }

  private static func monthIndex(_ stamp: Timestamp) -> Int {
    let (year, month, _) = stamp.date.civil
    return year * 12 + month - 1
  }

  private static func quotientUp(_ value: Int64, _ divisor: Int64) -> Int64 {
    value / divisor + (value % divisor > 0 ? 1 : 0)
  }
}
