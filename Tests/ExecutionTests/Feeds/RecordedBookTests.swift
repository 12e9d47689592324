import Essentials
import Foundation
import Markets
import TestKit
import Testing

@testable import Execution

/// Recorded streams, from their bytes to the best prices that the exchange itself published.
@Suite("Recorded books")
struct RecordedBookTests {
  private struct Recording {
    let stream: String
    let best: String
    let market: FeedMarket
    let kind: BookProtocol
  }

  private static func recording(_ place: Int) throws -> Recording {
    let (stream, best, symbol, tick, lot, kind) =
      [
        ("usdm_btcusdt", "binance_usdm_btcusdt", "BTCUSDT", "0.1", "0.001", .binanceFutures),
        ("cm_btcusd_perp", "binance_cm_btcusd_perp", "BTCUSD_PERP", "0.1", "1", .binanceFutures),
        ("spot_btcusdt", "binance_spot_btcusdt", "BTCUSDT", "0.01", "0.00000001", .binanceSpot),
      ][place] as (String, String, String, String, String, BookProtocol)
    return Recording(
      stream: stream, best: best,
      market: FeedMarket(
        symbol: symbol, tick: try #require(TickSize(text: tick)),
        lot: try #require(LotSize(text: lot))), kind: kind)
  }

  @Test(
    "a rebuilt Binance book has the exchange's own best prices after every event",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"), arguments: 0..<3)
  func binance(place: Int) throws {
    let recording = try Self.recording(place)
    let path = "bench/l2_binance_20240808/\(recording.stream)_20240808.jsonl.gz"
    // Unoptimized code reads a part of the recording, the optimized one all of it.
    #if DEBUG
      let lines = try packedLines(path, first: 1500)
    #else
      let lines = try packedLines(path)
    #endif
    var expected: [Int64: BookQuote] = [:]
    for row in try packedTable(
      "oracles/microstructure/\(recording.best)_20240808_top_of_book.csv.gz")
    {
      let change = try #require(Int64(row[0]))
      expected[change] = BookQuote(
        instant: Timestamp(millisecondsSinceEpoch: 0), change: change,
        bid: try level(row[1], row[2], of: recording.market),
        ask: try level(row[3], row[4], of: recording.market))
    }
    var reader = FeedReader(recording.kind, markets: [recording.market])
    var book = SynchronizedBook(recording.kind)
    var clock = FeedClock()
    var compared = 0
    var quotes = 0
    for line in lines {
      let head = RecordedMessage(Array(line.utf8).span)
      let message = try #require(head)
      let arrived = try #require(message.arrived)
      let news = Array(line.utf8.dropFirst(message.start)).withUnsafeBufferPointer {
        reader.read($0.span, arrived: arrived)
      }
      if let sent = reader.sent { clock.observe(made: sent, arrived: arrived) }
      switch news {
      case .book(let header, _, _):
        let directive = book.receive(header, bids: reader.bids.span, asks: reader.asks.span)
        if case .requestSnapshot(let failure?) = directive { Issue.record("\(failure)") }
        guard book.state == .synchronized, let best = book.lastChange.flatMap({ expected[$0] })
        else { continue }
        compared += 1
        guard book.book.bestBid == best.bid, book.book.bestAsk == best.ask else {
          Issue.record("change \(best.change)")
          return
        }
      case .events:
        quotes += reader.events.count
      case .notice, .defect: Issue.record("\(news) for \(line.prefix(200))")
      }
    }
    #expect(compared > 50)
    #expect(quotes > 500)
    #expect(reader.counts.allRefused == 0)
    #expect(book.counts.gaps == 0 && book.counts.crossings == 0 && book.counts.staleSnapshots == 0)
    #if !DEBUG
      // Two changes that were kept for the snapshot are applied in one call.
      #expect(compared >= expected.count - 1)
    #endif
    // The recorder's clock was behind the exchange's.
    #expect(clock.fromFuture == clock.messages)
    #expect((TimeSpan.seconds(1)...TimeSpan.seconds(2)).contains(clock.lag))
  }

  private func level(
    _ price: Substring, _ units: Substring, of market: FeedMarket
  ) throws -> BookLevel {
    BookLevel(
      ticks: try #require(market.tick.ticks(text: price)),
      lots: try #require(market.lot.lots(text: units)).lots)
  }

  @Test(
    "a rebuilt Bybit book equals the plain one after every message",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func bybit() throws {
    let market = FeedMarket(
      symbol: "XRPUSDT", tick: try #require(TickSize(text: "0.0001")),
      lot: try #require(LotSize(text: "1")))
    var reader = FeedReader(.bybit, markets: [market])
    var book = SynchronizedBook(.bybit)
    var plain = PlainBook()
    for line in try packedLines("bench/l2_bybit_ob500/2024-12-01_XRPUSDT_ob500.data.gz") {
      let news = reader.read(
        Array(line.utf8).span, arrived: Timestamp(millisecondsSinceEpoch: 0))
      guard case .book(let header, _, depth: 500) = news else {
        Issue.record("\(news)")
        return
      }
      #expect(
        book.receive(header, bids: reader.bids.span, asks: reader.asks.span) == .applied)
      for level in reader.bids { plain.set(level, of: .bid) }
      for level in reader.asks { plain.set(level, of: .ask) }
      #expect(book.book.bestBid == plain.levels(of: .bid).first)
      #expect(book.book.bestAsk == plain.levels(of: .ask).first)
    }
    #expect(book.counts.applied == 50)
    #expect(Array(book.book.levels(of: .bid)) == plain.levels(of: .bid))
    #expect(Array(book.book.levels(of: .ask)) == plain.levels(of: .ask))
    // The venue keeps 500 levels of each side.
    #expect(book.book.count(of: .bid) == 500)
    #expect(book.book.count(of: .ask) == 500)
  }
}
