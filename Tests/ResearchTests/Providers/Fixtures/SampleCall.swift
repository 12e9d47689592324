import Essentials
import Research
import Twins

extension ModelCall {
  /// A call with texts of more than one script.
  static let sample = ModelCall(
    stage: .idea, instructions: "Answer with JSON only.", prompt: "Propose an idea: größer 🚀.",
    schemaName: "idea spec", schema: ["type": "object", "properties": [:]], maxOutputTokens: 1_600,
    seed: 0xFEDC_BA98_7654_3210, subject: .idea(notes: [:]))
}

extension ServedModel {
  /// A model that is asked over that interface.
  init(_ interface: ProviderTranscript.Interface, isStreamed: Bool = true) {
    switch interface {
    case .responses:
      self.init(
        provider: .openai, model: "gpt-5.2", dialect: .responses,
        tuning: ModelTuning(effort: .medium, verbosity: .low, summary: .auto),
        isStreamed: isStreamed)
    case .chat:
      self.init(
        provider: .chat, model: "llama-4", dialect: .chatCompatible, isStreamed: isStreamed)
    case .messages:
      self.init(
        provider: .anthropic, model: "claude-sonnet-5-5", dialect: .messages,
        isStreamed: isStreamed)
    }
  }
}

extension ModelOutcome {
  /// The answer where there is one.
  var answer: ModelAnswer? { if case .answered(let answer) = self { answer } else { nil } }

  /// The provider's failure where there is one.
  var failure: ProviderFailure? {
    switch self {
    case .answered: nil
    case .refused(let failure), .lost(let failure, _): failure as? ProviderFailure
    }
  }

  /// What is known of an answer that was lost.
  var partial: ModelAnswer? { if case .lost(_, let partial) = self { partial } else { nil } }

  /// `answered`, `refused` or `lost`.
  var name: String {
    switch self {
    case .answered: "answered"
    case .refused: "refused"
    case .lost: "lost"
    }
  }
}

/// A key that looks like one.
let sampleKey = "sk-proj-0123456789abcdefghijklmnopqrstuvwxyz"
