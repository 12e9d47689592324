import Essentials
import Foundation
import TestKit
import Testing

@testable import Backtesting

@Suite("Alpha document")
struct AlphaDocumentTests {
  static func result() throws -> SimulationResult {
    let panel = RandomPanels.make(RandomPanels.Shape(rows: 60, columns: 12), seed: 6)
    var settings = SimulationSettings()
    settings.truncation = 0
    settings.neutralization = .sector
    settings.testPeriod = CalendarPeriod(days: 20)
    settings.visualization = true
    return try SimulationBench.run(
      panel, settings, SimulationBench.alpha(rows: 60, columns: 12, seed: 7))
  }

  @Test("the document has the shape of an alpha on BRAIN")
  func shape() throws {
    let result = try Self.result()
    let document = result.document(.metrics)
    let parsed = try #require(
      JSONSerialization.jsonObject(with: Data(document.compactText.utf8)) as? [String: Any])
    let inSample = try #require(parsed["is"] as? [String: Any])
    #expect(inSample["pnl"] as? Double == result.inSample.pnl)
    #expect(agree(inSample["sharpe"] as? Double ?? 0, result.inSample.sharpe))
    #expect(inSample["longCount"] as? Int == Int(result.inSample.longCount.rounded()))
    let checks = try #require(inSample["checks"] as? [[String: Any]])
    #expect(checks.first?["name"] as? String == "LOW_SHARPE")
    #expect(checks.first?["limit"] as? Double == 1.25)
    #expect(checks.contains { $0["result"] as? String == "PENDING" })
    #expect((parsed["train"] as? [String: Any])?["checks"] == nil)
    #expect((parsed["test"] as? [String: Any])?["sharpe"] is Double)
    #expect(parsed["os"] is NSNull)
    #expect(parsed["series"] == nil)
    let settings = try #require(parsed["settings"] as? [String: Any])
    #expect(settings["testPeriod"] as? String == "P0Y0M20D")
    #expect(settings["startDate"] as? String == "2010-01-02")
    #expect(parsed["result"] as? String == result.fingerprint.hexadecimal)
    #expect((parsed["id"] as? String)?.count == 8)
  }

  @Test("equal runs give equal documents, and the series add up")
  func series() throws {
    let result = try Self.result()
    let document = result.document(.series)
    #expect(document.indentedText == (try Self.result()).document(.series).indentedText)
    let series = try #require(document["series"])
    guard case .array(let cumulative)? = series["cumulativePnl"],
      case .number(let last)? = cumulative.last
    else {
      Issue.record("no running sum")
      return
    }
    #expect(agree(last, result.inSample.pnl))
    #expect(series["netExposureBySector"]?["unknown"] != nil)
  }

  @Test("what is not defined is null")
  func undefined() throws {
    var result = try Self.result()
    result.inSample.sharpe = .nan
    #expect(result.document(.metrics)["is"]?["sharpe"]?.compactText == "null")
  }

  @Test("every number of the series moves the fingerprint, a view of them does not")
  func fingerprint() throws {
    let result = try Self.result()
    var changed = result
    changed.series.unpriced[3] += 1
    #expect(changed.fingerprint != result.fingerprint)
    changed = result
    changed.settings.costRate = 0.1
    #expect(changed.fingerprint != result.fingerprint)
    #expect(changed.identifier != result.identifier)
    changed = result
    changed.sectorExposure?.values[0] += 1
    #expect(changed.fingerprint == result.fingerprint)
  }

  @Test("recordsets carry their schema and as many cells as columns", arguments: Recordset.allCases)
  func recordsets(_ name: Recordset) throws {
    let result = try Self.result()
    let parsed = try #require(
      JSONSerialization.jsonObject(with: Data(result.recordset(name).compactText.utf8))
        as? [String: Any])
    let schema = try #require(parsed["schema"] as? [String: Any])
    #expect(schema["name"] as? String == name.rawValue)
    let properties = try #require(schema["properties"] as? [[String: String]])
    let records = try #require(parsed["records"] as? [[Any]])
    #expect(records.allSatisfy { $0.count == properties.count })
    #expect(records.count == (name == .yearlyStats ? result.yearly.count : result.series.count))
  }
}
