import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("GARCH")
struct GARCHTests {
  private func parameters() throws -> GARCHParameters {
    try #require(GARCHParameters(omega: 1e-6, alpha: 0.05, beta: 0.90))
  }

  @Test(
    "the variance of the next step follows the recursion",
    arguments: [(1e-6, 0.01, 6.9e-6), (4e-6, 0.004, 5.4e-6)])
  func recursion(first: Double, logReturn: Double, next: Double) throws {
    var model = GARCH(GARCH.Settings(parameters: try parameters(), firstVariance: first))
    model.observe(logReturn: logReturn)
    #expect(agree(model.nextVariance, next))
  }

  @Test("the published case of the deviation, the mean variance and a forecast of five steps hold")
  func published() throws {
    let parameters = try parameters()
    #expect(agree(6.9e-6.squareRoot(), 0.00262679, relative: 2e-6))
    #expect(agree(parameters.meanVariance, 2e-5))
    #expect(agree(parameters.averageVariance(over: 5, from: 5.4e-6), 6.788807e-6, relative: 1e-6))
  }

  @Test("the forecast over many steps is the average of the forecasts of each step")
  func average() throws {
    let parameters = try parameters()
    var sum = 0.0
    var variance = 3e-5
    for steps in 1...40 {
      sum += variance
      #expect(agree(parameters.averageVariance(over: steps, from: 3e-5), sum / Double(steps)))
      variance = parameters.omega + parameters.persistence * variance
    }
  }

  @Test("a return that is not finite is refused and changes nothing")
  func refusal() throws {
    var model = GARCH(GARCH.Settings(parameters: try parameters()))
    let before = model
    for wrong in [Double.nan, .infinity, 1e200] {
      expectRefused(&model) { $0.observe(logReturn: wrong) }
    }
    #expect(model == before)
  }

  @Test("other parameters go on from the variance that was reached")
  func adoption() throws {
    var model = GARCH(GARCH.Settings(parameters: try parameters()))
    model.observe(logReturn: 0.03)
    let reached = model.nextVariance
    model.adopt(.targeting(variance: 1e-6))
    #expect(model.nextVariance == reached)
    #expect(agree(model.parameters.meanVariance, 1e-6))
  }

  @Test("a process that has no mean variance cannot be said")
  func explosive() {
    #expect(GARCHParameters(omega: 1e-6, alpha: 0.1, beta: 0.9) == nil)
    #expect(GARCHParameters(omega: 0, alpha: 0.1, beta: 0.8) == nil)
    #expect(GARCHParameters(omega: 1e-6, alpha: -0.1, beta: 0.8) == nil)
    #expect(GARCHParameters(omega: .nan, alpha: 0.1, beta: 0.8) == nil)
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 11)
    let returns = chance.normals(200, deviation: 0.001)
    try expectRestarts(GARCH.Settings(parameters: try parameters()), steps: 200, seed: 12) {
      (model: inout GARCH, step) in model.observe(logReturn: returns[step])
    }
  }

  @Test("the state of another model, or one that is damaged, is refused with every defect")
  func damagedState() throws {
    let settings = GARCH.Settings(parameters: try parameters())
    let state: JSONValue = ["model": "vpin", "variance": -1, "count": "many", "omega": 2]
    let failure = #expect(throws: DocumentFailure.self) {
      try GARCH(settings, resuming: state)
    }
    #expect(
      failure?.defects.map(\.keyPath)
        == ["model", "variance", "count", "alpha", "beta"])
  }
}
