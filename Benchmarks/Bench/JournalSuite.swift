import Dispatch
import Essentials
import Foundation
import Research
import Storage

/// The journal: appending alone and together, verifying, reading on, and asking for one run and for
/// its budget.
struct JournalSuite {
  private let folder: String
  private let events: Int

  private static let perRun = 1000
  /// Runs that have a budget, each of one call.
  private static let budgetRuns = 500

  init(arguments: [String]) {
    folder = arguments[0] + "/athanor-benchmark-journal"
    events = arguments.count > 1 ? Int(arguments[1]) ?? 1_000_000 : 1_000_000
  }

  func run() throws {
    try? FileManager.default.removeItem(atPath: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let journal = try open("journal.sqlite")
    var figures: [(String, String)] = [("suite", "\"journal\""), ("events", "\(events)")]

    let large = try Benchmark.seconds {
      for start in stride(from: 0, to: events, by: Self.perRun) {
        try journal.append((start..<min(events, start + Self.perRun)).map(Self.draft))
      }
    }
    figures.append(("append_per_second_1000_together", "\(Double(events) / large)"))
    try journal.checkpoint()
    figures.append(("bytes_per_event", "\(try size("journal.sqlite") / events)"))

    for threads in [1, 2] {
      let seconds = try Benchmark.seconds {
        let verdict = try journal.verify(threads: threads)
        guard verdict.isIntact, verdict.eventsExamined == events else {
          preconditionFailure("\(verdict.findings)")
        }
      }
      figures.append(("verify_per_second_\(threads)_threads", "\(Double(events) / seconds)"))
    }
    let chain = try Benchmark.seconds { _ = try journal.verify(.events, threads: 2) }
    figures.append(("verify_chain_per_second_2_threads", "\(Double(events) / chain)"))

    var read = 0
    let reading = try Benchmark.seconds {
      var cursor = try JournalCursor(journal)
      while let part = try cursor.next() { read += part.count }
    }
    figures.append(("read_per_second", "\(Double(read) / reading)"))

    var queries: [Double] = []
    for turn in 0..<51 {
      let run = Self.run((turn * 7919) % max(1, events / Self.perRun) * Self.perRun)
      queries.append(
        try Benchmark.seconds {
          let found = try journal.events(limit: 10_000, filter: JournalFilter(run: run))
          guard found.count == Self.perRun else { preconditionFailure("\(found.count)") }
        })
    }
    figures.append(("query_run_of_1000_milliseconds", "\(Benchmark.median(queries) * 1e3)"))
    var summaries: [Double] = []
    for _ in 0..<51 {
      summaries.append(
        try Benchmark.seconds {
          _ = try journal.read { tables throws(JournalFailure) in
            try RunIndex().latest(20, in: tables)
          }
        })
    }
    figures.append(("query_20_runs_milliseconds", "\(Benchmark.median(summaries) * 1e3)"))

    figures += try budgets(on: journal)

    let alone = try appendAlone(on: journal)
    figures.append(("append_alone_per_second", "\(1 / Benchmark.median(alone))"))
    figures.append(("append_alone_microseconds_median", "\(Benchmark.median(alone) * 1e6)"))
    for threads in [8, 64] {
      figures.append(
        ("append_per_second_\(threads)_threads", "\(try appendTogether(threads, on: journal))"))
    }
    figures.append(("peak_mib", "\(Benchmark.peakMemory)"))
    Benchmark.answer(figures)
  }

  private func open(_ name: String) throws -> Journal {
    try Journal.open(
      path: "\(folder)/\(name)",
      access: .writing(
        newborn: JournalBirth(id: "bench", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 0), models: [BudgetIndex()])
  }

  /// The budget of one run from the tables, and from a scan of all events, which must agree.
  private func budgets(on journal: Journal) throws -> [(String, String)] {
    let now = Timestamp(startOf: CalendarDate(daysSinceEpoch: 20_412))
    let book = try BudgetBook.open(
      journal: journal, configuration: BudgetConfiguration(), prices: BudgetRace.prices, at: now)
    for number in 0..<Self.budgetRuns {
      let request = CallRequest(
        run: "research-\(number)", idea: "idea", stage: "alpha_maker", lane: .both,
        provider: "bench", model: "tiered", promptTokensMax: 900, completionTokensMax: 100)
      guard let call = try book.reserve(request, at: now).reservation else {
        preconditionFailure("the budget of the benchmark is too small")
      }
      let usage = TokenUsage(prompt: 800 + number % 100, completion: 90)
      try book.settle(
        call.id,
        UsagePoint(
          usage: usage, source: .provider, promptCharacters: 3_200, completionCharacters: 400),
        at: now)
    }
    var queries: [Double] = []
    for turn in 0..<201 {
      let run = "research-\(turn * 7919 % Self.budgetRuns)"
      queries.append(
        try Benchmark.seconds {
          let account = try journal.read { tables throws(JournalFailure) in
            try BudgetIndex().account(.run(run), in: tables)
          }
          guard account?.counts.settled == 1 else { preconditionFailure("\(run) has no account") }
        })
    }
    let run = "research-\(Self.budgetRuns / 2)"
    var scanned = 0
    let scan = try Benchmark.seconds {
      var cursor = try JournalCursor(journal)
      while let part = try cursor.next() {
        for event in part where event.run == run && event.kind == "llm.usage_point" {
          if case .integer(let tokens)? = event.payload?["total_tokens"] { scanned += tokens }
        }
      }
    }
    let account = try journal.read { tables throws(JournalFailure) in
      try BudgetIndex().account(.run(run), in: tables)
    }
    guard scanned > 0, account?.used.tokens == scanned else {
      preconditionFailure("\(scanned) tokens in the events of \(run)")
    }
    return [
      ("query_budget_of_run_milliseconds", "\(Benchmark.median(queries) * 1e3)"),
      ("scan_budget_of_run_milliseconds", "\(scan * 1e3)"),
    ]
  }

  private func appendAlone(on journal: Journal) throws -> [Double] {
    try (0..<3000).map { number in
      let draft = Self.draft(number)
      return try Benchmark.seconds { try journal.append(draft) }
    }
  }

  private func appendTogether(_ threads: Int, on journal: Journal) throws -> Double {
    let each = 12_800 / threads
    let seconds = Benchmark.seconds {
      let group = DispatchGroup()
      for worker in 0..<threads {
        let thread = Thread {
          for number in 0..<each {
            do {
              try journal.append(Self.draft(worker * each + number))
            } catch {
              preconditionFailure("\(error)")
            }
          }
          group.leave()
        }
        group.enter()
        thread.start()
      }
      group.wait()
    }
    return Double(threads * each) / seconds
  }

  private static func run(_ number: Int) -> String { "run-\(number / perRun)" }

  /// An event as the budget writes them: about 120 bytes of payload.
  private static func draft(_ number: Int) -> JournalDraft {
    JournalDraft(
      "bench.point", at: Timestamp(millisecondsSinceEpoch: Int64(number)), run: run(number),
      subject: "idea-\(number % 50)",
      payload: [
        "prompt_tokens": .integer(number % 3000), "completion_tokens": .integer(number % 700),
        "total_tokens": .integer(number % 3700), "estimated_cost_usd": .number(0.00125),
        "provider": "mock", "model": "offline-1",
      ])
  }

  private func size(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
    return (attributes[.size] as? Int) ?? 0
  }
}
