import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("GARCH fitting")
struct GARCHFittingTests {
  @Test("what takes the place of an estimate says why, and nothing is made of nothing")
  func fallback() throws {
    let alternating = (0..<500).map { $0 % 2 == 0 ? 0.01 : -0.01 }
    let (record, shortfall) = try #require(GARCHDocument.Record.fitting(alternating))
    #expect(shortfall != nil)
    #expect(record.parameters == .targeting(variance: 1e-4) || agree(record.firstVariance, 1e-4))
    #expect(agree(record.parameters.meanVariance, 1e-4))
    #expect(record.parameters.alpha == 0.05 && record.parameters.beta == 0.90)
    let few = try #require(GARCHDocument.Record.fitting(Array(alternating.prefix(30))))
    #expect(few.shortfall == "too_few_observations_30_of_300")
    #expect(GARCHDocument.Record.fitting([0.1]) == nil)
    #expect(GARCHDocument.Record.fitting([Double](repeating: 0, count: 50)) == nil)
    #expect(GARCHDocument.Record.fitting([Double](repeating: .nan, count: 50)) == nil)
  }

  @Test(
    "recorded minutes of three markets are estimated",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"),
    arguments: ["BTC", "ETH", "SOL"])
  func recorded(coin: String) throws {
    let rows = try ReferenceFiles.rows("bench/crypto_perp_1m_binance/\(coin)USDT_1m.csv.gz")
    let closes = rows.prefix(4001).compactMap { Double($0[4]) }
    #expect(closes.count == 4001)
    let returns = zip(closes, closes.dropFirst()).map { Elementary.log($1 / $0) }
    let (record, shortfall) = try #require(GARCHDocument.Record.fitting(returns))
    #expect(shortfall == nil)
    #expect(record.parameters.persistence > 0.8 && record.parameters.persistence < 0.9999)
    // The mean variance is that of the data, roughly: tails are heavy.
    let variance = Moments(of: returns).populationVariance
    #expect(agree(record.parameters.meanVariance, variance, relative: 0.5))
  }
}
