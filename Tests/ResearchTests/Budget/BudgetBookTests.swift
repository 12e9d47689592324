import Essentials
import Foundation
import Storage
import Synchronization
import TestKit
import Testing

@testable import Research

/// A log that fails from a given append on.
private final class FailingLog: BudgetLog {
  private let left: Mutex<Int>

  init(after count: Int) { left = Mutex(count) }

  func append(_ events: [BudgetEvent]) throws {
    try left.withLock {
      guard $0 > 0 else { throw CocoaError(.fileWriteOutOfSpace) }
      $0 -= 1
    }
  }
}

@Suite("Budget book")
struct BudgetBookTests {
  private static func open(_ path: String) throws -> Journal {
    try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "test", at: LedgerBench.friday), patienceMilliseconds: 0),
      models: [BudgetIndex()])
  }

  @Test("a book whose log fails grants nothing more")
  func failing() throws {
    let book = BudgetBook(ledger: LedgerBench.ledger { _ in }, log: FailingLog(after: 1))
    let first = try #require(
      try book.reserve(LedgerBench.request(10), at: LedgerBench.friday).reservation)
    #expect(throws: CocoaError.self) {
      try book.reserve(LedgerBench.request(10), at: LedgerBench.friday)
    }
    #expect(throws: CocoaError.self) { try book.void(first.id, .notSent, at: LedgerBench.friday) }
  }

  @Test("a mistake of one caller closes nothing for the others")
  func mistake() throws {
    let log = MemoryBudgetLog()
    let book = BudgetBook(ledger: LedgerBench.ledger { _ in }, log: log)
    #expect(throws: LedgerFailure.self) {
      try book.reserve(LedgerBench.request(-1), at: LedgerBench.friday)
    }
    #expect(throws: LedgerFailure.self) {
      try book.settle(ReservationID(7), LedgerBench.used(1), at: LedgerBench.friday)
    }
    #expect(try book.reserve(LedgerBench.request(1), at: LedgerBench.friday).reservation != nil)
    #expect(log.events.count == 1)
    #expect(book.check(LedgerBench.request(1), at: LedgerBench.friday).batchBefore.tokens == 1)
  }

  @Test("a book that is opened again stands where it stood, with the calls of the dead presumed")
  func reopening() throws {
    let folder = try ScratchFolder()
    let path = folder.url.appendingPathComponent("j.sqlite").path
    var expected: LedgerState?
    var history = try RandomHistory(seed: 11, steps: 300, overruns: true)
    let nextMonth = LedgerBench.later(30 * 24 * LedgerBench.hour)
    history.events += try history.ledger.reserve(
      LedgerBench.request(9, model: "cheap"), at: nextMonth
    )
    .events
    #expect(history.ledger.state.open.count == 1)
    do {
      let journal = try Self.open(path)
      let log = try JournalBudgetLog(journal: journal)
      for start in stride(from: 0, to: history.events.count, by: 7) {
        try log.append(Array(history.events[start..<min(start + 7, history.events.count)]))
      }
      let recorded = try journal.read { store throws(JournalFailure) in
        try BudgetIndex().state(in: store)
      }
      #expect(recorded.accounts == history.ledger.state.accounts)
      #expect(recorded.calibration == history.ledger.state.calibration)
      #expect(recorded.open.keys == history.ledger.state.open.keys)
      #expect(recorded.presumed.keys == history.ledger.state.presumed.keys)
      #expect(recorded.nextNumber == history.ledger.state.nextNumber)
      #expect(try BudgetAudit(journal: journal).isExact)
      #expect(try journal.verify().findings.isEmpty)
      var ledger = history.ledger
      _ = ledger.abandonAll(at: LedgerBench.later(1))
      expected = ledger.state
    }
    let journal = try Self.open(path)
    let book = try BudgetBook.open(
      journal: journal, configuration: BudgetRace.budget, prices: BudgetRace.prices,
      at: LedgerBench.later(1))
    #expect(book.snapshot.state.accounts == expected?.accounts)
    #expect(book.snapshot.state.open.isEmpty)
    #expect(try BudgetAudit(journal: journal).isExact)
  }

  @Test("a second opening that would grant from the same journal is refused, while it may record")
  func secondBook() throws {
    let folder = try ScratchFolder()
    let path = folder.url.appendingPathComponent("j.sqlite").path
    let ledger = LedgerBench.ledger { _ in }
    let (first, second) = (try Self.open(path), try Self.open(path))
    func book(_ journal: Journal) throws -> BudgetBook {
      try BudgetBook.open(
        journal: journal, configuration: ledger.configuration, prices: ledger.prices,
        at: LedgerBench.friday)
    }
    var holder: BudgetBook? = try book(first)
    for journal in [first, second] {
      let failure = #expect(throws: JournalFailure.self) { try book(journal) }
      #expect(failure?.key == "journal_claimed")
    }
    try second.append(JournalDraft("other.word", at: LedgerBench.friday))
    _ = try holder?.reserve(LedgerBench.request(10), at: LedgerBench.friday)
    holder = nil
    // What the first has granted and not settled counts as spent for the next.
    #expect(try book(second).snapshot.state.presumed.count == 1)
    #expect(try first.verify().findings == [])
  }

  @Test("the journal does not admit an event that contradicts the tables")
  func contradiction() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder.url.appendingPathComponent("j.sqlite").path)
    let log = try JournalBudgetLog(journal: journal)
    var ledger = LedgerBench.ledger { _ in }
    let events = try ledger.reserve(LedgerBench.request(10), at: LedgerBench.friday).events
    try log.append(events)
    let failure = #expect(throws: JournalFailure.self) { try log.append(events) }
    #expect(failure?.key == "event_refused")
    #expect(try journal.head.seq == 1)
  }

  @Test("a race on a journal goes on where it was interrupted and overspends nothing")
  func durableRace() throws {
    let folder = try ScratchFolder()
    let path = folder.url.appendingPathComponent("race.sqlite").path
    var race = BudgetRace(configuration: BudgetRace.budget, prices: BudgetRace.prices)
    race.threads = 16
    for attempts in [150, 400] {
      race.attempts = attempts
      let outcome = try race.run(on: BudgetRace.openJournal(path: path, seed: 1))
      #expect(outcome.holds, "\(outcome.violations)")
      #expect(outcome.counts.granted + outcome.counts.refused == attempts)
    }
  }

  @Test("what each model has used stands in one line")
  func models() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder.url.appendingPathComponent("j.sqlite").path)
    let book = try BudgetBook.open(
      journal: journal, configuration: BudgetConfiguration(), prices: LedgerBench.prices,
      at: LedgerBench.friday)
    for tokens in [100, 200] {
      let call = try #require(
        try book.reserve(LedgerBench.request(tokens, 10), at: LedgerBench.friday).reservation)
      try book.settle(call.id, LedgerBench.used(tokens, 5), at: LedgerBench.friday)
    }
    let models = try journal.read { store throws(JournalFailure) in
      try BudgetIndex().models(in: store)
    }
    #expect(models.map(\.model) == ["plain"])
    #expect(models[0].calls == 2 && models[0].usage.total == 310)
    #expect(models[0].cost == NanoDollars(310_000))
  }
}
