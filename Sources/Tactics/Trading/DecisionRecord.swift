package import Essentials
package import Markets
package import Models

/// One decision with everything that it rested on. What is nil did not apply.
package struct DecisionRecord: Hashable, Sendable {
  /// What was decided.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An entry was ordered.
    case entered
    /// A side was wanted, and a gate or the venue's rules refused it.
    case refused
    /// The venue refused an entry, or it was not filled.
    case failed
    /// A position is left.
    case leaving
    /// A position was closed, whoever closed it.
    case closed
    /// A position is brought down to what its risk allows.
    case reduced
    /// A position is added to, as the gates of an entry let it.
    case increased
    /// The venue is asked for less leverage of a position.
    case deleveraged
    /// Nothing is wanted of a market that is looked at, for another reason than before.
    case waiting
    /// A trader was asked no further while nothing was wanted of a market.
    case waited
    /// All positions are closed and nothing is entered any more.
    case safety
    /// It is not known what is held, or why.
    case unknown
  }

  /// Counts from 1 over the life of a trader.
  package var decision: UInt64
  package var instant: Timestamp
  package var contract: ContractID
  package var symbol: String
  package var kind: Kind
  package var side: PositionSide?
  /// A stable key that programs branch on: the first gate that failed, the exit, or why.
  package var reason: String
  package var order: OrderNumber?
  /// The price that the decision saw; NaN where there was none.
  package var price = Double.nan
  /// The start of the digest of the settings that held.
  package var configuration: String
  package var reading: MarketReading?
  package var market: MarketState?
  package var direction: DirectionBelief?
  package var bill: TradeBill?
  package var prospect: Prospect?
  /// Why a side was chosen, or none.
  package var choice: TacticVerdict?
  package var scores: EntryScores?
  package var leverage: LeverageDecision?
  package var size: PositionSize?
  /// Lots that were ordered.
  package var quantity: Quantity?
  /// The share of the capital that the symbol was dealt.
  package var weight = Double.nan
  package var rank: Int?
  /// What the market deserved of the capital by its expectation, as a multiple of equity before the
  /// configured share of it is taken.
  package var kelly = Double.nan
  package var isFlip = false
  package var gates: EntryReview?
  package var precheck: EventPrecheck?
  package var trade: PlannedTrade?
  package var position: HeldPosition?
  package var exits: ExitReview?
  package var rest: EventMetrics?
  package var result: TradeResult?
  /// Through which time nothing was wanted of the market before this, and why.
  package var waited: WaitingSpell?

  package init(
    _ kind: Kind, decision: UInt64, at instant: Timestamp, _ contract: ContractID, symbol: String,
    reason: String, configuration: String
  ) {
    self.kind = kind
    self.decision = decision
    self.instant = instant
    self.contract = contract
    self.symbol = symbol
    self.reason = reason
    self.configuration = configuration
  }
}

/// What became of a position that was closed, by the account's books.
package struct TradeResult: Hashable, Sendable {
  package var openedAt: Timestamp
  package var closedAt: Timestamp
  /// The most lots that were held.
  package var quantity: Quantity
  package var entryPrice: Double
  /// What those lots were worth at the entry.
  package var notional: Double
  /// The profit before fees and funding.
  package var gross: CoinAmount
  package var fees: CoinAmount
  /// Funding received less funding paid.
  package var funding: CoinAmount
  package var leverage: Double

  /// The profit after all.
  package var net: CoinAmount { gross - fees + funding }
  /// The same as a fraction of the notional; NaN without any.
  package var netReturn: Double { notional > 0 ? net.value / notional : .nan }
  /// The fees of both sides as a fraction of the notional.
  package var feeRate: Double { notional > 0 ? fees.value / notional : .nan }
  package var seconds: Double { (closedAt - openedAt).seconds }
}
