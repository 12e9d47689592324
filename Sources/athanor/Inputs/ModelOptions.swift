import Essentials
import Networking
import Research
import Services

/// The options that say which language model answers, and how.
enum ModelOptions {
  static let provider = Option<ProviderChoice?>.optional(
    "llm-provider", .word("provider"),
    help: """
      Who answers; otherwise $BRAIN_LLM_PROVIDER, or the provider whose key is set, or mock, the \
      offline proposer.
      """)
  static let model = Option<String?>.optional(
    "llm-model", .text("name"), help: "The model; otherwise $BRAIN_LLM_MODEL, or the provider's.")
  static let baseURL = Option<String?>.optional(
    "llm-base-url", .text("url"), help: "The address of a server of your own or another.")
  static let keyFile = Option<String?>.optional(
    "llm-key-file", .file(), help: "A file with the key that only its owner may read.")
  static let recording = Option<String?>.optional(
    "llm-recording", .file(),
    help: "Record the traffic into this file, or replay it with --llm-provider replay.")
  static let cache = Option<String?>.optional(
    "llm-cache", .folder(),
    help: """
      Keep the answers of a server in this folder, and take from it those that were paid for before; \
      otherwise $BRAIN_LLM_CACHE.
      """)
  static let effort = Option<ModelTuning.Effort?>.optional(
    "reasoning-effort", .word("effort"), help: "How much a model thinks before it answers.")
  static let verbosity = Option<ModelTuning.Verbosity?>.optional(
    "verbosity", .word("verbosity"), help: "How much a model writes.")
  static let summary = Option<ModelTuning.Summary?>.optional(
    "reasoning-summary", .word("summary"), help: "How a model sums up what it thought.")
  static let maxOutputTokens = Option<Int?>.optional(
    "max-output-tokens", .whole("count", in: 256...1_000_000),
    help: "The longest answer that is asked for; the budget may allow less.")

  static let definitions = [
    provider.definition, model.definition, baseURL.definition, keyFile.definition,
    recording.definition, cache.definition, effort.definition, verbosity.definition,
    summary.definition,
    maxOutputTokens.definition,
  ]
}

extension Invocation {
  /// The provider that the command line and the environment name.
  func provider() throws -> ProviderConfiguration {
    var flags = ProviderFlags()
    flags.provider = self[ModelOptions.provider]
    flags.model = self[ModelOptions.model]
    flags.baseURL = self[ModelOptions.baseURL]
    flags.keyFile = self[ModelOptions.keyFile]
    flags.recording = self[ModelOptions.recording]
    flags.cache = self[ModelOptions.cache]
    flags.effort = self[ModelOptions.effort]
    flags.verbosity = self[ModelOptions.verbosity]
    flags.summary = self[ModelOptions.summary]
    flags.maxOutputTokens = self[ModelOptions.maxOutputTokens]
    return try ProviderConfiguration(flags, environment: surroundings.environment)
  }

  /// Makes the model of a provider.
  func model(of provider: ProviderConfiguration) throws -> any LanguageModel {
    let errors = surroundings.errors
    return try provider.model(
      offline: { OfflineProposer() }, client: { HTTPClient() }, now: surroundings.now,
      report: { failure in
        // A recording or a cache that cannot be written is no reason to stop the run.
        try? errors.write("warning: \(failure.explanation) \(failure.remedy)\n")
      })
  }
}
