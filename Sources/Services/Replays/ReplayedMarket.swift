package import Essentials
import Markets
package import Storage

/// What was told of one contract, and what was wrong with it.
package struct ReplayedMarket: Hashable, Sendable {
  package let symbol: String
  /// The bars that were told, those of the warm-up included.
  package let bars: Int
  /// How many of them were made of trades, because a feed tells of their time.
  package let madeBars: Int
  /// What was told of its feed; nil where it has none.
  package let feed: ReplayedFeed?
  /// Bars that are missing between two that are there.
  package let missingBars: Int
  /// Bars in which nobody traded.
  package let silentBars: Int
  /// The payments of funding and the marks that are recorded.
  package let payments: Int
  package let marks: Int
  /// The change from the first open of the traded period to its last close; nil without a bar.
  package let change: Double?
  /// The rows of its files that were left out, by reason.
  package let defects: [RowDefect]
  /// Whether the terms of the contract are its venue's; they are assumed otherwise.
  package let isContractKnown: Bool
  package let tick: String
  package let lot: String

  /// Looks at what a market had for a replay.
  init(
    _ market: RecordedMarket, in material: ReplayMaterial, through reached: Timestamp,
    books: BookCounts, matched: MatchCounts
  ) {
    let series = market.series
    let told = material.bars(of: market)
    symbol = market.symbol
    bars = told.count
    madeBars = max(0, told.upperBound - max(told.lowerBound, market.recordedBars))
    feed = market.feed.map {
      ReplayedFeed($0, through: min(reached, material.to), books: books, matched: matched)
    }
    missingBars = zip(told, told.dropFirst()).reduce(0) { sum, pair in
      sum
        + Int(
          (series.openTimes[pair.1] - series.openTimes[pair.0])
            / series.span.length.milliseconds) - 1
    }
    silentBars = market.hasVolume ? told.count { series.volume[$0] == 0 } : 0
    payments = market.payments.count { $0.instant >= material.from && $0.instant <= material.to }
    marks = market.references.count { $0.instant >= material.from && $0.instant <= material.to }
    let first = max(told.lowerBound, series.place(notBefore: material.from))
    let end = min(told.upperBound, series.place(notBefore: reached))
    change = first < end ? series.close[end - 1] / series.open[first] - 1 : nil
    defects = market.defects
    isContractKnown = market.isContractKnown
    tick = market.contract.rules.tick?.description ?? "any"
    lot = market.contract.rules.lot.description
  }

  package var json: JSONValue {
    [
      "symbol": .string(symbol), "bars": .integer(bars), "made_bars": .integer(madeBars),
      "feed": feed?.json ?? .null, "missing_bars": .integer(missingBars),
      "silent_bars": .integer(silentBars), "funding_payments": .integer(payments),
      "marks": .integer(marks), "change": .optional(change), "tick": .string(tick),
      "lot": .string(lot), "contract_known": .bool(isContractKnown),
      "bad_rows": .array(
        defects.map {
          ["reason": .string($0.key), "count": .integer($0.count), "first": .string($0.first)]
        }),
    ]
  }
}
