import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Bayesian drift")
struct BayesianDriftTests {
  @Test("the published case without forgetting holds")
  func published() {
    var model = BayesianDrift(BayesianDrift.Settings(priorRatio: 1, halfLife: nil))
    model.observe(logReturn: 0.001, variance: 1e-4)
    #expect(agree(model.mean, 0.0005))
    #expect(agree(model.variance ?? .nan, 5e-5))
  }

  @Test("without forgetting the posterior is the conjugate one of all returns")
  func conjugate() {
    var chance = Chance(seed: 71)
    let returns = chance.normals(50, deviation: 0.01)
    var model = BayesianDrift(BayesianDrift.Settings(priorRatio: 0.01, halfLife: nil))
    for value in returns { model.observe(logReturn: value, variance: 1e-4) }
    let precision = 1 / 1e-6 + 50 / 1e-4
    #expect(agree(model.mean, returns.reduce(0, +) / 1e-4 / precision))
    #expect(agree(model.variance ?? .nan, 1 / precision))
  }

  @Test("with forgetting the variance stays away from zero and the mean follows a change")
  func forgetting() throws {
    var model = BayesianDrift(BayesianDrift.Settings(priorRatio: 1, halfLife: 50))
    for _ in 0..<3000 { model.observe(logReturn: 0.001, variance: 1e-6) }
    let settled = try #require(model.variance)
    // The precision comes to that of 1 / (1 − λ) returns and the prior.
    let gain = DiscountedMean.gain(halfLife: 50)
    #expect(agree(settled, 1e-6 / (1 / gain + 1), relative: 1e-6))
    for _ in 0..<200 { model.observe(logReturn: -0.001, variance: 1e-6) }
    #expect(model.mean < -0.0008)
  }

  @Test("what cannot be is refused, and nothing is believed before the first return")
  func refusal() {
    var model = BayesianDrift(BayesianDrift.Settings())
    #expect(model.estimate == nil)
    for (value, variance) in [(Double.nan, 1e-6), (0.1, 0), (0.1, -1), (0.1, .infinity)] {
      expectRefused(&model) { $0.observe(logReturn: value, variance: variance) }
    }
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 72)
    let returns = chance.normals(60, deviation: 0.002)
    try expectRestarts(BayesianDrift.Settings(), steps: 60, seed: 3) {
      (model: inout BayesianDrift, step) in
      model.observe(logReturn: returns[step], variance: 1e-6 * Double(1 + step % 5))
    }
  }
}
