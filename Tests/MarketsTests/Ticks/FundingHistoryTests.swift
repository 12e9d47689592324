import Essentials
import TestKit
import Testing

@testable import Markets

private func payment(_ hour: Int64, _ rate: Double = 0.0001, offset: Int64 = 0) -> FundingPayment {
  FundingPayment(
    instant: Timestamp(millisecondsSinceEpoch: hour * 3_600_000 + offset),
    rate: SignedRate(rate) ?? .zero)
}

@Suite("Funding history")
struct FundingHistoryTests {
  @Test("an interval that changes is seen, and the next payment follows from the last one")
  func intervals() {
    var history = FundingHistory()
    for hour in [0, 8, 16, 20, 24, 25] as [Int64] {
      let isNews = history.append(payment(hour))
      #expect(isNews)
    }
    #expect(history.intervals.map(\.length) == [.hours(8), .hours(4), .hours(1)])
    #expect(history.changes == 2)
    #expect(history.nextPayment(after: payment(3).instant) == payment(8).instant)
    #expect(history.nextPayment(after: payment(16).instant) == payment(20).instant)
    #expect(history.nextPayment(after: payment(25).instant) == payment(26).instant)
    #expect(history.nextPayment(after: payment(30, offset: 1).instant) == payment(31).instant)
    #expect(FundingHistory().nextPayment(after: payment(0).instant) == nil)
  }

  @Test("payments a few milliseconds late make no other interval")
  func jitter() {
    var history = FundingHistory()
    for (hour, offset) in [(0, 4), (8, 0), (16, 11), (24, 2)] as [(Int64, Int64)] {
      history.append(payment(hour, offset: offset))
    }
    #expect(history.intervals.map(\.length) == [.hours(8)])
  }

  @Test("a payment told twice or out of order is refused and counted")
  func refusals() {
    var history = FundingHistory()
    for hour in [0, 8, 16] as [Int64] { history.append(payment(hour)) }
    for old in [payment(8), payment(8, 0.5), payment(7)] {
      let isNews = history.append(old)
      #expect(!isNews)
    }
    #expect(history.repeated == 1)
    #expect(history.outOfOrder == 2)
    #expect(history.payments.count == 3)
  }

  @Test("a position pays for the instants at which it is held, the first one excluded")
  func window() {
    var history = FundingHistory()
    for hour in [0, 8, 16, 24] as [Int64] { history.append(payment(hour)) }
    let held = history.payments(after: payment(8).instant, through: payment(24).instant)
    #expect(held.map(\.instant) == [payment(16).instant, payment(24).instant])
    #expect(history.payments(after: payment(9).instant, through: payment(3).instant).isEmpty)
  }

  @Test(
    "a recorded contract changes its interval between four hours and one, down to the lowest rate",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func recorded() throws {
    var history = FundingHistory()
    for row in try packedTable("bench/crypto_perp_5m_binance/ORCAUSDT_funding.csv.gz") {
      let time = try #require(Int64(row[0]))
      let rate = try #require(Double(row[1]))
      history.append(
        FundingPayment(
          instant: Timestamp(millisecondsSinceEpoch: time), rate: try #require(SignedRate(rate))))
    }
    #expect(history.payments.count == 2119)
    #expect(history.repeated == 0 && history.outOfOrder == 0)
    let lengths = Set(history.intervals.map(\.length))
    #expect(lengths.isSuperset(of: [.hours(4), .hours(1)]))
    #expect(history.changes > 0)
    for (index, payment) in history.payments.enumerated().dropLast() {
      #expect(history.nextPayment(after: payment.instant) == history.payments[index + 1].instant)
    }
  }
}
