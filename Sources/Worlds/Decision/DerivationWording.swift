package import Essentials

/// How figures stand in sentences.
package enum DerivationWording {
  /// A figure with so many significant digits, fewer where fewer say the same.
  ///
  /// - Parameter decimals: digits after the point at most.
  static func number(_ value: Double, digits: Int = 6, decimals: Int = 12) -> String {
    guard value.isFinite else { return "?" }
    guard value != 0 else { return "0" }
    var scale = 1.0
    var size = abs(value)
    var left = decimals
    let full = (1..<digits).reduce(1.0) { power, _ in power * 10 }
    while size < full, left > 0 {
      size *= 10
      scale *= 10
      left -= 1
    }
    let rounded = (value * scale).rounded() / scale
    return JSONValue.number(rounded).compactText
  }

  /// A length of time in the largest unit that tells it, such as `301s`, `5m`, `9.52d`.
  package static func span(_ span: TimeSpan) -> String {
    let (count, unit) = parts(span)
    return count + unit.english
  }

  static func koreanSpan(_ span: TimeSpan) -> String {
    let (count, unit) = parts(span)
    return count + unit.korean
  }

  private typealias Unit = (milliseconds: Int64, english: String, korean: String)

  private static let units: [Unit] = [
    (86_400_000, "d", "일"), (3_600_000, "h", "시간"), (60_000, "m", "분"), (1000, "s", "초"),
    (1, "ms", "밀리초"),
  ]

  private static func parts(_ span: TimeSpan) -> (count: String, unit: Unit) {
    let size = abs(Double(span.milliseconds))
    // A whole number of something is exact; a long one is rounded in the largest unit that fits.
    let exact = units.first { span.milliseconds % $0.milliseconds == 0 }
    if let exact, size / Double(exact.milliseconds) < 1000 {
      return (String(span.milliseconds / exact.milliseconds), exact)
    }
    let unit = units.first { size >= Double($0.milliseconds) } ?? units[4]
    let count = (Double(span.milliseconds) / Double(unit.milliseconds) * 100).rounded() / 100
    return (number(count), unit)
  }
}
