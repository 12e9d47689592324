import Essentials

/// Splits a formula into tokens; white space and comments (`#`, `//` to the end of the line,
/// `/* */`) separate them and vanish.
///
/// Works on the bytes of UTF-8: everything outside comments and texts is ASCII. Cost: one pass.
struct Lexer {
  private let bytes: [UInt8]
  private var position = 0
  private var tokens: [Token] = []

  /// Returns the tokens of `bytes`. What is no token is reported and stands as `invalid`.
  static func tokens(of bytes: [UInt8], reporting findings: inout Findings) -> [Token] {
    var lexer = Lexer(bytes)
    lexer.readAll(&findings)
    return lexer.tokens
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    tokens.reserveCapacity(bytes.count / 3 + 4)
  }

  private mutating func readAll(_ findings: inout Findings) {
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case .space, .tab, .newline, .carriageReturn: position += 1
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        readName()
      case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber(&findings)
      case UInt8(ascii: ".") where isDigit(at: position + 1): readNumber(&findings)
      case UInt8(ascii: "\""), UInt8(ascii: "'"): readText(closing: byte, &findings)
      case UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): skipLine()
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipBlock(&findings)
      default:
        if let (kind, length) = symbol(byte) {
          add(kind, length: length)
        } else {
          readUnsupported(&findings)
        }
      }
    }
  }

  private func symbol(_ byte: UInt8) -> (Token.Kind, Int)? {
    let next = peek(1)
    let equals = next == UInt8(ascii: "=")
    switch byte {
    case UInt8(ascii: "("): return (.leftParenthesis, 1)
    case UInt8(ascii: ")"): return (.rightParenthesis, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: ";"): return (.semicolon, 1)
    case UInt8(ascii: "?"): return (.question, 1)
    case UInt8(ascii: ":"): return (.colon, 1)
    case UInt8(ascii: "+"): return (.plus, 1)
    case UInt8(ascii: "-"): return (.minus, 1)
    case UInt8(ascii: "*"): return (.star, 1)
    case UInt8(ascii: "/"): return (.slash, 1)
    case UInt8(ascii: "^"): return (.caret, 1)
    case UInt8(ascii: "="): return equals ? (.equal, 2) : (.assign, 1)
    case UInt8(ascii: "!"): return equals ? (.notEqual, 2) : (.not, 1)
    case UInt8(ascii: "<"): return equals ? (.lessEqual, 2) : (.less, 1)
    case UInt8(ascii: ">"): return equals ? (.greaterEqual, 2) : (.greater, 1)
    case UInt8(ascii: "&") where next == byte: return (.and, 2)
    case UInt8(ascii: "|") where next == byte: return (.or, 2)
    default: return nil
    }
  }

  private mutating func readName() {
    var length = 1
    while let byte = peek(length), isWordByte(byte) { length += 1 }
    add(.name, length: length)
  }

  /// Digits, a point with digits on at least one side, and an exponent, as in `1.5e-6`.
  private mutating func readNumber(_ findings: inout Findings) {
    var length = digits(from: 0)
    if peek(length) == UInt8(ascii: ".") { length += 1 + digits(from: length + 1) }
    var isComplete = true
    if let mark = peek(length), mark | 32 == UInt8(ascii: "e") {
      var exponent = length + 1
      if let sign = peek(exponent), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        exponent += 1
      }
      let count = digits(from: exponent)
      isComplete = count > 0
      length = exponent + count
    }
    while let byte = peek(length), isWordByte(byte) || byte == UInt8(ascii: ".") {
      isComplete = false
      length += 1
    }
    if !isComplete {
      let span = SourceSpan(start: position, end: position + length)
      findings.report(
        "invalid_number", "`\(text(span))` is not a number.", at: span,
        remedy: "Write a number such as 20, 0.5 or 1e-6; a name begins with a letter.")
    }
    add(isComplete ? .number : .invalid, length: length)
  }

  private func digits(from offset: Int) -> Int {
    var count = 0
    while isDigit(at: position + offset + count) { count += 1 }
    return count
  }

  private mutating func readText(closing quote: UInt8, _ findings: inout Findings) {
    var length = 1
    while let byte = peek(length), byte != quote, byte != .newline { length += 1 }
    guard peek(length) == quote else {
      findings.report(
        "unterminated_text", "The text that begins here is not closed.",
        at: SourceSpan(start: position, end: position + length),
        remedy: "Add \(quote == UInt8(ascii: "'") ? "'" : "\"") where the text ends.")
      return add(.invalid, length: length)
    }
    add(.text, length: length + 1)
  }

  private mutating func skipLine() {
    while position < bytes.count, bytes[position] != .newline { position += 1 }
  }

  private mutating func skipBlock(_ findings: inout Findings) {
    var end = position + 2
    while end + 1 < bytes.count {
      if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") {
        position = end + 2
        return
      }
      end += 1
    }
    findings.report(
      "unterminated_comment", "The comment that begins here is not closed.",
      at: SourceSpan(start: position, end: position + 2), remedy: "Add */ where the comment ends.")
    add(.invalid, length: bytes.count - position)
  }

  private mutating func readUnsupported(_ findings: inout Findings) {
    var length = 1
    while let byte = peek(length), isUnsupported(byte) { length += 1 }
    let span = SourceSpan(start: position, end: position + length)
    if !findings.isFull {
      let first = bytes[position]
      let remedy: String? =
        switch first {
        case UInt8(ascii: "&"): "Write && for a logical and."
        case UInt8(ascii: "|"): "Write || for a logical or."
        case UInt8(ascii: "."): "A point stands only within a number; fields have no members."
        default: "Remove it; names are letters, digits and underscores, texts stand in quotes."
        }
      findings.report(
        "unsupported_characters", "\(shown(span)) cannot stand in a formula.", at: span,
        remedy: remedy)
    }
    add(.invalid, length: length)
  }

  /// The characters of a span as a reader can tell them apart: in quotes, or by number where they
  /// cannot be printed.
  private func shown(_ span: SourceSpan) -> String {
    let text = text(SourceSpan(start: span.start, end: min(span.end, span.start + 64)))
    let isPrintable = text.unicodeScalars.allSatisfy {
      $0.value > 32 && $0.properties.generalCategory != .format
        && $0.properties.generalCategory != .spaceSeparator && $0.value != 0xFFFD
    }
    if isPrintable { return "`\(text)`" }
    guard let scalar = text.unicodeScalars.first else { return "This character" }
    return "The character U+\(String(scalar.value, radix: 16, uppercase: true))"
  }

  // MARK: - Bytes

  private mutating func add(_ kind: Token.Kind, length: Int) {
    tokens.append(Token(kind: kind, start: position, end: position + length))
    position += length
  }

  private func peek(_ offset: Int) -> UInt8? {
    position + offset < bytes.count ? bytes[position + offset] : nil
  }

  private func isDigit(at index: Int) -> Bool {
    index < bytes.count && bytes[index] >= 48 && bytes[index] <= 57
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private func isUnsupported(_ byte: UInt8) -> Bool {
    switch byte {
    case .space, .tab, .newline, .carriageReturn, UInt8(ascii: "\""), UInt8(ascii: "'"),
      UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "."):
      false
    default: !isWordByte(byte) && symbol(byte) == nil
    }
  }

  private func text(_ span: SourceSpan) -> String {
    String(decoding: bytes[span.start..<span.end], as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate static let space = UInt8(ascii: " ")
  fileprivate static let tab = UInt8(ascii: "\t")
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
