package import Essentials
package import Networking

/// Flags or an environment from which no model can be made.
package enum ProviderConfigurationFailure: ExplainedFailure, Hashable {
  /// What the provider itself would say, such as that a key is missing.
  case provider(ProviderFailure)
  case key(APIKeyFailure)
  case address(HTTPAddressMistake)
  case addressWithQuery(String)
  case unknownWord(variable: String, text: String, words: [String])
  case notANumber(variable: String, text: String, range: ClosedRange<Int>)
  case modelMissing(ProviderKind)
  case addressMissing(ProviderKind)
  /// A key file is named, and no provider that the key would belong to.
  case keyFileOfNobody
  case recordingMissing
  /// The recording holds the traffic of several models, or none of the one named.
  case modelNotRecorded(named: String?, recorded: [String])
  case recording(TrafficReplayFailure)
  case recordingUnwritable(path: String, reason: String)
  /// The key would travel unencrypted to another machine.
  case keyInTheClear(address: String)

  package var key: String {
    switch self {
    case .provider(let failure): failure.key
    case .key(let failure): failure.key
    case .address(let mistake): mistake.key
    case .recording(let failure): failure.key
    default: "bad_provider_configuration"
    }
  }

  package var explanation: String {
    switch self {
    case .provider(let failure): failure.explanation
    case .key(let failure): failure.explanation
    case .address(let mistake): mistake.explanation
    case .recording(let failure): failure.explanation
    case .addressWithQuery(let address): "The base URL \(address) has a query."
    case .unknownWord(let variable, let text, _): "\(variable) is `\(text)`."
    case .notANumber(let variable, let text, _): "\(variable) is `\(text)`."
    case .modelMissing(let kind): "No model of \(kind.rawValue) is named."
    case .addressMissing(let kind): "The address of the \(kind.rawValue) server is not known."
    case .keyFileOfNobody: "A key file is named, but no provider that its key belongs to."
    case .recordingMissing: "No recording is named that could be replayed."
    case .modelNotRecorded(let named?, let recorded):
      "The recording has no traffic of \(named), only of \(recorded.joined(separator: ", "))."
    case .modelNotRecorded(nil, let recorded):
      "The recording has the traffic of several models: \(recorded.joined(separator: ", "))."
    case .recordingUnwritable(let path, let reason):
      "The recording \(path) cannot be written: \(reason)"
    case .keyInTheClear(let address):
      "A key would be sent to \(address) without encryption."
    }
  }

  package var remedy: String {
    switch self {
    case .provider(let failure): failure.remedy
    case .key(let failure): failure.remedy
    case .address(let mistake): mistake.remedy
    case .recording(let failure): failure.remedy
    case .addressWithQuery: "Leave the query out; keys belong into the environment."
    case .unknownWord(_, let text, let words):
      nearestName(to: text, among: words).map { "Did you mean `\($0)`?" }
        ?? "Write one of \(words.joined(separator: ", "))."
    case .notANumber(_, _, let range):
      "Write a whole number from \(range.lowerBound) to \(range.upperBound)."
    case .modelMissing: "Name one with --llm-model or BRAIN_LLM_MODEL."
    case .addressMissing: "Name it with --llm-base-url or BRAIN_LLM_BASE_URL."
    case .keyFileOfNobody: "Name the provider with --llm-provider."
    case .recordingMissing: "Name it with --llm-recording or BRAIN_LLM_RECORDING."
    case .modelNotRecorded: "Name one of the recorded models with --llm-model."
    case .recordingUnwritable: "Name a file that can be written."
    case .keyInTheClear: "Use an https address, or a server on this machine."
    }
  }

  package var outcome: FailureOutcome {
    switch self {
    case .provider(let failure): failure.outcome
    default: .badConfiguration
    }
  }
}
