package import Essentials
import Foundation
package import Research
import Storage

/// Records the facts of a run of research, each with its idea and its cause.
///
/// May be told from several threads, as a remote simulator does.
package final class ResearchRecord: @unchecked Sendable {
  // Sendable: `recorder` and `first` are used only while `lock` is held.
  package let run: String
  private let now: @Sendable () -> Timestamp
  private let lock = NSLock()
  private let recorder: RunRecorder?
  private let expectsSimulation: Bool
  /// The number of the first event, nil before it.
  private var first: Int64?

  /// Begins to record a run.
  ///
  /// - Parameters:
  ///   - recorder: nil where nothing is kept.
  ///   - expectsSimulation: whether simulation events are legal in this run.
  package init(
    run: String, recorder: RunRecorder?, expectsSimulation: Bool = true,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.run = run
    self.recorder = recorder
    self.now = now
    self.expectsSimulation = expectsSimulation
  }

  /// Records a fact about an idea; returns its number, 0 where nothing is kept.
  @discardableResult
  package func record(_ fact: ResearchFact, idea: String, cause: Int64?) throws -> Int64 {
    try record([(fact, idea, cause)])[0]
  }

  /// Records facts together; returns their numbers.
  @discardableResult
  package func record(
    _ facts: [(fact: ResearchFact, idea: String, cause: Int64?)]
  ) throws -> [Int64] {
    let instant = now()
    let drafts = facts.map { fact, idea, cause in
      ResearchEvent(at: instant, run: run, idea: idea, fact).draft(
        cause: cause.map { .event($0) } ?? .none)
    }
    return try keep(drafts)
  }

  /// Records an event of the validation of a candidate; those that only this desk knows stand in the
  /// journal under their own names.
  package func record(
    _ event: ValidationEvent, of candidate: CandidateFacts, idea: String, cause: Int64?
  ) throws {
    if let fact = ResearchFact(event, candidate) {
      try record(fact, idea: idea, cause: cause)
      return
    }
    guard case .object(let members) = event.payload else { return }
    try keep([
      JournalDraft(
        event.name, at: now(), run: run, subject: candidate.key,
        cause: cause.map { .event($0) } ?? .none,
        payload: .object(
          [.init("idea_id", .string(idea)), .init("candidate_key", .string(candidate.key))]
            + members))
    ])
  }

  /// Records that the run began, with what it was asked for.
  package func begin(_ payload: JSONValue) throws -> Int64 {
    try keep([JournalDraft("run.started", at: now(), run: run, payload: payload)])[0]
  }

  /// Holds everything that was recorded since this record began, what the budget wrote included,
  /// against the order in which events must stand; what was begun and not ended is a violation too.
  package func order() throws -> EventOrder {
    var order = EventOrder(expectsSimulation: expectsSimulation)
    try lock.withLock {
      guard let recorder, let first else { return }
      try recorder.events(from: first) { order.take(RecordedEvent($0)) }
    }
    order.finish()
    return order
  }

  @discardableResult
  private func keep(_ drafts: [JournalDraft]) throws -> [Int64] {
    try lock.withLock {
      let numbers = try recorder?.record(drafts) ?? drafts.map { _ in 0 }
      first = first ?? numbers.first
      return numbers
    }
  }
}
