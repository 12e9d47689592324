import Testing

@testable import Markets

/// The tiers of Binance BTCUSDT as recorded: cap, rate, leverage, deduction.
let binanceTiers: [(cap: String, rate: String, leverage: String, deduction: String)] = [
  ("50000", "0.004", "125", "0"), ("600000", "0.005", "100", "50"),
  ("3000000", "0.0065", "75", "950"), ("12000000", "0.01", "50", "11450"),
  ("70000000", "0.02", "25", "131450"), ("100000000", "0.025", "20", "481450"),
  ("230000000", "0.05", "10", "2981450"),
]

func recordedTiers() throws -> MarginTiers {
  try MarginTiers(
    binanceTiers.map {
      (
        cap: try #require(CoinAmount(text: $0.cap)), rate: try #require(SignedRate(text: $0.rate)),
        leverage: try #require(Leverage(text: $0.leverage))
      )
    })
}

@Suite("Margin tiers")
struct MarginTiersTests {
  @Test("the deductions that follow from caps and rates are the venue's own")
  func deductions() throws {
    let tiers = try recordedTiers()
    #expect(tiers.tiers.map(\.deduction.description) == binanceTiers.map(\.deduction))
  }

  @Test("the margin does not jump where two tiers meet")
  func continuous() throws {
    let tiers = try recordedTiers()
    for tier in tiers.tiers.dropLast() {
      let below = tiers.maintenance(of: tier.notionalCap)
      let above = tiers.maintenance(of: tier.notionalCap + CoinAmount(atoms: 100_000))
      #expect(above >= below && (above - below).atoms <= 100_000)
    }
  }

  @Test(
    "a position is held to the tier of its worth, whatever its sign",
    arguments: [
      ("50000", "200", "125"), ("-50000", "200", "125"), ("50000.01", "200.00005", "100"),
      ("1000000", "5550", "75"), ("0", "0", "125"),
    ])
  func margins(worth: String, margin: String, leverage: String) throws {
    let tiers = try recordedTiers()
    let notional = try #require(CoinAmount(text: worth))
    #expect(tiers.maintenance(of: notional).description == margin)
    #expect(tiers.maximumLeverage(for: notional)?.description == leverage)
  }

  @Test("no position is opened above the last cap, and one that grew beyond it keeps its tier")
  func beyond() throws {
    let tiers = try recordedTiers()
    let notional = try #require(CoinAmount(text: "240000000"))
    #expect(tiers.tier(of: notional) == nil)
    #expect(tiers.maintenance(of: notional).description == "9018550")
  }

  @Test("tiers that are no ladder are refused, each with its number")
  func refusals() throws {
    let good = try recordedTiers().tiers
    func tier(_ number: Int, cap: String? = nil, rate: String? = nil, deduction: String? = nil)
      throws -> MarginTier
    {
      MarginTier(
        notionalCap: try #require(CoinAmount(text: cap ?? good[number].notionalCap.description)),
        maintenanceRate: try #require(
          SignedRate(text: rate ?? good[number].maintenanceRate.description)),
        deduction: try #require(CoinAmount(text: deduction ?? good[number].deduction.description)),
        maximumLeverage: good[number].maximumLeverage)
    }
    let cases: [([MarginTier], TierFailure)] = [
      ([], .noTiers),
      ([try tier(1)], .deductionDiffers(tier: 1, given: good[1].deduction, computed: .zero)),
      ([good[0], try tier(1, cap: "40000")], .outOfOrder(tier: 2)),
      ([good[0], try tier(1, rate: "0.001")], .outOfOrder(tier: 2)),
      ([try tier(0, rate: "0")], .rateOutOfRange(tier: 1)),
      ([try tier(0, rate: "1")], .rateOutOfRange(tier: 1)),
      (
        [good[0], try tier(1, deduction: "60")],
        .deductionDiffers(
          tier: 2, given: try #require(CoinAmount(text: "60")), computed: good[1].deduction)
      ),
    ]
    for (tiers, failure) in cases {
      #expect(throws: failure) { try MarginTiers(tiers: tiers) }
    }
  }

  @Test("leverages are rounded down to the hundredth")
  func leverages() {
    #expect(Leverage(12.345)?.hundredths == 1234)
    #expect(Leverage(1.1)?.hundredths == 110)
    #expect(Leverage(text: "100.00")?.value == 100)
    for value in [Double.nan, 0.99, 1001, -Double.infinity] { #expect(Leverage(value) == nil) }
  }
}
