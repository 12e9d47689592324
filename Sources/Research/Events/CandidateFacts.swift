package import Essentials

/// What an event says of the candidate that it is about, so that a page needs no other event to show
/// it.
package struct CandidateFacts: Hashable, Sendable, ReadableDocument {
  /// A formula in its three forms.
  package struct Formula: Hashable, Sendable, ReadableDocument {
    /// As it was proposed.
    package var text: String
    /// The canonical text, nil where the formula did not check.
    package var canonical: String?
    /// The fingerprint of the canonical text, nil where the formula did not check.
    package var fingerprint: String?

    package init(text: String, canonical: String? = nil, fingerprint: String? = nil) {
      self.text = text
      self.canonical = canonical
      self.fingerprint = fingerprint
    }

    package init(reading reader: inout DocumentReader) {
      text = reader.line("text") ?? ""
      canonical = reader.line("canonical")
      fingerprint = reader.line("fingerprint")
    }

    package var json: JSONValue {
      [
        "text": .string(text), "canonical": .orNull(canonical),
        "fingerprint": .orNull(fingerprint),
      ]
    }
  }

  /// Where a candidate comes from.
  package struct Lineage: Hashable, Sendable, ReadableDocument {
    /// The key of the candidate that it was made from, nil for a first one.
    package var parent: String?
    /// The key of the first ancestor, nil for a first one.
    package var root: String?
    /// 0 for a first one.
    package var generation: Int

    package init(parent: String? = nil, root: String? = nil, generation: Int = 0) {
      self.parent = parent
      self.root = root
      self.generation = generation
    }

    package init(reading reader: inout DocumentReader) {
      parent = reader.line("parent_candidate_key")
      root = reader.line("root_candidate_key")
      generation = reader.whole("generation", in: 0...1_000_000) ?? 0
    }

    package var json: JSONValue {
      [
        "parent_candidate_key": .orNull(parent), "root_candidate_key": .orNull(root),
        "generation": .integer(generation),
      ]
    }
  }

  /// What tells the candidate, settings and formula, from every other; empty where nobody said.
  package var key: String
  /// The name that a simulator gave it, nil before.
  package var alphaID: String?
  package var lane: Lane?
  package var formula: Formula?
  package var usedFields: [String] = []
  package var usedOperators: [String] = []
  /// The subcategories of the data that the formula reads.
  package var usedSubcategories: [String] = []
  package var lineage = Lineage()

  package init(key: String, lane: Lane? = nil, formula: Formula? = nil) {
    self.key = key
    self.lane = lane
    self.formula = formula
  }

  package init(reading reader: inout DocumentReader) {
    key = reader.line("candidate_key") ?? ""
    alphaID = reader.line("alpha_id")
    lane = reader.word("candidate_lane")
    formula = reader.object("formula", Formula.init(reading:))
    usedFields = reader.texts("used_fields") ?? []
    usedOperators = reader.texts("used_operators") ?? []
    usedSubcategories = reader.texts("used_subcategories") ?? []
    lineage = reader.object("lineage", Lineage.init(reading:)) ?? Lineage()
  }

  package var json: JSONValue {
    [
      "candidate_key": .string(key), "alpha_id": .orNull(alphaID),
      "candidate_lane": .orNull(lane?.rawValue), "formula": formula?.json ?? .null,
      "used_fields": .strings(usedFields), "used_operators": .strings(usedOperators),
      "used_subcategories": .strings(usedSubcategories), "lineage": lineage.json,
    ]
  }

  /// The members of an event before its own ones.
  var members: [JSONValue.Member] { json.memberList }

  /// The members with the formula's fingerprint beside them, as agents and validation write them.
  var membersWithFingerprint: [JSONValue.Member] {
    members + [.init("fingerprint", .orNull(formula?.fingerprint))]
  }
}
