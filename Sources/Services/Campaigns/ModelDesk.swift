package import Essentials
import Mathematics
package import Research
package import Storage

/// Where a run's questions are put to its model: nothing is sent that was not granted and recorded
/// before, every attempt is settled, and an answer that was paid for once is never paid for again.
///
/// ```
/// reply on record? ── yes ──> the recorded reply, nothing is sent
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
/// counts as used in full until the run is resumed, when it is settled by the recorded usage. That a
/// question had no answer is recorded too: what the run did next followed from it.
///
/// Not for use by two tasks at once.
package final class ModelDesk {
  /// What came of a question.
  package enum Reply: Sendable {
    case text(String, isComplete: Bool)
    /// The budget does not allow it; nothing was sent.
    case blocked(BlockedQuestion)
    /// Every attempt failed; what they cost is settled.
    case failed(any ExplainedFailure)
  }

  package let run: String
  package let model: any LanguageModel
  package let book: BudgetBook
  private let journal: Journal
  private let reasoning: JSONValue?
  private let owner: String
  private let now: @Sendable () -> Timestamp
  private let pause: @Sendable (Duration) -> Void
  /// The replies on record, by the names of their questions.
  private var replies: [String: Reply] = [:]

  /// The kind of event that keeps an answer.
  package static let answerKind = "agent.answer_received"
  /// The kind of event that says why one attempt of a question brought no answer.
  package static let failureKind = "agent.call_failed"
  /// The kind of event that says why what a provider counted is not to be trusted.
  package static let doubtKind = "llm.usage_doubted"
  /// The kind of event that keeps why a question has no answer.
  package static let closingKind = "agent.question_closed"
  /// Kinds of events, beside those of the budget, that the desk brings about.
  package static let kinds: Set = [
    answerKind, closingKind, failureKind, doubtKind, "llm.usage_point",
  ]

  /// Opens the desk of a run; calls of an earlier life whose answers are on record are settled.
  ///
  /// - Parameters:
  ///   - owner: names the process, so that what it leaves open can be given up with it.
  package init(
    run: String, model: any LanguageModel, book: BudgetBook, journal: Journal,
    reasoning: JSONValue? = nil, owner: String,
    now: @escaping @Sendable () -> Timestamp, pause: @escaping @Sendable (Duration) -> Void
  ) throws {
    self.run = run
    self.model = model
    self.book = book
    self.journal = journal
    self.reasoning = reasoning
    self.owner = owner
    self.now = now
    self.pause = pause
    var refusal: BudgetRefusal?
    var cursor = try JournalCursor(journal, filter: JournalFilter(run: run))
    while let part = try cursor.next() {
      for event in part {
        switch event.kind {
        case Self.answerKind:
          if let answer = RecordedAnswer(event) { try take(answer) }
        case Self.closingKind:
          if let closing = QuestionClosing(event) {
            replies[closing.question] = closing.reply(after: refusal)
          }
        default:
          if case .budget(let told) = RecordedEvent(event), case .blocked(let check) = told.fact {
            refusal = BudgetRefusal(breaches: check.breaches)
          }
        }
      }
    }
  }

  /// Takes in an answer of an earlier life; its call is settled where that was not come to.
  private func take(_ answer: RecordedAnswer) throws {
    replies[answer.question] = .text(answer.text, isComplete: answer.isComplete)
    let id = ReservationID(answer.reservation)
    guard book.snapshot.state.presumed[id] != nil else { return }
    if answer.isFromCache {
      try book.void(id, .notSent, at: now())
    } else {
      try book.settle(id, answer.point, at: now())
    }
  }

  /// Whether the reply to a question is on record, so that asking it costs nothing.
  package func knows(_ id: String) -> Bool { replies[id] != nil }

  /// Whether the question has an answer on record; that it was blocked or failed is none.
  package func hasAnswer(to id: String) -> Bool {
    if case .text? = replies[id] { true } else { false }
  }

  /// Puts a question, in as many attempts as failures are worth, each granted by itself.
  ///
  /// - Parameters:
  ///   - id: names the question within its run: the same in every life of the run.
  ///   - compile: writes the prompt for the budget as it stands; not asked where the answer is known.
  package func ask(
    _ id: String, compile: (TokenLedger, Timestamp) -> CompiledPrompt
  ) async throws -> Reply {
    if let known = replies[id] { return known }
    let prompt = compile(book.snapshot, now())
    var retrying = RetryingCall()
    var generator = SplitMix64(seed: prompt.call.seed)
    while true {
      let attempt = retrying.attempt
      var request = prompt.request
      request.attempt = attempt
      request.owner = owner
      let reservation: Reservation
      let steps = attempt == 1 ? prompt.steps : []
      switch try book.reserve(request, after: steps, at: now()) {
      case .refused(let refusal):
        return try close(id, request, .blocked(BlockedQuestion(refusal, prompt)))
      case .granted(let granted): reservation = granted
      }
      let failure: any ExplainedFailure
      switch await model.answer(prompt.call) {
      case .answered(let answer):
        try keep(answer, to: prompt.call, id, reservation)
        return .text(answer.text, isComplete: answer.isComplete)
      case .refused(let reason):
        try note(reason, of: id, request)
        let wasReceived = (reason as? ProviderFailure)?.wasReceived ?? false
        try book.void(reservation.id, wasReceived ? .refusedByProvider : .notSent, at: now())
        failure = reason
      case .lost(let reason, let partial):
        try note(reason, of: id, request, partial: partial, to: prompt.call)
        if let partial, partial.usage != nil {
          try book.settle(reservation.id, point(partial, prompt.call), at: now())
        } else {
          try book.presume(reservation.id, .answerLost, at: now())
        }
        failure = reason
      }
      switch retrying.decide(after: failure, at: now(), using: &generator) {
      case .again(let delay): pause(delay)
      case .stop: return try close(id, request, .failed(failure))
      }
    }
  }

  private func point(_ answer: ModelAnswer, _ call: ModelCall) -> UsagePoint {
    UsagePoint(
      reported: answer.usage,
      promptCharacters: call.instructions.unicodeScalars.count + call.prompt.unicodeScalars.count,
      completionCharacters: answer.text.unicodeScalars.count, responseID: answer.responseID,
      reasoning: reasoning)
  }

  private func keep(
    _ answer: ModelAnswer, to call: ModelCall, _ id: String, _ reservation: Reservation
  ) throws {
    let recorded = RecordedAnswer(
      question: id, reservation: reservation.id.number, answer, point: point(answer, call))
    try journal.append(
      [draft(Self.answerKind, reservation.request, recorded.payload(stage: call.stage))]
        + doubts(about: answer, to: call, id, reservation.request))
    replies[id] = .text(recorded.text, isComplete: recorded.isComplete)
    if answer.isFromCache {
      try book.void(reservation.id, .notSent, at: now())
    } else {
      try book.settle(reservation.id, recorded.point, at: now())
    }
  }
}

extension ModelDesk {
  private func draft(_ kind: String, _ request: CallRequest, _ payload: JSONValue) -> JournalDraft {
    JournalDraft(kind, at: now(), run: run, subject: request.idea, payload: payload)
  }

  /// Records why an attempt failed, and what is doubtful about the usage that came all the same.
  private func note(
    _ failure: any ExplainedFailure, of id: String, _ request: CallRequest,
    partial: ModelAnswer? = nil, to call: ModelCall? = nil
  ) throws {
    let reason =
      (failure as? ProviderFailure)?.json
      ?? [
        "cause": .string(failure.key), "explanation": .string(failure.explanation),
        "remedy": .string(failure.remedy),
      ]
    var drafts = [
      draft(
        Self.failureKind, request,
        [
          "question": .string(id), "stage": .string(request.stage),
          "attempt": .integer(request.attempt), "failure": reason,
        ])
    ]
    if let partial, let call, partial.usage != nil {
      drafts += doubts(about: partial, to: call, id, request)
    }
    try journal.append(drafts)
  }

  /// The event about a usage that cannot be right; none where nothing is doubtful or owed.
  private func doubts(
    about answer: ModelAnswer, to call: ModelCall, _ id: String, _ request: CallRequest
  ) -> [JournalDraft] {
    guard !answer.isFromCache else { return [] }
    let doubts = UsageDoubt.doubts(about: answer.usage, call: call, answer: answer.text)
    guard !doubts.isEmpty else { return [] }
    return [
      draft(
        Self.doubtKind, request,
        [
          "question": .string(id), "stage": .string(request.stage),
          "attempt": .integer(request.attempt), "doubts": .array(doubts.map(\.json)),
          "usage": answer.usage ?? .null,
        ])
    ]
  }

  /// Records that a question has no answer, and returns the reply.
  private func close(_ id: String, _ request: CallRequest, _ reply: Reply) throws -> Reply {
    let closing = QuestionClosing(question: id, reply)
    try journal.append(
      [draft(Self.closingKind, request, closing.payload(stage: request.stage))])
    replies[id] = reply
    return reply
  }
}

/// An answer as the journal keeps it.
private struct RecordedAnswer {
  let question: String
  let reservation: Int
  let text: String
  let isComplete: Bool
  let isFromCache: Bool
  let point: UsagePoint

  /// More than the reader of answers reads; what is longer is cut to this, and is as unreadable.
  private static let textBytesMax = AnswerText.bytesMax + 1

  init(question: String, reservation: Int, _ answer: ModelAnswer, point: UsagePoint) {
    self.question = question
    self.reservation = reservation
    let isWhole = answer.text.utf8.count <= Self.textBytesMax
    text =
      isWhole
      ? answer.text : String(decoding: answer.text.utf8.prefix(Self.textBytesMax), as: UTF8.self)
    isComplete = answer.isComplete && isWhole
    isFromCache = answer.isFromCache
    self.point = point
  }

  init?(_ event: JournalEvent) {
    guard let payload = event.payload, case .string(let question)? = payload["question"],
      case .integer(let reservation)? = payload["reservation"],
      case .string(let text)? = payload["text"], case .bool(let isComplete)? = payload["complete"],
      case .bool(let isFromCache)? = payload["cached"],
      case .integer(let characters)? = payload["prompt_chars"]
    else { return nil }
    var responseID: String?
    if case .string(let id)? = payload["response_id"] { responseID = id }
    var completion = text.unicodeScalars.count
    if case .integer(let count)? = payload["completion_chars"] { completion = count }
    self.question = question
    self.reservation = reservation
    self.text = text
    self.isComplete = isComplete
    self.isFromCache = isFromCache
    point = UsagePoint(
      reported: payload["usage"].flatMap { $0 == .null ? nil : $0 },
      promptCharacters: characters, completionCharacters: completion, responseID: responseID)
  }

  func payload(stage: ModelCall.Stage) -> JSONValue {
    [
      "question": .string(question), "stage": .string(stage.rawValue),
      "reservation": .integer(reservation), "text": .string(text), "complete": .bool(isComplete),
      "cached": .bool(isFromCache),
      "prompt_chars": .integer(point.promptCharacters),
      "completion_chars": .integer(point.completionCharacters), "usage": usage,
      "response_id": point.responseID.map(JSONValue.string) ?? .null,
    ]
  }

  /// The usage as the provider reported it. Of a report that is too long to be kept, the counts that
  /// were read from it; null where nothing was reported.
  private var usage: JSONValue {
    if let reported = point.reported { return reported }
    guard point.source != .estimate else { return .null }
    let used = point.usage
    return [
      "prompt_tokens": .integer(used.prompt), "completion_tokens": .integer(used.completion),
      "prompt_tokens_details": [
        "cached_tokens": .integer(used.cached),
        "cache_write_tokens": .integer(used.cacheWrite + used.cacheWriteLong),
      ],
      "completion_tokens_details": ["reasoning_tokens": .integer(used.reasoning)],
      "cache_creation": ["ephemeral_1h_input_tokens": .integer(used.cacheWriteLong)],
    ]
  }
}
