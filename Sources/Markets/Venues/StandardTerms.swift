/// Terms for contracts whose venue cannot be asked, as in a replay of recorded bars. An account that
/// trades reads its own from the venue.
extension FeeSchedule {
  /// What a venue takes of accounts without a discount: makers 0.02 %, takers 0.055 % at Bybit and
  /// 0.05 % at Binance.
  package static func standard(_ venue: Venue) -> FeeSchedule {
    FeeSchedule(
      maker: SignedRate(checked: 20_000),
      taker: SignedRate(checked: venue == .bybit ? 55_000 : 50_000))
  }
}

extension MarginTiers {
  /// Tiers for a contract of which nothing is known: from 1 % at 50 times up to 50,000 to 25 % at twice
  /// up to 5,000,000 of the quote currency. Coins that are traded much have milder ones.
  package static let cautious: MarginTiers = ladder([
    (50_000, 100, 50), (200_000, 200, 25), (500_000, 500, 10), (1_000_000, 1000, 5),
    (5_000_000, 2500, 2),
  ])

  /// The tiers of a venue's BTCUSDT, as far as they were recorded in 2026; above the last cap no
  /// position is opened. Smaller coins have stricter ones, so a replay of them at high leverage needs
  /// their own.
  package static func bitcoin(_ venue: Venue) -> MarginTiers {
    switch venue {
    case .bybit: ladder([(300_000, 33, 150), (800_000, 50, 100), (2_000_000, 100, 50)])
    case .binance:
      ladder([
        (50_000, 40, 125), (600_000, 50, 100), (3_000_000, 65, 75), (12_000_000, 100, 50),
        (70_000_000, 200, 25), (100_000_000, 250, 20), (230_000_000, 500, 10),
      ])
    }
  }

  /// Tiers of caps in whole coins, rates in basis points, and leverages.
  private static func ladder(
    _ rows: [(cap: Int64, rate: Int64, leverage: Int64)]
  ) -> MarginTiers {
    do {
      return try MarginTiers(
        rows.map {
          (
            cap: CoinAmount(atoms: $0.cap * 100_000_000),
            rate: SignedRate(checked: $0.rate * 10_000),
            leverage: Leverage(checked: $0.leverage * 100)
          )
        })
    } catch {
      preconditionFailure("the tiers that come with the program are no ladder: \(error)")
    }
  }
}
