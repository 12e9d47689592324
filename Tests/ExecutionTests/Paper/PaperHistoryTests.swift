import Essentials
import Markets
import Mathematics
import Testing

@testable import Execution

/// Random histories of orders, cancellations, capital and rows, against plain counting.
@Suite("Histories of a paper account")
struct PaperHistoryTests {
  private static let instances = ["a.long", "b.short", "c.long"]
  private static let symbols = ["BTC", "ETH"]

  private static func configuration(_ generator: inout SplitMix64) throws -> PaperConfiguration {
    PaperConfiguration(
      balance: Money(micros: 1_000_000_000_000),
      lots: ["BTC": try #require(LotSize(0.001))], otherLots: .one,
      marketFills: Bool.random(using: &generator) ? .nextOpen : .nextClose,
      reduceOnly: Bool.random(using: &generator) ? .refuse : .cut,
      fee: try #require(Rate(basisPoints: 7.5)), slippage: try #require(Rate(basisPoints: 3)),
      participation: Bool.random(using: &generator) ? Rate(basisPoints: 1000) : nil)
  }

  private static func order(_ number: Int, _ generator: inout SplitMix64) -> BrokerOrder {
    let limit = Price(Double.random(in: 60...140, using: &generator))
    return BrokerOrder(
      clientID: ClientOrderID(purpose: "s", instance: "x", sequence: number),
      instance: instances.randomElement(using: &generator)!,
      symbol: symbols.randomElement(using: &generator)!,
      side: Bool.random(using: &generator) ? .buy : .sell,
      quantity: Quantity(lots: Int64.random(in: 0...20, using: &generator)),
      kind: limit.map { Bool.random(using: &generator) ? .limit($0) : .market } ?? .market,
      isReduceOnly: Int.random(in: 0..<3, using: &generator) == 0,
      timeInForce: Int.random(in: 0..<5, using: &generator) == 0 ? .immediate : .untilCancelled)
  }

  private static func bars(_ generator: inout SplitMix64) -> [MarketBar] {
    symbols.compactMap { symbol in
      let prices = (0..<2).map { _ in Double.random(in: 70...130, using: &generator) }
      return Int.random(in: 0..<8, using: &generator) == 0
        ? nil
        : MarketBar(
          symbol: symbol, open: prices[0], high: prices.max()! + 5, low: prices.min()! - 5,
          close: prices[1], volume: Double.random(in: 0...200, using: &generator))
    }
  }

  /// What a book must satisfy after every event.
  private static func check(_ book: PaperBook, seed: UInt64) {
    #expect(book.ledger.total == 0, "seed \(seed)")
    #expect(book.ledger.positions.discrepancies.isEmpty, "seed \(seed)")
    #expect(Set(book.fills.map(\.key)).count == book.fills.count)
    var lots: [[String]: Int64] = [:]
    var cash: [String: Int64] = [:]
    var fees: Int64 = 0
    var filled: [ClientOrderID: Int64] = [:]
    for fill in book.fills {
      lots[[fill.instance, fill.symbol], default: 0] += fill.side.sign * fill.quantity.lots
      let perLot = Int128(fill.price.nanos) * Int128(book.configuration.lot(of: fill.symbol)!.nanos)
      let worth = roundedQuotient(perLot * Int128(fill.quantity.lots), by: 1_000_000_000_000)
      cash[fill.instance, default: 0] -= fill.side.sign * Int64(worth) + fill.fee.micros
      fees += fill.fee.micros
      filled[fill.clientID, default: 0] += fill.quantity.lots
    }
    for instance in instances {
      for symbol in symbols {
        #expect(
          book.ledger.lots(of: symbol, heldBy: instance).lots == lots[[instance, symbol]] ?? 0)
      }
      let statement = book.equity(of: instance)
      #expect(statement.cash.micros == (cash[instance] ?? 0) + statement.capital.micros)
      #expect(
        statement.equity == statement.capital + statement.realized + statement.unrealized
          - statement.fees, "seed \(seed)")
    }
    let all = book.equity(of: nil)
    #expect(all.fees.micros == fees)
    #expect(all.capital == book.configuration.balance)
    #expect(all.equity == all.capital + all.realized + all.unrealized - all.fees)
    for entry in book.entries {
      #expect(entry.filled.lots == filled[entry.order.clientID] ?? 0)
      #expect(entry.remaining >= .zero)
    }
    #expect(book.open == book.entries.indices.filter { !book.entries[$0].status.isTerminal })
  }

  @Test("keep every invariant after every event", arguments: UInt64(1)...12)
  func invariants(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var book = PaperBook(try Self.configuration(&generator))
    var sent: [(BrokerOrder, OrderAcknowledgement)] = []
    for step in 0..<120 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<5:
        let order = Self.order(sent.count, &generator)
        sent.append((order, try book.submit(order)))
      case 5:
        if let (order, answer) = sent.randomElement(using: &generator) {
          let before = book
          let again = try book.submit(order)
          #expect(again == answer)
          #expect(book == before, "an order sent again did something")
        }
      case 6:
        if let (order, _) = sent.randomElement(using: &generator) {
          let end = book.cancel(order.clientID)
          #expect(end.isTerminal)
        }
      case 7:
        try book.fund(
          Self.instances.randomElement(using: &generator)!,
          with: Money(micros: Int64.random(in: 0...200_000_000_000, using: &generator)))
      default:
        let held = book.ledger.positions
        let fills = try book.advance(to: .row(Int64(step)), bars: Self.bars(&generator))
        Self.checkReductions(fills, from: held, in: book)
      }
      Self.check(book, seed: seed)
    }
    #expect(book.lastFill > 10, "a history that traded")
  }

  /// No fill of a reduce-only order turns or enlarges what its instance holds.
  private static func checkReductions(
    _ fills: [Fill], from held: PositionBook, in book: PaperBook
  ) {
    var lots: [[String]: Int64] = [:]
    for part in held.parts { lots[[part.instance, part.symbol]] = part.quantity.lots }
    for fill in fills {
      let before = lots[[fill.instance, fill.symbol], default: 0]
      let after = before + fill.change.lots
      lots[[fill.instance, fill.symbol]] = after
      if book.entries[book.places[fill.clientID]!].order.isReduceOnly {
        #expect(abs(after) < abs(before) && after * before >= 0)
      }
    }
  }

  @Test(
    "an account restored in the middle ends as one that was never interrupted",
    arguments: UInt64(21)...26)
  func restarts(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var whole = PaperBook(try Self.configuration(&generator))
    var restored = whole
    var number = 0
    for step in 0..<60 {
      if Int.random(in: 0..<10, using: &generator) == 0 {
        let text = restored.state.compactText
        restored = try PaperBook(state: JSONValue(parsing: text))
        #expect(restored == whole)
        #expect(restored.state.compactText == text)
      }
      for _ in 0..<Int.random(in: 0..<4, using: &generator) {
        let order = Self.order(number, &generator)
        number += 1
        let answers = (try whole.submit(order), try restored.submit(order))
        #expect(answers.0 == answers.1)
      }
      let bars = Self.bars(&generator)
      let fills = try whole.advance(to: .row(Int64(step)), bars: bars)
      let fillsAgain = try restored.advance(to: .row(Int64(step)), bars: bars)
      #expect(fills == fillsAgain)
    }
    #expect(whole == restored)
  }

  @Test("the order in which bars are given does not matter")
  func barOrder() throws {
    var generator = SplitMix64(seed: 41)
    var forward = PaperBook(try Self.configuration(&generator))
    var backward = forward
    for step in 0..<60 {
      let order = Self.order(step, &generator)
      _ = try forward.submit(order)
      _ = try backward.submit(order)
      let bars = Self.bars(&generator)
      _ = try forward.advance(to: .row(Int64(step)), bars: bars)
      _ = try backward.advance(to: .row(Int64(step)), bars: bars.reversed())
    }
    #expect(forward.state == backward.state)
  }
}
