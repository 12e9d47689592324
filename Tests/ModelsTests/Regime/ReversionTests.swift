import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Reversion")
struct ReversionTests {
  /// Log prices of an Ornstein-Uhlenbeck process at steps of a minute, exactly.
  private func simulated(
    _ count: Int, halfLifeSteps: Double, level: Double, deviation: Double, seed: UInt64
  ) -> [Double] {
    var chance = Chance(seed: seed)
    let kept = Elementary.exp(-Elementary.log(2) / halfLifeSteps)
    var value = level
    return (0..<count).map { _ in
      value = level + kept * (value - level) + deviation * chance.normal()
      return value
    }
  }

  @Test("rate, level and volatility are recovered from a simulated process")
  func recovery() throws {
    let level = Elementary.log(250)
    let prices = simulated(3000, halfLifeSteps: 20, level: level, deviation: 1e-3, seed: 201)
    let estimate = try #require(
      ReversionEstimate.fit(logPrices: prices, stepSeconds: 60).estimate)
    let rate = Elementary.log(2) / (20 * 60)
    #expect(abs(estimate.reversion.rate - rate) < 3 * estimate.rateError)
    #expect(abs(estimate.reversion.level - level) < 3 * estimate.levelError)
    // σ² Δ (1 − b²) / (2 κ Δ) is the variance of a step.
    let kept = Elementary.exp(-rate * 60)
    let yearly = (1e-6 * 2 * rate * Annual.seconds / (1 - kept * kept)).squareRoot()
    #expect(agree(estimate.reversion.annualVolatility, yearly, relative: 0.05))
    #expect(agree(estimate.reversion.halfLifeSeconds, 1200, relative: 0.25))
  }

  @Test("a random walk gives no estimate in at most one case of ten, and backward prices none")
  func randomWalk() {
    var taken = 0
    for seed in 0..<60 {
      var chance = Chance(seed: UInt64(300 + seed))
      var value = 0.0
      let prices = (0..<400).map { _ in
        value += chance.normal()
        return value
      }
      if ReversionEstimate.fit(logPrices: prices, stepSeconds: 60).estimate != nil { taken += 1 }
    }
    #expect(taken <= 6)
    #expect(
      ReversionEstimate.fit(logPrices: [0, 1], stepSeconds: 60)
        == .impossible(.tooFewObservations(have: 2, needed: 100)))
    let explosive = (0..<200).map { Elementary.exp(0.05 * Double($0)) }
    #expect(
      ReversionEstimate.fit(logPrices: explosive, stepSeconds: 60) == .impossible(.noPull))
  }

  @Test("the gauge believes a pull that is there and hardly ever one that is not")
  func gauge() {
    var pulled = 0
    var walking = 0
    for seed in 0..<40 {
      var model = ReversionGauge(ReversionGauge.Settings())
      for value in simulated(
        800, halfLifeSteps: 15, level: 4, deviation: 1e-3, seed: UInt64(400 + seed))
      { model.observe(price: Elementary.exp(value)) }
      if model.reversion != nil { pulled += 1 }
      var chance = Chance(seed: UInt64(500 + seed))
      var walk = ReversionGauge(ReversionGauge.Settings())
      var price = 100.0
      for _ in 0..<800 {
        price *= Elementary.exp(1e-3 * chance.normal())
        walk.observe(price: price)
      }
      if walk.reversion != nil { walking += 1 }
    }
    #expect(pulled >= 36)
    #expect(walking <= 6)
  }

  @Test("the drift leads to the level and fades with the horizon")
  func drift() {
    let pull = Reversion(slope: 0.9, level: 5, residualVariance: 1e-6, stepSeconds: 60)
    let ito = pull.annualVolatility * pull.annualVolatility / 2
    let short = pull.annualDrift(from: 4.9, over: 1e-3) - ito
    #expect(agree(short, pull.rate * 0.1 * Annual.seconds, relative: 1e-5))
    let step = pull.annualDrift(from: 4.9, over: 60) - ito
    #expect(agree(step, 0.1 * 0.1 * 525_600))
    #expect(pull.annualDrift(from: 5.1, over: 60) < ito)
    #expect(agree((pull.annualDrift(from: 4.9, over: 6e5) - ito) * 6e5 / Annual.seconds, 0.1))
  }

  @Test("prices in other units change nothing but the level")
  func scale() throws {
    var one = ReversionGauge(ReversionGauge.Settings())
    var other = one
    for value in simulated(700, halfLifeSteps: 10, level: 2, deviation: 1e-3, seed: 205) {
      one.observe(price: Elementary.exp(value))
      other.observe(price: 1000 * Elementary.exp(value))
    }
    let first = try #require(one.reversion)
    let second = try #require(other.reversion)
    #expect(agree(first.rate, second.rate, relative: 1e-6))
    #expect(agree(first.level + Elementary.log(1000), second.level, relative: 1e-9))
    expectRefused(&one) { $0.observe(price: 0) }
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    let prices = simulated(150, halfLifeSteps: 10, level: 3, deviation: 1e-2, seed: 206)
    try expectRestarts(
      ReversionGauge.Settings(halfLife: 40, warmUp: 80), steps: 150, seed: 4
    ) { (model: inout ReversionGauge, step) in model.observe(price: Elementary.exp(prices[step])) }
  }
}
