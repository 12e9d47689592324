import AlphaLanguage
import Essentials
import Markets

/// The edits that may answer one error of a text. They are guesses with a price; the checker has the
/// last word on each.
struct EditProposals {
  /// Places that are tried for one parenthesis.
  static let placesMax = 24

  let checker: FormulaChecker
  let names: NameSuggestions
  let outline: FormulaOutline

  /// Returns the proposals in an order that does not depend on chance.
  func proposals(for error: Diagnostic) -> [EditProposal] {
    switch error.code {
    case "unbalanced_parentheses": parentheses(error)
    case "missing_operand": operand(error)
    case "missing_operator": missingOperator(error)
    case "unexpected_token": unexpected(error)
    case "missing_result": result(error)
    case "unterminated_text": textEnd(error)
    case "unsupported_characters": foreign(error)
    case "operator_empty_argument": emptyArgument(error)
    case "unknown_operator": unknownOperator(error)
    case "unknown_data_field": unknownField(error)
    case "unknown_argument": unknownArgument(error)
    case "duplicate_argument": dropArgument(at: error, cost: 0.9)
    case "operator_arity_mismatch": arity(error)
    case "window_out_of_range", "look_ahead", "argument_out_of_range": range(error)
    case "argument_not_allowed": notAllowed(error)
    case "text_used_as_number", "result_not_matrix": unquoted(error)
    case "vector_used_in_non_vec": reduced(error)
    case "vec_requires_vector": unreduced(error)
    case "group_requires_group_and_matrix", "ts_non_matrix_input", "group_used_as_number",
      "constant_input", "argument_not_constant":
      otherKind(error)
    default: []
    }
  }

  func proposal(
    _ error: Diagnostic, _ patches: [TextPatch], _ cost: Double, _ reason: String
  ) -> EditProposal {
    EditProposal(patches: patches, key: error.code, reason: reason, cost: cost)
  }

  // MARK: - Places

  /// The token that begins at the start of a span.
  func token(at span: SourceSpan) -> Int? {
    outline.tokens.firstIndex { $0.span.start == span.start }
  }

  func entry(_ call: FormulaOutline.Call) -> OperatorEntry? {
    checker.catalog.entry(named: outline.text(call.name))
  }

  /// The innermost call within whose parentheses a span lies, and the argument that holds it.
  func enclosing(_ span: SourceSpan) -> (call: FormulaOutline.Call, argument: Int?)? {
    let call = outline.calls.last {
      outline.tokens[$0.open].span.start < span.start && span.end <= outline.span($0).end
    }
    guard let call else { return nil }
    let argument = call.arguments.firstIndex {
      let place = outline.span($0.value)
      return place.start <= span.start && span.end <= place.end
    }
    return (call, argument)
  }

  /// The parameter that an argument stands for, by name or by position; nil where that is open.
  func parameter(_ call: FormulaOutline.Call, _ argument: Int) -> OperatorParameter? {
    guard let entry = entry(call) else { return nil }
    if let name = call.arguments[argument].name {
      return entry.parameters.first { $0.name.lowercased() == outline.text(name).lowercased() }
    }
    let named = call.arguments.compactMap(\.name).map { outline.text($0).lowercased() }
    let positional = entry.parameters.filter {
      !$0.isNamedOnly && !named.contains($0.name.lowercased())
    }
    let order = call.arguments[..<argument].count { $0.name == nil }
    if let variadic = positional.firstIndex(where: \.isVariadic), order >= variadic {
      let given = call.arguments.count { $0.name == nil }
      let after = positional.count - variadic - 1
      return order >= given - after && given - order <= after
        ? positional[positional.count - (given - order)] : positional[variadic]
    }
    return order < positional.count ? positional[order] : nil
  }

  /// Tokens of the statement around a place.
  func statement(around place: Int) -> Range<Int> {
    let index = outline.tokens.firstIndex { $0.span.end > place } ?? outline.tokens.count
    let before = outline.tokens[..<index].lastIndex { $0.kind == .semicolon }
    let after = outline.tokens[index...].firstIndex { $0.kind == .semicolon }
    return (before.map { $0 + 1 } ?? 0)..<(after ?? outline.tokens.count)
  }

  private func endsValue(_ kind: FormulaOutline.Token.Kind) -> Bool {
    [.name, .number, .text, .close].contains(kind)
  }

  // MARK: - Parentheses

  private func parentheses(_ error: Diagnostic) -> [EditProposal] {
    let statement = statement(around: error.span.start)
    var open = 0
    var isSurplus = false
    for token in outline.tokens[statement] {
      if token.kind == .open { open += 1 }
      if token.kind == .close {
        open -= 1
        if open < 0 {
          isSurplus = true
          break
        }
      }
    }
    return isSurplus
      ? surplusParenthesis(error, statement) : openParentheses(error, statement, open)
  }

  private func surplusParenthesis(
    _ error: Diagnostic, _ statement: Range<Int>
  ) -> [EditProposal] {
    var found: [EditProposal] = []
    let closers = statement.filter {
      outline.tokens[$0].kind == .close && outline.tokens[$0].span.start <= error.span.start
    }
    for index in closers.suffix(Self.placesMax).reversed() {
      let isLast = outline.tokens[index].span == error.span
      found.append(
        proposal(
          error, [.remove(outline.tokens[index].span)], isLast ? 0.3 : 0.4,
          "A parenthesis closes nothing."))
    }
    // The name of an operator whose parenthesis was forgotten.
    for index in statement.dropLast() where outline.tokens[index].kind == .name {
      let name = outline.text(index)
      guard outline.tokens[index + 1].kind != .open, checker.schema.fields[name] == nil,
        checker.catalog.entry(named: name)?.code != nil
      else { continue }
      found.append(
        proposal(
          error, [.insert("(", at: outline.tokens[index].span.end)], 0.3,
          "The arguments of \(name) stand in parentheses."))
    }
    return found
  }

  private func openParentheses(
    _ error: Diagnostic, _ statement: Range<Int>, _ count: Int
  ) -> [EditProposal] {
    guard count > 0, let last = statement.last else { return [] }
    let end = outline.tokens[last].span.end
    let reason = "A parenthesis is not closed."
    func closers(_ count: Int) -> String { String(repeating: ")", count: count) }
    let cost = 0.3 * Double(count)
    var found = [proposal(error, [.insert(closers(count), at: end)], cost, reason)]
    if statement.upperBound < outline.tokens.count {
      found.append(
        proposal(
          error, [.replace(outline.tokens[statement.upperBound].span, by: ",")], 0.4,
          "Arguments are separated by commas."))
    }
    var depth = 0
    var places: [Int] = []
    for index in statement.dropLast() {
      switch outline.tokens[index].kind {
      case .open: depth += 1
      case .close: depth -= 1
      default: break
      }
      let next = outline.tokens[index + 1].kind
      if depth > 0, endsValue(outline.tokens[index].kind), next != .open {
        places.append(outline.tokens[index].span.end)
      }
    }
    for place in places.suffix(Self.placesMax).reversed() {
      let patches: [TextPatch] =
        count == 1
        ? [.insert(")", at: place)]
        : [.insert(")", at: place), .insert(closers(count - 1), at: end)]
      found.append(proposal(error, patches, cost + 0.1, reason))
    }
    // A closer that was typed as a comma's neighbor, or an opener too many.
    for index in statement where outline.tokens[index].kind == .open && count == 1 {
      let isCall = index > 0 && outline.tokens[index - 1].kind == .name
      if !isCall {
        found.append(
          proposal(error, [.remove(outline.tokens[index].span)], cost + 0.15, reason))
      }
    }
    return found
  }

  // MARK: - Operators between values

  private func operand(_ error: Diagnostic) -> [EditProposal] {
    guard let index = token(at: error.span) else { return [] }
    let reason = "An operator has no value on one side."
    return [index, index - 1].filter {
      outline.tokens.indices.contains($0) && outline.tokens[$0].kind == .symbol
    }.map { proposal(error, [.remove(outline.tokens[$0].span)], 0.8, reason) }
  }

  private func missingOperator(_ error: Diagnostic) -> [EditProposal] {
    guard let index = token(at: error.span), index > 0 else { return [] }
    let previous = outline.tokens[index - 1]
    if outline.text(index) == "if" { return chosen(error, index) }
    var found: [EditProposal] = []
    if previous.kind == .number, [.name, .open].contains(outline.tokens[index].kind) {
      found.append(
        proposal(
          error, [.insert(" * ", at: previous.span.end)], 0.5, "A number before a value scales it.")
      )
    }
    if enclosing(error.span) != nil {
      found.append(
        proposal(
          error, [.insert(",", at: previous.span.end)], 0.4,
          "Arguments are separated by commas."))
    }
    let name = outline.text(index - 1)
    if previous.kind == .name, checker.schema.fields[name] == nil,
      checker.catalog.entry(named: name)?.code != nil,
      [.name, .number].contains(outline.tokens[index].kind)
    {
      found.append(
        proposal(
          error,
          [
            .insert("(", at: previous.span.end),
            .insert(")", at: outline.tokens[index].span.end),
          ], 0.5, "The arguments of \(name) stand in parentheses."))
    }
    return found
  }

  /// Writes Python's `a if c else b`, whose `if` stands at `index`, as `c ? a : b`.
  private func chosen(_ error: Diagnostic, _ index: Int) -> [EditProposal] {
    /// The first token from `start` on, in steps of 1 or -1, that ends the values around `index`.
    func limit(from start: Int, by step: Int, _ isEnd: (Int) -> Bool = { _ in false }) -> Int {
      var depth = 0
      var place = start
      while outline.tokens.indices.contains(place) {
        let kind = outline.tokens[place].kind
        let opens: FormulaOutline.Token.Kind = step > 0 ? .open : .close
        let closes: FormulaOutline.Token.Kind = step > 0 ? .close : .open
        if kind == opens { depth += 1 }
        if kind == closes { depth -= 1 }
        let isBorder = kind == .comma || kind == .semicolon || outline.isAssignment(place)
        if depth < 0 || depth == 0 && (isBorder || isEnd(place)) { return place }
        place += step
      }
      return place
    }
    let start = limit(from: index - 1, by: -1) + 1
    let otherwise = limit(from: index + 1, by: 1) { outline.text($0) == "else" }
    guard otherwise < outline.tokens.count, outline.text(otherwise) == "else" else { return [] }
    let end = limit(from: otherwise + 1, by: 1)
    let parts = [start..<index, (index + 1)..<otherwise, (otherwise + 1)..<end]
    guard parts.allSatisfy({ !$0.isEmpty }) else { return [] }
    let texts = parts.map { outline.text(outline.span($0)) }
    return [
      proposal(
        error, [.replace(outline.span(start..<end), by: "\(texts[1]) ? \(texts[0]) : \(texts[2])")],
        0.3, "FASTEXPR writes a choice as c ? a : b.")
    ]
  }

  private func unexpected(_ error: Diagnostic) -> [EditProposal] {
    switch outline.text(error.span) {
    case "=":
      return [proposal(error, [.replace(error.span, by: "==")], 0.1, "FASTEXPR compares with ==.")]
    case "?":
      guard let index = token(at: error.span) else { return [] }
      let statement = statement(around: error.span.start)
      var depth = 0
      let end = (index..<statement.upperBound).first { place in
        if outline.tokens[place].kind == .open { depth += 1 }
        if outline.tokens[place].kind == .close { depth -= 1 }
        return depth < 0 || (depth == 0 && outline.tokens[place].kind == .comma)
      }
      let place = outline.tokens[(end ?? statement.upperBound) - 1].span.end
      return [
        proposal(
          error, [.insert(" : nan", at: place)], 1, "A choice needs a value for the other case.")
      ]
    default: return []
    }
  }

  private func result(_ error: Diagnostic) -> [EditProposal] {
    guard let index = token(at: error.span), let last = outline.tokens.last else { return [] }
    let separator = last.kind == .semicolon ? " " : "; "
    return [
      proposal(
        error, [.insert(separator + outline.text(index), at: last.span.end)], 0.2,
        "The last statement is the result.")
    ]
  }

  // MARK: - Characters

  private func textEnd(_ error: Diagnostic) -> [EditProposal] {
    let bytes = outline.bytes[error.span.start..<error.span.end]
    guard let quote = bytes.first else { return [] }
    let mark = String(decoding: [quote], as: UTF8.self)
    let places = bytes.indices.filter {
      [UInt8(ascii: ")"), UInt8(ascii: ",")].contains(bytes[$0])
    }
    return (places.suffix(8).reversed() + [error.span.end]).map {
      proposal(error, [.insert(mark, at: $0)], 0.4, "A text is not closed.")
    }
  }

  private func foreign(_ error: Diagnostic) -> [EditProposal] {
    guard let index = token(at: error.span) else { return [] }
    let text = outline.text(error.span)
    if text == ".", index > 0, index + 1 < outline.tokens.count,
      outline.tokens[index - 1].kind == .name, outline.tokens[index + 1].kind == .name
    {
      return [
        proposal(
          error, [.remove(outline.tokens[index - 1].span.union(error.span))], 0.4,
          "Operators and fields have no owner.")
      ]
    }
    let isSymbolic = text.unicodeScalars.allSatisfy {
      $0.value >= 0x80 && !$0.properties.isAlphabetic
    }
    return isSymbolic
      ? [proposal(error, [.remove(error.span)], 0.3, "The character means nothing in a formula.")]
      : []
  }

  private func unquoted(_ error: Diagnostic) -> [EditProposal] {
    guard let index = token(at: error.span), outline.tokens[index].kind == .text,
      outline.tokens[index].span == error.span
    else { return [] }
    let content = outline.text(error.span).dropFirst().dropLast()
    return [
      proposal(
        error, [.replace(error.span, by: String(content))], 0.2,
        "Fields and formulas stand without quotes.")
    ]
  }

  // MARK: - Names

  private func unknownOperator(_ error: Diagnostic) -> [EditProposal] {
    let name = outline.text(error.span)
    let calls = outline.calls.filter { outline.text($0.name) == name }
    var found = names.operators(for: name).map { suggestion in
      proposal(
        error, calls.map { .replace(outline.tokens[$0.name].span, by: suggestion.name) },
        suggestion.cost, "\(name) is no operator; \(suggestion.name) is one.")
    }
    if checker.schema.fields[name] != nil || outline.assignedNames.contains(name),
      let call = calls.first(where: { $0.arguments.isEmpty }), let close = call.close
    {
      let span = outline.tokens[call.open].span.union(outline.tokens[close].span)
      found.append(proposal(error, [.remove(span)], 0.2, "\(name) takes no arguments."))
    }
    return found
  }

  private func unknownField(_ error: Diagnostic) -> [EditProposal] {
    let name = outline.text(error.span)
    var kinds: [FieldDescription.Kind] = [.matrix]
    if let (call, argument) = enclosing(error.span), let argument,
      call.arguments[argument].value.count == 1
    {
      switch parameter(call, argument)?.kind {
      case .group: kinds = [.group]
      case .groupOrMatrix: kinds = [.group, .matrix]
      case .vector: kinds = [.vector]
      default: break
      }
    }
    let called = Set(outline.calls.map(\.name))
    let argumentNames = Set(outline.calls.flatMap { $0.arguments.compactMap(\.name) })
    let places = outline.tokens.indices.filter {
      outline.tokens[$0].kind == .name && outline.text($0) == name && !called.contains($0)
        && !argumentNames.contains($0)
    }
    var suggestions = names.fields(for: name, suiting: kinds)
    if let near = nearestName(to: name, among: outline.assignedNames.sorted()), near != name {
      suggestions.append(NameSuggestions.Suggestion(name: near, cost: 0.4))
    }
    return suggestions.map { suggestion in
      proposal(
        error, places.map { .replace(outline.tokens[$0].span, by: suggestion.name) },
        suggestion.cost, "\(name) is no field; \(suggestion.name) is one.")
    }
  }
}
