package import Essentials
package import Markets

/// Everything that the gates of an entry look at.
package struct EntryCircumstances: Hashable, Sendable {
  package var now: Timestamp
  /// The side that is to be entered; nil where none is, and then no gate applies.
  package var side: PositionSide?
  /// Whether the entry turns a position around.
  package var isFlip = false
  package var long = SideBelief()
  package var short = SideBelief()
  package var direction = DirectionBelief()
  package var market = MarketState()
  /// Fees, spread, slippage and funding of getting in and out, as a fraction of notional; NaN where
  /// it is not known and the configured fee stands in.
  package var roundTripCost = Double.nan
  /// How good the direction model has been; nil where nobody measured.
  package var skill: DirectionSkill?
  /// What the record of the symbol says; nil where there is none.
  package var quality: SymbolQuality?
  /// What the event exit would do with the position at once; nil where it was not asked.
  package var eventCheck: EventPrecheck?
  /// The quality of the entry, from 0 to 1, as leverage computes it.
  package var entryQuality = Double.nan
  /// The leverage that the entry would have.
  package var leverage = Double.nan
  /// Evaluations in a row at the floor of leverage; see ``FloorCounter``.
  package var floorCount = 0
  /// The notional that the entry would have, in the quote currency.
  package var notional = Double.nan
  package var account = AccountState()
  /// Place of the symbol among all, the best is 1; nil where nobody ranked.
  package var rank: Int?
  /// What the joint simulation of all positions says; nil where it did not run.
  package var portfolio: PortfolioOutlook?

  package init(now: Timestamp, side: PositionSide?) {
    self.now = now
    self.side = side
  }

  /// What is believed of a side.
  package subscript(side: PositionSide) -> SideBelief { side == .long ? long : short }

  /// How far the net expectations of the sides lie apart; NaN where one is not known.
  var gap: Double { abs(long.netReturn - short.netReturn) }
}

/// What the account looks like when an entry is judged, in the quote currency. NaN is what is not
/// known.
package struct AccountState: Hashable, Sendable {
  package var equity = Double.nan
  package var balance = Double.nan
  /// The notional of all open positions, without their signs.
  package var openNotional = Double.nan
  package var openPositions = 0
  /// Whether the desk only closes positions.
  package var isInSafetyMode = false

  package init() {}
}

/// What a joint simulation of all positions says, as fractions of equity. NaN is what is not known.
package struct PortfolioOutlook: Hashable, Sendable {
  package var expected = Double.nan
  /// Mean of the worst outcomes, at most 0.
  package var shortfall = Double.nan
  package var liquidationProbability = Double.nan

  package init() {}
}

/// How good the direction model was over a batch of trades or of its own calls. NaN is what nobody
/// measured, and counts as what is usual.
package struct DirectionSkill: Hashable, Sendable {
  /// Share of those whose side-adjusted direction was right.
  package var hitRate: Double
  /// Share of those whose entry was found wanting.
  package var issueRate: Double
  /// Change of ``hitRate`` against the batch before.
  package var hitChange: Double
  /// Change of ``issueRate`` against the batch before.
  package var issueChange: Double
  /// How many they are.
  package var count: Int
  /// When it was measured.
  package var measuredAt: Timestamp

  package init(
    hitRate: Double, issueRate: Double, hitChange: Double, issueChange: Double, count: Int,
    measuredAt: Timestamp
  ) {
    self.hitRate = hitRate
    self.issueRate = issueRate
    self.hitChange = hitChange
    self.issueChange = issueChange
    self.count = count
    self.measuredAt = measuredAt
  }
}
