package import Essentials

/// How many candidates of each kind a pack may hold, and how they are divided between the lanes.
///
/// The counts of both lanes together are the room of a kind. `exploitRatio` and `exploreRatio` divide
/// that room, and the explore lane never has less than its own count, so that neither a small ratio
/// nor a small count starves it.
package struct RetrievalBudget: Hashable, Sendable {
  /// Counts for one lane.
  package struct Counts: Hashable, Sendable {
    package var subcategories: Int
    package var datasets: Int
    package var fields: Int
    package var operators: Int

    package init(subcategories: Int, datasets: Int, fields: Int, operators: Int) {
      (self.subcategories, self.datasets) = (subcategories, datasets)
      (self.fields, self.operators) = (fields, operators)
    }
  }

  /// When and how a pack grows after repeated validation errors.
  package struct Expansion: Hashable, Sendable {
    package var isEnabled = true
    /// How often one error must be repeated.
    package var repeatedErrorTrigger = 2
    /// What ``RetrievalBudget/expanded(by:)`` multiplies every count with by ``Rule/factor``.
    package var factor = 1.5

    package init() {}
  }

  /// What an expansion does.
  package enum Rule: String, Hashable, Sendable, CaseIterable {
    /// Fields by a half, operators by three tenths, and one more subcategory to exploit.
    case documented
    /// Every count times the factor of the expansion.
    case factor
  }

  package var exploitRatio = 0.7
  package var exploreRatio = 0.3
  package var exploit = Counts(subcategories: 4, datasets: 14, fields: 60, operators: 48)
  package var explore = Counts(subcategories: 1, datasets: 3, fields: 12, operators: 12)
  package var expansion = Expansion()

  /// The defaults, which hold where there is no file.
  package init() {}

  /// The room of a kind: the counts of both lanes together, and what of it explores.
  func room(_ kind: KeyPath<Counts, Int>) -> (total: Int, explore: Int) {
    let total = exploit[keyPath: kind] + explore[keyPath: kind]
    let share = (exploreRatio / (exploitRatio + exploreRatio) * Double(total)).rounded()
    let wanted = exploreRatio > 0 ? max(explore[keyPath: kind], Int(share)) : 0
    return (total, min(wanted, total))
  }

  /// Returns the budget for a pack that is built again after repeated errors.
  package func expanded(by rule: Rule = .documented) -> RetrievalBudget {
    guard expansion.isEnabled else { return self }
    var budget = self
    switch rule {
    case .documented:
      for lane in [\RetrievalBudget.exploit, \.explore] {
        budget[keyPath: lane].fields = Self.scaled(self[keyPath: lane].fields, by: 1.5)
        budget[keyPath: lane].operators = Self.scaled(self[keyPath: lane].operators, by: 1.3)
      }
      budget.exploit.subcategories += 1
    case .factor:
      for lane in [\RetrievalBudget.exploit, \.explore] {
        for kind in [\Counts.subcategories, \.datasets, \.fields, \.operators] {
          budget[keyPath: lane][keyPath: kind] = Self.scaled(
            self[keyPath: lane][keyPath: kind], by: expansion.factor)
        }
      }
    }
    return budget
  }

  /// Multiplies a count and rounds to the nearest whole number, a half to the even one; at least 1
  /// remains of a count that was not 0.
  static func scaled(_ count: Int, by factor: Double) -> Int {
    count == 0 ? 0 : max(1, Int((Double(count) * factor).rounded(.toNearestOrEven)))
  }
}

// MARK: - Document

extension RetrievalBudget {
  /// The largest count that a budget may name.
  static let countMax = 10_000

  /// Reads a budget; keys that are missing or null keep their defaults, unknown keys are errors.
  package init(text: String, path: String) throws(DocumentFailure) {
    self = try DocumentReader.read(
      text: text, document: path, unknown: .refused, Self.init(reading:))
  }

  private init(reading reader: inout DocumentReader) {
    self.init()
    exploitRatio = reader.number("exploit_ratio", in: 0...1) ?? exploitRatio
    exploreRatio = reader.number("explore_ratio", in: 0...1) ?? exploreRatio
    exploit = reader.object("exploit") { Counts(reading: &$0, default: exploit) } ?? exploit
    explore = reader.object("explore") { Counts(reading: &$0, default: explore) } ?? explore
    expansion = reader.object("expansion_policy", Expansion.init(reading:)) ?? expansion
    if abs(exploitRatio + exploreRatio - 1) > 1e-9 {
      reader.noteContradiction(
        "explore_ratio", "and exploit_ratio do not add up to 1",
        remedy: "Write shares such as 0.7 and 0.3.")
    }
    for kind in [\Counts.subcategories, \.datasets, \.fields, \.operators]
    where exploit[keyPath: kind] + explore[keyPath: kind] == 0 {
      reader.noteContradiction(
        "exploit", "leaves a kind without any room", remedy: "Give every kind a count above 0.")
      break
    }
  }

  /// The ratios and counts, as packs carry them.
  package var policy: JSONValue {
    [
      "exploit_ratio": .number(exploitRatio), "explore_ratio": .number(exploreRatio),
      "exploit": exploit.json, "explore": explore.json,
    ]
  }

  /// The whole budget, which reads back to the same.
  package var json: JSONValue {
    guard case .object(let members) = policy else { return policy }
    return .object(members + [.init("expansion_policy", expansion.json)])
  }
}

extension RetrievalBudget.Counts {
  fileprivate init(reading reader: inout DocumentReader, default counts: Self) {
    let range = 0...RetrievalBudget.countMax
    self.init(
      subcategories: reader.whole("subcategories", in: range) ?? counts.subcategories,
      datasets: reader.whole("datasets", in: range) ?? counts.datasets,
      fields: reader.whole("fields", in: range) ?? counts.fields,
      operators: reader.whole("operators", in: range) ?? counts.operators)
    reader.finish()
  }

  fileprivate var json: JSONValue {
    [
      "subcategories": .integer(subcategories), "datasets": .integer(datasets),
      "fields": .integer(fields), "operators": .integer(operators),
    ]
  }
}

extension RetrievalBudget.Expansion {
  fileprivate init(reading reader: inout DocumentReader) {
    isEnabled = reader.flag("enabled") ?? isEnabled
    repeatedErrorTrigger =
      reader.whole("trigger_on_repeated_validation_error", in: 1...1_000) ?? repeatedErrorTrigger
    factor = reader.number("topk_expand_factor", in: 1...10) ?? factor
    reader.finish()
  }

  /// The policy as packs carry it.
  package var json: JSONValue {
    [
      "enabled": .bool(isEnabled),
      "trigger_on_repeated_validation_error": .integer(repeatedErrorTrigger),
      "topk_expand_factor": .number(factor),
    ]
  }
}
