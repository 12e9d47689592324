package import Essentials
package import Markets

/// Writes messages as a venue's public streams send them: what `FeedReader` reads.
///
/// A venue in this process tells of its markets by it, so whoever trades there is fed as by the venue
/// itself. Numbers have the fewest digits that read back to the same double, without exponents. The
/// buffer is used again; a message is written without allocating but for its numbers.
package struct FeedText: Sendable {
  package let `protocol`: BookProtocol
  /// The last message.
  package internal(set) var bytes: ContiguousArray<UInt8> = []

  /// A writer of the streams of a venue.
  package init(_ protocol: BookProtocol = .bybit) {
    self.protocol = `protocol`
    bytes.reserveCapacity(1 << 10)
  }

  /// Writes a sight of a bar, as of the stream `kline.{interval}.{symbol}` of Bybit or
  /// `{symbol}@kline_{interval}` of Binance.
  ///
  /// The span must be one of the venue's (``canTell(of:by:)``). A turnover that is missing is left empty.
  package mutating func bar(_ bar: Bar, span: BarSpan, of symbol: String, at instant: Timestamp) {
    switch `protocol` {
    case .bybit: bybitBar(bar, span: span, of: symbol, at: instant)
    case .binanceFutures, .binanceSpot: binanceBar(bar, span: span, of: symbol, at: instant)
    }
  }

  /// Writes what changed of a ticker, as of the stream `tickers.{symbol}`, or a mark price, as of
  /// `{symbol}@markPrice`.
  package mutating func reference(_ reference: ReferencePrice, of symbol: String) {
    switch `protocol` {
    case .bybit: bybitReference(reference, of: symbol)
    case .binanceFutures, .binanceSpot: binanceReference(reference, of: symbol)
    }
  }

  /// Writes at which rate funding will be paid next, as of the same streams. Binance tells it beside a
  /// mark price, which is left empty.
  package mutating func announcement(_ announcement: FundingAnnouncement, of symbol: String) {
    switch `protocol` {
    case .bybit: bybitAnnouncement(announcement, of: symbol)
    case .binanceFutures, .binanceSpot: binanceAnnouncement(announcement, of: symbol)
    }
  }

  /// Writes a trade, as of the stream `publicTrade.{symbol}` or `{symbol}@trade`.
  package mutating func trade(_ trade: Trade, of symbol: String, at instant: Timestamp) {
    switch `protocol` {
    case .bybit: bybitTrade(trade, of: symbol, at: instant)
    case .binanceFutures, .binanceSpot: binanceTrade(trade, of: symbol, at: instant)
    }
  }

  /// Writes a message of a book, as of the stream `orderbook.200.{symbol}` or `{symbol}@depth`, or the
  /// answer to a request for Binance's snapshot.
  package mutating func book(
    _ header: BookHeader, bids: Span<BookLevel>, asks: Span<BookLevel>, of market: FeedMarket,
    at instant: Timestamp
  ) {
    switch `protocol` {
    case .bybit: bybitBook(header, bids, asks, of: market, at: instant)
    case .binanceFutures, .binanceSpot: binanceBook(header, bids, asks, of: market, at: instant)
    }
  }

  /// Whether a venue streams bars of a length.
  package static func canTell(of span: BarSpan, by protocol: BookProtocol = .bybit) -> Bool {
    switch `protocol` {
    case .bybit:
      let minutes = span.length.milliseconds / 60_000
      return span.length == .minutes(minutes)
        && [1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1440].contains(minutes)
    case .binanceFutures, .binanceSpot: return binanceInterval(of: span) != nil
    }
  }

  // MARK: - Parts

  mutating func write(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func write(text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func write(_ instant: Timestamp) { write(instant.millisecondsSinceEpoch) }

  mutating func write(_ number: Int64) { bytes.append(contentsOf: String(number).utf8) }

  mutating func write(_ number: Double) {
    bytes.append(contentsOf: plainDecimalText(number).utf8)
  }

  /// Writes levels as pairs of texts.
  mutating func write(_ levels: Span<BookLevel>, of market: FeedMarket) {
    write("[")
    for place in levels.indices {
      write(place == 0 ? #"[""# : #",[""#)
      write(text: decimalText(levels[place].ticks * market.tick.nanos, places: 9))
      write(#"",""#)
      write(text: decimalText(levels[place].lots * market.lot.nanos, places: 9))
      write(#""]"#)
    }
    write("]")
  }
}

/// Writes a finite double with the fewest digits that read back to it, and without an exponent.
func plainDecimalText(_ number: Double) -> String {
  let text = number.description
  guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
  else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
  let sign = text.hasPrefix("-") ? "-" : ""
  let mantissa = text[..<mark].drop { $0 == "-" }
  let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
  let digits = parts.joined()
  // Where the point stands among the digits once it is moved.
  let point = (parts.first?.count ?? 0) + exponent
  if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
  guard point < digits.count else {
    return sign + digits + String(repeating: "0", count: point - digits.count)
  }
  return sign + digits.prefix(point) + "." + digits.dropFirst(point)
}
