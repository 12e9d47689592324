import Essentials
import Markets
import Testing

@testable import Backtesting

@Suite("Order log")
struct OrderLogTests {
  private func filled(_ keepsText: Bool, until count: UInt64, changed: UInt64? = nil) -> OrderLog {
    var log = OrderLog(keepsText: keepsText)
    for number in 1...count {
      let order = MarketOrder(
        OrderNumber(number), .sell, Quantity(lots: number == changed ? 8 : 7),
        limit: Price(nanos: 95_505_400_000_000), validity: .postOnly)
      log.append(
        sent: ContractDirective(ContractID(place: 1), .submit(order)), at: minute(Int64(number)))
    }
    return log
  }

  @Test("every kind of line is written as documented")
  func lines() throws {
    var log = OrderLog(keepsText: true)
    let stop = MarketOrder(
      OrderNumber(13), .sell, Quantity(lots: 500), validity: .immediate,
      trigger: OrderTrigger(.mark, at: try #require(Price(94_000.0)), isRising: false),
      reducesOnly: true)
    let leverage = try #require(Leverage(5.0))
    for (place, directive) in [
      (0, .submit(stop)), (1, .cancel(OrderNumber(7))), (2, .cancelAll), (1, .leverage(leverage)),
    ] as [(Int, TradeDirective)] {
      log.append(
        sent: ContractDirective(ContractID(place: place), directive),
        at: Timestamp(millisecondsSinceEpoch: -60_000))
    }
    for end in OrderEnd.allCases {
      let report = OrderReport(
        instant: minute(1), number: OrderNumber(13), side: .buy, state: .cancelled,
        rest: Quantity(lots: 5), end: end)
      log.append(heard: ContractReport(ContractID(place: 0), report))
    }
    log.append(
      heard: ContractReport(
        ContractID(place: 0),
        OrderReport(
          instant: minute(2), number: OrderNumber(13), side: .sell, state: .partlyFilled,
          filled: Quantity(lots: 2), rest: Quantity(lots: 3), price: Price(nanos: 10), role: .maker,
          fee: CoinAmount(atoms: -4), profit: CoinAmount(atoms: 17))))
    let ends = OrderEnd.allCases.map { "60000 0 report 13 buy cancelled 0 5 \($0.rawValue)" }
    #expect(
      log.lines == [
        "-60000 0 submit 13 sell 500 market immediate mark falling 94000000000000 reduces",
        "-60000 1 cancel 7", "-60000 2 cancelAll", "-60000 1 leverage 500",
      ] + ends + ["120000 0 report 13 sell partlyFilled 2 3 10 maker -4 17"])
    #expect(log.count == log.lines.count)
    #expect(
      log.fingerprint == Fingerprint(of: log.lines.map { $0 + "\n" }.joined()))
  }

  @Test("the fingerprint does not depend on whether text is kept, and one lot changes it")
  func fingerprint() {
    // More than what is gathered before it is digested.
    let count: UInt64 = 2500
    let kept = filled(true, until: count)
    #expect(kept.lines.count == 2500)
    #expect(filled(false, until: count).fingerprint == kept.fingerprint)
    #expect(filled(false, until: count).lines.isEmpty)
    #expect(filled(false, until: count, changed: 1).fingerprint != kept.fingerprint)
    #expect(filled(false, until: count - 1).fingerprint != kept.fingerprint)
    #expect(OrderLog().fingerprint == Fingerprint(of: ""))
  }
}
