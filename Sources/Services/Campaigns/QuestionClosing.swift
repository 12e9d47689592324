import Essentials
import Research
import Storage

/// Why a question has no answer, as the journal keeps it.
///
/// What the budget refused stands in the event `budget.blocked` before it and is not repeated.
struct QuestionClosing {
  let question: String
  private let outcome: Outcome

  private enum Outcome {
    case blocked(reason: String, isCarriedOver: Bool)
    case failed(RecordedFailure)
  }

  /// - Precondition: `reply` is no text.
  init(question: String, _ reply: ModelDesk.Reply) {
    self.question = question
    switch reply {
    case .text: preconditionFailure("a question that was answered was closed without an answer")
    case .blocked(let blocked):
      outcome = .blocked(reason: blocked.reason, isCarriedOver: blocked.isCarriedOver)
    case .failed(let failure): outcome = .failed(RecordedFailure(failure))
    }
  }

  /// Reads an event; nil where it is none of these.
  init?(_ event: JournalEvent) {
    guard let payload = event.payload, case .string(let question)? = payload["question"],
      case .string(let reason)? = payload["reason"]
    else { return nil }
    self.question = question
    switch payload["outcome"] {
    case "carried_over": outcome = .blocked(reason: reason, isCarriedOver: true)
    case "dropped": outcome = .blocked(reason: reason, isCarriedOver: false)
    case "failed":
      guard case .string(let key)? = payload["code"], case .string(let remedy)? = payload["remedy"],
        case .integer(let exit)? = payload["exit_code"],
        let failureOutcome = Int32(exactly: exit).flatMap(FailureOutcome.init)
      else { return nil }
      outcome = .failed(
        RecordedFailure(
          key: key, explanation: reason, remedy: remedy, outcome: failureOutcome))
    default: return nil
    }
  }

  func payload(stage: String) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("question", .string(question)), .init("stage", .string(stage)),
    ]
    switch outcome {
    case .blocked(let reason, let isCarriedOver):
      members += [
        .init("outcome", .string(isCarriedOver ? "carried_over" : "dropped")),
        .init("reason", .string(reason)),
      ]
    case .failed(let failure):
      members += [
        .init("outcome", "failed"), .init("reason", .string(failure.explanation)),
        .init("code", .string(failure.key)), .init("remedy", .string(failure.remedy)),
        .init("exit_code", .integer(Int(failure.outcome.rawValue))),
      ]
    }
    return .object(members)
  }

  /// The reply as it was given; nil where the refusal that belongs to it is missing.
  func reply(after refusal: BudgetRefusal?) -> ModelDesk.Reply? {
    switch outcome {
    case .blocked(let reason, let isCarriedOver):
      refusal.map {
        .blocked(BlockedQuestion(refusal: $0, reason: reason, isCarriedOver: isCarriedOver))
      }
    case .failed(let failure): .failed(failure)
    }
  }
}

/// A failure as the journal remembers it.
private struct RecordedFailure: ExplainedFailure {
  let key: String
  let explanation: String
  let remedy: String
  let outcome: FailureOutcome

  init(key: String, explanation: String, remedy: String, outcome: FailureOutcome) {
    self.key = key
    self.explanation = explanation
    self.remedy = remedy
    self.outcome = outcome
  }

  init(_ failure: any ExplainedFailure) {
    self.init(
      key: failure.key, explanation: failure.explanation, remedy: failure.remedy,
      outcome: failure.outcome)
  }
}
