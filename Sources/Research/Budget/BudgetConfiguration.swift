/// The ceilings of research by language models, as `configs/llm_budget.json` states them.
///
/// A value of this type is consistent: it is made from the defaults or read by
/// ``BudgetConfiguration/init(text:path:)``, which refuses what is impossible.
package struct BudgetConfiguration: Hashable, Sendable {
  /// The ceilings of one period; nil where there is none.
  package struct PeriodCeilings: Hashable, Sendable {
    package var tokens: Int?
    package var cost: NanoDollars?
    package var exploreTokens: Int?
    package var exploreCost: NanoDollars?

    package init(
      tokens: Int? = nil, cost: NanoDollars? = nil, exploreTokens: Int? = nil,
      exploreCost: NanoDollars? = nil
    ) {
      self.tokens = tokens
      self.cost = cost
      self.exploreTokens = exploreTokens
      self.exploreCost = exploreCost
    }
  }

  /// How many tokens a prompt is taken to have when its call is reserved.
  package enum PromptBound: String, Hashable, Sendable, CaseIterable {
    /// The bound learned from actual usage, and the rough estimate until enough is known.
    case calibrated
    /// Characters divided by four.
    case rough
    /// One token for every byte, which no byte-level encoding exceeds.
    case bytes
  }

  /// A rank file and the models whose prompts it counts.
  package struct RankFile: Hashable, Sendable {
    /// Beginnings of model names.
    package var models: [String]
    package var path: String
    package var encoding: SplitRule
  }

  package var maxPromptTokens = 12_000
  package var maxCompletionTokens = 1_600
  package var maxCostPerRequest: NanoDollars?
  package var batch = PeriodCeilings(tokens: 52_000)
  package var day = PeriodCeilings(tokens: 1_500_000)
  package var week = PeriodCeilings()
  /// What is left of the candidates at each step of the prompt compiler's fallback, falling.
  package var fallbackTopKSteps = [0.85, 0.7, 0.55, 0.4]
  /// The share of every ceiling that is kept for exploring, in millionths.
  package var exploreMillionths = 300_000
  package var minExploreCandidatesPerBatch = 1
  /// Prompt tokens beyond the ceiling that an idea may use once, after repeated identical errors.
  package var expansionReserveTokens = 2_500
  /// How many identical validation errors in a row open the expansion reserve.
  package var repeatedErrorThreshold = 2
  /// The price of models that the price table lacks, nil where none was stated.
  package var flatPrice: FlatPrice?
  /// How long a granted call may take before its outcome counts as unknown.
  package var reservationSeconds = 900
  package var promptBound = PromptBound.calibrated
  /// The path of the price table, relative to the file that names it.
  package var priceTable: String?
  package var rankFiles: [RankFile] = []

  package init() {}

  package var exploreRatio: Double { Double(exploreMillionths) / 1e6 }
  package var exploitRatio: Double { Double(1_000_000 - exploreMillionths) / 1e6 }

  /// The completion ceiling to send to a provider for a caller who would like `wanted` tokens.
  package func completionCeiling(wanting wanted: Int) -> Int {
    max(1, min(wanted, maxCompletionTokens))
  }

  /// The ceilings of a period.
  package func ceilings(_ period: BudgetPeriod) -> PeriodCeilings {
    switch period {
    case .batch: batch
    case .day: day
    case .week: week
    }
  }

  /// Whether any ceiling is in money, so that a call without a price cannot be judged.
  package var hasCostCeiling: Bool {
    maxCostPerRequest != nil
      || [batch, day, week].contains { $0.cost != nil || $0.exploreCost != nil }
  }
}

extension BudgetConfiguration.PeriodCeilings {
  /// The tokens that calls of the exploit lane must leave to the explore lane; 0 without a ceiling.
  ///
  /// Never more than the explore lane may use, for what nobody may use is kept for nobody.
  package func exploreFloorTokens(millionths: Int) -> Int {
    guard let tokens else { return 0 }
    return min(tokens * millionths / 1_000_000, exploreTokens ?? .max)
  }

  /// The money that calls of the exploit lane must leave to the explore lane; 0 without a ceiling.
  package func exploreFloorCost(millionths: Int) -> NanoDollars {
    guard let cost else { return .zero }
    // In two steps, for the product would leave 64 bits.
    let share = Int64(millionths)
    let floor = cost.count / 1_000_000 * share + cost.count % 1_000_000 * share / 1_000_000
    return min(NanoDollars(floor), exploreCost ?? NanoDollars(.max))
  }
}
