import Essentials
import Mathematics
import Networking
import Research
import Testing
import Twins

@Suite("Reading answers of providers")
struct AnswerAssemblyTests {
  private let now = Timestamp(millisecondsSinceEpoch: 1_800_000_000_000)

  private func read(
    _ served: ServedModel, status: Int = 200, type: String = "text/event-stream",
    _ chunks: [[UInt8]], breakage: TransferBreak? = nil, key: APIKey? = nil
  ) -> ModelOutcome {
    var reader = AnswerAssembly(served, key: key)
    reader.receive(
      HTTPHead(status: status, headers: ["Content-Type": type, "X-Request-Id": "req_7"]), at: now)
    for chunk in chunks { reader.receive(chunk) }
    return reader.finish(breakage)
  }

  private func read(document: String, of interface: ProviderTranscript.Interface) -> ModelOutcome {
    read(ServedModel(interface), type: "application/json", [Array(document.utf8)])
  }

  private func read(
    stream: String, of interface: ProviderTranscript.Interface, breakage: TransferBreak? = nil
  ) -> ModelOutcome {
    read(ServedModel(interface), [Array(stream.utf8)], breakage: breakage)
  }

  private func usage(_ outcome: ModelOutcome) -> TokenUsage {
    TokenUsage.read(
      (outcome.answer ?? outcome.partial)?.usage, roughPrompt: 0, roughCompletion: 0
    ).usage
  }

  private let expected: TokenUsage = {
    var usage = TokenUsage(prompt: 36, completion: 87)
    usage.cached = 8
    usage.reasoning = 64
    return usage
  }()

  @Test("a document and a stream say the same", arguments: ProviderTranscript.Interface.allCases)
  func wholeAnswer(interface: ProviderTranscript.Interface) throws {
    let transcript = ProviderTranscript(interface)
    let document = read(document: transcript.document, of: interface)
    let stream = read(stream: transcript.events.joined(), of: interface)
    for outcome in [document, stream] {
      let answer = try #require(outcome.answer)
      #expect(answer.text == transcript.text)
      #expect(answer.isComplete)
      #expect(!answer.isFromCache)
      #expect(answer.responseID?.contains("_") == true || interface == .chat)
      #expect(usage(outcome) == expected)
    }
    #expect(document.answer?.responseID == stream.answer?.responseID)
  }

  @Test(
    "a stream that is cut at any byte gives the same answer",
    arguments: ProviderTranscript.Interface.allCases)
  func everyBoundary(interface: ProviderTranscript.Interface) throws {
    var transcript = ProviderTranscript(interface)
    transcript.text = "ü🚀"
    let bytes = Array(transcript.events.joined().utf8)
    let served = ServedModel(interface)
    let whole = try #require(read(served, [bytes]).answer)
    #expect(whole.text == "ü🚀")
    for cut in 0...bytes.count {
      let answer = read(served, [Array(bytes[..<cut]), Array(bytes[cut...])]).answer
      guard answer == whole else {
        Issue.record("cut at byte \(cut): \(String(describing: answer))")
        return
      }
    }
    #expect(read(served, bytes.map { [$0] }).answer == whole)
  }

  @Test(
    "a stream that ends at any event is lost with everything that came, until the model had stopped",
    arguments: ProviderTranscript.Interface.allCases)
  func everyEvent(interface: ProviderTranscript.Interface) {
    let transcript = ProviderTranscript(interface)
    let events = transcript.events
    var longest = 0
    for count in 0..<events.count {
      let outcome = read(stream: events.prefix(count).joined(), of: interface)
      if let answer = outcome.answer {
        // Only marks and counts were missing.
        #expect(count >= events.count - 2, "\(count)")
        #expect(answer.text == transcript.text)
      } else {
        #expect(outcome.failure?.cause == .unended, "\(count)")
        let text = outcome.partial?.text ?? ""
        #expect(transcript.text.hasPrefix(text))
        #expect(text.count >= longest)
        longest = text.count
        #expect(outcome.partial?.isComplete != true)
      }
    }
    #expect(longest == transcript.text.count)
  }

  @Test("what Anthropic counted before a stream broke is told, and not taken for the bill")
  func earlyUsage() {
    let events = ProviderTranscript(.messages).events
    let outcome = read(stream: events.prefix(8).joined(), of: .messages)
    #expect(outcome.partial?.text.isEmpty == false)
    #expect(outcome.partial?.usage == nil)
    let soFar = TokenUsage.read(
      outcome.failure?.usageSoFar, roughPrompt: 0, roughCompletion: 0
    ).usage
    #expect(soFar.prompt == 36)
    #expect(soFar.completion == 1)
    #expect(outcome.failure?.json["usage_so_far"] == outcome.failure?.usageSoFar)
  }

  @Test("a stream of Anthropic's that never counts the answer leaves the answer to an estimate")
  func uncounted() throws {
    let stream = ProviderTranscript(.messages).events.joined()
      .replacing(/,"usage":\{"output_tokens":87,[^}]*\}\}/, with: "")
    let answer = try #require(read(stream: stream, of: .messages).answer)
    let read = TokenUsage.read(answer.usage, roughPrompt: 1_000, roughCompletion: 50)
    #expect(read.usage.prompt == 36)
    #expect(read.usage.completion == 50)
    #expect(read.source == .partly)
  }

  @Test(
    "an answer that is cut off at the ceiling is not complete, and is counted",
    arguments: ProviderTranscript.Interface.allCases)
  func truncation(interface: ProviderTranscript.Interface) {
    var transcript = ProviderTranscript(interface, text: #"{"idea":"#)
    transcript.ending = .cutOff
    for outcome in [
      read(document: transcript.document, of: interface),
      read(stream: transcript.events.joined(), of: interface),
    ] {
      #expect(outcome.answer?.isComplete == false)
      #expect(outcome.answer?.text == #"{"idea":"#)
      #expect(usage(outcome) == expected)
    }
  }

  @Test(
    "a refusal is a failure that may cost, and is counted",
    arguments: ProviderTranscript.Interface.allCases)
  func refusal(interface: ProviderTranscript.Interface) {
    var transcript = ProviderTranscript(interface, text: "")
    transcript.ending = .refused
    for outcome in [
      read(document: transcript.document, of: interface),
      read(stream: transcript.events.joined(), of: interface),
    ] {
      let words = interface == .messages ? "" : "I'm sorry, I cannot help with that."
      #expect(outcome.name == "lost")
      #expect(outcome.failure?.cause == .declined(words: words))
      #expect(usage(outcome) == expected)
      #expect(outcome.failure?.isTemporary == false)
    }
  }

  @Test(
    "an answer that a filter stopped is a failure, with what came before",
    arguments: [ProviderTranscript.Interface.responses, .chat])
  func filter(interface: ProviderTranscript.Interface) {
    var transcript = ProviderTranscript(interface)
    transcript.ending = .filtered
    let outcome = read(stream: transcript.events.joined(), of: interface)
    #expect(outcome.failure?.cause == .filtered)
    #expect(outcome.partial?.text == transcript.text)
    #expect(usage(outcome) == expected)
  }

  @Test(
    "an error in the middle of a stream is a failure that keeps what came before",
    arguments: ProviderTranscript.Interface.allCases)
  func errorEvent(interface: ProviderTranscript.Interface) {
    let transcript = ProviderTranscript(interface)
    let count = transcript.events.count - 5
    let stream = transcript.events.prefix(count).joined() + transcript.errorEvent
    let outcome = read(stream: stream, of: interface)
    guard case .failedMidAnswer(let complaint) = outcome.failure?.cause else {
      Issue.record("\(outcome)")
      return
    }
    #expect(complaint.kind == (interface == .messages ? .overloaded : .serverFailed))
    #expect(complaint.message.contains(interface == .messages ? "Overloaded" : "had an error"))
    #expect(outcome.name == "lost")
    #expect(outcome.failure?.isTemporary == true)
    #expect(outcome.partial?.text.isEmpty == false)
  }

  @Test(
    "an error inside a 200 is a failure",
    arguments: [
      (
        ProviderTranscript.Interface.chat,
        #"{"error":{"message":"model is loading","type":"api_error","code":null}}"#
      ),
      (.chat, #"{"object":"error","message":"boom","type":"BadRequestError","code":400}"#),
      (
        .responses,
        #"""
        {"id":"resp_1","status":"failed","error":{"code":"server_error","message":"boom"},
        "output":[],"usage":null}
        """#
      ),
      (.messages, #"{"type":"error","error":{"type":"api_error","message":"boom"}}"#),
    ] as [(ProviderTranscript.Interface, String)])
  func errorDocument(interface: ProviderTranscript.Interface, document: String) {
    let outcome = read(document: document, of: interface)
    #expect(outcome.name == "lost")
    guard case .failedMidAnswer = outcome.failure?.cause else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test(
    "what is no answer is unreadable, and still may cost",
    arguments: [
      (ProviderTranscript.Interface.responses, "", "application/json"),
      (.responses, "<html>captive portal</html>", "text/html"),
      (.responses, "{}", "application/json"), (.chat, "{\"choices\":[]}", "application/json"),
      (.chat, "{\"choices\":[{\"index\":0}]}", "application/json"),
      (.messages, "{\"content\":\"text\"}", "application/json"),
      (.messages, "{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}", "application/json"),
      (.chat, "data: {\"id\":\n\n", "text/event-stream"),
      (.messages, "event: message_start\ndata: nonsense\n\n", "text/event-stream"),
    ])
  func malformed(interface: ProviderTranscript.Interface, body: String, type: String) {
    let outcome = read(ServedModel(interface), type: type, [Array(body.utf8)])
    #expect(outcome.name == "lost")
    guard case .unreadable = outcome.failure?.cause else {
      Issue.record("\(outcome)")
      return
    }
    #expect(outcome.failure?.remedy.contains("--llm-base-url") == true)
  }

  @Test("the usage that comes after an event that cannot be read is kept")
  func usageAfterNonsense() {
    let transcript = ProviderTranscript(.chat)
    var events = transcript.events
    events[3] = "data: {\"id\":\n\n"
    let outcome = read(stream: events.joined(), of: .chat)
    guard case .unreadable = outcome.failure?.cause else {
      Issue.record("\(outcome)")
      return
    }
    #expect(usage(outcome) == expected)
  }

  @Test("an answer without a text is lost", arguments: ProviderTranscript.Interface.allCases)
  func empty(interface: ProviderTranscript.Interface) {
    let transcript = ProviderTranscript(interface, text: "")
    let outcome = read(stream: transcript.events.joined(), of: interface)
    #expect(outcome.failure?.cause == .emptyAnswer)
    #expect(usage(outcome) == expected)
  }

  @Test("a model that calls a tool in place of answering is lost")
  func toolCall() {
    let document = #"""
      {"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[]},
      "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}
      """#
    let outcome = read(document: document, of: .chat)
    #expect(outcome.failure?.cause == .unwantedEnding("tool_calls"))
    #expect(usage(outcome).total == 3)
  }

  @Test("a server that answers with a document though a stream was asked for is understood")
  func documentForStream() {
    let transcript = ProviderTranscript(.chat)
    #expect(read(document: transcript.document, of: .chat).answer?.text == transcript.text)
  }

  @Test("content may be an array of parts, and a stream may lack its end mark")
  func variants() {
    let document = #"""
      {"choices":[{"message":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
      "finish_reason":"stop"}]}
      """#
    #expect(read(document: document, of: .chat).answer?.text == "ab")
    #expect(read(document: document, of: .chat).answer?.usage == nil)
    let stream = #"""
      data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}

      data: {"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":"length"}]}

      data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}


      """#
    #expect(read(stream: stream, of: .chat).answer?.text == "a")
    #expect(read(stream: stream, of: .chat).answer?.isComplete == true)
  }

  @Test("an exchange that broke off after the model had stopped is an answer all the same")
  func lateBreak() {
    let breakage = TransferBreak(
      .brokenOff(host: "h", reason: "reset", mayHaveBeenReceived: true))
    let transcript = ProviderTranscript(.chat)
    let events = transcript.events
    let late = read(
      stream: events.dropLast(2).joined(), of: .chat, breakage: breakage)
    #expect(late.answer?.text == transcript.text)
    #expect(late.answer?.usage == nil)
    let early = read(stream: events.dropLast(3).joined(), of: .chat, breakage: breakage)
    #expect(early.failure?.cause == .broken(breakage))
    #expect(early.failure?.origin.requestID == "req_7")
    #expect(early.partial?.text == transcript.text)
  }

  @Test("a document that broke off is lost, whatever came of it")
  func brokenDocument() {
    let breakage = TransferBreak(
      .timedOut(.nextByte, host: "h", limit: .seconds(5), mayHaveBeenReceived: true))
    let half = Array(ProviderTranscript(.chat).document.utf8.prefix(80))
    let outcome = read(
      ServedModel(.chat), type: "application/json", [half], breakage: breakage)
    #expect(outcome.failure?.cause == .broken(breakage))
    #expect(outcome.failure?.outcome == .timedOut)
    #expect(outcome.failure?.remedy.contains("BRAIN_LLM_TIMEOUT_SEC") == true)
  }

  @Test(
    "an exchange without a head is refused only where the request cannot have arrived",
    arguments: [
      (HTTPFailure.hostNotFound(host: "h"), "refused"),
      (.couldNotConnect(to: "h", reason: "refused"), "refused"),
      (.notTrusted(host: "h", reason: "expired"), "refused"),
      (.couldNotStart(reason: "no memory"), "refused"),
      (
        .timedOut(.connection, host: "h", limit: .seconds(1), mayHaveBeenReceived: false), "refused"
      ),
      (.timedOut(.firstByte, host: "h", limit: .seconds(1), mayHaveBeenReceived: true), "lost"),
      (.brokenOff(host: "h", reason: "reset", mayHaveBeenReceived: true), "lost"),
      (.malformedAnswer(host: "h", reason: "no HTTP"), "lost"),
      (.tooLarge(host: "h", limitBytes: 1), "lost"),
      (.cancelled(mayHaveBeenReceived: true), "lost"),
    ] as [(HTTPFailure, String)])
  func headless(failure: HTTPFailure, name: String) {
    var reader = AnswerAssembly(ServedModel(.chat), key: nil)
    let outcome = reader.finish(TransferBreak(failure))
    #expect(outcome.name == name)
    #expect(outcome.failure?.cause == .broken(TransferBreak(failure)))
    #expect(outcome.failure?.explanation.contains(failure.explanation) == true)
  }

  @Test(
    "whatever happens to its bytes, an answer is read to an outcome that says what is known",
    arguments: ProviderTranscript.Interface.allCases)
  func mutilation(interface: ProviderTranscript.Interface) {
    let transcript = ProviderTranscript(interface)
    let sources = [
      ("text/event-stream", Array(transcript.events.joined().utf8)),
      ("application/json", Array(transcript.document.utf8)),
    ]
    for seed in 0..<200 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      for (type, whole) in sources {
        var bytes = whole
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
          default: bytes.removeSubrange(place..<min(bytes.count, place + 200))
          }
          if bytes.isEmpty { bytes = [0x20] }
        }
        let outcome = read(ServedModel(interface), type: type, [bytes])
        // Once the provider had said yes, nothing is free for certain.
        #expect(outcome.name != "refused", "seed \(seed)")
        if let answer = outcome.answer { #expect(!answer.text.isEmpty, "seed \(seed)") }
        if let failure = outcome.failure { #expect(!failure.description.isEmpty) }
      }
    }
  }

  @Test("a redirection is not followed, and tells where it points")
  func redirection() {
    var reader = AnswerAssembly(ServedModel(.chat), key: nil)
    reader.receive(
      HTTPHead(status: 308, headers: ["Location": "https://elsewhere.example/v1"]), at: now)
    let outcome = reader.finish(nil)
    #expect(outcome.name == "refused")
    #expect(outcome.failure?.explanation.contains("https://elsewhere.example/v1") == true)
    #expect(outcome.failure?.remedy.contains("--llm-base-url") == true)
  }

  @Test("a failure tells an event all that a reader of the journal needs")
  func payload() throws {
    let body = #"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#
    let failure = try #require(
      read(ServedModel(.responses), status: 429, [Array(body.utf8)]).failure)
    #expect(
      failure.json.indentedText == """
        {
          "provider": "openai",
          "model": "gpt-5.2",
          "cause": "rate_limited",
          "status": 429,
          "request_id": "req_7",
          "usage_so_far": null,
          "temporary": true,
          "explanation": "openai (gpt-5.2) refused: HTTP 429 rate_limit_exceeded: slow down \
        [request req_7]",
          "remedy": "Try again later."
        }
        """)
  }

  @Test("a key that the server sends back is seen nowhere")
  func maskedKey() throws {
    let key = try APIKey(sampleKey, source: "OPENAI_API_KEY")
    let tail = "and \(sampleKey) is unknown"
    func mentions(_ outcome: ModelOutcome) -> Bool {
      "\(outcome)".contains(sampleKey.suffix(12))
        || outcome.failure?.description.contains(sampleKey.suffix(12)) == true
    }
    let long = String(repeating: "x", count: 380)
    for body in [
      #"{"error":{"message":"\#(tail)","code":"\#(sampleKey)","type":"\#(sampleKey)"}}"#, tail,
      #"{"error":{"message":"\#(long)\#(tail)"}}"#, #"{"error":{"message":"sk\u002d\#(tail)"}}"#,
    ] {
      let outcome = read(ServedModel(.chat), status: 401, [Array(body.utf8)], key: key)
      #expect(!mentions(outcome), "\(body)")
      #expect(outcome.name == "refused")
    }
    var transcript = ProviderTranscript(.chat, text: tail)
    transcript.usage = #"{"\#(sampleKey)":"\#(sampleKey)"}"#
    for body in [transcript.events.joined(), transcript.events.prefix(5).joined()] {
      #expect(!mentions(read(ServedModel(.chat), [Array(body.utf8)], key: key)))
    }
    let whole = read(ServedModel(.chat), [Array(transcript.events.joined().utf8)], key: key)
    #expect(whole.answer?.text == "and [redacted] is unknown")
  }
}
