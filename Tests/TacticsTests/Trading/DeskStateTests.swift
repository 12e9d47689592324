import Essentials
import Mathematics
import Models
import Tactics
import Testing

@testable import Markets

/// A venue that loses orders and reports, fills late and in parts, and refuses, by chance.
private struct UnreliableVenue {
  var account: PerpetualAccount
  var generator: SplitMix64
  /// Orders at the venue or on their way, with what is left of them.
  var orders: [(order: MarketOrder, rest: Int64)] = []
  /// Whether anything goes wrong.
  var isHonest = false
  var reports: [OrderReport] = []

  private mutating func happens(oneIn count: Int) -> Bool {
    !isHonest && Int.random(in: 0..<count, using: &generator) == 0
  }

  private var held: Int64 { account.position(of: ContractID(place: 0))?.quantity.lots ?? 0 }

  mutating func take(_ directive: TradeDirective) {
    switch directive {
    case .submit(let order):
      if !happens(oneIn: 6) { orders.append((order, order.quantity.lots)) }
    case .cancel(let number):
      guard let place = orders.firstIndex(where: { $0.order.number == number }) else { return }
      let (order, rest) = orders.remove(at: place)
      report(order, .cancelled, rest: rest, end: .bySender)
    case .cancelAll, .leverage: break
    }
  }

  private mutating func report(
    _ order: MarketOrder, _ state: OrderState, filled: Int64 = 0, rest: Int64, price: Price? = nil,
    end: OrderEnd? = nil
  ) {
    // Some reports are lost.
    guard !happens(oneIn: 5) else { return }
    reports.append(
      OrderReport(
        instant: .seconds(0), number: order.number, side: order.side, state: state,
        filled: Quantity(lots: filled), rest: Quantity(lots: rest), price: price, role: .taker,
        end: end))
  }

  /// Lets the venue do its work at a price.
  mutating func work(at price: Price, _ now: Timestamp) throws {
    account.mark(ContractID(place: 0), at: price)
    for (order, rest) in orders {
      // Some wait.
      if happens(oneIn: 3) { continue }
      let closable = held.signum() == order.side.sign ? 0 : abs(held)
      if order.trigger != nil {
        let isReached = order.trigger.map {
          $0.isRising ? price >= $0.price : price <= $0.price
        }
        guard isReached == true, closable > 0 else { continue }
      }
      if happens(oneIn: 8) {
        forget(order)
        report(order, .rejected, rest: rest, end: .insufficientMargin)
        continue
      }
      var lots = order.reducesOnly ? min(rest, closable) : rest
      if happens(oneIn: 4) { lots /= 2 }
      if lots > 0 {
        _ = try account.fill(
          PerpetualFill(
            instant: now, side: order.side, quantity: Quantity(lots: lots), price: price,
            role: .taker), of: ContractID(place: 0))
      }
      let isOver = lots == rest
      if isOver || order.validity == .immediate || (order.reducesOnly && lots == closable) {
        forget(order)
        report(
          order, isOver ? .filled : .cancelled, filled: lots, rest: rest - lots, price: price,
          end: isOver ? nil : order.reducesOnly ? .nothingToReduce : .notAtOnce)
      } else {
        for place in orders.indices where orders[place].order.number == order.number {
          orders[place].rest -= lots
        }
        if lots > 0 {
          report(order, .partlyFilled, filled: lots, rest: rest - lots, price: price)
        }
      }
    }
  }

  private mutating func forget(_ order: MarketOrder) {
    orders.removeAll { $0.order.number == order.number }
  }
}

@Suite("States of a desk")
struct DeskStateTests {
  @Test(
    "an unreliable venue never gets two orders that open, and nothing is left when it is honest again",
    arguments: 1...8)
  func unreliable(seed: UInt64) throws {
    let contract = HandMade.contract("X")
    // Positions of an account without leverage need no other margin.
    let configuration = try HandMade.configuration(
      "{leverage.blend.target_max: 1, trading.order_timeout: 150s}")
    var desk = PortfolioDesk([contract], configuration: configuration, seed: seed)
    var venue = UnreliableVenue(
      account: try HandMade.account([contract]), generator: SplitMix64(seed: seed))
    var directives: ContiguousArray<ContractDirective> = []
    var generator = SplitMix64(seed: seed + 100)
    var states: Set<String> = []
    var sides: [OrderNumber: Int] = [:]
    var price = 100.0
    for minute in 1...160 {
      venue.isHonest = minute > 130
      let now = Timestamp.seconds(Int64(60 * minute))
      price *= 1 + Double.random(in: -0.004...0.004, using: &generator)
      let tick = try #require(Price((price * 100).rounded() / 100))
      try venue.work(at: tick, now)
      for report in venue.reports { desk.hear(report, of: ContractID(place: 0)) }
      venue.reports = []
      let drift =
        minute > 125 ? 0 : [90.0, 90, -90][(minute / 25) % 3]
      let before = desk.desks[0]
      directives.removeAll()
      desk.decide(
        at: now,
        readings: [HandMade.reading("X", at: now, price: tick.value, drift: drift)],
        account: venue.account, directives: &directives)
      states.insert(desk.desks[0].state.name)
      for wish in directives {
        if case .submit(let order) = wish.directive, !order.reducesOnly {
          sides[order.number] = minute
          // Nothing that opens may be on its way, and beside a position only more of it is opened.
          #expect(!venue.orders.contains { !$0.order.reducesOnly })
          let held = venue.account.position(of: ContractID(place: 0))?.quantity ?? .zero
          let isAddition = desk.desks[0].state.name == "holding"
          #expect(held == .zero || isAddition && (held > .zero) == (order.side == .buy))
          #expect(isAddition || before.state.name != "holding" && before.state.name != "entering")
        }
        venue.take(wish.directive)
      }
      #expect(venue.orders.count { !$0.order.reducesOnly } <= 1)
    }
    #expect(desk.desks[0].state == .flat)
    #expect(venue.account.position(of: ContractID(place: 0)) == nil)
    #expect(venue.orders.isEmpty)
    #expect(desk.desks[0].orders.isEmpty)
    #expect(states.contains("holding"))
  }

  @Test("a position that nobody meant is closed, and nothing is opened before")
  func foreign() throws {
    let contract = HandMade.contract("X")
    var desk = PortfolioDesk([contract], configuration: try HandMade.configuration(), seed: 1)
    var account = try HandMade.account([contract])
    let price = try #require(Price(100))
    _ = try account.fill(
      PerpetualFill(
        instant: .seconds(0), side: .buy, quantity: Quantity(lots: 7), price: price, role: .taker),
      of: ContractID(place: 0))
    account.mark(ContractID(place: 0), at: price)
    var directives: ContiguousArray<ContractDirective> = []
    let reading = HandMade.reading("X", at: .seconds(60), price: 100, drift: 90)
    desk.decide(
      at: .seconds(60), readings: [reading], account: account, directives: &directives)
    #expect(desk.desks[0].state.name == "unknown")
    guard case .submit(let order)? = directives.first?.directive else {
      Issue.record("nothing was sent")
      return
    }
    #expect(directives.count == 1)
    #expect(order.reducesOnly && order.side == .sell && order.quantity.lots == 7)
    #expect(desk.takeRecords().map(\.reason) == ["foreign_position"])
  }
}
