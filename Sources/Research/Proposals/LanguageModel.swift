package import Essentials

/// Something that answers questions with text: a provider's model over HTTP, a recording of one, or
/// the offline proposer.
///
/// A model neither asks for a budget nor repairs an answer: whoever calls it reserves before and
/// settles afterwards, whatever came back.
package protocol LanguageModel: Sendable {
  /// The provider and the model as prices and events name them, such as `openai` and `gpt-5.2`.
  var identity: ModelIdentity { get }

  /// Asks once. Every outcome that may have cost money says so.
  func answer(_ call: ModelCall) async -> ModelOutcome
}

/// The name of a model.
package struct ModelIdentity: Hashable, Sendable {
  package let provider: String
  package let model: String

  package init(provider: String, model: String) {
    self.provider = provider
    self.model = model
  }
}

/// The text that a model gave, with what its provider said about it.
package struct ModelAnswer: Hashable, Sendable {
  package var text: String
  /// The provider's `usage` object as it came, nil where it sent none.
  package var usage: JSONValue?
  package var responseID: String?
  /// Whether the answer ends where the model wanted it to, not at the ceiling or a broken stream.
  package var isComplete: Bool
  /// Whether it came from the cache of this desk, so that nothing was sent and nothing is owed.
  package var isFromCache: Bool

  package init(
    text: String, usage: JSONValue?, responseID: String? = nil, isComplete: Bool = true,
    isFromCache: Bool = false
  ) {
    self.text = text
    self.usage = usage
    self.responseID = responseID
    self.isComplete = isComplete
    self.isFromCache = isFromCache
  }
}

/// What became of a call.
package enum ModelOutcome: Sendable {
  case answered(ModelAnswer)
  /// The call failed and certainly cost nothing: it was never sent, or was refused at the door.
  case refused(any ExplainedFailure)
  /// The call failed after it was sent, so that it may have cost; what is known of it comes along.
  case lost(any ExplainedFailure, partial: ModelAnswer?)
}
