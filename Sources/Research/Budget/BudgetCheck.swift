/// A request held against the ceilings: what was used before it, and what it would exceed.
package struct BudgetCheck: Hashable, Sendable {
  package let request: CallRequest
  /// The most that the call may cost.
  package let cost: CallCost
  /// Used and reserved before the request, by the run, the UTC day and the ISO week.
  package let batchBefore: Spend
  package let dayBefore: Spend
  package let weekBefore: Spend
  /// Tokens of the prompt that are drawn from the expansion reserve.
  package let expansionTokens: Int
  package let limits: CheckedLimits
  /// Empty where the call may be made.
  package let breaches: [CeilingBreach]

  package var passes: Bool { breaches.isEmpty }
  package var projectedBatchTokens: Int { batchBefore.tokens + request.tokens }
  package var projectedDayTokens: Int { dayBefore.tokens + request.tokens }
}

/// The ceilings that `budget.*` events repeat under `limits`.
package struct CheckedLimits: Hashable, Sendable {
  package let maxPromptTokens: Int
  package let maxCompletionTokens: Int
  /// Nil where there is none.
  package let maxTokensPerBatch: Int?
  package let maxTokensPerDay: Int?
  package let minExploreCandidatesPerBatch: Int

  package init(_ configuration: BudgetConfiguration) {
    maxPromptTokens = configuration.maxPromptTokens
    maxCompletionTokens = configuration.maxCompletionTokens
    maxTokensPerBatch = configuration.batch.tokens
    maxTokensPerDay = configuration.day.tokens
    minExploreCandidatesPerBatch = configuration.minExploreCandidatesPerBatch
  }

  package init(
    maxPromptTokens: Int, maxCompletionTokens: Int, maxTokensPerBatch: Int?, maxTokensPerDay: Int?,
    minExploreCandidatesPerBatch: Int
  ) {
    self.maxPromptTokens = maxPromptTokens
    self.maxCompletionTokens = maxCompletionTokens
    self.maxTokensPerBatch = maxTokensPerBatch
    self.maxTokensPerDay = maxTokensPerDay
    self.minExploreCandidatesPerBatch = minExploreCandidatesPerBatch
  }
}
