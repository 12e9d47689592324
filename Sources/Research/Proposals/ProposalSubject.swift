package import Essentials

/// What a proposal is asked about.
package enum ProposalSubject: Hashable, Sendable {
  /// An idea from a person's notes: an object that may hold category, subcategory, overview,
  /// hypothesis, recent_performance_summary and target.
  case idea(notes: JSONValue)
  /// Formulas for an idea from a pack, none of them among the earlier ones.
  case alphas(idea: IdeaSpec, pack: RetrievalPack, wanted: Int, earlier: [String])
  /// Another text for a candidate that did not check, with what is wrong, a line each.
  case repair(candidate: CandidateAlpha, pack: RetrievalPack, findings: [String])
}
