import Essentials
import Markets

/// An input of an operator with the place where it was written.
struct AnalyzedInput {
  var value: AnalyzedValue
  var span: SourceSpan
}

extension FormulaAnalysis {
  /// Returns the inputs of a call in the operator's order, or nil where one does not fit, which has
  /// been reported.
  mutating func inputs(of entry: OperatorEntry, _ binding: ArgumentBinding) -> [AnalyzedInput]? {
    var inputs: [AnalyzedInput] = []
    inputs.reserveCapacity(entry.inputs.count + 1)
    var isSound = true
    for (slot, parameter) in entry.parameters.enumerated() where !parameter.kind.isOption {
      guard let first = binding.slots[slot] else { continue }
      for index in first..<(first + (parameter.isVariadic ? binding.variadicCount : 1)) {
        let value = resolved(argument: index)
        let span = tree.arguments[index].span
        if fits(value, parameter, entry, span) {
          inputs.append(AnalyzedInput(value: value, span: span))
        } else {
          isSound = false
        }
      }
    }
    guard isSound else { return nil }
    for name in entry.impliedFields {
      guard let field = schema.fields[name], field.kind == .matrix else {
        findings.report(
          "operator_unavailable",
          "Operator \(entry.name) needs the field \(name), which the panel does not have.",
          at: inputs[0].span, remedy: "Use a panel with the field \(name).")
        return nil
      }
      var value = AnalyzedValue(shape: .matrix, node: builder.field(name), unit: field.unit)
      value.latestLead = field.leadRows
      if field.leadRows > 0 { value.leadSpan = inputs[0].span }
      inputs.append(AnalyzedInput(value: value, span: inputs[0].span))
    }
    return inputs
  }

  /// Returns whether a value may stand for a parameter, and reports where it may not.
  private mutating func fits(
    _ value: AnalyzedValue, _ parameter: OperatorParameter, _ entry: OperatorEntry,
    _ span: SourceSpan
  ) -> Bool {
    let found = value.shape
    if found == .unusable { return false }
    switch (parameter.kind, found) {
    case (.matrix, .matrix), (.matrix, .truth), (.matrix, .constant), (.group, .group),
      (.groupOrMatrix, .group), (.groupOrMatrix, .matrix), (.groupOrMatrix, .truth),
      (.vector, .vector):
      return true
    case (.vector, _):
      findings.report(
        "vec_requires_vector",
        "Operator \(entry.name) reads events and received \(found.description).", at: span,
        remedy: "Give it a field of type VECTOR, or leave the vec_ operator out.")
    case (_, .vector):
      findings.report(
        "vector_used_in_non_vec",
        "The VECTOR `\(shown(span))` stands in operator \(entry.name), which does not read events.",
        at: span, remedy: "Reduce it first, as in vec_avg(\(shown(span))).")
    case (.group, _),
      (_, .group) where entry.category == .group:
      findings.report(
        "group_requires_group_and_matrix",
        parameter.kind == .group
          ? "Operator \(entry.name) needs a GROUP for \(parameter.name) and received "
            + "\(found.description)."
          : "Operator \(entry.name) needs a MATRIX for \(parameter.name) and received "
            + "\(found.description).",
        at: span,
        remedy: parameter.kind == .group
          ? "Use a field of type GROUP, or make one with bucket(rank(x), range=\"0,1,0.1\")."
          : "Put the numbers there and the grouping last.")
    case (_, .group) where entry.category == .timeSeries:
      findings.report(
        "ts_non_matrix_input",
        "ts_ operator \(entry.name) received the GROUP `\(shown(span))` where numbers belong.",
        at: span, remedy: "Use a field of type MATRIX.")
    case (_, .group):
      findings.report(
        "group_used_as_number",
        "Operator \(entry.name) received the GROUP `\(shown(span))` where numbers belong.",
        at: span, remedy: "Use a field of type MATRIX; groups serve only as groups.")
    case (_, .text):
      findings.report(
        "text_used_as_number",
        "Operator \(entry.name) received a text where numbers belong.", at: span,
        remedy: "Fields are written without quotes; only options take texts.")
    default:
      findings.report(
        "constant_input",
        "Operator \(entry.name) received \(found.description) where data belong.", at: span,
        remedy: "Use a field or an expression of fields.")
    }
    return false
  }

  /// The beginning of a piece of source, for messages.
  func shown(_ span: SourceSpan) -> String {
    guard span.end - span.start > 60 else { return tree.text(span) }
    let text = tree.text(SourceSpan(start: span.start, end: span.start + 60))
    return "\(text.prefix { $0 != "\u{FFFD}" })..."
  }
}
