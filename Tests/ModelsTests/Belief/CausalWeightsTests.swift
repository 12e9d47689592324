import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Causal weights")
struct CausalWeightsTests {
  @Test("what is learned for a step is a drift of the year")
  func units() {
    let weights = CausalWeights([
      CausalWeights.Weight(feature: "vpin", value: -1e-5),
      CausalWeights.Weight(feature: "ofi", value: 2e-5),
    ])
    let features = ["ofi": 0.5, "vpin": 0.25]
    #expect(agree(weights.expectedLogReturn { features[$0] } ?? .nan, 7.5e-6))
    #expect(agree(weights.annualDrift(stepSeconds: 60) { features[$0] } ?? .nan, 7.5e-6 * 525_600))
    #expect(weights.expectedLogReturn { $0 == "ofi" ? 1 : nil } == nil)
    #expect(CausalWeights([]).expectedLogReturn { _ in 1 } == nil)
  }

  @Test("a flat document is read, written in order, and every defect of it named")
  func document() throws {
    let weights = try CausalWeights(
      text: #"{"vpin": 3, "ofi": -0.5}"#, document: "causal_weights.json")
    #expect(weights.json.compactText == #"{"ofi":-0.5,"vpin":3}"#)
    let failure = #expect(throws: DocumentFailure.self) {
      try CausalWeights(
        text: #"{"ofi": "0.5", "vpin": 1, "vpin": 2, "hurst": null}"#, document: "c")
    }
    #expect(failure?.defects.map(\.keyPath) == ["vpin", "ofi", "hurst"])
    #expect(throws: DocumentFailure.self) { try CausalWeights(text: "{}", document: "c") }
  }

  @Test("weights are recovered from simulated features within four standard errors")
  func recovery() throws {
    var chance = Chance(seed: 261)
    let truth = [3e-4, 0, -2e-4]
    let samples = (0..<1200).map { _ in
      // Features of quite different units.
      let features = [chance.normal(), 0.01 * chance.normal(), 50 * chance.normal()]
      return CausalRegression.Sample(
        features: features,
        nextLogReturn: truth[0] * features[0] + truth[2] / 50 * features[2]
          + 1e-3 * chance.normal())
    }
    let fit = try #require(
      CausalRegression.fit(samples, names: ["ofi", "vpin", "mu_kf"], penalty: 1e-6).estimate)
    let errors = fit.regression.standardErrors
    let found = fit.regression.coefficients
    #expect(abs(found[0] - 3e-4) < 4 * errors[0])
    #expect(abs(found[1]) < 4 * errors[1])
    #expect(abs(found[2] + 4e-6) < 4 * errors[2])
    #expect(fit.weights.weights.map(\.feature) == ["mu_kf", "ofi", "vpin"])
    #expect(
      CausalRegression.fit([], names: ["ofi"])
        == .impossible(.tooFewObservations(have: 0, needed: 300)))
  }
}
