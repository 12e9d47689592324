package import Markets

/// What was recorded of one contract. Each kind rises in time; what does not is counted and refused
/// where it is met.
package struct ContractRecording: Sendable {
  /// Closed bars; what was wrong with them stands in ``BarSeries/counts``.
  package var bars: BarSeries?
  package var trades: ContiguousArray<Trade>
  package var marks: ContiguousArray<ReferencePrice>
  package var funding: ContiguousArray<FundingPayment>
  package var books: (any BookRecording)?

  /// A recording of the kinds that there are.
  package init(
    bars: BarSeries? = nil, trades: ContiguousArray<Trade> = [],
    marks: ContiguousArray<ReferencePrice> = [], funding: ContiguousArray<FundingPayment> = [],
    books: (any BookRecording)? = nil
  ) {
    self.bars = bars
    self.trades = trades
    self.marks = marks
    self.funding = funding
    self.books = books
  }

  /// The number of events of all kinds.
  package var count: Int {
    (bars?.count ?? 0) + trades.count + marks.count + funding.count + (books?.count ?? 0)
  }
}
