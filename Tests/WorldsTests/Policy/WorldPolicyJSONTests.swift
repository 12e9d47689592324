import Essentials
import Foundation
import Mathematics
import TestKit
import Testing

@testable import Worlds

@Suite("The canonical form of a policy")
struct WorldPolicyJSONTests {
  static let examples = ["default.yml", "crypto-momentum.yml"]

  static func text(of example: String) throws -> String {
    try String(
      contentsOf: checkoutFolder.appendingPathComponent("Examples/Worlds/\(example)"),
      encoding: .utf8)
  }

  @Test("the bundled policies are sound and have nothing to warn of", arguments: examples)
  func bundled(example: String) throws {
    let reading = WorldPolicy.read(text: try Self.text(of: example), named: example)
    #expect(reading.report == "")
    #expect(reading.policy != nil)
  }

  @Test("the canonical form reads back as the same policy and the same bytes", arguments: examples)
  func roundTrip(example: String) throws {
    let policy = try WorldPolicy(reading: try Self.text(of: example), named: example)
    let again = try WorldPolicy(json: policy.json)
    #expect(again == policy)
    #expect(again.json.compactText == policy.json.compactText)
    #expect(again.fingerprint == policy.fingerprint)
    let indented = try WorldPolicy(reading: policy.json.indentedText, named: example)
    #expect(indented == policy)
  }

  @Test("the example of the whole language is read value by value")
  func values() throws {
    let policy = try WorldPolicy(
      reading: try Self.text(of: "crypto-momentum.yml"), named: "crypto-momentum.yml")
    #expect(policy.world == "crypto_mom_1h" && policy.version == 7 && policy.allowsLive)
    #expect(policy.interval == .hours(1))
    #expect(policy.currency.historyMin == .days(60))
    #expect(policy.currency.alignment == .sessionCalendar)
    #expect(
      policy.currency.datasets == [
        CurrencyRules.DatasetRule(id: "fundamentals.us.1d", lagMax: .days(1), calendar: "XNYS")
      ])
    #expect(policy.evaluation.every == .hours(1) && policy.evaluation.offset == .minutes(2))
    #expect(policy.metrics.samples.map(\.metric) == ["max_dd", "sharpe", "ulcer", "winrate"])
    #expect(policy.robustness.purgedFolds?.embargo == 0.01)
    #expect(policy.robustness.walkForward?.positiveMin == 0.6)
    #expect(
      policy.selection.score.description == "sharpe@mid + 0.1 * winrate@long - 0.2 * ulcer@mid")
    #expect(policy.selection.constraints.perBroker.map(\.max) == [6, 4])
    #expect(policy.selection.hysteresis.dwellMin == .days(10))
    #expect(policy.risk.budgets.long == 0.6 && policy.risk.budgets.weightMax == 0.15)
    #expect(policy.risk.limits.expectedShortfall975 == 0.025)
    #expect(policy.risk.cuts.dailyLoss?.positions == .flattenTWAP)
    #expect(policy.risk.cuts.rejectRate?.countMin == 20)
    #expect(policy.risk.cuts.fillSilence?.limit == .seconds(90))
    #expect(policy.cutover.verify == CutoverRules.Verification.allCases)
    #expect(policy.objectives.cutoverFailureRate == 0.005)
    #expect(policy.alerts[2].on == [.cutoverFailed, .rolledBack])
    #expect(policy.audit.retain == .days(7 * 365))
    #expect(policy.instances[1].params == [.init("fast", 24), .init("slow", 96)])
  }

  @Test("ways to write the same rules, comments and descriptions do not change the fingerprint")
  func sameRules() throws {
    let one = try WorldPolicy(
      reading: """
        # A comment.
        world: w
        description: Words.
        selection: {gates: [max_dd_120d <= 25%], topk: {total: 8}}
        instances: [{strategy: a, side: long, params: {b: 1, a: 2.0}, description: Words.}]
        """, named: "one")
    let two = try WorldPolicy(
      reading: """
        instances: [{"params": {"a": 2, "b": 1}, side: "long", strategy: 'a'}]
        selection:
          gates: {and: ["max_dd@120d<=0.25"]}
        world: w
        """, named: "two")
    #expect(one == two)
    #expect(one.fingerprint == two.fingerprint)
  }

  @Test("the empty policy writes every default and reads back")
  func defaults() throws {
    let policy = try WorldPolicy(reading: "world: w", named: "w")
    #expect(policy == WorldPolicy(world: "w"))
    #expect(try WorldPolicy(json: policy.json) == policy)
    #expect(policy.json["cutover"]?["gate_lease"] == "15s")
    #expect(policy.json["risk"]?["limits"]?["gross"] == .null)
  }

  @Test("every choice of every rule reads back, also in a policy whose rules cannot hold together")
  func everyChoice() throws {
    var variants: [WorldPolicy] = []
    func vary(_ edit: (inout WorldPolicy) -> Void) {
      var policy = WorldPolicy(world: "w")
      edit(&policy)
      variants.append(policy)
    }
    for state in DeclaredState.allCases { vary { $0.state = state } }
    for alignment in CurrencyRules.BarAlignment.allCases {
      vary { $0.currency.alignment = alignment }
    }
    for warmup in CurrencyRules.WarmupRule.allCases { vary { $0.currency.warmup = warmup } }
    for action in CurrencyRules.StaleAction.allCases { vary { $0.currency.onStale = action } }
    vary { $0.currency.datasets = [.init(id: "a b"), .init(id: "c", lagMax: .seconds(90))] }
    vary { $0.evaluation.every = .hours(6) }
    vary { $0.evaluation.offset = .seconds(30) }
    for basis in MetricRules.ReturnsBasis.allCases { vary { $0.metrics.returns = basis } }
    vary { $0.metrics.external = ["mood"] }
    vary { $0.robustness.trials = .fixed(40) }
    vary {
      $0.robustness.deflatedSharpe = .init(min: 0.9)
      $0.robustness.deflatedSharpe?.window = .bars(500)
      $0.robustness.purgedFolds = .init()
      $0.robustness.walkForward = .init()
    }
    vary { $0.selection.gates = .side(long: nil, short: .expression(.boolean(true))) }
    vary { $0.selection.keep = .not(.or([.open, .expression(.boolean(false))])) }
    vary { $0.selection.score = .negative(.number(1e-300)) }
    vary { $0.selection.topK.spills = true }
    for measure in SelectionRules.CorrelationRule.Measure.allCases {
      vary {
        $0.selection.correlation = .init(pairwiseMax: 0.5)
        $0.selection.correlation?.measure = measure
        $0.selection.correlation?.missing = .allow
      }
    }
    for linkage in SelectionRules.ClusterRule.Linkage.allCases {
      vary {
        $0.selection.clusters = .init()
        $0.selection.clusters?.linkage = linkage
      }
    }
    vary {
      $0.selection.constraints.perBroker = [.init(broker: "a", max: 0), .init(broker: "b", max: 2)]
    }
    vary { $0.selection.approval = .manual(approvers: ["ann"]) }
    vary { $0.selection.hysteresis.cooldown = .zero }
    vary { $0.risk.equity = .fixed(1_000_000) }
    vary { $0.risk.limits.perSymbol = 0.01 }
    for action in RiskRules.CutAction.allCases {
      for positions in RiskRules.PositionAction.allCases {
        vary {
          $0.risk.cuts.dailyLoss = .init(limit: 0.03)
          $0.risk.cuts.dailyLoss?.action = action
          $0.risk.cuts.dailyLoss?.positions = positions
        }
      }
    }
    vary { $0.risk.cuts.connectionErrors = .init(limit: 0.1, window: .minutes(2), countMin: 10) }
    vary { $0.risk.cuts.fillSilence = .init(limit: .seconds(90)) }
    for mode in RiskRules.ResetRule.Mode.allCases { vary { $0.risk.reset.mode = mode } }
    vary { $0.cutover.verify = [] }
    for transition in CutoverRules.PromoteTransition.allCases {
      vary { $0.cutover.onPromote = transition }
    }
    for transition in CutoverRules.DemoteTransition.allCases {
      vary { $0.cutover.onDemote = transition }
    }
    for isolation in SharingRules.Isolation.allCases { vary { $0.sharing.isolation = isolation } }
    vary { $0.sharing.order = .global }
    vary { $0.sharing.drain = .days(2) }
    vary { $0.sharing.topicPrefix = "null" }
    for occasion in AlertRule.Occasion.allCases {
      for level in AlertRule.Level.allCases {
        vary { $0.alerts = [AlertRule(on: [occasion, .future], level: level, after: .minutes(1))] }
      }
    }
    for action in AlertRule.Action.allCases {
      vary { $0.alerts = [AlertRule(on: [.stale], level: .info, action: action)] }
    }
    vary {
      $0.instances = [InstanceDeclaration(strategy: "1.50", side: .short)]
      $0.instances[0].params = [
        .init("deep", ["a": .array([.null, .bool(true), .number(0.1), "", "yes", "~"])])
      ]
      $0.instances[0].venue = "true"
    }
    for policy in variants {
      #expect(try WorldPolicy(json: policy.json) == policy)
    }
  }

  @Test("policies that were read from mutated texts read back from their canonical form")
  func mutations() throws {
    let seeds = try Self.examples.map { Array(try Self.text(of: $0).utf8) }
    let marks = Array(":-?[]{},&*#|>'\"%@`!\n\r\t \\0159aé\u{2028}".utf8)
    var generator = SplitMix64(seed: 11)
    var readable = 0
    for round in 0..<150 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let mark = marks[Int.random(in: 0..<marks.count, using: &generator)]
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = mark
        default: bytes.insert(mark, at: place)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let reading = WorldPolicy.read(text: text, named: "x")
      #expect((reading.policy == nil) == reading.diagnostics.contains { $0.severity == .error })
      guard let policy = reading.policy else { continue }
      readable += 1
      #expect(try WorldPolicy(json: policy.json) == policy)
    }
    #expect(readable > 15)
  }

  @Test("hostile YAML of a few bytes neither crashes nor leaves a span outside the text")
  func hostileYAML() {
    let seeds = [
      "a: 1\nb: [x, 'y', {c: \"d\\n\"}]\n", "- &x {k: v}\n- *x\n- |\n  block\n  text\n",
      "? a\n: b\n---\n...\n%YAML 1.2\n", "k: !!str \"\\u0041\\x41\" # c\n가: 나\n",
      #"{"a":[1,-2.5e3,null,true],"b":{"c":"\u0000"}}"#,
      "world: w\nselection: {gates: ['sharpe_mid > 1', {not: \"a\\tb\"}]}\n",
    ].map { Array($0.utf8) }
    let marks = Array(":-?[]{},&*#|>'\"%@`!\n\r\t \\0aé\u{2028}\u{FEFF}\u{0}".utf8)
    var generator = SplitMix64(seed: 20)
    for round in 0..<3000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let mark = marks[Int.random(in: 0..<marks.count, using: &generator)]
        switch Int.random(in: 0..<3, using: &generator) {
        case 0 where place < bytes.count: bytes.remove(at: place)
        case 1 where place < bytes.count: bytes[place] = mark
        default: bytes.insert(mark, at: place)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      for finding in WorldPolicy.read(text: text, named: "x").findings {
        #expect(finding.diagnostic.span.end <= text.utf8.count)
      }
    }
  }
}
