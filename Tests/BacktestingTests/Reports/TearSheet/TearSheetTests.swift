import Essentials
import Foundation
import TestKit
import Testing

@testable import Backtesting

@Suite("Tear sheet")
struct TearSheetTests {
  typealias Traits = TearSheetSample.Traits

  /// The shapes of results that a page must bear.
  static let cases: [(name: String, traits: Traits)] = {
    func traits(_ change: (inout Traits) -> Void) -> Traits {
      var traits = Traits()
      change(&traits)
      return traits
    }
    return [
      ("ordinary", Traits()),
      (
        "everything",
        traits {
          $0.costs = true
          $0.testRows = 90
          $0.sectors = ["Energy", "Utilities", "unknown"]
        }
      ),
      ("one row", traits { $0.pnl = [125] }),
      ("two rows", traits { $0.pnl = [125, -3] }),
      ("flat", traits { $0.pnl = Array(repeating: 0, count: 100) }),
      ("constant", traits { $0.pnl = Array(repeating: 7, count: 300) }),
      ("all missing", traits { $0.pnl = Array(repeating: .nan, count: 100) }),
      ("tiny", traits { $0.pnl = (0..<100).map { Double($0 % 2) * .leastNonzeroMagnitude } }),
      ("huge", traits { $0.pnl = (0..<100).map { $0 % 2 == 0 ? 1e307 : -1e307 } }),
      (
        "minutes",
        traits {
          $0.rows = 3000
          $0.spacing = 60_000
          $0.rowsPerYear = 525_600
        }
      ),
    ]
  }()

  @Test("every shape of result gives a page whose tags are closed", arguments: cases.map(\.name))
  func wellFormed(_ name: String) throws {
    let traits = try #require(Self.cases.first { $0.name == name }).traits
    let checks = PageChecks(TearSheetSample.sheet(traits).html())
    checks.expectWellFormed()
    for tag in checks.scan.tags where tag.name != "html" {
      for (key, value) in tag.attributes {
        #expect(!value.contains("nan"), "\(tag.name) \(key)=\(value)")
      }
    }
  }

  @Test("the file asks nothing of the network")
  func selfContained() throws {
    var traits = Traits()
    traits.sectors = ["Energy"]
    PageChecks(TearSheetSample.sheet(traits).html()).expectSelfContained()
  }

  @Test("the policy admits the style and the script of the page and nothing else")
  func policy() throws {
    try PageChecks(TearSheetSample.sheet().html()).expectStrictPolicy()
  }

  @Test("text from outside stays text")
  func escaping() {
    let hostile = PageChecks.hostile
    var traits = Traits()
    traits.formula = "rank(close) # " + hostile
    traits.panel = hostile
    traits.sectors = [hostile, "</svg><b>"]
    traits.notes = hostile
    let page = TearSheetSample.sheet(traits, name: hostile).html()
    PageChecks(page).expectEscaped(like: TearSheetSample.sheet(traits, name: "x").html())
  }

  @Test("the same result gives the same bytes")
  func deterministic() {
    var traits = Traits()
    traits.sectors = ["a", "b"]
    #expect(TearSheetSample.sheet(traits).html() == TearSheetSample.sheet(traits).html())
  }

  @Test("a missing profit is a gap in the line and moves no sum")
  func gaps() throws {
    var pnl = Array(repeating: 10.0, count: 40)
    pnl[20] = .nan
    var traits = Traits()
    traits.pnl = pnl
    let sheet = TearSheetSample.sheet(traits)
    let profit = sheet.history.netProfit
    #expect(profit[19] == 200 && profit[20].isNaN && profit[21] == 210)
    let page = sheet.html()
    let figure = try #require(page.firstRange(of: "<figure class=\"chart\" id=\"equity\">"))
    let rest = page[figure.upperBound...]
    let chart = rest[..<(try #require(rest.firstRange(of: "</figure>")).lowerBound)]
    let line = try #require(
      MarkupScanner(String(chart)).tags.last { $0.attributes["class"] == "line main" })
    #expect(line.attributes["d"]?.count { $0 == "M" } == 2)
    #expect(chart.contains("200,null,210"))
  }

  @Test("5000 rows with costs, test and 18 sectors take less than 400 KB")
  func size() {
    var traits = Traits()
    traits.rows = 5000
    traits.costs = true
    traits.testRows = 500
    traits.sectors = (0..<20).map { "Sector \($0)" }
    let size = TearSheetSample.sheet(traits).html().utf8.count
    #expect(size < 400_000, "\(size) bytes")
  }

  @Test("the longest formula is shown whole, and the page stays below 400 KB")
  func longFormula() {
    let term = "ts_mean(close, 20) + "
    var traits = Traits()
    traits.formula = String(repeating: term, count: 65_000 / term.utf8.count) + "volume"
    let page = TearSheetSample.sheet(traits).html()
    #expect(MarkupScanner(page).faults == [])
    #expect(page.contains("+ ts_mean(close, 20) + volume"))
    #expect(page.utf8.count < 400_000)
  }

  @Test("whatever is said in English is said in Korean")
  func languages() throws {
    var pairs = 0
    for (_, traits) in Self.cases {
      for (english, korean) in try PageChecks(TearSheetSample.sheet(traits).html()).translations() {
        #expect(
          PageChecks.hasHangul(korean) || !english.contains { $0.isLetter },
          "\(english) | \(korean)")
        pairs += 1
      }
    }
    #expect(pairs > 500)
  }

  @Test("the page opens in the language that is asked for, or in the reader's")
  func opening() throws {
    let sheet = TearSheetSample.sheet()
    func root(_ language: TearSheet.Language?) throws -> [String: String] {
      let scan = MarkupScanner(sheet.html(language: language))
      return try #require(scan.tags.first { $0.name == "html" }).attributes
    }
    let korean = try root(.korean)
    #expect(korean["lang"] == "ko" && korean["data-follows"] == "author")
    #expect(sheet.html(language: .korean).contains("<title>Sample \u{2013} 성과 보고서</title>"))
    #expect(try root(.english)["lang"] == "en")
    let open = try root(nil)
    #expect(open["lang"] == "en" && open["data-follows"] == "reader")
  }

  @Test("the deepest drawdown of the chart is that of the metrics, and every figure is on the page")
  func figures() {
    var traits = Traits()
    traits.rows = 2500
    traits.costs = true
    let sheet = TearSheetSample.sheet(traits)
    let page = sheet.html()
    let deepest = sheet.history.underwater.min() ?? .nan
    #expect(agree(-deepest, sheet.result.inSample.drawdown))
    #expect(page.contains(">\(FigureStyle.percent.marked(deepest)), 20"))
    #expect(page.contains(FigureStyle.money.text(sheet.result.inSample.pnl)))
    #expect(page.contains(FigureStyle.ratio.text(sheet.result.inSample.sharpe)))
    for digest in [
      sheet.result.fingerprint, sheet.result.panelFingerprint, sheet.result.alpha.fingerprint,
      sheet.result.settings.fingerprint,
    ] {
      #expect(page.contains(digest.hexadecimal))
    }
    for verdict in ["PASS", "FAIL", "WARNING", "PENDING"] { #expect(page.contains(verdict)) }
    #expect(page.contains("As of 2022-01-03.") && page.contains("as of 2022-01-03"))
    #expect(
      sheet.trust.objections.allSatisfy { page.contains(EngineSentence.korean("\($0)") ?? "?") })
  }

  @Test("the Sharpe ratio of the last year ends with that of the last 252 rows")
  func rollingSharpe() {
    let sheet = TearSheetSample.sheet()
    let values = sheet.history.yearlySharpe(at: [0, 250, 251, 299])
    #expect(values[0].isNaN && values[1].isNaN)
    let last = AlphaMetrics.sharpe(sheet.result.series.pnl, rows: 48..<300, rowsPerYear: 252)
    #expect(values[3] == last && values[2].isFinite)
  }

  @Test("turnover is the mean of whole windows and missing before")
  func turnover() {
    let history = TearSheetSample.sheet().history
    let turnover = history.turnover(days: 20)
    #expect(turnover[18].isNaN)
    let traded = history.series.traded[41...60].reduce(0, +)
    #expect(agree(turnover[60], traded / 20 / 2e7))
  }

  @Test("what cannot be drawn is said: sectors not recorded or neutral, no year, nothing to judge")
  func sentences() {
    var traits = Traits()
    traits.rows = 50
    let short = TearSheetSample.sheet(traits).html()
    #expect(short.contains("Not recorded: it is when the setting visualization is true"))
    #expect(short.contains("a year has 252 rows and the sample only 50."))
    #expect(short.contains("For reference only: the sample is too short to judge."))
    #expect(short.contains("class=\"tiles unsure\""))
    traits.sectors = ["a", "b"]
    var result = TearSheetSample.result(traits)
    result.sectorExposure?.values = Array(repeating: 1e-6, count: 100)
    let neutral = TearSheet(result: result, trust: TearSheetSample.trust(result))
    #expect(neutral.html().contains("as much long as short in each sector"))
    #expect(neutral.heading == result.identifier)
    traits.pnl = Array(repeating: 0, count: 50)
    #expect(TearSheetSample.sheet(traits).html().contains("so there is no distribution"))
  }
}
