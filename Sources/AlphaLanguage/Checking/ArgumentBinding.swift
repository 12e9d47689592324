import Essentials

/// Which argument of a call belongs to which parameter.
struct ArgumentBinding {
  /// By parameter: the position of its argument in the tree's `arguments`, nil where it was left
  /// out. For a variadic parameter the first of `variadicCount`.
  var slots: [Int?]
  var variadicCount = 0
}

extension FormulaAnalysis {
  /// Assigns the arguments of a call to the operator's parameters, or reports why they do not fit.
  mutating func bind(
    _ entry: OperatorEntry, _ arguments: Range<Int>, span: SourceSpan
  ) -> ArgumentBinding? {
    guard !arguments.isEmpty else {
      findings.report(
        "operator_no_arguments", "Operator \(entry.name) has no arguments.", at: span,
        remedy: "Write \(entry.signature).")
      return nil
    }
    let parameters = entry.parameters
    var binding = ArgumentBinding(slots: [Int?](repeating: nil, count: parameters.count))
    let positionalEnd =
      arguments.first { tree.arguments[$0].name != nil } ?? arguments.upperBound
    for index in positionalEnd..<arguments.upperBound {
      guard bindNamed(index, entry, &binding) else { return nil }
    }

    let open = parameters.indices.filter {
      binding.slots[$0] == nil && !parameters[$0].isNamedOnly
    }
    let given = positionalEnd - arguments.lowerBound
    let variadic = open.firstIndex { parameters[$0].isVariadic }
    guard variadic != nil || given <= open.count else {
      reportSurplus(entry, arguments.lowerBound + open.count, positionalEnd, arguments, binding)
      return nil
    }
    let repeated = variadic == nil ? 1 : max(1, given - (open.count - 1))
    var next = arguments.lowerBound
    for (order, slot) in open.enumerated() where next < positionalEnd {
      binding.slots[slot] = next
      if order == variadic {
        binding.variadicCount = min(repeated, positionalEnd - next)
        next += binding.variadicCount
      } else {
        next += 1
      }
    }
    let absent = parameters.indices.filter {
      binding.slots[$0] == nil && parameters[$0].standard == nil
    }
    guard absent.isEmpty else {
      let required = parameters.filter { $0.standard == nil }
      let isOpen = parameters.contains(where: \.isVariadic)
      findings.report(
        "operator_arity_mismatch",
        "Operator \(entry.name) expects \(isOpen ? "at least " : "")"
          + "\(plural(required.count, "argument")) but got \(arguments.count): "
          + "\(absent.map { parameters[$0].name }.joined(separator: " and ")) is missing.",
        at: span, remedy: "Write \(entry.signature).")
      return nil
    }
    return binding
  }

  private mutating func bindNamed(
    _ index: Int, _ entry: OperatorEntry, _ binding: inout ArgumentBinding
  ) -> Bool {
    let argument = tree.arguments[index]
    guard let nameSpan = argument.name else {
      findings.report(
        "operator_arity_mismatch", "A positional argument stands after a named one.",
        at: argument.span, remedy: "Write the named arguments last.")
      return false
    }
    let name = tree.text(nameSpan)
    let slot =
      entry.parameters.firstIndex { $0.name == name }
      ?? entry.parameters.firstIndex { $0.name.lowercased() == name.lowercased() }
    guard let slot, !entry.parameters[slot].isVariadic else {
      let names = entry.parameters.filter { !$0.isVariadic }.map(\.name)
      let near = nearestName(to: name, among: names)
      findings.report(
        "unknown_argument", "Operator \(entry.name) has no argument named \(name).", at: nameSpan,
        remedy: "Write \(near.map { "\($0)=" } ?? entry.signature).")
      return false
    }
    guard binding.slots[slot] == nil else {
      findings.report(
        "duplicate_argument", "The argument \(name) is given twice.", at: nameSpan,
        remedy: "Remove one of the two.")
      return false
    }
    binding.slots[slot] = index
    return true
  }

  /// Reports more positional arguments than there are places; where options follow that must be
  /// written with their names, the remedy is to write them so.
  private mutating func reportSurplus(
    _ entry: OperatorEntry, _ first: Int, _ end: Int, _ arguments: Range<Int>,
    _ binding: ArgumentBinding
  ) {
    let optional = entry.parameters.indices.filter {
      entry.parameters[$0].isNamedOnly && binding.slots[$0] == nil
    }
    let span = tree.arguments[first].span.union(tree.arguments[end - 1].span)
    var remedy = "Write \(entry.signature)."
    let isConstant = (first..<end).allSatisfy { index in
      switch values[tree.arguments[index].value].shape {
      case .constant, .text, .unknownName: true
      default: false
      }
    }
    if isConstant, !optional.isEmpty, end - first <= optional.count {
      let named = zip(first..<end, optional).map {
        "\(entry.parameters[$1].name)=\(tree.text(tree.arguments[$0].span))"
      }
      remedy = "Options are written with their names: \(named.joined(separator: ", "))."
    }
    let positional = entry.parameters.count { !$0.isNamedOnly }
    findings.report(
      "operator_arity_mismatch",
      "Operator \(entry.name) expects \(plural(positional, "argument"))"
        + "\(optional.isEmpty ? "" : " without a name") but got \(end - arguments.lowerBound).",
      at: span, remedy: remedy)
  }

  private func plural(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}
