import Essentials

/// Reads one expression and gives every part its type.
///
/// ```
/// or    = and { ("or"|"||") and }            and = not { ("and"|"&&") not }
/// not   = ("not"|"!") not | compare
/// compare = sum [ ("<"|"<="|">"|">="|"=="|"!=") sum | "in" "[" sum "," sum "]" ]
/// sum   = product { ("+"|"-") product }      product = unary { ("*"|"/") unary }
/// unary = ("-"|"+") unary | power            power = atom [ "^" unary ]
/// atom  = number [ "%" ] | duration | metric | function "(" or { "," or } ")"
///       | "true" | "false" | "(" or ")"
/// ```
///
/// A text that does not follow the grammar has one mistake; in one that does, every part of a wrong
/// type and every unknown name is a mistake of its own. Cost: linear in the text.
struct PolicyParser {
  /// Parentheses, calls, negations and exponents within each other.
  static let depthMax = 32
  static let nodesMax = 512
  static let bytesMax = 16_384

  /// A part with what is known of it; the type is nil where a mistake was found in it.
  private struct Typed {
    var expression: PolicyExpression
    var type: PolicyType?
    /// Whether it has whole values only, which may be compared by `==`.
    var isWhole = false
    var range: Range<Int>
  }

  private let bytes: [UInt8]
  private let tokens: [PolicyToken]
  private let catalog: MetricCatalog
  private var place = 0
  private var depth = 0
  private var nodes = 0
  private var mistakes: [PolicyMistake] = []

  /// Reads a text as an expression of a type; without an expression there is at least one mistake.
  static func parse(
    _ text: String, as type: PolicyType, catalog: MetricCatalog
  ) -> (expression: PolicyExpression?, mistakes: [PolicyMistake]) {
    do throws(PolicyMistake) {
      var parser = try PolicyParser(text, catalog)
      let typed = try parser.whole()
      if let found = typed.type, found != type {
        parser.mistakes.append(
          PolicyMistake(
            "wrong_type", "This is \(found.phrase), but \(type.phrase) is wanted.",
            at: typed.range,
            remedy: type == .bool
              ? "Compare it with something, such as `sharpe@mid >= 0.5`."
              : "Write an expression that has \(type.phrase) as its value."))
      }
      return (parser.mistakes.isEmpty ? typed.expression : nil, parser.mistakes)
    } catch {
      return (nil, [error])
    }
  }

  private init(_ text: String, _ catalog: MetricCatalog) throws(PolicyMistake) {
    bytes = Array(text.utf8)
    guard bytes.count <= Self.bytesMax else {
      throw PolicyMistake(
        "expression_too_long",
        "The expression has \(bytes.count) bytes, \(Self.bytesMax) are allowed.",
        at: 0..<bytes.count, remedy: "Divide it with and: and or: of the document.")
    }
    tokens = try PolicyLexer.tokens(of: bytes)
    self.catalog = catalog
  }

  // MARK: - Tokens

  private var token: PolicyToken { tokens[place] }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private var isKeyword: Bool { Self.keywords.contains(text(token.range)) }

  private func isWord(_ word: String) -> Bool {
    token.kind == .word && text(token.range) == word
  }

  private mutating func accept(_ kind: PolicyToken.Kind) -> Bool {
    guard token.kind == kind else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ kind: PolicyToken.Kind, _ shown: String) throws(PolicyMistake) {
    guard accept(kind) else { throw unexpected("`\(shown)` is expected") }
  }

  private mutating func accept(word: String, or kind: PolicyToken.Kind) -> Bool {
    guard isWord(word) || token.kind == kind else { return false }
    place += 1
    return true
  }

  private func unexpected(_ expectation: String) -> PolicyMistake {
    switch token.kind {
    case .assignment: assignment
    case .end:
      PolicyMistake(
        "unfinished_expression", "The expression ends where \(expectation).", at: token.range,
        remedy: "Finish it, or remove what is too much.")
    default:
      PolicyMistake(
        "unexpected_token", "`\(text(token.range))` stands where \(expectation).",
        at: token.range,
        remedy: Self.keywords.contains(text(token.range).lowercased()) && !isKeyword
          ? "Write `\(text(token.range).lowercased())`, in small letters."
          : "Finish what stands before it, or remove it.")
    }
  }

  private var assignment: PolicyMistake {
    PolicyMistake(
      "single_equals", "A single `=` compares nothing.", at: token.range, remedy: "Use == or >=.")
  }

  // MARK: - Grammar

  private mutating func whole() throws(PolicyMistake) -> Typed {
    if token.kind == .end {
      throw PolicyMistake(
        "empty_expression", "The expression is empty.", at: token.range,
        remedy: "Write an expression such as `sharpe@mid >= 0.5`.")
    }
    let typed = try or()
    guard token.kind == .end else { throw unexpected("the expression should end") }
    return typed
  }

  private mutating func or() throws(PolicyMistake) -> Typed {
    var left = try and()
    while accept(word: "or", or: .operation(.or)) {
      left = try logical(.or, left, try and())
    }
    return left
  }

  private mutating func and() throws(PolicyMistake) -> Typed {
    var left = try not()
    while accept(word: "and", or: .operation(.and)) {
      left = try logical(.and, left, try not())
    }
    return left
  }

  private mutating func not() throws(PolicyMistake) -> Typed {
    let start = token.range.lowerBound
    guard accept(word: "not", or: .not) else { return try compare() }
    try enter(at: start)
    let operand = try not()
    depth -= 1
    let type = demand(.bool, of: operand, for: "`not`")
    return try node(.not(operand.expression), type, from: start, to: operand.range.upperBound)
  }

  private mutating func compare() throws(PolicyMistake) -> Typed {
    let left = try sum()
    if isWord("in") {
      place += 1
      return try within(left)
    }
    guard case .operation(let operation) = token.kind, Self.comparisons.contains(operation) else {
      if token.kind == .assignment { throw assignment }
      return left
    }
    let range = token.range
    place += 1
    let right = try sum()
    if case .operation(let next) = token.kind, Self.comparisons.contains(next) {
      throw PolicyMistake(
        "chained_comparison", "Comparisons cannot be chained.",
        at: left.range.lowerBound..<token.range.upperBound,
        remedy: "Write `a < b and b < c`, or `b in [a, c]`.")
    }
    var type: PolicyType? = common([left, right], "`\(operation.rawValue)`").map { _ in .bool }
    if operation == .equal || operation == .unequal, type != nil, left.type == .number,
      !(left.isWhole && right.isWhole)
    {
      mistakes.append(
        PolicyMistake(
          "inexact_equality", "`\(operation.rawValue)` compares numbers that are not whole.",
          at: range, remedy: "Use >= or <=, or `in` with two bounds."))
      type = nil
    }
    return try node(
      .binary(operation, left.expression, right.expression), type, from: left.range.lowerBound,
      to: right.range.upperBound)
  }

  private mutating func within(_ value: Typed) throws(PolicyMistake) -> Typed {
    try expect(.leftBracket, "[")
    let low = try sum()
    try expect(.comma, ",")
    let high = try sum()
    let end = token.range.upperBound
    try expect(.rightBracket, "]")
    let type: PolicyType? = common([value, low, high], "`in`").map { _ in .bool }
    return try node(
      .within(value.expression, low.expression, high.expression), type,
      from: value.range.lowerBound, to: end)
  }

  private mutating func sum() throws(PolicyMistake) -> Typed {
    var left = try product()
    while case .operation(let operation) = token.kind, operation == .plus || operation == .minus {
      place += 1
      let right = try product()
      let type = common([left, right], "`\(operation.rawValue)`")
      left = try node(
        .binary(operation, left.expression, right.expression), type,
        isWhole: left.isWhole && right.isWhole, from: left.range.lowerBound,
        to: right.range.upperBound)
    }
    return left
  }

  private mutating func product() throws(PolicyMistake) -> Typed {
    var left = try unary()
    while case .operation(let operation) = token.kind, operation == .times || operation == .over {
      place += 1
      left = try numeric(operation, left, try unary())
    }
    return left
  }

  private mutating func unary() throws(PolicyMistake) -> Typed {
    let start = token.range.lowerBound
    let isNegative = token.kind == .operation(.minus)
    guard isNegative || token.kind == .operation(.plus) else { return try power() }
    place += 1
    try enter(at: start)
    let operand = try unary()
    depth -= 1
    let type = common([operand], isNegative ? "`-`" : "`+`")
    guard isNegative else {
      return Typed(
        expression: operand.expression, type: type, isWhole: operand.isWhole,
        range: start..<operand.range.upperBound)
    }
    return try node(
      .negative(operand.expression), type, isWhole: operand.isWhole, from: start,
      to: operand.range.upperBound)
  }

  private mutating func power() throws(PolicyMistake) -> Typed {
    let base = try atom()
    guard accept(.operation(.power)) else { return base }
    try enter(at: base.range.lowerBound)
    let exponent = try unary()
    depth -= 1
    return try numeric(.power, base, exponent)
  }

  private mutating func atom() throws(PolicyMistake) -> Typed {
    let start = token.range.lowerBound
    switch token.kind {
    case .number(var value):
      place += 1
      var end = tokens[place - 1].range.upperBound
      if token.kind == .percent {
        end = token.range.upperBound
        place += 1
        // Shifted as text, so that 33.3% is the double of 0.333.
        value = Double("\(text(tokens[place - 2].range))e-2") ?? value / 100
      }
      return try node(
        .number(value), .number, isWhole: value == value.rounded(), from: start, to: end)
    case .duration(let span):
      place += 1
      return try node(
        .duration(span), .duration, from: start, to: tokens[place - 1].range.upperBound)
    case .leftParenthesis:
      place += 1
      try enter(at: start)
      var inner = try or()
      depth -= 1
      inner.range = start..<token.range.upperBound
      try expect(.rightParenthesis, ")")
      return inner
    case .word: return try word()
    default: throw unexpected("a value is expected")
    }
  }

  private mutating func word() throws(PolicyMistake) -> Typed {
    let range = token.range
    let word = text(range)
    guard !isKeyword else { throw unexpected("a value is expected") }
    place += 1
    if word == "true" || word == "false" {
      return try node(.boolean(word == "true"), .bool, from: range.lowerBound, to: range.upperBound)
    }
    if token.kind == .leftParenthesis { return try call(word, at: range) }
    if PolicyFunction(rawValue: word) != nil {
      throw PolicyMistake(
        "missing_arguments", "The function `\(word)` has no arguments.", at: range,
        remedy: "Write \(word)(...).")
    }
    return try metric(word, at: range)
  }

  private mutating func metric(
    _ word: String, at range: Range<Int>
  ) throws(PolicyMistake) -> Typed {
    do throws(PolicyMistake) {
      let (name, meaning) = try catalog.metric(word, at: range)
      return try node(
        .metric(name), meaning.type, isWhole: meaning.unit == .count, from: range.lowerBound,
        to: range.upperBound)
    } catch {
      mistakes.append(error)
      return try node(.number(0), nil, from: range.lowerBound, to: range.upperBound)
    }
  }

  private mutating func call(
    _ word: String, at range: Range<Int>
  ) throws(PolicyMistake) -> Typed {
    guard let function = PolicyFunction(rawValue: word) else {
      let names = PolicyFunction.allCases.map(\.rawValue)
      throw PolicyMistake(
        "unknown_function", "`\(word)` is no function.", at: range,
        remedy: nearestName(to: word, among: names).map { "Did you mean \($0)(...)?" }
          ?? "There are \(names.joined(separator: ", ")).")
    }
    place += 1
    try enter(at: range.lowerBound)
    var arguments = [try or()]
    while accept(.comma) { arguments.append(try or()) }
    depth -= 1
    let end = token.range.upperBound
    try expect(.rightParenthesis, ")")
    let whole = range.lowerBound..<end
    let type = check(function, arguments, at: whole)
    return try node(
      .call(function, arguments.map(\.expression)), type,
      isWhole: [.min, .max, .abs, .clip, .coalesce].contains(function)
        && arguments.allSatisfy(\.isWhole),
      from: range.lowerBound, to: end)
  }

  private static let comparisons: Set<PolicyOperator> = [
    .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal,
  ]
  private static let keywords: Set<String> = ["and", "or", "not", "in"]

  // MARK: - Nodes

  private mutating func enter(at start: Int) throws(PolicyMistake) {
    depth += 1
    guard depth <= Self.depthMax else {
      throw PolicyMistake(
        "nested_too_deep", "The expression is nested more than \(Self.depthMax) deep.",
        at: start..<token.range.upperBound, remedy: "Remove parentheses, or divide it.")
    }
  }

  private mutating func node(
    _ expression: PolicyExpression, _ type: PolicyType?, isWhole: Bool = false, from start: Int,
    to end: Int
  ) throws(PolicyMistake) -> Typed {
    nodes += 1
    guard nodes <= Self.nodesMax else {
      throw PolicyMistake(
        "expression_too_large", "The expression has more than \(Self.nodesMax) parts.",
        at: start..<end, remedy: "Divide it with and: and or: of the document.")
    }
    return Typed(expression: expression, type: type, isWhole: isWhole, range: start..<end)
  }

  private mutating func logical(
    _ operation: PolicyOperator, _ left: Typed, _ right: Typed
  ) throws(PolicyMistake) -> Typed {
    let types = [left, right].map { demand(.bool, of: $0, for: "`\(operation.rawValue)`") }
    return try node(
      .binary(operation, left.expression, right.expression),
      types.contains(nil) ? nil : .bool, from: left.range.lowerBound, to: right.range.upperBound)
  }

  private mutating func numeric(
    _ operation: PolicyOperator, _ left: Typed, _ right: Typed
  ) throws(PolicyMistake) -> Typed {
    let types = [left, right].map { demand(.number, of: $0, for: "`\(operation.rawValue)`") }
    return try node(
      .binary(operation, left.expression, right.expression), types.contains(nil) ? nil : .number,
      isWhole: operation == .times && left.isWhole && right.isWhole,
      from: left.range.lowerBound, to: right.range.upperBound)
  }

  // MARK: - Types

  /// Notes a part that has another type than is demanded; returns the type where it is right.
  private mutating func demand(
    _ type: PolicyType, of part: Typed, for whom: String
  ) -> PolicyType? {
    guard let found = part.type else { return nil }
    guard found == type else {
      mistakes.append(
        PolicyMistake(
          "wrong_type", "\(whom) takes \(type.phrase), not \(found.phrase).", at: part.range,
          remedy: type == .bool
            ? "Compare it with something, such as `sharpe@mid >= 0.5`."
            : "Write \(type.phrase) here."))
      return nil
    }
    return type
  }

  /// Notes parts that are conditions or not all of one type; returns the type that they share.
  private mutating func common(_ parts: [Typed], _ whom: String) -> PolicyType? {
    var shared: PolicyType?
    for part in parts {
      guard let type = part.type else { return nil }
      if type == .bool {
        mistakes.append(
          PolicyMistake(
            "wrong_type", "\(whom) takes numbers or durations, not a condition.", at: part.range,
            remedy: "Join conditions with `and` and `or`."))
        return nil
      }
      if let shared, shared != type {
        mistakes.append(
          PolicyMistake(
            "mixed_units", "\(whom) mixes \(shared.phrase) and \(type.phrase).", at: part.range,
            remedy: shared == .number
              ? "Write a number without a unit, such as 30."
              : "Write a whole number with a unit: s, m, h, d or w, such as 30d."))
        return nil
      }
      shared = type
    }
    return shared
  }

  private mutating func check(
    _ function: PolicyFunction, _ arguments: [Typed], at range: Range<Int>
  ) -> PolicyType? {
    let arity = function.arity
    guard arity.contains(arguments.count) else {
      let wanted =
        arity.lowerBound == arity.upperBound
        ? "\(arity.lowerBound)" : "at least \(arity.lowerBound)"
      mistakes.append(
        PolicyMistake(
          "wrong_arity",
          "`\(function.rawValue)` takes \(wanted) arguments, not \(arguments.count).", at: range,
          remedy: "Write \(function.form)."))
      return nil
    }
    let whom = "`\(function.rawValue)`"
    switch function {
    case .min, .max, .abs, .clip, .coalesce: return common(arguments, whom)
    case .sqrt, .log, .exp: return demand(.number, of: arguments[0], for: whom)
    case .known: return arguments[0].type.map { _ in .bool }
    case .rank, .pctile, .zscore:
      guard let type = arguments[0].type else { return nil }
      guard case .metric = arguments[0].expression, type == .number else {
        mistakes.append(
          PolicyMistake(
            "wrong_type", "\(whom) compares a measure with that of others.",
            at: arguments[0].range, remedy: "Name one measure, such as \(function.form)."))
        return nil
      }
      return .number
    }
  }
}

extension PolicyFunction {
  /// How many arguments it takes.
  fileprivate var arity: ClosedRange<Int> {
    switch self {
    case .min, .max, .coalesce: 2...PolicyParser.nodesMax
    case .clip: 3...3
    case .abs, .sqrt, .log, .exp, .known, .rank, .pctile, .zscore: 1...1
    }
  }

  /// How it is written.
  fileprivate var form: String {
    switch self {
    case .min, .max, .coalesce: "\(rawValue)(a, b)"
    case .clip: "clip(value, low, high)"
    case .abs, .sqrt, .log, .exp: "\(rawValue)(value)"
    case .known, .rank, .pctile, .zscore: "\(rawValue)(sharpe@mid)"
    }
  }
}
