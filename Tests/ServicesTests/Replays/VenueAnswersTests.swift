import Essentials
import Markets
import Testing

@testable import Services

@Suite("Answers of venues kept in files")
struct VenueAnswersTests {
  private static let instrument = """
    {"retCode":0,"result":{"list":[{"symbol":"BTCUSDT","fundingInterval":480,
    "priceFilter":{"minPrice":"0.10","maxPrice":"1999999.80","tickSize":"0.10"},
    "lotSizeFilter":{"maxOrderQty":"1190.000","minOrderQty":"0.001","qtyStep":"0.001",
    "maxMktOrderQty":"500.000","minNotionalValue":"5"}}]}}
    """
  private static let limits = """
    {"retCode":0,"result":{"list":[{"symbol":"BTCUSDT","riskLimitValue":"2000000",
    "maintenanceMargin":"0.005","maxLeverage":"100.00"}]}}
    """

  @Test("a contract is known where both of its answers are there, in any order")
  func known() throws {
    var answers = VenueAnswers()
    try answers.take(Self.limits, named: "limits.json")
    let fees = FeeSchedule.standard(.bybit)
    #expect(try answers.contract("BTCUSDT", at: .bybit, fees: fees) == nil)
    try answers.take(Self.instrument, named: "instruments.json")
    let contract = try #require(try answers.contract("BTCUSDT", at: .bybit, fees: fees))
    #expect(contract.rules.tick?.description == "0.1" && contract.rules.lot.description == "0.001")
    #expect(contract.tiers.tiers.map(\.maximumLeverage.value) == [100])
    #expect(try answers.contract("BTCUSDT", at: .binance, fees: fees) == nil)
    #expect(try answers.contract("ETHUSDT", at: .bybit, fees: fees) == nil)
  }

  @Test(
    "what is no answer is refused with its file",
    arguments: [
      "{", "7", "{\"a\":1}", "[{\"name\":\"BTCUSDT\"}]", "[{\"symbol\":\"BTCUSDT\"}]",
    ])
  func refused(text: String) {
    var answers = VenueAnswers()
    let failure = #expect(throws: ReplayRefusal.self) { try answers.take(text, named: "x.json") }
    #expect(failure?.explanation.contains("x.json") == true)
    #expect(answers == VenueAnswers())
  }
}
