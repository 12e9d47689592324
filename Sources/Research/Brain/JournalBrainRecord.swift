import Essentials
import Foundation
package import Storage

/// A record of BRAIN's simulations in the journal, as events of the kind `brain.submission` whose
/// subject is the submission.
///
/// Who reads in the history that a submission was not answered takes the process that sent it for dead,
/// so whoever may send anything claims BRAIN for the journal, for as long as the record lives.
package final class JournalBrainRecord: BrainRecord {
  /// The kind of every event.
  package static let kind = "brain.submission"
  private static let pageEvents = 1000

  private let journal: Journal
  private let run: String
  /// Nil where the journal was opened for reading.
  private let claim: JournalClaim?

  /// - Parameters:
  ///   - journal: opened for writing, or for reading where only the history is wanted.
  ///   - run: the run that the events belong to, empty for none.
  package init(journal: Journal, run: String = "") throws(JournalFailure) {
    self.journal = journal
    self.run = run
    claim = journal.isWritable ? try journal.claim("brain", for: "simulating on BRAIN") : nil
  }

  /// Records the steps in one transaction, on a thread of its own because the disk may be slow.
  package func note(_ steps: [BrainStep]) async throws {
    let drafts = steps.map {
      JournalDraft(Self.kind, at: $0.at, run: run, subject: $0.submission, payload: $0.payload)
    }
    _ = try await Self.aside { [journal] in try journal.append(drafts) }
  }

  /// Reads the steps of all runs.
  package func history() async throws -> [BrainStep] {
    try await Self.aside { [journal] in
      var steps: [BrainStep] = []
      var cursor: Int64 = 0
      while true {
        let events = try journal.events(
          after: cursor, limit: Self.pageEvents, filter: JournalFilter(kind: Self.kind))
        guard let last = events.last else { return steps }
        cursor = last.seq
        steps += events.compactMap { event in
          event.payload.flatMap {
            BrainStep(submission: event.subject, at: event.at, payload: $0)
          }
        }
      }
    }
  }

  /// Works on a thread that no tasks share, and returns what came of it.
  private static func aside<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
  }
}
