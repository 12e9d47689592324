import Markets
import Mathematics

/// What a trade earned on average after fees, spread, slippage and funding, and how sure that is.
package struct TradeExpectancy: Hashable, Sendable {
  /// The coins that a trade earned.
  package let coins: ConfidenceInterval
  /// The same as a fraction of what the position was worth at its entry.
  package let returns: ConfidenceInterval
  /// The average length of the blocks in which trades were resampled.
  package let blockLength: Double
  /// The share of resamples in which trading earned no more than not trading.
  package let noGainProbability: Double

  /// Examines trades in the order of their openings; nil for fewer than two.
  ///
  /// The intervals are those of ``BlockBootstrap`` with bias correction. Trades that were open together
  /// earn and lose together, so blocks are at least as long as the number of trades that an average
  /// one lived with, and as long as ``OptimalBlockLength`` asks; at most a third of all trades.
  init?(of trips: [RoundTrip], settings: ReplayTrustSettings) {
    let coins = trips.map(\.net.value)
    let returns = trips.map(\.netReturn)
    let asked = OptimalBlockLength(of: coins)?.stationary ?? 1
    let length = max(1, min(Double(trips.count) / 3, max(asked, Self.company(of: trips))))
    let bootstrap = BlockBootstrap(
      meanBlockLength: length, resamples: settings.resamples, seed: settings.seed)
    guard
      let interval = Self.interval(of: coins, bootstrap, settings.confidence),
      let returnInterval = Self.interval(of: returns, bootstrap, settings.confidence)
    else { return nil }
    self.coins = interval
    self.returns = returnInterval
    blockLength = length
    let means = bootstrap.estimates(of: coins, .mean)
    noGainProbability = Double(means.count { $0 <= 0 }) / Double(means.count)
  }

  /// Where all resamples lie on one side of the mean there is no bias to correct.
  private static func interval(
    of values: [Double], _ bootstrap: BlockBootstrap, _ confidence: Double
  ) -> ConfidenceInterval? {
    bootstrap.interval(for: .mean, of: values, confidence: confidence)
      ?? bootstrap.interval(for: .mean, of: values, confidence: confidence, method: .percentile)
  }

  /// The mean number of trades that were opened while a trade was open, itself counted.
  static func company(of trips: [RoundTrip]) -> Double {
    guard !trips.isEmpty else { return 0 }
    var met = 0
    for (row, trip) in trips.enumerated() {
      var low = row + 1
      var high = trips.count
      while low < high {
        let middle = (low + high) / 2
        if trips[middle].openedAt < trip.closedAt { low = middle + 1 } else { high = middle }
      }
      met += low - row
    }
    return Double(met) / Double(trips.count)
  }
}
