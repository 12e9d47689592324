import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Autoregression")
struct AutoregressionTests {
  @Test("returns that alternate are expected to alternate once more")
  func published() throws {
    var model = Autoregression(Autoregression.Settings())
    for index in 0..<120 { model.observe(logReturn: index % 2 == 0 ? -0.01 : 0.01) }
    #expect(agree(model.averageLogReturn(over: 1) ?? .nan, -0.01, relative: 1e-6))
    #expect(agree(model.averageLogReturn(over: 2) ?? .nan, 0, absolute: 1e-6))
  }

  @Test("the weighted regression over the whole past gives the same coefficient")
  func naive() throws {
    var chance = Chance(seed: 81)
    let returns = chance.normals(150, deviation: 0.01)
    var model = Autoregression(Autoregression.Settings(halfLife: 30))
    for value in returns { model.observe(logReturn: value) }
    let kept = Elementary.exp(-Elementary.log(2) / 30)
    var weights: [Double] = []
    for index in 1..<150 { weights.append(Elementary.pow(kept, Double(149 - index))) }
    let total = weights.reduce(0, +)
    let x = Array(returns.dropLast())
    let y = Array(returns.dropFirst())
    let meanX = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } / total
    let meanY = zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / total
    var xx = 0.0
    var xy = 0.0
    for index in 0..<149 {
      xx += weights[index] * (x[index] - meanX) * (x[index] - meanX)
      xy += weights[index] * (x[index] - meanX) * (y[index] - meanY)
    }
    #expect(agree(model.coefficient ?? .nan, xy / xx))
  }

  @Test("a coefficient is recovered from simulated returns within three standard errors")
  func recovery() throws {
    var chance = Chance(seed: 82)
    var model = Autoregression(Autoregression.Settings(halfLife: 1000))
    var value = 0.0
    for _ in 0..<4000 {
      value = 1e-5 - 0.2 * value + 1e-3 * chance.normal()
      model.observe(logReturn: value)
    }
    let coefficient = try #require(model.coefficient)
    let error = try #require(model.coefficientError)
    #expect(abs(coefficient + 0.2) < 3 * error)
    #expect(error < 0.03)
  }

  @Test("the forecast of many steps is the average of the forecasts of each")
  func horizon() throws {
    var chance = Chance(seed: 83)
    var model = Autoregression(Autoregression.Settings())
    var last = 0.0
    for _ in 0..<200 {
      last = 0.5 * last + chance.normal()
      model.observe(logReturn: last)
    }
    let phi = try #require(model.coefficient)
    let one = try #require(model.averageLogReturn(over: 1))
    let intercept = one - phi * last
    var sum = 0.0
    var next = last
    for steps in 1...20 {
      next = intercept + phi * next
      sum += next
      #expect(agree(model.averageLogReturn(over: steps) ?? .nan, sum / Double(steps)))
    }
    // The drift of a long time is nearly that of the mean, not of the next step.
    let long = try #require(model.estimate(over: 100_000))
    #expect(long.annualDeviation > 0)
  }

  @Test("nothing is believed of returns that never differ, and a gap breaks the chain")
  func unknown() {
    var model = Autoregression(Autoregression.Settings(warmUp: 5))
    for _ in 0..<50 { model.observe(logReturn: 0) }
    #expect(model.coefficient == nil && model.estimate(over: 5) == nil)
    expectRefused(&model) { $0.observe(logReturn: .infinity) }
    var whole = model
    whole.losePredecessor()
    whole.observe(logReturn: 1)
    #expect(whole.coefficient == nil)
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 84)
    let returns = chance.normals(100, deviation: 0.01)
    try expectRestarts(Autoregression.Settings(), steps: 100, seed: 5) {
      (model: inout Autoregression, step) in model.observe(logReturn: returns[step])
    }
  }
}
