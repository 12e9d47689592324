import Essentials
import TestKit
import Testing

@testable import Markets

@Suite("Funding payment")
struct FundingPaymentTests {
  @Test("a long position pays a rate above zero, a short one receives it to the last digit")
  func received() throws {
    let mark = try #require(Price(text: "11794.15"))
    let lot = try #require(LotSize(text: "0.001"))
    let payment = FundingPayment(
      instant: Timestamp(millisecondsSinceEpoch: 0),
      rate: try #require(SignedRate(text: "0.00038167")))
    let long = try #require(payment.received(by: Quantity(lots: 100), mark: mark, lot: lot))
    #expect(long.description == "-0.45014732")
    #expect(payment.received(by: Quantity(lots: -100), mark: mark, lot: lot) == -long)
  }

  @Test(
    "the rate follows from the premium as the venue says",
    arguments: [(0.0001, 0.0001), (0.0008, 0.0003), (-0.0004, 0.0001), (0.01, 0.00375)])
  func formulas(premium: Double, rate: Double) {
    #expect(
      agree(
        FundingPayment.bybitRate(premium: premium, interval: .hours(8), bounds: -0.00375...0.00375),
        rate))
  }
}
