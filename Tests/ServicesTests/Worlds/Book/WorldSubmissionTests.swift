import Essentials
import Storage
import Testing
import Worlds

@testable import Services

@Suite("Alphas that enter worlds")
struct WorldSubmissionTests {
  private static let panel = Fingerprint(of: "panel")

  private func record(
    _ bench: WorldDeskBench, _ text: String, alpha: String, run: String = "simulate-1"
  ) throws {
    let fingerprint = Fingerprint(of: text).hexadecimal
    try bench.journal.append(
      JournalDraft(
        TrialIndex.kind, at: WorldDeskBench.start, run: run, subject: fingerprint,
        payload: [
          "alpha_id": .string(alpha), "name": .string(alpha),
          "formula": [
            "text": .string(text), "canonical": .string(text),
            "fingerprint": .string(fingerprint),
          ],
          "panel": ["name": "us", "fingerprint": .string(Self.panel.hexadecimal)],
          "settings": ["decay": 4], "metrics": ["sharpe": .number(1.5)],
          "trials": .integer(1), "deflated_sharpe": .number(0.5),
        ]))
  }

  @Test("an alpha enters with its formula, settings, panel, and the number of formulas tried there")
  func alpha() throws {
    let bench = try WorldDeskBench()
    try bench.begin([])
    try record(bench, "rank(close)", alpha: "A1")
    try record(bench, "rank(open)", alpha: "A2")
    try record(bench, "rank(volume)", alpha: "A3", run: "simulate-2")
    let receipt = try bench.desk.submit(
      WorldDesk.AlphaEntry(WorldDesk.AlphaReference("A2"), side: .short), in: "w",
      by: WorldDeskBench.operator)
    let submission = try #require(receipt.state.instances[receipt.instance]?.submission)
    #expect(receipt.instance.hasPrefix("A2.short."))
    #expect(submission.formula == "rank(open)")
    #expect(submission.trials == 3)
    #expect(submission.alpha?.run == "simulate-1")
    #expect(submission.settings["decay"] == 4)
    #expect(submission.panel["name"] == "us")
    let again = try bench.desk.submit(
      WorldDesk.AlphaEntry(
        WorldDesk.AlphaReference("A2", run: "simulate-1"), side: .short), in: "w",
      by: WorldDeskBench.operator)
    #expect(again.entries.isEmpty)
    let error = #expect(throws: WorldDeskFailure.self) {
      try bench.desk.submit(
        WorldDesk.AlphaEntry(WorldDesk.AlphaReference("A9"), side: .long), in: "w",
        by: WorldDeskBench.operator)
    }
    #expect(error?.key == "unknown_alpha")
  }

  @Test("a policy enters the instances that it declares, and says of the others why not")
  func declared() throws {
    let bench = try WorldDeskBench()
    try record(bench, "rank(close)", alpha: "A1")
    var known = InstanceDeclaration(strategy: "A1", side: .long)
    known.sector = "tech"
    var written = InstanceDeclaration(strategy: "reversal", side: .short)
    written.params = [.init("formula", "rank(-returns)"), .init("panel", "us")]
    let receipt = try bench.desk.publish(
      WorldDeskBench.policy {
        $0.instances = [known, written, InstanceDeclaration(strategy: "ghost", side: .long)]
      }, reason: "first", by: WorldDeskBench.owner)
    #expect(receipt.submitted.count == 2)
    #expect(receipt.refused.map(\.instance) == ["ghost.long"])
    #expect(receipt.state.instances[receipt.submitted[0]]?.submission.sector == "tech")
    #expect(receipt.state.instances[receipt.submitted[1]]?.submission.formula == "rank(-returns)")
  }
}
