/// What an expression of a policy says.
package enum PolicyType: String, Hashable, Sendable, CaseIterable {
  case bool, number, duration

  /// With its article, for sentences.
  var phrase: String {
    switch self {
    case .bool: "a condition"
    case .number: "a number"
    case .duration: "a duration"
    }
  }
}
