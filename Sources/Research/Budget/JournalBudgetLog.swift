package import Essentials
package import Storage

/// A log that keeps the events of a budget in the journal.
///
/// It claims the budget of the journal as long as it lives, so two ledgers can never grant from one
/// budget, in whichever processes they are.
package final class JournalBudgetLog: BudgetLog {
  private let journal: Journal
  private let claim: JournalClaim

  /// - Parameter journal: opened for writing with ``BudgetIndex`` among its models.
  package init(journal: Journal) throws(JournalFailure) {
    self.journal = journal
    claim = try journal.claim("budget", for: "spending the budget")
  }

  /// Records events under their kinds, runs and ideas, in one transaction.
  package func append(_ events: [BudgetEvent]) throws {
    try journal.append(
      events.map { event in
        JournalDraft(
          event.kind, at: event.at, run: event.run ?? "", subject: event.idea ?? "",
          payload: event.payload)
      })
  }
}

extension BudgetBook {
  /// Opens the book of a journal that was opened for writing with ``BudgetIndex``.
  ///
  /// Whoever has claimed the budget is alone, so calls that are still open belong to processes that are
  /// gone: they are presumed before anything is granted. Where another process spends the budget and
  /// goes on with it, the journal's patience ends with `JournalFailure.claimed`.
  package static func open(
    journal: Journal, configuration: BudgetConfiguration, prices: PriceTable, at now: Timestamp
  ) throws -> BudgetBook {
    let log = try JournalBudgetLog(journal: journal)
    try journal.catchUp()
    let state = try journal.read { store throws(JournalFailure) in
      try BudgetIndex().state(in: store)
    }
    let book = BudgetBook(
      ledger: TokenLedger(configuration: configuration, prices: prices, state: state),
      log: log)
    try book.abandonAll(at: now)
    return book
  }
}
