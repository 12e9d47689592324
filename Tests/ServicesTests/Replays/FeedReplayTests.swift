import Backtesting
import Essentials
import Execution
import Foundation
import Markets
import Storage
import Tactics
import TestKit
import Testing

@testable import Services

@Suite("Replays of recorded feeds")
struct FeedReplayTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func path(_ name: String) -> String { folder.url.appendingPathComponent(name).path }

  private func request(_ feed: SyntheticFeed) throws -> ReplayRequest {
    try feed.write("BTCUSDT", to: path("btc.feed"))
    var request = ReplayRequest(paths: [], configuration: TacticsConfiguration())
    request.feeds = [folder.url.path]
    request.delay = .zero
    return request
  }

  private func run(
    _ request: ReplayRequest, _ trader: ScriptedTrader = ScriptedTrader(every: 6, holds: 3)
  ) throws -> (ReplayMaterial, ReplayResult) {
    var trust = ReplayTrustSettings()
    trust.resamples = 20
    trust.draws = 10
    let material = try ReplayMaterial(for: request)
    var journal: ReplayJournal?
    let result = try ReplayDesk(request, material).run(trader, journal: &journal, trust: trust)
    return (material, result)
  }

  @Test("a feed alone is traded against its books, on bars of its trades, under its venue's fees")
  func alone() throws {
    let (material, result) = try run(request(SyntheticFeed(kind: .binanceFutures)))
    #expect(material.venue == .binance && material.fees == .standard(.binance))
    let market = try #require(result.markets.first)
    let feed = try #require(market.feed)
    // Thirty minutes from a quarter of one on hold twenty-nine whole ones.
    #expect(market.bars == 29 && market.madeBars == 29 && market.missingBars == 0)
    #expect(feed.books == 1800 && feed.trades == 1800 && market.marks == 180)
    #expect(feed.breaks == 0 && feed.crossings == 0 && feed.repeats == 0 && feed.late == 0)
    #expect(market.tick == "0.1" && market.lot == "0.001" && !market.isContractKnown)
    #expect(result.closed.count > 2)
    // The best ask is a tick above the middle of a book whose prices are whole ticks.
    for trade in result.closed {
      let tenths = trade.trip.entryPrice * 10
      #expect((tenths - tenths.rounded()).magnitude < 0.5)
    }
    let page = result.page(title: "feed", of: material)
    #expect(page.makeups.map(\.books) == [1800])
    let html = ReplayPage(page).html()
    #expect(html.contains("makeup-table") && !html.contains("nan"))
    #expect(result.terms.assumptions.contains { $0.english.contains("walks the recorded book") })
    let again = try run(request(SyntheticFeed(kind: .binanceFutures))).1
    #expect(again.result == result.result)
  }

  @Test("bars warm up before a feed, no bar comes twice, and the feed's own come of its trades")
  func warmUp() throws {
    var request = try request(SyntheticFeed())
    let bars = RecordedFolder.bars(120, seed: 5)
    try bars.joined(separator: "\n").write(
      toFile: path("BTCUSDT_1m.csv"), atomically: true, encoding: .utf8)
    try bars.joined(separator: "\n").write(
      toFile: path("ETHUSDT_1m.csv"), atomically: true, encoding: .utf8)
    request.paths = [path("BTCUSDT_1m.csv"), path("ETHUSDT_1m.csv")]
    let (material, result) = try run(request)
    let market = try #require(material.markets.first)
    #expect(material.markets.count == 1)
    // The minute in which the feed begins is the file's, the next one is made of trades.
    #expect(market.recordedBars == 61 && market.series.count == 61 + 29)
    #expect(
      market.series.openTimes
        == ContiguousArray((0..<90).map { Int64(RecordedFolder.start) + 60_000 * $0 }))
    let feed = try #require(market.feed)
    #expect(
      material.from == feed.first
        && material.start == Timestamp(millisecondsSinceEpoch: Int64(RecordedFolder.start)))
    let start = market.series.openTimes[61]
    let traded = feed.recording.trades.filter {
      (start..<start + 60_000).contains($0.instant.millisecondsSinceEpoch)
    }
    #expect(abs(market.series.volume[61] - traded.reduce(0) { $0 + $1.units }) < 1e-9)
    #expect(result.markets[0].bars == 90 && result.markets[0].madeBars == 29)
    #expect(result.closed.allSatisfy { $0.trip.openedAt >= feed.first })
  }

  @Test("quiet minutes have bars of no volume, and minutes in which nobody listened have none")
  func quiet() throws {
    let (material, result) = try run(request(SyntheticFeed(quiet: [3, 4], deaf: [10, 11])))
    let series = material.markets[0].series
    #expect(series.volume.count { $0 == 0 } == 2 && result.markets[0].silentBars == 2)
    #expect(result.markets[0].missingBars > 1)
    #expect(series.openTimes == ContiguousArray(series.openTimes.sorted()))
  }

  @Test(
    "where a message is missing the book is lost until a snapshot, and trades go on filling exits")
  func broken() throws {
    let (_, result) = try run(
      request(SyntheticFeed(broken: 520..<640)), ScriptedTrader(every: 6, holds: 3))
    let feed = try #require(result.markets[0].feed)
    #expect(feed.breaks == 1 && feed.unused > 100)
    let lost = Timestamp(millisecondsSinceEpoch: SyntheticFeed().start + 520_000)
    let exits = result.closed.filter {
      $0.trip.closedAt > lost && $0.trip.closedAt < lost + .seconds(115)
    }
    // It met the next trade, with slippage.
    #expect(exits.count == 1)
    #expect(
      result.trustFigures.contains { $0.name.english == "Books lost" && $0.value == .count(1) })
  }

  @Test(
    "a feed cut in files is told as the whole, in the order of time whatever the names",
    arguments: [BookProtocol.bybit, .binanceFutures])
  func cut(kind: BookProtocol) throws {
    let whole = try request(SyntheticFeed(kind: kind))
    let expected = try run(whole).1
    var parted = whole
    parted.feeds = ["c", "a", "b"].map { path("parts/\($0).feed") }
    try FileManager.default.createDirectory(
      atPath: path("parts"), withIntermediateDirectories: true)
    try SyntheticFeed.cut(path("btc.feed"), into: parted.feeds)
    let (material, result) = try run(parted)
    #expect(result.orderHash == expected.orderHash && !result.closed.isEmpty)
    #expect(result.markets[0].feed?.books == 1800 && result.markets[0].feed?.breaks == 0)
    #expect(result.markets[0].madeBars == 29)
    #expect(material.markets[0].feed?.paths == parted.feeds)
    var folder = whole
    folder.feeds = [path("parts")]
    #expect(try run(folder).1.result == result.result)
  }

  @Test("files of one feed that overlap or count otherwise are refused")
  func disjoint() throws {
    var request = try request(SyntheticFeed())
    try FileManager.default.copyItem(atPath: path("btc.feed"), toPath: path("copy.feed"))
    #expect {
      try ReplayMaterial(for: request)
    } throws: {
      guard case .overlappingFeeds = $0 as? ReplayRefusal else { return false }
      return true
    }
    var later = SyntheticFeed(kind: .bybit)
    later.start += 7_200_000
    guard let tick = TickSize(nanos: 10_000_000) else { throw CocoaError(.featureUnsupported) }
    try later.write("BTCUSDT", to: path("copy.feed"), tick: tick)
    request.feeds = [path("btc.feed"), path("copy.feed")]
    #expect(
      throws: ReplayRefusal.otherFeed(path: path("copy.feed"), first: path("btc.feed"))
    ) { try ReplayMaterial(for: request) }
  }

  @Test("a recording that was not converted is refused with the very command that converts it")
  func raw() throws {
    let message =
      #"{"topic":"orderbook.50.XRPUSDT","type":"snapshot","ts":1,"data":{"s":"XRPUSDT","b":[["2.0010","15"]],"a":[["2.0100","7.50"]],"u":1,"seq":2}}"#
    let file = path("it's raw.jsonl")
    try (message + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    var request = ReplayRequest(paths: [], configuration: TacticsConfiguration())
    request.feeds = [file]
    let failure = #expect(throws: ReplayRefusal.self) { try ReplayMaterial(for: request) }
    #expect(
      failure?.remedy
        == "Convert it: athanor data convert --feed '\(folder.url.path)/it'\\''s raw.jsonl' "
        + "--out 'it'\\''s raw.feed' --venue bybit --symbol XRPUSDT --tick 0.001 --lot 0.1")
    request.feeds = [folder.url.path]
    #expect(throws: ReplayRefusal.self) { try ReplayMaterial(for: request) }
  }

  @Test("files that cannot be replayed are refused with what to do")
  func refusals() throws {
    var request = try request(SyntheticFeed(seconds: 200))
    try SyntheticFeed(seconds: 200).write("BTCUSDT", to: path("second.feed"))
    #expect(throws: ReplayRefusal.self) { try ReplayMaterial(for: request) }
    request.feeds = [path("btc.feed")]
    try SyntheticFeed(kind: .binanceFutures, seconds: 200).write("ETHUSDT", to: path("eth.feed"))
    request.feeds = [path("btc.feed"), path("eth.feed")]
    #expect(throws: ReplayRefusal.differentVenues(path: path("eth.feed"), first: path("btc.feed")))
    {
      try ReplayMaterial(for: request)
    }
    try SyntheticFeed(kind: .binanceSpot, seconds: 200).write("BTCUSDT", to: path("spot.feed"))
    request.feeds = [path("spot.feed")]
    #expect(throws: ReplayRefusal.spotFeed(path: path("spot.feed"))) {
      try ReplayMaterial(for: request)
    }
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path("btc.feed"))))
    bytes[4000] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path("damaged.feed")))
    request.feeds = [path("damaged.feed")]
    let failure = #expect(throws: FeedFileFailure.self) { try ReplayMaterial(for: request) }
    #expect(failure?.remedy.contains("athanor data convert") == true)
    request.feeds = [path("btc.feed")]
    request.barLength = "often"
    #expect(throws: ReplayRefusal.unknownBarLength("often")) { try ReplayMaterial(for: request) }
    request.barLength = "1s"
    #expect(try ReplayMaterial(for: request).span.length == .seconds(1))
    request.feeds = [folder.url.appendingPathComponent("none").path]
    #expect(throws: FeedFileFailure.self) { try ReplayMaterial(for: request) }
  }

  @Test(
    "a real feed is replayed by the shipped tactics on bars of a second",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func shared() throws {
    let feed = try RealFeed.converted(in: folder)
    var request = ReplayRequest(paths: [], configuration: TacticsConfiguration())
    request.feeds = [feed]
    request.barLength = "1s"
    request.to = try RecordedFeed(path: feed).first + .seconds(60)
    let material = try ReplayMaterial(for: request)
    let desk = ReplayDesk(request, material)
    var none: ReplayJournal?
    let result = try desk.run(try desk.trader(), journal: &none)
    let told = try #require(result.markets[0].feed)
    #expect(told.books > 500 && told.trades > 500 && told.breaks == 0 && told.crossings == 0)
    #expect(result.markets[0].missingBars == 0 && result.markets[0].bars > 55)
  }
}

/// The recorded USD-M feed among the shared material.
enum RealFeed {
  static var recording: String {
    SharedMaterial.file("bench/l2_binance_20240808/usdm_btcusdt_20240808.jsonl.gz").path
  }

  static func converted(in folder: ScratchFolder) throws -> String {
    let target = folder.url.appendingPathComponent("usdm.feed").path
    guard let tick = SyntheticFeed.tick, let lot = SyntheticFeed.lot else {
      throw CocoaError(.featureUnsupported)
    }
    _ = try FeedConversion(
      from: recording, to: target, protocol: .binanceFutures,
      market: FeedMarket(symbol: "BTCUSDT", tick: tick, lot: lot)
    ).run()
    return target
  }
}
