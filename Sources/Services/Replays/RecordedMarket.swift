import Backtesting
import Essentials
package import Markets
package import Storage

/// What is recorded of one contract, and its terms.
///
/// A contract has bars, a feed, or both. Of the time before a feed the files of bars, funding and marks
/// tell; of the feed's own time it tells alone: its bars are made of its trades (``ListenedBars``) and
/// begin with the first that begins within it, so no bar comes twice. Payments and marks of that time
/// come from the files where the feed has none at all.
package struct RecordedMarket: Sendable {
  package let symbol: String
  /// The file of bars; nil where there is none.
  package let history: BarHistory?
  /// Nil where there is none.
  package let feed: RecordedFeed?
  /// The bars that are told, those of the file before those that were made of trades.
  package let series: BarSeries
  /// How many of them are of the file.
  package let recordedBars: Int
  /// Nil where no file has payments.
  package let funding: FundingTable?
  /// Nil where no file has marks.
  package let marks: MarkTable?
  package let contract: PerpetualContract
  /// Whether the terms come from its venue; they are assumed otherwise.
  package let isContractKnown: Bool

  /// The rows that were left out of its files, and why.
  package var defects: [RowDefect] {
    (history?.defects ?? []) + (funding?.defects ?? []) + (marks?.defects ?? [])
  }

  /// Whether anything says how much was traded within bars.
  package var hasVolume: Bool { history?.hasVolume ?? true }

  /// The payments of funding that are told, or none.
  package var payments: [FundingPayment] {
    let recorded = funding?.history.payments ?? []
    guard let feed, let first = feed.recording.funding.first else { return recorded }
    let begin = min(feed.first, first.instant)
    return recorded.filter { $0.instant < begin } + feed.recording.funding
  }

  /// The mark prices that are told, or none.
  package var references: [ReferencePrice] {
    let recorded = marks?.marks ?? []
    guard let feed, let first = feed.recording.marks.first else { return recorded }
    let begin = min(feed.first, first.instant)
    return recorded.filter { $0.instant < begin } + feed.recording.marks
  }

  /// The least worth of an order where the venue was not asked.
  static let notionalMin = CoinAmount(atoms: 5 * 100_000_000)
}

/// What was found of one contract before it is known which bars are told.
struct MarketFiles: Sendable {
  let symbol: String
  var history: BarHistory?
  var funding: FundingTable?
  var marks: MarkTable?
  var feed: RecordedFeed?

  /// Reads the files of a symbol.
  init(
    _ symbol: String, bars: String?, funding: String?, marks: String?, feed: RecordedFeed?
  ) throws {
    self.symbol = symbol
    history = try bars.map { try BarHistory(reading: $0) }
    self.funding = try funding.map { try FundingTable(reading: $0) }
    self.marks = try marks.map { try MarkTable(reading: $0) }
    self.feed = feed
  }
}

extension RecordedMarket {
  /// Joins what was found with the bars that were made of the feed's trades, and finds the terms.
  init(
    _ files: MarketFiles, made: BarSeries?, venue: Venue, fees: FeeSchedule,
    for request: ReplayRequest
  ) throws {
    symbol = files.symbol
    history = files.history
    feed = files.feed
    funding = files.funding
    marks = files.marks
    (series, recordedBars) = Self.joined(files, made)
    let known = try request.answers.contract(symbol, at: venue, fees: fees)
    isContractKnown = known != nil
    if let known, let head = files.feed?.head,
      known.rules.tick != head.tick || known.rules.lot != head.lot
    {
      throw ReplayRefusal.otherSteps(
        symbol: symbol, feed: "\(head.tick) and \(head.lot)",
        answer: "\(known.rules.tick?.description ?? "none") and \(known.rules.lot)")
    }
    contract = try known ?? Self.assumed(files, series, venue, fees)
  }

  /// The bars of the file that begin before the first that the feed makes, and those that it made.
  private static func joined(_ files: MarketFiles, _ made: BarSeries?) -> (BarSeries, Int) {
    guard let feed = files.feed, let made else {
      let recorded = files.history?.series ?? BarSeries(.minute)
      return (recorded, recorded.count)
    }
    guard let recorded = files.history?.series else { return (made, 0) }
    let cut = recorded.place(
      notBefore: ListenedBars.firstStart(from: feed.first, recorded.span))
    var series = BarSeries(recorded.span, capacity: cut + made.count)
    for place in 0..<cut { series.append(recorded[place]) }
    for place in 0..<made.count { series.append(made[place]) }
    return (series, cut)
  }

  /// Terms that are careful where they are not known.
  private static func assumed(
    _ files: MarketFiles, _ series: BarSeries, _ venue: Venue, _ fees: FeeSchedule
  ) throws(ReplayRefusal) -> PerpetualContract {
    let head = files.feed?.head
    guard let tick = head?.tick ?? InferredSteps.tick(of: series),
      let lot = head?.lot ?? InferredSteps.lot(of: series)
        ?? series.close.first.flatMap(InferredSteps.lot(worthUnitAt:))
    else { throw .noStep(symbol: files.symbol) }
    return PerpetualContract(
      venue: venue,
      rules: InstrumentRules(
        symbol: files.symbol, lot: lot, tick: tick, minimumNotional: notionalMin),
      tiers: files.symbol == "BTCUSDT" ? .bitcoin(venue) : .cautious, fees: fees,
      funding: FundingTerms(
        interval: files.funding?.history.intervals.last?.length ?? .hours(8)))
  }
}
