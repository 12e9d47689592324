import Essentials

extension PolicyExpression: CustomStringConvertible {
  /// The canonical text: the same for every way to write the expression, and read as the expression
  /// again. Words for the logical operations, windows after `@`, fractions instead of percent, and
  /// the fewest parentheses.
  package var description: String { text(binding: 0) }

  /// Places of the grammar, from the loosest to the tightest.
  private enum Binding {
    static let or = 1
    static let and = 2
    static let not = 3
    static let compare = 4
    static let sum = 5
    static let product = 6
    static let unary = 7
    static let power = 8
    static let atom = 9
  }

  /// The text for a place of the grammar, in parentheses where the place is tighter.
  private func text(binding wanted: Int) -> String {
    let (text, own) = written
    return own < wanted ? "(\(text))" : text
  }

  private var written: (text: String, binding: Int) {
    switch self {
    case .number(let value):
      return (
        JSONValue.number(value).compactText, value.sign == .minus ? Binding.unary : Binding.atom
      )
    case .duration(let span): return (span.description, Binding.atom)
    case .boolean(let value): return (value ? "true" : "false", Binding.atom)
    case .metric(let name): return (name.description, Binding.atom)
    case .negative(let operand):
      return ("-\(operand.text(binding: Binding.unary))", Binding.unary)
    case .not(let operand): return ("not \(operand.text(binding: Binding.not))", Binding.not)
    case .within(let value, let low, let high):
      let parts = [value, low, high].map { $0.text(binding: Binding.sum) }
      return ("\(parts[0]) in [\(parts[1]), \(parts[2])]", Binding.compare)
    case .call(let function, let arguments):
      let list = arguments.map { $0.text(binding: Binding.or) }.joined(separator: ", ")
      return ("\(function.rawValue)(\(list))", Binding.atom)
    case .binary(let operation, let left, let right):
      let (own, first, second) = Self.bindings(operation)
      let glue = operation == .power ? "^" : " \(operation.rawValue) "
      return (left.text(binding: first) + glue + right.text(binding: second), own)
    }
  }

  /// The place of an operation and those of its operands.
  private static func bindings(_ operation: PolicyOperator) -> (own: Int, left: Int, right: Int) {
    switch operation {
    case .or: (Binding.or, Binding.or, Binding.and)
    case .and: (Binding.and, Binding.and, Binding.not)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .unequal:
      (Binding.compare, Binding.sum, Binding.sum)
    case .plus, .minus: (Binding.sum, Binding.sum, Binding.product)
    case .times, .over: (Binding.product, Binding.product, Binding.unary)
    case .power: (Binding.power, Binding.atom, Binding.unary)
    }
  }

  /// Reads one expression of a type. The names are those of the catalog and of `external`.
  package init(
    reading text: String, as type: PolicyType, external: [String] = []
  ) throws(PolicyFailure) {
    let (expression, mistakes) = PolicyParser.parse(
      text, as: type, catalog: MetricCatalog(external: external))
    guard let expression else {
      let sources = PolicySources(name: "expression", text: text)
      throw PolicyFailure(
        findings: mistakes.map { sources.finding(.error, $0) })
    }
    self = expression
  }
}
