import Mathematics
import Testing

@testable import Markets

@Suite("Amounts")
struct AmountsTests {
  @Test(
    "an amount is written exactly, without trailing zeros",
    arguments: [
      (0, "0"), (1, "0.000001"), (-1, "-0.000001"), (1_500_000, "1.5"), (-2_000_000, "-2"),
      (123_456_789, "123.456789"),
    ])
  func text(micros: Int64, text: String) {
    #expect(Money(micros: micros).description == text)
  }

  @Test("a number becomes the nearest amount, and one that is none becomes nothing")
  func numbers() {
    #expect(Money(1.0000004)?.micros == 1_000_000)
    #expect(Money(-0.1)?.micros == -100_000)
    for number in [Double.nan, .infinity, -.infinity, 1e13] { #expect(Money(number) == nil) }
    #expect(Price(0.00001234)?.nanos == 12_340)
    for number in [Double.nan, .infinity, 0, -1, 1e-10, 1e10] {
      #expect(Price(number) == nil)
      #expect(LotSize(number) == nil)
    }
    #expect(Price(nanos: 0) == nil)
    #expect(LotSize(nanos: -1) == nil)
    #expect(Rate(basisPoints: 7.5)?.millionths == 750)
    for number in [Double.nan, -1, 10_001] { #expect(Rate(basisPoints: number) == nil) }
    #expect(Rate(millionths: 1_000_001) == nil)
  }

  @Test("the worth of lots is rounded to the nearest millionth, halves away from zero")
  func worth() throws {
    let price = try #require(Price(nanos: 500))  // half a millionth
    #expect(Money(worthOf: Quantity(lots: 1), at: price, lot: .one)?.micros == 1)
    #expect(Money(worthOf: Quantity(lots: -1), at: price, lot: .one)?.micros == -1)
    #expect(Money(worthOf: Quantity(lots: 2), at: price, lot: .one)?.micros == 1)
    let coin = try #require(Price(65_432.1))
    let lot = try #require(LotSize(0.001))
    #expect(Money(worthOf: Quantity(lots: 3), at: coin, lot: lot)?.description == "196.2963")
  }

  @Test("a worth beyond what is counted is none, and sums stop at the largest amount")
  func bounds() throws {
    let price = try #require(Price(9e9))
    let lot = try #require(LotSize(9e9))
    #expect(Money(worthOf: .largest, at: price, lot: lot) == nil)
    #expect(Money(worthOf: Quantity(lots: 1000), at: price, lot: .one) == nil)
    #expect(Money.largest + .largest == .largest)
    #expect(-Money.largest - .largest == -Money.largest)
    #expect(Quantity.largest + .largest == .largest)
    #expect(Quantity(lots: .min) == -Quantity.largest)
  }

  @Test("buying for an amount stays below it by less than a lot, on either side of zero")
  func lotsForMoney() throws {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<2000 {
      let price = try #require(
        Price(nanos: Int64.random(in: 1...1_000_000_000_000, using: &generator)))
      let lot = try #require(LotSize(nanos: Int64.random(in: 1...2_000_000_000, using: &generator)))
      let amount = Money(
        micros: Int64.random(in: -1_000_000_000...1_000_000_000, using: &generator))
      let quantity = Quantity(worth: amount, at: price, lot: lot)
      guard quantity.magnitude < .largest else { continue }
      let exact = Int128(price.nanos) * Int128(lot.nanos)
      let target = Int128(amount.micros.magnitude) * 1_000_000_000_000
      #expect(Int128(quantity.magnitude.lots) * exact <= target)
      #expect(Int128(quantity.magnitude.lots + 1) * exact > target)
      #expect(quantity == .zero || (quantity > .zero) == (amount > .zero))
    }
  }

  @Test(
    "a weighted quantity is rounded toward zero to the lot",
    arguments: [
      (5, 0.5, 2), (-5, 0.5, -2), (1, 0.99, 0), (3, 1, 3), (7, 0, 0), (10, -0.25, -2),
    ])
  func weights(lots: Int64, weight: Double, scaled: Int64) {
    #expect(Quantity(lots: lots).scaled(by: weight) == Quantity(lots: scaled))
  }

  @Test("a weight that is no number scales nothing")
  func missingWeight() {
    #expect(Quantity(lots: 5).scaled(by: .nan) == nil)
    #expect(Quantity.largest.scaled(by: 3) == .largest)
  }

  @Test("slippage makes a buyer pay more and a seller get less")
  func slippage() throws {
    let price = try #require(Price(100.0))
    let rate = try #require(Rate(basisPoints: 10))
    #expect(price.slipped(by: rate, for: .buy).value == 100.1)
    #expect(price.slipped(by: rate, for: .sell).value == 99.9)
    let all = try #require(Rate(basisPoints: 10_000))
    #expect(price.slipped(by: all, for: .sell).nanos == 1)
  }

  @Test("worth and quotients are the same in 64 bits and in 128, for lots of any size")
  func widths() throws {
    var generator = SplitMix64(seed: 11)
    func rounded(_ dividend: Int128, _ divisor: Int128) -> Int128 {
      // Halves away from zero by the remainder of twice the numbers.
      let doubled = 2 * dividend + (dividend < 0 ? -divisor : divisor)
      return doubled / (2 * divisor)
    }
    for step in 0..<2000 {
      let lot = try #require(
        LotSize(
          nanos: step % 2 == 0
            ? [1, 1000, 1_000_000, 1_000_000_000, 10_000_000_000][step / 2 % 5]
            : Int64.random(in: 1...3_000_000_000, using: &generator)))
      let price = try #require(
        Price(nanos: Int64.random(in: 1...(1 << (step % 60)), using: &generator)))
      let lots = Int64.random(in: -1_000_000...1_000_000, using: &generator) << (step % 12)
      let exact = rounded(
        Int128(price.nanos) * Int128(lot.nanos) * Int128(lots), 10_000_000_000)
      let worth = CoinAmount(worthOf: Quantity(lots: lots), at: price, lot: lot)
      if worth != CoinAmount(exactly: exact) { Issue.record("\(lots) of \(lot) at \(price)") }
      let divisor = Int128(lot.nanos)
      for dividend in [Int128(lots), Int128(price.nanos) * Int128(lots), -divisor / 2, divisor / 2]
      {
        if roundedQuotient(dividend, by: divisor) != rounded(dividend, divisor) {
          Issue.record("\(dividend) by \(divisor)")
        }
      }
    }
    #expect(roundedQuotient(Int64.min, by: 1) == Int64.min)
    #expect(roundedQuotient(Int64.max, by: 1) == Int64.max)
    #expect(roundedQuotient(Int64.min, by: Int64.max) == -1)
  }

  @Test("quotients are rounded to the nearest, halves away from zero, whatever the signs")
  func quotients() {
    for dividend in Int128(-50)...50 {
      for divisor in Int128(1)...7 {
        let exact = Double(Int(dividend)) / Double(Int(divisor))
        let expected = Int128(exact.rounded(.toNearestOrAwayFromZero))
        #expect(roundedQuotient(dividend, by: divisor) == expected, "\(dividend)/\(divisor)")
        #expect(roundedQuotient(-dividend, by: -divisor) == expected)
      }
    }
  }
}
