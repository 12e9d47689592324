import Essentials
import Markets
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("ExitRegret")
struct ExitRegretTests {
  static func finding(
    _ noise: TradedNoise, minutes: Int64, settings: ReplayTrustSettings
  ) -> Finding<ExitRegret> {
    ExitRegret.finding(
      of: noise.trips, on: noise.markets, from: TradedNoise.begin,
      through: TradedNoise.begin + .minutes(minutes), settings: settings)
  }

  @Test("the figures are those of following every trade by hand")
  func byHand() throws {
    var noise = TradedNoise(contracts: 2, minutes: 300, seed: 3)
    for minute in stride(from: 4, to: 240, by: 31) {
      noise.trade(0, .long, at: minute, bars: 4)
      noise.trade(1, .short, at: minute + 9, bars: 7)
    }
    var settings = NullBaselineTests.settings(draws: 20)
    settings.horizons = [2, 5, 10].map { .minutes($0) }
    let regret = try #require(Self.finding(noise, minutes: 300, settings: settings).value)
    var best = 0.0
    var early = 0
    var gains = [0.0, 0.0, 0.0]
    for trip in noise.trips {
      let entry = Int((trip.openedAt - TradedNoise.begin).milliseconds / 60_000) - 1
      let held = Int(trip.held.milliseconds / 60_000)
      func result(_ steps: Int) -> Double {
        let move = noise.close(trip.contract.place, entry + steps) / trip.entryPrice - 1
        return trip.side == .long ? move : -move
      }
      let results = [2, 5, 10].map { result($0) - result(held) }
      for (number, gain) in results.enumerated() { gains[number] += gain }
      let largest = results.max() ?? .nan
      best += largest
      let steps = [2, 5, 10][results.firstIndex(of: largest) ?? 0]
      if held < steps * 4 / 5 { early += 1 }
    }
    let size = Double(noise.trips.count)
    #expect(regret.trades == noise.trips.count)
    #expect(agree(regret.regret.observed, best / size))
    #expect(agree(regret.early.observed, Double(early) / size))
    for (horizon, gain) in zip(regret.horizons, gains) {
      #expect(agree(horizon.gain.observed, gain / size))
    }
  }

  @Test(
    "on a random walk hindsight regrets 4.64 deviations of a minute, and early exits look early")
  func hindsight() throws {
    let minutes = 24_000
    for (held, early) in [(2, 0.78), (10, 0.64), (30, 0.39)] {
      var noise = TradedNoise(contracts: 1, minutes: minutes, seed: 12)
      noise.trade(0, .long, at: 10, bars: held)
      noise.trade(0, .short, at: 10, bars: held)
      let settings = NullBaselineTests.settings(draws: 1000)
      let regret = try #require(
        Self.finding(noise, minutes: Int64(minutes), settings: settings).value)
      // Four hundred hours without overlap and both sides: two percent of standard error.
      #expect(agree(regret.regret.expected / 0.001, 4.64, relative: 0.06), "\(regret.regret)")
      #expect(agree(regret.early.expected, early, relative: 0, absolute: 0.04), "\(regret.early)")
    }
  }

  @Test("exits without foresight regret no more than chance does, at any time")
  func fair() throws {
    var probabilities: [Double] = []
    var gains: [Double] = []
    for seed in 0..<100 as Range<UInt64> {
      let noise = NullBaselineTests.traded(seed: 300 + seed)
      var settings = NullBaselineTests.settings(draws: 49, seed: seed)
      settings.horizons = [3, 15, 30].map { .minutes($0) }
      let regret = try #require(Self.finding(noise, minutes: 700, settings: settings).value)
      probabilities.append(regret.scaledRegret.probability)
      gains.append(regret.horizons[1].gain.probability)
    }
    #expect(TradedNoise.unevenness(probabilities) < 1.63)
    #expect(TradedNoise.unevenness(gains) < 1.63)
  }

  @Test("exits that throw away half of a foreseen move are found, by label")
  func found() throws {
    var noise = TradedNoise(contracts: 1, minutes: 2400, seed: 4)
    var labels: [String] = []
    for minute in stride(from: 5, to: 2300, by: 30) {
      let rises = noise.close(0, minute + 20) > noise.close(0, minute)
      let isHasty = labels.count % 2 == 0
      noise.trade(0, rises ? .long : .short, at: minute, bars: isHasty ? 5 : 20)
      labels.append(isHasty ? "hasty" : "patient")
    }
    var settings = NullBaselineTests.settings(draws: 99)
    settings.horizons = [5, 10, 20].map { .minutes($0) }
    let findings = ExitRegret.findings(
      of: noise.trips, labels: labels, on: noise.markets, from: TradedNoise.begin,
      through: TradedNoise.begin + .minutes(2400), settings: settings)
    #expect(findings.map(\.label) == ["hasty", "patient"])
    let hasty = try #require(findings[0].finding.value)
    let patient = try #require(findings[1].finding.value)
    #expect(hasty.horizons[2].gain.probability <= 0.02)
    #expect(hasty.regret.difference.estimate > patient.regret.difference.estimate)
    #expect(patient.regret.probability > 0.5)
    #expect(hasty.json["horizons"]?.compactText.hasPrefix("[{\"seconds\":300,\"gain\":{") == true)
  }

  @Test("without bars, times or room there is a reason instead")
  func nothing() {
    var noise = TradedNoise(contracts: 1, minutes: 300, seed: 3)
    noise.trade(0, .long, at: 4, bars: 4)
    var settings = NullBaselineTests.settings()
    #expect(
      Self.finding(noise, minutes: 300, settings: settings).reason
        == "The data has room for 4 trades of 1h; 20 are needed.")
    settings.horizons = []
    #expect(Self.finding(noise, minutes: 300, settings: settings).reason?.contains("time") == true)
    noise.trips = []
    #expect(Self.finding(noise, minutes: 300, settings: settings).reason?.contains("bars") == true)
  }
}
