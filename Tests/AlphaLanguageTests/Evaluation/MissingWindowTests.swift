import AlphaLanguage
import Testing

@Suite("Windows without any value")
struct MissingWindowTests {
  private let panel = TinyPanel.series(["x": [5, nan, nan, 7], "y": [1, 2, 3, 4]])

  @Test(
    "an empty window gives 0 under nanHandling and a missing value without",
    arguments: [
      OperatorCode.tsMean, .tsRank, .tsScale, .tsMinMaxCps, .tsMinMaxDiff, .tsMedian, .instTvr,
      .jumpDecay, .tsZscore, .tsArgMax, .tsBackfill,
    ])
  func emptyWindow(code: OperatorCode) {
    var options = OperatorSettings.all(of: code, longest: 10)[0]
    options[0] = .number(2)
    let formula = FormulaGraph.call(code, [.field("x")], options)
    let filled = Evaluator.values(
      of: [formula], on: panel, settings: EvaluationSettings(fillsMissing: true))[0]
    #expect(filled[2] == 0)
    #expect(Evaluator.values(of: [formula], on: panel)[0][2].isNaN)
  }

  @Test(
    "a window in which no row has both inputs is empty",
    arguments: [OperatorCode.tsCorr, .tsTheilsen, .tsCoSkewness, .tsPolyRegression])
  func emptyPairs(code: OperatorCode) {
    var options = OperatorSettings.all(of: code, longest: 10)[0]
    options[0] = .number(2)
    let formula = FormulaGraph.call(code, [.field("x"), .field("y")], options)
    let filled = Evaluator.values(
      of: [formula], on: panel, settings: EvaluationSettings(fillsMissing: true))[0]
    #expect(filled[2] == 0)
  }
}
