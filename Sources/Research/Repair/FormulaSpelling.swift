import Essentials

/// Brings a formula from the spelling of other languages and of typesetting into that of FASTEXPR:
/// `**`, `and`, `<>`, typographic minus signs and quotes, `20d`.
///
/// Each rule applies only where the text would otherwise be no formula, so nothing that is written
/// correctly changes.
struct FormulaSpelling {
  private static let cost = 0.05

  private let outline: FormulaOutline
  private var proposals: [EditProposal] = []

  /// Returns one proposal for each deviation, to be made together.
  static func proposals(for outline: FormulaOutline) -> [EditProposal] {
    var spelling = FormulaSpelling(outline: outline)
    for index in outline.tokens.indices { spelling.read(index) }
    return spelling.proposals
  }

  private init(outline: FormulaOutline) { self.outline = outline }

  private mutating func propose(_ patch: TextPatch, _ reason: String) {
    proposals.append(
      EditProposal(patches: [patch], key: "spelling", reason: reason, cost: Self.cost))
  }

  private mutating func read(_ index: Int) {
    let token = outline.tokens[index]
    switch token.kind {
    case .foreign: readForeign(token)
    case .symbol: readSymbol(index, token)
    case .name: readWord(index, token)
    case .number:
      readNumber(token)
      separateStatement(index, token)
    default: break
    }
  }

  // MARK: - Characters

  private static let characters: [Unicode.Scalar: String] = [
    "\u{2212}": "-", "\u{2010}": "-", "\u{2011}": "-", "\u{2012}": "-", "\u{2013}": "-",
    "\u{2014}": "-", "\u{FF0D}": "-", "\u{00D7}": "*", "\u{00B7}": "*", "\u{2219}": "*",
    "\u{22C5}": "*", "\u{2217}": "*", "\u{00F7}": "/", "\u{2215}": "/", "\u{2264}": "<=",
    "\u{2265}": ">=", "\u{2260}": "!=", "\u{2227}": "&&", "\u{2228}": "||", "\u{00AC}": "!",
    "\u{201C}": "\"", "\u{201D}": "\"", "\u{201E}": "\"", "\u{2018}": "'", "\u{2019}": "'",
    "\u{FF08}": "(", "\u{FF09}": ")", "\u{FF0C}": ",", "\u{FF1B}": ";", "\u{FF0B}": "+",
    "\u{FF1D}": "=", "\u{FF1E}": ">", "\u{FF1C}": "<", "\u{00B2}": "^2", "\u{00B3}": "^3",
    "\u{00A0}": " ", "\u{2009}": " ", "\u{202F}": " ", "\u{3000}": " ", "\u{200B}": "",
    "\u{200C}": "", "\u{200D}": "", "\u{FEFF}": "", "`": "", "$": "", "@": "",
  ]

  private mutating func readForeign(_ token: FormulaOutline.Token) {
    let text = outline.text(token.span)
    var isKnown = false
    let spelled = text.unicodeScalars.map { scalar in
      guard let known = Self.characters[scalar] else { return String(scalar) }
      isKnown = true
      return known
    }.joined()
    if isKnown {
      propose(
        .replace(token.span, by: spelled), "Characters of typesetting have an ASCII spelling.")
    }
  }

  // MARK: - Symbols

  /// Pairs of symbols that stand for one, where nothing lies between them.
  private static let pairs: [String: String] = [
    "* *": "^", "< >": "!=", "= >": ">=", "= <": "<=", "== =": "==", ": =": "=", "= ==": "==",
    "! ==": "!=", "!= =": "!=",
  ]

  private mutating func readSymbol(_ index: Int, _ token: FormulaOutline.Token) {
    let text = outline.text(token.span)
    if index + 1 < outline.tokens.count {
      let next = outline.tokens[index + 1]
      if next.kind == .symbol, next.span.start == token.span.end,
        let symbol = Self.pairs["\(text) \(outline.text(next.span))"]
      {
        return propose(
          .replace(token.span.union(next.span), by: symbol), "FASTEXPR writes \(symbol).")
      }
    }
    if index > 0, outline.tokens[index - 1].kind == .symbol,
      outline.tokens[index - 1].span.end == token.span.start,
      Self.pairs["\(outline.text(index - 1)) \(text)"] != nil
    {
      return
    }
    switch text {
    case "&": propose(.replace(token.span, by: "&&"), "FASTEXPR writes && for a logical and.")
    case "|": propose(.replace(token.span, by: "||"), "FASTEXPR writes || for a logical or.")
    default: break
    }
  }

  // MARK: - Words

  private mutating func readWord(_ index: Int, _ token: FormulaOutline.Token) {
    let word = outline.text(token.span).lowercased()
    let next = index + 1 < outline.tokens.count ? outline.tokens[index + 1] : nil
    switch word {
    case "and" where endsValue(index - 1):
      propose(.replace(token.span, by: "&&"), "FASTEXPR writes && for a logical and.")
    case "or" where endsValue(index - 1):
      propose(.replace(token.span, by: "||"), "FASTEXPR writes || for a logical or.")
    case "not" where next?.kind == .name || next?.kind == .number:
      let span = SourceSpan(start: token.span.start, end: next?.span.start ?? token.span.end)
      propose(.replace(span, by: "!"), "FASTEXPR writes ! for a logical not.")
    case "return"
    where beginsStatement(index) && next != nil && next?.kind != .semicolon
      && !(next?.kind == .symbol):
      propose(.remove(token.span), "The last statement is the result without a word before it.")
    default: separateStatement(index, token)
    }
  }

  /// Ends a statement where the next one begins on a line of its own.
  private mutating func separateStatement(_ index: Int, _ token: FormulaOutline.Token) {
    guard index > 0, endsValue(index - 1), startsLine(index), depth(before: index) == 0,
      !["and", "or"].contains(outline.text(token.span).lowercased())
    else { return }
    propose(
      .insert(";", at: outline.tokens[index - 1].span.end), "Statements are separated by ;.")
  }

  private mutating func readNumber(_ token: FormulaOutline.Token) {
    let text = outline.text(token.span)
    let plain = text.replacing("_", with: "")
    for suffix in ["days", "day", "D", "d", ""] where plain.hasSuffix(suffix) {
      let digits = String(plain.dropLast(suffix.count))
      if digits != text, Double(digits) != nil, digits.utf8.allSatisfy({ $0 < 58 }) {
        propose(.replace(token.span, by: digits), "Numbers stand without units.")
      }
      return
    }
  }

  // MARK: - Places

  private func endsValue(_ index: Int) -> Bool {
    guard index >= 0 else { return false }
    return switch outline.tokens[index].kind {
    case .number, .close, .text: true
    case .name: !["and", "or", "not", "return"].contains(outline.text(index).lowercased())
    default: false
    }
  }

  private func beginsStatement(_ index: Int) -> Bool {
    index == 0 || outline.tokens[index - 1].kind == .semicolon || startsLine(index)
  }

  private func startsLine(_ index: Int) -> Bool {
    guard index > 0 else { return true }
    let between = outline.tokens[index - 1].span.end..<outline.tokens[index].span.start
    return outline.bytes[between].contains(0x0A)
  }

  /// Parentheses that are open before a token, in its statement.
  private func depth(before index: Int) -> Int {
    var depth = 0
    for token in outline.tokens[..<index] {
      switch token.kind {
      case .open: depth += 1
      case .close: depth -= 1
      case .semicolon: depth = 0
      default: break
      }
    }
    return depth
  }
}
