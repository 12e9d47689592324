package import Essentials
package import Networking

/// Anthropic's Messages (`POST /v1/messages`), asked and read.
///
/// The instructions are marked for the provider's cache. What reading and writing that cache costs
/// is in the usage, beside `input_tokens`.
package struct AnthropicMessagesDialect: ProviderDialect {
  /// The version of the interface that every request names.
  package let version: String

  /// The version that has been served for longest.
  package static let version = "2023-06-01"

  package init(version: String = Self.version) {
    self.version = version
  }

  package let path = ["messages"]
  package let keyPlace = KeyPlace.field("x-api-key")
  package var fields: HTTPHeaders { ["anthropic-version": version] }
  package let outputTokensMin = 1
  package let endMark: String? = nil

  /// Returns the body of a request. The instructions are a block of their own that ends what the cache keeps.
  package func body(
    _ call: ModelCall, model: String, tuning: ModelTuning, isStreamed: Bool
  ) -> JSONValue {
    var output: [JSONValue.Member] = []
    if let effort = Self.effort(tuning.effort) {
      output.append(.init("effort", .string(effort)))
    }
    output.append(.init("format", ["type": "json_schema", "schema": call.schema]))
    var members: [JSONValue.Member] = [
      .init("model", .string(model)),
      .init("max_tokens", .integer(call.maxOutputTokens)),
      .init("output_config", .object(output)),
    ]
    if tuning.effort == ModelTuning.Effort.none {
      members.append(.init("thinking", ["type": "disabled"]))
    }
    members += [
      .init("stream", .bool(isStreamed)),
      .init(
        "system",
        .array([
          [
            "type": "text", "text": .string(call.instructions),
            "cache_control": ["type": "ephemeral"],
          ]
        ])),
      .init("messages", .array([["role": "user", "content": .string(call.prompt)]])),
    ]
    return .object(members)
  }

  /// The provider's word for an effort; it has none below `low`.
  private static func effort(_ effort: ModelTuning.Effort?) -> String? {
    switch effort {
    case nil, .some(.none): nil
    case .minimal: "low"
    case .some(let effort): effort.rawValue
    }
  }

  /// Reads a whole answer, which may be an error in the place of one.
  package func read(document: JSONValue, into draft: inout AnswerDraft) {
    draft.isOver = true
    draft.responseID = document.text("id") ?? draft.responseID
    draft.settle(usage: document["usage"])
    if document.text("type") == "error" || document.present("error") != nil {
      draft.ending = .failed(ProviderComplaint(status: nil, document: document))
      return
    }
    guard case .array = document["content"] else {
      draft.noteUnreadable("the document has no content")
      return
    }
    draft.text = document.elements("content").filter { $0.text("type") == "text" }
      .compactMap { $0.text("text") }.joined()
    draft.ending = Self.ending(document)
    if draft.ending == nil { draft.noteUnreadable("the document has no stop_reason") }
  }

  /// Reads one event; those that say nothing about text, usage or ending are passed over.
  package func read(event: JSONValue, into draft: inout AnswerDraft) {
    switch event.text("type") {
    case "message_start":
      draft.responseID = event["message"]?.text("id") ?? draft.responseID
      draft.usageSoFar = event["message"]?.present("usage")
    case "content_block_start":
      let block = event["content_block"] ?? .null
      if block.text("type") == "text" { draft.text += block.text("text") ?? "" }
    case "content_block_delta":
      let delta = event["delta"] ?? .null
      if delta.text("type") == "text_delta" { draft.text += delta.text("text") ?? "" }
    case "message_delta":
      draft.settle(usage: event["usage"])
      draft.ending = Self.ending(event["delta"] ?? .null) ?? draft.ending
    case "message_stop": draft.isOver = true
    case "error":
      draft.ending = .failed(ProviderComplaint(status: nil, document: event))
      draft.isOver = true
    default: break
    }
  }

  private static func ending(_ message: JSONValue) -> AnswerDraft.Ending? {
    message.text("stop_reason").map { reason in
      switch reason {
      case "end_turn", "stop_sequence": .finished
      case "max_tokens", "model_context_window_exceeded": .cutOff(reason)
      case "refusal": .declined
      default: .other(reason)
      }
    }
  }
}
