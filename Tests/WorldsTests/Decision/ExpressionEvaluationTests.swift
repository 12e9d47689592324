import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("Evaluation of formulas over measures")
struct ExpressionEvaluationTests {
  @Test("columns hold what recursion finds for each instance, on random formulas", arguments: 0..<4)
  func plain(seed: Int) {
    var chance = SplitMix64(seed: UInt64(70 + seed))
    for _ in 0..<300 {
      let world = RandomWorld(using: &chance)
      let snapshot = world.snapshot
      let fast = ExpressionEvaluation(snapshot, under: world.policy)
      let plain = PlainEvaluation(snapshot: snapshot, policy: world.policy)
      let number = RandomWorld.number(4, &chance)
      let truth = RandomWorld.truth(4, &chance)
      let numbers = fast.numbers(number)
      let truths = fast.truths(truth)
      for row in snapshot.instances.indices {
        let expected = plain.number(number, of: row)
        #expect(numbers[row].isNaN ? expected == nil : numbers[row] == expected, "\(number)")
        #expect(
          truths[row] == plain.truth(truth, of: row).map { Truth($0) } ?? .unknown, "\(truth)")
      }
    }
  }

  static let table = DecisionFixture(
    (1...4).map { DecisionFixture.Candidate("a\($0)", p: 0, ["sharpe_mid": Double($0)]) }
  ).snapshot

  static func truth(_ expression: PolicyExpression, _ snapshot: WorldSnapshot = table) -> Truth {
    ExpressionEvaluation(snapshot, under: DecisionFixture.policy).truths(expression)[0]
  }

  @Test("L10: a division by zero is unknown, and so is what compares it")
  func divisionByZero() {
    let quotient = PolicyExpression.binary(.over, .number(1), .number(0))
    #expect(Self.truth(.binary(.greater, quotient, .number(1))) == .unknown)
  }

  @Test("L11: the first known of several stands in for a measure that is missing")
  func coalesced() {
    let missing = PolicyExpression.call(
      .coalesce, [.metric(MetricName(base: "calmar")), .number(0)])
    #expect(Self.truth(.binary(.equal, missing, .number(0))) == .yes)
  }

  @Test("L12: a rank among fewer than the least universe is unknown")
  func smallUniverse() {
    let rank = PolicyExpression.call(.rank, [.metric(MetricName(base: "sharpe", over: .mid))])
    let gate = PolicyExpression.binary(.lessOrEqual, rank, .number(3))
    #expect(Self.truth(gate) == .unknown)
    let five = DecisionFixture(
      (1...5).map { DecisionFixture.Candidate("a\($0)", p: 0, ["sharpe_mid": Double($0)]) })
    let truths = ExpressionEvaluation(five.snapshot, under: five.policy).truths(gate)
    #expect(truths == [.no, .no, .yes, .yes, .yes])
  }

  @Test("those with equal measures share the mean rank, the share and the distance")
  func sharedRanks() {
    let values = [3.0, 1, 3, 2, 5]
    let fixture = DecisionFixture(
      values.enumerated().map { DecisionFixture.Candidate("a\($0)", p: 0, ["sharpe_mid": $1]) })
    let evaluation = ExpressionEvaluation(fixture.snapshot, under: fixture.policy)
    let sharpe = PolicyExpression.metric(MetricName(base: "sharpe", over: .mid))
    #expect(evaluation.numbers(.call(.rank, [sharpe])) == [2.5, 5, 2.5, 4, 1])
    #expect(evaluation.numbers(.call(.pctile, [sharpe])) == [0.625, 0, 0.625, 0.25, 1])
    let distances = evaluation.numbers(.call(.zscore, [sharpe]))
    #expect(abs(distances[4] - (5 - 2.8) / 2.2.squareRoot()) < 1e-12)
  }

  @Test("a measure short of any of its samples is unknown, and so is one that nobody counted")
  func samples() {
    var policy = DecisionFixture.policy
    var rule = MetricRules.SampleRule(metric: "sharpe")
    rule.daysMin = 30
    rule.tradesMin = 40
    policy.metrics.samples = [rule]
    let name = MetricName(base: "sharpe", over: .mid)
    let fixture = DecisionFixture((0..<4).map { DecisionFixture.Candidate("a\($0)") })
    func known(days: [Double], trades: [Double]) -> [Bool] {
      let snapshot = fixture.snapshot(
        with: [.init(name, values: [1, 1, 1, 1], days: days, trades: trades)])
      return ExpressionEvaluation(snapshot, under: policy).values(of: name).map { !$0.isNaN }
    }
    #expect(
      known(days: [30, 29, 30, .nan], trades: [40, 40, 39, 40]) == [true, false, false, false])
    #expect(known(days: [], trades: [40, 40, 40, 40]) == [false, false, false, false])
  }

  @Test("the age of a phase is known without evidence, and a duration counts in seconds")
  func phaseAge() {
    let age = PolicyExpression.metric(MetricName(base: "phase_age"))
    #expect(Self.truth(.binary(.equal, age, .duration(.days(20)))) == .yes)
  }

  @Test("three-valued logic keeps its tables")
  func logic() {
    let values: [Truth] = [.no, .unknown, .yes]
    for (left, leftValue) in values.enumerated() {
      #expect((!leftValue) == values[2 - left])
      for (right, rightValue) in values.enumerated() {
        #expect((leftValue && rightValue) == values[min(left, right)])
        #expect((leftValue || rightValue) == values[max(left, right)])
      }
    }
  }
}
