import Essentials
import Markets
import Testing

@testable import Execution

@Suite("Records of orders and fills")
struct RecordTests {
  @Test(
    "an order reads back as it was",
    arguments: [
      BrokerOrder.sample("1", of: "a"),
      .sample("é:\"2\"", of: "b", .sell, 7, kind: .limit(Price(nanos: 123)!), isReduceOnly: true),
      .sample("3", of: "c", timeInForce: .immediate),
      .sample("4", of: "c", timeInForce: .until(.row(-3))),
    ])
  func orders(order: BrokerOrder) throws {
    #expect(try BrokerOrder(json: JSONValue(parsing: order.json.compactText)) == order)
  }

  @Test("a fill reads back as it was")
  func fills() throws {
    let fill = Fill(
      venue: "v", venueOrderID: "9", sequence: 3, clientID: ClientOrderID(recorded: "x"),
      instance: "a", symbol: "S", side: .sell, quantity: Quantity(lots: 4),
      price: Price(nanos: 5)!, fee: Money(micros: -1), instant: .row(2))
    #expect(try Fill(json: JSONValue(parsing: fill.json.compactText)) == fill)
    #expect(fill.change.lots == -4)
  }

  @Test(
    "a status reads back as it was",
    arguments: [
      OrderStatus.unknown, .accepted, .partiallyFilled(filled: Quantity(lots: 2)), .filled,
      .cancelled(filled: .zero), .rejected(.notReducing), .rejected(.other("no margin")),
    ])
  func statuses(status: OrderStatus) throws {
    #expect(try OrderStatus(json: JSONValue(parsing: status.json.compactText)) == status)
  }

  @Test("a record of another shape is refused with its place")
  func shapes() throws {
    let order = BrokerOrder.sample("1", of: "a").json
    #expect(throws: UnreadableRecord(place: "status", expectation: "there")) {
      try OrderStatus(json: order)
    }
    #expect(throws: UnreadableRecord(place: "", expectation: "an object")) {
      try BrokerOrder(json: [order].first.map { .array([$0]) } ?? .null)
    }
    #expect(throws: UnreadableRecord.self) { try Fill(json: order) }
  }
}
