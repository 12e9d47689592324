import Essentials
import Foundation
import Mathematics
import Networking
import Research
import Synchronization
import TestKit
import Testing
import Twins

@Suite("Providers over HTTP", .ownThread, .timeLimit(.minutes(10)))
struct HTTPLanguageModelTests {
  private let client = HTTPClient()

  /// Patience that is short where a test lets it run out.
  private func model(
    _ twin: HTTPTwin, _ interface: ProviderTranscript.Interface, isStreamed: Bool = true,
    key: String? = sampleKey, patience: Duration = .seconds(300), recorder: TrafficRecorder? = nil
  ) throws -> HTTPLanguageModel {
    HTTPLanguageModel(
      ServedModel(interface, isStreamed: isStreamed), at: try HTTPAddress(twin.address + "/v1"),
      key: try key.map { try APIKey($0, source: "OPENAI_API_KEY") },
      limits: HTTPLimits(
        connecting: .seconds(300), firstByte: patience, silence: patience, total: .seconds(600)),
      client: client, recorder: recorder, now: { Timestamp(millisecondsSinceEpoch: 0) })
  }

  private func outcome(
    _ interface: ProviderTranscript.Interface, patience: Duration = .seconds(300),
    _ answer: TwinAnswer
  ) async throws -> ModelOutcome {
    let twin = try HTTPTwin { _ in answer }
    return try await model(twin, interface, patience: patience).answer(.sample)
  }

  @Test("an answer comes whole or as a stream", arguments: ProviderTranscript.Interface.allCases)
  func answers(interface: ProviderTranscript.Interface) async throws {
    let transcript = ProviderTranscript(interface)
    for isStreamed in [false, true] {
      let twin = try HTTPTwin { _ in isStreamed ? transcript.streamed : transcript.whole }
      let model = try model(twin, interface, isStreamed: isStreamed)
      let answer = try #require(await model.answer(.sample).answer)
      #expect(answer.text == transcript.text)
      #expect(answer.isComplete)
      #expect(answer.usage != nil)
      #expect(twin.requests.count == 1)
      if isStreamed {
        #expect(model.rateLimits?["requests"]?.remaining == 499)
        #expect(model.rateLimits?["requests"]?.reset == .milliseconds(120))
      }
    }
  }

  @Test("a request carries its key, its fields and its body and nothing else of interest")
  func requests() async throws {
    let expected: [(ProviderTranscript.Interface, path: String, key: (String, String))] = [
      (.responses, "/v1/responses", ("authorization", "Bearer \(sampleKey)")),
      (.chat, "/v1/chat/completions", ("authorization", "Bearer \(sampleKey)")),
      (.messages, "/v1/messages", ("x-api-key", sampleKey)),
    ]
    for (interface, path, key) in expected {
      let transcript = ProviderTranscript(interface)
      let twin = try HTTPTwin { _ in transcript.streamed }
      _ = try await model(twin, interface).answer(.sample)
      let request = try #require(twin.requests.first)
      #expect(request.method == "POST")
      #expect(request.target == path)
      #expect(request.header(key.0) == key.1)
      #expect(request.header("content-type") == "application/json")
      #expect(
        request.header("anthropic-version") == (interface == .messages ? "2023-06-01" : nil))
      #expect(request.text == ServedModel(interface).body(.sample).compactText)
      #expect(!request.text.contains(sampleKey))
      _ = try await model(twin, interface, key: nil).answer(.sample)
      #expect(twin.requests.last?.header(key.0) == nil)
    }
  }

  @Test(
    "a request that is turned away at the door is refused, with what the provider said",
    arguments: ProviderTranscript.Interface.allCases)
  func unauthorized(interface: ProviderTranscript.Interface) async throws {
    let outcome = try await outcome(
      interface,
      .json(
        401, headers: [TwinField("request-id", "req_9")],
        #"{"error":{"message":"Incorrect API key: \#(sampleKey).","code":"invalid_api_key"}}"#))
    #expect(outcome.name == "refused")
    let failure = try #require(outcome.failure)
    #expect(failure.explanation.contains("Incorrect API key: [redacted]."))
    #expect(failure.explanation.contains("req_9"))
    #expect(!"\(outcome)".contains(sampleKey))
    #expect(failure.isTemporary == false)
    let variables = ["openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"]
    #expect(failure.remedy.contains(variables[failure.origin.provider] ?? "BRAIN_LLM_API_KEY"))
  }

  @Test(
    "a rate limit is refused with the wait that the provider asks for",
    arguments: ProviderTranscript.Interface.allCases)
  func rateLimit(interface: ProviderTranscript.Interface) async throws {
    let outcome = try await outcome(interface, .busy(retryAfter: "1.5", #"{"error":"slow"}"#))
    #expect(outcome.name == "refused")
    let failure = try #require(outcome.failure)
    #expect(failure.advice.wait == .milliseconds(1500))
    var call = RetryingCall()
    var generator = SplitMix64(seed: 3)
    let decision = call.decide(
      after: failure, at: Timestamp(millisecondsSinceEpoch: 0), using: &generator)
    #expect(decision == .again(after: .milliseconds(1500)))
  }

  @Test("a failed attempt is one request, and the next call is another")
  func oneAttempt() async throws {
    let transcript = ProviderTranscript(.responses)
    let gate = RequestCount()
    let twin = try HTTPTwin { _ in
      gate.next() == 1 ? .json(500, #"{"error":{"message":"boom"}}"#) : transcript.streamed
    }
    let model = try model(twin, .responses)
    let first = await model.answer(.sample)
    #expect(first.name == "lost")
    #expect(first.failure?.isTemporary == true)
    #expect(twin.requests.count == 1)
    let second = await model.answer(.sample)
    #expect(second.answer?.text == transcript.text)
    #expect(twin.requests.count == 2)
  }

  @Test("a provider that never begins to answer is given up, and may have billed")
  func silence() async throws {
    let outcome = try await outcome(.responses, patience: .milliseconds(150), .silence)
    #expect(outcome.name == "lost")
    #expect(outcome.failure?.outcome == .timedOut)
    #expect(outcome.partial == nil)
  }

  @Test(
    "a stream that falls silent is given up with what came",
    arguments: ProviderTranscript.Interface.allCases)
  func silenceInStream(interface: ProviderTranscript.Interface) async throws {
    let transcript = ProviderTranscript(interface)
    let outcome = try await outcome(
      interface, patience: .milliseconds(150), transcript.brokenOff(after: 8, by: .hang))
    #expect(outcome.name == "lost")
    #expect(outcome.failure?.outcome == .timedOut)
    #expect(outcome.failure?.origin.requestID == "req_0123")
    let partial = try #require(outcome.partial)
    #expect(!partial.text.isEmpty && transcript.text.hasPrefix(partial.text))
    #expect(partial.usage == nil)
    #expect((outcome.failure?.usageSoFar != nil) == (interface == .messages))
  }

  @Test(
    "a stream whose connection breaks is lost with what came",
    arguments: ProviderTranscript.Interface.allCases)
  func brokenStream(interface: ProviderTranscript.Interface) async throws {
    let transcript = ProviderTranscript(interface)
    let outcome = try await outcome(interface, transcript.brokenOff(after: 8, by: .close))
    #expect(outcome.name == "lost")
    guard case .broken(let transfer) = outcome.failure?.cause else {
      Issue.record("\(outcome)")
      return
    }
    #expect(transfer.key == "connection_broken_off")
    #expect(transfer.mayHaveBeenReceived && transfer.isTemporary)
    #expect(outcome.partial?.text.isEmpty == false)
  }

  @Test(
    "an error in the middle of a stream is lost with what came",
    arguments: ProviderTranscript.Interface.allCases)
  func errorInStream(interface: ProviderTranscript.Interface) async throws {
    let outcome = try await outcome(interface, ProviderTranscript(interface).failing(after: 8))
    #expect(outcome.name == "lost")
    guard case .failedMidAnswer = outcome.failure?.cause else {
      Issue.record("\(outcome)")
      return
    }
    #expect(outcome.partial?.text.isEmpty == false)
  }

  @Test("a provider that goes on after its last event is not waited for")
  func chatterAfterEnd() async throws {
    let transcript = ProviderTranscript(.messages)
    let answer = TwinAnswer.partial(
      headers: [TwinField("Content-Type", "text/event-stream")], length: 1_000_000,
      transcript.events.joined() + transcript.errorEvent, then: .hang)
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("run.jsonl").path
    let recorder = try TrafficRecorder(path: path) { Issue.record($0) }
    let twin = try HTTPTwin { _ in answer }
    let outcome = try await model(twin, .messages, recorder: recorder).answer(.sample)
    #expect(outcome.answer?.text == transcript.text)
    let line = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
    #expect(line["breakage"] == .null)
  }

  @Test(
    "truncation, refusal, nonsense and missing usage come through as what they are",
    arguments: ProviderTranscript.Interface.allCases)
  func endings(interface: ProviderTranscript.Interface) async throws {
    var transcript = ProviderTranscript(interface)
    transcript.ending = .cutOff
    #expect(try await outcome(interface, transcript.streamed).answer?.isComplete == false)
    transcript.ending = .refused
    let refusal = try await outcome(interface, transcript.streamed)
    guard case .declined = refusal.failure?.cause else {
      Issue.record("\(refusal)")
      return
    }
    #expect(refusal.partial?.usage != nil)
    let nonsense = try await outcome(interface, .json("{\"half\":"))
    guard case .unreadable = nonsense.failure?.cause else {
      Issue.record("\(nonsense)")
      return
    }
    transcript.ending = .finished
    transcript.usage = nil
    let silent = try await outcome(interface, transcript.streamed)
    #expect(silent.answer?.text == transcript.text)
    let doubts = UsageDoubt.doubts(
      about: silent.answer?.usage, call: .sample, answer: transcript.text)
    #expect(doubts == [.missing])
  }

  @Test(
    "usage that cannot be true is doubted, and what can be believed of it is counted",
    arguments: [
      (#"{"prompt_tokens":-5,"completion_tokens":20}"#, 20, "usage_not_a_count"),
      (#"{"prompt_tokens":"36","completion_tokens":20}"#, 56, "usage_not_a_count"),
      (#"{"prompt_tokens":"many","completion_tokens":20}"#, 20, "usage_not_a_count"),
      (
        #"{"prompt_tokens":36,"completion_tokens":900000000}"#, 900_000_036,
        "usage_completion_beyond_ceiling"
      ),
      (#"{"prompt_tokens":40000,"completion_tokens":20}"#, 40_020, "usage_prompt_beyond_bytes"),
      (
        #"{"prompt_tokens":36,"completion_tokens":20,"total_tokens":10}"#, 56,
        "usage_total_below_parts"
      ),
      (#"{"prompt_tokens":36,"completion_tokens":0}"#, 36, "usage_completion_too_small"),
      ("\"free\"", 0, "usage_missing"),
    ])
  func lyingUsage(usage: String, total: Int, doubt: String) async throws {
    var transcript = ProviderTranscript(.chat)
    transcript.usage = usage
    let answer = try #require(await outcome(.chat, transcript.streamed).answer)
    let read = TokenUsage.read(answer.usage, roughPrompt: 0, roughCompletion: 0)
    #expect(read.usage.total == total)
    let doubts = UsageDoubt.doubts(about: answer.usage, call: .sample, answer: answer.text)
    #expect(doubts.map(\.code) == [doubt])
    #expect(doubts.first?.description.hasSuffix(".") == true)
  }

  @Test(
    "usage as providers send it raises no doubt", arguments: ProviderTranscript.Interface.allCases)
  func honestUsage(interface: ProviderTranscript.Interface) async throws {
    let transcript = ProviderTranscript(interface)
    let answer = try #require(await outcome(interface, transcript.streamed).answer)
    #expect(
      UsageDoubt.doubts(about: answer.usage, call: .sample, answer: answer.text).isEmpty)
  }

  @Test("a server that is not there is refused without a doubt about money")
  func unreachable() async throws {
    let twin = try HTTPTwin { _ in .silence }
    let model = try model(twin, .chat)
    twin.stop()
    let outcome = await model.answer(.sample)
    #expect(outcome.name == "refused")
    #expect(outcome.failure?.isTemporary == true)
    #expect(outcome.failure?.outcome == .refused)
  }

  @Test("a call that is cancelled may have cost what it had begun")
  func cancellation() async throws {
    let reached = TwinGate()
    let twin = try HTTPTwin { _ in
      reached.open()
      return .silence
    }
    let model = try model(twin, .responses)
    let task = Task { await model.answer(.sample) }
    await reached.passed()
    task.cancel()
    let outcome = await task.value
    #expect(outcome.name == "lost")
    guard case .broken(let transfer) = outcome.failure?.cause else {
      Issue.record("\(outcome)")
      return
    }
    #expect(transfer.key == "cancelled")
  }

  // MARK: Recording and replay

  @Test("recorded traffic is replayed without a network, failures and broken streams included")
  func recordAndReplay() async throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("traffic/run.jsonl").path
    for interface in ProviderTranscript.Interface.allCases {
      let recorder = try TrafficRecorder(path: path) { Issue.record($0) }
      let transcript = ProviderTranscript(interface)
      let count = RequestCount()
      let echo = #"{"error":{"message":"\#(sampleKey)"}}"#
      let twin = try HTTPTwin { _ in
        switch count.next() {
        case 1: .json(500, echo)
        case 2: transcript.brokenOff(after: 8, by: .close)
        case 3: .busy(retryAfter: "2", "later")
        default: transcript.streamed
        }
      }
      let model = try model(twin, interface, recorder: recorder)
      var live: [ModelOutcome] = []
      for _ in 0..<4 { live.append(await model.answer(.sample)) }
      #expect(live.map(\.name) == ["lost", "lost", "refused", "answered"])

      let replay = ReplayLanguageModel(ServedModel(interface), from: try TrafficReplay(path: path))
      for outcome in live {
        let replayed = await replay.answer(.sample)
        #expect(replayed.name == outcome.name)
        #expect(replayed.answer == outcome.answer)
        #expect(replayed.partial == outcome.partial)
        #expect(replayed.failure?.origin == outcome.failure?.origin)
        #expect(replayed.failure?.advice == outcome.failure?.advice)
        #expect(replayed.failure?.isTemporary == outcome.failure?.isTemporary)
      }
      let beyond = await replay.answer(.sample)
      #expect(beyond.name == "refused")
      #expect(beyond.failure?.explanation.contains("recorded 4 times") == true)
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 12)
    #expect(!text.contains(sampleKey))
    #expect(!text.contains("tracking"))
    #expect(!text.lowercased().contains("authorization"))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
  }

  @Test("calls at once each get their own answer, and their lines do not mix")
  func concurrency() async throws {
    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("run.jsonl").path
    let recorder = try TrafficRecorder(path: path) { Issue.record($0) }
    let twin = try HTTPTwin { request in
      let prompt = (try? JSONValue(parsing: request.text))?["input"]
      guard case .string(let text) = prompt else { return .answer(400) }
      return ProviderTranscript(.responses, text: "echo \(text)").streamed
    }
    let model = try model(twin, .responses, recorder: recorder)
    let replay = await withTaskGroup(of: (String, String?).self) { group in
      for number in 0..<24 {
        group.addTask {
          var call = ModelCall.sample
          call.prompt = "question \(number)"
          return (call.prompt, await model.answer(call).answer?.text)
        }
      }
      for await (prompt, text) in group { #expect(text == "echo \(prompt)") }
      return try? TrafficReplay(path: path)
    }
    let replayed = ReplayLanguageModel(model.served, from: try #require(replay))
    for number in 0..<24 {
      var call = ModelCall.sample
      call.prompt = "question \(number)"
      #expect(await replayed.answer(call).answer?.text == "echo question \(number)")
    }
  }
}

/// Counts requests across the connections of a twin.
private final class RequestCount: Sendable {
  private let count = Atomic(0)

  /// The number of this request, from 1.
  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
