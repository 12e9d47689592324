package import Essentials

extension PolicyForm<PolicyExpression> {
  /// An expression of a type.
  static func expression(_ type: PolicyType) -> PolicyForm {
    PolicyForm(
      read: { value, reader in reader.expression(value, type) },
      write: { .string($0.description) },
      schema: [JSONValue.Member("type", .strings(["string", "number", "boolean"]))])
  }
}

extension PolicyForm<PolicyGate> {
  /// A condition: an expression, a list of which all must hold, or one of and, or, not and side.
  static let gate = PolicyForm(
    read: { value, reader in reader.gate(value) }, write: { $0.json },
    schema: [JSONValue.Member("$ref", "#/$defs/gate")])
}

extension PolicyGate {
  /// The canonical form: texts for expressions, `[]` for the gate that everything passes.
  package var json: JSONValue {
    switch self {
    case .expression(let expression): .string(expression.description)
    case .and([]): .array([])
    case .and(let parts): .object([JSONValue.Member("and", .array(parts.map(\.json)))])
    case .or(let parts): .object([JSONValue.Member("or", .array(parts.map(\.json)))])
    case .not(let gate): .object([JSONValue.Member("not", gate.json)])
    case .side(let long, let short):
      .object([
        JSONValue.Member(
          "side",
          .object(
            [("long", long), ("short", short)].compactMap { name, gate in
              gate.map { JSONValue.Member(name, $0.json) }
            }))
      ])
    }
  }
}

extension PolicyReader {
  fileprivate mutating func expression(
    _ value: LocatedValue, _ type: PolicyType
  ) -> PolicyExpression? {
    guard let scalar = value.scalar, !value.isNull else {
      refuse(value, "is \(value.kind)", "Write an expression such as `sharpe@mid >= 0.5`.")
      return nil
    }
    let (expression, mistakes) = PolicyParser.parse(scalar.text, as: type, catalog: catalog)
    note(mistakes, in: value)
    return expression
  }

  fileprivate mutating func gate(_ value: LocatedValue) -> PolicyGate? {
    switch value.content {
    case .scalar: return expression(value, .bool).map(PolicyGate.expression)
    case .sequence(let elements): return conditions(elements).map(PolicyGate.and)
    case .mapping(let entries):
      let names = ["and", "or", "not", "side"]
      guard entries.count == 1, let entry = entries.first else {
        refuse(
          value, "ambiguous_gate", "has \(entries.count) keys where one is expected",
          "Write one of \(Self.list(names)); a list joins several conditions.")
        return nil
      }
      guard names.contains(entry.key) else {
        noteUnknown(entry, among: names)
        return nil
      }
      return inside(entry.key, at: entry.value.span) { $0.gate(entry) }
    }
  }

  private mutating func gate(_ entry: LocatedValue.Entry) -> PolicyGate? {
    let value = entry.value
    switch entry.key {
    case "not": return gate(value).map(PolicyGate.not)
    case "side": return sides(value)
    default:
      guard let elements = value.elements, !elements.isEmpty else {
        refuse(
          value, "empty_gate", value.elements == nil ? "is \(value.kind)" : "is empty",
          "Write a list of conditions.")
        return nil
      }
      return conditions(elements).map(entry.key == "and" ? PolicyGate.and : PolicyGate.or)
    }
  }

  private mutating func conditions(_ elements: [LocatedValue]) -> [PolicyGate]? {
    let gates = elements.enumerated().compactMap { index, element in
      inside("[\(index)]", at: element.span) { $0.gate(element) }
    }
    return gates.count == elements.count ? gates : nil
  }

  private mutating func sides(_ value: LocatedValue) -> PolicyGate? {
    guard let entries = value.entries, !entries.isEmpty else {
      refuse(value, "empty_gate", "is \(value.kind)", "Write a condition under long or short.")
      return nil
    }
    var gates: [String: PolicyGate] = [:]
    var isSound = true
    for entry in entries {
      guard TradingSide(rawValue: entry.key) != nil else {
        noteUnknown(entry, among: TradingSide.allCases.map(\.rawValue))
        isSound = false
        continue
      }
      if let gate = inside(entry.key, at: entry.value.span, { $0.gate(entry.value) }) {
        gates[entry.key] = gate
      } else {
        isSound = false
      }
    }
    return isSound ? .side(long: gates["long"], short: gates["short"]) : nil
  }
}
