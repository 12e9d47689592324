package import Essentials
package import Storage

/// The events of a journal's budget, replayed from the first and held against the tables.
package struct BudgetAudit: Sendable {
  /// How many events belong to the budget.
  package let events: Int
  /// What the events come to.
  package let replayed: LedgerState
  /// What the tables say.
  package let recorded: LedgerState

  /// Whether both are the same and every account adds up to zero.
  package var isExact: Bool { replayed == recorded && replayed.isBalanced }

  /// Replays a journal, whose first events must not be archived. Cost: reads all of it once.
  package init(journal: Journal, progress: ((Int) -> Void)? = nil) throws {
    let archived = try journal.archivedThrough
    guard archived == 0 else { throw BudgetAuditFailure.archived(through: archived) }
    // Both sides are taken up to the same event, whoever writes meanwhile.
    let (recorded, end) = try journal.read { store throws(JournalFailure) in
      let index = BudgetIndex()
      let end = try store.value("SELECT applied FROM read_model WHERE name = ?", .text(index.name))
      guard try index.isPresent(in: store) else { return (LedgerState(), end.integer ?? 0) }
      return (try index.state(in: store), end.integer ?? 0)
    }
    var state = LedgerState()
    var count = 0
    var cursor = try JournalCursor(journal, through: end)
    while let part = try cursor.next() {
      for stored in part where BudgetEvent.kinds.contains(stored.kind) {
        count += 1
        let event = try BudgetEvent(
          kind: stored.kind, at: stored.at, payload: stored.payload ?? .null)
        do throws(LedgerFailure) {
          try state.apply(event)
        } catch {
          throw LedgerFailure.contradiction(event: Int(stored.seq), reason: error.explanation)
        }
      }
      progress?(Int(cursor.seq))
    }
    events = count
    replayed = state
    self.recorded = recorded
  }

  /// The accounts in which both sides differ, by name.
  package var differences: [BudgetScope] {
    let scopes = Set(replayed.accounts.map(\.scope) + recorded.accounts.map(\.scope))
    return scopes.filter { replayed.account($0) != recorded.account($0) }
      .sorted { $0.name < $1.name }
  }
}

/// Why a budget cannot be audited.
package enum BudgetAuditFailure: ExplainedFailure, Hashable {
  /// The history does not begin at its first event any more.
  case archived(through: Int64)

  package var key: String { "archived_history" }
  package var explanation: String {
    switch self {
    case .archived(let seq):
      "The events through \(seq) are archived, so the budget cannot be replayed from the first."
    }
  }
  package var remedy: String {
    "Run `athanor journal verify`, which reads the archives and holds the same tables against them."
  }
  package var outcome: FailureOutcome { .failed }
}
