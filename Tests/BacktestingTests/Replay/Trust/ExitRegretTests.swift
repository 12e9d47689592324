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

  /// What the best of some times is worth on a walk without drift, in deviations of a minute.
  ///
  /// Backwards over the times: with y the best so far less where the walk stands, the best in the end is
  /// worth W(y) = E[W'(max(y - Z, 0))] more than where it stands, with Z the move to the next time.
  static func hindsight(at minutes: [Double]) -> Double {
    let step = 0.15
    let size = 420
    let moves = stride(from: -6.0, through: 6, by: 0.1).map { $0 }
    let weights = moves.map { Elementary.exp(-$0 * $0 / 2) }
    let total = weights.reduce(0, +)
    func average(_ value: (Double) -> Double, _ deviation: Double) -> Double {
      var sum = 0.0
      for (move, weight) in zip(moves, weights) { sum += weight * value(deviation * move) }
      return sum / total
    }
    func read(_ table: [Double], _ place: Double) -> Double {
      let at = min(max(0, place / step), Double(size - 2))
      let low = Int(at)
      return table[low] + (at - Double(low)) * (table[low + 1] - table[low])
    }
    var worth = (0..<size).map { Double($0) * step }
    for gap in zip(minutes.dropFirst(), minutes).map({ ($0 - $1).squareRoot() }).reversed() {
      worth = worth.indices.map { place in
        average({ read(worth, Double(place) * step - $0) }, gap)
      }
    }
    return worth[0]
  }

  @Test(
    "hindsight on a walk is worth 4.64 deviations of a minute within an hour, and 5.70 within ninety",
    arguments: [
      ([1, 2, 3, 5, 10, 15, 20, 30, 45, 60], 4.64),
      ([1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90], 5.70),
    ])
  func null(minutes: [Int], known: Double) throws {
    let exact = Self.hindsight(at: minutes.map(Double.init))
    #expect(agree(exact, known, relative: 0.01))
    // Both sides at every half hour of a long walk: the moves themselves cancel, and what is left has
    // four tenths of a percent of standard error.
    let length = 240_000
    var noise = TradedNoise(contracts: 1, minutes: length, seed: 21, deviation: 0.0001)
    for minute in stride(from: 10, to: length - 100, by: 30) {
      noise.trade(0, .long, at: minute, bars: 7)
      noise.trade(0, .short, at: minute, bars: 7)
    }
    var settings = NullBaselineTests.settings(draws: 1)
    settings.horizons = minutes.map { .minutes(Int64($0)) }
    let regret = try #require(
      Self.finding(noise, minutes: Int64(length), settings: settings).value)
    #expect(agree(regret.regret.observed / 0.0001, exact, relative: 0.01), "\(regret.regret)")
    #expect(agree(regret.regret.expected / 0.0001, exact, relative: 0.01), "\(regret.regret)")
  }

  @Test(
    "exits look early on a walk as often as chance has it, by how long they held",
    arguments: [
      ([1, 2, 3, 5, 10, 15, 20, 30, 45, 60], [0.78, 0.71, 0.64, 0.58, 0.50, 0.39]),
      ([1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90], [0.81, 0.76, 0.70, 0.64, 0.57, 0.49]),
    ])
  func early(minutes: [Int], known: [Double]) throws {
    let length = 60_000
    var noise = TradedNoise(contracts: 1, minutes: length, seed: 22)
    for (held, share) in zip([2, 5, 10, 15, 20, 30], known) {
      noise.trips = []
      for minute in stride(from: 10, to: length - 100, by: 30) {
        noise.trade(0, .long, at: minute, bars: held)
        noise.trade(0, .short, at: minute, bars: held)
      }
      var settings = NullBaselineTests.settings(draws: 1)
      settings.horizons = minutes.map { .minutes(Int64($0)) }
      let regret = try #require(
        Self.finding(noise, minutes: Int64(length), settings: settings).value)
      #expect(
        agree(regret.early.observed, share, relative: 0, absolute: 0.025),
        "\(held): \(regret.early)")
    }
  }

  @Test("exits without foresight regret no more than chance does, at any time")
  func fair() throws {
    var probabilities: [Double] = []
    var gains: [Double] = []
    var excluded = 0
    for seed in 0..<100 as Range<UInt64> {
      let noise = NullBaselineTests.traded(seed: 300 + seed)
      var settings = NullBaselineTests.settings(draws: 49, seed: seed)
      settings.horizons = [3, 15, 30].map { .minutes($0) }
      let regret = try #require(Self.finding(noise, minutes: 700, settings: settings).value)
      probabilities.append(regret.scaledRegret.probability)
      gains.append(regret.horizons[1].gain.probability)
      let excess = regret.scaledRegret.difference
      if excess.lower > 0 || excess.upper < 0 { excluded += 1 }
    }
    // Five in a hundred intervals may leave zero out; twelve once in two hundred times.
    #expect(excluded <= 12)
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
