import Essentials
import Foundation
import Markets
import TestKit
import Testing

@testable import Backtesting

/// Takes so many lots once, when it was shown a number of books.
private struct TakingTrader: PortfolioTrader {
  let lots: Int64
  let shown: Int
  private(set) var books = 0
  private(set) var spreads: [Int64] = []
  private(set) var fills: [BookLevel] = []

  init(lots: Int64, shown: Int) {
    self.lots = lots
    self.shown = shown
  }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {}

  mutating func observe(
    _ book: OrderBook, of contract: ContractID, at instant: Timestamp, account: PerpetualAccount
  ) {
    books += 1
    spreads.append(book.spread ?? 0)
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {
    guard let price = report.price else { return }
    fills.append(BookLevel(ticks: price.nanos / 100_000, lots: report.filled.lots))
  }

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    if books == shown { directives.append(.market(1, lots)) }
  }
}

private func number(_ value: JSONValue?) throws -> Int64 {
  guard case .integer(let number)? = value else { throw CocoaError(.fileReadCorruptFile) }
  return Int64(number)
}

private func levels(
  _ value: JSONValue?, of contract: PerpetualContract
) throws -> ContiguousArray<BookLevel> {
  guard case .array(let rows)? = value else { throw CocoaError(.fileReadCorruptFile) }
  var levels: ContiguousArray<BookLevel> = []
  for row in rows {
    guard case .array(let pair) = row, case .string(let price) = pair[0],
      case .string(let units) = pair[1], let ticks = contract.rules.tick?.ticks(text: price),
      let quantity = contract.rules.lot.lots(text: units)
    else { throw CocoaError(.fileReadCorruptFile) }
    levels.append(BookLevel(ticks: ticks, lots: quantity.lots))
  }
  return levels
}

@Suite("Replay of a recorded book")
struct RecordedBookReplayTests {
  @Test(
    "an order takes the very levels of the book that a plain reading of the messages has",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func taking() throws {
    let file = SharedMaterial.file("bench/l2_bybit_ob500/2024-12-01_XRPUSDT_ob500.data.gz").path
    let lines = try ShellRun("gzip", "-dc", file).output.split(whereSeparator: \.isNewline)
    let contract = try replayContract("XRPUSDT", tick: "0.0001", lot: "1")
    var tape = BookTape(.bybit)
    var asks: [Int64: Int64] = [:]
    var wanted: [BookLevel] = []
    let (shown, lots) = (20, 30_000 as Int64)
    for (place, line) in lines.enumerated() {
      let message = try JSONValue(parsing: line)
      let inner = try #require(message["data"])
      let bids = try levels(inner["b"], of: contract)
      let offered = try levels(inner["a"], of: contract)
      tape.append(
        BookHeader(
          kind: message["type"] == .string("snapshot") ? .snapshot : .delta,
          sequence: BookSequence(try number(inner["u"]), cross: try number(inner["seq"])),
          instant: Timestamp(millisecondsSinceEpoch: try number(message["ts"]))),
        bids: bids.span, asks: offered.span)
      for level in offered { asks[level.ticks] = level.lots == 0 ? nil : level.lots }
      // The order arrives behind the message that it answers.
      guard place == shown else { continue }
      var rest = lots
      for ticks in asks.keys.sorted() where rest > 0 {
        let taken = min(rest, asks[ticks] ?? 0)
        wanted.append(BookLevel(ticks: ticks, lots: taken))
        rest -= taken
      }
    }
    var replay = Replay(
      PortfolioSession(
        TakingTrader(lots: lots, shown: shown), account: try replayAccount([contract]),
        settings: MatchSettings()),
      recordings: [ContractRecording(books: tape)])
    replay.advance()
    #expect(replay.session.trader.books == 50)
    #expect(replay.session.trader.spreads.allSatisfy { $0 > 0 })
    #expect(wanted.count > 3)
    #expect(replay.session.trader.fills == wanted)
    #expect(replay.record.books[0].applied == 50 && replay.record.counts[0].accepted == 50)
    #expect(replay.record.roundTrips.map(\.quantity.lots) == [lots])
  }
}
