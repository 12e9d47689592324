import Essentials
package import Networking

/// Which language model answers and how it is reached, checked: from the flags, else the environment,
/// else the defaults.
package struct ProviderConfiguration: Hashable, Sendable {
  /// Who answers.
  package enum Source: Hashable, Sendable {
    /// The offline proposer.
    case offline
    case server(Server)
    /// The recording at a path; the model of that name, or the only one in it.
    case replay(path: String, model: String?)
  }

  /// A model at an address.
  package struct Server: Hashable, Sendable {
    package var served: ServedModel
    package var address: HTTPAddress
    package var key: APIKey?
    package var limits: HTTPLimits
    /// The file that traffic is appended to, where it is wanted.
    package var recording: String?
    /// The folder that answers are kept in and taken from, where it is wanted.
    package var cache: ResponseCache?
  }

  package var source: Source
  /// What a person must be told about the choice, such as that nobody but the offline proposer was
  /// there to answer; nil where they got what they asked for by name.
  package var notice: String?
  /// How many output tokens a call would like to have, reasoning included. The budget may grant less.
  package var maxOutputTokens: Int

  /// The default of `--max-output-tokens`.
  package static let maxOutputTokens = 2_200

  /// Decides from flags and environment.
  package init(
    _ flags: ProviderFlags, environment: [String: String]
  ) throws(ProviderConfigurationFailure) {
    let reader = ProviderEnvironment(flags: flags, environment: environment)
    let asked: ProviderChoice? = try reader.word("BRAIN_LLM_PROVIDER", unless: flags.provider)
    let ceiling = try reader.whole("BRAIN_LLM_MAX_OUTPUT_TOKENS", in: 256...1_000_000)
    maxOutputTokens = flags.maxOutputTokens ?? ceiling ?? Self.maxOutputTokens

    switch asked {
    case .mock: source = .offline
    case .replay: source = .replay(path: try reader.recording(), model: reader.model)
    case .openai: source = .server(try reader.server(.openai))
    case .anthropic: source = .server(try reader.server(.anthropic))
    case .chat: source = .server(try reader.server(.chat))
    case .ollama: source = .server(try reader.server(.ollama))
    case .auto, nil:
      guard flags.keyFile == nil else { throw .keyFileOfNobody }
      let found = try reader.kindWithKey()
      source = if let found { .server(try reader.server(found)) } else { .offline }
      let what = asked == nil ? "No provider was named" : "The provider is chosen automatically"
      notice =
        found.map { "\(what); the key of \($0.keyVariable) is set, so \($0.rawValue) answers." }
        ?? "\(what) and no key is set, so the offline proposer answers (mock)."
    }
    if source == .offline, flags.recording != nil {
      let silence = "Nothing is recorded, since the offline proposer asks nobody."
      notice = [notice, silence].compactMap { $0 }.joined(separator: " ")
    }
  }
}

/// Reads what flags and environment say, the flags first.
private struct ProviderEnvironment {
  let flags: ProviderFlags
  let environment: [String: String]

  /// A variable that is empty counts as one that is not set.
  private func value(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  var model: String? { flags.model ?? value("BRAIN_LLM_MODEL") }

  func word<Word: RawRepresentable & CaseIterable>(
    _ name: String, unless flag: Word?
  ) throws(ProviderConfigurationFailure) -> Word? where Word.RawValue == String {
    if let flag { return flag }
    guard let text = value(name) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw .unknownWord(variable: name, text: text, words: Word.allCases.map(\.rawValue))
    }
    return word
  }

  func whole(
    _ name: String, in range: ClosedRange<Int>
  ) throws(ProviderConfigurationFailure) -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .notANumber(variable: name, text: text, range: range)
    }
    return number
  }

  func recording() throws(ProviderConfigurationFailure) -> String {
    guard let path = flags.recording ?? value("BRAIN_LLM_RECORDING") else {
      throw .recordingMissing
    }
    return path
  }

  /// The first provider, OpenAI before Anthropic, that a key is set for.
  func kindWithKey() throws(ProviderConfigurationFailure) -> ProviderKind? {
    for kind in [ProviderKind.openai, .anthropic] where try foundKey(kind.keyVariable) != nil {
      return kind
    }
    return nil
  }

  private func foundKey(_ variable: String) throws(ProviderConfigurationFailure) -> APIKey? {
    do throws(APIKeyFailure) {
      return try APIKey.find(variable, in: environment)
    } catch {
      throw .key(error)
    }
  }

  func server(
    _ kind: ProviderKind
  ) throws(ProviderConfigurationFailure) -> ProviderConfiguration.Server {
    let address = try address(kind)
    let key = try key(kind, at: address)
    guard let model = model ?? kind.model else { throw .modelMissing(kind) }
    if kind.needsKey, key == nil {
      throw .provider(
        ProviderFailure(
          ProviderFailure.Origin(provider: kind.rawValue, model: model),
          .keyMissing(variable: kind.keyVariable)))
    }
    if key != nil, address.scheme == .http, !address.isLoopback {
      throw .keyInTheClear(address: address.description)
    }
    var served = ServedModel(
      provider: kind, model: model, dialect: kind.dialect(at: address),
      tuning: try tuning(kind, model: model),
      isStreamed: try whole("BRAIN_LLM_STREAM", in: 0...1) != 0)
    if let version = value("ANTHROPIC_VERSION") { served.interfaceVersion = version }
    return ProviderConfiguration.Server(
      served: served, address: address, key: key, limits: try limits(),
      recording: flags.recording ?? value("BRAIN_LLM_RECORDING"),
      cache: (flags.cache ?? value("BRAIN_LLM_CACHE")).map { folder in
        // Two servers may call different models by one name.
        let server = Fingerprint(of: address.description).hexadecimal.prefix(16)
        return ResponseCache(folder: "\(folder)/\(server)")
      })
  }

  /// OpenAI's key is used for its own servers whatever they are asked for, and for no other.
  private func key(
    _ kind: ProviderKind, at address: HTTPAddress
  ) throws(ProviderConfigurationFailure) -> APIKey? {
    guard let path = flags.keyFile else {
      let key = try foundKey(kind.keyVariable)
      guard key == nil, kind == .chat, address.isOfOpenAI else { return key }
      return try foundKey(ProviderKind.openai.keyVariable)
    }
    do throws(APIKeyFailure) {
      return try APIKey(file: path)
    } catch {
      throw .key(error)
    }
  }

  private func address(
    _ kind: ProviderKind
  ) throws(ProviderConfigurationFailure) -> HTTPAddress {
    let text =
      flags.baseURL ?? value("BRAIN_LLM_BASE_URL") ?? kind.baseURLVariable.flatMap(value)
      ?? kind.baseURL
    guard let text else { throw .addressMissing(kind) }
    let address: HTTPAddress
    do throws(HTTPAddressMistake) {
      // OLLAMA_HOST may be a host and a port alone.
      let isBare = kind == .ollama && !text.contains("://")
      address = try HTTPAddress(isBare ? "http://\(text)" : text)
    } catch {
      throw .address(error)
    }
    guard address.query == nil else { throw .addressWithQuery(address.description) }
    // Ollama's and Anthropic's variables name the server; the interface lies below v1.
    let isServer = address.path == "/" && (kind == .ollama || kind == .anthropic)
    return isServer ? address.appending("v1") : address
  }

  private func tuning(
    _ kind: ProviderKind, model: String
  ) throws(ProviderConfigurationFailure) -> ModelTuning {
    let asked = ModelTuning(
      effort: try word("BRAIN_LLM_REASONING_EFFORT", unless: flags.effort),
      verbosity: try word("BRAIN_LLM_VERBOSITY", unless: flags.verbosity),
      summary: try word("BRAIN_LLM_REASONING_SUMMARY", unless: flags.summary))
    guard kind == .openai, Self.thinks(model) else { return asked }
    return ModelTuning(
      effort: asked.effort ?? .medium, verbosity: asked.verbosity ?? .medium,
      summary: asked.summary ?? .auto)
  }

  /// Whether a model of OpenAI takes an effort. The older families refuse it.
  private static func thinks(_ model: String) -> Bool {
    !["gpt-3", "gpt-4", "chatgpt-"].contains { model.hasPrefix($0) }
  }

  /// The silence after which a call is given up.
  private static let patienceSeconds = 90

  /// A whole call ends before the budget gives its reservation up, which it does after 900 seconds.
  private static let totalSecondsMax = 840

  private func limits() throws(ProviderConfigurationFailure) -> HTTPLimits {
    let asked = try whole("BRAIN_LLM_TIMEOUT_SEC", in: 5...Self.totalSecondsMax)
    let seconds = asked ?? Self.patienceSeconds
    return HTTPLimits(
      connecting: .seconds(min(10, seconds)), firstByte: .seconds(seconds),
      silence: .seconds(seconds), total: .seconds(min(6 * seconds, Self.totalSecondsMax)),
      bodyBytes: HTTPLanguageModel.answerBytesMax)
  }
}

extension ProviderKind {
  fileprivate func dialect(at address: HTTPAddress) -> ServedModel.Dialect {
    switch self {
    case .openai: .responses
    case .anthropic: .messages
    case .chat: address.isOfOpenAI ? .chat : .chatCompatible
    case .ollama: .chatCompatible
    }
  }
}

extension HTTPAddress {
  /// OpenAI's own servers, its regions and Azure's among them.
  fileprivate var isOfOpenAI: Bool {
    host == "api.openai.com" || host.hasSuffix(".openai.com")
      || host.hasSuffix(".openai.azure.com")
  }

  fileprivate var isLoopback: Bool {
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return host == "localhost" || host == "[::1]"
      || numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }
}
