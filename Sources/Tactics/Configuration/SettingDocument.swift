/// Where settings come from; later layers hold over earlier ones.
package enum SettingLayer: String, Hashable, Sendable, CaseIterable, Comparable {
  case defaults, profile
  case operatorFile = "operator"
  case tuned
  case commandLine = "command_line"

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// The text of one layer.
package struct SettingDocument: Hashable, Sendable {
  package var layer: SettingLayer
  /// What findings call the text: a file, or a word.
  package var name: String
  /// YAML, or JSON, which is YAML: a mapping of groups, of paths such as `entry.costs.net_min`, or
  /// of the names of the specification such as `ENTRY_NET_EXPECTANCY_MIN_CHOP`.
  package var text: String

  package init(_ layer: SettingLayer, named name: String, text: String) {
    self.layer = layer
    self.name = name
    self.text = text
  }

  /// The layer of a command line, whose arguments are written `KEY=VALUE`.
  ///
  /// What is no such argument becomes a line that reading refuses with its text underlined.
  package static func commandLine(_ assignments: [String]) -> SettingDocument {
    let lines = assignments.map { assignment in
      guard let mark = assignment.firstIndex(of: "=") else { return assignment }
      return "\(assignment[..<mark]): \(assignment[assignment.index(after: mark)...])"
    }
    return SettingDocument(
      .commandLine, named: "command line", text: lines.joined(separator: "\n") + "\n")
  }
}

/// Where a value was said.
package struct SettingOrigin: Hashable, Sendable, CustomStringConvertible {
  package var layer: SettingLayer
  /// The document; empty for a shipped default.
  package var document: String
  /// From 1; 0 for a shipped default.
  package var line: Int

  package init(layer: SettingLayer, document: String, line: Int) {
    self.layer = layer
    self.document = document
    self.line = line
  }

  /// The shipped defaults.
  package static let shipped = SettingOrigin(layer: .defaults, document: "", line: 0)

  package var description: String {
    line == 0 ? "shipped default" : "\(document):\(line) (\(layer.rawValue))"
  }
}
