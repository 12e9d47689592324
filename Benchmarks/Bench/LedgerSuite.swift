import Essentials
import Foundation
import Research
import Storage
import Synchronization

/// Reserving and settling calls: in memory, through the book, and durably on a journal in `FOLDER`.
struct LedgerSuite {
  private let folder: String

  init(arguments: [String]) throws {
    guard let folder = arguments.first else { throw CocoaError(.fileNoSuchFile) }
    self.folder = folder
  }

  private let start = Timestamp(startOf: CalendarDate(daysSinceEpoch: 20_412))

  /// Ceilings of every kind, so wide that nothing is refused.
  private static let configuration: BudgetConfiguration = {
    var budget = BudgetRace.budget
    let wide = BudgetConfiguration.PeriodCeilings(
      tokens: 1_000_000_000_000, cost: NanoDollars(1_000_000_000_000_000),
      exploreTokens: 900_000_000_000, exploreCost: NanoDollars(900_000_000_000_000))
    budget.batch = wide
    budget.day = wide
    budget.week = wide
    return budget
  }()

  private func request(_ number: Int) -> CallRequest {
    var request = CallRequest(
      run: "run-\(number % 16)", idea: "idea-\(number % 4)", stage: "alpha_maker",
      lane: number % 3 == 0 ? .explore : .exploit, provider: "bench", model: "tiered",
      promptTokensMax: 9_000, completionTokensMax: 1_600)
    request.promptTokensBasis = 8_000
    return request
  }

  private let point = UsagePoint(
    usage: TokenUsage(prompt: 8_500, completion: 700), source: .provider, promptCharacters: 34_000,
    completionCharacters: 2_800)

  func run() throws {
    let value = try inMemory()
    let book = try throughBook()
    let durable = try durably()
    let query = try queries()
    Benchmark.answer([
      ("suite", "\"ledger\""), ("value_microseconds_median", "\(value)"),
      ("book_microseconds_median", "\(book)"), ("durable_calls_per_second", "\(durable.calls)"),
      ("durable_commits_per_second_one_thread", "\(durable.alone)"),
      ("journal_events", "\(query.events)"), ("run_query_microseconds_median", "\(query.run)"),
      ("open_milliseconds", "\(query.open)"),
    ])
  }

  /// The median over batches of the time to reserve and settle one call, in microseconds.
  private func inMemory() throws -> Double {
    var ledger = TokenLedger(configuration: Self.configuration, prices: BudgetRace.prices)
    let requests = (0..<64).map(request)
    return try median { _ in
      for request in requests {
        guard let call = try ledger.reserve(request, at: start).verdict.reservation else { return }
        _ = try ledger.settle(call.id, point, at: start)
      }
    } / Double(requests.count)
  }

  private func throughBook() throws -> Double {
    let ledger = TokenLedger(configuration: Self.configuration, prices: BudgetRace.prices)
    let book = BudgetBook(ledger: ledger, log: ForgetfulLog())
    let requests = (0..<64).map(request)
    return try median { _ in
      for request in requests {
        guard let call = try book.reserve(request, at: start).reservation else { return }
        try book.settle(call.id, point, at: start)
      }
    } / Double(requests.count)
  }

  private func median(_ work: (Int) throws -> Void) rethrows -> Double {
    for round in 0..<50 { try work(round) }
    return Benchmark.median(
      try (0..<2_000).map { round in try Benchmark.seconds { try work(round) } * 1e6 })
  }

  /// Calls that are reserved and settled durably in a second by 64 threads, and commits by one.
  private func durably() throws -> (calls: Double, alone: Double) {
    let journal = try BudgetRace.openJournal(path: folder + "/ledger.sqlite", seed: 1)
    let book = try BudgetBook.open(
      journal: journal, configuration: Self.configuration, prices: BudgetRace.prices, at: start)
    let total = 20_000
    let next = Atomic(0)
    let failed = Mutex<(any Error)?>(nil)
    let seconds = Benchmark.seconds {
      let group = (0..<64).map { _ in
        let done = DispatchSemaphore(value: 0)
        Thread {
          do {
            while next.wrappingAdd(1, ordering: .relaxed).oldValue < total {
              guard let call = try book.reserve(request(1), at: start).reservation else { break }
              try book.settle(call.id, point, at: start)
            }
          } catch {
            failed.withLock { $0 = error }
          }
          done.signal()
        }.start()
        return done
      }
      for done in group { done.wait() }
    }
    if let error = failed.withLock({ $0 }) { throw error }
    let alone = try Benchmark.seconds {
      for _ in 0..<500 {
        guard let call = try book.reserve(request(1), at: start).reservation else { return }
        try book.settle(call.id, point, at: start)
      }
    }
    return (Double(total) / seconds, 1_000 / alone)
  }

  /// The time to ask for one run's budget, and to open a book, on the journal that was just written.
  private func queries() throws -> (events: Int64, run: Double, open: Double) {
    let journal = try Journal.open(path: folder + "/ledger.sqlite", access: .reading)
    let index = BudgetIndex()
    let run = try median { _ in
      _ = try journal.read { store throws(JournalFailure) in
        try index.account(.run("run-1"), in: store)
      }
    }
    let open = try Benchmark.seconds {
      _ = try journal.read { store throws(JournalFailure) in try index.state(in: store) }
    }
    return (try journal.head.seq, run, open * 1e3)
  }
}

/// A log that keeps nothing, to measure the book without one.
private struct ForgetfulLog: BudgetLog {
  func append(_ events: [BudgetEvent]) {}
}
