package import Essentials
package import Markets

/// Reads the public messages of a venue, from bytes to values of Markets in one pass.
///
/// 1. A message is taken in as a whole or refused as a whole, and counted either way. What is accepted
///    is a JSON document from its first byte to its last.
/// 2. Nothing is allocated for a message: levels and events are laid into buffers that are used again
///    and hold good until the next message.
/// 3. The only memory of earlier messages is what Bybit's tickers leave out as unchanged.
///
/// Fields are found by their names, whatever their order; the order that venues use is the fast one.
/// Prices and quantities of books must be whole ticks and lots. The rule for the book of a message that
/// was refused: it lacks changes from then on, which the next message's number shows.
///
/// Sources: Bybit v5 public streams "Orderbook", "Trade", "Ticker", "Kline"; Binance spot, USD-M and
/// COIN-M market streams, and the answer to a request for a depth snapshot.
package struct FeedReader: Sendable {
  package let `protocol`: BookProtocol
  package let markets: [FeedMarket]
  /// The bid levels of the last message, where it was one of a book.
  package private(set) var bids: ContiguousArray<BookLevel> = []
  /// The ask levels of the last message, where it was one of a book.
  package private(set) var asks: ContiguousArray<BookLevel> = []
  /// What else the last message told of.
  package internal(set) var events: ContiguousArray<FeedEvent> = []
  /// When the venue sent the last message, by its clock; nil where the message does not say.
  package internal(set) var sent: Timestamp?
  package internal(set) var counts = FeedCounts()

  let table: FeedMarketTable
  /// What Bybit's tickers said last, for each market.
  var tickers: ContiguousArray<BybitTicker>
  /// When the message at hand arrived, for those that bear no time.
  var arrived = Timestamp(millisecondsSinceEpoch: 0)
  /// Whom a message is about that names no symbol.
  var unnamed: Int?

  /// The bytes of a message at most.
  package static let bytesMax = 1 << 22
  /// The levels of one side at most; Binance's deepest snapshot has 5,000.
  package static let levelsMax = 1 << 16
  /// The trades or bars of one message at most; Bybit sends up to 1,024 trades.
  package static let eventsMax = 1 << 13

  /// A reader of the streams of a venue. A market's place is that of its contract in what it tells.
  package init(_ protocol: BookProtocol, markets: [FeedMarket]) {
    self.protocol = `protocol`
    self.markets = markets
    table = FeedMarketTable(markets)
    tickers = ContiguousArray(repeating: BybitTicker(), count: markets.count)
    bids.reserveCapacity(1 << 12)
    asks.reserveCapacity(1 << 12)
    events.reserveCapacity(1 << 10)
  }

  /// Takes in a message.
  ///
  /// `arrived` stands in for the venue's time where a message bears none, as spot snapshots. Those name
  /// no symbol either: they are taken for `contract`, else for the stream's, else for the only market.
  package mutating func read(
    _ message: Span<UInt8>, arrived: Timestamp, of contract: ContractID? = nil
  ) -> FeedNews {
    message.withUnsafeBufferPointer { read($0, arrived: arrived, of: contract) }
  }

  private mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, arrived: Timestamp, of contract: ContractID?
  ) -> FeedNews {
    bids.removeAll(keepingCapacity: true)
    asks.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    sent = nil
    self.arrived = arrived
    unnamed = contract?.place ?? (markets.count == 1 ? 0 : nil)
    counts.messages += 1
    counts.bytes += bytes.count
    do throws(FeedDefect) {
      guard bytes.count <= Self.bytesMax else { throw .tooLong }
      var scanner = JSONScanner(bytes)
      let news =
        switch `protocol` {
        case .bybit: try readBybit(&scanner)
        case .binanceFutures, .binanceSpot: try readBinance(&scanner)
        }
      count(news)
      return news
    } catch {
      return refuse(error, bytes)
    }
  }

  /// A message that was given up at its first defect may besides be no JSON, which is then the reason.
  private mutating func refuse(
    _ defect: FeedDefect, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> FeedNews {
    bids.removeAll(keepingCapacity: true)
    asks.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    sent = nil
    let reason =
      defect == .tooLong || defect == .notJSON || JSONScanner.isDocument(bytes) ? defect : .notJSON
    counts.refuse(reason)
    return .defect(reason)
  }

  private mutating func count(_ news: FeedNews) {
    switch news {
    case .book:
      counts.books += 1
      counts.levels += bids.count + asks.count
    case .notice: counts.notices += 1
    case .events:
      for event in events {
        switch event.content {
        case .trade: counts.trades += 1
        case .bar: counts.bars += 1
        case .quote: counts.quotes += 1
        case .reference: counts.references += 1
        case .announcement: counts.announcements += 1
        }
      }
    case .defect: break
    }
  }
}

// MARK: - What both venues need

extension FeedReader {
  /// The market of a symbol that a message names.
  func market(_ place: JSONScanner.Place, _ scanner: JSONScanner) throws(FeedDefect) -> Int {
    guard scanner.says(place) else { throw .missing(.symbol) }
    guard let symbol = scanner.text(place) else { throw .unreadable(.symbol) }
    guard let market = table.place(of: symbol) else { throw .unknownSymbol }
    return market
  }

  /// Reads the levels of a side, at whose bracket the scanner stands, into its buffer.
  mutating func takeLevels(
    _ side: QuoteSide, of market: Int, _ scanner: inout JSONScanner
  ) throws(FeedDefect) {
    let price = table.entries[market].price
    let quantity = table.entries[market].quantity
    switch side {
    case .bid: try scanner.levels(into: &bids, price: price, quantity: quantity, .bids)
    case .ask: try scanner.levels(into: &asks, price: price, quantity: quantity, .asks)
    }
  }
}

extension JSONScanner {
  /// Reads `[["price","quantity"],…]` to its end; what else stands in a pair is passed over.
  mutating func levels(
    into levels: inout ContiguousArray<BookLevel>, price: DecimalScale, quantity: DecimalScale,
    _ field: FeedField
  ) throws(FeedDefect) {
    guard try open(UInt8(ascii: "["), field) else { return }
    repeat {
      guard levels.count < FeedReader.levelsMax else { throw .tooLong }
      guard try open(UInt8(ascii: "["), field) else { throw .unreadable(field) }
      let ticks = try steps(of: price, .price)
      guard try goesOn(until: UInt8(ascii: "]")) else { throw .unreadable(field) }
      let lots = try steps(of: quantity, .quantity)
      while try goesOn(until: UInt8(ascii: "]")) { _ = try value() }
      levels.append(BookLevel(ticks: ticks, lots: lots))
    } while try goesOn(until: UInt8(ascii: "]"))
  }

  /// Reads a number as steps of a scale and passes over it.
  @inline(__always)
  private mutating func steps(
    of scale: DecimalScale, _ field: FeedField
  ) throws(FeedDefect) -> Int64 {
    guard next() == UInt8(ascii: "\"") else { return try steps(at: value(), scale, field) }
    var here = place &+ 1
    let steps: Int64
    do throws(DecimalScale.Mistake) {
      steps = try scale.steps(in: bytes, from: &here)
    } catch {
      throw error == .betweenSteps ? .betweenSteps(field) : .unreadable(field)
    }
    guard here < bytes.count, bytes[here] == UInt8(ascii: "\"") else { throw .unreadable(field) }
    go(to: here &+ 1)
    return steps
  }

  /// The steps of a scale in a number that was passed over, which may be below zero.
  func steps(
    at place: Place, _ scale: DecimalScale, _ field: FeedField
  ) throws(FeedDefect) -> Int64 {
    guard says(place) else { throw .missing(field) }
    do throws(DecimalScale.Mistake) {
      return try scale.steps(of: figures(place))
    } catch {
      throw error == .betweenSteps ? .betweenSteps(field) : .unreadable(field)
    }
  }

  /// A whole number that was passed over.
  func whole(_ place: Place, _ field: FeedField) throws(FeedDefect) -> Int64 {
    try steps(at: place, .whole, field)
  }

  /// An instant in milliseconds since 1970 that was passed over.
  func instant(_ place: Place, _ field: FeedField = .instant) throws(FeedDefect) -> Timestamp {
    let milliseconds = try whole(place, field)
    // From 1970 to the year 9999, so that sums with spans of time cannot overflow.
    guard (0..<253_402_300_800_000).contains(milliseconds) else { throw .unreadable(field) }
    return Timestamp(millisecondsSinceEpoch: milliseconds)
  }

  /// A number above zero, or not below it, that was passed over.
  func number(
    _ place: Place, _ field: FeedField, orZero: Bool = false
  ) throws(FeedDefect) -> Double {
    guard says(place) else { throw .missing(field) }
    guard let number = DecimalDouble.value(of: figures(place)), number > 0 || orZero && number == 0
    else { throw .unreadable(field) }
    return number
  }

  /// A price that was passed over.
  func price(_ place: Place, _ field: FeedField) throws(FeedDefect) -> Price {
    guard let price = Price(nanos: try steps(at: place, .billionths, field)) else {
      throw .unreadable(field)
    }
    return price
  }

  /// A rate that was passed over.
  func rate(_ place: Place, _ field: FeedField) throws(FeedDefect) -> SignedRate {
    let count = try steps(at: place, .hundredMillionths, field)
    guard let rate = SignedRate(hundredMillionths: count) else { throw .unreadable(field) }
    return rate
  }
}

extension DecimalScale {
  fileprivate static let whole = DecimalScale(places: 0)
  fileprivate static let hundredMillionths = DecimalScale(places: 8)
  fileprivate static let billionths = DecimalScale(places: 9)
}
