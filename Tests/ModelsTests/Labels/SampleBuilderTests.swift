import Essentials
import Markets
import Mathematics
import Testing

@testable import Models

@Suite("Samples of a random walk")
struct SampleBuilderTests {
  /// What the last trades did: a drift by a Kalman filter, and the last moves.
  private struct Followers: FeatureSource {
    var drift = KalmanDrift(KalmanDrift.Settings(stepSeconds: 6, velocityRatio: 1e-2))
    var prices: [Double] = []
    let regime: RegimeTag? = nil
    let featureNames = ["mu_kf", "momentum", "last"]

    var features: [Double] {
      guard prices.count > 10 else { return [.nan, .nan, .nan] }
      let last = prices.count - 1
      return [
        drift.estimate?.annualDrift ?? .nan, prices[last] / prices[last - 9] - 1,
        prices[last] / prices[last - 1] - 1,
      ]
    }

    mutating func observe(_ trade: Trade) {
      _ = drift.observe(price: trade.price, at: trade.instant)
      prices.append(trade.price)
      if prices.count > 20 { prices.removeFirst() }
    }

    mutating func observe(_ bar: Bar) {}
  }

  /// Ten trades a minute in two symbols; `leaks` hands in what was known one bar later, as a vector
  /// does that is refreshed until the next bar is seen.
  private func study(seed: UInt64, leaks: Bool) throws -> DirectionStudy {
    var chance = Chance(seed: seed)
    var labels = LabelBuilder(try #require(LabelSettings(cost: 0)))
    for symbol in ["A", "B"] {
      var builder = SampleBuilder(symbol: symbol, span: .minute, source: Followers())
      var log = 0.0
      var waiting: FeatureVector?
      for step in 0..<12_000 {
        log += 3e-4 * chance.normal()
        let instant = Timestamp(millisecondsSinceEpoch: Int64(step) * 6_000)
        let trade = Trade(instant: instant, price: Elementary.exp(log), units: 1, taker: .buy)
        guard let vector = builder.observe(trade) else { continue }
        if leaks {
          if let stamped = waiting {
            let bar = LabeledMarket.bar(
              Int(stamped.time.millisecondsSinceEpoch / 60_000) - 1, close: stamped.close)
            let late = try #require(
              FeatureVector(vector.values, of: symbol, closing: bar, span: .minute))
            #expect(labels.observe(late) == nil)
          }
          waiting = vector
        } else {
          #expect(labels.observe(vector) == nil)
        }
      }
    }
    let rows = LabelSelection(choice: .named(.move)).select(labels.samples)
    let settings = DirectionStudy.Settings(
      ridges: [1], thresholds: [0.52], folds: 3,
      common: StudySettings(
        holdoutShare: 0.4, splits: try #require(LabelSplits()), samplesMin: 500),
      rules: DirectionScore.Rules(cost: 0, confidence: 0.99, resamples: 200))
    return try DirectionStudy(
      rows, featureNames: ["mu_kf", "momentum", "last"], settings: settings)
  }

  @Test("Nothing is learned from a random walk: validation accuracy is that of a coin")
  func noLeak() throws {
    let accuracy = try study(seed: 5, leaks: false).outOfSample.accuracy
    #expect(accuracy.trials > 900)
    let reach = 2.5758 * (0.25 / Double(accuracy.trials)).squareRoot()
    #expect(abs(accuracy.share - 0.5) <= reach, "\(accuracy)")
  }

  @Test("The same test catches features that are refreshed until the label is known")
  func leak() throws {
    let accuracy = try study(seed: 5, leaks: true).outOfSample.accuracy
    let reach = 2.5758 * (0.25 / Double(accuracy.trials)).squareRoot()
    #expect(accuracy.share > 0.5 + 2 * reach, "\(accuracy)")
  }
}
