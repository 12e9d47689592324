/// Numbers as people read them: a fixed number of digits after the point, the same on every platform.
package enum FixedDecimal {
  /// Writes a number with so many digits after the point, `--` where it is missing or infinite.
  ///
  /// The number is rounded half away from zero; one beyond 10^15 is written in full instead.
  package static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "--" }
    var power = 1
    for _ in 0..<digits { power *= 10 }
    guard value.magnitude * Double(power) < 1e15 else { return value.description }
    let scaled = Int((value.magnitude * Double(power)).rounded())
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % power)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(scaled / power).\(zeros)\(fraction)"
  }
}
