import Essentials

/// A word of a formula: what it is and where it stands.
struct Token: Hashable, Sendable {
  enum Kind: UInt8, Hashable, Sendable {
    case name, number, text
    case leftParenthesis, rightParenthesis, comma, semicolon, question, colon, assign
    case plus, minus, star, slash, caret, not, and, or
    case less, lessEqual, greater, greaterEqual, equal, notEqual
    /// Bytes that were reported; the statement around them is not understood further.
    case invalid
  }

  var kind: Kind
  var start: Int
  var end: Int

  var span: SourceSpan { SourceSpan(start: start, end: end) }
}
