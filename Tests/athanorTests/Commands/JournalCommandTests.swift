import Essentials
import Foundation
import Storage
import Synchronization
import TestKit
import Testing

@testable import athanor

@Suite("athanor journal")
struct JournalCommandTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
  }

  private var path: String { scratch.url.appendingPathComponent("journal.sqlite").path }

  private func open() throws -> Journal {
    try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "b1", at: Timestamp(millisecondsSinceEpoch: 1_000_000)),
        patienceMilliseconds: 0))
  }

  private static func draft(_ number: Int) -> JournalDraft {
    JournalDraft(
      number % 3 == 0 ? "run.summary" : "simulation.completed",
      at: Timestamp(millisecondsSinceEpoch: 1_500_000_000_000 + Int64(number) * 1000),
      run: "run-\(number % 2)", subject: "s\(number)", payload: ["number": .integer(number)])
  }

  private func fill(_ count: Int) throws {
    try open().append((1...count).map(Self.draft))
  }

  private func serve(_ arguments: String..., on rehearsal: Rehearsal = Rehearsal()) -> Int32 {
    FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      .serve(["journal"] + arguments + ["--journal", path])
  }

  @Test(
    "without a journal every command says so, and makes nothing",
    arguments: ["verify", "tail", "runs", "export"])
  func noJournal(name: String) throws {
    let rehearsal = Rehearsal()
    #expect(serve(name, on: rehearsal) == 4)
    #expect(rehearsal.output == "")
    #expect(rehearsal.errors.contains("There is no journal \(path). [no_journal]"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == [])
    let homeless = Rehearsal()
    #expect(homeless.serve("journal", name) == 4)
    #expect(homeless.errors.contains("[no_journal_path]"))
  }

  @Test("verify tells the head of an intact journal, which it takes back later")
  func intact() throws {
    try fill(9)
    let rehearsal = Rehearsal()
    #expect(serve("verify", on: rehearsal) == 0, "\(rehearsal.errors)")
    let head = try open().head
    #expect(
      rehearsal.output == """
        intact: 9 events examined in 0.00 s
        journal b1 since 1970-01-01T00:16:40Z
        head    9:\(head.chain)

        """)
    let json = Rehearsal()
    #expect(serve("verify", "--json", on: json) == 0)
    let object = try json.object()
    #expect(object["intact"] as? Bool == true)
    #expect(object["events"] as? Int == 9)
    #expect((object["head"] as? [String: Any])?["chain"] as? String == head.chain.hexadecimal)
    #expect((object["findings"] as? [Any])?.isEmpty == true)

    #expect(serve("verify", "--events-only", "--threads", "2") == 0)
    try open().append(Self.draft(10))
    #expect(serve("verify", "--head", "9:\(head.chain)") == 0)
    let other = Rehearsal()
    #expect(serve("verify", "--head", "8:\(head.chain)", on: other) == 6)
    #expect(other.errors.contains("event 8 is not what was recorded"))
    let lost = Rehearsal()
    #expect(serve("verify", "--head", "12:\(head.chain)", on: lost) == 6)
    #expect(lost.errors.contains("event 12 is missing"))
    #expect(serve("verify", "--head", "9:abc") == 4)
  }

  @Test("verify names the event that was changed and exits with 6")
  func changed() throws {
    try fill(9)
    let sqlite = try ShellRun(
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
      path, "UPDATE event SET payload = '{\"number\":55}' WHERE seq = 5")
    try #require(sqlite.exitCode == 0, "\(sqlite.errors)")
    let rehearsal = Rehearsal()
    #expect(serve("verify", on: rehearsal) == 6)
    #expect(rehearsal.output.hasPrefix("changed: 9 events examined, 1 finding\n"))
    #expect(rehearsal.output.contains("  - event 5 is not what was recorded\n"))
    #expect(
      rehearsal.errors.contains(
        "The journal \(path) was changed: event 5 is not what was recorded. [journal_violated]"))
    let json = Rehearsal()
    #expect(serve("verify", "--json", on: json) == 6)
    let finding = try #require((try json.object()["findings"] as? [[String: Any]])?.first)
    #expect(finding["finding"] as? String == "event_changed")
    #expect(finding["seq"] as? Int == 5)
    #expect(try json.complaint()["error"] as? String == "journal_violated")
  }

  @Test("tail shows the last events that match, cut to the screen")
  func tail() throws {
    try fill(30)
    let rehearsal = Rehearsal()
    #expect(serve("tail", "-n", "2", "--run", "run-1", on: rehearsal) == 0)
    #expect(
      rehearsal.output == """
             27  2017-07-14T02:40:27Z  run.summary  run-1  {"number":27}
             29  2017-07-14T02:40:29Z  simulation.completed  run-1  {"number":29}

        """)
    let narrow = Rehearsal(width: 40, isTerminal: true)
    #expect(serve("tail", on: narrow) == 0)
    let lines = narrow.output.split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines.allSatisfy { $0.count <= 40 })
    let json = Rehearsal()
    #expect(serve("tail", "--subject", "s7", "--json", on: json) == 0)
    let events = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(events.map { $0["seq"] as? Int } == [7])
    #expect((events[0]["payload"] as? [String: Any])?["number"] as? Int == 7)
    let none = Rehearsal()
    #expect(serve("tail", "--kind", "no.such", on: none) == 0)
    #expect(none.output == "No such events.\n")
  }

  @Test("tail --follow shows what is recorded while it pauses, until its reader leaves")
  func follow() throws {
    try fill(3)
    let journal = try open()
    let next = Mutex(4)
    for isJSON in [false, true] {
      let rehearsal = Rehearsal(closesAfter: 4) { _ in
        let number = next.withLock { number in
          number += 1
          return number - 1
        }
        // The test sees what is missing from the output.
        _ = try? journal.append([Self.draft(number), Self.draft(number * 100)])
      }
      let last = try journal.head.seq
      let arguments = ["journal", "tail", "--follow", "-n", "2", "--journal", path]
      let door = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      #expect(door.serve(arguments + (isJSON ? ["--json"] : [])) == 0)
      #expect(rehearsal.errors == "")
      let lines = rehearsal.output.split(separator: "\n")
      let seqs = lines.map { line in
        isJSON
          ? JournalLine.event(of: line)?.seq
          : line.split(separator: " ").first.flatMap { Int64($0) }
      }
      #expect(seqs == [last - 1, last, last + 1, last + 2])
    }
  }

  @Test("runs are listed with the latest first")
  func runs() throws {
    try fill(7)
    let rehearsal = Rehearsal()
    #expect(serve("runs", on: rehearsal) == 0)
    let lines = rehearsal.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].hasPrefix("run-1"))
    #expect(lines[1].contains("run.summary 1, simulation.completed 3"))
    let json = Rehearsal()
    #expect(serve("runs", "--json", "--top", "1", on: json) == 0)
    let runs = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(runs.count == 1)
    #expect(runs[0]["run"] as? String == "run-1")
    #expect(runs[0]["events"] as? Int == 4)
    #expect(runs[0]["last"] as? Int == 7)
  }

  @Test("export writes one line for each event, to a file or to standard output")
  func export() throws {
    try fill(12)
    let wanted = try open().events(limit: 100, filter: JournalFilter(run: "run-0"))
      .map { JournalLine.text(of: $0) + "\n" }.joined()
    let rehearsal = Rehearsal()
    #expect(serve("export", "--run", "run-0", on: rehearsal) == 0)
    #expect(rehearsal.output == wanted)
    let file = scratch.url.appendingPathComponent("events.jsonl")
    let toFile = Rehearsal()
    #expect(serve("export", "--run", "run-0", "-o", file.path, "--json", on: toFile) == 0)
    #expect(try String(contentsOf: file, encoding: .utf8) == wanted)
    #expect(try toFile.object()["events"] as? Int == 6)
    #expect(try toFile.object()["sha256"] as? String == Fingerprint(of: wanted).hexadecimal)
    let again = Rehearsal()
    #expect(serve("export", "-o", file.path, on: again) == 4)
    #expect(again.errors.contains("there is something of that name already"))
  }
}
