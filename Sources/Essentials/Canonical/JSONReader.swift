/// A text that is not JSON.
package struct JSONMistake: Error, Hashable, Sendable {
  /// What was expected, such as `a value`.
  package var expectation: String
  /// Where, in bytes from the start of the text.
  package var offset: Int

  package init(expectation: String, offset: Int) {
    self.expectation = expectation
    self.offset = offset
  }
}

extension JSONValue {
  /// Reads one JSON document (RFC 8259) and nothing after it but white space.
  ///
  /// Whole numbers without a fraction or an exponent that fit an `Int` are integers, all others
  /// doubles; one that no finite double is near is a mistake. Of members with one name all are kept.
  /// Values may be nested 256 deep, so that no text can exhaust the stack. Cost: linear.
  package init(parsing text: some StringProtocol) throws(JSONMistake) {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.document()
  }
}

private struct JSONReader {
  static let depthMax = 256

  let bytes: [UInt8]
  var place = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() throws(JSONMistake) -> JSONValue {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard place == bytes.count else { throw mistake("the end") }
    return value
  }

  private func mistake(_ expectation: String) -> JSONMistake {
    JSONMistake(expectation: expectation, offset: place)
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      place += 1
    }
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: mark) else { return false }
    place += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONMistake) -> JSONValue {
    guard depth < Self.depthMax else { throw mistake("at most \(Self.depthMax) levels") }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(let byte) where byte == UInt8(ascii: "-") || (48...57).contains(byte):
      return try number()
    default: throw mistake("a value")
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONMistake) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard next == word.utf8Start[index] else { throw mistake("\(word)") }
      place += 1
    }
    return value
  }

  private mutating func object(depth: Int) throws(JSONMistake) -> JSONValue {
    place += 1
    skipSpace()
    var members: [JSONValue.Member] = []
    if take("}") { return .object(members) }
    while true {
      guard next == UInt8(ascii: "\"") else { throw mistake("the name of a member") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw mistake("a colon") }
      skipSpace()
      members.append(JSONValue.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw mistake("a comma or }") }
      skipSpace()
    }
  }

  private mutating func array(depth: Int) throws(JSONMistake) -> JSONValue {
    place += 1
    skipSpace()
    var elements: [JSONValue] = []
    if take("]") { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw mistake("a comma or ]") }
      skipSpace()
    }
  }

  private mutating func digits() throws(JSONMistake) {
    let start = place
    while let byte = next, (48...57).contains(byte) { place += 1 }
    guard place > start else { throw mistake("a digit") }
  }

  private mutating func number() throws(JSONMistake) -> JSONValue {
    let start = place
    _ = take("-")
    if !take("0") { try digits() }
    var isWhole = true
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    // Minus zero is a double; an integer would lose its sign.
    if isWhole, text != "-0", let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      place = start
      throw mistake("a number within the range of a double")
    }
    return .number(number)
  }

  private mutating func string() throws(JSONMistake) -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        place += 1
        guard let valid = String(validating: text, as: UTF8.self) else {
          throw mistake("valid UTF-8 in the string")
        }
        return valid
      case UInt8(ascii: "\\"):
        place += 1
        try escape(into: &text)
      case 0..<0x20: throw mistake("an escape in place of a control character")
      default:
        text.append(byte)
        place += 1
      }
    }
    throw mistake("the end of the string")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONMistake) {
    guard let mark = next else { throw mistake("an escape") }
    place += 1
    switch mark {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(mark)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      let unit = try unit()
      var code = unit
      if (0xD800..<0xDC00).contains(unit), take("\\") {
        guard take("u") else { throw mistake("the second half of a pair") }
        let second = try self.unit()
        guard (0xDC00..<0xE000).contains(second) else {
          throw mistake("the second half of a pair")
        }
        code = 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw mistake("both halves of a pair") }
      text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    default:
      place -= 1
      throw mistake("an escape")
    }
  }

  private mutating func unit() throws(JSONMistake) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      let value: UInt32
      switch next {
      case .some(let digit) where (48...57).contains(digit): value = UInt32(digit) - 48
      case .some(let digit) where (65...70).contains(digit): value = UInt32(digit) - 55
      case .some(let digit) where (97...102).contains(digit): value = UInt32(digit) - 87
      default: throw mistake("four hexadecimal digits")
      }
      unit = unit << 4 | value
      place += 1
    }
    return unit
  }
}
