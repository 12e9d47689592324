import Markets

/// The same trades at other times: whether the moments were chosen better than by chance.
///
/// Sides, sizes, holding times, fees and slippage stay; funding is what was paid at the other times.
/// All trades move together around their markets' circles (``MarketCircle``), so those that were open
/// at the same time still are. Moving each by itself was rejected: the sum of trades that share a
/// market's moves then varies less than it really does, and chance looks weaker than it is. Moving all
/// is exact for a stationary market: D. Aronson, "Evidence-Based Technical Analysis" (2007), chapter 5,
/// detaches positions from prices in the same spirit, day by day.
///
/// Of coins tossed over thirty real days of eleven perpetuals, alone and together, 3 to 6 % have a
/// probability of at most 5 %. Where the coins are tossed mostly in wild hours, whose results vary more
/// than those at other times, 7 to 9 % do; ``RandomSides`` keeps its promise there too, which is why a
/// verdict asks both.
package struct RandomInstants: Hashable, Sendable {
  /// Coins earned by a trade on average.
  package let comparison: NullComparison
  /// What a trade as it was executed earned more than at the ends of bars, at which chance trades:
  /// far from zero, the comparison also compares executions.
  package let executionGap: Double
  /// The trades that were compared: those with bars.
  package let trades: Int
  /// How many trades as long as the average one the data has room for.
  package let room: Double

  /// Below this much room a draw of chance is too like another for small probabilities.
  static let roomMin = 20.0

  /// Compares the trades of a book with those of its turns; the reason where that cannot be done.
  static func finding(
    _ book: NullBook, _ trips: [RoundTrip], settings: ReplayTrustSettings
  ) -> Finding<RandomInstants> {
    guard !book.trades.isEmpty else { return .unknown(reason: "There is no trade with bars.") }
    guard book.room >= roomMin else {
      return .unknown(
        reason: "The data has room for \(Int(book.room)) trades as long as the average one; "
          + "\(Int(roomMin)) are needed.")
    }
    let size = Double(book.trades.count)
    func mean(_ turn: Int64) -> Double {
      var sum = 0.0
      for trade in book.trades {
        sum += book.net(trade, shifted: turn, slippage: settings.slippage)
      }
      return sum / size
    }
    let draws = book.turns(settings.draws, seed: settings.seed).map(mean)
    let observed = book.trades.reduce(0) { $0 + trips[$1.row].net.value } / size
    return .known(
      RandomInstants(
        comparison: NullComparison(observed, against: draws, confidence: settings.confidence),
        executionGap: observed - mean(0), trades: book.trades.count, room: book.room))
  }
}
