import Essentials

/// A word of an expression: what it is and which bytes of the text it takes.
struct PolicyToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case number(Double)
    case duration(TimeSpan)
    /// A name, with the window after `@` where there is one: `sharpe@mid`, `and`, `rank`.
    case word
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, comma, percent
    case operation(PolicyOperator)
    case not
    /// A single `=`.
    case assignment
    case end
  }

  var kind: Kind
  var range: Range<Int>
}

/// What is wrong with an expression, and which bytes of its text.
struct PolicyMistake: Error, Hashable, Sendable {
  var code: String
  var message: String
  var range: Range<Int>
  var remedy: String?

  init(_ code: String, _ message: String, at range: Range<Int>, remedy: String? = nil) {
    self.code = code
    self.message = message
    self.range = range
    self.remedy = remedy
  }
}
