package import Essentials
import Mathematics
package import Models
package import Storage

/// The latest prices of a file as models are estimated on them.
package struct FitSeries: Hashable, Sendable {
  package let path: String
  package let symbol: String
  package let kind: PriceHistory.Kind
  /// The most frequent distance between bars; of trades, too.
  package let step: TimeSpan
  /// The latest prices, and when they were.
  package let stamps: [Timestamp]
  package let prices: [Double]
  /// How many rows the file has.
  package let rowCount: Int
  package let defects: [PriceHistory.Defect]
  /// The log returns between neighbors that are one step apart, in order of time.
  package let returns: [Double]
  /// How many neighbors are further apart; their returns are left out.
  package let gapCount: Int

  /// Reads a file and keeps the latest `lookback` prices, of bars that ended by `end` and trades that
  /// were made by then.
  package init(
    reading path: String, symbol: String, lookback: Int, through end: Timestamp? = nil
  ) throws {
    let history = try PriceHistory(reading: path)
    // A bar is known when it has ended.
    let length = history.kind == .bars ? Self.step(of: history.stamps[...]) : .zero
    let count =
      end.flatMap { end in history.stamps.firstIndex { $0 + length > end } }
      ?? history.prices.count
    guard count >= 2 else {
      throw FitRefusal.tooFewPrices(path: path, count: count, first: history.defects)
    }
    self.path = path
    self.symbol = symbol
    kind = history.kind
    stamps = Array(history.stamps.prefix(count).suffix(lookback))
    prices = Array(history.prices.prefix(count).suffix(lookback))
    rowCount = history.rowCount
    defects = history.defects
    step = Self.step(of: stamps[...])
    var returns: [Double] = []
    for index in prices.indices.dropFirst()
    where stamps[index] - stamps[index - 1] == step {
      returns.append(Elementary.log(prices[index] / prices[index - 1]))
    }
    self.returns = returns
    gapCount = prices.count - 1 - returns.count
  }

  /// When the last price was known: at the end of its bar.
  package var end: Timestamp { stamps[stamps.count - 1] + (kind == .bars ? step : .zero) }

  /// The most frequent distance between neighbors; a millisecond where there are none.
  private static func step(of stamps: ArraySlice<Timestamp>) -> TimeSpan {
    var counts: [Int64: Int] = [:]
    for (earlier, later) in zip(stamps, stamps.dropFirst()) {
      counts[(later - earlier).milliseconds, default: 0] += 1
    }
    // The shorter distance wins a tie, so that the answer does not depend on hashing.
    let step = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
    return TimeSpan(milliseconds: step ?? 1)
  }

  /// The changes of the price as events: seconds since the first price, and which way. The last
  /// number is when the observation ends.
  package var ticks: (times: [Double], sides: [HawkesFlow.Side], end: Double) {
    var times: [Double] = []
    var sides: [HawkesFlow.Side] = []
    for index in prices.indices.dropFirst() where prices[index] != prices[index - 1] {
      times.append((stamps[index] - stamps[0]).seconds)
      sides.append(prices[index] > prices[index - 1] ? .up : .down)
    }
    return (times, sides, (stamps[stamps.count - 1] - stamps[0]).seconds)
  }
}

/// Why a file is not estimated on.
package enum FitRefusal: ExplainedFailure, Hashable {
  case tooFewPrices(path: String, count: Int, first: [PriceHistory.Defect])
  /// The name of the file does not say which symbol it is about.
  case unknownSymbol(path: String, quote: String)
  /// Another file is about the symbol.
  case repeatedSymbol(symbol: String, path: String, first: String)
  /// The bars have another length than those of the first file.
  case otherStep(path: String, step: TimeSpan, expected: TimeSpan)
  /// Bars where trades were, or trades where bars were.
  case otherKind(path: String, kind: PriceHistory.Kind)
  /// Trades come at no equal steps.
  case needsBars(path: String)
  /// Weights of the levels of a book are learned from books.
  case needsBooks(path: String)
  /// A folder without a converted feed.
  case noFeeds(folder: String)
  /// Bars of a length that the document cannot say.
  case unusualStep(path: String, step: TimeSpan)

  package var key: String {
    switch self {
    case .tooFewPrices: "too_few_prices"
    case .unknownSymbol: "unknown_symbol"
    case .repeatedSymbol: "repeated_symbol"
    case .otherStep: "another_bar_length"
    case .otherKind: "bars_and_trades"
    case .needsBars: "needs_bars"
    case .needsBooks: "needs_books"
    case .noFeeds: "no_feeds"
    case .unusualStep: "unusual_bar_length"
    }
  }

  package var explanation: String {
    switch self {
    case .tooFewPrices(let path, let count, let defects):
      (["\(path) has \(count) usable prices; two are needed."] + defects.map(\.first))
        .joined(separator: " ")
    case .unknownSymbol(let path, let quote):
      "The name of \(path) does not say a symbol that is priced in \(quote)."
    case .repeatedSymbol(let symbol, let path, let first):
      "\(path) is about \(symbol), as \(first) is."
    case .otherStep(let path, let step, let expected):
      "\(path) has bars of \(step) where the first file has bars of \(expected)."
    case .otherKind(let path, let kind):
      "\(path) has \(kind.rawValue), the first file has not."
    case .needsBars(let path): "\(path) has trades, which come at no equal steps."
    case .needsBooks(let path):
      "\(path) is no recording of books; bars and trades do not say what stood in them."
    case .noFeeds(let folder): "The folder \(folder) has no file that ends in .feed."
    case .unusualStep(let path, let step):
      "\(path) has bars of \(step); they must be whole seconds, a day at most."
    }
  }

  package var remedy: String {
    switch self {
    case .tooFewPrices: "Give a longer history, or mend the rows."
    case .unknownSymbol: "Name it like BTCUSDT_1m.csv, or give another --quote."
    case .repeatedSymbol: "Leave one of them out."
    case .otherStep, .otherKind: "Fit files of one kind and length at a time."
    case .needsBooks, .noFeeds:
      "Give the converted form of a recorded feed, which `athanor data convert` writes."
    case .needsBars, .unusualStep: "Give bars, such as BTCUSDT_1m.csv."
    }
  }

  package var outcome: FailureOutcome { .badConfiguration }
}
