import Essentials
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
}
