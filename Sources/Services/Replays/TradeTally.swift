package import Backtesting
package import Essentials
package import Markets

/// What a number of round trips came to together.
package struct TradeTally: Hashable, Sendable {
  package let name: String
  package private(set) var trades = 0
  /// Round trips with a profit, with neither, and with a loss, after everything.
  package private(set) var wins = 0
  package private(set) var draws = 0
  package private(set) var losses = 0
  /// The profit after fees and funding.
  package private(set) var net = CoinAmount.zero
  /// The profit before them.
  package private(set) var gross = CoinAmount.zero
  package private(set) var fees = CoinAmount.zero
  /// Funding received less funding paid.
  package private(set) var funding = CoinAmount.zero
  /// What was won by the trades that won, and lost by those that lost.
  package private(set) var won = CoinAmount.zero
  package private(set) var lost = CoinAmount.zero
  /// The best and the worst profit over what was traded; nil without trades.
  package private(set) var best: Double?
  package private(set) var worst: Double?
  private var returns = 0.0
  private var held = TimeSpan.zero

  package init(_ name: String, _ trips: some Sequence<RoundTrip> = []) {
    self.name = name
    for trip in trips { add(trip) }
  }

  /// Takes a round trip in.
  package mutating func add(_ trip: RoundTrip) {
    trades += 1
    net = net + trip.net
    gross = gross + trip.gross
    fees = fees + trip.fees
    funding = funding + trip.funding
    if trip.net > .zero {
      wins += 1
      won = won + trip.net
    } else if trip.net < .zero {
      losses += 1
      lost = lost - trip.net
    } else {
      draws += 1
    }
    returns += trip.netReturn
    held = held + trip.held
    best = max(best ?? trip.netReturn, trip.netReturn)
    worst = min(worst ?? trip.netReturn, trip.netReturn)
  }

  /// The mean profit over what was traded; nil without trades.
  package var meanReturn: Double? { trades > 0 ? returns / Double(trades) : nil }
  /// The mean profit of a trade.
  package var expectancy: Double? { trades > 0 ? net.value / Double(trades) : nil }
  /// How long a trade was held on average; nil without trades.
  package var meanHeld: TimeSpan? {
    trades > 0 ? TimeSpan(milliseconds: held.milliseconds / Int64(trades)) : nil
  }
  /// The share of trades that won.
  package var winShare: Double? { trades > 0 ? Double(wins) / Double(trades) : nil }
  /// What was won over what was lost; nil where nothing was lost.
  package var profitFactor: Double? { lost > .zero ? won.value / lost.value : nil }

  /// - Parameter capital: what the account began with.
  package func json(capital: CoinAmount) -> JSONValue {
    [
      "name": .string(name), "trades": .integer(trades), "wins": .integer(wins),
      "draws": .integer(draws), "losses": .integer(losses),
      "net": .string("\(net)"), "gross": .string("\(gross)"), "fees": .string("\(fees)"),
      "funding": .string("\(funding)"), "net_share": .optional(net.value / capital.value),
      "mean_return": .optional(meanReturn), "expectancy": .optional(expectancy),
      "win_share": .optional(winShare), "profit_factor": .optional(profitFactor),
      "best_return": .optional(best), "worst_return": .optional(worst),
      "mean_held_ms": meanHeld.map { .integer(Int($0.milliseconds)) } ?? .null,
    ]
  }
}
