import Essentials
import Markets
import Testing
import Twins

@testable import Execution

@Suite("Order paths")
struct OrderPathTests {
  private let paper = PaperBroker(
    PaperConfiguration(balance: Money(micros: 1_000_000), otherLots: .one))

  @Test("a path passes the orders of its instance and no others")
  func instances() throws {
    let path = DryRunOrderPath(of: "a", to: paper)
    #expect(try path.submit(.sample("1", of: "a")).status == .accepted)
    let failure = #expect(throws: BrokerFailure.self) { try path.submit(.sample("2", of: "b")) }
    #expect(failure?.key == "foreign_order")
    #expect(try paper.status(of: ClientOrderID(recorded: "2")) == .unknown)
  }

  @Test("no broker is a paper venue and a live one, nor becomes the other by being faulty")
  func authorities() {
    let live = RehearsalVenue(playedBy: paper)
    let brokers: [(any Broker, isPaper: Bool)] = [
      (paper, true), (FaultyBroker(paper), true), (live, false), (FaultyBroker(live), false),
    ]
    for (broker, isPaper) in brokers {
      #expect((broker is any PaperVenue) == isPaper)
      #expect((broker is any LiveVenue) == !isPaper)
      #expect((broker is any Broker<PaperAuthority>) == isPaper)
    }
    let way = LiveOrderPath(of: "a", to: live)
    #expect(way.broker.venue == "paper")
  }
}

extension BrokerOrder {
  /// A market order of one lot of S.
  static func sample(
    _ id: String, of instance: String, _ side: OrderSide = .buy, _ lots: Int64 = 1,
    symbol: String = "S", kind: Kind = .market, isReduceOnly: Bool = false,
    timeInForce: TimeInForce = .untilCancelled
  ) -> BrokerOrder {
    BrokerOrder(
      clientID: ClientOrderID(recorded: id), instance: instance, symbol: symbol, side: side,
      quantity: Quantity(lots: lots), kind: kind, isReduceOnly: isReduceOnly,
      timeInForce: timeInForce)
  }
}

extension Timestamp {
  /// The row of this number, a day each.
  static func row(_ number: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: number * Timestamp.millisecondsPerDay)
  }
}

extension MarketBar {
  /// A row of S at one price.
  static func flat(_ price: Double, symbol: String = "S", volume: Double? = nil) -> MarketBar {
    MarketBar(
      symbol: symbol, open: price, high: price, low: price, close: price, volume: volume)!
  }
}
