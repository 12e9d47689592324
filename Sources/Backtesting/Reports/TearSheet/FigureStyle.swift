import Essentials

/// How a quantity of the tear sheet is written. The page's script writes numbers the same way.
enum FigureStyle: String, Hashable, Sendable {
  /// Whole units of the book's currency with commas; cents below 1000.
  case money
  /// A fraction as a percentage with two decimals.
  case percent
  /// A number with two decimals.
  case ratio
  /// A mean number of things with one decimal.
  case count

  /// The number without its unit; `--` where there is none.
  func text(_ value: Double) -> String {
    switch self {
    case .money: Self.decimal(value, digits: value != 0 && value.magnitude < 1000 ? 2 : 0)
    case .percent: Self.decimal(value * 100, digits: 2)
    case .ratio: Self.decimal(value, digits: 2)
    case .count: Self.decimal(value, digits: 1)
    }
  }

  /// The number with the sign that belongs to it.
  func marked(_ value: Double) -> String {
    self == .percent && value.isFinite ? text(value) + Self.percentSign : text(value)
  }

  /// The sign with the space that keeps it on the line of its number.
  static let percentSign = "\u{00A0}%"

  /// What stands beside a mark of an axis.
  func axisText(_ value: Double, on axis: ValueAxis) -> String {
    axisText(value, step: axis.step, reach: max(axis.lower.magnitude, axis.upper.magnitude))
  }

  /// What stands beside a mark where marks are `step` apart and none is larger than `reach`.
  func axisText(_ value: Double, step: Double, reach: Double = 0) -> String {
    switch self {
    case .money:
      for (unit, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] where reach >= unit {
        let digits = Self.digits(step / unit)
        // Where three decimals would be needed, a smaller unit is shorter.
        guard digits < 3 else { continue }
        return value == 0 ? "0" : Self.decimal(value / unit, digits: digits) + letter
      }
      return Self.decimal(value, digits: Self.digits(step))
    case .percent: return Self.decimal(value * 100, digits: Self.digits(step * 100)) + "%"
    case .ratio, .count: return Self.decimal(value, digits: Self.digits(step))
    }
  }

  private static func digits(_ step: Double) -> Int { decimals(of: step, atMost: 6) }

  /// How many decimals tell multiples of `step` apart, at most `limit`.
  static func decimals(of step: Double, atMost limit: Int) -> Int {
    var digits = 0
    var scaled = step.magnitude
    while digits < limit, (scaled - scaled.rounded()).magnitude > 1e-6 * scaled {
      digits += 1
      scaled *= 10
    }
    return digits
  }

  /// Half the height of an axis on which nothing varies.
  var smallestSpan: Double {
    switch self {
    case .money, .ratio, .count: 1
    case .percent: 0.01
    }
  }

  /// The number as the page's script gets it: precise enough for `text`.
  func datum(_ value: Double) -> JSONValue {
    guard value.isFinite else { return .null }
    let unit = self == .percent ? 1e6 : 1e3
    guard value.magnitude < 1e9 else { return .number(value.rounded()) }
    let scaled = (value * unit).rounded() / unit
    return .number(scaled == 0 ? 0 : scaled)
  }

  /// Writes a number with commas between thousands and a true minus sign.
  static func decimal(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "--" }
    return dressed(FixedDecimal.text(value, digits: digits))
  }

  /// Writes a whole number with commas between thousands and a true minus sign.
  static func whole(_ value: Int) -> String { dressed(String(value)) }

  private static func dressed(_ plain: String) -> String {
    guard !plain.contains("e") else { return plain }
    let isNegative = plain.hasPrefix("-")
    let unsigned = isNegative ? plain.dropFirst() : plain[...]
    let whole = unsigned.prefix { $0 != "." }
    var grouped = ""
    for (place, digit) in whole.enumerated() {
      if place > 0, (whole.count - place) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return (isNegative ? "\u{2212}" : "") + grouped + unsigned.dropFirst(whole.count)
  }
}
