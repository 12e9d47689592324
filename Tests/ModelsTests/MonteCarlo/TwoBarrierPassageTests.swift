import Markets
import Mathematics
import Models
import Testing

@Suite("Passages through barriers")
struct TwoBarrierPassageTests {
  struct Case {
    let drift, volatility, target, stop, seconds: Double
    /// Target, stop and time-out of a long position, then of a short one.
    let expected: [Double]
  }

  static let cases = [
    Case(
      drift: 0, volatility: 0.8, target: 0.006, stop: 0.005, seconds: 3600,
      expected: [0.422697, 0.513429, 0.063874, 0.422353, 0.513438, 0.064209]),
    Case(
      drift: 0, volatility: 0.8, target: 0.006, stop: 0.005, seconds: 600,
      expected: [0.086209, 0.151247, 0.762544, 0.084845, 0.152535, 0.762620]),
    Case(
      drift: 0, volatility: 0.8, target: 0.006, stop: 0.005, seconds: 180,
      expected: [0.001744, 0.008748, 0.989509, 0.001645, 0.009044, 0.989311]),
    Case(
      drift: 10, volatility: 0.8, target: 0.006, stop: 0.005, seconds: 3600,
      expected: [0.462684, 0.473450, 0.063866, 0.383261, 0.553533, 0.063206]),
    Case(
      drift: -10, volatility: 0.8, target: 0.006, stop: 0.005, seconds: 3600,
      expected: [0.383632, 0.553528, 0.062840, 0.462367, 0.473469, 0.064164]),
    Case(
      drift: 0, volatility: 0.6, target: 0.003, stop: 0.003, seconds: 1800,
      expected: [0.461984, 0.461869, 0.076147, 0.461869, 0.461984, 0.076147]),
    Case(
      drift: 0, volatility: 1.2, target: 0.010, stop: 0.008, seconds: 7200,
      expected: [0.440308, 0.551382, 0.008311, 0.440192, 0.551341, 0.008466]),
  ]

  static func passage(_ item: Case, _ side: PositionSide) -> TwoBarrierPassage {
    let exits = ExitPlan(takeProfit: item.target, stopLoss: item.stop)
    let corridor = side == .long ? exits.longCorridor : exits.shortCorridor
    let years = item.seconds / Annual.seconds
    return TwoBarrierPassage(
      upper: corridor.upper, lower: corridor.lower,
      drift: (item.drift - 0.5 * item.volatility * item.volatility) * years,
      deviation: item.volatility * years.squareRoot())
  }

  @Test("both sides reach the published probabilities to six digits")
  func published() {
    for item in Self.cases {
      let long = Self.passage(item, .long)
      let short = Self.passage(item, .short)
      let values = [
        long.upperProbability, long.lowerProbability, long.survival, short.lowerProbability,
        short.upperProbability, short.survival,
      ]
      for (value, expected) in zip(values, item.expected) {
        #expect((value - expected).magnitude < 1.01e-6)
      }
    }
  }

  @Test("in unlimited time the probabilities are those of the scale function")
  func unlimited() {
    let corridor = ExitPlan(takeProfit: 0.006, stopLoss: 0.005).longCorridor
    for (drift, expected) in [(0.0, 0.454545), (0.32, 0.455909), (10, 0.497266), (40, 0.622005)] {
      let passage = TwoBarrierPassage(
        upper: corridor.upper, lower: corridor.lower, drift: (drift - 0.32), deviation: 0.8)
      #expect((passage.upperProbability - expected).magnitude < 1.01e-6)
    }
  }

  @Test("one barrier: the published chances of a maximum and of a minimum, and a bridge's touch")
  func oneBarrier() {
    let years = 3600 / Annual.seconds
    let deviation = 0.8 * years.squareRoot()
    let up = Elementary.log(onePlus: 0.006)
    let down = -Elementary.log(onePlus: -0.005)
    let fair = -0.32 * years
    let touches = [
      (ExtremePassage.touch(distance: up, drift: fair, deviation: deviation), 0.482565),
      (ExtremePassage.touch(distance: up, drift: 0, deviation: deviation), 0.484012),
      (ExtremePassage.touch(distance: down, drift: -fair, deviation: deviation), 0.558980),
    ]
    for (value, expected) in touches { #expect((value - expected).magnitude < 1.01e-6) }
    let variance = 0.64 * 60 / Annual.seconds
    let bridge = ExtremePassage.bridgeTouch(barrier: 0.002, from: 0, to: 0.001, variance: variance)
    #expect((bridge - 0.037441).magnitude < 1e-6)
    #expect(ExtremePassage.bridgeTouch(barrier: 0.002, from: 0, to: 0.003, variance: variance) == 1)
    // A corridor with one barrier far away is that barrier alone.
    let far = TwoBarrierPassage(upper: up, lower: .infinity, drift: fair, deviation: deviation)
    #expect((far.upperProbability - touches[0].0).magnitude < 1e-12)
  }

  @Test("take-profit is reached with 8, 22.5 and 30 percent after the published times")
  func times() {
    for (seconds, expected) in [(576.0, 0.08), (1208, 0.225), (1691, 0.30)] {
      let item = Case(
        drift: 0, volatility: 0.8, target: 0.006, stop: 0.005, seconds: seconds, expected: [])
      #expect((Self.passage(item, .long).upperProbability - expected).magnitude < 2e-4)
    }
  }

  /// Where the method changes from images to modes, both must agree.
  @Test("results do not jump where the series change, and mirror exactly")
  func continuity() {
    for drift in [-0.7, 0.0, 0.4] {
      let change = (0.3 * 2.25).squareRoot()
      let short = TwoBarrierPassage(
        upper: 0.9, lower: 0.6, drift: drift, deviation: change * (1 - 1e-9))
      let long = TwoBarrierPassage(
        upper: 0.9, lower: 0.6, drift: drift, deviation: change * (1 + 1e-9))
      #expect((short.upperProbability - long.upperProbability).magnitude < 1e-8)
      #expect((short.lowerProbability - long.lowerProbability).magnitude < 1e-8)
      for place in [-0.5, 0, 0.5, 0.9] {
        #expect((short.survival(below: place) - long.survival(below: place)).magnitude < 1e-8)
        #expect((short.growth(below: place) - long.growth(below: place)).magnitude < 1e-8)
      }
      let mirror = TwoBarrierPassage(
        upper: 0.6, lower: 0.9, drift: -drift, deviation: long.deviation)
      #expect(mirror.upperProbability == long.lowerProbability)
      #expect(mirror.lowerProbability == long.upperProbability)
    }
  }

  @Test("with a drift of zero the stopped price is fair")
  func fair() {
    for item in Self.cases where item.drift == 0 {
      let passage = Self.passage(item, .long)
      let price =
        passage.upperProbability * (1 + item.target) + passage.lowerProbability * (1 - item.stop)
        + passage.growth(below: .infinity)
      #expect((price - 1).magnitude < 1e-12)
    }
  }
}
