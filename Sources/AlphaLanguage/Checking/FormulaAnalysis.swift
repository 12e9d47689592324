import Essentials
import Markets

/// The pass over a syntax tree that gives every node its type, unit and reach in time and builds the
/// canonical graph: one loop over the nodes, children first.
struct FormulaAnalysis {
  let catalog: OperatorCatalog
  let schema: PanelSchema
  let tree: SyntaxTree
  var findings: Findings
  var builder = GraphBuilder()
  /// Operator calls as written whose value is not a constant.
  private(set) var operatorCount = 0
  /// By syntax node.
  var values: [AnalyzedValue]

  private let symbols: [SyntaxTree.Symbol: Int]
  private var variables: [String: Variable] = [:]

  private struct Variable {
    var value: AnalyzedValue
    var span: SourceSpan
    var isRead = false
  }

  init(_ checker: FormulaChecker, _ tree: SyntaxTree, _ findings: Findings) {
    catalog = checker.catalog
    schema = checker.schema
    symbols = checker.symbols
    self.tree = tree
    self.findings = findings
    values = []
    values.reserveCapacity(tree.nodes.count)
  }

  // MARK: - Statements

  /// Returns the value of the formula, or nil where an error was reported.
  mutating func analyze() -> AnalyzedValue? {
    var result: AnalyzedValue?
    for (index, statement) in tree.statements.enumerated() {
      let value = analyze(statement)
      let isLast = index == tree.statements.count - 1
      if let name = statement.name {
        bind(tree.text(name), value, name)
        if isLast, statement.value != nil {
          findings.report(
            "missing_result", "The formula ends with an assignment and has no value.",
            at: statement.span, remedy: "Add `\(tree.text(name))` as the last statement.")
        }
      } else if isLast {
        result = finished(value, statement)
      } else if statement.value != nil {
        findings.warn(
          "statement_without_effect", "The value of this statement is not used.",
          at: statement.span, remedy: "Remove it, or give it a name with name = ...;")
      }
    }
    warnOfUnreadVariables()
    if operatorCount > FormulaLimits.operatorsOnBRAIN {
      findings.warn(
        "too_many_operators",
        "The formula has \(operatorCount) operators; BRAIN accepts "
          + "\(FormulaLimits.operatorsOnBRAIN).",
        at: SourceSpan(start: 0, end: tree.bytes.count),
        remedy: "Shorten it where it is to be submitted there.")
    }
    return result
  }

  private mutating func analyze(_ statement: SyntaxTree.Statement) -> AnalyzedValue {
    for index in statement.nodes {
      // A statement that was not understood has been reported; its parts stay unsaid.
      values.append(statement.value == nil ? .unusable : value(of: tree.nodes[index]))
    }
    guard let root = statement.value else { return .unusable }
    return resolved(values[root], at: tree.nodes[root].span)
  }

  private mutating func bind(_ name: String, _ value: AnalyzedValue, _ span: SourceSpan) {
    if schema.fields[name] != nil {
      findings.warn(
        "shadowed_field", "The variable \(name) hides the field of that name.", at: span,
        remedy: "Choose another name for the variable.")
    }
    if let previous = variables[name], !previous.isRead { warnUnread(name, previous.span) }
    variables[name] = Variable(value: value, span: span)
  }

  private mutating func warnOfUnreadVariables() {
    guard findings.errorCount == 0 else { return }
    for (name, variable) in variables.sorted(by: { $0.value.span.start < $1.value.span.start })
    where !variable.isRead {
      warnUnread(name, variable.span)
    }
  }

  private mutating func warnUnread(_ name: String, _ span: SourceSpan) {
    findings.warn(
      "unused_variable", "The variable \(name) is assigned but never used.", at: span,
      remedy: "Use it or remove the statement.")
  }

  /// Accepts a value as that of the whole formula, or reports why it cannot be.
  private mutating func finished(
    _ value: AnalyzedValue, _ statement: SyntaxTree.Statement
  ) -> AnalyzedValue? {
    switch value.shape {
    case .matrix, .truth:
      guard value.latestLead <= 0 else {
        let span = value.leadSpan ?? statement.span
        findings.report(
          "look_ahead",
          "`\(tree.text(span))` looks \(rows(value.latestLead)) into the future.", at: span,
          remedy: "Delay it with ts_delay(..., \(value.latestLead)), or use a field that is known "
            + "at the end of its row.")
        return nil
      }
      return value
    case .constant(let constant):
      findings.report(
        "constant_formula",
        "The formula is the constant \(CanonicalText.spelling(of: constant)) for every instrument.",
        at: statement.span, remedy: "Use at least one field.")
    case .vector:
      findings.report(
        "vector_used_in_non_vec", "The formula's value is a VECTOR.", at: statement.span,
        remedy: "Reduce it to one number with a vec_ operator such as vec_avg.")
    case .group, .text:
      findings.report(
        "result_not_matrix", "The formula's value is \(value.shape.description), not a MATRIX.",
        at: statement.span, remedy: "End with an expression that gives a number per instrument.")
    case .unknownName, .unusable: break
    }
    return nil
  }

  func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }

  // MARK: - Nodes

  private mutating func value(of node: SyntaxTree.Node) -> AnalyzedValue {
    switch node.kind {
    case .number(let number): AnalyzedValue(shape: .constant(number))
    case .text: AnalyzedValue(shape: .text)
    case .hole: .unusable
    case .name: named(tree.text(node.span), at: node.span)
    case .operation(let symbol, let arguments): operation(symbol, arguments, node.span)
    case .call(let name, let arguments): call(name, arguments, node.span)
    }
  }

  private mutating func named(_ name: String, at span: SourceSpan) -> AnalyzedValue {
    if var variable = variables[name] {
      if !variable.isRead {
        variable.isRead = true
        variables[name] = variable
      }
      return variable.value
    }
    if let field = schema.fields[name] {
      var value = AnalyzedValue(shape: .matrix)
      switch field.kind {
      case .matrix: value.shape = .matrix
      case .vector: value.shape = .vector
      case .group: value.shape = .group
      }
      value.node = builder.field(name)
      value.unit = field.kind == .group ? .dimensionless : field.unit
      value.latestLead = field.leadRows
      if field.leadRows > 0 { value.leadSpan = span }
      return value
    }
    switch name.lowercased() {
    case "true": return AnalyzedValue(shape: .constant(1))
    case "false": return AnalyzedValue(shape: .constant(0))
    case "nan": return AnalyzedValue(shape: .constant(.nan))
    default: return AnalyzedValue(shape: .unknownName)
    }
  }

  private mutating func operation(
    _ symbol: SyntaxTree.Symbol, _ arguments: Range<Int>, _ span: SourceSpan
  ) -> AnalyzedValue {
    guard let position = symbols[symbol] else {
      findings.report(
        "unknown_operator", "Unknown operator: \(symbol.rawValue).", at: span)
      return .unusable
    }
    return apply(catalog.entries[position], arguments, span: span, nameSpan: span)
  }

  private mutating func call(
    _ nameSpan: SourceSpan, _ arguments: Range<Int>, _ span: SourceSpan
  ) -> AnalyzedValue {
    let name = tree.text(nameSpan)
    guard let position = catalog.position(named: name) else {
      reportUnknownOperator(name, at: nameSpan)
      reportUnknownNames(in: arguments)
      return .unusable
    }
    if arguments.contains(where: isHole) {
      reportUnknownNames(in: arguments)
      return .unusable
    }
    return apply(catalog.entries[position], arguments, span: span, nameSpan: nameSpan)
  }

  private func isHole(_ argument: Int) -> Bool {
    if case .hole = tree.nodes[tree.arguments[argument].value].kind { true } else { false }
  }

  private mutating func apply(
    _ entry: OperatorEntry, _ arguments: Range<Int>, span: SourceSpan, nameSpan: SourceSpan
  ) -> AnalyzedValue {
    guard let code = entry.code else {
      let scopes = entry.scopes.map(\.rawValue).joined(separator: ", ")
      findings.report(
        "operator_scope_violation",
        "Operator \(entry.name) belongs to \(scopes) expressions and cannot stand in an alpha.",
        at: nameSpan, remedy: "Use an operator of scope REGULAR.")
      return .unusable
    }
    guard let binding = bind(entry, arguments, span: span) else {
      reportUnknownNames(in: arguments)
      return .unusable
    }
    guard let inputs = inputs(of: entry, binding),
      let options = options(of: entry, binding, span: span),
      areSound(options, of: entry, code, span: span)
    else { return .unusable }
    return result(of: entry, code, inputs, options, span: span)
  }

  // MARK: - Names that are unknown

  /// Returns the value, unusable and reported where it is a name that nothing bears.
  mutating func resolved(_ value: AnalyzedValue, at span: SourceSpan) -> AnalyzedValue {
    guard value.shape == .unknownName else { return value }
    reportUnknownField(tree.text(span), at: span)
    return .unusable
  }

  mutating func resolved(argument index: Int) -> AnalyzedValue {
    let argument = tree.arguments[index]
    return resolved(values[argument.value], at: tree.nodes[argument.value].span)
  }

  /// Reports the unknown names among the arguments of a call that is wrong itself; words of options
  /// are left alone.
  private mutating func reportUnknownNames(in arguments: Range<Int>) {
    for index in arguments where tree.arguments[index].name == nil {
      _ = resolved(argument: index)
    }
  }

  private mutating func reportUnknownField(_ name: String, at span: SourceSpan) {
    let message = "Unknown data field: \(name)."
    guard !findings.isFull, !findings.hasSaid("unknown_data_field", message, at: span) else {
      return
    }
    let remedy: String
    if let entry = catalog.entry(named: name) {
      remedy = "\(entry.name) is an operator; write \(entry.signature)."
    } else if let near = nearestName(
      to: name, among: Array(schema.fields.keys) + Array(variables.keys))
    {
      remedy = "Write \(near)."
    } else {
      remedy = "Use a field of the panel, or assign the name before it is used."
    }
    findings.report("unknown_data_field", message, at: span, remedy: remedy)
  }

  private mutating func reportUnknownOperator(_ name: String, at span: SourceSpan) {
    let message = "Unknown operator: \(name)."
    guard !findings.isFull, !findings.hasSaid("unknown_operator", message, at: span) else { return }
    let remedy: String
    if schema.fields[name] != nil || variables[name] != nil {
      remedy = "\(name) is a value and takes no arguments; remove the parentheses."
    } else if let known = AlternativeNames.operators[name.lowercased()],
      let entry = catalog.entry(named: known)
    {
      remedy = "Write \(entry.signature)."
    } else if let near = nearestName(
      to: name, among: catalog.entries.lazy.filter { $0.code != nil }.map(\.name)),
      let entry = catalog.entry(named: near)
    {
      remedy = "Write \(entry.signature)."
    } else {
      remedy = "Use an operator of the catalogue."
    }
    findings.report("unknown_operator", message, at: span, remedy: remedy)
  }

  // MARK: - Counting

  mutating func countOperator() { operatorCount += 1 }
}
