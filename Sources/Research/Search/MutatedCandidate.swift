package import AlphaLanguage
package import Essentials

/// A candidate with its formula and how it was judged: what children are made of.
package struct MutationParent: Sendable {
  /// The name of the candidate in lineages and events.
  package let key: String
  package let candidate: CandidateAlpha
  package let formula: CheckedFormula
  package let card: ScoreCard

  /// - Parameter key: nil for what ``CandidateKey`` gives; a candidate whose first text was repaired
  ///   keeps the name that it had before.
  package init(
    key: String? = nil, candidate: CandidateAlpha, formula: CheckedFormula, card: ScoreCard
  ) {
    self.key = key ?? CandidateKey.of(formula, candidate.simulation.settings)
    self.candidate = candidate
    self.formula = formula
    self.card = card
  }
}

/// A child, checked, with where it comes from.
package struct MutatedCandidate: Sendable {
  package let key: String
  package let candidate: CandidateAlpha
  package let formula: CheckedFormula
  package let operation: MutationOperator
  /// What was changed, as a clause.
  package let edit: String
  package let parentKey: String
  /// The other parent of a crossover.
  package let partnerKey: String?
  package let lane: Lane
  package let reason: FailureReason
  /// The position among the children that were asked for together.
  package let index: Int

  package var parentKeys: [String] { [parentKey] + (partnerKey.map { [$0] } ?? []) }

  /// The payload of the event `mutation.child_created`.
  package var json: JSONValue {
    [
      "parent_candidate_key": .string(parentKey),
      "partner_candidate_key": partnerKey.map(JSONValue.string) ?? .null,
      "child_candidate_key": .string(key), "mutation_index": .integer(index),
      "mutation_source": .string(operation.source.rawValue),
      "mutation_operator": .string(operation.rawValue), "edit": .string(edit),
      "failure_label": .string(reason.label.rawValue),
      "failure_actions": .strings(reason.actions), "candidate_lane": .string(lane.rawValue),
      "expression": .string(formula.canonicalText),
    ]
  }
}
