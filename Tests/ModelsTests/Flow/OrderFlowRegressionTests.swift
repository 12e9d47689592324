import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Order flow regression")
struct OrderFlowRegressionTests {
  private func samples(_ weights: [Double], count: Int, seed: UInt64)
    -> [OrderFlowRegression.Sample]
  {
    var chance = Chance(seed: seed)
    return (0..<count).map { _ in
      let flows = chance.normals(weights.count)
      let signal = zip(weights, flows).reduce(0) { $0 + $1.0 * $1.1 }
      return OrderFlowRegression.Sample(
        flows: flows, nextLogReturn: signal + 1e-3 * chance.normal())
    }
  }

  @Test("weights are recovered from simulated flows within four standard errors")
  func recovery() throws {
    let truth = [4e-4, 2e-4, 0, -1e-4, 0]
    let fit = try #require(
      OrderFlowRegression.fit(samples(truth, count: 2000, seed: 31), penalty: 1e-6).estimate)
    for (level, weight) in fit.weights.enumerated() {
      #expect(abs(weight - truth[level]) < 4 * fit.regression.standardErrors[level])
    }
  }

  @Test("flows that say nothing have weights within their errors, and too few samples have none")
  func noise() throws {
    let fit = try #require(
      OrderFlowRegression.fit(samples([0, 0, 0], count: 1500, seed: 32)).estimate)
    for (weight, error) in zip(fit.weights, fit.regression.standardErrors) {
      #expect(abs(weight) < 4 * error)
    }
    #expect(
      OrderFlowRegression.fit(samples([1], count: 20, seed: 1))
        == .impossible(.tooFewObservations(have: 20, needed: 300)))
  }

  @Test("learned weights are written, read, and refused where they are none")
  func document() throws {
    let document = OrderFlowWeightsDocument(weights: [0.5, -0.25, 1])
    #expect(document.json.compactText == #"{"weights":[0.5,-0.25,1]}"#)
    #expect(
      try OrderFlowWeightsDocument(text: document.json.compactText, document: "m") == document)
    for text in [#"{"weights":[0,0]}"#, #"{"weights":["1"]}"#, #"{"weights":[]}"#, "{}", "[1]"] {
      #expect(throws: DocumentFailure.self, "\(text)") {
        try OrderFlowWeightsDocument(text: text, document: "mlofi_weights.json")
      }
    }
  }
}
