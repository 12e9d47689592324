import Essentials
import Mathematics
import Testing

@testable import Markets

/// A matcher, its account and a minute's bars, prices in units.
struct MatchingDesk {
  var account: PerpetualAccount
  var matcher: Matcher
  var minute: Int64 = 0
  var number: UInt64 = 0

  init(_ settings: MatchSettings = MatchSettings(), deposit: String = "1000000") throws {
    account = PerpetualAccount([try testContract()])
    _ = try account.deposit(
      try #require(CoinAmount(text: deposit)), at: Timestamp(millisecondsSinceEpoch: 0))
    matcher = Matcher(try #require(account.contract("BTCUSDT")), of: account, settings: settings)
  }

  /// Sends an order at the present minute and returns its number.
  @discardableResult
  mutating func send(
    _ side: OrderSide, _ lots: Int64, limit: Double? = nil,
    validity: OrderValidity = .untilCancelled, trigger: OrderTrigger? = nil,
    reducesOnly: Bool = false
  ) -> OrderNumber {
    number += 1
    let order = MarketOrder(
      OrderNumber(number), side, Quantity(lots: lots), limit: limit.flatMap { Price($0) },
      validity: validity, trigger: trigger, reducesOnly: reducesOnly)
    matcher.send(.submit(order), at: now)
    return order.number
  }

  var now: Timestamp { Timestamp(millisecondsSinceEpoch: minute * 60_000) }
  var held: Int64 { account.position(of: matcher.id)?.quantity.lots ?? 0 }

  /// Matches a bar and returns its fills as side, lots and price.
  mutating func bar(
    _ open: Double, _ high: Double, _ low: Double, _ close: Double, volume: Double = 1000
  ) -> [String] {
    matcher.clearReports()
    matcher.receive(
      Bar(openTime: now, open: open, high: high, low: low, close: close, volume: volume),
      span: .minute, account: &account)
    minute += 1
    return told
  }

  /// What the last event did: fills as side, lots, price and role, ends as their cause.
  var told: [String] {
    matcher.reports.compactMap { report in
      if let price = report.price, let role = report.role {
        "\(report.side.rawValue) \(report.filled) at \(price) \(role.rawValue)"
      } else {
        report.end.map { "\(report.number.value) \($0.rawValue)" }
      }
    }
  }

  mutating func trade(_ price: Double, _ units: Double, _ taker: OrderSide) -> [String] {
    matcher.clearReports()
    minute += 1
    matcher.receive(
      Trade(instant: now, price: price, units: units, taker: taker), account: &account)
    return told
  }

  mutating func show(_ book: OrderBook) -> [String] {
    matcher.clearReports()
    minute += 1
    matcher.receive(book, at: now, account: &account)
    return told
  }
}

@Suite("Matching on bars")
struct BarMatchingTests {
  @Test("a market order takes the next open, with slippage to the tick behind it")
  func market() throws {
    var desk = try MatchingDesk(MatchSettings(slippage: try #require(Rate(basisPoints: 1))))
    #expect(desk.bar(100, 101, 99, 100).isEmpty)
    desk.send(.buy, 5)
    #expect(desk.bar(1000, 1010, 990, 1000) == ["buy 5 at 1000.1 taker"])
    desk.send(.sell, 5)
    #expect(desk.bar(1000, 1010, 990, 1000) == ["sell 5 at 999.9 taker"])
  }

  @Test("a limit waits until the bar trades through it, or at it where that is assumed")
  func limits() throws {
    for touch in MatchSettings.Touch.allCases {
      var desk = try MatchingDesk(MatchSettings(touch: touch))
      desk.send(.buy, 5, limit: 99)
      let at = desk.bar(100, 101, 99, 100)
      let through = desk.bar(100, 101, 98.9, 100)
      let fill = ["buy 5 at 99 maker"]
      #expect(at == (touch == .at ? fill : []))
      #expect(through == (touch == .at ? [] : fill))
    }
  }

  @Test(
    "what an order does at the open follows from its validity",
    arguments: [
      (OrderValidity.untilCancelled, 101.0, ["buy 5 at 100 taker"]),
      (.postOnly, 101, ["1 wouldTake"]), (.postOnly, 99.5, []),
      (.immediate, 99.5, ["1 notAtOnce"]), (.immediate, 100, ["buy 5 at 100 taker"]),
      (.whole, 100, ["buy 5 at 100 taker"]), (.whole, 99.5, ["1 notAtOnce"]),
    ])
  func validity(_ validity: OrderValidity, _ limit: Double, _ expected: [String]) throws {
    var desk = try MatchingDesk()
    desk.send(.buy, 5, limit: limit, validity: validity)
    #expect(desk.bar(100, 101, 99.5, 100) == expected)
  }

  @Test("no more is filled than the share of the volume, and the rest waits or ends")
  func participation() throws {
    let settings = MatchSettings(participation: Rate(basisPoints: 1000))
    var desk = try MatchingDesk(settings)
    desk.send(.buy, 5)
    // A tenth of 0.03 units is 3 lots.
    #expect(desk.bar(100, 101, 99, 100, volume: 0.03) == ["buy 3 at 100 taker"])
    #expect(desk.bar(100, 101, 99, 100, volume: 0).isEmpty)
    #expect(desk.bar(102, 103, 99, 100, volume: 0.03) == ["buy 2 at 102 taker"])
    desk.send(.sell, 5, validity: .immediate)
    desk.send(.sell, 5, validity: .whole)
    #expect(
      desk.bar(100, 101, 99, 100, volume: 0.03) == [
        "sell 3 at 100 taker", "2 notAtOnce", "3 notAtOnce",
      ])
  }

  @Test("of a stop and a target in one bar the stop comes first and ends the target")
  func bracket() throws {
    for side in OrderSide.allCases {
      let sign = Double(side.sign)
      var desk = try MatchingDesk()
      desk.send(side, 5)
      desk.send(
        side.opposite, 5,
        trigger: OrderTrigger(.last, at: try #require(Price(100 - 2 * sign)), isRising: sign < 0),
        reducesOnly: true)
      desk.send(side.opposite, 5, limit: 100 + 2 * sign)
      _ = desk.bar(100, 101, 99, 100)
      let told = desk.bar(100, 103, 97, 100)
      let stop = "\(side.opposite.rawValue) 5 at \(side == .buy ? 98 : 102) taker"
      #expect(told.first == stop)
      // The target did not say that it only reduces, so it now opens the other side.
      #expect(told.count == 2)
    }
  }

  @Test("a stop through which the open gapped is filled at the open")
  func gap() throws {
    var desk = try MatchingDesk()
    desk.send(.buy, 5)
    desk.number += 1
    desk.matcher.send(
      .submit(.stop(OrderNumber(2), .sell, Quantity(lots: 5), at: try #require(Price(98.0)))),
      at: desk.now)
    desk.number += 1
    desk.matcher.send(
      .submit(
        .takeProfit(OrderNumber(3), .sell, Quantity(lots: 5), at: try #require(Price(105.0)))),
      at: desk.now)
    #expect(desk.bar(100, 101, 99, 100) == ["buy 5 at 100 taker"])
    #expect(desk.bar(95, 106, 94, 100) == ["sell 5 at 95 taker", "3 nothingToReduce"])
    #expect(desk.held == 0)
  }

  @Test("what a limit opens within a bar closes at no profit in it, but at its stop")
  func sameBar() throws {
    var desk = try MatchingDesk()
    desk.send(.buy, 5, limit: 99)
    desk.send(.sell, 5, limit: 101)
    #expect(desk.bar(100, 102, 98, 100) == ["buy 5 at 99 maker"])
    #expect(desk.bar(100, 102, 98, 100) == ["sell 5 at 101 maker"])
    desk.send(.buy, 5, limit: 99)
    desk.matcher.send(
      .submit(.stop(OrderNumber(9), .sell, Quantity(lots: 5), at: try #require(Price(98.0)))),
      at: desk.now)
    #expect(
      desk.bar(100, 102, 97, 100) == ["buy 5 at 99 maker", "sell 5 at 98 taker"])
  }

  @Test("orders arrive after their delay, cancellations behind the bar; sent again they are one")
  func delays() throws {
    let settings = MatchSettings(
      orderDelay: .constant(.seconds(1)), cancelDelay: .constant(.seconds(90)))
    var desk = try MatchingDesk(settings)
    let number = desk.send(.buy, 5)
    let order = MarketOrder(number, .buy, Quantity(lots: 5))
    desk.matcher.send(.submit(order), at: desk.now)
    #expect(desk.matcher.counts.repeatedOrders == 1)
    #expect(desk.matcher.state(of: number) == .sent)
    // One second of sixty: the root of a sixtieth of the way up, on the tick behind it.
    #expect(desk.bar(100, 101, 99, 100) == ["buy 5 at 100.2 taker"])
    #expect(desk.matcher.reports.last?.instant == Timestamp(millisecondsSinceEpoch: 1000))
    let waiting = desk.send(.buy, 5, limit: 90)
    desk.matcher.send(.cancel(waiting), at: desk.now)
    #expect(desk.bar(100, 101, 99, 100).isEmpty)
    #expect(desk.matcher.state(of: waiting) == .working)
    // The cancellation arrives within a bar that trades through the limit, and comes too late.
    #expect(desk.bar(100, 101, 80, 100) == ["buy 5 at 90 maker"])
    #expect(desk.matcher.isIdle)
    #expect(desk.matcher.counts.idleCancels == 1)
  }

  @Test(
    "within a bar an order pays more the later it comes: the open at once, the far end at its end",
    arguments: [
      (0 as Int64, "buy 5 at 100 taker", "sell 5 at 100 taker"),
      (15_000, "buy 5 at 102 taker", "sell 5 at 99 taker"),
      (59_999, "buy 5 at 104 taker", "sell 5 at 98 taker"),
    ])
  func arrival(_ delay: Int64, _ bought: String, _ sold: String) throws {
    let settings = MatchSettings(orderDelay: .constant(TimeSpan(milliseconds: delay)))
    for (side, told) in [(OrderSide.buy, bought), (.sell, sold)] {
      var desk = try MatchingDesk(settings)
      desk.send(side, 5)
      #expect(desk.bar(100, 104, 98, 100) == [told])
      // A limit is never passed, an order that would not wait ends, one that waits meets the next open.
      var limited = try MatchingDesk(settings)
      limited.send(side, 5, limit: side == .buy ? 100.5 : 99.5, validity: .immediate)
      limited.send(side, 5, limit: side == .buy ? 100.5 : 99.5)
      let within = limited.bar(100, 104, 98, 100)
      let next = limited.bar(100, 104, 98, 100)
      if delay == 0 {
        #expect(within == [told, told])
      } else {
        #expect(within == ["1 notAtOnce"])
        #expect(next == ["\(side.rawValue) 5 at \(side == .buy ? 100.5 : 99.5) maker"])
      }
    }
  }

  @Test("what only waits is refused where the price may have come to it by its arrival")
  func postOnlyArrival() throws {
    let settings = MatchSettings(orderDelay: .constant(.seconds(15)))
    for (limit, told) in [(99.0, ["1 wouldTake"]), (98.9, [])] as [(Double, [String])] {
      var desk = try MatchingDesk(settings)
      desk.send(.buy, 5, limit: limit, validity: .postOnly)
      #expect(desk.bar(100, 104, 98, 100) == told)
    }
  }

  @Test(
    "of what stood before and what arrives within a bar the first comes first, and stops protect")
  func arrivalOrder() throws {
    let settings = MatchSettings(orderDelay: .constant(.seconds(15)))
    var desk = try MatchingDesk(settings)
    desk.send(.buy, 5)
    desk.number += 1
    desk.matcher.send(
      .submit(.stop(OrderNumber(2), .sell, Quantity(lots: 5), at: try #require(Price(99.0)))),
      at: desk.now)
    // The stop that came with the entry has the worst of the bar, the target nothing of it.
    #expect(
      desk.bar(100, 104, 98, 100) == ["buy 5 at 102 taker", "sell 5 at 99 taker"])
    desk.send(.buy, 5)
    #expect(desk.bar(100, 104, 100, 100) == ["buy 5 at 102 taker"])
    desk.number += 1
    desk.matcher.send(
      .submit(.stop(OrderNumber(4), .sell, Quantity(lots: 5), at: try #require(Price(99.0)))),
      at: desk.now)
    #expect(desk.bar(100, 101, 100, 100).isEmpty)
    desk.send(.sell, 5, reducesOnly: true)
    // Whether the exit or the stop came first nobody knows; the stop is worse.
    #expect(desk.bar(100, 101, 98, 100) == ["sell 5 at 99 taker", "5 nothingToReduce"])
    #expect(desk.matcher.isIdle && desk.held == 0)
  }

  @Test("random delays follow from the seed, keep their least, and have their mean")
  func randomDelays() {
    let delay = MessageDelay.exponential(least: .seconds(1), meanExcess: .seconds(2), seed: 7)
    let delays = (0..<4000 as Range<UInt64>).map { delay.delay(of: $0).milliseconds }
    #expect(delays == (0..<4000 as Range<UInt64>).map { delay.delay(of: $0).milliseconds })
    #expect(delays.allSatisfy { $0 >= 1000 })
    let mean = Double(delays.reduce(0, +)) / 4000
    // Five standard errors of an exponential mean of 2000 over 4000 draws.
    #expect(abs(mean - 3000) < 5 * 2000 / 4000.0.squareRoot())
  }

  @Test("a position is liquidated at the far end of the bar, before its target")
  func liquidation() throws {
    var desk = try MatchingDesk(
      MatchSettings(leverage: try #require(Leverage(50.0))), deposit: "300")
    desk.send(.buy, 100)
    desk.send(.sell, 100, limit: 61_000)
    #expect(desk.bar(60_000, 60_100, 59_900, 60_000) == ["buy 100 at 60000 taker"])
    #expect(desk.bar(60_000, 62_000, 57_000, 61_500) == ["2 liquidation"])
    #expect(desk.held == 0)
    #expect(desk.matcher.counts.liquidations == 1)
    #expect(desk.account.wallet == .zero)
  }

  @Test("the leverage of a position follows where its margin allows it, and is refused where not")
  func leverageOfPosition() throws {
    var desk = try MatchingDesk(
      MatchSettings(leverage: try #require(Leverage(10.0))), deposit: "1000")
    desk.send(.buy, 100)
    _ = desk.bar(60_000, 60_000, 60_000, 60_000)
    #expect(desk.account.position(of: desk.matcher.id)?.leverage.value == 10)
    let before = try #require(desk.account.available)
    for (wanted, has, refused) in [(8.0, 8.0, 0), (5, 8, 1), (20, 20, 1), (130, 20, 2)] {
      desk.matcher.send(.leverage(try #require(Leverage(wanted))), at: desk.now)
      _ = desk.bar(60_000, 60_000, 60_000, 60_000)
      #expect(desk.account.position(of: desk.matcher.id)?.leverage.value == has)
      #expect(desk.matcher.counts.refusedLeverages == refused)
    }
    // 6,000 at ten set aside 600, at twenty 300.
    #expect(try #require(desk.account.available) == before + (try #require(CoinAmount(300.0))))
    // What the next fill opens has the leverage of the position.
    desk.send(.buy, 1)
    #expect(desk.bar(60_000, 60_000, 60_000, 60_000) == ["buy 1 at 60000 taker"])
    #expect(desk.account.coinAccounts.map { desk.account.balance(of: $0).atoms }.reduce(0, +) == 0)
  }

  @Test("who cannot set aside the margin is not filled")
  func margin() throws {
    var desk = try MatchingDesk(deposit: "100")
    desk.send(.buy, 2)
    #expect(desk.bar(60_000, 60_000, 60_000, 60_000) == ["1 insufficientMargin"])
    desk.send(.buy, 1)
    #expect(desk.bar(60_000, 60_000, 60_000, 60_000) == ["buy 1 at 60000 taker"])
    // Closing needs none, turning round needs what closing sets free.
    desk.send(.sell, 2)
    #expect(
      desk.bar(60_000, 60_000, 60_000, 60_000) == [
        "sell 1 at 60000 taker", "sell 1 at 60000 taker",
      ])
    #expect(desk.held == -1)
  }

  @Test("what no market can have printed is refused and counted and changes nothing")
  func badInput() throws {
    var desk = try MatchingDesk()
    desk.send(.buy, 5)
    for price in [0, -1, .nan, .infinity] as [Double] {
      #expect(desk.bar(price, 101, 99, 100).isEmpty)
      #expect(desk.trade(price, 1, .buy).isEmpty)
      #expect(desk.trade(100, price, .buy).isEmpty)
    }
    #expect(desk.matcher.counts.impossible == 12)
    #expect(desk.matcher.state(of: OrderNumber(1)) == .sent)
    desk.minute = 10
    #expect(desk.bar(100, 101, 99, 100) == ["buy 5 at 100 taker"])
    desk.minute = 10
    _ = desk.bar(100, 101, 99, 100)
    desk.minute = 3
    _ = desk.bar(100, 101, 99, 100)
    desk.minute = 20
    _ = desk.bar(100, 101, 99, 100)
    let counts = desk.matcher.counts
    #expect(counts.duplicate == 1 && counts.late == 1 && counts.gaps == 1 && counts.accepted == 2)
    #expect(desk.held == 5)
  }

  @Test("orders that the venue's rules forbid are rejected with the rule")
  func rules() throws {
    var desk = try MatchingDesk()
    desk.send(.buy, 0)
    desk.send(.buy, 5, limit: 99.95)
    desk.send(.sell, 5, reducesOnly: true)
    #expect(
      desk.bar(100, 101, 99, 100) == ["1 quantityOutside", "2 priceOutside", "3 nothingToReduce"])
    #expect(desk.matcher.isIdle)
  }
}

@Suite("Matching on trades and books")
struct BookMatchingTests {
  private func book(bid: Int64 = 50, at bidTicks: Int64 = 1000, ask: Int64 = 40) -> OrderBook {
    var book = OrderBook(width: 64)
    book.set(BookLevel(ticks: bidTicks, lots: bid), of: .bid)
    book.set(BookLevel(ticks: 1001, lots: ask), of: .ask)
    book.set(BookLevel(ticks: 1002, lots: 100), of: .ask)
    return book
  }

  @Test("an order that takes walks the levels, and the next finds what is left")
  func sweep() throws {
    var desk = try MatchingDesk()
    desk.send(.buy, 60, validity: .immediate)
    desk.send(.buy, 200, limit: 100.2, validity: .whole)
    desk.send(.buy, 90, limit: 100.2, validity: .immediate)
    #expect(
      desk.show(book()) == [
        "buy 40 at 100.1 taker", "buy 20 at 100.2 taker", "2 notAtOnce", "buy 80 at 100.2 taker",
        "3 notAtOnce",
      ])
  }

  @Test(
    "trades and a share of the cancellations bring an order forward in its queue",
    arguments: [(0.0, 20), (0.5, 15), (1.0, 10)])
  func queue(_ share: Double, _ left: Double) throws {
    var desk = try MatchingDesk(
      MatchSettings(cancelsAhead: try #require(Rate(basisPoints: share * 10_000))))
    desk.send(.buy, 5, limit: 100)
    #expect(desk.show(book(bid: 50)).isEmpty)
    // 50 stand before the order, 100 come behind it, 30 are traded, 10 cancelled.
    #expect(desk.show(book(bid: 150)).isEmpty)
    #expect(desk.trade(100, 0.030, .sell).isEmpty)
    #expect(desk.show(book(bid: 110)).isEmpty)
    #expect(desk.trade(100, left / 1000, .sell).isEmpty)
    #expect(desk.trade(100, 0.002, .sell) == ["buy 2 at 100 maker"])
    // Trades on the other side and at worse prices do not concern it, one through its price does.
    #expect(desk.trade(100.1, 1, .buy).isEmpty)
    #expect(desk.trade(99.9, 0.003, .sell) == ["buy 3 at 100 maker"])
    #expect(desk.matcher.isIdle)
  }

  @Test("a book that comes to stand at the price of an order fills it as far as it goes")
  func passed() throws {
    var desk = try MatchingDesk()
    desk.send(.sell, 70, limit: 100.3, validity: .postOnly)
    #expect(desk.show(book()).isEmpty)
    var next = OrderBook(width: 64)
    next.set(BookLevel(ticks: 1003, lots: 30), of: .bid)
    next.set(BookLevel(ticks: 1004, lots: 30), of: .ask)
    #expect(desk.show(next) == ["sell 30 at 100.3 maker"])
    desk.send(.sell, 1, limit: 100.2, validity: .postOnly)
    #expect(desk.show(next) == ["sell 30 at 100.3 maker", "2 wouldTake"])
  }

  @Test("without books a trade is taken as far as it goes, and its price alone fills nobody")
  func trades() throws {
    var desk = try MatchingDesk()
    desk.send(.buy, 5)
    desk.send(.sell, 4, limit: 101)
    #expect(desk.trade(100, 0.003, .sell) == ["buy 3 at 100 taker"])
    #expect(desk.trade(100.5, 0.003, .buy) == ["buy 2 at 100.5 taker"])
    #expect(desk.trade(101, 1, .buy).isEmpty)
    #expect(desk.trade(101.1, 0.003, .buy) == ["sell 3 at 101 maker"])
    #expect(desk.held == 2)
  }

  @Test("a crossed book and one from the past are refused and counted")
  func refused() throws {
    var desk = try MatchingDesk()
    #expect(desk.show(book(at: 1001)).isEmpty)
    _ = desk.show(book())
    desk.minute = 0
    _ = desk.show(book())
    #expect(desk.matcher.counts.impossible == 1 && desk.matcher.counts.accepted == 1)
    #expect(desk.matcher.counts.late == 1)
  }

  @Test("a stop by mark wakes at the mark and is filled by the next book")
  func marks() throws {
    var desk = try MatchingDesk(MatchSettings(marksFromPrices: false))
    desk.account.mark(desk.matcher.id, at: try #require(Price(100.0)))
    desk.send(.buy, 5)
    desk.matcher.send(
      .submit(.stop(OrderNumber(7), .sell, Quantity(lots: 5), at: try #require(Price(99.0)))),
      at: desk.now)
    #expect(desk.show(book()) == ["buy 5 at 100.1 taker"])
    #expect(desk.matcher.state(of: OrderNumber(7)) == .asleep)
    desk.minute += 1
    desk.matcher.receive(
      ReferencePrice(instant: desk.now, mark: try #require(Price(98.9))), account: &desk.account)
    #expect(desk.matcher.state(of: OrderNumber(7)) == .working)
    #expect(desk.show(book()) == ["sell 5 at 100 taker"])
  }
}
