import Essentials
import Foundation
import TestKit
import Testing

@testable import Worlds

@Suite("Cases put to a policy and to its slips")
struct PolicyTrialTests {
  private static func example(_ name: String) throws -> String {
    try String(
      contentsOf: checkoutFolder.appendingPathComponent("Examples/Worlds/\(name)"),
      encoding: .utf8)
  }

  private static func bundled() throws -> (policy: WorldPolicy, cases: [PolicyCase]) {
    let policy = try WorldPolicy(reading: example("default.yml"), named: "default.yml")
    let file = try PolicyCaseFile(
      reading: example("cases.yml"), named: "cases.yml", for: policy)
    #expect(file.policy == "default.yml")
    return (policy, file.cases(under: policy))
  }

  @Test("the bundled cases hold for the shipped policy and notice nine slips in ten")
  func bundledCases() throws {
    let (policy, cases) = try Self.bundled()
    let trial = PolicyTrial(cases, to: policy)
    #expect(trial.failures == [])
    #expect(trial.mutants > 80)
    #expect(trial.mutationScore >= 0.9, "\(trial.survivors)")
  }

  @Test("the shipped policy keeps the laws on the bundled cases")
  func bundledLaws() throws {
    let (policy, cases) = try Self.bundled()
    let laws = PolicyLaws(cases, of: policy)
    #expect(laws.violations == [])
    #expect(laws.trials > 300)
  }

  private static func item(
    _ fixture: DecisionFixture, _ change: (inout PolicyCase.Expectation) -> Void
  ) -> PolicyCase {
    var expected = PolicyCase.Expectation()
    change(&expected)
    return PolicyCase(name: "case", snapshot: fixture.snapshot, expected: expected)
  }

  @Test("a failing case says what should be and what is, and no slip is tried")
  func failing() {
    let item = Self.item(DecisionFixture(.init("a", .dryrun, ["sharpe_mid": 0.1]))) {
      $0.mode = .halted
      $0.steps = ["PROMOTE a"]
      var wanted = PolicyCase.Instance(id: "a")
      wanted.verdict = .pass
      wanted.weight = 0.5
      $0.instances = [wanted, PolicyCase.Instance(id: "b")]
    }
    let trial = PolicyTrial([item], to: DecisionFixture.policy)
    #expect(
      trial.failures.map(\.objections) == [
        [
          "The mode should be halted and is active.",
          "The list of steps should be [\"PROMOTE a\"] and is [].",
          "The verdict on a should be pass and is fail.",
          "The weight of a should be 0.5 and is 0.0.",
          "b has no row.",
        ]
      ])
    #expect(trial.mutants == 0 && trial.mutationScore == 1)
  }

  @Test("cases that ask nothing notice no slip")
  func idle() {
    let item = Self.item(DecisionFixture(.init("a"))) { _ in }
    let trial = PolicyTrial([item], to: DecisionFixture.policy)
    #expect(trial.mutants > 20 && trial.survivors.count == trial.mutants)
    #expect(trial.mutationScore == 0)
  }

  @Test("what decides the same whatever happens is no slip")
  func equivalent() {
    var policy = DecisionFixture.policy
    policy.risk.limits.gross = 1
    policy.risk.limits.net = 0.5
    policy.selection.topK.total = 8
    var rule = MetricRules.SampleRule(metric: "skew")
    rule.daysMin = 9
    policy.metrics.samples = [rule]
    let changes = PolicyMutant.all(of: policy).map(\.change)
    #expect(!changes.contains { $0.contains("skew") })
    #expect(!changes.contains("selection.topk.total: 8 becomes 9"))
    #expect(changes.contains("selection.topk.total: 8 becomes 7"))
    #expect(changes.contains("risk.limits.gross: 1.0 becomes 0.5"))
    #expect(!changes.contains("risk.limits.gross: 1.0 becomes 2.0"))
    #expect(changes.contains("risk.limits.net: 0.5 becomes 1.0"))
  }

  @Test("a policy that punishes a better measure breaks the law of monotony")
  func monotony() {
    var policy = DecisionFixture.policy
    policy.selection.gates = .and([
      DecisionFixture.compare("sharpe_mid", .lessOrEqual, 1.5)
    ])
    let item = Self.item(DecisionFixture(.init("a"))) { _ in }
    let laws = PolicyLaws([item], of: policy)
    #expect(laws.violations.contains { $0.contains("turns pass into fail") })
  }

  @Test("a policy that lets in whom it sends away flaps, and that is found")
  func flapping() {
    var policy = DecisionFixture.oneSlot
    policy.selection.keep = .and([DecisionFixture.compare("sharpe_mid", .greaterOrEqual, 2)])
    let item = Self.item(DecisionFixture(.init("a"))) { _ in }
    let laws = PolicyLaws([item], of: policy)
    #expect(laws.violations.contains { $0.contains("changes its phase") })
    #expect(
      PolicyLaws([item], of: DecisionFixture.oneSlot).violations == [])
  }
}
