import Essentials
import Foundation
import Markets
import TestKit

@testable import Services

/// Enters its first contract long every so many bars and leaves some bars later; of the contracts behind
/// it wants to and is refused.
struct ScriptedTrader: ExplainingTrader {
  var every = 60
  var holds = 20
  var lots: Int64 = 10
  /// Why positions end.
  var exit = "time_over"
  var stoppedAt: Timestamp?
  private var bars = 0
  private var orders: UInt64 = 0
  private var closes = 0
  private var entry: UInt64?
  private var held = false
  private var closing: UInt64?
  private var told: [ReplayDecision] = []
  private var refused = 0

  init(every: Int = 60, holds: Int = 20, lots: Int64 = 10) {
    self.every = every
    self.holds = holds
    self.lots = lots
  }

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    if case .bar = event, contract.place == 0 { bars += 1 }
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {
    guard report.price != nil else { return }
    if report.number.value == entry { held = true }
    guard report.number.value == closing, let entry else { return }
    told.append(
      ReplayDecision(
        at: report.instant, of: contract, .closed, word: "closed", side: .long, reason: exit,
        entry: entry))
    self.entry = nil
    closing = nil
    held = false
  }

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    let first = ContractID(place: 0)
    if bars % every == 0, entry == nil, let price = account.mark(of: first)?.value {
      orders += 1
      entry = orders
      directives.append(
        ContractDirective(
          first, .submit(MarketOrder(OrderNumber(orders), .buy, Quantity(lots: lots)))))
      told.append(
        ReplayDecision(
          at: instant, of: first, .entered, word: "entered", side: .long, reason: "script",
          order: OrderNumber(orders), entry: orders,
          forecast: TradeForecast(
            side: .long, price: price, horizon: .minutes(Int64(holds)), takeProfit: 0.01,
            stopLoss: 0.01, cost: 0.0015, profit: 0.4, target: 0.1, stop: 0.1),
          record: { ["why": "script"] }))
    } else if bars % every == holds, held, closing == nil {
      orders += 1
      closing = orders
      directives.append(
        ContractDirective(
          first,
          .submit(
            MarketOrder(OrderNumber(orders), .sell, Quantity(lots: lots), reducesOnly: true))))
    }
    for place in 1..<max(1, account.contracts.count) where bars % every == 0 {
      refused += 1
      told.append(
        ReplayDecision(
          at: instant, of: ContractID(place: place), .refused, word: "refused", side: .short,
          reason: "net_expectancy"))
    }
  }

  mutating func takeExplanations() -> [ReplayDecision] {
    defer { told = [] }
    return told
  }

  var entriesConsidered: Int { Int(orders) + refused }
  var refusedEntries: [RefusalCount] {
    refused > 0 ? [RefusalCount("net_expectancy", refused)] : []
  }
}

/// Minutes of two contracts whose prices rise and fall as a seed says, as files of a folder.
struct RecordedFolder {
  let scratch: ScratchFolder
  var path: String { scratch.url.path }

  init(minutes: Int = 1440, symbols: [String] = ["BTCUSDT", "ETHUSDT"]) throws {
    scratch = try ScratchFolder()
    for (place, symbol) in symbols.enumerated() {
      try write("\(symbol)_1m.csv", Self.bars(minutes, seed: UInt64(7 + place)))
    }
    try write(
      "BTCUSDT_funding.csv",
      ["ts,rate"]
        + (1...max(1, minutes / 480)).map {
          "\(Self.start + 28_800_000 * $0),0.0001"
        })
  }

  static let start = 1_746_835_200_000

  func write(_ name: String, _ lines: [String]) throws {
    try lines.joined(separator: "\n").write(
      to: scratch.url.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  /// Prices on tenths, volumes on thousandths.
  static func bars(_ minutes: Int, seed: UInt64) -> [String] {
    var state = seed
    // The constants of D. Knuth's MMIX; good enough for prices that nobody believes.
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % (2 * bound + 1) - bound
    }
    var lines = ["ts,open,high,low,close,volume"]
    var price = 600_000
    for minute in 0..<minutes {
      let open = price
      price += draw(900)
      let high = max(open, price) + abs(draw(200))
      let low = min(open, price) - abs(draw(200))
      let cells = [open, high, low, price].map { "\($0 / 10).\($0 % 10)" }.joined(separator: ",")
      lines.append(
        "\(start + 60_000 * minute),\(cells),\(1 + abs(draw(4))).\(100 + abs(draw(800)))")
    }
    return lines
  }
}
