import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("Derivations")
struct WorldDerivationTests {
  typealias Candidate = DecisionFixture.Candidate

  static func derivation(_ id: String, _ fixture: DecisionFixture) throws -> DerivationNode {
    try #require(WorldDerivation.of(id, fixture.snapshot, fixture.policy, fixture.plan))
  }

  /// All nodes of a code, from the root down.
  static func nodes(_ code: String, _ root: DerivationNode) -> [DerivationNode] {
    (root.code == code ? [root] : []) + root.children.flatMap { nodes(code, $0) }
  }

  @Test("a promotion is explained by every step that led to it")
  func promotion() throws {
    let fixture = DecisionFixture(Candidate("a", p: 1))
    let root = try Self.derivation("a", fixture)
    #expect(root.code == "action_promote")
    #expect(
      root.text
        == "a (long, dryrun): It is promoted to live trading with a weight of 0.12.")
    #expect(root.koreanText == "a (롱, 모의 운용): 비중 0.12로 실거래에 올립니다.")
    #expect(
      root.children.map(\.code) == [
        "currency", "mode_active", "verdict_pass", "rank", "admission", "streaks", "dwell",
        "weight",
      ])
    let compared = Self.nodes("compare", root)
    #expect(compared.map(\.value) == [1, 80, 0.1, 90])
    #expect(compared.map(\.limit) == [0.6, 40, 0.25, 30])
    #expect(compared.allSatisfy { $0.outcome == .pass })
    let terms = Self.nodes("term", root).map { $0.value ?? .nan }
    #expect(abs(terms.reduce(0, +) - 1.045) < 1e-12)
    #expect(terms.count == 3)
  }

  @Test("a measure that is missing or short of samples is named as the reason")
  func insufficient() throws {
    var fixture = DecisionFixture(Candidate("a", p: 1, ["trades_60d": .nan]))
    let missing = try Self.derivation("a", fixture)
    #expect(Self.nodes("verdict_insufficient", missing).count == 1)
    let metric = try #require(Self.nodes("metric", missing).first)
    #expect(metric.text == "trades@60d is not known of this instance.")
    #expect(metric.koreanText == "이 전략의 trades@60d 값이 없습니다.")
    #expect(metric.outcome == .unknown)

    fixture = DecisionFixture(Candidate("a", p: 1))
    var rule = MetricRules.SampleRule(metric: "sharpe")
    rule.daysMin = 30
    fixture.policy.metrics.samples = [rule]
    let short = try Self.derivation("a", fixture)
    let sample = try #require(Self.nodes("samples_days", short).first)
    #expect(sample.text == "Nobody counted its days, and 30 are needed.")
  }

  @Test("one without a place learns who has it and which figure stands in its way")
  func rejections() throws {
    let alike = DecisionFixture(WorldDecisionTests.sharpes([("a", 1.5), ("b", 1.0)]))
      .changed { $0.correlations = [("a", "b", -0.9)] }
    let correlated = try #require(
      Self.nodes("admission", try Self.derivation("b", alike)).first)
    #expect(correlated.text == "Its correlation with a is -0.9, above 0.85.")
    #expect(correlated.koreanText == "a와의 상관계수가 -0.9로 한도 0.85를 넘습니다.")
    #expect(correlated.value == -0.9 && correlated.limit == 0.85)

    let full = WorldDecisionTests.oneSlot(
      Candidate("inc", .live, p: 9), Candidate("new", p: 1, ["sharpe_mid": 1.2]))
    let loser = try #require(Self.nodes("admission", try Self.derivation("inc", full)).first)
    #expect(loser.text == "All places of the long side are taken, 1 in number.")
    #expect(
      Self.nodes("holder", loser).map(\.text) == ["new has a place, with a score of 1.245."])
    let busy = try Self.derivation("new", full)
    #expect(Self.nodes("hold", busy).first?.children.map(\.code) == ["holder"])

    let tech = DecisionFixture(
      Candidate("a1", p: 1, sector: "tech", ["sharpe_mid": 1.9]),
      Candidate("a2", p: 1, sector: "tech", ["sharpe_mid": 1.8]),
      Candidate("a3", p: 1, sector: "tech", ["sharpe_mid": 1.7]))
    let capped = try #require(Self.nodes("admission", try Self.derivation("a3", tech)).first)
    #expect(capped.text == "Sector tech would hold 0.36 of equity, above 0.3.")
    #expect(capped.koreanText == "섹터 tech의 비중이 0.36이 되어 한도 0.3을 넘습니다.")
  }

  @Test("a world that does not move says so, and why")
  func modes() throws {
    let late = DecisionFixture(Candidate("a", .live)).changed { $0.lag = .seconds(601) }
    let stale = try Self.derivation("a", late)
    #expect(stale.code == "action_gate_close")
    #expect(
      Self.nodes("currency", stale).first?.text
        == "The data is stale: dataset d is 601s behind, and only 5m are allowed.")
    #expect(
      Self.nodes("currency", stale).first?.koreanText
        == "데이터가 오래되었습니다: 데이터셋 d의 지연이 601초로 허용 한도 5분을 넘습니다.")
    #expect(Self.nodes("currency_halting", stale).count == 1)
    #expect(Self.nodes("mode_eval_only", stale).count == 1)
    let young = DecisionFixture(Candidate("a", .backtest).changed { $0.history = .days(59) })
    let node = try #require(Self.nodes("history", try Self.derivation("a", young)).first)
    #expect(node.outcome == .fail)
    #expect(node.koreanText == "이력이 59일이며 60일이 필요합니다.")
  }

  @Test("a weight that was scaled names the limit that scaled it")
  func scaled() throws {
    let root = try Self.derivation("l1", RiskScalingTests.desk(volatility: 0.04))
    let risk = try #require(Self.nodes("risk", root).first)
    #expect(risk.text == "var_99_1d would be 0.0329434, above 0.02; scaled it is 0.02.")
    #expect(risk.koreanText == "var_99_1d가 0.0329434로 한도 0.02를 넘어 0.02로 줄입니다.")
    #expect(root.text.contains("with a weight of 0.0728523"))
  }

  @Test("every row of random plans is explained, and what it says agrees with the row")
  func everything() throws {
    var chance = SplitMix64(seed: 12)
    for _ in 0..<60 {
      let world = RandomWorld(using: &chance)
      let snapshot = world.snapshot
      let plan = WorldDecision.decide(
        snapshot, world.policy, snapshotFingerprint: Fingerprint(of: "s"))
      for row in plan.rows {
        let root = try #require(
          WorldDerivation.of(row.instance, snapshot, world.policy, plan))
        #expect(root.code == "action_\(row.action.rawValue.lowercased())")
        #expect(
          Self.nodes("verdict_\(row.verdict.rawValue)", root).count
            == (row.phase.isJudged && plan.mode != .paused ? 1 : 0))
        #expect((Self.nodes("hold", root).count == 1) == (row.hold != nil))
        if let admission = Self.nodes("admission", root).first {
          #expect(admission.outcome == .init(row.isAdmitted))
        }
        let lines = root.lines() + root.lines(\.koreanText)
        #expect(lines.allSatisfy { !$0.contains("nan") && !$0.contains("Optional") })
        #expect(root.json["children"] != nil)
      }
      #expect(WorldDerivation.of("nobody", snapshot, world.policy, plan) == nil)
    }
  }

  @Test(
    "a Korean particle follows the sound of its word",
    arguments: [
      ("10", "10이", "10을", "10과", "10으로"), ("7", "7이", "7을", "7과", "7로"),
      ("0.12", "0.12가", "0.12를", "0.12와", "0.12로"), ("분", "분이", "분을", "분과", "분으로"),
      ("초", "초가", "초를", "초와", "초로"), ("일", "일이", "일을", "일과", "일로"),
      ("mom", "mom이", "mom을", "mom과", "mom으로"),
    ])
  func particles(
    _ word: String, _ subject: String, _ object: String, _ companion: String, _ direction: String
  ) {
    #expect(KoreanParticle.subject.after(word) == subject)
    #expect(KoreanParticle.object.after(word) == object)
    #expect(KoreanParticle.companion.after(word) == companion)
    #expect(KoreanParticle.direction.after(word) == direction)
  }

  @Test(
    "figures keep six digits and lengths of time a unit that tells them",
    arguments: [
      (0.1 + 0.2, "0.3"), (0, "0"), (123_456.7, "123457"), (1e-9, "1e-09"), (0.6, "0.6"),
      (-2.5, "-2.5"),
    ] as [(Double, String)])
  func numbers(_ value: Double, _ text: String) {
    #expect(DerivationWording.number(value) == text)
    #expect(DerivationWording.span(.seconds(301)) == "301s")
    #expect(DerivationWording.span(.days(10)) == "10d")
    #expect(DerivationWording.span(TimeSpan(milliseconds: 864_000_001)) == "10d")
    #expect(DerivationWording.koreanSpan(.minutes(90)) == "90분")
  }
}
