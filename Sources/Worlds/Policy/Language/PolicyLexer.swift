import Essentials

/// Splits an expression into tokens; white space separates them and vanishes. Cost: one pass.
struct PolicyLexer {
  private let bytes: [UInt8]
  private var place = 0

  /// Returns the tokens of a text, the last of which is `end`.
  static func tokens(of bytes: [UInt8]) throws(PolicyMistake) -> [PolicyToken] {
    var lexer = PolicyLexer(bytes: bytes)
    var tokens: [PolicyToken] = []
    tokens.reserveCapacity(bytes.count / 3 + 4)
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private func peek(_ offset: Int = 0) -> UInt8? {
    place + offset < bytes.count ? bytes[place + offset] : nil
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private mutating func next() throws(PolicyMistake) -> PolicyToken {
    while let byte = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    let start = place
    guard let byte = peek() else {
      return PolicyToken(kind: .end, range: bytes.count..<bytes.count)
    }
    if Self.isLetter(byte) { return try word() }
    if Self.isDigit(byte) { return try number() }
    if byte == UInt8(ascii: "."), let digit = peek(1), Self.isDigit(digit) || Self.isLetter(digit) {
      while let byte = peek(), Self.isWordByte(byte) || byte == UInt8(ascii: ".") { place += 1 }
      throw PolicyMistake(
        "invalid_number", "`\(text(start..<place))` is not a number.", at: start..<place,
        remedy: "Write a finite number that begins with a digit, such as 0.5.")
    }
    let (kind, length) = try symbol(byte)
    place += length
    return PolicyToken(kind: kind, range: start..<place)
  }

  private func symbol(_ byte: UInt8) throws(PolicyMistake) -> (PolicyToken.Kind, Int) {
    let following = peek(1)
    let equals = following == UInt8(ascii: "=")
    switch byte {
    case UInt8(ascii: "("): return (.leftParenthesis, 1)
    case UInt8(ascii: ")"): return (.rightParenthesis, 1)
    case UInt8(ascii: "["): return (.leftBracket, 1)
    case UInt8(ascii: "]"): return (.rightBracket, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: "%"): return (.percent, 1)
    case UInt8(ascii: "+"): return (.operation(.plus), 1)
    case UInt8(ascii: "-"): return (.operation(.minus), 1)
    case UInt8(ascii: "*"): return (.operation(.times), 1)
    case UInt8(ascii: "/"): return (.operation(.over), 1)
    case UInt8(ascii: "^"): return (.operation(.power), 1)
    case UInt8(ascii: "<"): return equals ? (.operation(.lessOrEqual), 2) : (.operation(.less), 1)
    case UInt8(ascii: ">"):
      return equals ? (.operation(.greaterOrEqual), 2) : (.operation(.greater), 1)
    case UInt8(ascii: "="): return equals ? (.operation(.equal), 2) : (.assignment, 1)
    case UInt8(ascii: "!"): return equals ? (.operation(.unequal), 2) : (.not, 1)
    case UInt8(ascii: "&") where following == byte: return (.operation(.and), 2)
    case UInt8(ascii: "|") where following == byte: return (.operation(.or), 2)
    default: throw unsupported(byte)
    }
  }

  private func unsupported(_ byte: UInt8) -> PolicyMistake {
    var end = place + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let remedy =
      switch byte {
      case UInt8(ascii: "&"): "Write `and`."
      case UInt8(ascii: "|"): "Write `or`."
      case UInt8(ascii: "@"): "Write the window right behind the measure, such as sharpe@mid."
      default: "Remove it; names are small letters, digits and underscores."
      }
    return PolicyMistake(
      "unsupported_character", "`\(text(place..<end))` cannot stand in an expression.",
      at: place..<end, remedy: remedy)
  }

  /// A name and, right behind it, `@` and a window.
  private mutating func word() throws(PolicyMistake) -> PolicyToken {
    let start = place
    while let byte = peek(), Self.isWordByte(byte) { place += 1 }
    if peek() == UInt8(ascii: "@") {
      place += 1
      let mark = place
      while let byte = peek(), Self.isWordByte(byte) { place += 1 }
      guard MetricWindow(text(mark..<place)) != nil else {
        let hint = nearestName(to: text(mark..<place), among: ["short", "mid", "long"])
        throw PolicyMistake(
          "unknown_window", "`\(text(mark..<place))` is no window.", at: (mark - 1)..<place,
          remedy: hint.map { "Write @\($0)." }
            ?? "Write @short, @mid, @long, or a count such as @60d, @12h or @500b.")
      }
    }
    return PolicyToken(kind: .word, range: start..<place)
  }

  /// Digits, a fraction and an exponent; or digits and the unit of a duration.
  private mutating func number() throws(PolicyMistake) -> PolicyToken {
    let start = place
    skipDigits()
    if peek() == UInt8(ascii: "."), let digit = peek(1), Self.isDigit(digit) {
      place += 1
      skipDigits()
    }
    if let mark = peek(), mark | 32 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
      if let digit = peek(1 + sign), Self.isDigit(digit) {
        place += 1 + sign
        skipDigits()
      }
    }
    let end = place
    while let byte = peek(), Self.isWordByte(byte) || byte == UInt8(ascii: ".") { place += 1 }
    let range = start..<place
    if end < place {
      guard let span = TimeSpan(policy: text(range)) else {
        throw PolicyMistake(
          "invalid_number", "`\(text(range))` is neither a number nor a duration.", at: range,
          remedy: "Write a number such as 0.5 or 1e-6, or a whole number of s, m, h, d or w.")
      }
      return PolicyToken(kind: .duration(span), range: range)
    }
    guard let value = Double(text(range)), value.isFinite else {
      throw PolicyMistake(
        "invalid_number", "`\(text(range))` is beyond every finite number.", at: range,
        remedy: "Write a finite number.")
    }
    return PolicyToken(kind: .number(value), range: range)
  }

  private mutating func skipDigits() {
    while let byte = peek(), Self.isDigit(byte) { place += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 32) && byte < 0x80
  }
  private static func isWordByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_")
  }
}
