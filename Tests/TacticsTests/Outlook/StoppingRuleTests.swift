import Mathematics
import Tactics
import Testing

@Suite("Stopping rule")
struct StoppingRuleTests {
  /// Means of normal numbers whose truth lies at several distances from the bar: the share of runs
  /// that stop before the last look with a wrong decision.
  @Test(
    "runs that stop are wrong no more often than promised",
    arguments: [0.0005, 0.005, 0.02, 0.05])
  func error(distance: Double) {
    let rule = StoppingRule(looks: [100, 200, 400, 800], error: 0.05)
    var generator = SplitMix64(seed: 17)
    var wrong = 0
    var stopped = 0
    let runs = 3000
    for _ in 0..<runs {
      var sum = 0.0
      var count = 0
      for look in rule.looks {
        let fresh = look - count
        let draw = StandardNormal.quantile(1e-12 + (1 - 2e-12) * generator.nextUniform())
        sum += Double(fresh) * distance + Double(fresh).squareRoot() * draw
        count = look
        let mean = sum / Double(count)
        let flip = StandardNormal.cumulative(-mean.magnitude * Double(count).squareRoot())
        if rule.accepts(flipProbability: flip) {
          stopped += 1
          if mean < 0 { wrong += 1 }
          break
        }
      }
    }
    #expect(Double(wrong) / Double(runs) < 0.05)
    if distance == 0.05 { #expect(stopped > runs / 5) }
  }

  @Test("the bound is shared among the looks")
  func share() {
    let rule = StoppingRule(looks: [1, 2, 3, 4], error: 0.02)
    #expect(rule.accepts(flipProbability: 0.005))
    #expect(!rule.accepts(flipProbability: 0.006))
    #expect(rule.most == 4)
  }
}
