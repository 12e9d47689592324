import Essentials
import Foundation
import TestKit
import Testing

@testable import Markets

@Suite("Contracts read from venues' answers")
struct PerpetualContractAnswersTests {
  private static let instrument = """
    {"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading",
     "leverageFilter":{"minLeverage":"1","maxLeverage":"100.00","leverageStep":"0.01"},
     "priceFilter":{"minPrice":"0.10","maxPrice":"1999999.80","tickSize":"0.10"},
     "lotSizeFilter":{"maxOrderQty":"1190.000","minOrderQty":"0.001","qtyStep":"0.001",
       "maxMktOrderQty":"500.000","minNotionalValue":"5"},
     "fundingInterval":480,"upperFundingRate":"0.00375","lowerFundingRate":"-0.00375"}
    """
  private static let riskLimits = """
    [{"id":2,"riskLimitValue":"800000","maintenanceMargin":"0.005","maxLeverage":"100.00"},
     {"id":1,"riskLimitValue":"300000","maintenanceMargin":"0.0033","maxLeverage":"150.00",
      "mmDeduction":""}]
    """

  private func fees() throws -> FeeSchedule {
    FeeSchedule(
      maker: try #require(SignedRate(text: "0.0002")),
      taker: try #require(SignedRate(text: "0.00055")))
  }

  private func read(_ instrument: String, _ limits: String) throws -> PerpetualContract {
    guard case .array(let rows) = try JSONValue(parsing: limits) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return try PerpetualContract(
      bybitInstrument: JSONValue(parsing: instrument), riskLimits: rows, fees: fees())
  }

  @Test("a Bybit contract has the steps, bounds, tiers and funding of its answers")
  func bybit() throws {
    let contract = try read(Self.instrument, Self.riskLimits)
    #expect(contract.symbol == "BTCUSDT")
    #expect(contract.rules.tick?.description == "0.1")
    #expect(contract.rules.lot.description == "0.001")
    #expect(contract.rules.maximumMarketQuantity.lots == 500_000)
    #expect(contract.rules.minimumNotional.description == "5")
    #expect(contract.funding.interval == .hours(8))
    #expect(contract.funding.rates?.lowerBound.description == "-0.00375")
    #expect(contract.tiers.tiers.map(\.deduction.description) == ["0", "510"])
  }

  @Test(
    "an answer that cannot be used is refused with the member's name",
    arguments: [
      ("\"tickSize\":\"0.10\"", "\"tickSize\":\"0\"", "tickSize"),
      ("\"qtyStep\":\"0.001\"", "\"qtyStep\":\"\"", "qtyStep"),
      ("\"minOrderQty\":\"0.001\"", "\"minOrderQty\":\"0.0015\"", "minOrderQty"),
      ("\"fundingInterval\":480", "\"fundingInterval\":0", "fundingInterval"),
      ("\"maxPrice\":\"1999999.80\"", "\"maxPrice\":\"0.05\"", "maxPrice"),
      ("\"priceFilter\"", "\"prices\"", "priceFilter"),
      ("\"upperFundingRate\":\"0.00375\"", "\"upperFundingRate\":\"-1\"", "upperFundingRate"),
    ])
  func refusals(old: String, new: String, member: String) throws {
    let text = Self.instrument.replacingOccurrences(of: old, with: new)
    let failure = #expect(throws: AnswerFailure.self) { try read(text, Self.riskLimits) }
    #expect(failure?.member == member)
    #expect(failure?.explanation.contains(member) == true)
  }

  @Test("a list without risk limits is no ladder of tiers")
  func noTiers() throws {
    #expect(throws: AnswerFailure.self) { try read(Self.instrument, "[]") }
  }

  @Test(
    "every perpetual of a recorded Binance answer is read",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func binance() throws {
    let text = try String(
      contentsOf: SharedMaterial.file(
        "bench/api_nautilus_bybit_binance/binance_py/http_responses/"
          + "http_futures_market_exchange_info.json"), encoding: .utf8)
    guard case .array(let symbols)? = try JSONValue(parsing: text)["symbols"],
      case .array(let brackets) = try JSONValue(
        parsing: """
          [{"bracket":1,"initialLeverage":125,"notionalCap":50000,"maintMarginRatio":0.004},
           {"bracket":2,"initialLeverage":100,"notionalCap":600000,"maintMarginRatio":0.005}]
          """)
    else { throw CocoaError(.fileReadCorruptFile) }
    for symbol in symbols {
      let contract = try PerpetualContract(
        binanceSymbol: symbol, brackets: brackets, fees: fees())
      #expect(contract.rules.tick != nil)
      #expect(contract.tiers.tiers.last?.deduction.description == "50")
    }
    #expect(!symbols.isEmpty)
  }
}
