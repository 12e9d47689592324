import Essentials

/// A formula as written: statements over a flat list of nodes in which every node stands after its
/// children, so that whoever reads the tree needs a loop and no recursion.
struct SyntaxTree {
  struct Node {
    var kind: Kind
    var span: SourceSpan
  }

  enum Kind {
    case number(Double)
    /// A text with its quotes.
    case text
    case name
    /// `arguments` are positions in the tree's `arguments`.
    case call(name: SourceSpan, arguments: Range<Int>)
    /// An operator between, before or among values; `arguments` as in a call, none named.
    case operation(Symbol, arguments: Range<Int>)
    /// An argument that was left out, which has been reported.
    case hole
  }

  struct Argument {
    var name: SourceSpan?
    var value: Int
    /// Where the value stands, with the parentheses around it.
    var span: SourceSpan
  }

  /// The symbols of the language. The raw value is the operator that each is short for.
  enum Symbol: String, CaseIterable {
    case plus = "add"
    case minus = "subtract"
    case star = "multiply"
    case slash = "divide"
    case caret = "power"
    case negation = "reverse"
    case not
    case and
    case or
    case less
    case lessEqual = "less_equal"
    case greater
    case greaterEqual = "greater_equal"
    case equal
    case notEqual = "not_equal"
    case choice = "if_else"
  }

  /// `name = value;` or a value alone.
  struct Statement {
    var name: SourceSpan?
    /// The nodes of the statement.
    var nodes: Range<Int>
    /// The node of the value, or nil where the statement was not understood.
    var value: Int?
    var span: SourceSpan
  }

  var bytes: [UInt8]
  var nodes: [Node] = []
  var arguments: [Argument] = []
  var statements: [Statement] = []

  func text(_ span: SourceSpan) -> String {
    String(decoding: bytes[span.start..<span.end], as: UTF8.self)
  }
}
