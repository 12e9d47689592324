import Testing

@testable import Markets

@Suite("Exact decimals")
struct ExactDecimalTests {
  @Test(
    "a decimal text is counted exactly, or is none",
    arguments: [
      ("61800.20", 2, 6_180_020), ("0.001", 3, 1), ("-0.00375", 8, -375_000), ("7", 0, 7),
      ("1.50000000", 1, 15), ("000.5", 1, 5), ("9223372036854775807", 0, .max), ("-0", 3, 0),
    ] as [(String, Int, Int64?)] + [
      ("1.05", 1, nil), ("", 2, nil), ("-", 2, nil), (".5", 2, nil), ("1e3", 2, nil),
      ("1.2.3", 2, nil), ("+1", 2, nil), (" 1", 2, nil), ("9223372036854775808", 0, nil),
      ("92233720368547758.08", 3, nil), ("nan", 2, nil), ("1-", 0, nil),
    ])
  func counts(text: String, places: Int, count: Int64?) {
    #expect(exactCount(text, places: places) == count)
  }

  @Test("every amount that is written is read as the same amount")
  func roundTrip() throws {
    for nanos: Int64 in [1, 12_340, 500_000_000, 61_800_200_000_000, .max] {
      let price = try #require(Price(nanos: nanos))
      #expect(Price(text: price.description) == price)
      let lot = try #require(LotSize(nanos: nanos))
      #expect(LotSize(text: lot.description) == lot)
      let tick = try #require(TickSize(nanos: nanos))
      #expect(TickSize(text: tick.description) == tick)
    }
    for atoms: Int64 in [0, -1, 468_762_140, -4_499_999_999_999_999_999] {
      #expect(CoinAmount(text: CoinAmount(atoms: atoms).description) == CoinAmount(atoms: atoms))
    }
    for text in ["0", "-0.00375", "0.00038167", "-0.02"] {
      #expect(SignedRate(text: text)?.description == text)
    }
  }

  @Test(
    "units are cut to whole lots by their decimal value, not by the double's",
    arguments: [
      (0.3, 0.1, 3), (0.00347, 0.001, 3), (0.0004, 0.001, 0), (12.7, 0.1, 127), (7.26, 0.1, 72),
      (-0.3, 0.1, -3), (2.9999, 1, 2), (1e-10, 1e-9, 0),
    ])
  func wholeLots(units: Double, lot: Double, lots: Int64) throws {
    #expect(try #require(LotSize(lot)).lots(in: units) == Quantity(lots: lots))
  }

  @Test("units that are no number are no lots, and too many are the largest quantity")
  func impossibleUnits() throws {
    let lot = try #require(LotSize(nanos: 1))
    for units in [Double.nan, .infinity, -.infinity, 1e10] { #expect(lot.lots(in: units) == nil) }
    #expect(lot.lots(in: 9e9) == .largest)
    #expect(LotSize.one.lots(text: "1.5") == nil)
    #expect(LotSize.one.lots(text: "3.000") == Quantity(lots: 3))
  }
}
