import Markets

/// An entry on its way through the gates.
struct EntryPlan {
  let candidate: Candidate
  let rank: Int
  /// The share of the capital that the symbol is dealt.
  var weight: Double
  /// What the market deserves of the capital, as a multiple of equity; NaN before it is asked.
  var kelly = Double.nan
  var scores: EntryScores?
  var leverage: LeverageDecision?
  var precheck: EventPrecheck?
  var size: PositionSize?
  var gates: EntryReview?
  var quantity = Quantity.zero
  var price: Price?
  var trade: PlannedTrade?

  init(_ candidate: Candidate, rank: Int, weight: Double) {
    self.candidate = candidate
    self.rank = rank
    self.weight = weight
  }

  func write(_ record: inout DecisionRecord) {
    record.side = candidate.side
    record.reading = candidate.circumstances.reading
    record.market = candidate.circumstances.market
    record.direction = candidate.direction
    record.bill = candidate.circumstances.bill
    record.prospect = candidate.prospect
    record.choice = candidate.choice
    record.isFlip = candidate.isFlip
    record.rank = rank
    record.weight = weight
    record.kelly = kelly
    record.scores = scores
    record.leverage = leverage
    record.precheck = precheck
    record.size = size
    record.gates = gates
    record.quantity = quantity == .zero ? nil : quantity
    record.trade = trade
  }
}
