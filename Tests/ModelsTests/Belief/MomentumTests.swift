import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Momentum")
struct MomentumTests {
  private func closes(_ count: Int, drift: Double, seed: UInt64) -> [Double] {
    var chance = Chance(seed: seed)
    var price = 50.0
    return (0..<count).map { _ in
      price *= Elementary.exp(drift + 1e-3 * chance.normal())
      return price
    }
  }

  @Test("the velocity is the weighted mean of those over the windows")
  func naive() throws {
    let closes = closes(200, drift: 2e-3, seed: 251)
    var model = Momentum(Momentum.Settings(opposedFactor: 1))
    for close in closes { model.observe(close: close) }
    let logs = closes.map { Elementary.log($0) }
    let last = logs.count - 1
    var velocity = 0.0
    for (window, weight) in [(5, 0.5), (10, 0.3), (20, 0.2)] {
      velocity += weight * (logs[last] - logs[last - window]) / Double(window)
    }
    var squares = 0.0
    for index in last - 29...last {
      squares += (logs[index] - logs[index - 1]) * (logs[index] - logs[index - 1])
    }
    // So steady a rise is efficient, and all of it counts.
    let estimate = try #require(model.estimate)
    #expect(agree(estimate.annualDrift, (velocity + squares / 60) * 525_600, relative: 1e-6))
    #expect(try #require(model.efficiency) > 0.3)
  }

  @Test("the error is what the velocity of a random walk scatters by")
  func error() throws {
    var squares = 0.0
    var errors = 0.0
    for seed in 0..<80 {
      var model = Momentum(
        Momentum.Settings(opposedFactor: 1, efficiencyMin: 1e-9))
      for close in closes(140, drift: 0, seed: UInt64(600 + seed)) { model.observe(close: close) }
      let estimate = try #require(model.estimate)
      squares += estimate.annualDrift * estimate.annualDrift
      errors += estimate.annualDeviation * estimate.annualDeviation
    }
    #expect(agree(squares, errors, relative: 0.4))
  }

  @Test("what came back counts for less than what went straight on")
  func efficiency() throws {
    var model = Momentum(Momentum.Settings())
    for index in 0..<130 { model.observe(close: 100 + Double(index % 2) + Double(index) * 0.001) }
    #expect(try #require(model.efficiency) < 0.01)
    #expect(model.volatilityRatio.map { agree($0, 1, relative: 1e-2) } == true)
    expectRefused(&model) { $0.observe(close: 0) }
  }

  @Test("prices in other units change nothing")
  func scale() throws {
    var one = Momentum(Momentum.Settings())
    var other = one
    for close in closes(150, drift: 0, seed: 252) {
      one.observe(close: close)
      other.observe(close: close * 1000)
    }
    #expect(
      agree(
        try #require(one.estimate).annualDrift, try #require(other.estimate).annualDrift,
        relative: 1e-6))
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    let closes = closes(130, drift: 0, seed: 253)
    try expectRestarts(Momentum.Settings(), steps: 130, seed: 2) {
      (model: inout Momentum, step) in model.observe(close: closes[step])
    }
  }
}
