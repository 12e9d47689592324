import Essentials
import Markets
import Mathematics
import Testing

@testable import Models

@Suite("Features of all models on a random walk")
struct SymbolModelsLeakTests {
  @Test("ticks to bars to models to labels to a study: accuracy out of sample is that of a coin")
  func leak() throws {
    var chance = Chance(seed: 31)
    var labels = LabelBuilder(try #require(LabelSettings(cost: 0)))
    for symbol in ["AUSDT", "BUSDT"] {
      var settings = SymbolModelSettings()
      settings.particle.particles = 12
      var models = SymbolModels(symbol: symbol, settings: settings)
      models.adopt(try SymbolModelsAdoptionTests.documents())
      var builder = SampleBuilder(symbol: symbol, span: .minute, source: models)
      var log = 0.0
      for step in 0..<8400 {
        log += 4e-4 * chance.normal()
        let trade = Trade(
          instant: Timestamp(millisecondsSinceEpoch: Int64(step) * 10_000),
          price: Elementary.exp(log), units: chance.exponential(), taker: .buy)
        guard let vector = builder.observe(trade) else { continue }
        #expect(labels.observe(vector) == nil)
      }
      #expect(builder.source.isWarm && builder.source.counts.trades == 8400)
    }
    let rows = LabelSelection(choice: .named(.move)).select(labels.samples)
    #expect(rows.rows.count > 2700)
    let known = rows.rows.last?.values.count { $0.isFinite } ?? 0
    #expect(known >= 8)
    let study = try DirectionStudy(
      rows, featureNames: SymbolModels.featureNames,
      settings: DirectionStudy.Settings(
        ridges: [1], thresholds: [0.52], folds: 3,
        common: StudySettings(
          holdoutShare: 0.4, splits: try #require(LabelSplits()), samplesMin: 500),
        rules: DirectionScore.Rules(cost: 0, confidence: 0.99, resamples: 100)))
    let accuracy = study.outOfSample.accuracy
    #expect(accuracy.trials > 1000)
    let reach = 2.5758 * (0.25 / Double(accuracy.trials)).squareRoot()
    #expect(abs(accuracy.share - 0.5) <= reach, "\(accuracy)")
  }
}
