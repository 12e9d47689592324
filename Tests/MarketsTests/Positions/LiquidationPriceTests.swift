import Essentials
import Mathematics
import TestKit
import Testing

@testable import Markets

func testContract(
  _ symbol: String = "BTCUSDT", venue: Venue = .binance, lot: String = "0.001",
  taker: String = "0.0005", tiers: MarginTiers? = nil
) throws -> PerpetualContract {
  PerpetualContract(
    venue: venue,
    rules: InstrumentRules(
      symbol: symbol, lot: try #require(LotSize(text: lot)), tick: TickSize(text: "0.1")),
    tiers: try tiers ?? recordedTiers(),
    fees: FeeSchedule(
      maker: try #require(SignedRate(text: "0.0002")), taker: try #require(SignedRate(text: taker))),
    funding: FundingTerms(interval: .hours(8)))
}

@Suite("Liquidation price")
struct LiquidationPriceTests {
  @Test("the venue's own example is met to the billionth")
  func example() throws {
    let lot = try #require(LotSize(text: "0.001"))
    let price = try recordedTiers().liquidationPrice(
      of: Quantity(lots: 100), cost: try #require(CoinAmount(text: "6000")),
      balance: try #require(CoinAmount(text: "1000")), lot: lot)
    #expect(price?.description == "50200.803212851")
  }

  @Test("at the price the margin is gone, a hair on the safe side it is not")
  func boundary() throws {
    var generator = SplitMix64(seed: 77)
    let lot = try #require(LotSize(text: "0.001"))
    let tiers = try recordedTiers()
    var found = 0
    for _ in 0..<3000 {
      let lots =
        Int64.random(in: 1...20_000, using: &generator)
        * [1, 30, 150].randomElement(using: &generator)!
      let sign: Int64 = Bool.random(using: &generator) ? 1 : -1
      let quantity = Quantity(lots: sign * lots)
      let entry = try #require(
        Price(nanos: Int64.random(in: 10_000_000_000...90_000_000_000_000, using: &generator)))
      let cost = try #require(CoinAmount(worthOf: quantity, at: entry, lot: lot))
      let balance = try #require(
        CoinAmount(cost.magnitude.value * Double.random(in: 0.006...0.9, using: &generator)))
      guard
        let price = tiers.liquidationPrice(of: quantity, cost: cost, balance: balance, lot: lot)
      else {
        // A long position is safe at every price only if it has more than it cost.
        #expect(sign < 0 || balance + CoinAmount(atoms: 1) >= cost)
        continue
      }
      found += 1
      func surplus(at price: Price) throws -> Int64 {
        let worth = try #require(CoinAmount(worthOf: quantity, at: price, lot: lot))
        return (balance + worth - cost - tiers.maintenance(of: worth)).atoms
      }
      // Worth and margin are rounded to the hundred-millionth once each.
      #expect(try surplus(at: price) <= 2, "\(quantity) at \(entry) with \(balance)")
      let step = max(1, 30_000_000_000 / lots / 1000)
      let safer = try #require(Price(nanos: price.nanos + sign * step))
      #expect(try surplus(at: safer) > 0, "\(quantity) at \(entry) with \(balance): \(price)")
    }
    #expect(found > 2000)
  }

  @Test("long and short mirror each other: the nearer the margin, the nearer the price")
  func mirror() throws {
    let lot = try #require(LotSize(text: "0.001"))
    let tiers = try recordedTiers()
    let cost = try #require(CoinAmount(text: "6000"))
    var last: (Double, Double)?
    for margin in [50, 100, 500, 3000] as [Double] {
      let balance = try #require(CoinAmount(margin))
      let long = try #require(
        tiers.liquidationPrice(of: Quantity(lots: 100), cost: cost, balance: balance, lot: lot))
      let short = try #require(
        tiers.liquidationPrice(of: Quantity(lots: -100), cost: -cost, balance: balance, lot: lot))
      #expect(long.value < 60_000 && short.value > 60_000)
      if let last { #expect(long.value < last.0 && short.value > last.1) }
      last = (long.value, short.value)
    }
    #expect(
      tiers.liquidationPrice(of: Quantity(lots: 100), cost: cost, balance: cost, lot: lot) == nil)
    #expect(tiers.liquidationPrice(of: .zero, cost: .zero, balance: cost, lot: lot) == nil)
  }

  @Test("the figures that Bybit recorded for two positions are met to the last digit")
  func bybit() throws {
    let first = try testContract(
      "SOLUSDT", venue: .bybit, lot: "0.1", taker: "0.000649",
      tiers: MarginTiers([
        (
          cap: try #require(CoinAmount(text: "50000")),
          rate: try #require(SignedRate(text: "0.005")),
          leverage: try #require(Leverage(text: "100"))
        )
      ]))
    let ten = try #require(Leverage(text: "10"))
    let worth = try #require(CoinAmount(text: "46.604"))
    #expect(
      first.shownInitialMargin(worth: worth, cost: worth, side: .long, leverage: ten)?.description
        == "4.6876214")
    #expect(
      first.shownMaintenanceMargin(worth: worth, cost: worth, side: .long, leverage: ten)?
        .description == "0.2602414")
    #expect(
      agree(
        first.shownLiquidationPrice(
          entry: 233.02, quantity: Quantity(lots: 2),
          wallet: try #require(CoinAmount(text: "11.48511863")),
          maintenance: try #require(CoinAmount(text: "0.26041992"))), 176.89650029, absolute: 1e-5))

    let second = try testContract(
      "BTCPERP", venue: .bybit, taker: "0.001",
      tiers: MarginTiers([
        (
          cap: try #require(CoinAmount(text: "2000000")),
          rate: try #require(SignedRate(text: "0.004")),
          leverage: try #require(Leverage(text: "100"))
        )
      ]))
    let mark = try #require(CoinAmount(text: "66.47202"))
    let cost = try #require(CoinAmount(text: "66.4735"))
    #expect(
      second.shownInitialMargin(worth: mark, cost: cost, side: .long, leverage: ten)?.description
        == "6.70702815")
    #expect(
      second.shownMaintenanceMargin(worth: mark, cost: cost, side: .long, leverage: ten)?
        .description == "0.32571423")
    #expect(
      agree(
        second.shownBreakEvenPrice(
          cost: cost, realized: try #require(CoinAmount(text: "-0.0664735")),
          quantity: Quantity(lots: 1)), 66_606.58008008, relative: 1e-12))
    #expect(second.bankruptcyPrice(entry: 60_000, side: .short, leverage: ten) == 66_000)
  }
}
