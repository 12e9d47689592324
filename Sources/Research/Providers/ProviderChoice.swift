/// Who shall answer, as a person says it.
package enum ProviderChoice: String, Hashable, Sendable, CaseIterable {
  case openai, anthropic, chat, ollama
  /// The offline proposer.
  case mock
  /// The first provider that a key is set for, else the offline proposer.
  case auto
  /// A recording of earlier traffic.
  case replay
}
