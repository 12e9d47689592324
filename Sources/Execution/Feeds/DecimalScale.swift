/// Reads decimal texts as whole numbers of a step, exactly, where they lie.
///
/// Nearly every step is a power of ten, for which a text is read without a division: digits up to the
/// step's decimal place count, those behind it must be zeros.
struct DecimalScale: Hashable, Sendable {
  /// The decimal place up to which digits count.
  let places: Int
  /// How many units of that place make a step; 1 but for steps such as 0.5.
  let divisor: Int64

  /// The scale of so many billionths, at least 1.
  init(nanos: Int64) {
    var places = 9
    var divisor = nanos
    while places > 0, divisor % 10 == 0 {
      divisor /= 10
      places -= 1
    }
    self.places = places
    self.divisor = divisor
  }

  /// Reads to a decimal place.
  init(places: Int) {
    self.places = places
    divisor = 1
  }

  /// Why a text is no number of steps.
  enum Mistake: Error {
    case unreadable
    case betweenSteps
  }

  /// The steps in `digits[.digits]` from a place on, which is moved behind it.
  ///
  /// More than 18 digits up to the decimal place are not read, leading zeros included.
  @inline(__always)
  func steps(
    in bytes: UnsafeBufferPointer<UInt8>, from place: inout Int
  ) throws(Mistake) -> Int64 {
    var value: UInt64 = 0
    let start = place
    var here = place
    while here < bytes.count {
      let digit = bytes[here] &- 48
      guard digit < 10 else { break }
      value = value &* 10 &+ UInt64(digit)
      here &+= 1
    }
    let whole = here &- start
    var missing = places
    guard whole > 0, whole &+ missing <= 18 else { throw .unreadable }
    if here < bytes.count, bytes[here] == UInt8(ascii: ".") {
      here &+= 1
      let point = here
      while here < bytes.count {
        let digit = bytes[here] &- 48
        guard digit < 10 else { break }
        here &+= 1
        if missing > 0 {
          value = value &* 10 &+ UInt64(digit)
          missing &-= 1
        } else if digit != 0 {
          throw .betweenSteps
        }
      }
      guard here > point else { throw .unreadable }
    }
    place = here
    while missing > 0 {
      value = value &* 10
      missing &-= 1
    }
    let count = Int64(value)
    guard divisor != 1 else { return count }
    guard count % divisor == 0 else { throw .betweenSteps }
    return count / divisor
  }

  /// The steps in a text that is nothing but `[-]digits[.digits]`.
  func steps(of text: UnsafeBufferPointer<UInt8>) throws(Mistake) -> Int64 {
    let isNegative = text.first == UInt8(ascii: "-")
    var place = isNegative ? 1 : 0
    let steps = try steps(in: text, from: &place)
    guard place == text.count else { throw .unreadable }
    return isNegative ? -steps : steps
  }
}

/// Reads decimal texts as the nearest doubles, where they lie.
enum DecimalDouble {
  /// The double nearest to `[-]digits[.digits]`; nil for anything else.
  ///
  /// Up to 2^53 and 22 places a quotient of two exact doubles is the nearest one, as division rounds
  /// correctly; longer texts go through the standard library.
  static func value(of text: UnsafeBufferPointer<UInt8>) -> Double? {
    let isNegative = text.first == UInt8(ascii: "-")
    var here = isNegative ? 1 : 0
    var value: UInt64 = 0
    var significant = 0
    var places = 0
    var point: Int?
    let first = here
    while here < text.count {
      let byte = text[here]
      if byte == UInt8(ascii: "."), point == nil, here > first {
        point = here
      } else {
        let digit = byte &- 48
        guard digit < 10 else { return nil }
        if significant > 0 || digit != 0 { significant += 1 }
        value = value &* 10 &+ UInt64(digit)
        if point != nil { places += 1 }
      }
      here += 1
    }
    guard here > first, point != here - 1 else { return nil }
    guard significant <= 18, value < 1 << 53, places <= 22 else {
      guard let long = Double(String(decoding: text, as: UTF8.self)), long.isFinite else {
        return nil
      }
      return long
    }
    let magnitude = Double(value) / powers[places]
    return isNegative ? -magnitude : magnitude
  }

  /// The powers of ten that doubles hold exactly.
  private static let powers: InlineArray<23, Double> = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}
