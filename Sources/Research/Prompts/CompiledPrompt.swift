package import Essentials

/// A prompt that was brought within its budget, or the reason why that cannot be.
///
/// Whatever the verdict, hand ``request`` and ``steps`` to ``BudgetBook/reserve(_:after:at:)``: it
/// decides, and keeps `budget.fallback_applied` for every step and then the verdict in the journal.
package struct CompiledPrompt: Sendable {
  /// The question, its subject carrying what is left of the pack.
  package let call: ModelCall
  /// What to reserve before the call is made.
  package let request: CallRequest
  /// How the prompt was shortened; empty where it was not, or where shortening does not help.
  package let steps: [AppliedFallback]
  package let verdict: PromptVerdict
  /// The parts of the prompt with their tokens, which may differ from the whole by rounding.
  package let sections: [Section]
  /// What the uncut prompt would have, and the least that one of these candidates has.
  package let uncutTokens: Int
  package let leastTokens: Int
  /// The tokens that are written whatever the candidates: instructions, schema and question.
  package let fixedTokens: Int
  /// The most tokens that a prompt of this request may have when nothing was used yet.
  package let promptTokensAllowed: Int
  /// How many candidates of the pack were left out beforehand, because no formula can contain their
  /// names or because they stood there before.
  package let unusableCandidates: Int

  /// A part of the prompt.
  package struct Section: Hashable, Sendable {
    package let name: String
    package let tokens: Int
    /// Whether every call of a run and a stage has the same, so that providers can cache it.
    package let isStable: Bool
  }
}

/// What becomes of an idea's prompt.
package enum PromptVerdict: Hashable, Sendable {
  /// The prompt may be sent.
  case fits
  /// The prompt is within the ceilings of a request, and a period is used up. Shortening does not
  /// help; the idea waits.
  case carriedOver(BudgetRefusal, CarryOver)
  /// No prompt of these candidates will ever be within the ceilings as they are.
  case dropped(BudgetRefusal)

  /// `fits`, `carried_over` or `dropped`.
  package var name: String {
    switch self {
    case .fits: "fits"
    case .carriedOver: "carried_over"
    case .dropped: "dropped"
    }
  }

  /// Why the prompt may not be sent, nil where it may.
  package var refusal: BudgetRefusal? {
    switch self {
    case .fits: nil
    case .carriedOver(let refusal, _), .dropped(let refusal): refusal
    }
  }
}

/// How long an idea waits for its budget.
package struct CarryOver: Hashable, Sendable {
  /// Whether the run is used up, so that another one has to begin.
  package let needsAnotherRun: Bool
  /// When the day or the week that is used up ends, nil where neither is.
  package let notBefore: Timestamp?
}

extension CarryOver: CustomStringConvertible {
  /// Such as `until another run begins, not before 2026-11-22T00:00:00.000Z`.
  package var description: String {
    let parts =
      (needsAnotherRun ? ["until another run begins"] : [])
      + (notBefore.map { ["not before \($0)"] } ?? [])
    return parts.joined(separator: ", ")
  }
}

extension CompiledPrompt {
  /// What was cut and why, and what becomes of the idea: a few sentences.
  package var explanation: [String] {
    (unusableCandidates == 0
      ? []
      : [
        "\(unusableCandidates) of the pack's fields and operators repeat others or have names that "
          + "no formula can contain; they are left out."
      ]) + story
  }

  private var story: [String] {
    switch verdict {
    case .fits:
      guard !steps.isEmpty else {
        return [
          "The prompt has up to \(request.promptTokensMax) tokens of \(promptTokensAllowed) "
            + "allowed; nothing was cut."
        ]
      }
      return [
        "Uncut, the prompt would have \(uncutTokens) tokens and \(promptTokensAllowed) are "
          + "allowed; with \(steps.count == 1 ? "one step" : "\(steps.count) steps") it has "
          + "\(request.promptTokensMax)."
      ]
        + steps.map {
          let count = $0.cut.dropped.count
          return "\($0.cut.phase.rawValue) to \(share($0.cut.factor)): "
            + "\(count) \(count == 1 ? "candidate" : "candidates") and "
            + "\($0.cut.tokensSaved) tokens fewer."
        }
    case .carriedOver(let refusal, let wait):
      return refusal.breaches.map(\.explanation) + [
        "A shorter prompt does not help: the idea is carried over \(wait)."
      ]
    case .dropped(let refusal):
      let isTooLong = refusal.breaches.contains { $0.ceiling.yieldsToShrinking }
      return refusal.breaches.map(\.explanation) + [
        !isTooLong
          ? "A shorter prompt does not help: the idea is dropped."
          : fixedTokens > promptTokensAllowed
            ? "The fixed part alone has \(fixedTokens) tokens, so no cut of candidates helps: the "
              + "idea is dropped."
            : "Even the least that keeps the explore minimum has \(leastTokens) tokens: the idea is "
              + "dropped."
      ]
    }
  }

  private func share(_ factor: Double) -> String {
    "\(Int((factor * 100).rounded())) %"
  }
}
