import Essentials
import Foundation
import Storage
import TestKit
import Testing

@testable import athanor

@Suite("What commands record")
struct RecordingTests {
  private func market() throws -> TinyMarket { try TinyMarket.shared.get() }

  private func freshJournal() throws -> String {
    try market().path("\(UUID().uuidString).sqlite").path
  }

  private func events(_ path: String) throws -> [JournalEvent] {
    try Journal.open(path: path, access: .reading).events(limit: 1000)
  }

  @Test("a sheet is recorded formula by formula, each with its metrics and its fingerprints")
  func sheet() throws {
    let journal = try freshJournal()
    let sheet = "one: rank(close)\nbad: rank(clsoe)\ntwo: -returns\nagain: rank( close )\n"
    let rehearsal = try market().rehearse(input: Array(sheet.utf8), journal: journal)
    #expect(rehearsal.serve("simulate", "-p", "tiny", "--json") == 2)
    let events = try events(journal)
    #expect(
      events.map(\.kind) == [
        "run.started", "simulation.completed", "simulation.completed", "run.summary",
      ])
    #expect(Set(events.map(\.run)) == ["simulate-20170714T024000Z-01234567"])
    #expect(events.map(\.cause) == [nil, 1, 1, 1])
    let answered = try #require(try rehearsal.object()["alphas"] as? [[String: Any]])
    for event in events[1...2] {
      let payload = try #require(
        try JSONSerialization.jsonObject(with: Data(event.payloadText.utf8)) as? [String: Any])
      let alpha = try #require(
        answered.first { $0["name"] as? String == payload["name"] as? String })
      #expect(payload["result"] as? String == alpha["result"] as? String)
      #expect(payload["alpha_id"] as? String == alpha["id"] as? String)
      let metrics = try #require(payload["metrics"] as? [String: Any])
      let book = try #require(alpha["is"] as? [String: Any])
      #expect(metrics["sharpe"] as? Double == book["sharpe"] as? Double)
      #expect(event.subject == alpha["formula"] as? String)
    }
    let summary = try #require(events[3].payload)
    #expect(summary["simulated"] == 2)
    #expect(summary["refused"] == 1)
    #expect(summary["duplicates"] == 1)
    #expect(summary["result"] == .string(try #require(try rehearsal.object()["result"] as? String)))
    #expect(try Journal.open(path: journal, access: .reading).verify().findings == [])
  }

  @Test("the same run at the same instant is recorded with the same bytes")
  func determinism() throws {
    let texts = try (0..<2).map { _ in
      let journal = try freshJournal()
      let rehearsal = try market().rehearse(journal: journal)
      #expect(rehearsal.serve("simulate", "rank(close)", "-p", "tiny") == 0)
      return try events(journal).map { JournalLine.text(of: $0) }
    }
    #expect(texts[0] == texts[1])
  }

  @Test("luck is judged against every formula that the journal knows of the panel, each once")
  func trials() throws {
    let journal = try freshJournal()
    func trials(_ arguments: String...) throws -> Int? {
      let rehearsal = try market().rehearse(journal: journal)
      let door = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      #expect(door.serve(["simulate", "-p", "tiny", "--json"] + arguments) == 0)
      return (try rehearsal.object()["trust"] as? [String: Any])?["trials"] as? Int
    }
    #expect(try trials("rank(close)") == 1)
    #expect(try trials("rank(close)") == 1)
    #expect(try trials("rank( close )", "--decay", "3") == 1)
    #expect(try trials("-returns") == 2)
    #expect(try trials("rank(volume)", "--no-journal") == 1)
    #expect(try trials("rank(volume)") == 3)
    #expect(try trials("rank(open)", "--trials", "9") == 10)
    #expect(try trials("rank(high)") == 5)
    let comparison = try market().rehearse(journal: journal)
    #expect(comparison.serve("compare", "rank(low)", "rank(high)", "-p", "tiny") == 0)
    #expect(try trials("rank(vwap)") == 7)
  }

  @Test("--no-journal records nothing, and a refused formula leaves no journal behind")
  func nothing() throws {
    let journal = try freshJournal()
    #expect(
      try market().rehearse(journal: journal).serve(
        "simulate", "rank(close)", "-p", "tiny", "--no-journal") == 0)
    #expect(
      try market().rehearse(journal: journal).serve("simulate", "rank(clsoe)", "-p", "tiny") == 2)
    #expect(!FileManager.default.fileExists(atPath: journal))
  }

  @Test("an answer that cannot be recorded is given, and the failure is told")
  func unrecorded() throws {
    let folder = try market().path("no-folder").path
    try "a file".write(toFile: folder, atomically: true, encoding: .utf8)
    let rehearsal = try market().rehearse(journal: folder + "/journal.sqlite")
    #expect(rehearsal.serve("simulate", "rank(close)", "-p", "tiny") != 0)
    #expect(rehearsal.output.contains("Sharpe"))
    #expect(rehearsal.errors.contains(folder))
  }
}
