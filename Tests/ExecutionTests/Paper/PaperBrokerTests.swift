import Essentials
import Markets
import Testing

@testable import Execution

@Suite("The paper broker")
struct PaperBrokerTests {
  private func broker(
    _ change: (inout PaperConfiguration) throws -> Void = { _ in }
  ) throws -> PaperBroker {
    var configuration = PaperConfiguration(
      balance: Money(micros: 1_000_000_000_000), otherLots: .one)
    try change(&configuration)
    return PaperBroker(configuration)
  }

  private func bar(
    _ open: Double, _ high: Double, _ low: Double, _ close: Double, volume: Double? = nil
  ) throws -> MarketBar {
    try #require(
      MarketBar(symbol: "S", open: open, high: high, low: low, close: close, volume: volume))
  }

  /// Gives an instance so many lots of S at the price 100 in the first row.
  private func hold(_ lots: Int64, at broker: PaperBroker, by instance: String = "a") throws {
    let side: OrderSide = lots > 0 ? .buy : .sell
    _ = try broker.submit(.sample("hold-\(instance)", of: instance, side, abs(lots)))
    _ = try broker.advance(to: .row(1), bars: [.flat(100)])
    #expect(try broker.positions().quantity(of: "S", heldBy: instance).lots == lots)
  }

  // MARK: - Filling

  @Test(
    "a market order is filled in the row after it, at the open or at the close",
    arguments: [(MarketFillRule.nextOpen, 101.0), (.nextClose, 104.0)])
  func marketOrders(rule: MarketFillRule, price: Double) throws {
    let broker = try broker { $0.marketFills = rule }
    _ = try broker.advance(to: .row(1), bars: [.flat(100)])
    let order = BrokerOrder.sample("1", of: "a", .buy, 2)
    #expect(try broker.submit(order).status == .accepted)
    #expect(try broker.fills(after: .start).isEmpty)
    let fills = try broker.advance(to: .row(2), bars: [bar(101, 105, 99, 104)])
    #expect(fills.map(\.price.value) == [price])
    #expect(fills.map(\.instant) == [.row(2)])
    #expect(try broker.status(of: order.clientID) == .filled)
    #expect(try broker.fills(after: .start) == fills)
    #expect(try broker.fills(after: FillCursor(sequence: 1)).isEmpty)
  }

  /// A limit of 100 against rows: which price, if any.
  @Test(
    "a limit order is filled when the row trades through it, or at a better open",
    arguments: [
      (OrderSide.buy, [101.0, 103, 99, 102], 100.0 as Double?), (.buy, [101, 103, 100, 102], nil),
      (.buy, [98, 103, 97, 102], 98), (.buy, [100, 103, 100, 102], 100),
      (.sell, [99, 101, 98, 99], 100), (.sell, [99, 100, 98, 99], nil),
      (.sell, [102, 103, 101, 102], 102),
    ])
  func limitOrders(side: OrderSide, row: [Double], price: Double?) throws {
    let broker = try broker()
    let limit = try #require(Price(100.0))
    _ = try broker.submit(.sample("1", of: "a", side, 1, kind: .limit(limit)))
    let fills = try broker.advance(to: .row(1), bars: [bar(row[0], row[1], row[2], row[3])])
    #expect(fills.map(\.price.value) == (price.map { [$0] } ?? []))
  }

  @Test("fees and slippage cost the configured basis points, and a limit is never passed")
  func costs() throws {
    let broker = try broker {
      $0.fee = try #require(Rate(basisPoints: 10))
      $0.slippage = try #require(Rate(basisPoints: 50))
    }
    let limit = try #require(Price(100.2))
    _ = try broker.submit(.sample("1", of: "a", .buy, 10))
    _ = try broker.submit(.sample("2", of: "a", .buy, 10, kind: .limit(limit)))
    _ = try broker.submit(.sample("3", of: "b", .sell, 10))
    let fills = try broker.advance(to: .row(1), bars: [.flat(100)])
    #expect(fills.map(\.price.value) == [100.5, 100.2, 99.5])
    #expect(fills.map(\.fee.value) == [1.005, 1.002, 0.995])
  }

  @Test("orders share the volume that the configuration leaves them, in the order they came")
  func participation() throws {
    let broker = try broker { $0.participation = Rate(basisPoints: 1000) }
    _ = try broker.submit(.sample("1", of: "a", .buy, 7))
    _ = try broker.submit(.sample("2", of: "b", .sell, 7))
    let first = try broker.advance(to: .row(1), bars: [.flat(100, volume: 109)])
    #expect(first.map(\.quantity.lots) == [7, 3])
    #expect(
      try broker.status(of: ClientOrderID(recorded: "2"))
        == .partiallyFilled(filled: Quantity(lots: 3)))
    let second = try broker.advance(to: .row(2), bars: [.flat(100, volume: 5)])
    #expect(second.isEmpty)
    let third = try broker.advance(to: .row(3), bars: [.flat(100)])
    #expect(third.map(\.quantity.lots) == [4])
    #expect(try broker.openOrders(of: nil).isEmpty)
  }

  @Test("an order outlives neither its row nor its instant")
  func validity() throws {
    let broker = try broker { $0.participation = Rate(basisPoints: 10_000) }
    let limit = try #require(Price(50.0))
    _ = try broker.submit(.sample("ioc", of: "a", .buy, 9, timeInForce: .immediate))
    _ = try broker.submit(
      .sample("day", of: "a", .buy, 1, kind: .limit(limit), timeInForce: .until(.row(3))))
    _ = try broker.advance(to: .row(1), bars: [])
    #expect(try broker.openOrders(of: "a").count == 2)
    _ = try broker.advance(to: .row(2), bars: [.flat(100, volume: 4)])
    #expect(
      try broker.status(of: ClientOrderID(recorded: "ioc"))
        == .cancelled(filled: Quantity(lots: 4)))
    _ = try broker.advance(to: .row(3), bars: [.flat(100)])
    #expect(try broker.openOrders(of: "a").count == 1)
    let fills = try broker.advance(to: .row(4), bars: [.flat(40)])
    #expect(fills.isEmpty)
    #expect(try broker.status(of: ClientOrderID(recorded: "day")) == .cancelled(filled: .zero))
    let late = try broker.submit(.sample("late", of: "a", timeInForce: .until(.row(4))))
    #expect(late.status == .rejected(.expired))
  }

  @Test("a row that is not after the last, or names a symbol twice, changes nothing")
  func unusableRows() throws {
    let broker = try broker()
    _ = try broker.advance(to: .row(2), bars: [.flat(100)])
    _ = try broker.submit(.sample("1", of: "a"))
    let state = broker.state
    #expect(throws: PaperFailure.rowOutOfOrder(.row(2), last: .row(2))) {
      try broker.advance(to: .row(2), bars: [.flat(100)])
    }
    #expect(throws: PaperFailure.symbolTwice("S", .row(3))) {
      try broker.advance(to: .row(3), bars: [.flat(100), .flat(101)])
    }
    #expect(broker.state == state)
  }

  @Test("a bar with a missing, crossed or worthless price is none")
  func unusableBars() {
    for prices in [
      [.nan, 1, 1, 1], [1, 1, 1, 0], [2, 1, 1, 1], [1, 2, 1.5, 2], [1, .infinity, 1, 1],
    ] {
      #expect(
        MarketBar(symbol: "S", open: prices[0], high: prices[1], low: prices[2], close: prices[3])
          == nil)
    }
    #expect(MarketBar.flat(1, volume: .nan).volume == nil)
  }

  // MARK: - Orders

  @Test("G8: an order sent again gets the first answer, and nothing is sent")
  func resent() throws {
    let broker = try broker()
    let order = BrokerOrder.sample("1", of: "a")
    let first = try broker.submit(order)
    _ = try broker.advance(to: .row(1), bars: [.flat(100)])
    let state = broker.state
    #expect(try broker.submit(order) == first)
    #expect(broker.state == state)
    #expect(try broker.advance(to: .row(2), bars: [.flat(100)]).isEmpty)
  }

  @Test("another order under a used client id is refused, and nothing is changed")
  func reused() throws {
    let broker = try broker()
    _ = try broker.submit(.sample("1", of: "a"))
    let state = broker.state
    #expect(throws: BrokerFailure.clientIDReused(ClientOrderID(recorded: "1"))) {
      try broker.submit(.sample("1", of: "a", .buy, 2))
    }
    #expect(broker.state == state)
  }

  @Test("G9: equal orders of two instances are both sent")
  func equalOrders() throws {
    let broker = try broker()
    _ = try broker.submit(.sample("1", of: "a"))
    _ = try broker.submit(.sample("2", of: "b"))
    #expect(try broker.advance(to: .row(1), bars: [.flat(100)]).count == 2)
    #expect(try broker.positions().quantity(of: "S").lots == 2)
  }

  /// Held, side, lots: what is accepted where more than is held is refused, and where it is cut.
  @Test(
    "G10: a reduce-only order only reduces",
    arguments: [
      (-3, OrderSide.buy, 2, 2, 2), (-3, .buy, 3, 3, 3), (-3, .buy, 4, 0, 3), (-3, .sell, 1, 0, 0),
      (3, .sell, 4, 0, 3), (3, .buy, 1, 0, 0),
    ] as [(Int64, OrderSide, Int64, Int64, Int64)])
  func reduceOnly(
    held: Int64, side: OrderSide, lots: Int64, refusing: Int64, cutting: Int64
  ) throws {
    for (rule, accepted) in [(ReduceOnlyRule.refuse, refusing), (.cut, cutting)] {
      let broker = try broker { $0.reduceOnly = rule }
      try hold(held, at: broker)
      let order = BrokerOrder.sample("1", of: "a", side, lots, isReduceOnly: true)
      let answer = try broker.submit(order)
      #expect(answer.accepted.lots == accepted)
      #expect(answer.status == (accepted == 0 ? .rejected(.notReducing) : .accepted))
      _ = try broker.advance(to: .row(2), bars: [.flat(100)])
      #expect(try broker.positions().quantity(of: "S").lots == held + side.sign * accepted)
    }
  }

  @Test("open reduce-only orders count, so that together they never turn a position")
  func reduceOnlyTogether() throws {
    let broker = try broker()
    try hold(3, at: broker)
    _ = try broker.submit(.sample("1", of: "a", .sell, 2, isReduceOnly: true))
    let second = try broker.submit(.sample("2", of: "a", .sell, 2, isReduceOnly: true))
    #expect(second.status == .rejected(.notReducing))
    #expect(
      try broker.submit(.sample("3", of: "a", .sell, 1, isReduceOnly: true)).status == .accepted)
    #expect(
      try broker.submit(.sample("4", of: "b", .sell, 1, isReduceOnly: true)).status
        == .rejected(.notReducing))
  }

  @Test("a reduce-only order whose position went away meanwhile ends with what it could fill")
  func reduceOnlyLate() throws {
    let broker = try broker()
    try hold(3, at: broker)
    let limit = try #require(Price(110.0))
    let order = BrokerOrder.sample("1", of: "a", .sell, 3, kind: .limit(limit), isReduceOnly: true)
    _ = try broker.submit(order)
    _ = try broker.submit(.sample("2", of: "a", .sell, 2))
    _ = try broker.advance(to: .row(2), bars: [.flat(100)])
    _ = try broker.advance(to: .row(3), bars: [.flat(120)])
    #expect(try broker.positions().quantity(of: "S") == .zero)
    _ = try broker.advance(to: .row(4), bars: [.flat(120)])
    #expect(try broker.status(of: order.clientID) == .cancelled(filled: Quantity(lots: 1)))
  }

  @Test("what cannot be traded is rejected with its reason, and stays so")
  func rejections() throws {
    let broker = try broker {
      $0.otherLots = nil
      $0.lots = ["S": .one]
    }
    _ = try broker.advance(to: .row(1), bars: [.flat(9e9)])
    let cases: [(BrokerOrder, OrderRejection)] = [
      (.sample("1", of: "a", .buy, 0), .belowLot), (.sample("2", of: "a", .buy, -1), .belowLot),
      (.sample("3", of: "a", symbol: "T"), .unknownSymbol),
      (.sample("4", of: ""), .instanceMissing),
      (.sample("5", of: "a", .buy, 1000), .amountTooLarge),
    ]
    for (order, reason) in cases {
      let answer = try broker.submit(order)
      #expect(answer.status == .rejected(reason))
      #expect(try broker.submit(order) == answer)
      #expect(try broker.cancel(order.clientID) == .rejected(reason))
      #expect(OrderRejection(key: reason.key) == reason)
    }
    #expect(try broker.rules(of: "S").lot == .one)
    #expect(throws: BrokerFailure.unknownSymbol("T", venue: "paper")) { try broker.rules(of: "T") }
    #expect(OrderRejection(key: "margin") == .other("margin"))
  }

  @Test("an order that turns out too large when its price comes is rejected then")
  func tooLargeLate() throws {
    let broker = try broker()
    let order = BrokerOrder.sample("1", of: "a", .buy, 1000)
    #expect(try broker.submit(order).status == .accepted)
    #expect(try broker.advance(to: .row(1), bars: [.flat(9e9)]).isEmpty)
    #expect(try broker.status(of: order.clientID) == .rejected(.amountTooLarge))
    #expect(try broker.openOrders(of: nil).isEmpty)
  }

  @Test("taking back ends an open order, repeats an end, and knows nothing of strangers")
  func cancelling() throws {
    let broker = try broker()
    let order = BrokerOrder.sample("1", of: "a")
    _ = try broker.submit(order)
    #expect(try broker.cancel(order.clientID) == .cancelled(filled: .zero))
    #expect(try broker.cancel(order.clientID) == .cancelled(filled: .zero))
    #expect(try broker.advance(to: .row(1), bars: [.flat(100)]).isEmpty)
    #expect(try broker.cancel(ClientOrderID(recorded: "x")) == .unknown)
    #expect(try broker.status(of: ClientOrderID(recorded: "x")) == .unknown)
  }

  @Test("without the permission to trade nothing is taken, and the account says so")
  func permissions() throws {
    let broker = try broker { $0.permissions = [] }
    #expect(try broker.account().permissions.isEmpty)
    #expect(throws: BrokerFailure.permissionMissing(.trade, account: "paper-1")) {
      try broker.submit(.sample("1", of: "a"))
    }
    #expect(try broker.status(of: ClientOrderID(recorded: "1")) == .unknown)
  }

  // MARK: - Money

  @Test("profit is what was gained by closing and what is gained by holding, to the millionth")
  func profit() throws {
    let broker = try broker { $0.fee = try #require(Rate(basisPoints: 10)) }
    try broker.fund("a", with: Money(micros: 5_000_000_000))
    _ = try broker.submit(.sample("1", of: "a", .buy, 3))
    _ = try broker.advance(to: .row(1), bars: [.flat(100)])
    _ = try broker.submit(.sample("2", of: "a", .sell, 5))
    _ = try broker.advance(to: .row(2), bars: [.flat(110)])
    _ = try broker.advance(to: .row(3), bars: [.flat(120)])
    let statement = try broker.equity(of: "a")
    #expect(statement.capital.value == 5000)
    #expect(statement.realized.value == 30)
    #expect(statement.unrealized.value == -20)
    #expect(statement.fees.value == 0.85)
    #expect(statement.positions.value == -240)
    #expect(statement.equity.value == 5009.15)
    #expect(try broker.equity(of: nil).equity.value == 1_000_009.15)
    #expect(try broker.account().balance == broker.equity(of: nil).cash)
    #expect(broker.marks["S"]?.value == 120)
  }

  @Test("capital moves between an instance and the pool, and no more than there is")
  func capital() throws {
    let broker = try broker()
    try broker.fund("a", with: Money(micros: 400_000_000_000))
    try broker.fund("a", with: Money(micros: 400_000_000_000))
    #expect(try broker.equity(of: "a").equity.value == 400_000)
    #expect(throws: PaperFailure.self) {
      try broker.fund("b", with: Money(micros: 600_000_000_001))
    }
    try broker.fund("a", with: .zero)
    #expect(try broker.equity(of: "a").equity == .zero)
    #expect(try broker.equity(of: nil).equity.value == 1_000_000)
    #expect(throws: PaperFailure.self) { try broker.fund("", with: .zero) }
    #expect(throws: PaperFailure.self) { try broker.fund("a", with: Money(micros: -1)) }
  }

  @Test("T15, T16: a transition plan of reduce-only orders is taken as it is planned")
  func transitions() throws {
    let broker = try broker()
    try hold(12, at: broker)
    let schedule = try #require(SliceSchedule(over: .minutes(30), slices: 6))
    let plan = TransitionPlan(
      demoting: "a", run: "r", with: .twap(schedule),
      holdings: [
        TransitionHolding(symbol: "S", paper: .zero, real: Quantity(lots: 12))
      ], at: .row(2))
    for (index, order) in plan.live.enumerated() {
      #expect(try broker.submit(order.order).status == .accepted)
      _ = try broker.advance(to: .row(Int64(index) + 3), bars: [.flat(100)])
    }
    #expect(try broker.positions().venue.isEmpty)
  }
}
