package import Essentials

/// An answer while it is read: what came so far, in the order in which it came.
package struct AnswerDraft: Hashable, Sendable {
  /// Why a model stopped.
  package enum Ending: Hashable, Sendable {
    /// Where it wanted to.
    case finished
    /// At a ceiling, named by the provider's word for it.
    case cutOff(String)
    /// A filter of the provider stopped it.
    case filtered
    /// It declined to answer; the refusal is in ``AnswerDraft/refusal`` where the model gave words.
    case declined
    /// The provider reported an error in the place of an answer, or in the middle of one.
    case failed(ProviderComplaint)
    /// A reason that a call for text should not meet, such as a tool call.
    case other(String)
  }

  package var text = ""
  /// What the model said in declining.
  package var refusal = ""
  /// The provider's own usage object; nil as long as it is not the last word.
  package var usage: JSONValue?
  /// What the provider counted before the answer was whole. It is below what it will bill, so that
  /// nothing may be settled by it.
  package var usageSoFar: JSONValue?
  package var responseID: String?
  /// Nil as long as nobody said why the model stopped.
  package var ending: Ending?
  /// Whether the provider has said that nothing more comes.
  package var isOver = false
  /// What could not be read of the answer, the first of it.
  package private(set) var defect: String?

  package init() {}

  /// Notes that a part of the answer cannot be read.
  package mutating func noteUnreadable(_ reason: String) { defect = defect ?? reason }

  /// Takes the last usage object over; what it leaves out is as it was counted before. Where there is
  /// none, the answer stays uncounted, for only its beginning had been counted.
  mutating func settle(usage last: JSONValue?) {
    guard case .object(let counted) = usageSoFar else {
      if let last, last != .null { usage = last }
      return
    }
    var members = counted.filter { !$0.name.hasPrefix("output_tokens") }
    guard case .object(let additions) = last ?? [:] else {
      usage = last
      return
    }
    for addition in additions where addition.value != .null {
      if let place = members.firstIndex(where: { $0.name == addition.name }) {
        members[place].value = addition.value
      } else {
        members.append(addition)
      }
    }
    usage = .object(members)
  }

  /// What is known of the answer, incomplete; nil where that is nothing.
  package var partial: ModelAnswer? {
    guard !text.isEmpty || !refusal.isEmpty || usage != nil || responseID != nil else { return nil }
    return ModelAnswer(
      text: text.isEmpty ? refusal : text, usage: usage, responseID: responseID, isComplete: false)
  }

  /// Returns what became of a call whose answer began and is not read any further.
  ///
  /// The caller asked, so that the call may have cost whatever came of it. `breakage` says what ended
  /// the transfer where it did not end by itself. An answer whose model had stopped before is whole
  /// all the same.
  package func outcome(
    _ origin: ProviderFailure.Origin, advice: RetryAdvice, breakage: TransferBreak?
  ) -> ModelOutcome {
    func lost(_ cause: ProviderFailure.Cause) -> ModelOutcome {
      .lost(
        ProviderFailure(
          origin, cause, advice: advice, usageSoFar: usage == nil ? usageSoFar : nil),
        partial: partial)
    }
    if case .failed(let complaint) = ending { return lost(.failedMidAnswer(complaint)) }
    if let defect { return lost(.unreadable(reason: defect)) }
    if !refusal.isEmpty || ending == .declined { return lost(.declined(words: refusal)) }
    switch ending {
    case nil: return lost(breakage.map(ProviderFailure.Cause.broken) ?? .unended)
    case .filtered: return lost(.filtered)
    case .finished where text.isEmpty: return lost(.emptyAnswer)
    case .other(let reason) where text.isEmpty: return lost(.unwantedEnding(reason))
    case .finished, .cutOff, .other, .declined, .failed:
      return .answered(
        ModelAnswer(
          text: text, usage: usage, responseID: responseID, isComplete: ending == .finished))
    }
  }
}
