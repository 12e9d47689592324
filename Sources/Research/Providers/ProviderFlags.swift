/// What the command line says about language models; nil where it says nothing.
package struct ProviderFlags: Hashable, Sendable {
  /// `--llm-provider`.
  package var provider: ProviderChoice?
  /// `--llm-model`.
  package var model: String?
  /// `--llm-base-url`.
  package var baseURL: String?
  /// `--llm-key-file`.
  package var keyFile: String?
  /// `--llm-recording`: the file that is replayed, or that traffic is recorded into.
  package var recording: String?
  /// `--llm-cache`: the folder that answers are kept in and taken from.
  package var cache: String?
  /// `--reasoning-effort`.
  package var effort: ModelTuning.Effort?
  /// `--verbosity`.
  package var verbosity: ModelTuning.Verbosity?
  /// `--reasoning-summary`.
  package var summary: ModelTuning.Summary?
  /// `--max-output-tokens`.
  package var maxOutputTokens: Int?

  package init() {}
}
