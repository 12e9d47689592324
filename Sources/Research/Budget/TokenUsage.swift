package import Essentials

/// The tokens that a provider says a call has used.
///
/// Invariant: nothing is negative; what was cached and written to the cache is part of the prompt,
/// and reasoning is part of the completion.
package struct TokenUsage: Hashable, Sendable {
  /// All tokens of the prompt, whether read from a cache, written to one or neither.
  package var prompt: Int
  /// Read from the provider's cache, at a lower price.
  package var cached = 0
  /// Written to the provider's cache for minutes, at a higher price.
  package var cacheWrite = 0
  /// Written to the provider's cache for an hour or more.
  package var cacheWriteLong = 0
  /// All tokens of the answer, reasoning included.
  package var completion: Int
  package var reasoning = 0

  package init(prompt: Int, completion: Int) {
    self.prompt = prompt
    self.completion = completion
  }

  package static let zero = TokenUsage(prompt: 0, completion: 0)

  package var total: Int { prompt + completion }

  /// More than any model can read or write; a larger count is a mistake, and is read as none.
  package static let tokensMax = 1_000_000_000
}

/// How far a count of tokens can be trusted.
package enum UsageSource: String, Hashable, Sendable, CaseIterable {
  /// The provider counted prompt and completion.
  case provider
  /// The provider counted a part; the rest was derived from its total or estimated.
  case partly
  /// Nothing was counted; both are rough estimates.
  case estimate
  /// The answer came from our own cache, so nothing was used.
  case cache
}

extension TokenUsage {
  /// Reads the `usage` object of a provider's answer.
  ///
  /// Understands OpenAI's Chat Completions and Responses, Anthropic's Messages and servers that
  /// imitate them. Counts that are absent, negative, no numbers or beyond ``tokensMax`` are taken
  /// from the total where it is reported, and are the rough estimates otherwise. Where the total
  /// exceeds the parts, the rest is completion: some providers leave reasoning out of it and bill it.
  ///
  /// Anthropic counts what it caches beside `input_tokens`, OpenAI within it.
  package static func read(
    _ usage: JSONValue?, roughPrompt: Int, roughCompletion: Int
  ) -> (usage: TokenUsage, source: UsageSource) {
    let usage = usage ?? .null
    let written = usage.count("cache_creation_input_tokens") ?? 0
    let readBack = usage.count("cache_read_input_tokens") ?? 0
    let input = usage.firstCount("prompt_tokens", "input_tokens", "input_token_count")
    let output = usage.firstCount("completion_tokens", "output_tokens", "output_token_count")
    let total = usage.firstCount("total_tokens", "token_count").flatMap { $0 > 0 ? $0 : nil }

    // A prompt of no tokens cannot be sent, so a zero says that nobody counted.
    let counted = input.map { $0 + written + readBack }.flatMap { $0 > 0 ? $0 : nil }
    let rough = (prompt: max(0, roughPrompt), completion: max(0, roughCompletion))
    var result: TokenUsage
    let source: UsageSource
    switch (counted, output, total) {
    case (let prompt?, let completion?, _):
      result = TokenUsage(prompt: prompt, completion: completion)
      source = .provider
    case (let prompt?, nil, let total?):
      result = TokenUsage(prompt: prompt, completion: max(0, total - prompt))
      source = .partly
    case (nil, let completion?, let total?):
      result = TokenUsage(prompt: max(0, total - completion), completion: completion)
      source = .partly
    case (nil, nil, let total?):
      // In the proportion of the estimates; without any, all of it at the dearer price.
      let sum = rough.prompt + rough.completion
      let prompt =
        sum > 0 ? Int(Double(total) * Double(rough.prompt) / Double(sum)) : 0
      result = TokenUsage(prompt: min(prompt, total), completion: total - min(prompt, total))
      source = .partly
    case (let prompt, let completion, nil):
      result = TokenUsage(
        prompt: prompt ?? rough.prompt, completion: completion ?? rough.completion)
      source = prompt == nil && completion == nil ? .estimate : .partly
    }
    if let total, total > result.total { result.completion += total - result.total }

    result.readDetails(usage, written: written, readBack: readBack)
    return (result, source)
  }

  private mutating func readDetails(_ usage: JSONValue, written: Int, readBack: Int) {
    let promptDetails = usage["prompt_tokens_details"] ?? usage["input_tokens_details"] ?? .null
    let answerDetails =
      usage["completion_tokens_details"] ?? usage["output_tokens_details"] ?? .null
    cached = min(prompt, promptDetails.count("cached_tokens") ?? readBack)
    let writes = min(prompt - cached, promptDetails.count("cache_write_tokens") ?? written)
    cacheWriteLong = min(
      writes, (usage["cache_creation"] ?? .null).count("ephemeral_1h_input_tokens") ?? 0)
    cacheWrite = writes - cacheWriteLong
    reasoning = min(
      completion, answerDetails.firstCount("reasoning_tokens", "thinking_tokens") ?? 0)
  }
}

extension JSONValue {
  /// The member of that name where it is a count: a whole number, or a text that is one.
  fileprivate func count(_ name: String) -> Int? {
    let number: Int?
    switch self[name] {
    case .integer(let value): number = value
    case .number(let value): number = Int(exactly: value)
    case .string(let text): number = Int(text)
    default: number = nil
    }
    return number.flatMap { (0...TokenUsage.tokensMax).contains($0) ? $0 : nil }
  }

  fileprivate func firstCount(_ names: String...) -> Int? {
    for name in names {
      if let count = count(name) { return count }
    }
    return nil
  }
}
