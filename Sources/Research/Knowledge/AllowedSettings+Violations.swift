import Essentials

extension AllowedSettings {
  /// A setting whose value is not among those allowed.
  package struct Violation: Hashable, Sendable {
    /// The setting's name, such as `universe`.
    package let name: String
    /// One sentence with the value.
    package let message: String
    /// What to write instead.
    package let remedy: String
  }

  /// Returns what is not allowed, in the order in which the settings are offered.
  ///
  /// A setting that nothing is known of may have any value. Where the value of a setting is not
  /// offered, those that depend on it are not judged: nothing is known of them either.
  package func violations(of settings: CandidateSettings) -> [Violation] {
    var names: [String] = []
    for choice in choices where !names.contains(choice.key) { names.append(choice.key) }
    let asked = settings.json
    var violations: [Violation] = []
    for name in names {
      guard let value = asked[name].flatMap(Self.text) else { continue }
      let offered = choices.filter { choice in
        choice.key == name
          && choice.conditions.allSatisfy { condition in
            asked[condition.key].flatMap(Self.text).map { Self.isSame($0, condition.value) } ?? true
          }
      }
      guard !offered.isEmpty,
        !offered.contains(where: { choice in
          choice.values.contains { Self.isSame($0, value) }
        })
      else { continue }
      var allowed: [String] = []
      for choice in offered {
        for word in choice.values where !allowed.contains(word) { allowed.append(word) }
      }
      let near = nearestName(to: value, among: allowed)
      violations.append(
        Violation(
          name: name, message: "The setting \(name) is \(value), which is not offered.",
          remedy: near.map { "Write \($0)." }
            ?? "Write one of \(allowed.joined(separator: ", "))."))
    }
    return violations
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): text
    case .null: nil
    default: value.compactText
    }
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    left.uppercased() == right.uppercased()
  }
}
