import Essentials
import Foundation
import Markets
import Mathematics
import TestKit
import Testing

@testable import Backtesting

@Suite("Replay page")
struct ReplayPageTests {
  typealias Traits = ReplayPageSample.Traits

  /// The shapes of replays that a page must bear.
  static let cases: [(name: String, content: @Sendable () -> ReplayPageContent)] = {
    func traits(_ change: (inout Traits) -> Void) -> @Sendable () -> ReplayPageContent {
      var traits = Traits()
      change(&traits)
      return { [traits] in ReplayPageSample.content(traits) }
    }
    return [
      ("ordinary", traits { _ in }),
      ("no trade", traits { $0.trades = 0 }),
      (
        "many trades",
        traits {
          $0.trades = 500
          $0.symbols = ["BTCUSDT"]
          $0.verdict = .loses
        }
      ),
      (
        "nothing known",
        traits {
          $0.knowsNothing = true
          $0.symbols = ["BTCUSDT"]
          $0.trades = 3
          $0.days = 2
          $0.verdict = .unfinished
        }
      ),
      ("nothing at all", { empty }),
      ("one flat bar", { flat }),
    ]
  }()

  static var empty: ReplayPageContent {
    ReplayPageContent(
      title: "empty", start: ReplayPageSample.start, end: ReplayPageSample.start, warmUp: .zero,
      seed: 0, capital: .nan, currency: "USDT", verdict: .didNotTrade)
  }

  /// One bar that never moved, an account of one row, and a trade outside the period.
  static var flat: ReplayPageContent {
    var content = empty
    content.end = content.start + .minutes(1)
    var bars = BarSeries(.minute)
    bars.append(
      Bar(
        openTime: content.start, open: 0.00001, high: 0.00001, low: 0.00001, close: 0.00001,
        volume: 0))
    content.markets = [
      .init(
        "TINY", decimals: 99, candles: CandleColumns(of: bars, from: content.start, to: content.end)
      )
    ]
    content.trades = [
      .init(
        symbol: "ELSEWHERE", side: .short, openedAt: content.start - .days(1),
        closedAt: content.end + .days(1), end: .open, entryPrice: .nan, exitPrice: .infinity,
        leverage: .nan, size: 0, worth: 0, net: .nan)
    ]
    content.account.append(
      at: content.start, equity: .nan, exposure: .nan, leverage: .infinity)
    content.calibration = [.init(.profit, bins: [])]
    content.comparisons = [
      .init(BilingualText("This", "이것"), estimate: .nan, lower: .nan, upper: .nan)
    ]
    return content
  }

  private func page(_ name: String) throws -> String {
    ReplayPage(try #require(Self.cases.first { $0.name == name }).content()).html()
  }

  @Test("every shape of replay gives a page whose tags are closed", arguments: cases.map(\.name))
  func wellFormed(_ name: String) throws {
    PageChecks(try page(name)).expectWellFormed()
  }

  @Test("the numbers for the script are JSON without a tag in them", arguments: cases.map(\.name))
  func blocks(_ name: String) throws {
    let scan = MarkupScanner(try page(name))
    for block in scan.blocks where block.tag.attributes["type"] == "application/json" {
      #expect(!block.text.contains("<"))
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(block.text.utf8)) }
    }
  }

  @Test("the file asks nothing of the network, and its policy admits nothing else")
  func selfContained() throws {
    let checks = PageChecks(try page("ordinary"))
    checks.expectSelfContained()
    try checks.expectStrictPolicy()
  }

  @Test("text from outside stays text")
  func escaping() {
    var traits = Traits()
    traits.trades = 5
    traits.text = PageChecks.hostile
    traits.symbols = [PageChecks.hostile]
    let page = ReplayPage(ReplayPageSample.content(traits)).html()
    traits.text = "x"
    traits.symbols = ["x"]
    let plain = ReplayPage(ReplayPageSample.content(traits)).html()
    PageChecks(page).expectEscaped(like: plain)
  }

  @Test("the same content gives the same bytes")
  func deterministic() throws {
    let first = try page("ordinary")
    #expect(try page("ordinary") == first)
  }

  @Test("12 markets of 30 days with 5000 trades take less than 1.4 MB, without trades 0.6 MB")
  func size() {
    var traits = Traits()
    traits.symbols = (0..<12).map { "COIN\($0)USDT" }
    traits.trades = 5000
    let full = ReplayPage(ReplayPageSample.content(traits)).html().utf8.count
    #expect(full < 1_400_000, "\(full) bytes")
    traits.trades = 0
    let bare = ReplayPage(ReplayPageSample.content(traits)).html().utf8.count
    #expect(bare < 600_000, "\(bare) bytes")
  }

  @Test("each ground is marked by what it says about earning")
  func bearings() throws {
    let page = ReplayPage(ReplayPageSample.content()).html()
    let start = try #require(page.firstRange(of: "<ol class=\"objections grounds\">"))
    let list = page[start.upperBound...].prefix { $0 != "\n" }
    let tones = list.split(separator: "<li class=\"").map { $0.prefix { $0 != "\"" } }
    #expect(tones.prefix(3) == ["good", "mixed", "bad"])
  }

  @Test("whatever is said in English is said in Korean")
  func languages() throws {
    var pairs = 0
    for (_, content) in Self.cases {
      for (english, korean) in try PageChecks(ReplayPage(content()).html()).translations() {
        #expect(PageChecks.hasHangul(korean), "\(english) | \(korean)")
        pairs += 1
      }
    }
    #expect(pairs > 800)
  }

  @Test("every sentence that the script writes is written in both languages")
  func spokenByTheScript() {
    // Pairs of texts stand as ['English', '한국어'] in the script.
    let script = ReplayPage.script
    let korean = script.unicodeScalars.filter { ("\u{AC00}"..."\u{D7A3}").contains($0) }
    #expect(korean.count > 60)
    for sentence in ["No trade here.", "No such trade.", "This market had no trade."] {
      let after = script.firstRange(of: "'\(sentence)', '").map { script[$0.upperBound...] } ?? ""
      #expect(after.unicodeScalars.first.map { ("\u{AC00}"..."\u{D7A3}").contains($0) } ?? false)
    }
  }

  @Test("the page opens in the language that is asked for, or in the reader's")
  func opening() throws {
    let page = ReplayPage(Self.empty)
    func root(_ language: TearSheet.Language?) throws -> [String: String] {
      let scan = MarkupScanner(page.html(language: language))
      return try #require(scan.tags.first { $0.name == "html" }).attributes
    }
    let korean = try root(.korean)
    #expect(korean["lang"] == "ko" && korean["data-follows"] == "author")
    #expect(page.html(language: .korean).contains("<title>empty \u{2013} 리플레이 보고서</title>"))
    #expect(try root(nil)["data-follows"] == "reader")
  }

  @Test("summary and trust stand first, and without a trade the gates that refused it")
  func order() throws {
    func sections(_ name: String) throws -> [String] {
      MarkupScanner(try page(name)).tags.filter { $0.name == "section" }
        .compactMap { $0.attributes["id"] }
    }
    #expect(try sections("ordinary").prefix(3) == ["overview", "trust", "markets"])
    let bare = try sections("no trade")
    #expect(bare.prefix(3) == ["overview", "refusals", "trust"] && !bare.contains("trades"))
    let text = try page("no trade")
    #expect(text.contains("Why it did not trade") && text.contains("net_expectancy"))
    #expect(text.contains("Did not trade") && text.contains("거래하지 않음"))
    #expect(text.contains("Nothing was at stake."))
  }

  @Test(
    "the page says why nothing was wanted of a market, and what came nearest; sixty rows at most")
  func waits() throws {
    var content = ReplayPageSample.content()
    content.waits = (0..<61).map {
      .init(
        "COIN\($0)", reason: "drift_cannot_pay", looks: 1234, nearest: ReplayPageSample.start,
        value: -0.00148, limit: $0 == 7 ? .nan : 0.00039)
    }
    let text = ReplayPage(content).html()
    let start = try #require(text.firstRange(of: "id=\"wait-table\""))
    let table = text[start.upperBound...]
    let end = try #require(table.firstRange(of: "</table>"))
    let rows = table[..<end.lowerBound].components(separatedBy: "<tr").dropFirst(2)
    #expect(rows.count == 60)
    for part in ["COIN0", "drift_cannot_pay", "1,234", "\u{2212}0.00148", "0.00039"] {
      #expect(rows.first?.contains(part) == true, "\(part): \(rows.first ?? "")")
    }
    #expect(rows.dropFirst(7).first?.contains("--") == true)
    #expect(text.contains("And 1 more."))
    content.waits = []
    #expect(!ReplayPage(content).html().contains("id=\"wait-table\""))
  }

  @Test("a figure that is not known stands once, as two hyphens")
  func missing() throws {
    let text = try page("nothing known")
    #expect(text.components(separatedBy: "Profit factor</span>").count == 2)
    let scan = MarkupScanner(text)
    #expect(scan.texts.count { $0 == "--" } > 15)
    #expect(!scan.texts.contains { $0.contains("0.00\u{00A0}%") && $0.contains("--") })
  }

  @Test("every trade is in the file, and the first hundred stand in the table without the script")
  func trades() throws {
    let content = try #require(Self.cases.first { $0.name == "many trades" }).content()
    let scan = MarkupScanner(ReplayPage(content).html())
    let block = try #require(scan.blocks.first { $0.tag.attributes["id"] == "trade-data" })
    let data = try JSONValue(parsing: block.text)
    guard case .array(let rows)? = data["trades"], case .array(let first) = rows[0] else {
      Issue.record("no trades")
      return
    }
    #expect(rows.count == 500)
    #expect(first[2] == .integer(Int(content.trades[0].openedAt.millisecondsSinceEpoch)))
    #expect(data["symbols"] == .strings(["BTCUSDT"]))
    #expect(scan.texts.contains("100") && !scan.texts.contains("101"))
    #expect(scan.texts.contains { $0.contains("The first 100 of 500.") })
    #expect(scan.tags.contains { $0.attributes["class"]?.hasPrefix("dots ") ?? false })
  }

  @Test("a trade says why it was entered and left, how it ended where no exit says it")
  func reasons() throws {
    var content = Self.empty
    func trade(_ end: ReplayPageContent.Trade.End, _ exit: String?) -> ReplayPageContent.Trade {
      .init(
        symbol: "BTCUSDT", side: .long, openedAt: content.start,
        closedAt: content.start + .hours(5),
        end: end, entryPrice: 100, exitPrice: 101, leverage: 2.5, size: 1, worth: 100, net: 0.9,
        entryReason: "some_signal", exitReason: exit, bestHold: .minutes(61))
    }
    content.trades = [
      trade(.order, "unrealized_dd"), trade(.liquidation, nil), trade(.open, nil),
      trade(.order, nil),
    ]
    let page = ReplayPage(content).html()
    for text in [
      "Unrealized loss too deep", "Liquidated", "Still held at the end", "<code>some_signal</code>",
      "2.5\u{00D7}", "1\u{00A0}h\u{00A0}1\u{00A0}min", "1시간\u{00A0}1분", "0.900",
    ] {
      #expect(page.contains(text), "\(text)")
    }
  }

  @Test("a reason that the engine gives in English is said in Korean too")
  func engineReasons() throws {
    var content = Self.empty
    let reasons = [
      "There was no trade.", "There is no trade with bars.", "One trade has no interval.",
      "The account's worth has fewer than ten returns, or they do not vary.",
      "The data has room for 7 trades as long as the average one; 20 are needed.",
      "The data has room for 7 trades of 90m; 20 are needed.",
      "The trades were opened at 3 separate times; 6 are needed.",
      "The account's worth is known at fewer than three instants.",
    ]
    content.trust = reasons.map {
      .init(BilingualText("Figure", "수치"), .missing, .unknown, BilingualText(same: $0))
    }
    let page = ReplayPage(content).html()
    for reason in reasons {
      let korean = try #require(EngineSentence.korean(reason), "\(reason)")
      #expect(page.contains("<span lang=\"ko\">\(korean)</span>"), "\(reason)")
      for number in reason.split(whereSeparator: { !$0.isNumber }) {
        #expect(korean.contains(number), "\(number) in \(korean)")
      }
    }
  }

  @Test("the drawdown is measured from the highest equity so far and skips what is missing")
  func drawdown() {
    let falls = ReplayPage.drawdown(of: [100, 110, .nan, 99, 121, -1])
    #expect(falls[0] == 0 && falls[1] == 0 && falls[2].isNaN && falls[4] == 0)
    #expect(agree(falls[3], -0.1) && agree(falls[5], -1 - 1 / 121.0))
    #expect(ReplayPage.drawdown(of: [0, -5]).allSatisfy { $0.isNaN })
  }
}
