package import Essentials
package import Markets

/// What was intended when an entry was ordered.
package struct PlannedTrade: Hashable, Sendable {
  package var side: PositionSide
  /// The number of the decision.
  package var decision: UInt64
  package var decidedAt: Timestamp
  /// Why the side was chosen.
  package var reason: String
  /// Lots that were ordered, which the position never exceeds.
  package var quantity: Quantity
  /// The price that the decision saw.
  package var referencePrice: Double
  /// Where the stop rests at the venue from the beginning.
  package var stopPrice: Price
  /// Where the target rests; nil where none does.
  package var targetPrice: Price?
  /// The distances of both as fractions of the reference price.
  package var stopDistance: Double
  package var targetDistance: Double
  package var leverage: Double
  /// The chance of a profit that was believed, for measuring calibration.
  package var profitProbability: Double
  /// The annual drift that was believed.
  package var annualDrift: Double
  package var entryQuality: Double
  package var leverageSignal: Double
  package var entryScore: Double
  package var entryFloor: Double
  package var holdSeconds: Double
  /// Whether the check by the event exit passed; nil where it did not apply.
  package var precheckWasSafe: Bool?
}

/// What the books of a contract said when an entry was ordered, from which its result is reckoned.
package struct TradeLedger: Hashable, Sendable {
  package var realized: CoinAmount
  package var fees: CoinAmount
  package var funding: CoinAmount

  package init(of id: ContractID, in account: PerpetualAccount) {
    realized = account.realized(of: id)
    fees = account.fees(of: id)
    funding = account.funding(of: id)
  }

  package init(realized: CoinAmount, fees: CoinAmount, funding: CoinAmount) {
    self.realized = realized
    self.fees = fees
    self.funding = funding
  }
}
