package import Essentials
package import Networking

/// OpenAI's Responses (`POST /responses`), asked and read.
///
/// Nothing is stored at the provider (`store` is false). The ceiling `max_output_tokens` counts
/// reasoning too.
package struct OpenAIResponsesDialect: ProviderDialect {
  package init() {}

  package let path = ["responses"]
  package let keyPlace = KeyPlace.bearer
  package let fields: HTTPHeaders = [:]
  package let outputTokensMin = 16
  package let endMark: String? = nil

  /// Returns the body of a request. The instructions and the schema stand before the prompt; nothing is stored.
  package func body(
    _ call: ModelCall, model: String, tuning: ModelTuning, isStreamed: Bool
  ) -> JSONValue {
    var text: [JSONValue.Member] = [
      .init(
        "format",
        [
          "type": "json_schema", "name": .string(wireName(call.schemaName)), "strict": .bool(true),
          "schema": call.schema,
        ])
    ]
    if let verbosity = tuning.verbosity {
      text.append(.init("verbosity", .string(verbosity.rawValue)))
    }
    var reasoning: [JSONValue.Member] = []
    if let effort = tuning.effort {
      reasoning.append(.init("effort", .string(effort.rawValue)))
    }
    if let summary = tuning.summary {
      reasoning.append(.init("summary", .string(summary.rawValue)))
    }
    var members: [JSONValue.Member] = [
      .init("model", .string(model)),
      .init("instructions", .string(call.instructions)),
      .init("text", .object(text)),
    ]
    if !reasoning.isEmpty { members.append(.init("reasoning", .object(reasoning))) }
    members += [
      .init("max_output_tokens", .integer(call.maxOutputTokens)),
      .init("store", .bool(false)),
      // Requests with one key meet the same cache.
      .init("prompt_cache_key", .string(Fingerprint(of: call.instructions).short)),
      .init("stream", .bool(isStreamed)),
      .init("input", .string(call.prompt)),
    ]
    return .object(members)
  }

  /// Reads a whole answer, which may be an error in the place of one.
  package func read(document: JSONValue, into draft: inout AnswerDraft) {
    draft.responseID = document.text("id") ?? draft.responseID
    draft.settle(usage: document["usage"])
    draft.isOver = true
    if let error = document.present("error") {
      draft.ending = .failed(ProviderComplaint(status: nil, document: error))
      return
    }
    let parts = document.elements("output").filter { $0.text("type") == "message" }
      .flatMap { $0.elements("content") }
    let texts = parts.filter { $0.text("type") == "output_text" }.compactMap { $0.text("text") }
    let whole = texts.isEmpty ? document.text("output_text") ?? "" : texts.joined()
    if !whole.isEmpty { draft.text = whole }
    let refusals = parts.filter { $0.text("type") == "refusal" }.compactMap { $0.text("refusal") }
    if !refusals.isEmpty { draft.refusal = refusals.joined() }

    switch document.text("status") {
    case "completed": draft.ending = .finished
    case "incomplete":
      let reason = document["incomplete_details"]?.text("reason") ?? "incomplete"
      draft.ending = reason == "content_filter" ? .filtered : .cutOff(reason)
    case let status?: draft.ending = .other(status)
    // Servers that imitate the interface leave the status out.
    case nil where !texts.isEmpty: draft.ending = .finished
    case nil: draft.noteUnreadable("the document has neither a status nor a text")
    }
  }

  /// Reads one event; those that say nothing about text, usage or ending are passed over.
  package func read(event: JSONValue, into draft: inout AnswerDraft) {
    switch event.text("type") {
    case "response.created", "response.in_progress", "response.queued":
      draft.responseID = event["response"]?.text("id") ?? draft.responseID
    case "response.output_text.delta": draft.text += event.text("delta") ?? ""
    case "response.refusal.delta": draft.refusal += event.text("delta") ?? ""
    case "response.completed", "response.incomplete", "response.failed", "response.cancelled":
      read(document: event["response"] ?? .null, into: &draft)
    case "error":
      draft.ending = .failed(ProviderComplaint(status: nil, document: event.errorObject))
      draft.isOver = true
    case nil where event.present("error") != nil:
      draft.ending = .failed(ProviderComplaint(status: nil, document: event))
      draft.isOver = true
    default: break
    }
  }
}

extension JSONValue {
  /// An error event without its own `type`, which names the event and not the error.
  fileprivate var errorObject: JSONValue {
    guard present("error") == nil, case .object(let members) = self else { return self }
    return .object(members.filter { $0.name != "type" })
  }
}
