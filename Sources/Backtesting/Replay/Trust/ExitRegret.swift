package import Essentials
package import Markets
import Mathematics

/// What leaving at another time would have brought, beside what it would have brought anybody.
///
/// For each round trip the price's own path is followed from the entry, as if the position had been left
/// at each of some fixed times. With hindsight one of them is the best, and the best of several always
/// looks better than what was done: on a path without any direction by a multiple of its deviation
/// that depends on the times alone. So every figure stands beside what the same trades show at other
/// instants (``MarketCircle``), and only the excess says something about the exits. Fees and slippage are
/// the same whenever a position is left and cancel; funding counts. Positions are left at the ends
/// of bars.
package struct ExitRegret: Hashable, Sendable {
  /// What holding for one fixed time would have brought.
  package struct Horizon: Hashable, Sendable {
    /// The time after the entry.
    package let after: TimeSpan
    /// The mean return on the worth at the entry, less that of the exit that was made; above chance
    /// where leaving then would have been better.
    package let gain: NullComparison
  }

  /// The round trips that were followed: those with bars.
  package let trades: Int
  /// The mean of the best return of all times less that of the exit made, as a fraction of the worth at
  /// the entry. Improbable by chance where exits miss what could have been known.
  package let regret: NullComparison
  /// The same in standard deviations of a bar's move around each trade, so that trades in wild and calm
  /// markets count alike.
  package let scaledRegret: NullComparison
  /// The share of trades left before four fifths of the best time.
  package let early: NullComparison
  package let horizons: [Horizon]

  /// Follows round trips between two instants; the reason where that cannot be done.
  ///
  /// Cost: draws times trades times horizons.
  package static func finding(
    of trips: [RoundTrip], on markets: [ContractID: ReplayMarket], from: Timestamp,
    through: Timestamp, settings: ReplayTrustSettings = ReplayTrustSettings()
  ) -> Finding<ExitRegret> {
    let circles = markets.keys.sorted { $0.place < $1.place }.compactMap { contract in
      markets[contract].flatMap { MarketCircle(contract, $0, from: from, through: through) }
    }
    let book = NullBook(trips, on: circles)
    guard !book.trades.isEmpty else { return .unknown(reason: "There is no trade with bars.") }
    guard let longest = settings.horizons.max() else {
      return .unknown(reason: "There is no other time to leave at.")
    }
    let shortest = book.circles.map { Int64($0.steps) * $0.spacing }.min() ?? 0
    let room = min(book.room, Double(shortest) / Double(longest.milliseconds))
    guard room >= RandomInstants.roomMin else {
      return .unknown(
        reason: "The data has room for \(Int(room)) trades of \(longest); "
          + "\(Int(RandomInstants.roomMin)) are needed.")
    }
    return .known(ExitRegret(book, settings: settings))
  }

  /// Follows the round trips of each label by itself, such as those of each reason for leaving; labels
  /// in the order of their text, one for each round trip.
  package static func findings(
    of trips: [RoundTrip], labels: [String], on markets: [ContractID: ReplayMarket],
    from: Timestamp, through: Timestamp, settings: ReplayTrustSettings = ReplayTrustSettings()
  ) -> [(label: String, finding: Finding<ExitRegret>)] {
    precondition(trips.count == labels.count, "round trips without labels")
    return Set(labels).sorted().map { label in
      let own = zip(trips, labels).filter { $0.1 == label }.map(\.0)
      return (
        label, finding(of: own, on: markets, from: from, through: through, settings: settings)
      )
    }
  }

  private init(_ book: NullBook, settings: ReplayTrustSettings) {
    let steps = book.circles.map { circle in settings.horizons.map { circle.steps(in: $0) } }
    let observed = Means(book, turn: 0, steps: steps)
    let draws = book.turns(settings.draws, seed: settings.seed).map {
      Means(book, turn: $0, steps: steps)
    }
    func comparison(_ figure: (Means) -> Double) -> NullComparison {
      NullComparison(
        figure(observed), against: draws.map(figure), confidence: settings.confidence)
    }
    trades = book.trades.count
    regret = comparison(\.regret)
    scaledRegret = comparison(\.scaledRegret)
    early = comparison(\.early)
    horizons = settings.horizons.enumerated().map { place, span in
      Horizon(after: span, gain: comparison { $0.gains[place] })
    }
  }

  /// The figures of all trades after one turn.
  private struct Means {
    var regret = 0.0
    var scaledRegret = 0.0
    var early = 0.0
    var gains: [Double]

    init(_ book: NullBook, turn: Int64, steps: [[Int]]) {
      gains = [Double](repeating: 0, count: steps.first?.count ?? 0)
      for trade in book.trades {
        let circle = book.circles[trade.circle]
        let place = book.place(trade, shifted: turn)
        func result(_ steps: Int) -> Double {
          trade.sign
            * (circle.growth(from: place, steps: steps) - 1
              - circle.fundingPaid(from: place, steps: steps))
        }
        let made = result(trade.steps)
        var best = (gain: -Double.infinity, steps: 0)
        for (number, steps) in steps[trade.circle].enumerated() {
          let gain = result(steps) - made
          gains[number] += gain
          if gain > best.gain { best = (gain, steps) }
        }
        regret += best.gain
        let window = max(trade.steps, steps[trade.circle].max() ?? 1)
        let deviation = circle.deviation(from: place, steps: window)
        // Where nothing moved there is nothing to regret.
        if deviation > 0 { scaledRegret += best.gain / deviation }
        if trade.steps < best.steps * 4 / 5 { early += 1 }
      }
      let size = Double(book.trades.count)
      regret /= size
      scaledRegret /= size
      early /= size
      for number in gains.indices { gains[number] /= size }
    }
  }
}
