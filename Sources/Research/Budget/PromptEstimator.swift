/// How many tokens a prompt may have, before it is sent.
package struct PromptEstimate: Hashable, Sendable {
  /// The number to reserve.
  package let tokensMax: Int
  /// The estimate that calibration compares with the provider's count, 0 where the count is exact.
  package let basis: Int
  package let isExact: Bool
}

/// Bounds the tokens of prompts: by an exact count where the model's encoding is at hand, otherwise as
/// the configuration asks.
package struct PromptEstimator: Sendable {
  /// An encoding and the models whose prompts it counts.
  package struct Counter: Sendable {
    /// Beginnings of model names, without a provider.
    package let models: [String]
    package let encoding: BytePairEncoding

    package init(models: [String], encoding: BytePairEncoding) {
      self.models = models.map { $0.lowercased() }
      self.encoding = encoding
    }
  }

  private let bound: BudgetConfiguration.PromptBound
  private let counters: [Counter]

  /// - Parameter counters: the first whose models fit counts.
  package init(bound: BudgetConfiguration.PromptBound, counters: [Counter] = []) {
    self.bound = bound
    self.counters = counters
  }

  /// The beginnings of names of models whose prompts are counted exactly.
  package var models: [String] { counters.flatMap(\.models) }

  /// What an encoded message costs beside its text, and what an answer's beginning does: rules of
  /// thumb of OpenAI's chat format, rounded up, which its documents do not guarantee.
  private static let tokensPerMessage = 4
  private static let tokensPerAnswer = 3

  /// Bounds a prompt of `messages` messages whose texts joined are `text`.
  package func estimate(
    _ text: String, model: String, messages: Int = 1, calibration: TokenCalibration
  ) -> PromptEstimate {
    if let encoding = encoding(of: model) {
      let overhead = messages * Self.tokensPerMessage + Self.tokensPerAnswer
      return PromptEstimate(tokensMax: encoding.count(text) + overhead, basis: 0, isExact: true)
    }
    let basis = RoughEstimate.scriptAware(text)
    let rough = RoughEstimate.tokens(text)
    let tokensMax =
      switch bound {
      case .calibrated: calibration.bound(model: model, rough: rough, scriptAware: basis)
      case .rough: rough
      case .bytes: text.utf8.count
      }
    return PromptEstimate(tokensMax: tokensMax, basis: basis, isExact: false)
  }

  /// The scale on which the parts of a prompt of `messages` messages add up to ``estimate(_:model:messages:calibration:)``.
  package func measure(
    model: String, messages: Int = 1, calibration: TokenCalibration
  ) -> PromptMeasure {
    if let encoding = encoding(of: model) {
      return PromptMeasure(
        .tokens(
          encoding, overhead: messages * Self.tokensPerMessage + Self.tokensPerAnswer))
    }
    return switch bound {
    case .calibrated: PromptMeasure(.eighths(calibration, model: model))
    case .rough: PromptMeasure(.characters)
    case .bytes: PromptMeasure(.bytes)
    }
  }

  private func encoding(of model: String) -> BytePairEncoding? {
    let name = model.lowercased().split(separator: "/").last ?? ""
    return counters.first { $0.models.contains { name.hasPrefix($0) } }?.encoding
  }
}
