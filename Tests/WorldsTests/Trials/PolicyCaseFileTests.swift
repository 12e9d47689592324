import Essentials
import Testing

@testable import Worlds

@Suite("Documents of cases")
struct PolicyCaseFileTests {
  private static func findings(_ text: String) -> [String] {
    PolicyCaseFile.read(text: text, named: "cases.yml", for: DecisionFixture.policy).findings.map {
      "\($0.line):\($0.column) \($0.diagnostic.code)"
    }
  }

  private static func cases(_ body: String) throws -> [PolicyCase] {
    let text = "schema: world-cases/v1\ncases:\n" + body
    return try PolicyCaseFile(reading: text, named: "cases.yml", for: DecisionFixture.policy)
      .cases(under: DecisionFixture.policy)
  }

  @Test("each defect is named with its place and its kind")
  func defects() {
    for (text, findings) in [
      ("schema: world/v1\ncases: []\n", ["1:9 unknown_choice"]),
      ("schema: world-cases/v1\n", ["1:1 missing_key"]),
      ("cases: []\ncase: 1\n", ["2:1 unknown_key"]),
      ("cases: 3\n", ["1:8 wrong_kind"]),
      ("cases:\n  - {name: a}\n", ["2:5 missing_key"]),
      ("cases:\n  - {name: a, expect: {mode: activ}}\n", ["2:30 unknown_choice"]),
      (
        "cases:\n  - {name: a, given: {instances: {b: {phase: liv}}}, expect: {}}\n",
        ["2:46 unknown_choice"]
      ),
      (
        "cases:\n  - {name: a, given: {instances: {b: {metrics: {sharp@mid: 1}}}}, expect: {}}\n",
        ["2:49 unknown_metric"]
      ),
      (
        "cases:\n  - {name: a, given: {instances: {b: {metrics: {sharpe: 1}}}}, expect: {}}\n",
        ["2:49 missing_window"]
      ),
      (
        "cases:\n  - name: a\n    given: {instances: {b: {metrics: {sharpe@mid: 1, sharpe_mid: 2}}}}"
          + "\n    expect: {}\n",
        ["3:54 duplicate_metric"]
      ),
      (
        "cases:\n  - {name: a, given: {instances: {b: {}}}, expect: {instances: {c: {}}}}\n",
        ["2:65 unknown_instance"]
      ),
      (
        "cases:\n  - {name: a, given: {instances: {b: {}}}, expect: {steps: [PROMOTE c]}}\n",
        ["2:61 unknown_instance"]
      ),
      (
        "cases:\n  - {name: a, expect: {steps: [SELL b]}}\n", ["2:32 wrong_kind"]
      ),
      (
        "cases:\n  - {name: a, given: {instances: {b: {}}, "
          + "correlations: [{between: [b, b], is: 1}]}, expect: {}}\n",
        ["2:58 wrong_kind"]
      ),
      ("cases:\n  - {name: a, expect: {}}\n  - {name: a, expect: {}}\n", ["3:12 duplicate_case"]),
      ("defaults: {lag: 5}\ncases: []\n", ["1:17 missing_unit"]),
    ] {
      #expect(Self.findings(text) == findings, "\(text)")
    }
    #expect(!Self.findings("cases:\n\t- a\n").isEmpty)
  }

  @Test("what a case does not say is as the defaults say, and measures are completed one by one")
  func defaults() throws {
    let text = """
      policy: world.yml
      cases:
        - name: one
          given:
            lag: 2m
            instances:
              b: {side: short, metrics: {sharpe@mid: 3}}
              a: {phase: live, metrics: {trades@60d: null, max_dd@mid: {is: 5%, days: 7}}}
            correlations: [{between: [b, a], is: -0.5}]
          expect: {}
      defaults:
        lag: 1m
        instance: {since: 9d, samples: {days: 40}, metrics: {sharpe@mid: 1, trades_60d: 50}}
      """
    #expect(PolicyCaseFile.policyName(in: text) == "world.yml")
    let file = try PolicyCaseFile(
      reading: text, named: "cases.yml", for: DecisionFixture.policy)
    let snapshot = try #require(file.cases(under: DecisionFixture.policy).first).snapshot
    #expect(snapshot.instances.map(\.id) == ["a", "b"])
    #expect(snapshot.instances.map(\.side) == [.long, .short])
    #expect(snapshot.instances.allSatisfy { snapshot.at - $0.phaseSince == .days(9) })
    #expect(snapshot.instances[0].weight > 0 && snapshot.instances[1].weight == 0)
    #expect(snapshot.at - snapshot.datasets[0].dataEnd == .minutes(2))
    let sharpe = try #require(snapshot.evidence.column(MetricName(base: "sharpe", over: .mid)))
    #expect(sharpe.values == [1, 3] && sharpe.days == [40, 40])
    let trades = try #require(snapshot.evidence.column(MetricName(base: "trades", over: .days(60))))
    #expect(trades.values[0].isNaN && trades.values[1] == 50)
    let drawdown = try #require(snapshot.evidence.column(MetricName(base: "max_dd", over: .mid)))
    #expect(drawdown.values[0] == 0.05 && drawdown.days[0] == 7 && drawdown.values[1].isNaN)
    #expect(snapshot.correlations?[0, 1] == -0.5)
  }

  @Test("an unknown correlation, no data and data from the future can be said")
  func unknowns() throws {
    let cases = try Self.cases(
      """
        - {name: a, given: {lag: none, instances: {a: {}, b: {}}, correlation: null}, expect: {}}
        - {name: b, given: {lead: 1m}, expect: {}}
      """)
    #expect(cases[0].snapshot.datasets.isEmpty)
    #expect(cases[0].snapshot.correlations?[0, 1].isNaN == true)
    #expect(cases[1].snapshot.datasets[0].dataEnd - cases[1].snapshot.at == .minutes(1))
  }
}
