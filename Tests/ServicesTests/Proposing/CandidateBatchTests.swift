import Backtesting
import Essentials
import Foundation
import Markets
import Research
import Storage
import Synchronization
import TestKit
import Testing

@testable import Services

@Suite("A list of candidates")
struct CandidateBatchTests {
  private let stage: ProposalStage

  init() throws {
    stage = try ProposalStage()
  }

  private func record(_ run: String = "r") throws -> ResearchRecord {
    ResearchRecord(
      run: run, recorder: try RunRecorder(addingTo: run, journal: stage.journal),
      now: ProposalStage.now)
  }

  @Test("one meaning is simulated once, and one bad candidate does not keep the others")
  func mixed() async throws {
    var other = ProposalStage.candidate("rank(-returns)")
    other.simulation.settings.decay = 3
    var unservable = ProposalStage.candidate("rank(volume)")
    unservable.simulation.settings.neutralization = "COUNTRY"
    let list = [
      ProposalStage.candidate("rank(close) + rank(volume)"), ProposalStage.candidate("rank(clos"),
      ProposalStage.candidate("rank(volume)+rank( close )"), other, unservable,
    ]
    let told = Mutex<[Int]>([])
    let validator = stage.validator
    let outcome = try await CandidateBatch(list) { _ in validator }.simulate(
      by: stage.simulator, record()
    ) { count in told.withLock { $0.append(count) } }
    #expect(outcome.results.count == 2)
    #expect(outcome.duplicates.map(\.place) == [2] && outcome.duplicates.map(\.of) == [0])
    #expect(outcome.failures.map(\.place) == [1, 4])
    #expect(outcome.failures[0].code == "unbalanced_parentheses")
    #expect(outcome.failures[1].code == "setting_not_allowed")
    let kinds = try stage.kinds()
    #expect(kinds.count { $0 == "simulation.enqueued" } == 3)
    #expect(kinds.count { $0 == "simulation.completed" } == 2)
    #expect(kinds.count { $0 == "simulation.skipped_duplicate" } == 1)
    #expect(kinds.count { $0 == "simulation.blocked_validation" } == 1)
    #expect(try !record().order().isViolated)
    #expect(told.withLock { $0.first } == 1)
  }

  @Test("without a journal the same is found, and nothing is recorded")
  func unrecorded() async throws {
    let silent = ResearchRecord(run: "r", recorder: nil, now: ProposalStage.now)
    let validator = stage.validator
    let outcome = try await CandidateBatch([ProposalStage.candidate("rank(close)")]) { _ in
      validator
    }.simulate(by: stage.simulator, silent)
    #expect(outcome.results.count == 1)
    #expect(try stage.kinds().isEmpty)
  }

  @Test("what was simulated counts as a trial on its panel")
  func trials() async throws {
    let validator = stage.validator
    _ = try await CandidateBatch([ProposalStage.candidate("rank(close)")]) { _ in validator }
      .simulate(by: stage.simulator, record())
    let trials = try stage.journal.read { tables throws(JournalFailure) in
      try TrialIndex().trials(
        on: ProposalStage.panel.fingerprint, besides: [], in: tables)
    }
    #expect(trials == 1)
  }

  @Test("a result survives its file, and says there what the simulator said")
  func written() async throws {
    let validator = stage.validator
    let outcome = try await CandidateBatch([ProposalStage.candidate("rank(-returns)")]) { _ in
      validator
    }.simulate(by: stage.simulator, record())
    let result = try #require(outcome.results.first)
    let text = JSONValue.array([result.json]).indentedText
    let read: [AlphaResult] = try DocumentList.read(
      text: text, document: "r.json", of: "results")
    #expect(read.map(\.json.compactText) == [result.json.compactText])
    #expect(read[0].evidence.checks.count > 3)
    #expect(read[0].evidence.yearly != nil)
    #expect(read[0].metrics.turnover.map { $0 > 0 && $0 < 2 } == true)
  }

  @Test("the profits of every day are saved, and of two that are alike only the better passes")
  func tables() async throws {
    let validator = stage.validator
    let folder = RecordsetFolder(path: stage.folder.url.path + "/recordsets")
    var slower = ProposalStage.candidate("rank(-returns)")
    slower.simulation.settings.truncation = 0.3
    let outcome = try await CandidateBatch([ProposalStage.candidate("rank(-returns)"), slower]) {
      _ in validator
    }.simulate(by: stage.simulator, record(), recordsets: folder)
    try #require(outcome.results.count == 2)
    #expect(outcome.results[0].recordsetsSaved.count == 2)
    let profits = outcome.results.compactMap { RecordsetFolder.profits(of: $0) }
    try #require(profits.count == 2)
    #expect(profits[0].pnl.count > 100)
    var lenient = JudgingPolicy()
    lenient.sharpeMin = -100
    lenient.fitnessMin = -100
    lenient.turnoverMax = 2
    lenient.coverageMin = nil
    let results = outcome.results.map { result in
      var result = result
      result.rawPayload = [:]
      return result
    }
    let cards = try AlphaJudgment(policy: lenient).cards(of: results, profits: profits)
    #expect(cards.map(\.passed) == [true, false])
    #expect(cards[1].reasons == ["abs_corr>0.7"])
    #expect(try !record().order().isViolated)
  }

  @Test("S7: tables that cannot be saved lose no result, and a name cannot lead out of the folder")
  func unsavable() async throws {
    let validator = stage.validator
    let outcome = try await CandidateBatch([ProposalStage.candidate("rank(close)")]) { _ in
      validator
    }.simulate(by: stage.simulator, record(), recordsets: RecordsetFolder(path: "/dev/null/x"))
    #expect(outcome.results.count == 1 && outcome.results[0].recordsetsSaved.isEmpty)
    #expect(try stage.kinds().contains("simulation.recordsets_unavailable"))
    let table = RecordsetFolder.Table(name: "../../x", document: [:])
    #expect(throws: FileFailure.self) {
      try RecordsetFolder(path: stage.folder.url.path).write([table], of: "a")
    }
  }
}
