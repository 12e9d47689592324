import Essentials

/// What a provider of language models sends for one answer, in the shapes that were seen on the wire:
/// as one document, and as the events of a stream.
package struct ProviderTranscript: Sendable {
  /// Whose shapes.
  package enum Interface: String, Sendable, CaseIterable {
    case responses, chat, messages
  }

  /// How the answer ends.
  package enum Ending: Sendable {
    case finished
    /// At the ceiling of the output.
    case cutOff
    /// The model declines.
    case refused
    /// A filter stops it.
    case filtered
  }

  package var interface: Interface
  package var text: String
  package var ending: Ending
  /// The usage object as JSON text; nil for a provider that sends none.
  package var usage: String?

  /// Begins with an answer that finishes and reports its usage.
  package init(_ interface: Interface, text: String = #"{"idea":"größer 🚀"}"#) {
    self.interface = interface
    self.text = text
    ending = .finished
    switch interface {
    case .responses:
      usage = """
        {"input_tokens":36,"input_tokens_details":{"cached_tokens":8,"cache_write_tokens":0},\
        "output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}
        """
    case .chat:
      usage = """
        {"prompt_tokens":36,"completion_tokens":87,"total_tokens":123,\
        "prompt_tokens_details":{"cached_tokens":8,"audio_tokens":0},\
        "completion_tokens_details":{"reasoning_tokens":64,"audio_tokens":0,\
        "accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}
        """
    case .messages:
      usage = """
        {"input_tokens":28,"cache_creation_input_tokens":0,"cache_read_input_tokens":8,\
        "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},\
        "output_tokens":87,"output_tokens_details":{"thinking_tokens":64},\
        "service_tier":"standard"}
        """
    }
  }

  /// The whole answer as one document.
  package var document: String {
    switch interface {
    case .responses: responsesDocument
    case .chat: chatDocument
    case .messages: messagesDocument
    }
  }

  /// The events of the stream, each with the empty line that ends it.
  package var events: [String] {
    switch interface {
    case .responses: responsesEvents
    case .chat: chatEvents
    case .messages: messagesEvents
    }
  }

  /// The event by which the provider reports an error in the middle of a stream.
  package var errorEvent: String {
    switch interface {
    case .responses: Self.responsesError
    case .chat: Self.chatError
    case .messages: Self.messagesError
    }
  }

  /// The text in pieces of three characters, as models send it.
  var pieces: [String] {
    var rest = text[...]
    var pieces: [String] = []
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(3)))
      rest = rest.dropFirst(3)
    }
    return pieces
  }

  /// A text as JSON.
  func quoted(_ text: String) -> String { JSONValue.string(text).compactText }
}

extension ProviderTranscript {
  /// The document as an answer with status 200.
  package var whole: TwinAnswer { .json(document) }

  /// The events as an answer, a chunk for each.
  package var streamed: TwinAnswer {
    .chunked(events.map { Array($0.utf8) }, headers: Self.streamFields)
  }

  /// The first events of the stream, the last of them cut in its middle, and then `end`.
  package func brokenOff(after count: Int, by end: TwinAnswer.Step) -> TwinAnswer {
    let sent = events.prefix(count).joined() + events[count].prefix(events[count].count / 2)
    return .partial(headers: Self.streamFields, length: 1_000_000, sent, then: end)
  }

  /// The first events of the stream, and then the error event.
  package func failing(after count: Int) -> TwinAnswer {
    .chunked(
      (events.prefix(count) + [errorEvent]).map { Array($0.utf8) }, headers: Self.streamFields)
  }

  /// The fields of a stream, with the limits as OpenAI and Anthropic tell them.
  static let streamFields = [
    TwinField("Content-Type", "text/event-stream; charset=utf-8"),
    TwinField("x-request-id", "req_0123"), TwinField("set-cookie", "__cf_bm=tracking"),
    TwinField("x-ratelimit-limit-requests", "500"),
    TwinField("x-ratelimit-remaining-requests", "499"),
    TwinField("x-ratelimit-reset-requests", "120ms"),
  ]
}
