import Testing

@testable import Markets

@Suite("Standard terms")
struct StandardTermsTests {
  @Test("the tiers of bitcoin are those recorded, deductions included")
  func tiers() throws {
    #expect(MarginTiers.bitcoin(.binance) == (try recordedTiers()))
    let bybit = MarginTiers.bitcoin(.bybit)
    #expect(bybit.tiers.map(\.maintenanceRate.description) == ["0.0033", "0.005", "0.01"])
    #expect(bybit.tiers.map(\.deduction.description) == ["0", "510", "4510"])
    #expect(bybit.tiers.map(\.maximumLeverage.description) == ["150", "100", "50"])
  }

  @Test("takers pay more than makers, on the worth of a fill whatever its sign")
  func fees() throws {
    let worth = try #require(CoinAmount(text: "-46.604"))
    #expect(FeeSchedule.standard(.bybit).fee(on: worth, as: .taker)?.description == "0.0256322")
    #expect(FeeSchedule.standard(.binance).fee(on: worth, as: .taker)?.description == "0.023302")
    for venue in Venue.allCases {
      #expect(FeeSchedule.standard(venue).fee(on: worth, as: .maker)?.description == "0.0093208")
    }
  }
}
