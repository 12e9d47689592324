import Mathematics
import Models
import Tactics
import Testing

@Suite("Unified score")
struct UnifiedScoreTests {
  static let costs = TradeCosts(entry: 0.0004, atTarget: 0.0003, atStop: 0.0003, atTimeOut: 0.0003)

  static func horizon(_ seconds: Double, _ mean: Double, _ tail: Double) -> HorizonEstimate {
    func estimate(_ value: Double, _ error: Double = 0) -> Estimate {
      Estimate(value: value, standardError: error, count: 1000, effectiveCount: 1000)
    }
    return HorizonEstimate(
      seconds: seconds, gross: estimate(mean, 1e-5), net: estimate(mean - 0.0007, 1e-5),
      grossTail: estimate(tail, 3e-5), netTail: estimate(tail - 0.0007, 3e-5), gain: estimate(0.5),
      target: estimate(0.2), stop: estimate(0.3), timeOut: estimate(0.5), holding: seconds)
  }

  static let horizons = [
    horizon(60, 0.0010, -0.001), horizon(120, 0.0025, -0.0015), horizon(300, 0.0030, -0.003),
  ]

  @Test("without opportunity cost the sum telescopes, and the cost is charged once")
  func telescopes() {
    let score = UnifiedScore(
      Self.horizons, costs: Self.costs, settings: ScoreSettings(tailAversion: 0.5))
    for (point, horizon) in zip(score.points, Self.horizons) {
      let utility = horizon.gross.value + 0.5 * horizon.grossTail.value
      #expect((point.value * horizon.seconds - (utility - 0.0007)).magnitude < 1e-12)
      #expect((point.hold * horizon.seconds - utility).magnitude < 1e-12)
      #expect((point.standardError * horizon.seconds - (1e-5 + 0.5 * 3e-5)).magnitude < 1e-12)
    }
    #expect(score.best == 1)
    #expect(score.bestHold == 1)
  }

  @Test("a rate that the money earns elsewhere is taken off each stretch and discounts it")
  func opportunity() {
    let score = UnifiedScore(
      Self.horizons, costs: Self.costs,
      settings: ScoreSettings(tailAversion: 0, opportunityRate: 0.001))
    let first = (0.001 - 0.06) * Elementary.exp(-0.06)
    let second = (0.0015 - 0.06) * Elementary.exp(-0.12)
    #expect((score.points[0].value * 60 - (first - 0.0007)).magnitude < 1e-12)
    #expect((score.points[1].value * 120 - (first + second - 0.0007)).magnitude < 1e-12)
  }

  @Test("the ratio form divides the net result by the tail and the root of the time")
  func ratio() {
    let score = UnifiedScore(
      Self.horizons, costs: Self.costs, settings: ScoreSettings(form: .ratio, tailAversion: 0.25))
    let expected = (0.0025 - 0.0007) / (0.0015 * 1.25 + 1e-6) / 120.0.squareRoot()
    #expect((score.points[1].value - expected).magnitude < 1e-12)
  }
}
