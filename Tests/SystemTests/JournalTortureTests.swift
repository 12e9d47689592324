import Dispatch
import Essentials
import Foundation
import Glibc
import Mathematics
import Storage
import Synchronization
import TestKit
import Testing

/// The journal of a program that is killed, again and again.
@Suite("The journal of a program that is killed", .ownThread)
struct JournalTortureTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
    var lines = ["date,symbol,open,high,low,close,volume"]
    for (place, symbol) in ["AAA", "BBB", "CCC"].enumerated() {
      for day in 1...28 {
        let date = "2020-01-" + (day < 10 ? "0\(day)" : "\(day)")
        let close = 100 + (day * 7 + place * 13) % 17
        lines.append("\(date),\(symbol),\(close),\(close + 2),\(close - 2),\(close + 1),1000")
      }
    }
    try lines.joined(separator: "\n").write(
      to: scratch.url.appendingPathComponent("bars.csv"), atomically: true, encoding: .utf8)
    try (1...Self.formulas).map { "f\($0): ts_mean(close, \($0 % 20 + 2)) * \($0)" }
      .joined(separator: "\n")
      .write(
        to: scratch.url.appendingPathComponent("sheet.txt"), atomically: true, encoding: .utf8)
  }

  /// A run records one event more for its beginning and one for its end.
  private static let formulas = 16

  private func run(_ script: String) throws -> ShellRun {
    try Program.run(
      "export ATHANOR_HOME='\(scratch.url.path)/home'; cd '\(scratch.url.path)'\n" + script)
  }

  private var journal: Journal {
    get throws {
      try Journal.open(
        path: scratch.url.appendingPathComponent("home/journal.sqlite").path, access: .reading)
    }
  }

  @Test("every run that was answered is there and whole, every other one whole or not at all")
  func kills() throws {
    let start = try run("$athanor data import mine --table bars.csv --order sort >/dev/null")
    try #require(start.exitCode == 0, "\(start.errors)")
    var generator = SplitMix64(seed: 9)
    var answered = 0
    var killed = 0
    for turn in 0..<20 {
      // Most kills fall into the commit, which begins when the write-ahead log changes; the others
      // anywhere between the start of the program and its end.
      let moment: Moment =
        turn == 0
        ? .never
        : turn % 4 == 0
          ? .after(microseconds: Int.random(in: 0...400_000, using: &generator))
          : .intoCommit(microseconds: Int.random(in: 0...2_000, using: &generator))
      let isAnswered = try simulate(killing: moment)
      if isAnswered { answered += 1 } else { killed += 1 }
      let journal = try journal
      let verdict = try journal.verify()
      #expect(verdict.findings == [], "\(moment)")
      let runs = try journal.read { tables throws(JournalFailure) in
        try RunIndex().latest(100, in: tables)
      }
      #expect(runs.allSatisfy { $0.events == Self.formulas + 2 }, "\(moment)")
      #expect(runs.count >= answered, "\(moment)")
      #expect(runs.count <= answered + killed, "\(moment)")
    }
    #expect(killed > 0)
    let last = try run("$athanor simulate close -p mine >/dev/null; $athanor journal verify")
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(last.output.hasPrefix("intact: "))
  }

  private enum Moment {
    case never
    case after(microseconds: Int)
    case intoCommit(microseconds: Int)
  }

  /// Simulates the sheet in a process of its own; true where it came to its end.
  private func simulate(killing moment: Moment) throws -> Bool {
    let process = Process()
    process.executableURL = Program.url
    process.arguments = ["simulate", "--file", "sheet.txt", "-p", "mine"]
    process.currentDirectoryURL = scratch.url
    process.environment = ["ATHANOR_HOME": scratch.url.appendingPathComponent("home").path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let before = logChange
    try process.run()
    switch moment {
    case .never: break
    case .after(let microseconds): usleep(UInt32(microseconds))
    case .intoCommit(let microseconds):
      while process.isRunning, logChange == before { sched_yield() }
      usleep(UInt32(microseconds))
    }
    if case .never = moment {} else { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return process.terminationReason == .exit && process.terminationStatus == 0
  }

  /// What differs whenever something was written to the write-ahead log.
  private var logChange: [Int] {
    var status = stat()
    guard stat(scratch.url.appendingPathComponent("home/journal.sqlite-wal").path, &status) == 0
    else { return [] }
    return [Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
  }

  @Test("two programs that record at once both succeed")
  func together() throws {
    let run = try run(
      """
      $athanor data import mine --table bars.csv --order sort >/dev/null || exit 9
      for n in 1 2 3 4; do $athanor simulate "close * $n" -p mine >/dev/null & jobs="$jobs $!"; done
      for job in $jobs; do wait $job || exit 8; done
      $athanor journal verify >/dev/null; echo $?
      $athanor journal runs --json | grep -c '"run":'
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output == "0\n4\n", "\(run.errors)")
  }

  @Test(
    "a process that records all the while is neither stopped nor spoiled by those that are killed")
  func companion() throws {
    let path = scratch.url.appendingPathComponent("shared.sqlite").path
    let companion = try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "shared", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 60_000))
    let isOver = Atomic(false)
    let recorded = Mutex<Result<[Int64], any Error>>(.success([]))
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let outcome = Result {
        var numbers: [Int64] = []
        while !isOver.load(ordering: .relaxed) {
          let event = try companion.append(
            JournalDraft(
              "companion.word", at: Timestamp(millisecondsSinceEpoch: 1), run: "companion",
              payload: ["words": .integer(numbers.count)]))
          numbers.append(event.seq)
        }
        return numbers
      }
      recorded.withLock { $0 = outcome }
      done.signal()
    }
    // The race kills its processes with kill -9 and begins them again. They keep the tables of the
    // budget, which the companion does not know.
    let race = try Program.run(
      "$athanor budget race --journal '\(path)' --reservations 400 --threads 8 --crashes --json")
    isOver.store(true, ordering: .relaxed)
    done.wait()
    #expect(race.exitCode == 0, "\(race.errors)")
    #expect(race.output.contains(#""replay_exact": true"#), "\(race.output)")
    let numbers = try recorded.withLock { $0 }.get()
    #expect(numbers.count > 10)
    let words = try companion.events(
      limit: numbers.count + 1, filter: JournalFilter(run: "companion"))
    #expect(words.map(\.seq) == numbers)
    let verdict = try companion.verify()
    #expect(verdict.findings == [])
    let recoveries = try companion.events(
      limit: 1, filter: JournalFilter(kind: "journal.recovered"))
    #expect(recoveries == [])
    let audit = try Program.run(
      "$athanor journal verify --journal '\(path)' && $athanor budget audit --journal '\(path)'")
    #expect(audit.exitCode == 0, "\(audit.errors)")
    #expect(audit.output.contains("say the same"))
  }

  @Test("a budget that one process spends no other does, until it ends")
  func claims() throws {
    let path = scratch.url.appendingPathComponent("claimed.sqlite").path
    var journal: Journal? = try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "claimed", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 0))
    var claim = try journal?.claim("budget", for: "spending the budget")
    let command = "$athanor budget race --journal '\(path)' --reservations 20 --threads 2"
    let refused = try Program.run(command)
    #expect(refused.exitCode == 1)
    #expect(refused.errors.contains("journal_claimed"), "\(refused.errors)")
    #expect(refused.errors.contains("Another process is spending the budget"))
    #expect(claim != nil)
    claim = nil
    journal = nil
    let granted = try Program.run(command)
    #expect(granted.exitCode == 0, "\(granted.errors)")
  }

  @Test("a disk that takes no more is a failure after the answer, and nothing is half written")
  func noRoom() throws {
    let run = try run(
      """
      $athanor data import mine --table bars.csv --order sort >/dev/null || exit 9
      $athanor simulate close -p mine >/dev/null || exit 8
      # A file may grow to 40 KiB; beyond, a write fails, as on a full disk.
      ( trap '' XFSZ; ulimit -f 40; $athanor simulate --file sheet.txt -p mine >answer; echo $? )
      grep -c 'f16' answer
      $athanor journal verify | head -1
      $athanor simulate open -p mine >/dev/null; echo $?
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    try #require(lines.count == 4, "\(run.output)")
    #expect(lines[0] == "1")
    #expect(lines[1] != "0")
    #expect(lines[2].hasPrefix("intact: 3 events"))
    #expect(lines[3] == "0")
    #expect(run.errors.contains("home/journal.sqlite"))
  }
}
