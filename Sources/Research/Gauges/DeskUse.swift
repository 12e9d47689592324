package import Essentials
package import Storage

/// What all runs together have used of the day and the week, by the tables of the ledger.
package struct DeskUse: Hashable, Sendable {
  /// What was used of one period.
  package struct Period: Hashable, Sendable {
    /// Used for good or presumed.
    package var consumed: Spend
    /// Held for calls that are under way, by their ceilings.
    package var reserved: Spend

    package init(consumed: Spend, reserved: Spend) {
      self.consumed = consumed
      self.reserved = reserved
    }

    fileprivate init(_ account: LedgerAccount?) {
      consumed = account?.consumed ?? .zero
      reserved = account?.reserved ?? .zero
    }
  }

  package var day: Period
  package var week: Period

  package init(day: Period, week: Period) {
    self.day = day
    self.week = week
  }

  /// Looks up the day and the week of an instant; nil where the journal keeps no budget. Two
  /// look-ups.
  package init?(at now: Timestamp, in store: JournalTables) throws(JournalFailure) {
    let index = BudgetIndex()
    guard try index.isPresent(in: store) else { return nil }
    let week = ISOWeek(containing: now.date)
    self.init(
      day: Period(try index.account(.day(now.date), in: store)),
      week: Period(try index.account(.week(week), in: store)))
  }
}
