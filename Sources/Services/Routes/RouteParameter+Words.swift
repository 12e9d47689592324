import Essentials
package import Networking

extension RouteParameter
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One of an enumeration's words in the query.
  package static func word(
    _ name: String, default standard: Value, _ meaning: String
  ) -> RouteParameter {
    let words = Value.allCases.map(\.rawValue)
    return RouteParameter(
      ParameterContract(
        name, in: .query, meaning,
        schema: [
          "type": "string", "enum": .strings(words), "default": .string(standard.rawValue),
        ], isRequired: false
      ) { text throws(ParameterDefect) in
        guard let text else { return standard }
        guard let value = Value(rawValue: text) else {
          throw ParameterDefect("must be one of \(words.joined(separator: ", "))")
        }
        return value
      })
  }
}
