import Backtesting
import Testing

@testable import Research

@Suite("Failure reasons")
struct FailureReasonTests {
  @Test(
    "the label follows from what failed",
    arguments: [
      ((2.0, 1.5, 0.2), "GENERAL_IMPROVEMENT"), ((0.5, 0.4, 0.2), "LOW_SHARPE"),
      ((-1.0, -0.8, 0.2), "WRONG_SIGN"), ((1.5, 0.7, 0.9), "HIGH_TURNOVER"),
      ((1.5, 0.7, 0.5), "HIGH_TURNOVER"), ((1.5, 0.9, 0.1), "LOW_SHARPE"),
      ((1.5, 1.1, 0.005), "LOW_TURNOVER"),
    ] as [((Double, Double, Double), String)])
  func labels(figures: (Double, Double, Double), label: String) {
    let card = ScoreCard(
      ScoreEvidence(
        alphaID: "a",
        metrics: SummaryMetrics(sharpe: figures.0, fitness: figures.1, turnover: figures.2)))
    #expect(FailureReason(card).label.rawValue == label)
  }

  @Test("coverage and correlation have labels of their own")
  func others() {
    var evidence = ScoreEvidence(
      alphaID: "a", metrics: SummaryMetrics(sharpe: 2, fitness: 1.5, turnover: 0.2, coverage: 0.3))
    #expect(FailureReason(ScoreCard(evidence)).label == .lowCoverage)
    evidence.metrics.coverage = nil
    evidence.checks = [.init(name: "PROD_CORRELATION", verdict: .fail)]
    #expect(FailureReason(ScoreCard(evidence)).label == .highCorrelation)
    #expect(FailureReason(ScoreCard(evidence)).label.compatible == "GENERAL_IMPROVEMENT")
  }
}
