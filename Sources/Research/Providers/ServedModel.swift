package import Essentials

/// A model as a provider serves it: who is asked, in which dialect and with what tuning.
///
/// Together with a call it says all that a request says.
package struct ServedModel: Hashable, Sendable {
  /// The dialects by name.
  package enum Dialect: String, Hashable, Sendable, CaseIterable {
    case responses
    /// Chat Completions as OpenAI has it.
    case chat
    /// Chat Completions as the servers have it that imitate OpenAI.
    case chatCompatible = "chat_compatible"
    case messages
  }

  package var provider: ProviderKind
  package var model: String
  package var dialect: Dialect
  package var tuning: ModelTuning
  /// Whether the answer is asked for as a stream. All dialects report the usage in streams too.
  package var isStreamed: Bool
  /// The version that Anthropic's interface is asked in.
  package var interfaceVersion = AnthropicMessagesDialect.version

  package init(
    provider: ProviderKind, model: String, dialect: Dialect, tuning: ModelTuning = .plain,
    isStreamed: Bool = true
  ) {
    self.provider = provider
    self.model = model
    self.dialect = dialect
    self.tuning = tuning
    self.isStreamed = isStreamed
  }

  /// The provider and the model by the names that prices know.
  package var identity: ModelIdentity {
    ModelIdentity(provider: provider.rawValue, model: model)
  }

  /// How its servers are spoken to.
  package var speaker: any ProviderDialect {
    switch dialect {
    case .responses: OpenAIResponsesDialect()
    case .chat: ChatCompletionsDialect(.openAI)
    case .chatCompatible: ChatCompletionsDialect(.compatible)
    case .messages: AnthropicMessagesDialect(version: interfaceVersion)
    }
  }

  /// The body of a request.
  package func body(_ call: ModelCall) -> JSONValue {
    speaker.body(call, model: model, tuning: tuning, isStreamed: isStreamed)
  }

  /// What keeps a call from being asked at all, where something does.
  package func refusal(of call: ModelCall) -> ProviderFailure? {
    let accepted = speaker.outputTokensMin
    guard call.maxOutputTokens < accepted else { return nil }
    return ProviderFailure(
      ProviderFailure.Origin(provider: provider.rawValue, model: model),
      .ceilingTooLow(tokens: call.maxOutputTokens, accepted: accepted))
  }
}

extension ServedModel: ReadableDocument {
  package init(reading reader: inout DocumentReader) {
    for name in ["provider", "dialect"] { reader.requireMember(name) }
    self.init(
      provider: reader.word("provider") ?? .chat, model: reader.requiredText("model"),
      dialect: reader.word("dialect") ?? .chatCompatible,
      tuning: reader.object("tuning") { tuning in
        ModelTuning(
          effort: tuning.word("effort"), verbosity: tuning.word("verbosity"),
          summary: tuning.word("summary"))
      } ?? .plain,
      isStreamed: reader.flag("streamed") ?? true)
  }

  /// The object that a recording holds.
  package var json: JSONValue {
    [
      "provider": .string(provider.rawValue), "model": .string(model),
      "dialect": .string(dialect.rawValue), "tuning": tuning.json ?? [:],
      "streamed": .bool(isStreamed),
    ]
  }
}
