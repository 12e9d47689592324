import Essentials
package import Markets
package import Storage

/// What is recorded of one contract, and its terms.
package struct RecordedMarket: Sendable {
  package let symbol: String
  package let bars: BarHistory
  /// Nil where no file has payments.
  package let funding: FundingTable?
  /// Nil where no file has marks.
  package let marks: MarkTable?
  package let contract: PerpetualContract
  /// Whether the terms come from its venue; they are assumed otherwise.
  package let isContractKnown: Bool

  /// The rows that were left out of its files, and why.
  package var defects: [RowDefect] {
    bars.defects + (funding?.defects ?? []) + (marks?.defects ?? [])
  }

  /// The payments of funding, or none.
  package var payments: [FundingPayment] { funding?.history.payments ?? [] }

  /// Reads the files of a symbol and finds its terms.
  init(
    _ symbol: String, bars path: String, funding: String?, marks: String?,
    for request: ReplayRequest
  ) throws {
    let bars = try BarHistory(reading: path)
    let payments = try funding.map { try FundingTable(reading: $0) }
    self.symbol = symbol
    self.bars = bars
    self.funding = payments
    self.marks = try marks.map { try MarkTable(reading: $0) }
    let known = try request.answers.contract(symbol, at: request.venue, fees: request.schedule)
    isContractKnown = known != nil
    contract =
      try known
      ?? Self.assumed(symbol, bars, interval: payments?.history.intervals.last?.length, request)
  }

  /// The least worth of an order where the venue was not asked.
  static let notionalMin = CoinAmount(atoms: 5 * 100_000_000)

  /// Terms that are careful where they are not known.
  private static func assumed(
    _ symbol: String, _ bars: BarHistory, interval: TimeSpan?, _ request: ReplayRequest
  ) throws(ReplayRefusal) -> PerpetualContract {
    let series = bars.series
    guard let tick = InferredSteps.tick(of: series),
      let lot = InferredSteps.lot(of: series)
        ?? InferredSteps.lot(worthUnitAt: series.close[0])
    else { throw .noStep(symbol: symbol) }
    return PerpetualContract(
      venue: request.venue,
      rules: InstrumentRules(
        symbol: symbol, lot: lot, tick: tick, minimumNotional: notionalMin),
      tiers: symbol == "BTCUSDT" ? .bitcoin(request.venue) : .cautious, fees: request.schedule,
      funding: FundingTerms(interval: interval ?? .hours(8)))
  }
}
