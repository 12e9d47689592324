import Essentials

/// A formula's words and its tree of calls, read from any text, however broken.
///
/// `FormulaChecker` decides what is a formula; the outline says of a text that is none where its
/// calls and their arguments lie, so that an edit can be placed. It gives no operator precedence and
/// reports no mistake. Cost: linear.
struct FormulaOutline {
  struct Token: Hashable {
    enum Kind: Hashable {
      case name, number, text
      case open, close, comma, semicolon
      /// An operator, such as `+` or `&&`, or a single `=`.
      case symbol
      /// Bytes that no formula holds.
      case foreign
    }
    var kind: Kind
    var span: SourceSpan
  }

  struct Argument {
    /// The token of the argument's name, where it is written `name=value`.
    var name: Int?
    /// The tokens of the value, the name apart; empty where the argument was left out.
    var value: Range<Int>
  }

  struct Call {
    /// The token of the operator's name.
    var name: Int
    /// The token of `(`.
    var open: Int
    /// The token of `)`, nil where none follows.
    var close: Int?
    var arguments: [Argument]
  }

  let source: String
  let bytes: [UInt8]
  private(set) var tokens: [Token] = []
  /// In the order of their opening parentheses.
  private(set) var calls: [Call] = []

  init(_ source: String) {
    self.source = source
    bytes = Array(source.utf8)
    readTokens()
    readCalls()
  }

  func text(_ span: SourceSpan) -> String {
    String(decoding: bytes[span.start..<span.end], as: UTF8.self)
  }

  func text(_ token: Int) -> String { text(tokens[token].span) }

  /// Where the value of an argument stands; the place before its comma or parenthesis where it is
  /// empty.
  func span(_ tokens: Range<Int>) -> SourceSpan {
    guard let last = tokens.last else {
      let place =
        tokens.lowerBound < self.tokens.count
        ? self.tokens[tokens.lowerBound].span.start : bytes.count
      return SourceSpan(start: place, end: place)
    }
    return self.tokens[tokens.lowerBound].span.union(self.tokens[last].span)
  }

  /// From the operator's name to the closing parenthesis.
  func span(_ call: Call) -> SourceSpan {
    let end = call.close.map { tokens[$0].span.end } ?? bytes.count
    return SourceSpan(start: tokens[call.name].span.start, end: end)
  }

  /// The call that stands exactly at a span.
  func call(at span: SourceSpan) -> Call? { calls.first { self.span($0) == span } }

  // MARK: - Names

  /// The names of the calls, each once, in the order of the text.
  var calledNames: [String] {
    var seen: Set<String> = []
    return calls.map { text($0.name) }.filter { seen.insert($0).inserted }
  }

  /// The names that stand for values, each once, in the order of the text: neither calls nor names of
  /// arguments nor names that the formula itself assigns.
  var valueNames: [String] {
    let argumentNames = Set(calls.flatMap { $0.arguments.compactMap(\.name) })
    let callNames = Set(calls.map(\.name))
    var seen = assignedNames
    return tokens.indices.filter {
      tokens[$0].kind == .name && !argumentNames.contains($0) && !callNames.contains($0)
    }.map { text($0) }.filter { seen.insert($0).inserted }
  }

  /// The names of statements `name = ...`.
  var assignedNames: Set<String> {
    Set(
      tokens.indices.filter { index in
        tokens[index].kind == .name && (index == 0 || tokens[index - 1].kind == .semicolon)
          && index + 1 < tokens.count && isAssignment(index + 1)
      }.map { text($0) })
  }

  /// Whether a token is a single `=`.
  func isAssignment(_ token: Int) -> Bool {
    tokens[token].kind == .symbol && text(token) == "="
  }

  // MARK: - Tokens

  private mutating func readTokens() {
    var place = 0
    func peek(_ offset: Int) -> UInt8? {
      place + offset < bytes.count ? bytes[place + offset] : nil
    }
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { (48...57).contains($0) } ?? false }
    func isLetter(_ byte: UInt8?) -> Bool {
      byte.map { (65...90).contains($0) || (97...122).contains($0) || $0 == 95 } ?? false
    }
    func length(while condition: (UInt8?) -> Bool) -> Int {
      var length = 0
      while peek(length) != nil, condition(peek(length)) { length += 1 }
      return length
    }
    while let byte = peek(0) {
      var kind = Token.Kind.symbol
      var size = 1
      switch byte {
      case 0...0x20:
        place += 1
        continue
      case UInt8(ascii: "#"):
        place += length { $0 != 0x0A }
        continue
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
        place += length { $0 != 0x0A }
        continue
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        place += 2
        while let next = peek(0), next != UInt8(ascii: "*") || peek(1) != UInt8(ascii: "/") {
          place += 1
        }
        place = min(place + 2, bytes.count)
        continue
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        kind = .text
        while let next = peek(size), next != byte, next != 0x0A { size += 1 }
        size = peek(size) == byte ? size + 1 : size
      case UInt8(ascii: "("): kind = .open
      case UInt8(ascii: ")"): kind = .close
      case UInt8(ascii: ","): kind = .comma
      case UInt8(ascii: ";"): kind = .semicolon
      case _ where isLetter(byte):
        kind = .name
        size = length { isLetter($0) || isDigit($0) }
      case _ where isDigit(byte) || (byte == UInt8(ascii: ".") && isDigit(peek(1))):
        kind = .number
        while let next = peek(size) {
          let isSign = next == UInt8(ascii: "+") || next == UInt8(ascii: "-")
          let isExponent =
            (peek(size - 1) ?? 0) | 32 == UInt8(ascii: "e") && isDigit(peek(size + 1))
          guard isDigit(next) || isLetter(next) || next == UInt8(ascii: ".") || isSign && isExponent
          else { break }
          size += 1
        }
      case _ where "+-*/^=!<>&|?:".utf8.contains(byte):
        let pair = [byte, peek(1) ?? 0]
        let pairs = ["==", "!=", "<=", ">=", "&&", "||"]
        if pairs.contains(where: { Array($0.utf8) == pair }) { size = 2 }
      default:
        kind = .foreign
        size = max(1, length { ($0 ?? 0) >= 0x80 })
      }
      tokens.append(Token(kind: kind, span: SourceSpan(start: place, end: place + size)))
      place += size
    }
  }

  // MARK: - Calls

  /// A parenthesis that is open; of a call where it follows a name.
  private struct Open {
    var call: Int?
    /// The token at which the argument being read begins.
    var argumentStart: Int
  }

  private mutating func readCalls() {
    var open: [Open] = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .open:
        guard index > 0, tokens[index - 1].kind == .name else {
          open.append(Open(call: nil, argumentStart: index + 1))
          continue
        }
        open.append(Open(call: calls.count, argumentStart: index + 1))
        calls.append(Call(name: index - 1, open: index, close: nil, arguments: []))
      case .close:
        guard let last = open.popLast() else { continue }
        endArgument(last, at: index)
        if let call = last.call { calls[call].close = index }
      case .comma:
        guard let last = open.last else { continue }
        endArgument(last, at: index)
        open[open.count - 1].argumentStart = index + 1
      case .semicolon:
        while let last = open.popLast() { endArgument(last, at: index) }
      default: break
      }
    }
    while let last = open.popLast() { endArgument(last, at: tokens.count) }
  }

  private mutating func endArgument(_ open: Open, at end: Int) {
    guard let call = open.call else { return }
    let start = open.argumentStart
    let isClosing = end < tokens.count && tokens[end].kind == .close
    // `f()` has no argument; `f(a,)` has two, the second left out.
    if start == end, calls[call].arguments.isEmpty, isClosing { return }
    if end - start >= 2, tokens[start].kind == .name, isAssignment(start + 1) {
      calls[call].arguments.append(Argument(name: start, value: (start + 2)..<end))
    } else {
      calls[call].arguments.append(Argument(name: nil, value: start..<end))
    }
  }
}
