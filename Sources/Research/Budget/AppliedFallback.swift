/// A step that shortened a prompt, with the prompt as it stood after it.
package struct AppliedFallback: Hashable, Sendable {
  package var cut: FallbackCut
  /// The upper bound of the prompt's tokens after the step.
  package var promptTokensMax: Int
  /// What the prompt carried after the step.
  package var prompt: PromptFacts

  package init(cut: FallbackCut, promptTokensMax: Int, prompt: PromptFacts) {
    self.cut = cut
    self.promptTokensMax = promptTokensMax
    self.prompt = prompt
  }
}

/// What a step cut, as `budget.fallback_applied` tells it.
package struct FallbackCut: Hashable, Sendable {
  package var phase: FallbackPhase
  /// The share of the phase's candidates that the step leaves at most.
  package var factor: Double
  package var tokensSaved: Int
  /// The ids of the fields and the names of the operators that are gone, in the order of the pack.
  package var dropped: [String]

  package init(phase: FallbackPhase, factor: Double, tokensSaved: Int, dropped: [String]) {
    self.phase = phase
    self.factor = factor
    self.tokensSaved = tokensSaved
    self.dropped = dropped
  }
}
