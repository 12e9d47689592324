import Essentials

// The shapes of Anthropic's Messages.

extension ProviderTranscript {
  private var stopReason: String {
    switch ending {
    case .finished: "end_turn"
    case .cutOff: "max_tokens"
    case .refused, .filtered: "refusal"
    }
  }

  private func message(content: String, stop: String, usage: String) -> String {
    """
    {"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant",\
    "model":"claude-sonnet-5-5","content":\(content),"stop_reason":\(stop),"stop_sequence":null,\
    "stop_details":null,"usage":\(usage)}
    """
  }

  var messagesDocument: String {
    message(
      content: """
        [{"type":"thinking","thinking":"hidden","signature":"c2ln"},\
        {"type":"text","text":\(quoted(text))}]
        """, stop: "\"\(stopReason)\"", usage: usage ?? "null")
  }

  var messagesEvents: [String] {
    func event(_ type: String, _ members: String) -> String {
      """
      event: \(type)
      data: {"type":"\(type)"\(members.isEmpty ? "" : ",")\(members)}


      """
    }
    // The stream begins with what the prompt took and one token of the answer.
    let begun =
      usage.map { $0.replacing("\"output_tokens\":87", with: "\"output_tokens\":1") } ?? "null"
    let counted =
      usage == nil
      ? "" : #","usage":{"output_tokens":87,"output_tokens_details":{"thinking_tokens":64}}"#
    return [
      event(
        "message_start", #""message":\#(message(content: "[]", stop: "null", usage: begun))"#),
      event("ping", ""),
      event(
        "content_block_start",
        #""index":0,"content_block":{"type":"thinking","thinking":"","signature":""}"#),
      event(
        "content_block_delta",
        #""index":0,"delta":{"type":"thinking_delta","thinking":"hidden"}"#),
      event("content_block_stop", #""index":0"#),
      event("content_block_start", #""index":1,"content_block":{"type":"text","text":""}"#),
    ]
      + pieces.map {
        event(
          "content_block_delta",
          #""index":1,"delta":{"type":"text_delta","text":\#(quoted($0))}"#)
      }
      + [
        event("content_block_stop", #""index":1"#),
        event(
          "message_delta",
          #""delta":{"stop_reason":"\#(stopReason)","stop_sequence":null}\#(counted)"#),
        event("message_stop", ""),
      ]
  }

  static let messagesError = """
    event: error
    data: {"type":"error","error":{"details":null,"type":"overloaded_error",\
    "message":"Overloaded"},"request_id":"req_011CSHoEeqs5C35K2UUqR7Fy"}


    """
}
