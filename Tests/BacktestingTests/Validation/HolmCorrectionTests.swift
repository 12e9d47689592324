import TestKit
import Testing

@testable import Backtesting

@Suite("Holm's correction")
struct HolmCorrectionTests {
  @Test("probabilities are raised by their rank, none below a smaller one, in the order given")
  func adjusted() {
    // Holm 1979: 0.01 x 4, 0.02 x 3, 0.03 x 2 held up by the one before, 0.5.
    let raised = HolmCorrection.adjusted([0.03, 0.01, 0.5, 0.02])
    for (calculated, expected) in zip(raised, [0.06, 0.04, 0.5, 0.06]) {
      #expect(agree(calculated, expected))
    }
    #expect(HolmCorrection.adjusted([]).isEmpty)
    #expect(HolmCorrection.adjusted([0.2]) == [0.2])
    #expect(HolmCorrection.adjusted([0.7, 0.8]) == [1, 1])
  }
}
