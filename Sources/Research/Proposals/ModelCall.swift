package import Essentials

/// One question to a language model, as text for models that read and as values for those that
/// compute.
package struct ModelCall: Hashable, Sendable {
  /// What is asked for.
  package enum Stage: String, Hashable, Sendable, CaseIterable {
    /// An idea: the answer is an `IdeaSpec`.
    case idea = "idea_research"
    /// Alphas for an idea: the answer is `{"candidates": [ShortCandidate]}`, or one `CandidateAlpha`
    /// where one is wanted.
    case alpha = "alpha_maker"
    /// A formula in place of one that did not check: the answer is a `CandidateAlpha`.
    case repair = "repair"
  }

  package var stage: Stage
  /// The part that stays the same from call to call, sent first so that providers can cache it.
  package var instructions: String
  /// The part that changes.
  package var prompt: String
  package var schemaName: String
  /// The JSON Schema of the answer, strict: every property required, none added.
  package var schema: JSONValue
  /// The most tokens that the answer may have, reasoning included: what the budget reserved.
  package var maxOutputTokens: Int
  /// Where chance begins, for models that take a seed.
  package var seed: UInt64
  /// What the texts say, as values.
  package var subject: ProposalSubject

  package init(
    stage: Stage, instructions: String, prompt: String, schemaName: String, schema: JSONValue,
    maxOutputTokens: Int, seed: UInt64, subject: ProposalSubject
  ) {
    self.stage = stage
    self.instructions = instructions
    self.prompt = prompt
    self.schemaName = schemaName
    self.schema = schema
    self.maxOutputTokens = maxOutputTokens
    self.seed = seed
    self.subject = subject
  }
}
