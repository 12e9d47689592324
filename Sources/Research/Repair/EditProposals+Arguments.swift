import AlphaLanguage
import Essentials
import Markets

extension EditProposals {
  // MARK: - Names of arguments

  func unknownArgument(_ error: Diagnostic) -> [EditProposal] {
    guard let place = token(at: error.span),
      let call = outline.calls.first(where: { $0.arguments.contains { $0.name == place } }),
      let index = call.arguments.firstIndex(where: { $0.name == place }), let entry = entry(call)
    else { return [] }
    let name = outline.text(error.span)
    var found: [EditProposal] = []
    let parameters = entry.parameters.filter { !$0.isVariadic }
    if let near = nearestName(to: name, among: parameters.map(\.name)) {
      found.append(
        proposal(
          error, [.replace(error.span, by: near)], 0.3,
          "\(entry.name) calls this argument \(near)."))
    }
    let value = outline.span(call.arguments[index].value)
    let start = outline.tokens[place].span.start
    found.append(
      proposal(
        error, [.remove(SourceSpan(start: start, end: value.start))], 0.35,
        "\(entry.name) takes this argument by its place."))
    for window in parameters {
      guard case .window = window.kind else { continue }
      found.append(
        proposal(
          error, [.replace(error.span, by: window.name)], 0.4,
          "\(entry.name) calls its window \(window.name)."))
    }
    if checker.schema.fields[name] != nil || outline.assignedNames.contains(name),
      outline.tokens.indices.contains(place + 1)
    {
      found.append(
        proposal(
          error, [.replace(outline.tokens[place + 1].span, by: "==")], 0.1,
          "FASTEXPR compares with ==."))
    }
    return found + dropped(error, call, index, cost: 0.9)
  }

  func dropArgument(at error: Diagnostic, cost: Double) -> [EditProposal] {
    if let place = token(at: error.span),
      let call = outline.calls.first(where: { $0.arguments.contains { $0.name == place } }),
      let index = call.arguments.firstIndex(where: { $0.name == place })
    {
      return dropped(error, call, index, cost: cost)
    }
    guard let (call, argument) = enclosing(error.span), let argument,
      call.arguments[argument].name != nil
    else { return [] }
    return dropped(error, call, argument, cost: cost)
  }

  private func dropped(
    _ error: Diagnostic, _ call: FormulaOutline.Call, _ index: Int, cost: Double
  ) -> [EditProposal] {
    guard index > 0 else { return [] }
    let end = outline.span(call.arguments[index].value).end
    let start = outline.span(call.arguments[index - 1].value).end
    guard start < end else { return [] }
    return [
      proposal(
        error, [.remove(SourceSpan(start: start, end: end))], cost,
        "The argument has no place here.")
    ]
  }

  func emptyArgument(_ error: Diagnostic) -> [EditProposal] {
    guard let place = token(at: error.span) else { return [] }
    let index = outline.tokens[place].kind == .comma ? place : place - 1
    guard outline.tokens.indices.contains(index), outline.tokens[index].kind == .comma else {
      return []
    }
    return [
      proposal(
        error, [.remove(outline.tokens[index].span)], 0.2, "A comma has no argument beside it.")
    ]
  }

  // MARK: - Number of arguments

  func arity(_ error: Diagnostic) -> [EditProposal] {
    if let call = outline.call(at: error.span) { return missing(error, call) }
    guard let (call, _) = enclosing(error.span), let entry = entry(call) else { return [] }
    let positionals = call.arguments.indices.filter { call.arguments[$0].name == nil }
    if let firstNamed = call.arguments.firstIndex(where: { $0.name != nil }),
      positionals.contains(where: { $0 > firstNamed })
    {
      return [reordered(error, call)]
    }
    let surplus = positionals.filter {
      let span = outline.span(call.arguments[$0].value)
      return error.span.start <= span.start && span.end <= error.span.end
    }
    guard let first = surplus.first, let last = surplus.last, first > 0 else { return [] }
    var found: [EditProposal] = []
    let isConstant = surplus.allSatisfy { isPlainConstant(call.arguments[$0].value) }
    let options = entry.parameters.filter { option in
      option.isNamedOnly
        && !call.arguments.contains {
          $0.name.map { outline.text($0).lowercased() } == option.name.lowercased()
        }
    }
    if isConstant, surplus.count <= options.count {
      let shifts = surplus.count == 1 ? Array(options.indices) : [0]
      for shift in shifts {
        let patches = zip(surplus, options[shift...]).map { argument, option in
          TextPatch.insert(
            "\(option.name)=", at: outline.span(call.arguments[argument].value).start)
        }
        found.append(
          proposal(
            error, patches, 0.25 + 0.1 * Double(shift), "Options are written with their names."))
      }
    }
    let span = SourceSpan(
      start: outline.span(call.arguments[first - 1].value).end,
      end: outline.span(call.arguments[last].value).end)
    // Without a constant the formula still says what it is about; without its data it does not.
    found.append(
      proposal(
        error, [.remove(span)], isConstant ? 0.75 : 2.5,
        "\(entry.name) takes fewer arguments."))
    return found
  }

  /// Positional arguments first, in their order.
  private func reordered(_ error: Diagnostic, _ call: FormulaOutline.Call) -> EditProposal {
    func text(_ argument: FormulaOutline.Argument) -> String {
      let value = outline.text(outline.span(argument.value))
      return argument.name.map { "\(outline.text($0))=\(value)" } ?? value
    }
    let ordered =
      call.arguments.filter { $0.name == nil } + call.arguments.filter { $0.name != nil }
    let end = call.close.map { outline.tokens[$0].span.start } ?? outline.bytes.count
    let span = SourceSpan(start: outline.tokens[call.open].span.end, end: end)
    return proposal(
      error, [.replace(span, by: ordered.map(text).joined(separator: ", "))], 0.2,
      "Named arguments stand last.")
  }

  /// A number, with its sign, or a text, or a word.
  private func isPlainConstant(_ value: Range<Int>) -> Bool {
    let tokens = outline.tokens[value]
    guard let last = tokens.last else { return false }
    let isSigned = tokens.count == 2 && outline.text(value.lowerBound) == "-"
    return (tokens.count == 1 || isSigned)
      && ([.number, .text].contains(last.kind)
        || (last.kind == .name && checker.schema.fields[outline.text(last.span)] == nil))
  }

  private func missing(_ error: Diagnostic, _ call: FormulaOutline.Call) -> [EditProposal] {
    guard let entry = entry(call), let close = call.close,
      !entry.parameters.contains(where: \.isVariadic)
    else { return [] }
    let named = call.arguments.compactMap { $0.name.map { outline.text($0).lowercased() } }
    let given = call.arguments.count { $0.name == nil }
    let open = entry.parameters.filter {
      !$0.isNamedOnly && !named.contains($0.name.lowercased())
    }
    let absent = open.dropFirst(given).filter { $0.standard == nil }
    var found = widened(error, call, close, by: absent.count)
    let end = outline.tokens[close].span.start
    if absent.count == 1, let parameter = absent.first {
      for (text, cost, reason) in fillings(parameter, entry) {
        found.append(proposal(error, [.insert(", \(text)", at: end)], cost, reason))
      }
    }
    // A group in the place of a weight that was left out.
    if entry.parameters.contains(where: { $0.name == "weight" }), given == 2,
      call.arguments.count == 2
    {
      let start = outline.span(call.arguments[1].value).start
      found.append(
        proposal(error, [.insert("1, ", at: start)], 0.5, "Without weights all count the same."))
    }
    return found
  }

  /// Moves the call's closing parenthesis behind the arguments that follow it in the call around it.
  private func widened(
    _ error: Diagnostic, _ call: FormulaOutline.Call, _ close: Int, by count: Int
  ) -> [EditProposal] {
    guard count > 0, let (outer, argument) = enclosing(outline.span(call)), let argument,
      outer.arguments[argument].value.upperBound == close + 1,
      argument + count < outer.arguments.count
    else { return [] }
    let target = outer.arguments[argument + count]
    guard target.name == nil, !target.value.isEmpty else { return [] }
    return [
      proposal(
        error,
        [
          .remove(outline.tokens[close].span),
          .insert(")", at: outline.span(target.value).end),
        ], 0.4, "A parenthesis closes too early.")
    ]
  }

  /// What may stand for an argument that was left out.
  private func fillings(
    _ parameter: OperatorParameter, _ entry: OperatorEntry
  ) -> [(String, Double, String)] {
    switch parameter.kind {
    case .window:
      let rows = Self.usualWindow(entry)
      return [("\(rows)", 0.8, "\(entry.name) needs a window; \(rows) rows are usual.")]
    case .group:
      return names.groups.prefix(3).enumerated().map { rank, name in
        (name, 0.9 + 0.1 * Double(rank), "\(entry.name) needs a GROUP.")
      }
    case .matrix where entry.code == .tradeWhen:
      return [("-1", 0.6, "A trade without an exit never exits.")]
    case .matrix where entry.code == .ifElse:
      return [("nan", 0.9, "A choice needs a value for the other case.")]
    default: return []
    }
  }

  /// The rows of a window that was left out: yesterday for a delay, a week for a change, a month of
  /// trading for a statistic.
  private static func usualWindow(_ entry: OperatorEntry) -> Int {
    switch entry.code {
    case .tsDelay: 1
    case .tsDelta: 5
    default: 20
    }
  }

  // MARK: - Values of options

  func range(_ error: Diagnostic) -> [EditProposal] {
    let place: (call: FormulaOutline.Call, argument: Int)?
    if let call = outline.call(at: error.span) {
      let window = call.arguments.indices.first {
        if case .window? = parameter(call, $0)?.kind { true } else { false }
      }
      place = window.map { (call, $0) }
    } else if let (call, argument) = enclosing(error.span), let argument {
      place = (call, argument)
    } else {
      place = nil
    }
    guard let (call, argument) = place, let parameter = parameter(call, argument) else { return [] }
    let span = outline.span(call.arguments[argument].value)
    guard let number = Double(outline.text(span).filter { !$0.isWhitespace }) else { return [] }
    var found = Self.legal(number, for: parameter).map { text, cost in
      proposal(
        error, [.replace(span, by: text)], cost,
        "\(parameter.name) of \(outline.text(call.name)) is brought to the nearest legal value.")
    }
    if parameter.standard != nil { found += dropped(error, call, argument, cost: 0.8) }
    return found
  }

  /// The nearest values that a parameter may have, with their costs.
  private static func legal(
    _ number: Double, for parameter: OperatorParameter
  ) -> [(String, Double)] {
    func whole(_ range: ClosedRange<Int>) -> [(String, Double)] {
      let size = number.magnitude.rounded()
      let nearest = min(max(size, Double(range.lowerBound)), Double(range.upperBound))
      // Rounding keeps what was meant, a sign was hardly meant, and a limit is only near.
      let cost = nearest != size ? 0.7 : number < 0 ? 0.6 : 0.3
      return nearest.isFinite ? [("\(Int(nearest))", cost)] : []
    }
    switch parameter.kind {
    case .window(let minimum): return whole(minimum...OperatorParameter.largestWindow)
    case .integer(let range): return whole(range)
    case .flag: return [("true", 0.4)]
    case .number(let domain):
      let spelled = [(number.magnitude, 0.5), (number / 100, 0.5), (min(max(number, 0), 1), 0.7)]
      return spelled.filter { domain.contains($0.0) }.map {
        (JSONValue.number($0.0).compactText, $0.1)
      }
    default: return []
    }
  }

  func notAllowed(_ error: Diagnostic) -> [EditProposal] {
    var found: [EditProposal] = []
    if let (call, argument) = enclosing(error.span), let argument {
      var words: [String] = []
      switch parameter(call, argument)?.kind {
      case .word(let known), .wordOrNumber(let known): words = known
      default: break
      }
      let span = outline.span(call.arguments[argument].value)
      let given = outline.text(span).filter { $0 != "\"" && $0 != "'" }
      let near = nearestName(to: given, among: words)
      for word in words {
        found.append(
          proposal(
            error, [.replace(span, by: "\"\(word)\"")], word == near ? 0.3 : 0.9,
            "The argument must be one of \(words.joined(separator: ", "))."))
      }
      found += dropArgument(at: error, cost: 0.8)
    }
    if let call = outline.call(at: error.span), entry(call)?.code == .bucket,
      let close = call.close,
      call.arguments.count == 1
    {
      found.append(
        proposal(
          error, [.insert(", range=\"0,1,0.1\"", at: outline.tokens[close].span.start)], 0.7,
          "bucket needs edges; tenths are usual for ranks."))
    }
    return found
  }

  // MARK: - Kinds of values

  func reduced(_ error: Diagnostic) -> [EditProposal] {
    [
      proposal(
        error,
        [.insert("vec_avg(", at: error.span.start), .insert(")", at: error.span.end)], 0.6,
        "Events are reduced to one number first.")
    ]
  }

  func unreduced(_ error: Diagnostic) -> [EditProposal] {
    guard let (call, _) = enclosing(error.span) else { return [] }
    var found: [EditProposal] = []
    if let value = call.arguments.first?.value, value.count == 1 {
      found += names.fields(near: outline.text(error.span), of: .vector, cost: 0.6).map {
        proposal(
          error, [.replace(error.span, by: $0.name)], $0.cost,
          "\(outline.text(call.name)) reads events.")
      }
    }
    let argument = outline.text(error.span)
    let isSingle = call.arguments.first.map { $0.value.count == 1 } ?? false
    found.append(
      proposal(
        error, [.replace(outline.span(call), by: isSingle ? argument : "(\(argument))")], 0.7,
        "Only events need to be reduced."))
    return found
  }

  /// A value of the wrong kind: another of its call may belong there, or a field of nearly its name.
  func otherKind(_ error: Diagnostic) -> [EditProposal] {
    guard let (call, argument) = enclosing(error.span), let argument else { return [] }
    var found: [EditProposal] = []
    let value = call.arguments[argument].value
    let span = outline.span(value)
    for other in call.arguments.indices
    where other != argument && call.arguments[other].name == nil
      && call.arguments[argument].name == nil && !call.arguments[other].value.isEmpty
    {
      let otherSpan = outline.span(call.arguments[other].value)
      found.append(
        proposal(
          error,
          [
            .replace(span, by: outline.text(otherSpan)),
            .replace(otherSpan, by: outline.text(span)),
          ], 0.5, "Two arguments stand in each other's place."))
    }
    let name = outline.text(span)
    let isName = value.count == 1 && outline.tokens[value.lowerBound].kind == .name
    switch parameter(call, argument)?.kind {
    case .group, .groupOrMatrix:
      if isName {
        found += names.fields(near: name, of: .group, cost: 0.5).map {
          proposal(error, [.replace(span, by: $0.name)], $0.cost, "A GROUP belongs here.")
        }
      }
      for (rank, group) in names.groups.prefix(3).enumerated() {
        found.append(
          proposal(
            error, [.replace(span, by: group)], 1.2 + 0.1 * Double(rank),
            "A GROUP belongs here, and the panel has \(group)."))
      }
      if names.groups.isEmpty {
        found.append(
          proposal(
            error,
            [
              .insert("bucket(rank(", at: span.start),
              .insert("), range=\"0,1,0.1\")", at: span.end),
            ], 1.2, "A GROUP belongs here, and the panel has none."))
      }
    case .matrix where isName:
      found += names.fields(near: name, of: .matrix, cost: 0.6).map {
        proposal(error, [.replace(span, by: $0.name)], $0.cost, "A MATRIX belongs here.")
      }
    default: break
    }
    return found
  }
}
