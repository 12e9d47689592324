import Essentials
import Markets
import Testing
import Twins

@testable import Execution

@Suite("Faults of a broker")
struct FaultyBrokerTests {
  private let paper = PaperBroker(
    PaperConfiguration(balance: Money(micros: 1_000_000_000), otherLots: .one))

  @Test("an order whose answer was lost is at the venue, and sent again it stays one order")
  func lostAnswers() throws {
    let broker = FaultyBroker(paper)
    broker.change { $0.lostAnswers = 1 }
    let order = BrokerOrder.sample("1", of: "a")
    #expect(throws: BrokerFailure.noAnswer(venue: "paper", id: order.clientID)) {
      try broker.submit(order)
    }
    #expect(try broker.status(of: order.clientID) == .accepted)
    #expect(try broker.submit(order).status == .accepted)
    #expect(broker.passed.count == 2)
    #expect(try paper.advance(to: .row(1), bars: [.flat(10)]).count == 1)
  }

  @Test("an order that was lost looks the same and is not at the venue")
  func lostOrders() throws {
    let broker = FaultyBroker(paper)
    broker.change { $0.lostOrders = 1 }
    let order = BrokerOrder.sample("1", of: "a")
    #expect(throws: BrokerFailure.noAnswer(venue: "paper", id: order.clientID)) {
      try broker.submit(order)
    }
    #expect(try broker.status(of: order.clientID) == .unknown)
    #expect(broker.passed.isEmpty)
  }

  @Test("an unknown order is neither ended nor taken back, and the others are")
  func unknownOrders() throws {
    let broker = FaultyBroker(paper)
    let orders = [BrokerOrder.sample("1", of: "a"), .sample("2", of: "a")]
    for order in orders { _ = try broker.submit(order) }
    broker.change { $0.unknown = .orders([orders[0].clientID]) }
    #expect(try broker.cancel(orders[0].clientID) == .unknown)
    #expect(try broker.cancel(orders[1].clientID) == .cancelled(filled: .zero))
    #expect(try broker.openOrders(of: "a").map(\.status) == [.unknown])
    broker.change { $0.unknown = .all }
    #expect(try broker.status(of: orders[1].clientID) == .unknown)
    #expect(try paper.status(of: orders[0].clientID) == .accepted)
  }

  @Test("a withheld permission is missing in the account and at each order")
  func permissions() throws {
    let broker = FaultyBroker(paper)
    broker.change { $0.withheld = [.trade] }
    #expect(try broker.account().permissions.isEmpty)
    #expect(throws: BrokerFailure.permissionMissing(.trade, account: "paper-1")) {
      try broker.submit(.sample("1", of: "a"))
    }
    #expect(try paper.openOrders(of: nil).isEmpty)
  }

  @Test("without a connection every call fails, and with it all is as before")
  func connection() throws {
    let broker = FaultyBroker(paper)
    broker.change { $0.isDisconnected = true }
    let gone = BrokerFailure.disconnected(venue: "paper")
    let id = ClientOrderID(recorded: "1")
    #expect(throws: gone) { try broker.account() }
    #expect(throws: gone) { try broker.rules(of: "S") }
    #expect(throws: gone) { try broker.submit(.sample("1", of: "a")) }
    #expect(throws: gone) { try broker.cancel(id) }
    #expect(throws: gone) { try broker.status(of: id) }
    #expect(throws: gone) { try broker.openOrders(of: nil) }
    #expect(throws: gone) { try broker.fills(after: .start) }
    #expect(throws: gone) { try broker.positions() }
    #expect(throws: gone) { try broker.equity(of: nil) }
    broker.change { $0.isDisconnected = false }
    #expect(try broker.account() == paper.account())
    #expect(try broker.rules(of: "S") == paper.rules(of: "S"))
    #expect(try broker.equity(of: nil) == paper.equity(of: nil))
  }

  @Test("late and repeated fills end in the same knowledge, in their order")
  func fills() throws {
    let broker = FaultyBroker(paper)
    broker.change {
      $0.readingsBeforeFills = 1
      $0.repeatsFills = true
    }
    let order = BrokerOrder.sample("1", of: "a", .buy, 2)
    _ = try broker.submit(order)
    _ = try paper.advance(to: .row(1), bars: [.flat(10)])
    var lifecycle = OrderLifecycle(ordered: order.quantity)
    lifecycle.hear(.status(try broker.status(of: order.clientID)))
    #expect(try broker.fills(after: .start).isEmpty)
    #expect(lifecycle.missing.lots == 2)
    let fills = try broker.fills(after: .start)
    #expect(fills.map(\.sequence) == [1, 1])
    for fill in fills { lifecycle.hear(.fill(fill)) }
    #expect(lifecycle.missing == .zero)
    #expect(lifecycle.status == .filled)
  }

  @Test("a position that nobody ordered is a discrepancy")
  func strangers() throws {
    let broker = FaultyBroker(RehearsalVenue(playedBy: paper))
    _ = try broker.submit(.sample("1", of: "a", .buy, 2))
    _ = try paper.advance(to: .row(1), bars: [.flat(10)])
    #expect(try broker.positions().discrepancies.isEmpty)
    let stranger = VenuePosition(symbol: "S", quantity: Quantity(lots: -1))
    broker.change { $0.strangers = [stranger] }
    #expect(try broker.positions().discrepancies == [stranger])
  }
}
