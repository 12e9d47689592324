import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Kalman drift")
struct KalmanDriftTests {
  private func minute(_ index: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_760_000_000_000 + Int64(index) * 60_000)
  }

  private func walk(_ count: Int, drift: Double = 0, deviation: Double = 1e-3, seed: UInt64)
    -> [Double]
  {
    var chance = Chance(seed: seed)
    var price = 100.0
    return (0..<count).map { _ in
      price *= Elementary.exp(drift + deviation * chance.normal())
      return price
    }
  }

  @Test("the published case in the units of the price holds")
  func published() {
    typealias Spread = ConstantVelocityFilter.Spread
    let noise = Spread(level: 1e-6, both: 0, velocity: 1e-6)
    var filter = ConstantVelocityFilter(
      level: 100, velocity: 0, spread: Spread(level: 1, both: 0, velocity: 1))
    for (price, velocity) in [(101.0, 0.499975), (102, 0.999799)] {
      filter.pass(1, adding: noise)
      filter.see(price, variance: 1e-4)
      #expect(agree(filter.velocity, velocity, absolute: 5e-7))
    }
  }

  @Test("the filter is the regression of all prices on level and velocity when nothing is added")
  func naive() {
    // With a spread that is wide at first and no noise on the way, the best line through the points.
    typealias Spread = ConstantVelocityFilter.Spread
    var chance = Chance(seed: 51)
    let values = (0..<40).map { 3 + 0.2 * Double($0) + chance.normal() }
    var filter = ConstantVelocityFilter(
      level: 0, velocity: 0, spread: Spread(level: 1e9, both: 0, velocity: 1e9))
    for (index, value) in values.enumerated() {
      if index > 0 { filter.pass(1, adding: Spread(level: 0, both: 0, velocity: 0)) }
      filter.see(value, variance: 1)
    }
    let line = LinearRegression(of: values, on: [(0..<40).map(Double.init)])
    #expect(agree(filter.velocity, line?.coefficients[1] ?? .nan, relative: 1e-6))
  }

  @Test("prices in other units change nothing of the drift")
  func scale() throws {
    var one = KalmanDrift(KalmanDrift.Settings())
    var other = one
    for (index, price) in walk(200, seed: 52).enumerated() {
      one.observe(price: price, at: minute(index))
      other.observe(price: price * 1000, at: minute(index))
    }
    let drift = try #require(one.estimate)
    let same = try #require(other.estimate)
    #expect(agree(drift.annualDrift, same.annualDrift, relative: 1e-6))
    #expect(agree(drift.annualDeviation, same.annualDeviation, relative: 1e-6))
  }

  @Test("a drift that is there is found, and its error is what estimates scatter by")
  func recovery() throws {
    // A drift of a tenth of a deviation a step: 0.1 · 1e-3 · 525,600 a year and half the variance.
    let truth = 0.1 * 1e-3 * 525_600 + 1e-6 * 525_600 / 2
    var within = 0
    for seed in 0..<20 {
      var model = KalmanDrift(KalmanDrift.Settings(velocityRatio: 1e-7, firstVelocityRatio: 0.01))
      for (index, price) in walk(500, drift: 1e-4, seed: UInt64(100 + seed)).enumerated() {
        model.observe(price: price, at: minute(index))
      }
      let estimate = try #require(model.estimate)
      if abs(estimate.annualDrift - truth) < 2 * estimate.annualDeviation { within += 1 }
    }
    #expect(within >= 16)
  }

  @Test("two steps at once are two steps, as far as the noise goes")
  func gap() throws {
    var one = KalmanDrift(KalmanDrift.Settings(warmUp: 2))
    var other = one
    let prices = walk(60, deviation: 0, seed: 1)
    for index in 0..<60 { one.observe(price: prices[index] * Double(index + 1), at: minute(index)) }
    for index in stride(from: 0, to: 60, by: 2) {
      other.observe(price: prices[index] * Double(index + 1), at: minute(index))
    }
    #expect(one.estimate != nil && other.estimate != nil)
    var late = other
    expectRefused(&late) { $0.observe(price: 100, at: minute(58)) }
    expectRefused(&late) { $0.observe(price: -1, at: minute(70)) }
    expectRefused(&late) { $0.observe(price: .nan, at: minute(70)) }
  }

  @Test("on a random walk the drift at the close says nothing about the next bar")
  func leak() {
    // The sign of the drift against the bar that has just ended is right far too often; against the
    // next one it is a coin.
    var model = KalmanDrift(KalmanDrift.Settings(velocityRatio: 1e-2))
    let prices = walk(4000, seed: 53)
    var hits = 0
    var past = 0
    var tries = 0
    for index in 0..<prices.count - 1 {
      model.observe(price: prices[index], at: minute(index))
      guard let estimate = model.estimate, index > 0 else { continue }
      tries += 1
      let next = prices[index + 1] - prices[index]
      if (estimate.annualDrift > 0) == (next > 0) { hits += 1 }
      if (estimate.annualDrift > 0) == (prices[index] > prices[index - 1]) { past += 1 }
    }
    let share = Double(hits) / Double(tries)
    // 99 % of coins lie within 2.576 deviations.
    #expect(abs(share - 0.5) < 2.576 * 0.5 / Double(tries).squareRoot())
    #expect(Double(past) / Double(tries) > 0.55)
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    let prices = walk(120, seed: 54)
    try expectRestarts(KalmanDrift.Settings(), steps: 120, seed: 7) {
      (model: inout KalmanDrift, step) in
      model.observe(price: prices[step], at: minute(step * (1 + step % 3)))
    }
  }
}
