import Tactics
import TestKit
import Testing

@Suite("Weights of capital")
struct CapitalWeightsTests {
  private func weights(
    _ scores: [Double], _ transform: WeightTransform, _ empty: EmptyAllocation = .nothing
  ) -> [Double] {
    var settings = SizingSettings.Weights()
    settings.transform = transform
    settings.whenEmpty = empty
    return CapitalWeights.weights(for: scores, floor: 0, under: settings)
  }

  @Test("the recorded scores are dealt as recorded")
  func recorded() {
    let scores = [0.004, 0.002, 0.001, -0.001]
    for (transform, expected) in [
      (WeightTransform.linear, [0.571429, 0.285714, 0.142857, 0]),
      (.power, [0.937729, 0.058608, 0.003663, 0]),
    ] {
      for (found, wanted) in zip(weights(scores, transform), expected) {
        #expect(agree(found, wanted, absolute: 1e-6))
      }
    }
    #expect(weights([0.004, 0.002, 0.001], .standardizedSoftmax)[0] > 0.9998)
  }

  @Test("no positive score is given nothing; the seed's option deals equally")
  func empty() {
    for transform in WeightTransform.allCases {
      #expect(weights([-0.1, 0, .nan], transform) == [0, 0, 0])
      #expect(weights([-0.1, 0], transform, .seed) == [0.5, 0.5])
      #expect(weights([], transform, .seed) == [])
    }
  }

  @Test("weights are shares of one, follow the order of scores, and know no scale")
  func laws() {
    var random = RandomCircumstances(seed: 12)
    for transform in WeightTransform.allCases {
      for _ in 0..<100 {
        let scores = (0..<8).map { _ in random.signed(0.004) }
        let found = weights(scores, transform)
        #expect(found.allSatisfy { $0 >= 0 && $0 <= 1 })
        guard scores.contains(where: { $0 > 0 }) else { continue }
        #expect(agree(found.reduce(0, +), 1))
        let scaled = weights(scores.map { 1024 * $0 }, transform)
        #expect(zip(found, scaled).allSatisfy { agree($0, $1) })
        for i in scores.indices {
          for j in scores.indices where scores[i] >= scores[j] && scores[j] > 0 {
            #expect(found[i] >= found[j])
          }
        }
        #expect(zip(scores, found).allSatisfy { $0 > 0 || $1 == 0 })
      }
    }
  }

  @Test("poison and doubt take exposure back within bounds")
  func exposure() {
    let settings = Profiles.shipped.sizing.exposure
    func share(_ toxicity: Double, _ confidence: Double) -> Double {
      ExposureScale.share(toxicity: toxicity, confidence: confidence, under: settings)
    }
    #expect(share(0.5, 0.9) == 1)
    #expect(share(.nan, .nan) == 1)
    #expect(agree(share(0.85, 0.56), 1 - 0.55 * 0.5))
    #expect(agree(share(0.5, 0.28), 1 - 0.45 * 0.5))
    #expect(agree(share(0.90, 0.55), (1 - 0.55 * 2 / 3) * (1 - 0.45 / 56) * 0.70))
    #expect(share(1, 0) == 0.30)
  }
}
