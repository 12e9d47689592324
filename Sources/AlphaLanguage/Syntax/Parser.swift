import Essentials

/// Reads tokens into a syntax tree by operator precedence, with a stack of its own in place of
/// recursion, so that the depth of a formula is not the depth of the machine's stack.
///
/// From loosest to tightest: `c ? a : b` (from the right), `||`, `&&`, `== !=`, `< <= > >=`,
/// `+ -`, `* /`, prefix `- + !`, `^` (from the right). So `-x ^ 2` is `-(x ^ 2)`, `2 ^ -x` is
/// allowed and `!a > b` is `(!a) > b`. A comparison of a comparison needs parentheses.
///
/// A statement that is not understood is reported and left out; reading goes on after its `;`.
struct Parser {
  private let tokens: [Token]
  private var tree: SyntaxTree
  private var findings: Findings

  // The state of the statement being read.
  private var operands: [Operand] = []
  private var pending: [Pending] = []
  private var openArguments: [SyntaxTree.Argument] = []

  static func parse(
    _ bytes: [UInt8], reporting findings: inout Findings
  ) -> SyntaxTree {
    let tokens = Lexer.tokens(of: bytes, reporting: &findings)
    var parser = Parser(tokens, bytes, findings)
    parser.readAll()
    findings = parser.findings
    return parser.tree
  }

  private init(_ tokens: [Token], _ bytes: [UInt8], _ findings: Findings) {
    self.tokens = tokens
    self.findings = findings
    tree = SyntaxTree(bytes: bytes)
    tree.nodes.reserveCapacity(min(tokens.count, FormulaLimits.nodes))
  }

  /// A value that has been read, with the parentheses around it.
  private struct Operand {
    var node: Int
    var span: SourceSpan
    var isParenthesized: Bool
  }

  /// Something that was begun and waits for values to its right.
  private struct Pending {
    enum Kind {
      case prefix, infix, question, colon, parenthesis, call, named
    }
    var kind: Kind
    var symbol = SyntaxTree.Symbol.plus
    var precedence = 0
    var token: Token
    /// For a call: where its arguments begin in `openArguments`.
    var firstArgument = 0
  }

  // MARK: - Statements

  private mutating func readAll() {
    var start = 0
    while start < tokens.count {
      var end = start
      while end < tokens.count, tokens[end].kind != .semicolon { end += 1 }
      if end > start {
        readStatement(start..<end)
        guard tree.nodes.count <= FormulaLimits.nodes else {
          findings.report(
            "formula_too_large",
            "The formula has more than \(FormulaLimits.nodes) names, numbers and operators.",
            at: tokens[start].span, remedy: "Shorten it, or split it into several formulas.")
          tree.statements.removeAll()
          return
        }
      }
      start = end + 1
    }
    if tree.statements.isEmpty, findings.errorCount == 0 {
      findings.report(
        "empty_expression", "The formula is empty.",
        at: SourceSpan(start: 0, end: tree.bytes.count),
        remedy: "Write an expression such as rank(ts_delta(close, 5)).")
    }
  }

  private mutating func readStatement(_ range: Range<Int>) {
    let span = tokens[range.lowerBound].span.union(tokens[range.upperBound - 1].span)
    let firstNode = tree.nodes.count
    var body = range
    var name: SourceSpan?
    if range.count >= 2, tokens[range.lowerBound].kind == .name,
      tokens[range.lowerBound + 1].kind == .assign
    {
      name = tokens[range.lowerBound].span
      body = (range.lowerBound + 2)..<range.upperBound
    }
    let isSound = !tokens[range].contains { $0.kind == .invalid } && isBalanced(range)
    let value = isSound ? readExpression(body, after: range.lowerBound) : nil
    tree.statements.append(
      SyntaxTree.Statement(
        name: name, nodes: firstNode..<tree.nodes.count, value: value, span: span))
  }

  /// Returns whether the parentheses of a statement match and do not nest too deeply, and reports
  /// where they do not.
  private mutating func isBalanced(_ range: Range<Int>) -> Bool {
    var open: [Int] = []
    for index in range {
      switch tokens[index].kind {
      case .leftParenthesis:
        open.append(index)
        if open.count > FormulaLimits.nesting {
          findings.report(
            "nesting_too_deep",
            "The formula nests more than \(FormulaLimits.nesting) parentheses.",
            at: tokens[index].span, remedy: "Give inner parts a name with name = ...;")
          return false
        }
      case .rightParenthesis:
        guard open.popLast() != nil else {
          findings.report(
            "unbalanced_parentheses", "This `)` closes nothing.", at: tokens[index].span,
            remedy: "Remove it, or add the `(` that it should close.")
          return false
        }
      default: break
      }
    }
    guard let first = open.first else { return true }
    findings.report(
      "unbalanced_parentheses",
      open.count == 1
        ? "This `(` is not closed." : "This `(` and \(open.count - 1) more are not closed.",
      at: tokens[first].span,
      remedy: "Add \(open.count == 1 ? "a `)`" : "`\(String(repeating: ")", count: open.count))`")."
    )
    return false
  }

  // MARK: - Expressions

  /// Reads the tokens of a value; `after` is the token to point at where there are none.
  private mutating func readExpression(_ range: Range<Int>, after start: Int) -> Int? {
    operands.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    openArguments.removeAll(keepingCapacity: true)
    var index = range.lowerBound
    var expectsValue = true
    while index < range.upperBound {
      guard tree.nodes.count <= FormulaLimits.nodes else { return nil }
      let token = tokens[index]
      if expectsValue {
        guard let step = beginValue(token, index, range.upperBound, &expectsValue) else {
          return nil
        }
        index += step
      } else {
        guard continueAfterValue(token, &expectsValue) else { return nil }
        index += 1
      }
    }
    guard !expectsValue else {
      let last = tokens[max(start, range.upperBound - 1)]
      findings.report(
        "missing_operand", "A value is missing after `\(tree.text(last.span))`.", at: last.span,
        remedy: "Write a field, a number or a call after it.")
      return nil
    }
    guard closeValues(), let result = operands.last else { return nil }
    return result.node
  }

  /// Takes a token where a value should begin. Returns how many tokens it took, nil after an error.
  private mutating func beginValue(
    _ token: Token, _ index: Int, _ end: Int, _ expectsValue: inout Bool
  ) -> Int? {
    switch token.kind {
    case .number:
      guard let value = number(token) else { return nil }
      push(.number(value), token.span)
      expectsValue = false
      return 1
    case .text:
      push(.text, token.span)
      expectsValue = false
      return 1
    case .name:
      let next = index + 1 < end ? tokens[index + 1].kind : .semicolon
      if next == .leftParenthesis {
        pending.append(
          Pending(kind: .call, token: token, firstArgument: openArguments.count))
        return 2
      }
      if next == .assign, pending.last?.kind == .call {
        pending.append(Pending(kind: .named, token: token))
        return 2
      }
      push(.name, token.span)
      expectsValue = false
      return 1
    case .leftParenthesis:
      pending.append(Pending(kind: .parenthesis, token: token))
      return 1
    case .minus:
      pending.append(
        Pending(
          kind: .prefix, symbol: .negation, precedence: Precedence.prefix, token: token))
      return 1
    case .not:
      pending.append(
        Pending(kind: .prefix, symbol: .not, precedence: Precedence.prefix, token: token))
      return 1
    case .plus:
      return 1
    case .comma where pending.last?.kind == .call:
      leaveHole(before: token)
      return 1
    case .rightParenthesis where pending.last?.kind == .call:
      if let call = pending.last, openArguments.count > call.firstArgument {
        leaveHole(before: token)
      }
      closeCall(at: token)
      expectsValue = false
      return 1
    default:
      findings.report(
        "missing_operand", "A value is missing before `\(tree.text(token.span))`.", at: token.span,
        remedy: "Write a field, a number or a call there.")
      return nil
    }
  }

  /// Takes a token after a value. Returns false after an error.
  private mutating func continueAfterValue(_ token: Token, _ expectsValue: inout Bool) -> Bool {
    if let (symbol, precedence) = infix(token.kind) {
      let leansRight = symbol == .caret
      while let top = pending.last, top.kind == .prefix || top.kind == .infix,
        top.precedence > precedence || (top.precedence == precedence && !leansRight)
      {
        guard reduce() else { return false }
      }
      pending.append(
        Pending(kind: .infix, symbol: symbol, precedence: precedence, token: token))
      expectsValue = true
      return true
    }
    switch token.kind {
    case .question:
      while let top = pending.last, top.kind == .prefix || top.kind == .infix {
        guard reduce() else { return false }
      }
      pending.append(Pending(kind: .question, precedence: Precedence.choice, token: token))
      expectsValue = true
      return true
    case .colon:
      while let top = pending.last, [.prefix, .infix, .colon].contains(top.kind) {
        guard reduce() else { return false }
      }
      guard let top = pending.last, top.kind == .question else {
        return refuse(token, "This `:` belongs to no `?`.", "Write condition ? value : value.")
      }
      pending[pending.count - 1].kind = .colon
      expectsValue = true
      return true
    case .comma:
      guard closeValues() else { return false }
      guard let top = pending.last, top.kind == .call || top.kind == .named else {
        return refuse(
          token, "A `,` can stand only between the arguments of a call.",
          "Remove it, or name the operator before the parenthesis.")
      }
      closeArgument()
      expectsValue = true
      return true
    case .rightParenthesis:
      guard closeValues(), let top = pending.last else { return false }
      if top.kind == .parenthesis {
        pending.removeLast()
        operands[operands.count - 1].span = top.token.span.union(token.span)
        operands[operands.count - 1].isParenthesized = true
      } else {
        closeArgument()
        closeCall(at: token)
      }
      return true
    case .assign:
      return refuse(
        token, "A single `=` can stand only after a name at the start of a statement or argument.",
        "Write == to compare.")
    default:
      let text = tree.text(token.span)
      findings.report(
        "missing_operator", "An operator is missing before `\(text)`.", at: token.span,
        remedy: "Join the two values with an operator such as + or *, or end a statement with ;.")
      return false
    }
  }

  // MARK: - Reductions

  /// Finishes every operator that waits for the value before it; the parenthesis, call or named
  /// argument around it stays. Returns false after an error.
  private mutating func closeValues() -> Bool {
    while let top = pending.last {
      switch top.kind {
      case .prefix, .infix, .colon:
        guard reduce() else { return false }
      case .question:
        return refuse(
          top.token, "This `?` has no `:`.", "Write condition ? value : value.")
      case .parenthesis, .call, .named: return true
      }
    }
    return true
  }

  /// Finishes the last operator begun.
  private mutating func reduce() -> Bool {
    let top = pending.removeLast()
    let count = top.kind == .prefix ? 1 : top.kind == .infix ? 2 : 3
    let parts = operands.suffix(count)
    guard let first = parts.first, let last = parts.last else { return false }
    if top.precedence == Precedence.comparison, isBareComparison(first) {
      return refuse(
        top.token, "Comparisons cannot be chained.",
        "Write a < b && b < c, or put the first comparison in parentheses.")
    }
    let span = (top.kind == .prefix ? top.token.span : first.span).union(last.span)
    let begin = tree.arguments.count
    for part in parts {
      tree.arguments.append(SyntaxTree.Argument(name: nil, value: part.node, span: part.span))
    }
    operands.removeLast(count)
    let symbol = top.kind == .colon ? .choice : top.symbol
    push(.operation(symbol, arguments: begin..<tree.arguments.count), span)
    return true
  }

  private func isBareComparison(_ operand: Operand) -> Bool {
    guard !operand.isParenthesized, case .operation(let symbol, _) = tree.nodes[operand.node].kind
    else { return false }
    return switch symbol {
    case .less, .lessEqual, .greater, .greaterEqual: true
    default: false
    }
  }

  private mutating func closeArgument() {
    guard let operand = operands.popLast() else { return }
    var name: SourceSpan?
    if let top = pending.last, top.kind == .named {
      name = top.token.span
      pending.removeLast()
    }
    openArguments.append(
      SyntaxTree.Argument(name: name, value: operand.node, span: operand.span))
  }

  private mutating func closeCall(at parenthesis: Token) {
    let call = pending.removeLast()
    let begin = tree.arguments.count
    tree.arguments.append(contentsOf: openArguments[call.firstArgument...])
    openArguments.removeLast(openArguments.count - call.firstArgument)
    push(
      .call(name: call.token.span, arguments: begin..<tree.arguments.count),
      call.token.span.union(parenthesis.span))
  }

  private mutating func leaveHole(before token: Token) {
    guard let call = pending.last else { return }
    findings.report(
      "operator_empty_argument",
      "Operator \(tree.text(call.token.span)) has an empty argument.", at: token.span,
      remedy: "Write an argument before it, or remove the comma.")
    push(.hole, token.span)
    closeArgument()
  }

  private mutating func push(_ kind: SyntaxTree.Kind, _ span: SourceSpan) {
    operands.append(Operand(node: tree.nodes.count, span: span, isParenthesized: false))
    tree.nodes.append(SyntaxTree.Node(kind: kind, span: span))
  }

  private mutating func refuse(_ token: Token, _ message: String, _ remedy: String) -> Bool {
    findings.report("unexpected_token", message, at: token.span, remedy: remedy)
    return false
  }

  /// Returns the number of a token, nil after an error.
  private mutating func number(_ token: Token) -> Double? {
    // Up to 15 digits are exact in a double, and so is their quotient by a power of ten up to 10^22
    // rounded once (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
    if token.end - token.start <= 16 {
      var mantissa = 0.0
      var scale = 1.0
      var afterPoint = false
      var isPlain = true
      for byte in tree.bytes[token.start..<token.end] {
        if byte == UInt8(ascii: ".") {
          afterPoint = true
        } else if byte >= 48, byte <= 57, mantissa < 1e14 {
          mantissa = mantissa * 10 + Double(byte - 48)
          if afterPoint { scale *= 10 }
        } else {
          isPlain = false
          break
        }
      }
      if isPlain { return mantissa / scale }
    }
    let text = tree.text(token.span)
    if let value = Double(text), value.isFinite { return value }
    findings.report(
      "invalid_number", "`\(text.prefix(40))` is too large for a number.", at: token.span,
      remedy: "Numbers reach from -1.7e308 to 1.7e308.")
    return nil
  }

  // MARK: - Precedence

  private enum Precedence {
    static let choice = 1
    static let or = 2
    static let and = 3
    static let equality = 4
    static let comparison = 5
    static let sum = 6
    static let product = 7
    static let prefix = 8
    static let power = 9
  }

  private func infix(_ kind: Token.Kind) -> (SyntaxTree.Symbol, Int)? {
    switch kind {
    case .plus: (.plus, Precedence.sum)
    case .minus: (.minus, Precedence.sum)
    case .star: (.star, Precedence.product)
    case .slash: (.slash, Precedence.product)
    case .caret: (.caret, Precedence.power)
    case .and: (.and, Precedence.and)
    case .or: (.or, Precedence.or)
    case .less: (.less, Precedence.comparison)
    case .lessEqual: (.lessEqual, Precedence.comparison)
    case .greater: (.greater, Precedence.comparison)
    case .greaterEqual: (.greaterEqual, Precedence.comparison)
    case .equal: (.equal, Precedence.equality)
    case .notEqual: (.notEqual, Precedence.equality)
    default: nil
    }
  }
}
