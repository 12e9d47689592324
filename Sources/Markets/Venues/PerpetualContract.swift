package import Essentials

/// A venue whose perpetual contracts are traded.
package enum Venue: String, Hashable, Sendable, CaseIterable {
  case bybit
  case binance
}

/// What a venue takes of the worth of a fill; below zero where it pays.
package struct FeeSchedule: Hashable, Sendable {
  /// For an order that waited in the book.
  package let maker: SignedRate
  /// For an order that took from the book.
  package let taker: SignedRate

  package init(maker: SignedRate, taker: SignedRate) {
    self.maker = maker
    self.taker = taker
  }

  /// The fee of a fill of so much worth, its sign aside; nil beyond what is counted.
  package func fee(on worth: CoinAmount, as role: FillRole) -> CoinAmount? {
    worth.magnitude.times(role == .maker ? maker : taker)
  }
}

/// Whether a fill's order waited in the book or took from it.
package enum FillRole: String, Hashable, Sendable, CaseIterable {
  case maker, taker
}

/// How often a contract pays funding and within which rates.
package struct FundingTerms: Hashable, Sendable {
  /// The time between two payments. Venues change it, so the payments that were made count.
  package let interval: TimeSpan
  /// The lowest and highest rate of a payment; nil where the venue does not say.
  package let rates: ClosedRange<SignedRate>?

  package init(interval: TimeSpan, rates: ClosedRange<SignedRate>? = nil) {
    self.interval = interval
    self.rates = rates
  }
}

/// A contract without expiry that is settled in its quote coin, with all that a venue rules about it.
///
/// Worth is quantity times price; contracts settled in their base coin are not of this kind.
package struct PerpetualContract: Hashable, Sendable {
  package let venue: Venue
  package let rules: InstrumentRules
  package let tiers: MarginTiers
  package let fees: FeeSchedule
  package let funding: FundingTerms

  package init(
    venue: Venue, rules: InstrumentRules, tiers: MarginTiers, fees: FeeSchedule,
    funding: FundingTerms
  ) {
    self.venue = venue
    self.rules = rules
    self.tiers = tiers
    self.fees = fees
    self.funding = funding
  }

  package var symbol: String { rules.symbol }

  /// What so many lots are worth at a price, signed as the lots; nil beyond what is counted.
  package func worth(of quantity: Quantity, at price: Price) -> CoinAmount? {
    CoinAmount(worthOf: quantity, at: price, lot: rules.lot)
  }
}
