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

@Suite("Parity of replay and dry-run on books and trades")
struct FeedParityTests {
  @Test(
    "a dry-run that is fed a feed's messages orders to the bit what the replay of the feed orders",
    arguments: [BookProtocol.bybit, .binanceFutures], [false, true])
  func same(kind: BookProtocol, isBad: Bool) throws {
    let folder = try ScratchFolder()
    var feed = SyntheticFeed(kind: kind, seconds: 1500)
    if isBad {
      feed.quiet = [2]
      feed.deaf = [6, 7]
      feed.broken = 900..<960
    }
    try feed.write("BTCUSDT", to: folder.url.appendingPathComponent("btc.feed").path)
    feed.seed = 3
    feed.start += 20_000
    try feed.write("ETHUSDT", to: folder.url.appendingPathComponent("eth.feed").path)
    try RecordedFolder.bars(120, seed: 5).joined(separator: "\n").write(
      to: folder.url.appendingPathComponent("BTCUSDT_1m.csv"), atomically: true, encoding: .utf8)
    var request = ReplayRequest(
      paths: [folder.url.path], configuration: TacticsConfiguration())
    request.feeds = [folder.url.path]
    request.warmUp = .minutes(30)
    request.delay = .zero
    let material = try ReplayMaterial(for: request)
    let check = ParityCheck(ReplayDesk(request, material), folder: folder.url.path)
    let report = try check.run(ScriptedTrader(every: 3, holds: 2))
    #expect(report.isSame, "\(report.json.indentedText)")
    #expect(report.replayedCount > 10 && report.ordersBefore > 5 && report.isRebuilt)
    // What is told again comes behind its time, and nothing else does.
    #expect(report.counts.refused == 0 && report.counts.late <= report.counts.again)
    #expect(report.counts.books > 2500 && report.counts.trades > 2000)
  }

  @Test("bars, marks and payments are told as Binance tells them, and trade the same")
  func binance() throws {
    let folder = try RecordedFolder(minutes: 600)
    var request = ReplayRequest(paths: [folder.path], configuration: TacticsConfiguration())
    request.venue = .binance
    request.warmUp = .minutes(30)
    let material = try ReplayMaterial(for: request)
    let check = ParityCheck(ReplayDesk(request, material), folder: folder.path)
    let report = try check.run(ScriptedTrader())
    #expect(report.isSame && report.replayedCount > 20, "\(report.json.indentedText)")
    #expect(report.counts.refused == 0 && report.counts.announcements > 10)
  }

  @Test(
    "a dry-run fed by the very bytes that were recorded orders what the converted feed orders",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recorded() throws {
    let folder = try ScratchFolder()
    let feed = try RealFeed.converted(in: folder)
    var request = ReplayRequest(paths: [], configuration: TacticsConfiguration())
    request.feeds = [feed]
    request.barLength = "1s"
    request.delay = .zero
    request.to = try RecordedFeed(path: feed).first + .seconds(60)
    let desk = ReplayDesk(request, try ReplayMaterial(for: request))
    let settings = ReplaySettings(from: desk.material.from, to: desk.material.to)
    let trader = ScriptedTrader(every: 12, holds: 5)
    var replay = Replay(
      try desk.session(trader), recordings: desk.material.markets.map(desk.recording),
      settings: settings)
    replay.advance()
    let market = try #require(desk.contracts.first.flatMap { FeedMarket($0.rules) })
    var dry = DryRun(
      try desk.session(trader), feed: MarketFeed(.binanceFutures, markets: [market]),
      span: desk.material.span, bars: .trades, settings: settings)
    let end = desk.material.to + .seconds(8)
    try LineFile(path: RealFeed.recording).visit { line in
      guard let message = RecordedMessage(line), let arrived = message.arrived else { return true }
      dry.receive(line.extracting(message.start..<line.count), arrived: arrived)
      return dry.feed.clock.latest.map { $0 < end } ?? true
    }
    dry.finish()
    #expect(replay.ledger.orders.count > 10)
    #expect(dry.ledger.orders.fingerprint == replay.ledger.orders.fingerprint)
    #expect(dry.events == replay.events && dry.late == 0)
  }
}
