import Essentials
import Markets

// The messages of Binance's market streams, and the answer to a request for a depth snapshot.

extension FeedText {
  /// The interval of bars as Binance names it; nil where it has none of that length.
  static func binanceInterval(of span: BarSpan) -> String? {
    let minutes = span.length.milliseconds / 60_000
    guard span.length == .minutes(minutes) else { return nil }
    switch minutes {
    case 1, 3, 5, 15, 30: return "\(minutes)m"
    case 60, 120, 240, 360, 480, 720: return "\(minutes / 60)h"
    case 1440: return "1d"
    default: return nil
    }
  }

  mutating func binanceBar(_ bar: Bar, span: BarSpan, of symbol: String, at instant: Timestamp) {
    begin("kline", symbol, at: instant)
    write(#","k":{"t":"#)
    write(bar.openTime)
    write(#","T":"#)
    write(span.end(from: bar.openTime) - TimeSpan(milliseconds: 1))
    write(#","s":""#)
    write(text: symbol)
    write(#"","i":""#)
    write(text: Self.binanceInterval(of: span) ?? "")
    write(#"","o":""#)
    write(bar.open)
    write(#"","c":""#)
    write(bar.close)
    write(#"","h":""#)
    write(bar.high)
    write(#"","l":""#)
    write(bar.low)
    write(#"","v":""#)
    write(bar.volume)
    write(#"","n":"#)
    write(Int64(bar.trades))
    write(#","q":""#)
    if bar.quoteVolume.isFinite { write(bar.quoteVolume) }
    write(bar.isClosed ? #"","x":true}}"# : #"","x":false}}"#)
  }

  mutating func binanceReference(_ reference: ReferencePrice, of symbol: String) {
    begin("markPriceUpdate", symbol, at: reference.instant)
    write(#","p":""#)
    write(text: reference.mark.description)
    if let index = reference.index {
      write(#"","i":""#)
      write(text: index.description)
    }
    write(#"","r":"","T":0}"#)
  }

  mutating func binanceAnnouncement(_ announcement: FundingAnnouncement, of symbol: String) {
    begin("markPriceUpdate", symbol, at: announcement.instant)
    write(#","p":"","r":""#)
    write(text: announcement.rate.description)
    write(#"","T":"#)
    write(announcement.due)
    write("}")
  }

  mutating func binanceTrade(_ trade: Trade, of symbol: String, at instant: Timestamp) {
    begin("trade", symbol, at: instant)
    write(#","T":"#)
    write(trade.instant)
    if trade.id != 0 {
      write(#","t":"#)
      write(Int64(bitPattern: trade.id))
    }
    write(#","p":""#)
    write(trade.price)
    write(#"","q":""#)
    write(trade.units)
    write(trade.taker == .sell ? #"","X":"MARKET","m":true}"# : #"","X":"MARKET","m":false}"#)
  }

  mutating func binanceBook(
    _ header: BookHeader, _ bids: Span<BookLevel>, _ asks: Span<BookLevel>, of market: FeedMarket,
    at instant: Timestamp
  ) {
    let isSnapshot = header.kind == .snapshot
    if isSnapshot {
      bytes.removeAll(keepingCapacity: true)
      write(#"{"lastUpdateId":"#)
      write(header.sequence.last)
      write(#","symbol":""#)
      write(text: market.symbol)
      write(#"","E":"#)
      write(instant)
    } else {
      begin("depthUpdate", market.symbol, at: instant)
      write(#","U":"#)
      write(header.sequence.first)
      write(#","u":"#)
      write(header.sequence.last)
      if let previous = header.sequence.previous {
        write(#","pu":"#)
        write(previous)
      }
    }
    write(#","T":"#)
    write(header.instant)
    write(isSnapshot ? #","bids":"# : #","b":"#)
    write(bids, of: market)
    write(isSnapshot ? #","asks":"# : #","a":"#)
    write(asks, of: market)
    write("}")
  }

  private mutating func begin(_ event: StaticString, _ symbol: String, at instant: Timestamp) {
    bytes.removeAll(keepingCapacity: true)
    write(#"{"e":""#)
    write(event)
    write(#"","E":"#)
    write(instant)
    write(#","s":""#)
    write(text: symbol)
    write(#"""#)
  }
}
