import Essentials

/// What a prompt is compiled for: the question, and who asks it of which budget.
package struct PromptTask: Hashable, Sendable {
  package var subject: ProposalSubject
  package var run: String
  package var idea: String
  package var lane = Lane.both
  package var identity: ModelIdentity
  /// The length of the answer that the caller would like, in tokens; the budget may allow less.
  package var outputTokensWanted: Int
  package var seed: UInt64 = 0
  package var attempt = 1
  package var owner = ""
  /// The evidence on which the prompt may use the expansion reserve.
  package var expansion: ExpansionClaim?
  /// How new what is proposed is against everything before, nil where nobody measured it.
  package var novelty: Double?
  /// How many subcategories the catalogue has, of which coverage is a share; nil for those of the
  /// pack.
  package var subcategoriesAvailable: Int?

  package init(
    _ subject: ProposalSubject, run: String, idea: String, identity: ModelIdentity,
    outputTokensWanted: Int
  ) {
    self.subject = subject
    self.run = run
    self.idea = idea
    self.identity = identity
    self.outputTokensWanted = outputTokensWanted
  }

  /// The stage that the subject belongs to.
  package var stage: ModelCall.Stage {
    switch subject {
    case .idea: .idea
    case .alphas: .alpha
    case .repair: .repair
    }
  }

  /// The pack that the prompt draws on, nil for an idea.
  package var pack: RetrievalPack? {
    switch subject {
    case .idea: nil
    case .alphas(_, let pack, _, _), .repair(_, let pack, _): pack
    }
  }

  /// The request for a prompt of that many tokens.
  func request(promptTokens: Int, completion: Int) -> CallRequest {
    var request = CallRequest(
      run: run, idea: idea, stage: stage.rawValue, lane: lane, provider: identity.provider,
      model: identity.model, promptTokensMax: promptTokens, completionTokensMax: completion)
    request.attempt = attempt
    request.owner = owner
    request.expansion = expansion
    return request
  }
}
