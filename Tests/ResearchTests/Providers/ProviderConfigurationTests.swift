import Essentials
import Foundation
import Networking
import Research
import TestKit
import Testing
import Twins

@Suite("Choosing a provider")
struct ProviderConfigurationTests {
  private func configuration(
    _ environment: [String: String] = [:], _ change: (inout ProviderFlags) -> Void = { _ in }
  ) throws -> ProviderConfiguration {
    var flags = ProviderFlags()
    change(&flags)
    return try ProviderConfiguration(flags, environment: environment)
  }

  private func server(
    _ environment: [String: String], _ change: (inout ProviderFlags) -> Void = { _ in }
  ) throws -> ProviderConfiguration.Server? {
    guard case .server(let server) = try configuration(environment, change).source else {
      return nil
    }
    return server
  }

  private func failure(
    _ environment: [String: String], _ change: (inout ProviderFlags) -> Void = { _ in }
  ) -> ProviderConfigurationFailure? {
    var flags = ProviderFlags()
    change(&flags)
    do throws(ProviderConfigurationFailure) {
      _ = try ProviderConfiguration(flags, environment: environment)
      return nil
    } catch {
      return error
    }
  }

  @Test("OpenAI without a key is refused in the words that programs know")
  func missingKey() throws {
    let failure = try #require(failure([:]) { $0.provider = .openai })
    #expect(failure.key == "openai_provider_error")
    #expect(failure.explanation == "OPENAI_API_KEY is not set")
    #expect(failure.outcome == .refused)
    #expect(failure.remedy.contains("OPENAI_API_KEY_FILE"))
    let other = try #require(self.failure(["BRAIN_LLM_PROVIDER": "anthropic"]))
    #expect(other.key == "anthropic_provider_error")
    #expect(other.explanation == "ANTHROPIC_API_KEY is not set")
  }

  @Test("without a key the offline proposer answers, and it is said")
  func fallback() throws {
    for (environment, words) in [
      ([:], "No provider was named"), (["BRAIN_LLM_PROVIDER": "auto"], "automatically"),
    ] {
      let choice = try configuration(environment)
      #expect(choice.source == .offline)
      #expect(choice.notice?.contains(words) == true)
      #expect(choice.notice?.contains("no key is set") == true)
    }
    let asked = try configuration { $0.provider = .mock }
    #expect(asked.source == .offline)
    #expect(asked.notice == nil)
    let recorded = try configuration { $0.recording = "run.jsonl" }
    #expect(recorded.notice?.hasSuffix("asks nobody.") == true)
  }

  @Test("with a key its provider answers, and it is said where nobody asked for it")
  func found() throws {
    let both = ["OPENAI_API_KEY": sampleKey, "ANTHROPIC_API_KEY": sampleKey]
    #expect(try server(both)?.served.provider == .openai)
    #expect(try configuration(both).notice?.contains("openai answers") == true)
    let one = ["ANTHROPIC_API_KEY": sampleKey]
    #expect(try server(one) { $0.provider = .auto }?.served.provider == .anthropic)
    #expect(try configuration(both) { $0.provider = .anthropic }.notice == nil)
  }

  @Test("OpenAI is asked as its interface wants it, unless something else is said")
  func openAI() throws {
    let plain = try #require(try server(["OPENAI_API_KEY": sampleKey]))
    #expect(plain.address.text == "https://api.openai.com/v1")
    #expect(plain.served.model == "gpt-5.2")
    #expect(plain.served.dialect == .responses)
    #expect(plain.served.isStreamed)
    #expect(
      plain.served.tuning == ModelTuning(effort: .medium, verbosity: .medium, summary: .auto))
    #expect(plain.limits.connecting == .seconds(10))
    #expect(plain.limits.silence == .seconds(90))
    #expect(plain.limits.total == .seconds(540))
    #expect(try configuration(["OPENAI_API_KEY": sampleKey]).maxOutputTokens == 2_200)

    let environment = [
      "OPENAI_API_KEY": sampleKey, "BRAIN_LLM_MODEL": "gpt-5-mini",
      "BRAIN_LLM_REASONING_EFFORT": "low", "BRAIN_LLM_VERBOSITY": "high",
      "BRAIN_LLM_REASONING_SUMMARY": "concise", "BRAIN_LLM_MAX_OUTPUT_TOKENS": "512",
      "BRAIN_LLM_TIMEOUT_SEC": "300", "BRAIN_LLM_STREAM": "0",
      "OPENAI_BASE_URL": "https://eu.api.openai.com/v1",
    ]
    let named = try #require(try server(environment))
    #expect(named.served.model == "gpt-5-mini")
    #expect(
      named.served.tuning == ModelTuning(effort: .low, verbosity: .high, summary: .concise))
    #expect(!named.served.isStreamed)
    #expect(named.address.host == "eu.api.openai.com")
    #expect(named.limits.silence == .seconds(300))
    // Below the 900 seconds of a reservation.
    #expect(named.limits.total == .seconds(840))
    #expect(try configuration(environment).maxOutputTokens == 512)

    let flagged = try #require(
      try server(environment) {
        $0.model = "gpt-4o"
        $0.effort = .high
        $0.baseURL = "https://proxy.example/openai"
      })
    #expect(flagged.served.model == "gpt-4o")
    #expect(flagged.served.tuning.effort == .high)
    #expect(flagged.address.host == "proxy.example")
  }

  @Test("models that do not think are not asked for an effort that they would refuse")
  func oldModels() throws {
    for model in ["gpt-4o", "gpt-4.1-mini", "gpt-3.5-turbo", "chatgpt-4o-latest"] {
      #expect(
        try server(["OPENAI_API_KEY": sampleKey]) { $0.model = model }?.served.tuning == .plain)
    }
  }

  @Test("local servers need a model and no key, and their addresses may be short")
  func localServers() throws {
    #expect(failure([:]) { $0.provider = .ollama } == .modelMissing(.ollama))
    #expect(
      failure([:]) {
        $0.provider = .chat
        $0.model = "m"
      } == .addressMissing(.chat))
    func address(_ host: String?) throws -> String? {
      try server(host.map { ["OLLAMA_HOST": $0] } ?? [:]) {
        $0.provider = .ollama
        $0.model = "m"
      }?.address.text
    }
    #expect(try address(nil) == "http://localhost:11434/v1")
    #expect(try address("127.0.0.1:99") == "http://127.0.0.1:99/v1")
    #expect(try address("http://box:99") == "http://box:99/v1")
    #expect(try address("http://box:99/v2") == "http://box:99/v2")
    let local = try #require(
      try server(["BRAIN_LLM_BASE_URL": "http://10.0.0.9:8000/v1"]) {
        $0.provider = .chat
        $0.model = "m"
      })
    #expect(local.key == nil)
    #expect(local.served.dialect == .chatCompatible)
    #expect(local.served.tuning == .plain)
    let claude = try server([
      "ANTHROPIC_API_KEY": sampleKey, "ANTHROPIC_BASE_URL": "https://claude.example",
      "ANTHROPIC_VERSION": "2026-10-21",
    ])
    #expect(claude?.address.text == "https://claude.example/v1")
    #expect(claude?.served.interfaceVersion == "2026-10-21")
  }

  @Test("OpenAI's key goes to OpenAI's servers and to no other unless it is told to")
  func keysStayHome() throws {
    func key(_ address: String, _ environment: [String: String] = [:]) throws -> String? {
      try server(environment.merging(["OPENAI_API_KEY": sampleKey]) { first, _ in first }) {
        $0.provider = .chat
        $0.model = "m"
        $0.baseURL = address
      }?.key?.source
    }
    #expect(try key("https://api.openai.com/v1") == "OPENAI_API_KEY")
    #expect(try key("https://api.openai.com.evil.example/v1") == nil)
    #expect(try key("https://api.deepseek.com") == nil)
    #expect(
      try key("https://api.deepseek.com", ["BRAIN_LLM_API_KEY": sampleKey])
        == "BRAIN_LLM_API_KEY")
    #expect(
      try server(["OPENAI_API_KEY": sampleKey]) {
        $0.provider = .chat
        $0.model = "gpt-5.2"
        $0.baseURL = "https://api.openai.com/v1"
      }?.served.dialect == .chat)
  }

  @Test("a key is not sent in the clear, except to this machine")
  func clearText() throws {
    func asked(_ address: String) -> ProviderConfigurationFailure? {
      failure(["OPENAI_API_KEY": sampleKey]) {
        $0.provider = .openai
        $0.baseURL = address
      }
    }
    #expect(asked("http://proxy.example/v1") == .keyInTheClear(address: "http://proxy.example/v1"))
    #expect(asked("http://127.0.0.1.example/v1") != nil)
    for address in ["http://localhost:1/v1", "http://127.0.0.1:1/v1", "http://[::1]:1/v1"] {
      #expect(asked(address) == nil)
    }
  }

  @Test("what cannot be used is named with what can")
  func mistakes() {
    let key = ["OPENAI_API_KEY": sampleKey]
    func with(_ name: String, _ value: String) -> ProviderConfigurationFailure? {
      failure(key.merging([name: value]) { first, _ in first })
    }
    let cases: [(ProviderConfigurationFailure?, String)] = [
      (with("BRAIN_LLM_PROVIDER", "opnai"), "`openai`"),
      (with("BRAIN_LLM_REASONING_EFFORT", "hardest"), "one of"),
      (with("BRAIN_LLM_TIMEOUT_SEC", "4"), "from 5 to 840"),
      (with("BRAIN_LLM_TIMEOUT_SEC", "soon"), "from 5 to 840"),
      (with("BRAIN_LLM_MAX_OUTPUT_TOKENS", "255"), "from 256"),
      (with("BRAIN_LLM_STREAM", "yes"), "from 0 to 1"),
      (with("BRAIN_LLM_BASE_URL", "ftp://x"), "https://"),
      (with("BRAIN_LLM_BASE_URL", "https://me:pw@x/v1"), "environment"),
      (with("BRAIN_LLM_BASE_URL", "https://x/v1?key=1"), "environment"),
      (with("BRAIN_LLM_PROVIDER", "replay"), "--llm-recording"),
      (failure(key) { $0.keyFile = "k" }, "--llm-provider"),
      (failure(["OPENAI_API_KEY": "two words"]), "alone"),
    ]
    for (failure, remedy) in cases {
      #expect(failure?.remedy.contains(remedy) == true, "\(String(describing: failure))")
      #expect(failure?.outcome == .badConfiguration)
      #expect(failure?.key.isEmpty == false)
      #expect(failure?.explanation.contains("pw") == false)
    }
  }

  // MARK: Making the model

  private struct Offline: LanguageModel {
    let identity = ModelIdentity(provider: "mock", model: "offline")
    func answer(_ call: ModelCall) async -> ModelOutcome {
      .answered(ModelAnswer(text: "{}", usage: nil))
    }
  }

  private func model(_ configuration: ProviderConfiguration) throws -> any LanguageModel {
    try configuration.model(
      offline: { Offline() }, client: { HTTPClient() },
      now: { Timestamp(millisecondsSinceEpoch: 0) }, report: { Issue.record($0) })
  }

  @Test("a question that was answered into the cache is not sent again")
  func cached() async throws {
    let scratch = try ScratchFolder()
    let transcript = ProviderTranscript(.chat)
    let twin = try HTTPTwin { _ in transcript.streamed }
    func live() throws -> any LanguageModel {
      try model(
        configuration(["BRAIN_LLM_CACHE": scratch.url.path]) {
          $0.provider = .chat
          $0.model = "llama-4"
          $0.baseURL = twin.address + "/v1"
        })
    }
    let paid = try #require(await live().answer(.sample).answer)
    twin.stop()
    let free = try #require(await live().answer(.sample).answer)
    #expect(!paid.isFromCache && free.isFromCache)
    #expect(free.text == paid.text && free.usage == nil)
  }

  @Test("a configuration makes the model that it names, and records and replays it")
  func models() async throws {
    #expect(try model(configuration()).identity == Offline().identity)

    let scratch = try ScratchFolder()
    let path = scratch.url.appendingPathComponent("run.jsonl").path
    let transcript = ProviderTranscript(.chat)
    let twin = try HTTPTwin { _ in transcript.streamed }
    let live = try model(
      configuration {
        $0.provider = .chat
        $0.model = "llama-4"
        $0.baseURL = twin.address + "/v1"
        $0.recording = path
      })
    #expect(live.identity == ModelIdentity(provider: "chat", model: "llama-4"))
    #expect(await live.answer(.sample).answer?.text == transcript.text)
    twin.stop()

    for name in [nil, "llama-4"] {
      let replayed = try model(
        configuration {
          $0.provider = .replay
          $0.recording = path
          $0.model = name
        })
      #expect(replayed.identity == live.identity)
      #expect(await replayed.answer(.sample).answer?.text == transcript.text)
    }
    let other = try configuration(["BRAIN_LLM_RECORDING": path]) {
      $0.provider = .replay
      $0.model = "gpt-5"
    }
    #expect(
      throws: ProviderConfigurationFailure.modelNotRecorded(named: "gpt-5", recorded: ["llama-4"])
    ) { try model(other) }
    #expect(throws: ProviderConfigurationFailure.self) {
      try model(
        configuration {
          $0.provider = .replay
          $0.recording = path + ".none"
        })
    }
    #expect(throws: ProviderConfigurationFailure.self) {
      try model(
        configuration(["OPENAI_API_KEY": sampleKey]) {
          $0.recording = path + "/below/a/file"
        })
    }
  }
}
