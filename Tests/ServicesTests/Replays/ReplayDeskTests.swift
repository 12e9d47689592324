import Backtesting
import Essentials
import Foundation
import Markets
import Mathematics
import Models
import Storage
import Tactics
import TestKit
import Testing

@testable import Services

@Suite("Replays of recorded markets")
struct ReplayDeskTests {
  private let folder: RecordedFolder

  init() throws { folder = try RecordedFolder() }

  private func request() -> ReplayRequest {
    var request = ReplayRequest(paths: [folder.path], configuration: TacticsConfiguration())
    request.warmUp = .hours(2)
    request.delay = .zero
    return request
  }

  private static let trust: ReplayTrustSettings = {
    var settings = ReplayTrustSettings()
    settings.resamples = 50
    settings.draws = 20
    return settings
  }()

  private func run(
    _ request: ReplayRequest, _ trader: ScriptedTrader = ScriptedTrader(),
    journal: inout ReplayJournal?, isEnded: () -> Bool = { false }
  ) throws -> ReplayResult {
    let material = try ReplayMaterial(for: request)
    return try ReplayDesk(request, material).run(
      trader, journal: &journal, trust: Self.trust, isEnded: isEnded)
  }

  private func run(
    _ request: ReplayRequest, _ trader: ScriptedTrader = ScriptedTrader()
  ) throws -> ReplayResult {
    var journal: ReplayJournal?
    return try run(request, trader, journal: &journal)
  }

  @Test("equal data, settings and seed give equal results, and another capital gives another one")
  func repeatable() throws {
    let first = try run(request())
    let second = try run(request())
    #expect(first.result == second.result && first.json == second.json)
    #expect(first.total.trades > 10)
    var other = request()
    other.capital = CoinAmount(atoms: 20_000 * 100_000_000)
    #expect(try run(other).result != first.result)
    #expect(try run(other).orderHash == first.orderHash)
  }

  @Test("trades carry the reasons and chances of their decisions, and add up to the equity")
  func trades() throws {
    let result = try run(request())
    #expect(result.closed.allSatisfy { $0.entryReason == "script" })
    #expect(result.closed.allSatisfy { $0.exitReason == "time_over" })
    #expect(result.closed.allSatisfy { $0.forecast?.profit == 0.4 })
    #expect(result.byExit.map(\.name) == ["time_over"])
    let net = (result.closed + result.open).reduce(CoinAmount.zero) { $0 + $1.trip.net }
    let change = result.summary.equity - result.summary.capital
    #expect((net.value - change).magnitude < 1e-6)
    #expect(result.total.fees > .zero)
    #expect(result.bySymbol.map(\.name).sorted() == ["BTCUSDT", "ETHUSDT"])
    #expect(result.bySymbol.first { $0.name == "ETHUSDT" }?.trades == 0)
    #expect(result.refusedEntries.map(\.reason) == ["net_expectancy"])
    #expect(result.fills == result.closed.count * 2 + result.open.count)
    #expect(result.calibration.map(\.outcome) == [.profit, .target, .stop])
    #expect(result.calibration.allSatisfy { $0.calibration.came.trials > 10 })
  }

  @Test("positions that were left for others are one row, and a kill switch is told")
  func switchedAndStopped() throws {
    var trader = ScriptedTrader()
    trader.exit = "SWITCH_TO_ETHUSDT"
    trader.stoppedAt = Timestamp(millisecondsSinceEpoch: Int64(RecordedFolder.start))
    let result = try run(request(), trader)
    #expect(result.closed.allSatisfy { $0.exitReason == "SWITCH_TO_ETHUSDT" })
    #expect(result.byExit.map(\.name) == ["switch"])
    #expect(result.byExit.first?.trades == result.total.trades)
    #expect(result.json["stopped_at"] == .string("\(try #require(trader.stoppedAt))"))
    #expect(result.summaryFigures.last?.name.english == "Kill switch acted")
    let running = try run(request())
    #expect(running.json["stopped_at"] == .null)
    #expect(!running.summaryFigures.contains { $0.name.english == "Kill switch acted" })
  }

  @Test("trading begins behind the warm-up and ends where it is asked to")
  func period() throws {
    var request = request()
    let start = Timestamp(millisecondsSinceEpoch: Int64(RecordedFolder.start))
    let material = try ReplayMaterial(for: request)
    #expect(material.start == start && material.from == start + .hours(2))
    request.from = start + .hours(6)
    request.to = start + .hours(8)
    let part = try run(request)
    #expect(part.terms.start == start + .hours(4) && part.reached == start + .hours(8))
    #expect(part.markets.allSatisfy { $0.bars == 240 })
    let instants = part.closed.map(\.trip.openedAt)
    #expect(instants.allSatisfy { $0 >= start + .hours(6) && $0 <= start + .hours(8) })
    request.from = start + .days(9)
    #expect(throws: ReplayRefusal.self) { try ReplayMaterial(for: request) }
  }

  @Test("whoever ends a replay gets what was replayed, and it says so")
  func interrupted() throws {
    var asked = 0
    var journal: ReplayJournal?
    let long = try RecordedFolder(minutes: 6000)
    var request = request()
    request.paths = [long.path]
    let result = try run(request, journal: &journal) {
      asked += 1
      return true
    }
    #expect(asked == 1 && result.isInterrupted && result.reached < result.terms.to)
    #expect(result.json["interrupted"] == .bool(true))
  }

  @Test("a market without trades has a whole report")
  func idle() throws {
    let result = try run(request(), ScriptedTrader(every: 1_000_000))
    #expect(result.total.trades == 0 && result.trust.verdict == .didNotTrade)
    #expect(result.summary.totalReturn == 0 && result.summary.sharpe == nil)
    #expect(result.summary.deepest == nil && result.byExit.isEmpty)
    #expect(result.summaryFigures.contains { $0.value == .missing })
  }

  @Test("everything that happened is in the journal, and the next settings count as another trial")
  func journal() throws {
    let request = request()
    let path = folder.path + "/journal.sqlite"
    let journal = try Journal.open(
      path: path,
      access: .writing(
        newborn: JournalBirth(id: "test", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 1000))
    let terms = ReplayDesk(request, try ReplayMaterial(for: request)).terms
    var record: ReplayJournal? = try ReplayJournal(
      run: "replay-1", in: journal, symbols: terms.symbols, opening: terms.json,
      at: Timestamp(millisecondsSinceEpoch: 0))
    let result = try run(request, journal: &record)
    record?.finish(result, at: Timestamp(millisecondsSinceEpoch: 1))
    #expect(record?.failure == nil)
    let counts = try journal.read { tables throws(JournalFailure) in
      try RunIndex().summary(of: "replay-1", in: tables)
    }
    let kinds = Dictionary(
      uniqueKeysWithValues: try #require(counts).kinds.map { ($0.kind, $0.events) })
    #expect(kinds["run.started"] == 1 && kinds["run.summary"] == 1)
    #expect(kinds["replay.order"] == result.orders)
    #expect(kinds["replay.trade"] == result.closed.count + result.open.count)
    // Refusals by the same gate in a row are one event; the last entry may not be filled.
    let decided = 2 * result.closed.count + result.open.count + 1
    #expect((decided...decided + 1).contains(kinds["replay.decision"] ?? 0))
    #expect(try ReplayJournal.trials(besides: terms, in: journal) == 0)
    func besides(_ change: (inout ReplayRequest) throws -> Void) throws -> Int {
      var other = request
      try change(&other)
      let terms = ReplayTerms(other, try ReplayMaterial(for: other))
      return try ReplayJournal.trials(besides: terms, in: journal)
    }
    #expect(try besides { $0.seed = 2 } == 0)
    #expect(
      try besides {
        $0.configuration = try TacticsConfiguration([.commandLine(["exit.time.after=9m"])])
      } == 1)
    #expect(
      try besides {
        try $0.models.first.read(#"{"weights": [1]}"#, as: .mlofi, document: "m")
      } == 1)
    #expect(try besides { $0.symbols = ["BTCUSDT"] } == 0)
  }

  @Test("steps are those of the data, and what is assumed is said in two languages")
  func assumptions() throws {
    let material = try ReplayMaterial(for: request())
    #expect(material.markets.map { $0.contract.rules.tick?.description } == ["0.1", "0.1"])
    #expect(material.markets.map { $0.contract.rules.lot.description } == ["0.001", "0.001"])
    let terms = ReplayTerms(request(), material)
    #expect(terms.coin == "USDT")
    #expect(terms.assumptions.contains { $0.english.contains("No funding is recorded of ETHUSDT") })
    #expect(terms.assumptions.allSatisfy { !$0.korean.isEmpty && $0.korean != $0.english })
  }

  @Test("symbols that are not there are refused with the nearest one")
  func unknownSymbol() throws {
    var request = request()
    request.symbols = ["BTCUSD"]
    let failure = #expect(throws: ReplayRefusal.self) { try ReplayMaterial(for: request) }
    #expect(failure?.remedy == "Did you mean BTCUSDT?")
    request.symbols = ["ETHUSDT"]
    #expect(try ReplayMaterial(for: request).markets.map(\.symbol) == ["ETHUSDT"])
  }

  @Test("gaps and bad rows are counted in the report, and the page shows where they are")
  func gaps() throws {
    var lines = RecordedFolder.bars(600, seed: 3)
    lines.removeSubrange(200..<230)
    lines.insert("1746835200000,0,0,0,0,0", at: 100)
    try folder.write("ETHUSDT_1m.csv", lines)
    let request = request()
    let material = try ReplayMaterial(for: request)
    var none: ReplayJournal?
    let result = try ReplayDesk(request, material).run(
      ScriptedTrader(), journal: &none, trust: Self.trust)
    let market = try #require(result.markets.first { $0.symbol == "ETHUSDT" })
    #expect(market.missingBars == 30 && market.defects.map(\.key) == ["impossible_bar"])
    let page = result.page(title: "gaps", of: material)
    #expect(page.gaps.map(\.length) == [.minutes(30)])
    #expect(page.markets.map(\.candles.count) == [1320, 450])
    #expect(page.trades.count == result.closed.count + result.open.count)
    #expect(page.account.market.count == page.account.instants.count)
    #expect(!ReplayPage(page).html().contains("nan"))
  }

  @Test(
    "on recorded markets the shipped tactics are replayed to the same orders twice",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func tactics() throws {
    var request = request()
    request.paths = [checkoutFolder.appendingPathComponent("Examples/Data/crypto-perps").path]
    request.symbols = ["BTCUSDT"]
    request.warmUp = .hours(4)
    request.to = Timestamp(millisecondsSinceEpoch: Int64(RecordedFolder.start)) + .hours(8)
    let material = try ReplayMaterial(for: request)
    let desk = ReplayDesk(request, material)
    var none: ReplayJournal?
    let first = try desk.run(try desk.trader(), journal: &none, trust: Self.trust)
    let second = try desk.run(try desk.trader(), journal: &none, trust: Self.trust)
    #expect(first.result == second.result)
    #expect(first.entriesConsidered > 0)
  }
}
