package import Essentials

/// An investment idea that alphas are proposed for: one hypothesis and what hints at its data.
package struct IdeaSpec: Hashable, Sendable, ReadableDocument {
  package var ideaID: String
  /// What is believed about prices, in one sentence.
  package var hypothesis: String
  package var themeTags: [String] = []
  package var target = SimulationTarget()
  package var candidateDatasets: [String] = []
  package var keywordsForRetrieval: [String] = []
  package var candidateSubcategories: [String] = []
  package var retrievalContextID: String?
  package var explorationIntent: String?

  package init(ideaID: String, hypothesis: String) {
    self.ideaID = ideaID
    self.hypothesis = hypothesis
  }

  package init(reading reader: inout DocumentReader) {
    ideaID = reader.requiredText("idea_id")
    if let objection = CallRequest.objection(toName: ideaID) {
      reader.noteContradiction(
        "idea_id", objection, remedy: "Write a name of one line that says what the idea is.")
    }
    hypothesis = reader.requiredText("hypothesis")
    themeTags = reader.texts("theme_tags") ?? []
    target = reader.object("target", SimulationTarget.init(reading:)) ?? target
    candidateDatasets = reader.texts("candidate_datasets") ?? []
    keywordsForRetrieval = reader.texts("keywords_for_retrieval") ?? []
    candidateSubcategories = reader.texts("candidate_subcategories") ?? []
    retrievalContextID = reader.line("retrieval_context_id")
    explorationIntent = reader.line("exploration_intent")
  }

  package var json: JSONValue {
    [
      "idea_id": .string(ideaID), "hypothesis": .string(hypothesis),
      "theme_tags": .strings(themeTags), "target": target.json,
      "candidate_datasets": .strings(candidateDatasets),
      "keywords_for_retrieval": .strings(keywordsForRetrieval),
      "candidate_subcategories": .strings(candidateSubcategories),
      "retrieval_context_id": retrievalContextID.map(JSONValue.string) ?? .null,
      "exploration_intent": explorationIntent.map(JSONValue.string) ?? .null,
    ]
  }

  /// What is searched for: the keywords, or the hypothesis where there are none.
  package var query: String {
    keywordsForRetrieval.isEmpty ? hypothesis : keywordsForRetrieval.joined(separator: " ")
  }
}
