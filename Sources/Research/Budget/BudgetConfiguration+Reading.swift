package import Essentials

extension BudgetConfiguration {
  /// The largest count of tokens that a configuration may name: at the highest price of a table it
  /// costs a hundred million dollars, so that sums stay far within 64 bits.
  static let tokensMax = 100_000_000_000

  /// Reads a configuration; keys that are missing or null keep their defaults.
  ///
  /// Unknown keys, values of the wrong type and impossible values are errors that name the key and
  /// come all at once.
  package init(text: String, path: String) throws(DocumentFailure) {
    self = try DocumentReader.read(
      text: text, document: path, unknown: .refused, key: Self.failureKey, Self.init(reading:))
  }

  /// The key of failures about configurations and price tables.
  static let failureKey = "bad_budget_configuration"

  private init(reading reader: inout DocumentReader) {
    self.init()
    readRequestCeilings(&reader)
    batch.read(&reader, "batch")
    day.read(&reader, "day")
    week.read(&reader, "week")
    readFallback(&reader)
    readLanes(&reader)
    readExpansion(&reader)
    readPrices(&reader)
    readEstimation(&reader)
    reservationSeconds = reader.whole("reservation_seconds", in: 1...86_400) ?? reservationSeconds
  }

  private mutating func readRequestCeilings(_ reader: inout DocumentReader) {
    maxPromptTokens =
      reader.whole("max_prompt_tokens", in: 1...Self.tokensMax) ?? maxPromptTokens
    maxCompletionTokens =
      reader.whole("max_completion_tokens", in: 1...Self.tokensMax) ?? maxCompletionTokens
    maxCostPerRequest = reader.dollars("max_cost_usd_per_request")
  }

  private mutating func readFallback(_ reader: inout DocumentReader) {
    let steps = reader.list("fallback_topk_steps", of: "a number between 0 and 1") { value in
      switch value {
      case .number(let step) where step > 0 && step < 1: step
      default: nil
      }
    }
    fallbackTopKSteps = steps ?? fallbackTopKSteps
  }

  private mutating func readLanes(_ reader: inout DocumentReader) {
    let exploit = reader.number("exploit_ratio", in: 0...1_000_000)
    let explore = reader.number("explore_ratio", in: 0...1_000_000)
    minExploreCandidatesPerBatch =
      reader.whole("min_explore_candidates_per_batch", in: 0...1_000_000)
      ?? minExploreCandidatesPerBatch
    guard exploit != nil || explore != nil else { return }
    let shares = (exploit: exploit ?? exploitRatio, explore: explore ?? exploreRatio)
    let sum = shares.exploit + shares.explore
    guard sum > 0 else {
      reader.noteContradiction(
        "explore_ratio", "and exploit_ratio are both 0",
        remedy: "Give one of the lanes a share, such as 0.7 and 0.3.")
      return
    }
    exploreMillionths = Int((shares.explore / sum * 1e6).rounded())
  }

  private mutating func readExpansion(_ reader: inout DocumentReader) {
    expansionReserveTokens =
      reader.whole("expansion_reserve_tokens", in: 0...Self.tokensMax) ?? expansionReserveTokens
    repeatedErrorThreshold =
      reader.whole("repeated_error_threshold", in: 1...1_000) ?? repeatedErrorThreshold
  }

  private mutating func readPrices(_ reader: inout DocumentReader) {
    let range = 0.0...1_000.0
    let prompt = reader.number("estimated_cost_per_1k_prompt_tokens", in: range) ?? 0
    let completion = reader.number("estimated_cost_per_1k_completion_tokens", in: range) ?? 0
    if prompt > 0 || completion > 0 {
      flatPrice = FlatPrice(per1kPrompt: prompt, per1kCompletion: completion)
    }
    priceTable = reader.text("price_table")
  }

  private mutating func readEstimation(_ reader: inout DocumentReader) {
    promptBound = reader.word("prompt_bound") ?? promptBound
    rankFiles =
      reader.objects("rank_files") { entry in
        for name in ["models", "path", "encoding"] { entry.requireMember(name) }
        let models = entry.list("models", of: "the beginning of a model's name") { value in
          if case .string(let text) = value, !text.isEmpty { text } else { nil }
        }
        let path = entry.text("path")
        let encoding: SplitRule? = entry.word("encoding")
        guard let models, let path, let encoding else { return nil }
        return RankFile(models: models, path: path, encoding: encoding)
      } ?? []
  }
}

extension BudgetConfiguration.PeriodCeilings {
  /// Reads the ceilings of the period whose keys end with `suffix`.
  fileprivate mutating func read(_ reader: inout DocumentReader, _ suffix: String) {
    let range = 1...BudgetConfiguration.tokensMax
    tokens = reader.whole("max_tokens_per_\(suffix)", in: range) ?? tokens
    cost = reader.dollars("max_cost_usd_per_\(suffix)")
    exploreTokens = reader.whole("max_explore_tokens_per_\(suffix)", in: range)
    exploreCost = reader.dollars("max_explore_cost_usd_per_\(suffix)")
  }
}
