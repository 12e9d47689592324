import Essentials
import Foundation
import Testing

@testable import Research
@testable import Storage

@Suite("The board of gauges")
struct GaugeBoardTests {
  /// A journal in a folder that is removed afterwards.
  private func withJournal(_ body: (Journal) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "athanor-gauges-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let journal = try Journal.open(
      path: folder + "/journal.sqlite",
      access: .writing(
        newborn: JournalBirth(id: "gauges", at: GaugeBench.at(0)), patienceMilliseconds: 0),
      models: [BudgetIndex()])
    try body(journal)
  }

  private func draft(_ event: JournalEvent, run: String = "r1") throws -> JournalDraft {
    JournalDraft(
      event.kind, at: event.at, run: run, subject: event.subject,
      payload: try #require(event.payload))
  }

  private func candidate(_ text: String, _ run: String) -> JournalDraft {
    var candidate = EventSamples.candidate
    candidate.formula = .init(text: text, canonical: text)
    return ResearchEvent(
      at: GaugeBench.at(1), run: run, idea: "i", .alphaGenerated(candidate, novelty: 0.5)
    ).draft()
  }

  @Test("a run is folded once and then followed, among events of other runs")
  func follows() throws {
    try withJournal { journal in
      var bench = GaugeBench()
      bench.build(["a"], of: 10, at: 1)
      bench.propose(.explore, novelty: 1, at: 2)
      bench.propose(.exploit, novelty: 0.5, at: 3)
      var board = GaugeBoard(configuration: BudgetConfiguration())
      for event in bench.events {
        try journal.append(try draft(event, run: "r2"))
        try journal.append(try draft(event))
        let gauges = try board.gauges(of: "r1", in: journal)
        #expect(gauges.eventCount == Int(gauges.lastSeq) / 2)
      }
      let followed = try board.gauges(of: "r1", in: journal)
      var fresh = GaugeBoard(configuration: BudgetConfiguration())
      #expect(try fresh.gauges(of: "r1", in: journal) == followed)
      #expect(followed.kpi.compactText == bench.gauges.kpi.compactText)
      // An event that is pushed is not told twice.
      let pushed = try journal.append(candidate("rank(close)", "r1"))
      board.take(pushed)
      let after = try board.gauges(of: "r1", in: journal)
      #expect(after.eventCount == 4 && after.lastSeq == pushed.seq)
      #expect(try board.gauges(of: "r9", in: journal).eventCount == 0)
    }
  }

  @Test("no more runs are kept than the board has places")
  func places() throws {
    try withJournal { journal in
      try journal.append(candidate("rank(close)", "run-0"))
      var board = GaugeBoard(configuration: BudgetConfiguration())
      for number in 0..<(GaugeBoard.runsMax + 5) {
        _ = try board.gauges(of: "run-\(number)", in: journal)
      }
      #expect(board.watchedCount == GaugeBoard.runsMax)
      #expect(try board.gauges(of: "run-0", in: journal).eventCount == 1)
    }
  }

  @Test("the desk's use comes from the ledger's tables, over all runs")
  func desk() throws {
    try withJournal { journal in
      let book = try BudgetBook.open(
        journal: journal, configuration: BudgetConfiguration(), prices: LedgerBench.prices,
        at: GaugeBench.at(0))
      for run in ["r1", "r2"] {
        let verdict = try book.reserve(
          LedgerBench.request(1_000, 500, run: run), at: GaugeBench.at(1))
        let call = try #require(verdict.reservation)
        if run == "r2" {
          try book.settle(call.id, LedgerBench.used(900, 100), at: GaugeBench.at(2))
        }
      }
      let now = GaugeBench.at(3)
      let use = try #require(try GaugeBoard.desk(in: journal, at: now))
      #expect(use.day.consumed.tokens == 1_000 && use.day.reserved.tokens == 1_500)
      #expect(use.week == use.day)
      var board = GaugeBoard(configuration: BudgetConfiguration())
      let gauges = try board.gauges(of: "r1", in: journal)
      #expect(gauges.unreadableCount == 0)
      // Its own call by the prompt, and what the other run used.
      #expect(gauges.standing(at: now, desk: use).day.tokens == 2_000)
      #expect(gauges.standing(at: now).day.tokens == 1_000)
    }
  }

  @Test("a journal knows the formulas that were proposed in it")
  func known() throws {
    try withJournal { journal in
      try journal.append([
        candidate("rank(close)", "r1"), candidate("zscore(open)", "r2"), candidate("rank(", "r1"),
      ])
      let known = try FormulaNovelty(journal)
      let features = try #require(FormulaFeatures(canonicalText: "rank(close)"))
      #expect(known.measure(features).value == 0)
      let other = try #require(FormulaFeatures(canonicalText: "rank(open)"))
      #expect(known.measure(other).value == 1)
    }
  }
}
