import Essentials
import Foundation
import Markets
import Mathematics
import Tactics
import TestKit
import Testing

@testable import Services

/// Sends an order behind one bar in three, at random, and explains each.
private struct RestlessTrader: ExplainingTrader {
  var generator = SplitMix64(seed: 3)
  private var number: UInt64 = 0
  private var news: [ContractID] = []
  private var told: [ReplayDecision] = []

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {
    if case .bar = event { news.append(contract) }
  }

  mutating func hear(_ report: OrderReport, of contract: ContractID) {}

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    for contract in news where Int.random(in: 0..<3, using: &generator) == 0 {
      number += 1
      let side: OrderSide = Bool.random(using: &generator) ? .buy : .sell
      directives.append(
        ContractDirective(
          contract, .submit(MarketOrder(OrderNumber(number), side, Quantity(lots: 1)))))
      told.append(
        ReplayDecision(
          at: instant, of: contract, .entered, word: "entered", reason: "chance",
          record: { [number, equity = account.equity] in
            ["number": .integer(Int(number)), "equity": .string(equity?.description ?? "none")]
          }))
    }
    news.removeAll()
  }

  mutating func takeExplanations() -> [ReplayDecision] {
    defer { told = [] }
    return told
  }

  var entriesConsidered: Int { Int(number) }
  var stoppedAt: Timestamp? { nil }
  var refusedEntries: [RefusalCount] { [] }
}

@Suite("Parity of replay and dry-run")
struct ParityCheckTests {
  private static func check(
    _ folder: ScratchFolder, minutes: Int = 300, holes: Bool = true
  ) throws -> ParityCheck {
    for (place, symbol) in ["BTCUSDT", "ETHUSDT", "SOLUSDT"].enumerated() {
      var generator = SplitMix64(seed: UInt64(place))
      var rows = ["timestamp,open,high,low,close,volume"]
      var tenths = 600_000
      for minute in 0..<minutes {
        let open = tenths
        tenths += Int.random(in: -900...900, using: &generator)
        if holes, minute > 2, Int.random(in: 0..<25, using: &generator) == 0 { continue }
        let cells = [open, max(open, tenths) + 40, min(open, tenths) - 40, tenths]
          .map { "\($0 / 10).\($0 % 10)" }.joined(separator: ",")
        let volume = Double(Int.random(in: 1...4000, using: &generator)) / 1000
        rows.append("\(1_746_835_200_000 + 60_000 * minute),\(cells),\(volume)")
      }
      try write(rows, "\(symbol)_1m.csv", in: folder)
      let payments = stride(from: 20, to: minutes, by: 60).map {
        "\(1_746_835_200_000 + 60_000 * $0 + place),0.000\(place + 1)"
      }
      try write(["ts,rate"] + payments, "\(symbol)_funding.csv", in: folder)
    }
    var request = ReplayRequest(
      paths: [folder.url.path], configuration: TacticsConfiguration())
    request.warmUp = .minutes(30)
    let material = try ReplayMaterial(for: request)
    return ParityCheck(ReplayDesk(request, material), folder: folder.url.path)
  }

  private static func write(
    _ rows: [String], _ name: String, in folder: ScratchFolder
  ) throws {
    try (rows.joined(separator: "\n") + "\n").write(
      to: folder.url.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  @Test(
    "a dry-run fed by bytes, lost and rebuilt, orders to the bit what the replay orders",
    arguments: [false, true])
  func same(holes: Bool) throws {
    let folder = try ScratchFolder()
    let check = try Self.check(folder, holes: holes)
    var steps: [ParityCheck.Step] = []
    let report = try check.run(RestlessTrader()) { step, _, _ in
      if steps.last != step { steps.append(step) }
    }
    #expect(report.isSame, "\(report.json.indentedText)")
    #expect(report.difference == nil && report.firstDecision == nil)
    #expect(report.replayedCount > 300 && report.replayedDecisionCount > 100)
    #expect(report.ordersBefore > 100 && report.isRebuilt)
    #expect(report.counts.refused == 0 && report.counts.again == ParityCheck.overlap)
    #expect(report.counts.repeatedBars > 50 && report.counts.announcements > 10)
    #expect(holes == (report.counts.impatient > 0))
    #expect(!FileManager.default.fileExists(atPath: "\(check.folder)/messages.jsonl.zst"))
  }

  @Test(
    "a trader that decides by what no stream tells is found out, with the first line that differs")
  func differs() throws {
    let folder = try ScratchFolder()
    let check = try Self.check(folder, minutes: 120)
    let report = try check.run(UnrulyTrader())
    #expect(!report.isSame)
    #expect(report.difference?.place == 1)
  }
}

/// Orders by a count that all its copies share.
private struct UnrulyTrader: ExplainingTrader {
  private final class Count { var value: UInt64 = 0 }
  private let count = Count()

  mutating func observe(
    _ event: MarketEvent, of contract: ContractID, account: PerpetualAccount
  ) {}
  mutating func hear(_ report: OrderReport, of contract: ContractID) {}

  mutating func decide(
    at instant: Timestamp, account: PerpetualAccount,
    directives: inout ContiguousArray<ContractDirective>
  ) {
    count.value += 1
    directives.append(
      ContractDirective(
        ContractID(place: 0),
        .submit(MarketOrder(OrderNumber(count.value), .buy, Quantity(lots: 1)))))
  }

  mutating func takeExplanations() -> [ReplayDecision] { [] }
  var entriesConsidered: Int { 0 }
  var stoppedAt: Timestamp? { nil }
  var refusedEntries: [RefusalCount] { [] }
}
