import Essentials

// The shapes of OpenAI's Responses and Chat Completions.

extension ProviderTranscript {
  private static let refusal = "I'm sorry, I cannot help with that."

  // MARK: Responses

  /// The response object; `isBegun` as it stands in the first event of a stream.
  private func response(isBegun: Bool) -> String {
    let status: String
    var details = "null"
    switch ending {
    case _ where isBegun: status = "in_progress"
    case .finished, .refused: status = "completed"
    case .cutOff:
      status = "incomplete"
      details = #"{"reason":"max_output_tokens"}"#
    case .filtered:
      status = "incomplete"
      details = #"{"reason":"content_filter"}"#
    }
    let part =
      ending == .refused
      ? #"{"type":"refusal","refusal":\#(quoted(Self.refusal))}"#
      : #"{"type":"output_text","text":\#(quoted(text)),"annotations":[],"logprobs":[]}"#
    let output =
      isBegun
      ? "[]"
      : """
      [{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"hidden"}]},\
      {"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[\(part)]}]
      """
    return """
      {"id":"resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b","object":"response",\
      "created_at":1741476542,"status":"\(status)","error":null,"incomplete_details":\(details),\
      "instructions":null,"max_output_tokens":2200,"model":"gpt-5.2","output":\(output),\
      "parallel_tool_calls":true,"store":false,"usage":\(isBegun ? "null" : usage ?? "null")}
      """
  }

  var responsesDocument: String { response(isBegun: false) }

  var responsesEvents: [String] {
    var number = -1
    func event(_ type: String, _ members: String) -> String {
      number += 1
      return """
        event: \(type)
        data: {"type":"\(type)","sequence_number":\(number),\(members)}


        """
    }
    let place = #""item_id":"msg_1","output_index":1,"content_index":0"#
    var events = [
      event("response.created", #""response":\#(response(isBegun: true))"#),
      event("response.in_progress", #""response":\#(response(isBegun: true))"#),
      event(
        "response.output_item.added", #""output_index":1,"item":{"id":"msg_1","type":"message"}"#),
      event("response.reasoning_summary_text.delta", #""delta":"hidden""#),
    ]
    if ending == .refused {
      events.append(
        event("response.refusal.delta", "\(place),\"delta\":\(quoted(Self.refusal))"))
    } else {
      events += pieces.map {
        event(
          "response.output_text.delta", "\(place),\"delta\":\(quoted($0)),\"obfuscation\":\"x\"")
      }
      events.append(event("response.output_text.done", "\(place),\"text\":\(quoted(text))"))
    }
    let isWhole = ending == .finished || ending == .refused
    events.append(
      event(
        isWhole ? "response.completed" : "response.incomplete",
        #""response":\#(response(isBegun: false))"#))
    return events
  }

  static let responsesError = """
    event: error
    data: {"type":"error","sequence_number":9,"code":"server_error","message":"The server had an \
    error while processing your request.","param":null}


    """

  // MARK: Chat Completions

  private var finishReason: String {
    switch ending {
    case .finished, .refused: "stop"
    case .cutOff: "length"
    case .filtered: "content_filter"
    }
  }

  var chatDocument: String {
    let message =
      ending == .refused
      ? #""content":null,"refusal":\#(quoted(Self.refusal))"#
      : #""content":\#(quoted(text)),"refusal":null"#
    let usage = usage.map { #","usage":\#($0)"# } ?? ""
    return """
      {"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion",\
      "created":1741569952,"model":"gpt-5.4","choices":[{"index":0,"message":\
      {"role":"assistant",\(message),"annotations":[]},"logprobs":null,\
      "finish_reason":"\(finishReason)"}]\(usage),"service_tier":"default"}
      """
  }

  var chatEvents: [String] {
    func chunk(_ choices: String, usage: String = "null") -> String {
      """
      data: {"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion.chunk",\
      "created":1694268190,"model":"gpt-5.4","choices":[\(choices)],"usage":\(usage)}


      """
    }
    func choice(_ delta: String, _ reason: String = "null") -> String {
      #"{"index":0,"delta":{\#(delta)},"logprobs":null,"finish_reason":\#(reason)}"#
    }
    var events = [
      ": OPENROUTER PROCESSING\n\n", chunk(choice(#""role":"assistant","content":"""#)),
    ]
    if ending == .refused {
      events.append(chunk(choice(#""refusal":\#(quoted(Self.refusal))"#)))
    } else {
      events += pieces.map { chunk(choice(#""content":\#(quoted($0))"#)) }
    }
    events.append(chunk(choice("", "\"\(finishReason)\"")))
    if let usage { events.append(chunk("", usage: usage)) }
    return events + ["data: [DONE]\n\n"]
  }

  static let chatError = """
    data: {"error":{"message":"The server had an error while processing your request.",\
    "type":"server_error","param":null,"code":null}}


    """
}
