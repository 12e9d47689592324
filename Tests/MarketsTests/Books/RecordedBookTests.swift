import Essentials
import Foundation
import TestKit
import Testing

@testable import Markets

/// Books rebuilt from what was recorded, beside the best prices that the exchange itself published.
@Suite("Recorded books")
struct RecordedBookTests {
  private struct Market {
    let stream: String
    let best: String
    let tick: String
    let lot: String
    let kind: BookProtocol
  }

  private static let markets: [Market] = [
    Market(
      stream: "usdm_btcusdt", best: "binance_usdm_btcusdt", tick: "0.1", lot: "0.001",
      kind: .binanceFutures),
    Market(
      stream: "cm_btcusd_perp", best: "binance_cm_btcusd_perp", tick: "0.1", lot: "1",
      kind: .binanceFutures),
    Market(
      stream: "spot_btcusdt", best: "binance_spot_btcusdt", tick: "0.01", lot: "0.00000001",
      kind: .binanceSpot),
  ]

  @Test(
    "a rebuilt Binance book has the exchange's own best prices after every event",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"), arguments: 0..<3)
  func binance(place: Int) throws {
    let market = Self.markets[place]
    // Unoptimized code reads a part of the recording, the optimized one all of it.
    #if DEBUG
      let lines = try packedLines(
        "bench/l2_binance_20240808/\(market.stream)_20240808.jsonl.gz", first: 1500)
    #else
      let lines = try packedLines("bench/l2_binance_20240808/\(market.stream)_20240808.jsonl.gz")
    #endif
    var expected: [Int64: [Substring]] = [:]
    for row in try packedTable("oracles/microstructure/\(market.best)_20240808_top_of_book.csv.gz")
    {
      expected[try #require(Int64(row[0]))] = row
    }
    let reader = LevelReader(
      tick: try #require(TickSize(text: market.tick)), lot: try #require(LotSize(text: market.lot)))
    var book = SynchronizedBook(market.kind)
    var compared = 0
    var clock = FeedClock()
    for line in lines where line.contains("depthUpdate") || line.contains("lastUpdateId") {
      let message = try reader.binance(line)
      if let made = message.made { clock.observe(made: made, arrived: message.arrived) }
      let directive = book.receive(
        message.header, bids: message.bids.span, asks: message.asks.span)
      if case .requestSnapshot(let failure?) = directive { Issue.record("\(failure)") }
      guard book.state == .synchronized, let row = book.lastChange.flatMap({ expected[$0] }) else {
        continue
      }
      compared += 1
      let bid = BookLevel(
        ticks: try #require(reader.tick.ticks(text: row[1])),
        lots: try #require(reader.lot.lots(text: row[2])).lots)
      let ask = BookLevel(
        ticks: try #require(reader.tick.ticks(text: row[3])),
        lots: try #require(reader.lot.lots(text: row[4])).lots)
      guard book.book.bestBid == bid, book.book.bestAsk == ask else {
        Issue.record("\(row)")
        return
      }
    }
    #expect(compared > 50)
    #expect(book.counts.gaps == 0 && book.counts.crossings == 0 && book.counts.staleSnapshots == 0)
    #if !DEBUG
      // Two changes that were kept for the snapshot are applied in one call.
      #expect(compared >= expected.count - 1)
    #endif
    // The recorder's clock was behind the exchange's.
    #expect(clock.fromFuture == clock.messages)
    #expect((TimeSpan.seconds(1)...TimeSpan.seconds(2)).contains(clock.lag))
  }

  @Test(
    "a rebuilt Bybit book equals the plain one after every message",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func bybit() throws {
    let reader = LevelReader(
      tick: try #require(TickSize(text: "0.0001")), lot: try #require(LotSize(text: "1")))
    var book = SynchronizedBook(.bybit)
    var plain = PlainBook()
    for line in try packedLines("bench/l2_bybit_ob500/2024-12-01_XRPUSDT_ob500.data.gz") {
      let message = try reader.bybit(line)
      #expect(
        book.receive(message.header, bids: message.bids.span, asks: message.asks.span) == .applied)
      for level in message.bids { plain.set(level, of: .bid) }
      for level in message.asks { plain.set(level, of: .ask) }
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

/// Reads the messages of recordings, slowly.
private struct LevelReader {
  let tick: TickSize
  let lot: LotSize

  struct Message {
    let header: BookHeader
    let bids: ContiguousArray<BookLevel>
    let asks: ContiguousArray<BookLevel>
    /// When the exchange sent it; nil for an answer.
    let made: Timestamp?
    let arrived: Timestamp
  }

  /// Nanoseconds of the local clock, a space, and a message of a stream or a snapshot.
  func binance(_ line: Substring) throws -> Message {
    let space = try #require(line.firstIndex(of: " "))
    let arrived = Timestamp(
      millisecondsSinceEpoch: try #require(Int64(line[..<space])) / 1_000_000)
    let outer = try JSONValue(parsing: line[line.index(after: space)...])
    let inner = outer["data"] ?? outer
    if case .integer(let last)? = inner["lastUpdateId"] {
      return Message(
        header: BookHeader(
          kind: .snapshot, sequence: BookSequence(Int64(last)), instant: arrived),
        bids: try levels(inner["bids"]), asks: try levels(inner["asks"]), made: nil,
        arrived: arrived)
    }
    let made = Timestamp(millisecondsSinceEpoch: try number(inner["E"]))
    return Message(
      header: BookHeader(
        kind: .delta,
        sequence: BookSequence(
          first: try number(inner["U"]), last: try number(inner["u"]),
          previous: try inner["pu"].map { try number($0) }),
        instant: made),
      bids: try levels(inner["b"]), asks: try levels(inner["a"]), made: made, arrived: arrived)
  }

  func bybit(_ line: Substring) throws -> Message {
    let outer = try JSONValue(parsing: line)
    let inner = try #require(outer["data"])
    let made = Timestamp(millisecondsSinceEpoch: try number(outer["ts"]))
    return Message(
      header: BookHeader(
        kind: outer["type"] == .string("snapshot") ? .snapshot : .delta,
        sequence: BookSequence(try number(inner["u"]), cross: try number(inner["seq"])),
        instant: made),
      bids: try levels(inner["b"]), asks: try levels(inner["a"]), made: made, arrived: made)
  }

  private func number(_ value: JSONValue?) throws -> Int64 {
    guard case .integer(let number)? = value else { throw CocoaError(.fileReadCorruptFile) }
    return Int64(number)
  }

  private func levels(_ value: JSONValue?) throws -> ContiguousArray<BookLevel> {
    guard case .array(let rows)? = value else { throw CocoaError(.fileReadCorruptFile) }
    return ContiguousArray(
      try rows.map { row in
        guard case .array(let pair) = row, case .string(let price) = pair[0],
          case .string(let units) = pair[1], let ticks = tick.ticks(text: price),
          let quantity = lot.lots(text: units)
        else { throw CocoaError(.fileReadCorruptFile) }
        return BookLevel(ticks: ticks, lots: quantity.lots)
      })
  }
}
