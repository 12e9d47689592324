import Essentials
import Networking
import Research
import Testing
import Twins

@Suite("Replaying recorded traffic")
struct TrafficReplayTests {
  private let served = ServedModel(.responses)

  private func exchange(_ call: ModelCall = .sample) -> TrafficExchange {
    var exchange = TrafficExchange(
      served, request: served.body(call), at: Timestamp(millisecondsSinceEpoch: 5))
    exchange.head = HTTPHead(status: 200, headers: ["content-type": "text/event-stream"])
    exchange.chunks = ProviderTranscript(.responses).events.map { Array($0.utf8) }
    return exchange
  }

  private func differences(_ model: ReplayLanguageModel, _ call: ModelCall) async -> [String] {
    guard case .notRecorded(let differences) = await model.answer(call).failure?.cause else {
      return []
    }
    return differences
  }

  @Test("an exchange is read back from its line, chunks that end inside a character too")
  func lines() throws {
    var exchange = exchange()
    exchange.chunks = [Array("ü🚀".utf8.prefix(3)), Array("ü🚀".utf8.dropFirst(3)), [0xFF], []]
    exchange.breakage = TransferBreak(
      .timedOut(.nextByte, host: "h", limit: .seconds(3), mayHaveBeenReceived: true))
    let text = exchange.json.compactText
    #expect(!text.contains("\n"))
    #expect(try TrafficExchange(text: text, document: "line") == exchange)
    exchange.head = nil
    #expect(
      try TrafficExchange(text: exchange.json.compactText, document: "line") == exchange)
  }

  @Test("a request that differs is refused, and the nearest recorded one tells where")
  func differing() async {
    var other = ModelCall.sample
    other.prompt = "Propose nothing."
    other.maxOutputTokens = 900
    let model = ReplayLanguageModel(served, from: TrafficReplay([exchange(other), exchange()]))
    var asked = ModelCall.sample
    asked.prompt = "Propose an idea: größer 🛸."
    #expect(
      await differences(model, asked) == [
        "input from character 25 was \" größer 🚀.\" and is \" größer 🛸.\""
      ])
    asked = .sample
    asked.maxOutputTokens = 1_500
    asked.schema = ["type": "object"]
    #expect(
      await differences(model, asked) == [
        "text.format.schema.properties was {} and is absent",
        "max_output_tokens was 1600 and is 1500",
      ])
  }

  @Test("a request to another provider is another request")
  func otherProvider() async {
    let model = ReplayLanguageModel(ServedModel(.chat), from: TrafficReplay([exchange()]))
    let differences = await differences(model, .sample)
    #expect(differences.first == "provider was openai (responses) and is chat (chat_compatible)")
    #expect(differences.count == 5)
    #expect(differences.last?.hasSuffix("more") == true)
  }

  @Test("what has no part in a request makes no difference")
  func irrelevant() async {
    let model = ReplayLanguageModel(served, from: TrafficReplay([exchange()]))
    var call = ModelCall.sample
    call.seed = 9
    call.stage = .repair
    #expect(await model.answer(call).answer?.text == ProviderTranscript(.responses).text)
  }

  @Test("a recording that was cut off, or holds nothing, is named with its line")
  func defective() throws {
    let line = exchange().json.compactText
    #expect(throws: TrafficReplayFailure.empty(path: "run.jsonl")) {
      try TrafficReplay(text: "\n", path: "run.jsonl")
    }
    do {
      _ = try TrafficReplay(text: line + "\n" + line.prefix(90), path: "run.jsonl")
      Issue.record("a line that was cut off was accepted")
    } catch {
      #expect(error.explanation.contains("run.jsonl line 2"))
      #expect(error.outcome == .badConfiguration)
    }
    #expect(throws: TrafficReplayFailure.self) {
      try TrafficReplay(path: "there/is/no/such/file.jsonl")
    }
  }

  @Test("the models of a recording are told once each")
  func models() {
    var other = exchange()
    other.served = ServedModel(.messages)
    #expect(
      TrafficReplay([exchange(), other, exchange()]).models == [served, ServedModel(.messages)])
  }
}
