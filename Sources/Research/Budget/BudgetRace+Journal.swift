import Essentials
package import Storage
import Synchronization

extension BudgetRace {
  /// Opens the journal of a race, which is made where it is missing.
  package static func openJournal(path: String, seed: UInt64) throws(JournalFailure) -> Journal {
    try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "race-\(seed)", at: start),
        patienceMilliseconds: patienceMilliseconds),
      models: [BudgetIndex()])
  }

  /// How long a process that was killed may take to let go of the journal.
  private static let patienceMilliseconds = 10_000

  /// Where the provider's bills are kept that belong to a journal.
  package static func billsPath(journal path: String) -> String { path + ".bills" }

  /// Runs the attempts that the journal does not hold yet, every grant durable before it is acted on,
  /// and judges all lives of the race by the provider's bills.
  ///
  /// The process may be killed at any moment and the race begun again on the same journal.
  package func run(
    on journal: Journal, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws -> RaceOutcome {
    let claim = try journal.claim("race", for: "racing for the budget")
    defer { withExtendedLifetime(claim) {} }
    let provider = try RaceProvider(file: Self.billsPath(journal: journal.path))
    let before = try journal.read { store throws(JournalFailure) in
      try BudgetIndex().state(in: store)
    }
    let runs = before.accounts.filter { $0.scope.period == .batch }
    guard runs.allSatisfy({ $0.scope.name.hasPrefix("run:run-") }) else {
      throw RaceFailure.foreignJournal(path: journal.path)
    }
    let done = runs.reduce(0) { $0 + $1.counts.granted + $1.counts.refused }
    let book = try BudgetBook.open(
      journal: journal, configuration: configuration, prices: prices, at: time(done))
    try settleStatements(book, provider, at: time(done))
    let attempted = Atomic(0)
    let owner = "race-from-\(done)"
    try contest(min(done, attempts)..<attempts, owner, book, provider, attempted, progress)
    try book.abandonAll(at: time(attempts))

    let audit = try BudgetAudit(journal: journal)
    let state = book.snapshot.state
    let verdict = provider.verdict(on: configuration)
    return RaceOutcome(
      attempted: attempted.load(ordering: .relaxed), lives: 1,
      isReplayExact: audit.isExact && audit.replayed == state, state: state,
      billed: provider.count, violations: verdict.violations,
      fullest: verdict.fullest.first?.percent ?? 0, race: self)
  }

  private func settleStatements(
    _ book: BudgetBook, _ provider: RaceProvider, at now: Timestamp
  ) throws {
    for id in book.snapshot.state.presumed.keys.sorted() where id.number % 2 == 0 {
      if let usage = provider.statement(id) {
        try book.settle(id, UsagePoint(usage: usage, source: .provider), at: now)
      } else {
        try book.void(id, .notBilled, at: now)
      }
    }
  }
}
