import AlphaLanguage
import Backtesting
import Dispatch
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
        newborn: JournalBirth(id: "bench", at: start), patienceMilliseconds: 5_000))
  }

  /// What worlds compute: for each its formulas.
  private static func roots(
    _ formulas: [String: [String]], keepVersions: Int = 1,
    _ change: (String, inout SharingRules) -> Void = { _, _ in }
  ) throws -> WorldRoots {
    let checker = FormulaChecker(schema: panel.schema)
    var roots = WorldRoots()
    for (world, texts) in formulas.sorted(by: { $0.key < $1.key }) {
      var shared = SharingRules()
      shared.isolation = .shared
      shared.keepVersions = keepVersions
      change(world, &shared)
      roots.add(world, rules: shared)
      for (place, text) in texts.enumerated() {
        roots.add(
          "i\(place)",
          try FormulaGraphNodes(
            checker.check(text), panel: panel, settings: SimulationSettings(), side: .long))
      }
    }
    return roots
  }

  private static func events(_ journal: Journal) throws -> [String] {
    try journal.events(limit: 1000).filter { $0.subject == SharedGraphLog.subject }.map(\.kind)
  }

  @Test("worlds join, root, go back and drain, and a journal that is opened again tells the same")
  func life() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let log = SharedGraphLog(journal: journal)
    let first = try Self.roots(["a": ["rank(close)"], "b": ["-rank(close)"]], keepVersions: 2)
    let started = try log.follow(at: Self.day(0)) { _ in first }
    #expect(!started.isEmpty && started.allSatisfy { $0.action == .start })
    #expect(
      try Self.events(journal) == [
        "graph.joined", "graph.rooted", "graph.joined", "graph.rooted",
      ])
    let other = try Self.roots(
      ["a": ["ts_mean(close, 10)"], "b": ["-rank(close)"]], keepVersions: 2)
    _ = try log.follow(at: Self.day(1)) { _ in other }
    _ = try log.rollBack("a", to: 1, at: Self.day(2))
    let graph = try log.graph()
    #expect(graph.worlds["a"]?.current?.roots == first.worlds[0].roots)
    #expect(graph.worlds["a"]?.current?.number == 3)
    let gone = try log.follow(at: Self.day(3)) { _ in
      var roots = WorldRoots()
      roots.addGone("a")
      return roots
    }
    #expect(gone.contains { $0.action != .sweep })
    #expect(
      try Self.events(journal).suffix(3) == ["graph.rooted", "graph.rolled_back", "graph.left"])
    let again = SharedGraphLog(journal: try Self.open(folder))
    #expect(try again.graph().json == log.graph().json)
    let swept = try again.tick(at: Self.day(100))
    #expect(!swept.isEmpty && swept.allSatisfy { $0.action == .sweep })
    // The first one has read nothing since.
    #expect(try log.graph().json == again.graph().json)
    #expect(try log.graph().worlds["a"] == nil)
  }

  @Test("what is so already, and a tick that changes nothing, leave no event")
  func idle() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let log = SharedGraphLog(journal: journal)
    let roots = try Self.roots(["a": ["rank(close)"]])
    _ = try log.follow(at: Self.day(0)) { _ in roots }
    let events = try Self.events(journal)
    #expect(try log.follow(at: Self.day(1)) { _ in roots }.isEmpty)
    #expect(try log.tick(at: Self.day(2)).isEmpty)
    #expect(try Self.events(journal) == events)
  }

  @Test("following sweeps what has drained, though nothing else changes")
  func sweeping() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let log = SharedGraphLog(journal: journal)
    func changed(_ world: String, _ rules: inout SharingRules) { rules.pinRollback = .zero }
    let first = try Self.roots(["a": ["ts_mean(close, 10)", "rank(close)"]], changed)
    let second = try Self.roots(["a": ["rank(close)"]], changed)
    _ = try log.follow(at: Self.day(0)) { _ in first }
    let drained = try log.follow(at: Self.day(1)) { _ in second }
    let ends = drained.compactMap { directive -> Timestamp? in
      if case .drain(let until) = directive.action { until } else { nil }
    }
    let end = try #require(ends.max())
    #expect(try log.follow(at: end - TimeSpan(milliseconds: 1)) { _ in second }.isEmpty)
    let swept = try log.follow(at: end) { _ in second }
    #expect(!swept.isEmpty && swept.allSatisfy { $0.action == .sweep })
    #expect(try Self.events(journal).last == "graph.ticked")
  }

  @Test("a refused event leaves no trace in the journal or the graph")
  func refused() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let log = SharedGraphLog(journal: journal)
    let roots = try Self.roots(["a": ["rank(close)"]])
    _ = try log.follow(at: Self.day(0)) { _ in roots }
    let before = try log.graph().json
    let events = try Self.events(journal)
    #expect(throws: GraphMistake.versionNotKept(world: "a", version: 9, kept: [1])) {
      try log.rollBack("a", to: 9, at: Self.day(1))
    }
    #expect(throws: GraphMistake.unknownWorld("b")) {
      try log.rollBack("b", to: 1, at: Self.day(1))
    }
    #expect(try log.graph().json == before)
    #expect(try Self.events(journal) == events)
  }

  @Test("a world that the graph refuses is reported once, and the others follow nevertheless")
  func refusedWorld() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let reports = SharedValue<[String]>([])
    let log = SharedGraphLog(journal: journal) { sentence in
      reports.change { $0.append(sentence) }
    }
    let roots = try Self.roots(["a": ["rank(close)"], "b": ["close"], "c": ["volume"]]) {
      if $0 != "c" { $1.topicPrefix = "desk" }
    }
    _ = try log.follow(at: Self.day(0)) { _ in roots }
    _ = try log.follow(at: Self.day(1)) { _ in roots }
    #expect(try log.graph().worlds.keys.sorted() == ["a", "c"])
    #expect(reports.value.count == 1)
    #expect(reports.value.first?.contains("desk") == true)
  }

  @Test("the second of two keepers waits for the first and builds on what it recorded")
  func claimed() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    let other = try Self.open(folder)
    let log = SharedGraphLog(journal: journal, patienceMilliseconds: 0)
    let claim = try other.claim(SharedGraphLog.subject, patienceMilliseconds: 0)
    let roots = try Self.roots(["a": ["rank(close)"]])
    let failure = withExtendedLifetime(claim) {
      #expect(throws: JournalFailure.self) { try log.follow(at: Self.day(0)) { _ in roots } }
    }
    #expect(failure?.key == "journal_claimed")
    #expect(try Self.events(journal).isEmpty)
  }

  @Test("two that follow at once record each change once, whoever is first")
  func concurrent() throws {
    let folder = try ScratchFolder()
    let first = try Self.open(folder)
    let keepers = [SharedGraphLog(journal: first), SharedGraphLog(journal: try Self.open(folder))]
    // What worlds compute grows; whoever follows puts what is so by then in force.
    let current = SharedValue(0)
    let texts = (1...8).map { "ts_mean(close, \($0 + 1))" }
    DispatchQueue.concurrentPerform(iterations: 16) { turn in
      current.change { $0 = min($0 + 1, texts.count) }
      do {
        _ = try keepers[turn % 2].follow(at: Self.day(1)) { _ in
          try Self.roots(["a": Array(texts.prefix(current.value))], keepVersions: 50)
        }
      } catch {
        Issue.record("\(error)")
      }
    }
    let graph = try keepers[0].graph()
    #expect(try graph.json == keepers[1].graph().json)
    #expect(graph.worlds["a"]?.current?.roots.count == texts.count)
    let sizes = graph.worlds["a"]?.versions.map(\.roots.count) ?? []
    #expect(sizes == sizes.sorted() && Set(sizes).count == sizes.count)
    #expect(try Self.events(first).count { $0 == "graph.joined" } == 1)
  }

  @Test("an event of the graph that nobody could have written stops the reading")
  func damaged() throws {
    let folder = try ScratchFolder()
    let journal = try Self.open(folder)
    try journal.append(
      JournalDraft(
        "graph.left", at: Self.day(0), subject: SharedGraphLog.subject, payload: ["x": 1]))
    let mistake = #expect(throws: GraphMistake.self) {
      try SharedGraphLog(journal: journal).graph()
    }
    #expect(mistake?.outcome == .integrityViolated)
  }
}
