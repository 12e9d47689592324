import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Hurst exponent")
struct HurstExponentTests {
  /// The verdicts on windows of one series, far enough apart to count as different ones.
  private func verdicts(
    _ settings: HurstExponent.Settings, windows: Int, apart: Int, _ next: () -> Double
  ) -> (shares: [HurstExponent.Verdict: Double], exponents: [Double]) {
    var model = HurstExponent(settings)
    var counts: [HurstExponent.Verdict: Double] = [:]
    var exponents: [Double] = []
    for window in 0...windows {
      for _ in 0..<(window == 0 ? 600 : apart) { model.observe(logReturn: next()) }
      guard window > 0, let estimate = model.estimate else { continue }
      counts[estimate.verdict, default: 0] += 1 / Double(windows)
      exponents.append(estimate.exponent)
    }
    return (counts, exponents)
  }

  @Test("independent returns are called persistent or reverting in at most one case of ten each")
  func falseRate() {
    var chance = Chance(seed: 91)
    let (shares, exponents) = verdicts(HurstExponent.Settings(), windows: 400, apart: 240) {
      chance.normal()
    }
    #expect(shares[.persistent, default: 0] <= 0.10)
    #expect(shares[.reverting, default: 0] <= 0.10)
    let moments = Moments(of: exponents)
    #expect(abs(moments.mean - 0.5) < 0.01)
    #expect(moments.populationDeviation < 0.06)
  }

  @Test("so are returns whose volatility comes in clusters with wild ones among them")
  func heteroskedastic() throws {
    var chance = Chance(seed: 92)
    let parameters = try #require(GARCHParameters(omega: 1e-7, alpha: 0.15, beta: 0.8))
    var garch = GARCH(GARCH.Settings(parameters: parameters))
    let (shares, _) = verdicts(HurstExponent.Settings(), windows: 250, apart: 240) {
      let value = garch.nextVariance.squareRoot() * chance.normal()
      garch.observe(logReturn: value)
      return value
    }
    #expect(shares[.persistent, default: 0] <= 0.10)
    #expect(shares[.reverting, default: 0] <= 0.10)
  }

  @Test("fixed bounds, as an option, call independent returns a regime far more often")
  func fixedBounds() {
    var chance = Chance(seed: 93)
    let settings = HurstExponent.Settings(
      halfLife: 40, judgment: .fixedBounds(low: 0.45, high: 0.55))
    let (shares, _) = verdicts(settings, windows: 150, apart: 80) { chance.normal() }
    #expect(shares[.undecided, default: 0] < 0.7)
  }

  @Test("moves that go on, and moves that come back, are told", arguments: [0.4, -0.4])
  func power(coefficient: Double) {
    var chance = Chance(seed: 94)
    var value = 0.0
    let (shares, exponents) = verdicts(HurstExponent.Settings(), windows: 40, apart: 240) {
      value = coefficient * value + chance.normal()
      return value
    }
    let right: HurstExponent.Verdict = coefficient > 0 ? .persistent : .reverting
    #expect(shares[right, default: 0] > 0.6)
    #expect((Moments(of: exponents).mean > 0.5) == (coefficient > 0))
  }

  @Test("the exponent is that of the sums over the whole past")
  func naive() throws {
    var chance = Chance(seed: 95)
    let returns = chance.normals(500, deviation: 0.01)
    var model = HurstExponent(HurstExponent.Settings(halfLife: 60))
    for value in returns { model.observe(logReturn: value) }

    let gain = 1 - Elementary.pow(2, -1 / 60)
    let kept = 1 - gain
    var mean = 0.0
    var deviations: [Double] = []
    for (index, value) in returns.enumerated() {
      if index > 0 { deviations.append(value - mean) }
      mean += max(gain, 1 / Double(index + 1)) * (value - mean)
    }
    func product(_ index: Int, _ lag: Int) -> Double {
      index >= lag ? deviations[index] * deviations[index - lag] : 0
    }
    func covariance(_ lag: Int) -> Double {
      deviations.indices.reduce(0) {
        $0 + gain * Elementary.pow(kept, Double(deviations.count - 1 - $1)) * product($1, lag)
      }
    }
    func error(_ lag: Int) -> Double {
      deviations.indices.reduce(0) {
        let weight =
          gain * Elementary.pow(kept, Double(deviations.count - 1 - $1)) * product($1, lag)
        return $0 + weight * weight
      }
    }
    let zero = covariance(0)
    let logs = [0, 1, 2, 3, 4].map { Double($0) * Elementary.log(2) }
    let center = logs[2]
    let squares = logs.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    var exponent = 0.5
    for (power, length) in [2, 4, 8, 16].enumerated() {
      var ratio = 1.0
      var variance = 0.0
      for lag in 1..<length {
        let weight = 2 * (1 - Double(lag) / Double(length))
        let bias =
          gain / (2 - gain) * Elementary.pow(kept, Double(lag))
          - gain * Elementary.pow(kept, Double(lag - 1))
        ratio += weight * (covariance(lag) / zero * 2 / (2 - gain) - bias)
        variance += weight * weight * error(lag) / (zero * zero)
      }
      exponent +=
        (logs[power + 1] - center) / squares / 2 * (Elementary.log(ratio) + variance / 2)
    }
    #expect(agree(try #require(model.estimate).exponent, exponent))
  }

  @Test("a market that stands still has no exponent")
  func constant() {
    var model = HurstExponent(HurstExponent.Settings())
    for _ in 0..<500 { model.observe(logReturn: 0) }
    #expect(model.estimate == nil)
    expectRefused(&model) { $0.observe(logReturn: .nan) }
    expectRefused(&model) { $0.observe(logReturn: 1e100) }
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 96)
    let returns = chance.normals(100, deviation: 0.01)
    try expectRestarts(HurstExponent.Settings(), steps: 100, seed: 8) {
      (model: inout HurstExponent, step) in model.observe(logReturn: returns[step])
    }
  }

  @Test("toxic flow counts before persistence, and what is undecided is chop")
  func tags() {
    #expect(RegimeTag(vpin: 0.9, persistence: .persistent) == .volatile)
    #expect(RegimeTag(vpin: 0.5, persistence: .persistent) == .trend)
    #expect(RegimeTag(vpin: nil, persistence: .reverting) == .meanRevert)
    #expect(RegimeTag(vpin: 0.5, persistence: .undecided) == .chop)
    #expect(RegimeTag(vpin: nil, persistence: nil) == .chop)
  }
}
