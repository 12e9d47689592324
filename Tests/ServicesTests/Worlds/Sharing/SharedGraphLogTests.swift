import AlphaLanguage
import Backtesting
import Essentials
import Foundation
import Markets
import Storage
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("The graph of all worlds in the journal")
struct SharedGraphLogTests {
  private static let panel = RandomPanels.make(RandomPanels.Shape(rows: 20, columns: 3), seed: 4)
  private static let start = Timestamp(millisecondsSinceEpoch: 1_600_000_000_000)

  private static func day(_ count: Int64) -> Timestamp { start + .days(count) }

  private static func open(_ folder: ScratchFolder) throws -> Journal {
    try Journal.open(
      path: folder.url.path + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(id: "bench", at: start), patienceMilliseconds: 0))
  }

  /// Instances by world, with one formula each.
  private static func computation(
    _ formulas: [String: [String]], keepVersions: Int = 1
  ) throws -> SharedComputation {
    let checker = FormulaChecker(schema: panel.schema)
    var rules: [String: SharingRules] = [:]
    var instances: [WorldFormula] = []
    for (world, texts) in formulas.sorted(by: { $0.key < $1.key }) {
      var shared = SharingRules()
      shared.isolation = .shared
      shared.keepVersions = keepVersions
      rules[world] = shared
      for (place, text) in texts.enumerated() {
        instances.append(
          WorldFormula(
            world: world, instance: "i\(place)", formula: try checker.check(text),
            settings: SimulationSettings(), side: .long))
      }
    }
    return try SharedComputation(instances, rules: rules, panel: panel)
  }

  private static func events(_ journal: Journal) throws -> [String] {
    try journal.events(limit: 1000).filter { $0.subject == SharedGraphLog.subject }.map(\.kind)
  }

  @Test("worlds join, root, go back and drain, and a journal that is opened again tells the same")
  func life() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    var shown: JSONValue
    do {
      let log = try SharedGraphLog(journal: journal)
      let first = try Self.computation(
        ["a": ["rank(close)"], "b": ["-rank(close)"]], keepVersions: 2)
      let started = try log.follow(first, at: Self.day(0))
      #expect(started.map(\.computation).sorted() == first.keys.map(\.computation))
      #expect(
        try Self.events(journal) == [
          "graph.joined", "graph.rooted", "graph.joined", "graph.rooted",
        ])
      let other = try Self.computation(
        ["a": ["ts_mean(close, 10)"], "b": ["-rank(close)"]], keepVersions: 2)
      _ = try log.follow(other, at: Self.day(1))
      _ = try log.rollBack("a", to: 1, at: Self.day(2))
      #expect(log.graph.worlds["a"]?.current?.roots == first.roots["a"])
      #expect(log.graph.worlds["a"]?.current?.number == 3)
      let gone = try log.remove("a", at: Self.day(3))
      #expect(gone.contains { $0.action != .sweep })
      #expect(
        try Self.events(journal).suffix(3) == ["graph.rooted", "graph.rolled_back", "graph.left"])
      shown = log.graph.json
    }
    let again = try SharedGraphLog(journal: journal)
    #expect(again.graph.json == shown)
    let swept = try again.tick(at: Self.day(100))
    #expect(!swept.isEmpty && swept.allSatisfy { $0.action == .sweep })
    #expect(try SharedGraphLog.graph(of: journal).json == again.graph.json)
  }

  @Test("what is so already, and a tick that changes nothing, leave no event")
  func idle() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let log = try SharedGraphLog(journal: journal)
    let computation = try Self.computation(["a": ["rank(close)"]])
    _ = try log.follow(computation, at: Self.day(0))
    let events = try Self.events(journal)
    #expect(try log.follow(computation, at: Self.day(1)).isEmpty)
    #expect(try log.tick(at: Self.day(2)).isEmpty)
    #expect(try Self.events(journal) == events)
  }

  @Test("a refused event leaves no trace in the journal or the graph")
  func refused() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let log = try SharedGraphLog(journal: journal)
    let computation = try Self.computation(["a": ["rank(close)"]])
    _ = try log.follow(computation, at: Self.day(0))
    let before = log.graph.json
    let events = try Self.events(journal)
    #expect(throws: GraphMistake.versionNotKept(world: "a", version: 9, kept: [1])) {
      try log.rollBack("a", to: 9, at: Self.day(1))
    }
    #expect(throws: GraphMistake.unknownWorld("b")) { try log.remove("b", at: Self.day(1)) }
    #expect(log.graph.json == before)
    #expect(try Self.events(journal) == events)
  }

  @Test("two keepers of one graph exclude each other")
  func claimed() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let log = try SharedGraphLog(journal: journal)
    let failure = #expect(throws: JournalFailure.self) { try SharedGraphLog(journal: journal) }
    #expect(failure?.key == "journal_claimed")
    #expect(log.graph.worlds.isEmpty)
  }

  @Test("an event of the graph that nobody could have written stops the reading")
  func damaged() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    try journal.append(
      JournalDraft(
        "graph.left", at: Self.day(0), subject: SharedGraphLog.subject, payload: ["x": 1]))
    let mistake = #expect(throws: GraphMistake.self) { try SharedGraphLog(journal: journal) }
    #expect(mistake?.outcome == .integrityViolated)
  }
}
