/// Reads a decimal text as a count of the decimal place `places` behind the point, exactly: with six
/// places `-1.5` is -1,500,000.
///
/// The text is `[-]digits[.digits]`. It is nil where a digit other than zero stands further behind
/// the point, where the count does not fit into 63 bits, and for anything else, exponents included.
package func exactCount(_ text: some StringProtocol, places: Int) -> Int64? {
  var count: Int64 = 0
  var isNegative = false
  var digits = 0
  // Places behind the point so far; nil before it.
  var behind: Int?
  for (index, byte) in text.utf8.enumerated() {
    switch byte {
    case UInt8(ascii: "-") where index == 0: isNegative = true
    case UInt8(ascii: ".") where behind == nil && digits > 0: behind = 0
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      digits += 1
      if let place = behind {
        guard place < places else {
          if byte == UInt8(ascii: "0") { continue }
          return nil
        }
        behind = place + 1
      }
      guard let next = count.appending(byte - UInt8(ascii: "0")) else { return nil }
      count = next
    default: return nil
    }
  }
  guard digits > 0 else { return nil }
  for _ in 0..<(places - (behind ?? 0)) {
    guard let next = count.appending(0) else { return nil }
    count = next
  }
  return isNegative ? -count : count
}

extension Int64 {
  /// The number with one decimal digit more; nil where it does not fit.
  fileprivate func appending(_ digit: UInt8) -> Int64? {
    let (tens, isTooLarge) = multipliedReportingOverflow(by: 10)
    let (sum, isLarger) = tens.addingReportingOverflow(Int64(digit))
    return isTooLarge || isLarger ? nil : sum
  }
}

extension Price {
  /// The price that a venue wrote, such as `61800.20`; nil where it is none or has digits behind
  /// the billionth.
  package init?(text: some StringProtocol) {
    guard let nanos = exactCount(text, places: 9) else { return nil }
    self.init(nanos: nanos)
  }
}

extension LotSize {
  /// The lot that a venue wrote, such as `0.001`; nil where it is none or has digits behind the
  /// billionth.
  package init?(text: some StringProtocol) {
    guard let nanos = exactCount(text, places: 9) else { return nil }
    self.init(nanos: nanos)
  }

  /// The lots in a quantity that a venue wrote; nil where it is no whole number of lots.
  package func lots(text: some StringProtocol) -> Quantity? {
    guard let nanos = exactCount(text, places: 9), nanos % self.nanos == 0 else { return nil }
    let quantity = Quantity(lots: nanos / self.nanos)
    return quantity.magnitude < .largest ? quantity : nil
  }

  /// The whole lots in a number of units, rounded toward zero; nil where it is not finite.
  ///
  /// The number is read as the decimal of nine places that is nearest to it, so 0.3 holds three lots
  /// of 0.1 although the double below it would hold two.
  package func lots(in units: Double) -> Quantity? {
    let nanos = (units * 1e9).rounded()
    guard nanos.magnitude <= 9e18 else { return nil }
    return Quantity(lots: Int64(nanos) / self.nanos)
  }
}
