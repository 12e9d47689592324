package import Essentials

/// One step of making a prompt smaller, with the measures of that step and not of the last one.
///
/// Of a check of the budget that is recorded with the step only these members are read.
package struct FallbackStep: Hashable, Sendable, ReadableDocument {
  /// What was made smaller, such as `fields`.
  package var phase: String
  /// What was left of it, in (0, 1); nil where the step was no multiplication.
  package var factor: Double?
  /// 1 for the first step of a prompt.
  package var count: Int
  package var promptTokens: Int
  package var completionTokens: Int
  package var selectedTopK = CandidateCounts()
  package var laneRatio: JSONValue = .null
  /// The ceilings that the step's prompt exceeds, such as `request_prompt`.
  package var exceeded: [String] = []
  package var coverage: Double?
  package var novelty: Double?
  /// The ceilings of the request when the step was taken.
  package var maxPromptTokens: Int
  package var maxCompletionTokens: Int

  package init(
    phase: String, factor: Double?, count: Int, promptTokens: Int, completionTokens: Int,
    maxPromptTokens: Int, maxCompletionTokens: Int
  ) {
    self.phase = phase
    self.factor = factor
    self.count = count
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.maxPromptTokens = maxPromptTokens
    self.maxCompletionTokens = maxCompletionTokens
  }

  /// The ceilings that every check of a budget names, exceeded or not.
  private static let standing = [
    "request_prompt", "request_completion", "batch_total", "day_total", "explore_floor",
  ]

  package init(reading reader: inout DocumentReader) {
    phase = reader.requiredText("fallback_phase")
    factor = reader.number("fallback_factor", in: 0...1)
    count = reader.whole("fallback_count", in: 0...1_000_000) ?? 0
    promptTokens = reader.whole("prompt_tokens", in: 0...TokenUsage.tokensMax) ?? 0
    completionTokens = reader.whole("completion_tokens", in: 0...TokenUsage.tokensMax) ?? 0
    selectedTopK = reader.object("selected_topk", CandidateCounts.init(reading:)) ?? selectedTopK
    laneRatio = reader.value("lane_ratio") ?? .null
    exceeded = (reader.value("budget_exceeded") ?? .null).memberList
      .filter { $0.value == .bool(true) }.map(\.name)
    coverage = reader.number("coverage_kpi", in: 0...Double.greatestFiniteMagnitude)
    novelty = reader.number("novelty_kpi", in: 0...1)
    let limits = reader.object("limits") { limits in
      (
        limits.whole("max_prompt_tokens", in: 0...Int.max),
        limits.whole("max_completion_tokens", in: 0...Int.max)
      )
    }
    maxPromptTokens = limits?.0 ?? 0
    maxCompletionTokens = limits?.1 ?? 0
  }

  package var json: JSONValue {
    let others = exceeded.filter { !Self.standing.contains($0) }
    return [
      "step_name": "step-20-budget", "prompt_tokens": .integer(promptTokens),
      "completion_tokens": .integer(completionTokens), "selected_topk": selectedTopK.json,
      "lane_ratio": laneRatio,
      "budget_exceeded": .object(
        (Self.standing + others).map { .init($0, .bool(exceeded.contains($0))) }),
      "fallback_count": .integer(count), "coverage_kpi": .optional(coverage),
      "novelty_kpi": .optional(novelty),
      "limits": [
        "max_prompt_tokens": .integer(maxPromptTokens),
        "max_completion_tokens": .integer(maxCompletionTokens),
      ],
      "fallback_phase": .string(phase), "fallback_factor": .optional(factor),
    ]
  }
}
