package import Essentials
package import Networking

/// Chat Completions (`POST /chat/completions`), asked and read: OpenAI's own, and the many servers
/// that speak it, such as Ollama, vLLM and llama.cpp.
package struct ChatCompletionsDialect: ProviderDialect {
  /// Who is spoken to. Local servers ignore or refuse what only OpenAI knows, and the other way
  /// round.
  package enum Flavor: Hashable, Sendable {
    /// The ceiling is `max_completion_tokens`, and instructions come from the developer.
    case openAI
    /// The ceiling is `max_tokens`, which all know; instructions come from the system, and the seed
    /// is sent.
    case compatible
  }

  private let flavor: Flavor

  package init(_ flavor: Flavor) {
    self.flavor = flavor
  }

  package let path = ["chat", "completions"]
  package let keyPlace = KeyPlace.bearer
  package let fields: HTTPHeaders = [:]
  package let outputTokensMin = 1
  package let endMark: String? = "[DONE]"

  /// Returns a body with only such members as the flavor knows.
  package func body(
    _ call: ModelCall, model: String, tuning: ModelTuning, isStreamed: Bool
  ) -> JSONValue {
    let isOpenAI = flavor == .openAI
    var members: [JSONValue.Member] = [
      .init("model", .string(model)),
      .init(
        "response_format",
        [
          "type": "json_schema",
          "json_schema": [
            "name": .string(wireName(call.schemaName)), "strict": .bool(true),
            "schema": call.schema,
          ],
        ]),
      .init(isOpenAI ? "max_completion_tokens" : "max_tokens", .integer(call.maxOutputTokens)),
    ]
    if isOpenAI {
      members += [
        .init("store", .bool(false)),
        // Requests with one key meet the same cache.
        .init("prompt_cache_key", .string(Fingerprint(of: call.instructions).short)),
      ]
    } else {
      // Servers read it into 32 or 63 bits.
      members.append(.init("seed", .integer(Int(call.seed & 0x7FFF_FFFF))))
    }
    if let effort = tuning.effort {
      members.append(.init("reasoning_effort", .string(effort.rawValue)))
    }
    if let verbosity = tuning.verbosity {
      members.append(.init("verbosity", .string(verbosity.rawValue)))
    }
    members.append(.init("stream", .bool(isStreamed)))
    if isStreamed { members.append(.init("stream_options", ["include_usage": .bool(true)])) }
    members.append(
      .init(
        "messages",
        .array([
          ["role": isOpenAI ? "developer" : "system", "content": .string(call.instructions)],
          ["role": "user", "content": .string(call.prompt)],
        ])))
    return .object(members)
  }

  /// Reads a whole answer, which may be an error in the place of one.
  package func read(document: JSONValue, into draft: inout AnswerDraft) {
    draft.isOver = true
    guard readHead(document, into: &draft) else { return }
    guard let choice = document.elements("choices").first, let message = choice.present("message")
    else {
      draft.noteUnreadable("the document has no choices[0].message")
      return
    }
    draft.text = Self.text(message["content"])
    draft.refusal = message.text("refusal") ?? ""
    draft.ending = Self.ending(choice) ?? .finished
  }

  /// Reads one event; those that say nothing about text, usage or ending are passed over.
  package func read(event: JSONValue, into draft: inout AnswerDraft) {
    guard readHead(event, into: &draft) else { return }
    for choice in event.elements("choices") where choice["index"] ?? 0 == 0 {
      let delta = choice["delta"] ?? .null
      draft.text += Self.text(delta["content"])
      draft.refusal += delta.text("refusal") ?? ""
      draft.ending = Self.ending(choice) ?? draft.ending
    }
  }

  /// Reads what stands beside the choices; false where that is an error.
  private func readHead(_ document: JSONValue, into draft: inout AnswerDraft) -> Bool {
    draft.responseID = document.text("id") ?? draft.responseID
    if let usage = document.present("usage") { draft.usage = usage }
    let isFlatError = document.text("object") == "error"
    guard isFlatError || document.present("error") != nil else { return true }
    draft.ending = .failed(ProviderComplaint(status: nil, document: document))
    draft.isOver = true
    return false
  }

  /// A content is a text, or an array of parts of which some are texts.
  private static func text(_ content: JSONValue?) -> String {
    switch content {
    case .string(let text): text
    case .array(let parts): parts.compactMap { $0.text("text") }.joined()
    default: ""
    }
  }

  private static func ending(_ choice: JSONValue) -> AnswerDraft.Ending? {
    if let error = choice.present("error") {
      return .failed(ProviderComplaint(status: nil, document: error))
    }
    return choice.text("finish_reason").map { reason in
      switch reason {
      case "stop", "eos": .finished
      case "length": .cutOff(reason)
      case "content_filter": .filtered
      default: .other(reason)
      }
    }
  }
}
