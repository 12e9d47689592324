package import Essentials
import Foundation
package import Research
import Storage

/// Records the facts of a run of research, each with its idea and its cause, and watches their order.
///
/// May be told from several threads, as a remote simulator does.
package final class ResearchRecord: @unchecked Sendable {
  // Sendable: `recorder` and `watch` are used only while `lock` is held.
  package let run: String
  private let now: @Sendable () -> Timestamp
  private let lock = NSLock()
  private let recorder: RunRecorder?
  private var watch: EventOrder

  /// Begins to record a run.
  ///
  /// - Parameters:
  ///   - recorder: nil where nothing is kept and only the order is watched.
  ///   - expectsSimulation: whether simulation events are legal in this run.
  package init(
    run: String, recorder: RunRecorder?, expectsSimulation: Bool = true,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.run = run
    self.recorder = recorder
    self.now = now
    watch = EventOrder(expectsSimulation: expectsSimulation)
  }

  /// The order of what was recorded so far.
  package var order: EventOrder { lock.withLock { watch } }

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
    return try lock.withLock {
      for (draft, fact) in zip(drafts, facts) {
        watch.take(draft.kind, candidate: fact.fact.candidate?.key ?? "", idea: fact.idea)
      }
      return try recorder?.record(drafts) ?? drafts.map { _ in 0 }
    }
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
    _ = try keep(
      JournalDraft(
        event.name, at: now(), run: run, subject: candidate.key,
        cause: cause.map { .event($0) } ?? .none,
        payload: .object(
          [.init("idea_id", .string(idea)), .init("candidate_key", .string(candidate.key))]
            + members)))
  }

  /// Records that the run began, with what it was asked for.
  package func begin(_ payload: JSONValue) throws -> Int64 {
    try keep(JournalDraft("run.started", at: now(), run: run, payload: payload))
  }

  /// Ends the watch: what was begun and not ended is a violation too.
  package func finish() -> EventOrder {
    lock.withLock {
      watch.finish()
      return watch
    }
  }

  /// Keeps an event that no rule of order speaks of.
  private func keep(_ draft: JournalDraft) throws -> Int64 {
    try lock.withLock { try recorder?.record(draft) ?? 0 }
  }
}
