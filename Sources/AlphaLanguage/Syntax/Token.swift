package import Essentials

/// A word of a formula: what it is and where it stands.
package struct Token: Hashable, Sendable {
  package enum Kind: UInt8, Hashable, Sendable {
    case name, number, text
    case leftParenthesis, rightParenthesis, comma, semicolon, question, colon, assign
    case plus, minus, star, slash, caret, not, and, or
    case less, lessEqual, greater, greaterEqual, equal, notEqual
    /// Bytes that were reported; the statement around them is not understood further.
    case invalid
  }

  package var kind: Kind
  package var start: Int
  package var end: Int

  package var span: SourceSpan { SourceSpan(start: start, end: end) }
}
