/// A price of one token in trillionths of a dollar.
///
/// A price of $1 for a million tokens is a million of them, so six decimals of such a price are
/// exact.
package struct PicoDollars: Hashable, Comparable, Sendable {
  package var count: Int64

  package init(_ count: Int64) {
    self.count = count
  }

  /// Takes a price in dollars for a million tokens, rounded to six decimals.
  package init(perMillion dollars: Double) {
    count = Int64((dollars * 1e6).rounded())
  }

  package static func < (left: Self, right: Self) -> Bool { left.count < right.count }
}

/// What the tokens of one model cost.
package struct ModelPrice: Hashable, Sendable {
  /// The prices of prompts above a certain length.
  package struct Tier: Hashable, Sendable {
    /// The tier holds for prompts of more tokens than this.
    package var promptTokensAbove: Int
    package var input: PicoDollars
    package var cachedInput: PicoDollars
    package var cacheWrite: PicoDollars
    package var cacheWriteLong: PicoDollars
    package var output: PicoDollars
    package var reasoning: PicoDollars

    /// Prices that are not known fall back: what is cached costs what it would uncached, what is
    /// kept longer costs no less, and reasoning costs what other answers do.
    package init(
      promptTokensAbove: Int = 0, input: PicoDollars, cachedInput: PicoDollars? = nil,
      cacheWrite: PicoDollars? = nil, cacheWriteLong: PicoDollars? = nil, output: PicoDollars,
      reasoning: PicoDollars? = nil
    ) {
      self.promptTokensAbove = promptTokensAbove
      self.input = input
      self.cachedInput = cachedInput ?? input
      self.cacheWrite = cacheWrite ?? input
      self.cacheWriteLong = cacheWriteLong ?? self.cacheWrite
      self.output = output
      self.reasoning = reasoning ?? output
    }
  }

  /// At least one, by rising length; the first holds from the first token.
  package let tiers: [Tier]

  /// Nothing for any number of tokens.
  static let free = ModelPrice([
    Tier(input: PicoDollars(0), output: PicoDollars(0))
  ])

  package init(_ tiers: [Tier]) {
    precondition(!tiers.isEmpty, "a model has a price without prices")
    self.tiers = tiers.sorted { $0.promptTokensAbove < $1.promptTokensAbove }
  }

  /// What a call has cost, rounded up to a billionth of a dollar.
  ///
  /// The whole call is billed at the tier of its prompt, as providers do.
  package func cost(of usage: TokenUsage) -> NanoDollars {
    let tier = tiers.last { usage.prompt > $0.promptTokensAbove } ?? tiers[0]
    let plain = usage.prompt - usage.cached - usage.cacheWrite - usage.cacheWriteLong
    return Self.sum([
      (plain, tier.input), (usage.cached, tier.cachedInput), (usage.cacheWrite, tier.cacheWrite),
      (usage.cacheWriteLong, tier.cacheWriteLong),
      (usage.completion - usage.reasoning, tier.output), (usage.reasoning, tier.reasoning),
    ])
  }

  /// The most that a call of so many tokens can cost, however it is cached and in whichever tier.
  package func costMax(prompt: Int, completion: Int) -> NanoDollars {
    var most = NanoDollars.zero
    for tier in tiers where prompt > tier.promptTokensAbove || tier == tiers[0] {
      let input = max(tier.input, tier.cachedInput, tier.cacheWrite, tier.cacheWriteLong)
      most = max(
        most, Self.sum([(prompt, input), (completion, max(tier.output, tier.reasoning))]))
    }
    return most
  }

  private static func sum(_ parts: [(tokens: Int, price: PicoDollars)]) -> NanoDollars {
    // A billion tokens at the highest price of a table are 10^18 trillionths times 10: the sum is
    // taken in 128 bits and only then rounded.
    let total = parts.reduce(Int128(0)) { $0 + Int128($1.tokens) * Int128($1.price.count) }
    let nano = (total + 999) / 1000
    return NanoDollars(Int64(clamping: nano))
  }
}

/// One price for all models that a table lacks, as `estimated_cost_per_1k_prompt_tokens` and
/// `estimated_cost_per_1k_completion_tokens` state it.
package struct FlatPrice: Hashable, Sendable {
  /// US dollars for a thousand tokens of a prompt.
  package var per1kPrompt: Double
  /// US dollars for a thousand tokens of a completion.
  package var per1kCompletion: Double

  package init(per1kPrompt: Double, per1kCompletion: Double) {
    self.per1kPrompt = per1kPrompt
    self.per1kCompletion = per1kCompletion
  }

  /// The same as a model's price.
  package var price: ModelPrice {
    ModelPrice([
      ModelPrice.Tier(
        input: PicoDollars(perMillion: per1kPrompt * 1000),
        output: PicoDollars(perMillion: per1kCompletion * 1000))
    ])
  }
}
