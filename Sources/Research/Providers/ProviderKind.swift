/// The kinds of servers that the desk can ask. The raw value is the provider's name in prices,
/// events and options.
package enum ProviderKind: String, Hashable, Sendable, CaseIterable {
  /// OpenAI's Responses.
  case openai
  /// Anthropic's Messages.
  case anthropic
  /// Any server that speaks Chat Completions, OpenAI's among them.
  case chat
  /// A local Ollama.
  case ollama

  /// The environment variable that holds the key.
  package var keyVariable: String {
    switch self {
    case .openai: "OPENAI_API_KEY"
    case .anthropic: "ANTHROPIC_API_KEY"
    case .chat: "BRAIN_LLM_API_KEY"
    case .ollama: "OLLAMA_API_KEY"
    }
  }

  /// Whether nothing can be asked without a key. Local servers are often open.
  package var needsKey: Bool { self == .openai || self == .anthropic }

  /// The environment variable that may hold the base URL, beside `BRAIN_LLM_BASE_URL`.
  package var baseURLVariable: String? {
    switch self {
    case .openai: "OPENAI_BASE_URL"
    case .anthropic: "ANTHROPIC_BASE_URL"
    case .chat: nil
    case .ollama: "OLLAMA_HOST"
    }
  }

  /// Where the provider is found; nil where only the user knows.
  package var baseURL: String? {
    switch self {
    case .openai: "https://api.openai.com/v1"
    case .anthropic: "https://api.anthropic.com/v1"
    case .chat: nil
    case .ollama: "http://localhost:11434/v1"
    }
  }

  /// The model that is asked where none is named; nil where only the user knows which are there.
  package var model: String? {
    switch self {
    case .openai: "gpt-5.2"
    case .anthropic: "claude-sonnet-5-5"
    case .chat, .ollama: nil
    }
  }
}
