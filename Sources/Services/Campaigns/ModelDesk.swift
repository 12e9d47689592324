package import Essentials
package import Research
package import Storage

/// Where a run's questions are put to its model: nothing is sent that was not granted and recorded
/// before, every attempt is settled, and an answer that was paid for once is never paid for again.
///
/// ```
/// answers on record? ── yes ──> the recorded text, nothing is sent
///        │ no
/// reserve ── refused ──> why, with the events of the ledger
///        │ granted, durable
/// ask the model
///        ├─ answered ──> the answer is recorded, then the call settled
///        ├─ refused at the door ──> voided ──┐
///        └─ lost on the way ──> presumed     ├─> perhaps another attempt, granted anew
///                               or settled ──┘
/// ```
///
/// The text is recorded before the call is settled: where the program dies between the two, the call
/// counts as used in full until the run is resumed, when it is settled by the recorded usage.
/// Not for use by two tasks at once.
package final class ModelDesk {
  /// A question with what its budget must know.
  package struct Question: Sendable {
    /// Names the question within its run: the same in every life of the run.
    package var id: String
    package var idea: String
    package var lane: Lane
    package var call: ModelCall
    package var facts: PromptFacts?
    package var expansion: ExpansionClaim?

    package init(
      id: String, idea: String, lane: Lane, call: ModelCall, facts: PromptFacts? = nil,
      expansion: ExpansionClaim? = nil
    ) {
      self.id = id
      self.idea = idea
      self.lane = lane
      self.call = call
      self.facts = facts
      self.expansion = expansion
    }
  }

  /// What came of a question.
  package enum Reply: Sendable {
    case text(String, isComplete: Bool)
    /// The budget does not allow it; nothing was sent.
    case blocked(BudgetRefusal)
    /// Every attempt failed; what they cost is settled.
    case failed(any ExplainedFailure)
  }

  /// Whether and when a failed attempt is worth another one.
  package typealias RetryRule = @Sendable (_ failure: any ExplainedFailure, _ attempt: Int) -> Duration?

  package let run: String
  package let model: any LanguageModel
  package let book: BudgetBook
  private let journal: Journal
  private let estimator: PromptEstimator
  private let reasoning: JSONValue?
  private let owner: String
  private let now: @Sendable () -> Timestamp
  private let pause: @Sendable (Duration) -> Void
  private let retry: RetryRule
  private var answers: [String: RecordedAnswer] = [:]

  /// The kind of event that keeps an answer.
  package static let answerKind = "agent.answer_received"

  /// Opens the desk of a run; calls of an earlier life whose answers are on record are settled.
  ///
  /// - Parameters:
  ///   - retry: says how long to wait before another attempt, nil for none.
  ///   - owner: names the process, so that what it leaves open can be given up with it.
  package init(
    run: String, model: any LanguageModel, book: BudgetBook, journal: Journal,
    estimator: PromptEstimator, reasoning: JSONValue? = nil, owner: String,
    now: @escaping @Sendable () -> Timestamp, pause: @escaping @Sendable (Duration) -> Void,
    retry: @escaping RetryRule
  ) throws {
    self.run = run
    self.model = model
    self.book = book
    self.journal = journal
    self.estimator = estimator
    self.reasoning = reasoning
    self.owner = owner
    self.now = now
    self.pause = pause
    self.retry = retry
    var cursor = try JournalCursor(
      journal, filter: JournalFilter(run: run, kind: Self.answerKind))
    while let part = try cursor.next() {
      for event in part {
        guard let answer = RecordedAnswer(event) else { continue }
        answers[answer.question] = answer
        let id = ReservationID(answer.reservation)
        if book.snapshot.state.presumed[id] != nil {
          try book.settle(id, answer.point, at: now())
        }
      }
    }
  }

  /// Whether the answer to a question is on record, so that asking it costs nothing.
  package func knows(_ id: String) -> Bool { answers[id] != nil }

  /// How many tokens a text may have, by what was learned of the model.
  package func estimate(_ text: String, messages: Int) -> PromptEstimate {
    estimator.estimate(
      text, model: model.identity.model, messages: messages,
      calibration: book.snapshot.state.calibration)
  }

  /// Puts a question, in as many attempts as the rule allows, each granted by itself.
  package func ask(_ question: Question) async throws -> Reply {
    if let known = answers[question.id] { return .text(known.text, isComplete: known.isComplete) }
    var attempt = 1
    while true {
      let reservation: Reservation
      switch try book.reserve(request(for: question, attempt: attempt), at: now()) {
      case .refused(let refusal): return .blocked(refusal)
      case .granted(let granted): reservation = granted
      }
      let failure: any ExplainedFailure
      switch await model.answer(question.call) {
      case .answered(let answer):
        try keep(answer, to: question, reservation)
        return .text(answer.text, isComplete: answer.isComplete)
      case .refused(let reason):
        try book.void(reservation.id, .refusedByProvider, at: now())
        failure = reason
      case .lost(let reason, let partial):
        if let partial, partial.usage != nil {
          try book.settle(reservation.id, point(partial, question.call), at: now())
        } else {
          try book.presume(reservation.id, .answerLost, at: now())
        }
        failure = reason
      }
      guard let delay = retry(failure, attempt) else { return .failed(failure) }
      pause(delay)
      attempt += 1
    }
  }

  private func request(for question: Question, attempt: Int) -> CallRequest {
    let call = question.call
    let estimate = estimate(
      call.instructions + call.prompt + call.schema.compactText, messages: 2)
    var request = CallRequest(
      run: run, idea: question.idea, stage: call.stage.rawValue, lane: question.lane,
      provider: model.identity.provider, model: model.identity.model,
      promptTokensMax: estimate.tokensMax, completionTokensMax: call.maxOutputTokens)
    request.promptTokensBasis = estimate.basis
    request.attempt = attempt
    request.expansion = question.expansion
    request.prompt = question.facts
    request.owner = owner
    return request
  }

  private func point(_ answer: ModelAnswer, _ call: ModelCall) -> UsagePoint {
    UsagePoint(
      reported: answer.usage,
      promptCharacters: call.instructions.unicodeScalars.count + call.prompt.unicodeScalars.count,
      completionCharacters: answer.text.unicodeScalars.count, responseID: answer.responseID,
      reasoning: reasoning)
  }

  private func keep(
    _ answer: ModelAnswer, to question: Question, _ reservation: Reservation
  ) throws {
    let recorded = RecordedAnswer(
      question: question.id, reservation: reservation.id.number, text: answer.text,
      isComplete: answer.isComplete, point: point(answer, question.call))
    try journal.append(
      JournalDraft(
        Self.answerKind, at: now(), run: run, subject: question.idea,
        payload: recorded.payload(stage: question.call.stage, usage: answer.usage)))
    answers[question.id] = recorded
    if answer.isFromCache {
      try book.void(reservation.id, .notSent, at: now())
    } else {
      try book.settle(reservation.id, recorded.point, at: now())
    }
  }
}

/// An answer as the journal keeps it.
private struct RecordedAnswer {
  let question: String
  let reservation: Int
  let text: String
  let isComplete: Bool
  let point: UsagePoint

  init(question: String, reservation: Int, text: String, isComplete: Bool, point: UsagePoint) {
    self.question = question
    self.reservation = reservation
    self.text = text
    self.isComplete = isComplete
    self.point = point
  }

  init?(_ event: JournalEvent) {
    guard let payload = event.payload, case .string(let question)? = payload["question"],
      case .integer(let reservation)? = payload["reservation"],
      case .string(let text)? = payload["text"], case .bool(let isComplete)? = payload["complete"],
      case .integer(let characters)? = payload["prompt_chars"]
    else { return nil }
    var responseID: String?
    if case .string(let id)? = payload["response_id"] { responseID = id }
    self.init(
      question: question, reservation: reservation, text: text, isComplete: isComplete,
      point: UsagePoint(
        reported: payload["usage"].flatMap { $0 == .null ? nil : $0 },
        promptCharacters: characters, completionCharacters: text.unicodeScalars.count,
        responseID: responseID))
  }

  func payload(stage: ModelCall.Stage, usage: JSONValue?) -> JSONValue {
    [
      "question": .string(question), "stage": .string(stage.rawValue),
      "reservation": .integer(reservation), "text": .string(text), "complete": .bool(isComplete),
      "prompt_chars": .integer(point.promptCharacters), "usage": usage ?? .null,
      "response_id": point.responseID.map(JSONValue.string) ?? .null,
    ]
  }
}
