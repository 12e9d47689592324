package import Essentials

/// A parameter of a route with the type that its handler reads.
///
/// A route declares its parameters; the router reads all of them before it calls the handler and
/// answers 422 with every defect, so that a handler meets only values that are in their range.
package struct RouteParameter<Value: Sendable>: Sendable {
  package let contract: ParameterContract

  package init(_ contract: ParameterContract) { self.contract = contract }
}

/// Why a parameter cannot be read, as the end of a sentence that begins with its name.
package struct ParameterDefect: Error, Hashable, Sendable {
  package var reason: String

  package init(_ reason: String) { self.reason = reason }
}

/// A parameter as the router reads it and the description of the interface shows it.
package struct ParameterContract: Sendable {
  /// Where a parameter stands in the target.
  package enum Place: String, Hashable, Sendable {
    case path, query
  }

  package let name: String
  package let place: Place
  /// What it means, in one sentence.
  package let meaning: String
  /// The JSON Schema of its values, with the default.
  package let schema: JSONValue
  package let isRequired: Bool
  /// Reads the text of the target, nil where the query does not have it.
  let read: @Sendable (String?) throws(ParameterDefect) -> any Sendable

  package init<Value: Sendable>(
    _ name: String, in place: Place, _ meaning: String, schema: JSONValue, isRequired: Bool,
    read: @escaping @Sendable (String?) throws(ParameterDefect) -> Value
  ) {
    self.name = name
    self.place = place
    self.meaning = meaning
    self.schema = schema
    self.isRequired = isRequired
    self.read = { text throws(ParameterDefect) in try read(text) }
  }
}

extension RouteParameter where Value == Int {
  /// A whole number of the query in a range.
  package static func whole(
    _ name: String, in range: ClosedRange<Int>, default standard: Int, _ meaning: String
  ) -> RouteParameter {
    RouteParameter(
      ParameterContract(
        name, in: .query, meaning,
        schema: [
          "type": "integer", "minimum": .integer(range.lowerBound),
          "maximum": .integer(range.upperBound), "default": .integer(standard),
        ], isRequired: false
      ) { text throws(ParameterDefect) in
        guard let text else { return standard }
        guard let value = Int(text), range.contains(value) else {
          throw ParameterDefect(
            "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
      })
  }
}

extension RouteParameter where Value == Double {
  /// A number of the query in a range.
  package static func number(
    _ name: String, in range: ClosedRange<Double>, default standard: Double, _ meaning: String
  ) -> RouteParameter {
    RouteParameter(
      ParameterContract(
        name, in: .query, meaning,
        schema: [
          "type": "number", "minimum": .number(range.lowerBound),
          "maximum": .number(range.upperBound), "default": .number(standard),
        ], isRequired: false
      ) { text throws(ParameterDefect) in
        guard let text else { return standard }
        guard let value = Double(text), range.contains(value) else {
          throw ParameterDefect("must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
      })
  }
}

extension RouteParameter where Value == Bool {
  /// A switch of the query: `1`, `true`, `0` or `false`.
  package static func flag(
    _ name: String, default standard: Bool = false, _ meaning: String
  ) -> RouteParameter {
    RouteParameter(
      ParameterContract(
        name, in: .query, meaning,
        schema: ["type": "boolean", "default": .bool(standard)], isRequired: false
      ) { text throws(ParameterDefect) in
        switch text {
        case nil: return standard
        case "1", "true": return true
        case "0", "false": return false
        default: throw ParameterDefect("must be 1, true, 0 or false")
        }
      })
  }
}

extension RouteParameter where Value == String {
  /// A segment of the path, such as the name of a run.
  package static func segment(_ name: String, _ meaning: String) -> RouteParameter {
    RouteParameter(
      ParameterContract(
        name, in: .path, meaning,
        schema: ["type": "string", "minLength": 1, "maxLength": .integer(textBytesMax)],
        isRequired: true
      ) { text throws(ParameterDefect) in
        guard let text, !text.isEmpty, text.utf8.count <= textBytesMax else {
          throw ParameterDefect("must be a name of 1 to \(textBytesMax) bytes")
        }
        return text
      })
  }

  private static let textBytesMax = 256
}

extension RouteParameter where Value == String? {
  /// A text of the query that may be missing.
  package static func text(_ name: String, _ meaning: String) -> RouteParameter {
    RouteParameter(
      ParameterContract(
        name, in: .query, meaning, schema: ["type": "string", "maxLength": 256],
        isRequired: false
      ) { text throws(ParameterDefect) in
        guard let text, !text.isEmpty else { return String?.none }
        guard text.utf8.count <= 256 else { throw ParameterDefect("must have at most 256 bytes") }
        return text
      })
  }
}
