import Essentials
import Mathematics
import Testing

@testable import Markets

@Suite("Margin of orders")
struct MatcherMarginTests {
  private func leverage(_ value: Double) throws -> MatchSettings {
    MatchSettings(leverage: try #require(Leverage(value)))
  }

  @Test("open orders hold back margin until they are filled or end, and closing ones none")
  func holding() throws {
    var desk = try MatchingDesk(try leverage(10), deposit: "1000")
    let id = desk.matcher.id
    var reserved: String { desk.account.reserved(of: id).description }
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    // 0.01 of 50,000 at ten is 50, and the fee of 0.05 % of 500 is 0.25.
    let number = desk.send(.buy, 10, limit: 50_000)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "50.25")
    #expect(desk.account.available?.description == "949.75")
    // Of the two sides the larger one counts.
    desk.send(.sell, 5, limit: 70_000)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "50.25")
    desk.send(.sell, 10, limit: 70_000)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "105.525")
    desk.matcher.send(.cancel(number), at: desk.now)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "105.525")
    desk.matcher.send(.cancelAll, at: desk.now)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "0")
    // A long position of 10 may be closed and turned to 10 short with what stands behind it.
    desk.send(.buy, 10)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(desk.held == 10)
    desk.send(.sell, 20, limit: 70_000)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "0")
    desk.send(.sell, 4, limit: 70_000)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "28.14")
    // Stops sleep, and what only reduces opens nothing.
    desk.send(
      .sell, 10, trigger: OrderTrigger(.last, at: try #require(Price(50_000.0)), isRising: false))
    desk.send(.sell, 10, limit: 80_000, reducesOnly: true)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(reserved == "28.14")
    #expect(desk.bar(71_000, 71_000, 71_000, 71_000).count == 4)
    #expect(desk.held == -14)
    #expect(reserved == "0")
  }

  @Test("an order is refused when it arrives if those that wait have left no margin for it")
  func admission() throws {
    var desk = try MatchingDesk(try leverage(10), deposit: "100")
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    desk.send(.buy, 9, limit: 60_000)
    desk.send(.buy, 9, limit: 55_000)
    #expect(desk.bar(61_000, 61_000, 61_000, 61_000) == ["2 insufficientMargin"])
    desk.send(.buy, 9, limit: 55_000)
    desk.matcher.send(.cancel(OrderNumber(1)), at: desk.now)
    // The cancellation was sent behind the order.
    #expect(desk.bar(61_000, 61_000, 61_000, 61_000) == ["3 insufficientMargin", "1 bySender"])
    desk.send(.buy, 9, limit: 55_000)
    #expect(desk.bar(61_000, 61_000, 54_000, 61_000) == ["buy 9 at 55000 maker"])
  }

  @Test("what the orders of one contract hold back, the orders of another cannot use")
  func contracts() throws {
    var account = PerpetualAccount([try testContract("A"), try testContract("B")])
    let start = Timestamp(millisecondsSinceEpoch: 0)
    _ = try account.deposit(try #require(CoinAmount(text: "100")), at: start)
    let settings = try leverage(10)
    var matchers = account.contracts.indices.map {
      Matcher(ContractID(place: $0), of: account, settings: settings)
    }
    func bar(_ minute: Int64, _ price: Double) -> Bar {
      Bar(
        openTime: Timestamp(millisecondsSinceEpoch: minute * 60_000), open: price, high: price,
        low: price, close: price, volume: 1)
    }
    for minute in 0..<2 as Range<Int64> {
      for place in matchers.indices {
        matchers[place].clearReports()
        matchers[place].receive(bar(minute, 60_000), span: .minute, account: &account)
        let order = MarketOrder(
          OrderNumber(1), .buy, Quantity(lots: 10), limit: Price(59_000.0))
        matchers[place].send(.submit(order), at: start + .minutes(1))
      }
    }
    #expect(matchers[0].state(of: OrderNumber(1)) == .working)
    #expect(matchers[1].reports.map(\.end) == [.insufficientMargin])
  }

  @Test("the tiers allow a worth at a leverage: of position and orders together, and of no more")
  func tiers() throws {
    // Above 50,000 the venue allows a hundred, above 230 millions nothing.
    var desk = try MatchingDesk(try leverage(125), deposit: "10000")
    _ = desk.bar(50_000, 50_000, 50_000, 50_000)
    desk.send(.buy, 600, limit: 50_000)
    desk.send(.buy, 400, limit: 50_000)
    desk.send(.buy, 1, limit: 50_000)
    desk.send(.sell, 1001)
    #expect(
      desk.bar(50_100, 50_100, 50_100, 50_100) == ["3 leverageTooHigh", "4 leverageTooHigh"])
    #expect(desk.bar(50_100, 50_100, 49_000, 50_000).count == 2)
    #expect(desk.held == 1000)
    desk.send(.buy, 1)
    #expect(desk.bar(50_000, 50_000, 50_000, 50_000) == ["5 leverageTooHigh"])
    desk.send(.sell, 1500)
    #expect(desk.bar(50_000, 50_000, 50_000, 50_000).count == 2)
    #expect(desk.held == -500)
    var rich = try MatchingDesk(try leverage(10), deposit: "1000000000")
    _ = rich.bar(50_000, 50_000, 50_000, 50_000)
    rich.send(.buy, 4_600_001)
    rich.send(.buy, 4_600_000)
    #expect(
      rich.bar(50_000, 50_000, 50_000, 50_000) == [
        "1 leverageTooHigh", "buy 4600000 at 50000 taker",
      ])
  }

  @Test("an order that slept is asked by its fill, as nobody knew its worth before")
  func sleeping() throws {
    var desk = try MatchingDesk(try leverage(125), deposit: "10000")
    _ = desk.bar(50_000, 50_000, 50_000, 50_000)
    desk.send(
      .buy, 950, trigger: OrderTrigger(.last, at: try #require(Price(53_000.0)), isRising: true))
    #expect(desk.bar(50_000, 52_000, 50_000, 52_000).isEmpty)
    #expect(desk.bar(52_000, 54_000, 52_000, 54_000) == ["1 leverageTooHigh"])
  }

  @Test("all that is held back is what the orders that stand would need, whatever happens")
  func law() throws {
    var kept = 0
    for seed in 0..<8 as Range<UInt64> {
      var generator = SplitMix64(seed: seed)
      var desk = try MatchingDesk(try leverage(20), deposit: "2000")
      var price = 60_000.0
      for _ in 0..<150 {
        let next = price + Double(Int.random(in: -400...400, using: &generator))
        _ = desk.bar(price, max(price, next) + 50, min(price, next) - 50, next)
        price = next
        let available = try #require(desk.account.available)
        let reserved = desk.account.reserved(of: desk.matcher.id)
        let open = desk.matcher.orders.filter(\.holds)
        // Bounded by all orders at their limits; none without orders.
        let most = open.map { standing in
          let limit = standing.order.limit?.value ?? price
          return limit * Double(standing.rest) * 0.001 * (1.0 / 20 + 0.0005)
        }
        #expect(reserved >= .zero && reserved.value <= most.reduce(0, +) + 1e-6)
        #expect(!open.isEmpty || reserved == .zero)
        if reserved > .zero { kept += 1 }
        #expect(available.value <= desk.account.wallet.value + 2000)
        desk.send(
          Bool.random(using: &generator) ? .buy : .sell,
          Int64.random(in: 1...200, using: &generator),
          limit: (price + Double(Int.random(in: -600...600, using: &generator))).rounded(),
          reducesOnly: Int.random(in: 0..<4, using: &generator) == 0)
        if Int.random(in: 0..<6, using: &generator) == 0 {
          desk.matcher.send(.cancelAll, at: desk.now)
        }
      }
    }
    #expect(kept > 200)
  }

  @Test("at the margin of a higher tier orders end and a part of the position goes, the rest stays")
  func tierByTier() throws {
    var account = PerpetualAccount([try testContract(venue: .bybit, tiers: .bitcoin(.bybit))])
    _ = try account.deposit(
      try #require(CoinAmount(text: "20500")), at: Timestamp(millisecondsSinceEpoch: 0))
    let id = ContractID(place: 0)
    var matcher = Matcher(
      id, of: account,
      settings: MatchSettings(mode: .isolated, leverage: try #require(Leverage(50.0))))
    func bar(_ minute: Int64, _ low: Double) -> Bar {
      Bar(
        openTime: Timestamp(millisecondsSinceEpoch: minute * 60_000), open: 50_000, high: 50_000,
        low: low, close: 50_000, volume: 1000)
    }
    for (number, order) in [
      MarketOrder(OrderNumber(1), .buy, Quantity(lots: 20_000)),
      .stop(OrderNumber(2), .sell, Quantity(lots: 20_000), at: try #require(Price(49_000.0))),
    ].enumerated() {
      matcher.send(.submit(order), at: Timestamp(millisecondsSinceEpoch: Int64(number) - 1))
    }
    matcher.receive(bar(0, 50_000), span: .minute, account: &account)
    #expect(account.position(of: id)?.quantity.lots == 20_000)
    matcher.clearReports()
    matcher.receive(bar(1, 49_250), span: .minute, account: &account)
    #expect(account.position(of: id)?.quantity.lots == 16_243)
    #expect(matcher.reports.map(\.end) == [.liquidation])
    #expect(matcher.counts.tierReductions == 1 && matcher.counts.liquidations == 0)
    matcher.receive(bar(2, 48_900), span: .minute, account: &account)
    #expect(account.position(of: id) == nil)
    #expect(matcher.counts.tierReductions == 2 && matcher.counts.liquidations == 1)
    #expect(account.coinAccounts.map { account.balance(of: $0).atoms }.reduce(0, +) == 0)
  }
}
