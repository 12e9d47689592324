internal import Glibc

/// Decimal numbers read from bytes.
package enum DecimalText {
  /// Returns the number nearest to the decimal text, NaN for a missing value, nil for anything else.
  ///
  /// The text is `[+-]digits[.digits][e[+-]digits]` with spaces around it. Missing are the empty
  /// text, `nan`, `na`, `n/a`, `null` and `none` in any case. A number too large for a double is nil;
  /// infinity has no spelling.
  ///
  /// A mantissa below 2^53 with a power of ten up to 22 is one exact product or quotient, correctly
  /// rounded by IEEE 754 (Clinger, "How to Read Floating Point Numbers Accurately", PLDI 1990);
  /// longer texts go through `strtod`.
  package static func parse(_ text: UnsafeRawBufferPointer) -> Double? {
    var start = 0
    var end = text.count
    while start < end, isBlank(text[start]) { start += 1 }
    while end > start, isBlank(text[end - 1]) { end -= 1 }
    guard start < end else { return .nan }
    var i = start
    let isNegative = text[i] == UInt8(ascii: "-")
    if isNegative || text[i] == UInt8(ascii: "+") { i += 1 }
    var mantissa: UInt64 = 0
    var significant = 0
    var digits = 0
    var exponent = 0
    while i < end {
      let digit = text[i] &- 48
      guard digit < 10 else { break }
      if significant < 19 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if mantissa != 0 { significant += 1 }
      } else {
        significant += 1
        exponent += 1
      }
      digits += 1
      i += 1
    }
    if i < end, text[i] == UInt8(ascii: ".") {
      i += 1
      while i < end {
        let digit = text[i] &- 48
        guard digit < 10 else { break }
        if significant < 19 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          if mantissa != 0 { significant += 1 }
          exponent -= 1
        } else {
          significant += 1
        }
        digits += 1
        i += 1
      }
    }
    guard digits > 0 else { return isMissing(text, start, end) ? .nan : nil }
    if i < end, text[i] | 0x20 == UInt8(ascii: "e") {
      i += 1
      var isDown = false
      if i < end, text[i] == UInt8(ascii: "-") || text[i] == UInt8(ascii: "+") {
        isDown = text[i] == UInt8(ascii: "-")
        i += 1
      }
      var written = 0
      let first = i
      while i < end {
        let digit = text[i] &- 48
        guard digit < 10 else { break }
        // Beyond four digits the value is zero or too large whatever follows.
        if written < 10_000 { written = written * 10 + Int(digit) }
        i += 1
      }
      guard i > first else { return nil }
      exponent += isDown ? -written : written
    }
    guard i == end else { return nil }
    if significant <= 19, mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      let magnitude =
        exponent < 0
        ? Double(mantissa) / exactPowersOfTen[-exponent]
        : Double(mantissa) * exactPowersOfTen[exponent]
      return isNegative ? -magnitude : magnitude
    }
    return parseSlowly(text, start, end)
  }

  /// Parses the decimal text of a string.
  package static func parse(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
  }

  private static func parseSlowly(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Double? {
    var terminated = [CChar](repeating: 0, count: end - start + 1)
    for i in start..<end { terminated[i - start] = CChar(bitPattern: text[i]) }
    let value = strtod(terminated, nil)
    return value.isFinite ? value : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isMissing(_ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
    guard end - start <= 4 else { return false }
    var packed: UInt32 = 0
    for i in start..<end {
      let byte = text[i]
      let lower = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
      packed = packed << 8 | UInt32(lower)
    }
    return packed == 0x6e_616e || packed == 0x6e61 || packed == 0x6e_2f61
      || packed == 0x6e75_6c6c || packed == 0x6e6f_6e65
  }
}

/// The powers of ten that a double holds exactly.
private let exactPowersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]
