import Essentials

/// The prompt of the alpha maker as the seed documents lay it out, for comparison: one JSON envelope
/// indented by two spaces, with the pack, the lanes again, the knowledge, rules and the schema.
package enum ReferencePrompt {
  /// Writes the envelope of a pack.
  package static func text(idea: IdeaSpec, pack: RetrievalPack, knowledge: KnowledgePack?) -> String
  {
    let told = [
      "idea_id", "query", "target", "selected_subcategories", "candidate_datasets",
      "candidate_fields", "candidate_operators", "lanes", "budget_policy", "expansion_policy",
      "context_guard",
    ]
    let json = pack.json
    let envelope: JSONValue = [
      "agent": "Alpha Maker", "idea": idea.json,
      "retrieval_pack": .object(
        told.compactMap { name in json[name].map { JSONValue.Member(name, $0) } }),
      "knowledge_pack": knowledge?.promptDocument(for: pack) ?? [:],
      "rules": .strings([
        "Return JSON only.", "Follow the CandidateAlpha schema.", "Use type REGULAR.",
        "Use language FASTEXPR.", "Use only candidate fields and operators.",
      ]),
      "output_schema": AnswerSchema.candidate,
    ]
    return envelope.indentedText
  }
}
