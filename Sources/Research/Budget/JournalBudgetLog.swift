package import Essentials
package import Storage

/// A log that keeps the events of a budget in the journal.
///
/// The journal has one writer: a second process that opens it is refused, so two ledgers can never
/// grant from one budget.
package final class JournalBudgetLog: BudgetLog {
  private let journal: Journal

  /// - Parameter journal: opened for writing with ``BudgetIndex`` among its models.
  package init(journal: Journal) {
    self.journal = journal
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
  /// Whoever holds the journal is alone, so calls that are still open belong to processes that are
  /// gone: they are presumed before anything is granted.
  package static func open(
    journal: Journal, configuration: BudgetConfiguration, prices: PriceTable, at now: Timestamp
  ) throws -> BudgetBook {
    let state = try journal.read { store throws(JournalFailure) in
      try BudgetIndex().state(in: store)
    }
    let book = BudgetBook(
      ledger: TokenLedger(configuration: configuration, prices: prices, state: state),
      log: JournalBudgetLog(journal: journal))
    try book.abandonAll(at: now)
    return book
  }
}
