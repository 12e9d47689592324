import Dispatch
import Essentials
import Foundation
import Storage

/// The journal: appending alone and together, verifying, reading on, and asking for one run.
struct JournalSuite {
  private let folder: String
  private let events: Int

  private static let perRun = 1000

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
        patienceMilliseconds: 0))
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
      "llm.usage_point", at: Timestamp(millisecondsSinceEpoch: Int64(number)), run: run(number),
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
