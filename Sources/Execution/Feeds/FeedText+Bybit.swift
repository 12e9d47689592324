import Essentials
package import Markets

// The messages of Bybit v5's public streams.

extension FeedText {
  /// The interval of bars as Bybit names it.
  package static func interval(of span: BarSpan) -> String {
    let minutes = span.length.milliseconds / 60_000
    return minutes == 1440 ? "D" : String(minutes)
  }

  mutating func bybitBar(_ bar: Bar, span: BarSpan, of symbol: String, at instant: Timestamp) {
    begin("kline.", Self.interval(of: span), symbol, "snapshot", at: instant)
    write(#"[{"start":"#)
    write(bar.openTime)
    write(#","end":"#)
    write(span.end(from: bar.openTime) - TimeSpan(milliseconds: 1))
    write(#","interval":""#)
    write(text: Self.interval(of: span))
    write(#"","open":""#)
    write(bar.open)
    write(#"","close":""#)
    write(bar.close)
    write(#"","high":""#)
    write(bar.high)
    write(#"","low":""#)
    write(bar.low)
    write(#"","volume":""#)
    write(bar.volume)
    write(#"","turnover":""#)
    if bar.quoteVolume.isFinite { write(bar.quoteVolume) }
    write(bar.isClosed ? #"","confirm":true,"timestamp":"# : #"","confirm":false,"timestamp":"#)
    write(instant)
    write("}]}")
  }

  mutating func bybitReference(_ reference: ReferencePrice, of symbol: String) {
    beginTicker(symbol, at: reference.instant)
    write(#","markPrice":""#)
    write(text: reference.mark.description)
    if let index = reference.index {
      write(#"","indexPrice":""#)
      write(text: index.description)
    }
    write(#""}}"#)
  }

  mutating func bybitAnnouncement(_ announcement: FundingAnnouncement, of symbol: String) {
    beginTicker(symbol, at: announcement.instant)
    write(#","fundingRate":""#)
    write(text: announcement.rate.description)
    write(#"","nextFundingTime":""#)
    write(announcement.due)
    write(#""}}"#)
  }

  mutating func bybitTrade(_ trade: Trade, of symbol: String, at instant: Timestamp) {
    begin("publicTrade.", nil, symbol, "snapshot", at: instant)
    write(#"[{"T":"#)
    write(trade.instant)
    write(#","s":""#)
    write(text: symbol)
    write(trade.taker == .buy ? #"","S":"Buy","v":""# : #"","S":"Sell","v":""#)
    write(trade.units)
    write(#"","p":""#)
    write(trade.price)
    if trade.id != 0 {
      write(#"","i":""#)
      write(text: String(trade.id))
    }
    write(#"","BT":false}]}"#)
  }

  mutating func bybitBook(
    _ header: BookHeader, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>, of market: FeedMarket,
    at instant: Timestamp
  ) {
    begin(
      "orderbook.", Self.bookDepth, market.symbol,
      header.kind == .snapshot ? "snapshot" : "delta", at: instant)
    write(#"{"s":""#)
    write(text: market.symbol)
    write(#"","b":"#)
    write(bids, of: market)
    write(#","a":"#)
    write(asks, of: market)
    write(#","u":"#)
    write(header.sequence.last)
    if let cross = header.sequence.cross {
      write(#","seq":"#)
      write(cross)
    }
    write(#"},"cts":"#)
    write(header.instant)
    write("}")
  }

  private static let bookDepth = "200"

  // MARK: - Parts

  private mutating func begin(
    _ topic: StaticString, _ interval: String?, _ symbol: String, _ kind: StaticString,
    at instant: Timestamp
  ) {
    bytes.removeAll(keepingCapacity: true)
    write(#"{"topic":""#)
    write(topic)
    if let interval {
      write(text: interval)
      write(".")
    }
    write(text: symbol)
    write(#"","type":""#)
    write(kind)
    write(#"","ts":"#)
    write(instant)
    write(#","data":"#)
  }

  private mutating func beginTicker(_ symbol: String, at instant: Timestamp) {
    begin("tickers.", nil, symbol, "delta", at: instant)
    write(#"{"symbol":""#)
    write(text: symbol)
    write(#"""#)
  }
}
