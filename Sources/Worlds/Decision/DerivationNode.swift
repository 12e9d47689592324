package import Essentials

/// One step of the reasoning that leads to a verdict, in words, with the figures it rests on.
package struct DerivationNode: Hashable, Sendable {
  /// What the step decided.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case pass, fail, unknown
    /// A fact, or a sum of facts, that decides nothing by itself.
    case none
  }

  /// A stable snake_case name that programs branch on, such as `compare` or `admission`.
  package var code: String
  /// One sentence in English.
  package var text: String
  /// The same in Korean.
  package var koreanText: String
  /// The figure that was looked at; nil where there is none, and where it is unknown.
  package var value: Double?
  /// What the figure was held against; nil where there is nothing.
  package var limit: Double?
  package var outcome: Outcome
  package var children: [DerivationNode]

  package init(
    _ code: String, _ text: String, korean: String, value: Double? = nil, limit: Double? = nil,
    outcome: Outcome = .none, children: [DerivationNode] = []
  ) {
    self.code = code
    self.text = text
    koreanText = korean
    self.value = value.flatMap { $0.isFinite ? $0 : nil }
    self.limit = limit
    self.outcome = outcome
    self.children = children
  }

  /// The tree as JSON, members in the order of their names.
  package var json: JSONValue {
    [
      "children": .array(children.map(\.json)), "code": .string(code),
      "korean": .string(koreanText), "limit": .optional(limit),
      "outcome": .string(outcome.rawValue), "text": .string(text), "value": .optional(value),
    ]
  }

  /// The tree as indented lines of one language, for terminals.
  package func lines(_ text: KeyPath<DerivationNode, String> = \.text, depth: Int = 0) -> [String] {
    let mark =
      switch outcome {
      case .pass: "+ "
      case .fail: "- "
      case .unknown: "? "
      case .none: "  "
      }
    return [String(repeating: "  ", count: depth) + mark + self[keyPath: text]]
      + children.flatMap { $0.lines(text, depth: depth + 1) }
  }
}

extension DerivationNode.Outcome {
  init(_ truth: Truth) {
    switch truth {
    case .yes: self = .pass
    case .no: self = .fail
    case .unknown: self = .unknown
    }
  }

  init(_ isMet: Bool) { self = isMet ? .pass : .fail }
}
