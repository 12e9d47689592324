package import Essentials

/// How hard a model shall think and how much it shall say. What is nil is not asked for, so that
/// servers that do not know it never see it.
package struct ModelTuning: Hashable, Sendable {
  /// How many tokens a model may spend on thinking.
  package enum Effort: String, Hashable, Sendable, CaseIterable {
    case none, minimal, low, medium, high, xhigh, max
  }

  /// How long an answer is.
  package enum Verbosity: String, Hashable, Sendable, CaseIterable {
    case low, medium, high
  }

  /// How a model retells its thinking.
  package enum Summary: String, Hashable, Sendable, CaseIterable {
    case auto, concise, detailed
  }

  package var effort: Effort?
  package var verbosity: Verbosity?
  package var summary: Summary?

  package init(effort: Effort? = nil, verbosity: Verbosity? = nil, summary: Summary? = nil) {
    self.effort = effort
    self.verbosity = verbosity
    self.summary = summary
  }

  /// Asks for nothing.
  package static let plain = ModelTuning()

  /// What is asked for, as `UsagePoint` keeps it; nil where that is nothing.
  package var json: JSONValue? {
    let members = [
      effort.map { JSONValue.Member("effort", .string($0.rawValue)) },
      summary.map { JSONValue.Member("summary", .string($0.rawValue)) },
      verbosity.map { JSONValue.Member("verbosity", .string($0.rawValue)) },
    ].compactMap { $0 }
    return members.isEmpty ? nil : .object(members)
  }
}
