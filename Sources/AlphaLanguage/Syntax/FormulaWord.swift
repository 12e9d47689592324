package import Essentials
import Markets

/// A word of a formula as an editor colors it: what it is and where it stands.
package struct FormulaWord: Hashable, Sendable {
  /// What a word is.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The name of an operator of the catalogue before its parenthesis, or a sign that calculates or
    /// compares.
    case `operator`
    /// The name of a field of the panel.
    case field
    case number
    /// A text in quotes.
    case string
    /// Any other name: of an option, of an assigned value, or one that nobody knows.
    case name
    case punctuation
    case comment
    /// `true`, `false` and `nan`.
    case keyword
    /// Characters that cannot stand in a formula, or a text or comment that is not closed.
    case error
  }

  package let kind: Kind
  /// In bytes of UTF-8.
  package let span: SourceSpan
}

extension FormulaChecker {
  /// Takes a text apart into its words, in order and without overlaps; white space is none. Whatever
  /// the text holds, it is taken apart. Nothing of a text longer than `FormulaLimits.sourceBytes`.
  /// Cost: one pass.
  package func words(of source: String) -> [FormulaWord] {
    let bytes = Array(source.utf8)
    guard bytes.count <= FormulaLimits.sourceBytes else { return [] }
    var findings = Findings()
    let tokens = Lexer.tokens(of: bytes, reporting: &findings)
    var words: [FormulaWord] = []
    var end = 0
    for (index, token) in tokens.enumerated() {
      words += Self.comments(bytes, in: end..<token.start)
      end = token.end
      let next = index + 1 < tokens.count ? tokens[index + 1].kind : nil
      words.append(FormulaWord(kind: kind(of: token, before: next, bytes), span: token.span))
    }
    return words + Self.comments(bytes, in: end..<bytes.count)
  }

  private func kind(
    of token: Token, before next: Token.Kind?, _ bytes: [UInt8]
  ) -> FormulaWord.Kind {
    switch token.kind {
    case .number: return .number
    case .text: return .string
    case .invalid: return .error
    case .leftParenthesis, .rightParenthesis, .comma, .semicolon, .question, .colon, .assign:
      return .punctuation
    case .name:
      let name = String(decoding: bytes[token.start..<token.end], as: UTF8.self)
      if next == .leftParenthesis {
        return catalog.entry(named: name) == nil ? .name : .operator
      }
      if next == .assign { return .name }
      if ["true", "false", "nan"].contains(name.lowercased()) { return .keyword }
      return schema.fields[name] == nil ? .name : .field
    default: return .operator
    }
  }

  /// The comments between two tokens, where otherwise only white space is.
  private static func comments(_ bytes: [UInt8], in gap: Range<Int>) -> [FormulaWord] {
    var comments: [FormulaWord] = []
    var place = gap.lowerBound
    while place < gap.upperBound {
      let start = place
      switch bytes[place] {
      case UInt8(ascii: "#"):
        place = bytes[place..<gap.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? gap.upperBound
      case UInt8(ascii: "/") where bytes[place + 1] == UInt8(ascii: "/"):
        place = bytes[place..<gap.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? gap.upperBound
      case UInt8(ascii: "/"):
        place += 2
        while bytes[place] != UInt8(ascii: "*") || bytes[place + 1] != UInt8(ascii: "/") {
          place += 1
        }
        place += 2
      default:
        place += 1
        continue
      }
      comments.append(
        FormulaWord(kind: .comment, span: SourceSpan(start: start, end: place)))
    }
    return comments
  }
}
