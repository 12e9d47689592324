import Essentials
import Markets
import Mathematics

/// The same trades on sides that coins choose: whether the direction was foreseen better than by chance.
///
/// Instants, holding times, sizes, fees and slippage stay; the move of the price and the funding change
/// their signs. Trades that were opened within the average holding time of each other keep their sides
/// to each other and share a coin, because markets move together. Were each to have its own, the sum
/// would vary less than it really does. It is the sign test of R. Fisher, "The Design of Experiments"
/// (1935), section 21, over groups.
package struct RandomSides: Hashable, Sendable {
  /// Coins earned by a trade on average.
  package let comparison: NullComparison
  /// How many coins were thrown in each draw.
  package let groups: Int

  /// Fewer coins cannot make an observed result improbable.
  static let groupsMin = 6

  /// Compares trades in the order of their openings; the reason where that cannot be done.
  static func finding(
    _ trips: [RoundTrip], settings: ReplayTrustSettings
  ) -> Finding<RandomSides> {
    let groups = groups(of: trips)
    guard groups.count >= groupsMin else {
      return .unknown(
        reason: "The trades were opened at \(groups.count) separate times; "
          + "\(groupsMin) are needed.")
    }
    let size = Double(trips.count)
    let sums = groups.map { rows in
      rows.reduce(SIMD2<Double>.zero) { sum, row in
        let trip = trips[row]
        return sum + SIMD2(trip.net.value, Self.netOfOtherSide(trip, slippage: settings.slippage))
      }
    }
    var generator = SplitMix64(seed: settings.seed)
    let draws = (0..<settings.draws).map { _ in
      var bits: UInt64 = 0
      var total = 0.0
      for (place, sum) in sums.enumerated() {
        if place % 64 == 0 { bits = generator.next() }
        total += bits & 1 == 0 ? sum[0] : sum[1]
        bits >>= 1
      }
      return total / size
    }
    let observed = sums.reduce(0) { $0 + $1[0] } / size
    return .known(
      RandomSides(
        comparison: NullComparison(observed, against: draws, confidence: settings.confidence),
        groups: groups.count))
  }

  /// What the opposite position would have earned: the gross result holds the slippage of both fills,
  /// which the other side pays as well.
  static func netOfOtherSide(_ trip: RoundTrip, slippage: Double) -> Double {
    let slipped = slippage * trip.worth.value * (1 + trip.exitPrice / trip.entryPrice)
    return -trip.gross.value - 2 * slipped - trip.fees.value - trip.funding.value
  }

  /// The rows of trades that were opened within the mean holding time of the first of them.
  static func groups(of trips: [RoundTrip]) -> [Range<Int>] {
    guard !trips.isEmpty else { return [] }
    let held = trips.reduce(0.0) { $0 + Double($1.held.milliseconds) } / Double(trips.count)
    let span = TimeSpan(milliseconds: Int64(held.rounded()))
    var groups: [Range<Int>] = []
    var first = 0
    for row in trips.indices where trips[row].openedAt - trips[first].openedAt > span {
      groups.append(first..<row)
      first = row
    }
    groups.append(first..<trips.count)
    return groups
  }
}
