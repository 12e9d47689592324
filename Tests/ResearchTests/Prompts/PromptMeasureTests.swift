import Mathematics
import Testing

@testable import Research

@Suite("Prompt measures")
struct PromptMeasureTests {
  private static let texts = [
    "# fields\n", "*close V | the price\n", "한국어 설명\n", "😀 x\n", "\"a\": 1,\n",
  ]

  @Test("weights of lines add up to the estimate of the text that they form")
  func additive() throws {
    var dice = SplitMix64(seed: 3)
    var calibration = TokenCalibration()
    for (estimator, model) in try PromptBench.estimators() {
      for round in 0..<40 {
        if round == 20 {
          for actual in 100...220 {
            calibration.learn(model: "plain", basis: 100, actual: actual)
          }
        }
        let measure = estimator.measure(model: model, messages: 2, calibration: calibration)
        let lines = (0..<Int.random(in: 0...12, using: &dice)).map { _ in
          Self.texts[Int.random(in: Self.texts.indices, using: &dice)]
        }
        let weight = lines.reduce(0) { $0 + measure.weight(of: $1) }
        let estimate = estimator.estimate(
          lines.joined(), model: model, messages: 2, calibration: calibration)
        #expect(measure.tokens(weight: weight) == estimate.tokensMax, "\(lines)")
      }
    }
  }

  @Test("the greatest weight within a number of tokens is the greatest")
  func greatest() throws {
    for (estimator, model) in try PromptBench.estimators() {
      let measure = estimator.measure(model: model, calibration: TokenCalibration())
      for tokens in [7, 8, 100, 12_000, 1_000_003] {
        let weight = measure.weightMax(tokens: tokens)
        #expect(measure.tokens(weight: weight) <= tokens)
        #expect(measure.tokens(weight: weight + 1) > tokens)
      }
      #expect(measure.weightMax(tokens: -1) == -1)
    }
  }
}
