package import Research

/// A question that the budget did not allow.
package struct BlockedQuestion: Hashable, Sendable {
  package let refusal: BudgetRefusal
  /// What becomes of the idea and why, in a few sentences.
  package let reason: String
  /// Whether the idea waits for another run, day or week; otherwise its prompt can never be sent
  /// within the ceilings as they are.
  package let isCarriedOver: Bool

  package init(refusal: BudgetRefusal, reason: String, isCarriedOver: Bool) {
    self.refusal = refusal
    self.reason = reason
    self.isCarriedOver = isCarriedOver
  }

  /// A refusal of a prompt as it was compiled.
  init(_ refusal: BudgetRefusal, _ prompt: CompiledPrompt) {
    self.refusal = refusal
    switch prompt.verdict {
    case .carriedOver, .dropped: reason = prompt.explanation.joined(separator: " ")
    case .fits:
      // The attempts before this one used up what was left when the prompt was compiled.
      reason = (refusal.breaches.map(\.explanation) + ["The idea is carried over."])
        .joined(separator: " ")
    }
    if case .dropped = prompt.verdict { isCarriedOver = false } else { isCarriedOver = true }
  }
}
