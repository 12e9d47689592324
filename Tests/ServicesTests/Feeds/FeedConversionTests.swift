import Backtesting
import Essentials
import Execution
import Foundation
import Markets
import Storage
import TestKit
import Testing

@testable import Services

@Suite("Feed conversion")
struct FeedConversionTests {
  private static func conversion(
    _ source: String, _ target: String, _ kind: BookProtocol = .binanceFutures,
    symbol: String = "BTCUSDT", tick: String = "0.1", lot: String = "0.001"
  ) throws -> FeedConversion {
    let tick = try #require(TickSize(text: tick))
    let lot = try #require(LotSize(text: lot))
    return FeedConversion(
      from: source, to: target, protocol: kind,
      market: FeedMarket(symbol: symbol, tick: tick, lot: lot))
  }

  private static func change(_ first: Int, _ last: Int, after previous: Int, bid: String) -> String
  {
    #"{"e":"depthUpdate","E":\#(1000 + last),"T":\#(999 + last),"s":"BTCUSDT","U":\#(first),"u":\#(last),"pu":\#(previous),"b":[["\#(bid)","0.5"]],"a":[]}"#
  }

  private static let snapshot =
    #"{"lastUpdateId":5,"E":1005,"T":1005,"bids":[["99.0","1"]],"asks":[["101.0","2"]]}"#
  private static let trade =
    #"{"e":"trade","E":1010,"T":1009,"s":"BTCUSDT","t":77,"p":"100.0","q":"0.25","X":"MARKET","m":true}"#

  @Test(
    "what is wrong with a recording is counted and left out, and what is right is kept in order")
  func defects() throws {
    let scratch = try ScratchFolder()
    let source = scratch.url.appendingPathComponent("recording").path
    let target = scratch.url.appendingPathComponent("out.feed").path
    let messages = [
      Self.snapshot, Self.change(4, 6, after: 3, bid: "99.5"), Self.trade, Self.trade,
      Self.change(7, 8, after: 6, bid: "99.55"), "{\"e\":", "no message",
      Self.change(9, 10, after: 8, bid: "99.6"), #"{"result":null,"id":1}"#,
    ]
    var text = ""
    for (place, message) in messages.enumerated() {
      let isStray = message == "no message"
      text += isStray ? message + "\n" : "\(1_000_000_000 + place * 1_000_000) \(message)\n"
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: source))
    let report = try Self.conversion(source, target).run()
    let found = Dictionary(uniqueKeysWithValues: report.findings.map { ($0.kind, $0.count) })
    #expect(
      found == [
        "not_json": 1, "between_steps": 1, "stray_line": 1, "sequence_gap": 1, "notice": 1,
        "repeated_trade": 1, "from_future": 5,
      ])
    #expect(report.firstDefect == FeedConversionDefect(line: 5, defect: .betweenSteps(.price)))
    #expect(report.kept.books == 3 && report.kept.levels == 4 && report.kept.trades == 1)
    let file = try FeedFile(path: target)
    #expect(file.fingerprint == report.fingerprint)
    #expect(file.source == report.sourceFingerprint)
    var kinds: [String] = []
    var arrivals: [Int64?] = []
    file.visit { record, bids, asks in
      arrivals.append(record.arrivedNanoseconds)
      switch record.content {
      case .book(let header): kinds.append("\(header.sequence.last): \(bids.count)+\(asks.count)")
      case .trade(let trade): kinds.append("trade \(trade.id)")
      case .mark, .funding: kinds.append("other")
      }
      return true
    }
    #expect(kinds == ["5: 1+1", "6: 1+0", "trade 77", "10: 1+0"])
    let recording = file.recording
    #expect(recording.books?.count == 3 && recording.trades.map(\.id) == [77])
    #expect(recording.books?.instant(at: 2).millisecondsSinceEpoch == 1009)
    #expect(recording.count == 4 && recording.books?.sequencing == .binanceFutures)
    #expect(arrivals == [1_000_000_000, 1_001_000_000, 1_002_000_000, 1_007_000_000])
  }

  @Test("a recording of another symbol, or without any message, is refused and leaves no file")
  func nothing() throws {
    let scratch = try ScratchFolder()
    let source = scratch.url.appendingPathComponent("recording").path
    let target = scratch.url.appendingPathComponent("out.feed").path
    try Data((Self.trade + "\n").utf8).write(to: URL(fileURLWithPath: source))
    #expect(throws: FeedConversionFailure.self) {
      try Self.conversion(source, target, symbol: "ETHUSDT").run()
    }
    #expect(throws: FeedConversionFailure.symbolTooLong(String(repeating: "X", count: 70))) {
      try Self.conversion(source, target, symbol: String(repeating: "X", count: 70)).run()
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["recording"])
  }

  @Test(
    "a converted recording rebuilds the book that its messages rebuild",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recorded() throws {
    let scratch = try ScratchFolder()
    let target = scratch.url.appendingPathComponent("out.feed").path
    let source = SharedMaterial.file("bench/l2_bybit_ob500/2024-12-01_XRPUSDT_ob500.data.gz").path
    let conversion = try Self.conversion(
      source, target, .bybit, symbol: "XRPUSDT", tick: "0.0001", lot: "1")
    var told = 0
    let report = try conversion.run { _, _ in told += 1 }
    #expect(report.kept.books == 50 && report.findings.isEmpty)
    var book = SynchronizedBook(.bybit)
    var plain = PlainBook()
    try FeedFile(path: target).visit { record, bids, asks in
      guard case .book(let header) = record.content else { return false }
      #expect(book.receive(header, bids: bids, asks: asks) == .applied)
      for place in bids.indices { plain.set(bids[place], of: .bid) }
      for place in asks.indices { plain.set(asks[place], of: .ask) }
      return true
    }
    for side in QuoteSide.allCases {
      #expect(Array(book.book.levels(of: side)) == plain.levels(of: side))
    }
    let again = scratch.url.appendingPathComponent("again.feed").path
    let second = try Self.conversion(
      source, again, .bybit, symbol: "XRPUSDT", tick: "0.0001", lot: "1"
    ).run()
    #expect(second.fingerprint == report.fingerprint)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: again))
        == (try Data(contentsOf: URL(fileURLWithPath: target))))
  }
}
