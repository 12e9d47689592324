import Essentials
import Foundation
import Glibc
import Mathematics
import Storage
import TestKit
import Testing

/// A store with one small panel, made once; every test has a journal of its own.
final class ResearchHome: Sendable {
  static let shared = Result { try ResearchHome() }

  let folder: ScratchFolder

  private init() throws {
    folder = try ScratchFolder()
    var generator = SplitMix64(seed: 3)
    var lines = ["date,symbol,open,high,low,close,volume"]
    for symbol in ["AAA", "BBB", "CCC", "DDD"] {
      var price = 100.0
      for day in 0..<90 {
        let open = price * Double.random(in: 0.99...1.01, using: &generator)
        price = open * Double.random(in: 0.98...1.02, using: &generator)
        let date = CalendarDate(daysSinceEpoch: Int32(17_000 + day))
        let volume = Int.random(in: 1_000...9_000, using: &generator)
        lines.append(
          "\(date),\(symbol),\(open),\(max(open, price) + 1),\(min(open, price) - 1),\(price),"
            + "\(volume)")
      }
    }
    try lines.joined(separator: "\n").write(
      to: folder.url.appendingPathComponent("bars.csv"), atomically: true, encoding: .utf8)
    let run = try script("$athanor data import tiny --table bars.csv")
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  var environment: [String: String] {
    [
      "ATHANOR_HOME": folder.url.path,
      "ATHANOR_EXAMPLES": checkoutFolder.appendingPathComponent("Examples").path,
    ]
  }

  func script(_ text: String, journal: String = "unused.sqlite") throws -> ShellRun {
    let exports = environment.map { "export \($0.key)='\($0.value)'" }.sorted()
    return try Program.run(
      (exports + [
        "export ATHANOR_JOURNAL='\(folder.url.path)/\(journal)'", "cd '\(folder.url.path)'", text,
      ]).joined(separator: "\n"))
  }

  func file(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: folder.url.appendingPathComponent(name))
  }
}

@Suite("Campaigns by the program", .ownThread)
struct ResearchCampaignTests {
  private let home: ResearchHome

  init() throws {
    home = try ResearchHome.shared.get()
  }

  private static let small = "research run -p tiny --take 1 --proposals 3 --children 2 --json"
  /// Long enough to be killed in its middle.
  private static let long = [
    "research", "run", "-p", "tiny", "--take", "4", "--proposals", "6", "--children", "8",
    "--threads", "1", "--json",
  ]

  private func whole(_ value: JSONValue?) -> Int? {
    if case .integer(let number)? = value { number } else { nil }
  }

  @Test("a run answers with JSON, and its journal and its budget are whole")
  func run() throws {
    let run = try home.script(
      """
      $athanor \(Self.small) || exit $?
      exec >&2
      $athanor journal verify && $athanor budget audit && $athanor budget show --json
      """, journal: "run.sqlite")
    #expect(run.exitCode == 0, "\(run.errors)")
    let answer = try JSONValue(parsing: run.output)
    #expect(answer["summary"]?["event_order_violation"] == .bool(false))
    #expect(answer["counts"]?["proposed"] == 3)
    let simulated = try #require(whole(answer["counts"]?["simulated"]))
    #expect(simulated >= 3)
    #expect(answer["ideas"]?.elements.map { $0["outcome"] } == [.string("proposed")])
    #expect(run.errors.contains("intact: ") && run.errors.contains("say the same"))
    guard case .string(let id)? = answer["run_id"] else {
      Issue.record("\(answer)")
      return
    }
    #expect(run.errors.contains("\"scope\": \"run:\(id)\""))
  }

  @Test("two runs of one seed have one result, and another seed has another")
  func seeds() throws {
    let run = try home.script(
      """
      for seed in 1 1 2; do
        $athanor \(Self.small) --seed $seed | grep '^  "result"' || exit 9
      done
      """, journal: "seeds.sqlite")
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == lines[1] && lines[0] != lines[2])
  }

  // MARK: - Kills

  private func reading(_ name: String) -> Journal? {
    try? Journal.open(
      path: home.folder.url.appendingPathComponent(name).path, access: .reading)
  }

  /// Starts the long run, kills it when its journal holds `events` events, and says whether it came
  /// to its end before.
  private func run(_ arguments: [String], journal name: String, killedAfter events: Int64) throws
    -> Bool
  {
    let process = Process()
    process.executableURL = Program.url
    process.arguments = Self.long + arguments
    process.currentDirectoryURL = home.folder.url
    process.environment = home.environment.merging(
      ["ATHANOR_JOURNAL": home.folder.url.appendingPathComponent(name).path]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning {
      if let head = try? reading(name)?.head.seq, head >= events {
        kill(process.processIdentifier, SIGKILL)
        break
      }
      sched_yield()
    }
    process.waitUntilExit()
    return process.terminationReason == .exit && process.terminationStatus == 0
  }

  @Test("a run that is killed with kill -9 again and again comes to the result of one that was not")
  func kills() throws {
    let long = Self.long.joined(separator: " ")
    let plain = try home.script("$athanor \(long)", journal: "plain.sqlite")
    #expect(plain.exitCode == 0, "\(plain.errors)")
    let expected = try JSONValue(parsing: plain.output)
    let total = try #require(try reading("plain.sqlite")?.head.seq)
    guard case .string(let id)? = expected["run_id"] else {
      Issue.record("\(expected)")
      return
    }

    // A life reaches a few events more than the one before it.
    var ends = 0
    for life in 0..<5 {
      let arguments = life == 0 ? [] : ["--resume", id]
      let wanted = 4 + total * Int64(life) / 5
      if try run(arguments, journal: "killed.sqlite", killedAfter: wanted) { ends += 1 }
      let journal = try #require(reading("killed.sqlite"))
      #expect(try journal.verify().findings == [], "life \(life)")
      #expect(try journal.head.seq >= min(wanted, total), "life \(life)")
    }
    #expect(ends < 5)
    let last = try home.script(
      """
      $athanor \(long) --resume \(id) || exit $?
      exec >&2
      $athanor journal verify && $athanor budget audit
      """, journal: "killed.sqlite")
    #expect(last.exitCode == 0, "\(last.errors)")
    #expect(last.errors.contains("0 calls are under way"))
    let answer = try JSONValue(parsing: last.output)
    for member in ["run_id", "result", "accepted", "candidates", "counts", "ideas", "trials"] {
      #expect(answer[member] == expected[member], "\(member)")
    }
    #expect(answer["summary"]?["event_order_violation"] == .bool(false))

    // Answers were paid for once.
    let journal = try #require(reading("killed.sqlite"))
    let answers = try journal.events(
      limit: 1_000, filter: JournalFilter(run: id, kind: "agent.answer_received"))
    #expect(answers.count == 4)
    #expect(Set(answers.map(\.subject)).count == 4)
    let again = try home.script(
      "$athanor \(long) --resume \(id) --seed 2 >&2; echo $?", journal: "killed.sqlite")
    #expect(again.output == "2\n" && again.errors.contains("run_diverged"), "\(again.errors)")
    let unknown = try home.script(
      "$athanor \(long) --resume research-0 >&2; echo $?", journal: "killed.sqlite")
    #expect(unknown.output == "2\n" && unknown.errors.contains("unknown_run"), "\(unknown.errors)")
  }

  @Test("a second run on the same journal waits or is told who spends, and nothing is spoiled")
  func together() throws {
    let path = home.folder.url.appendingPathComponent("shared.sqlite").path
    let holder = try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "held", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 0))
    let claim = try holder.claim("budget")
    let refused = try home.script("$athanor \(Self.small)", journal: "shared.sqlite")
    #expect(refused.exitCode == 1 && refused.output == "")
    let failure = try refused.complaint
    #expect(failure["error"] == "journal_claimed", "\(refused.errors)")
    #expect(try holder.head.seq == 0)
    withExtendedLifetime(claim) {}
  }

  @Test("runs that begin at once take their turns, each under a name of its own")
  func turns() throws {
    let run = try home.script(
      """
      for n in 1 2 3; do $athanor \(Self.small) >/dev/null & jobs="$jobs $!"; done
      for job in $jobs; do wait $job || exit 8; done
      $athanor journal verify >/dev/null || exit 7
      $athanor budget audit >/dev/null || exit 6
      $athanor journal runs --json | grep -o '"run": "[^"]*"' | sort -u | wc -l
      """, journal: "turns.sqlite")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output == "3\n")
  }

  @Test("a journal may be named without a folder")
  func plainName() throws {
    let run = try home.script(
      """
      $athanor \(Self.small) --journal beside.sqlite >/dev/null || exit $?
      $athanor journal verify --journal beside.sqlite
      """)
    #expect(run.exitCode == 0 && run.output.hasPrefix("intact: "), "\(run.errors)")
  }

  // MARK: - Refusals

  @Test("a budget that allows nothing ends with exit code 2 and says so on standard error")
  func blocked() throws {
    try home.file("tight.json", #"{"max_prompt_tokens": 50}"#)
    let run = try home.script(
      "$athanor \(Self.small) --budget tight.json", journal: "tight.sqlite")
    #expect(run.exitCode == 2)
    let failure = try run.complaint
    #expect(failure["error"] == "budget_blocked")
    #expect(
      failure["message"] == "alpha generation blocked by budget policy: request_prompt")
    let journal = try #require(reading("tight.sqlite"))
    for kind in ["budget.check_failed", "budget.blocked"] {
      #expect(try journal.events(limit: 9, filter: JournalFilter(kind: kind)).count == 1)
    }
    #expect(try journal.verify().findings == [])
  }

  @Test(
    "ideas that cannot be used are named one by one, and nothing is recorded",
    arguments: [
      ("not json", "bad"), ("[]", "The list of ideas is empty"), ("{\"idea_id\": 5}", "idea_id"),
      (#"[{"idea_id": "a\nb", "hypothesis": "h"}]"#, "control character"),
      (#"[{"idea_id": "a", "hypothesis": ""}]"#, "hypothesis"),
      (
        #"[{"idea_id": "a", "hypothesis": "h"}, {"idea_id": "a", "hypothesis": "h"}]"#,
        "as that of an earlier idea"
      ),
    ])
  func badIdeas(text: String, complaint: String) throws {
    let name = "ideas-\(Fingerprint(of: text).hexadecimal.prefix(8))"
    try home.file("\(name).json", text)
    let run = try home.script(
      "$athanor \(Self.small) --ideas \(name).json", journal: "\(name).sqlite")
    #expect(run.exitCode == 4 && run.output == "", "\(run.errors)")
    #expect(run.errors.contains(complaint), "\(run.errors)")
    #expect(reading("\(name).sqlite") == nil)
  }

  @Test("a disk that is full in the middle is a failure, and the run goes on when there is room")
  func noRoom() throws {
    let whole = try home.script(
      "$athanor \(Self.small) | grep '^  \"result\"'", journal: "room.sqlite")
    let run = try home.script(
      """
      ( trap '' XFSZ; ulimit -f 600; $athanor \(Self.small) >/dev/null; echo $? )
      $athanor journal verify | head -1
      id=$($athanor journal runs --json | grep -o '"run": "[^"]*"' | head -1 | cut -d'"' -f4)
      $athanor \(Self.small) --resume $id | grep '^  "result"'
      """, journal: "noroom.sqlite")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 3, "\(run.output)\(run.errors)")
    #expect(lines.first == "1", "\(run.errors)")
    #expect(lines.dropFirst().first?.hasPrefix("intact: ") == true)
    #expect(lines.dropFirst().first?.hasPrefix("intact: 0") == false)
    #expect(
      lines.last.map(String.init) == whole.output.split(separator: "\n").first.map(String.init))
  }
}
