import Synchronization

/// Where the events of a budget are kept.
package protocol BudgetLog: Sendable {
  /// Keeps events in their order, all of them or none, and returns when they will survive the end of
  /// the process as far as this log promises. Called by one thread at a time.
  func append(_ events: [BudgetEvent]) throws
}

/// A log that forgets with the process, for runs that nobody resumes.
package final class MemoryBudgetLog: BudgetLog {
  private let kept = Mutex<[BudgetEvent]>([])

  package init() {}

  /// Everything appended so far.
  package var events: [BudgetEvent] { kept.withLock { $0 } }

  /// Remembers events.
  package func append(_ events: [BudgetEvent]) {
    kept.withLock { $0 += events }
  }
}
