import Backtesting
import Essentials
import Services
import Testing

@Suite("Earlier results")
struct EarlierResultsTests {
  private let alpha =
    #"{"id":"a1","is":{"sharpe":1.5},"series":{"date":["2020-01-01","2020-01-02"],"pnl":[1,null]}}"#

  @Test("one alpha and a list of alphas are read, a missing profit stays missing")
  func read() throws {
    for text in [alpha, "{\"alphas\":[\(alpha)]}"] {
      let pool = try EarlierResults(text: text, path: "p").pool
      let entry = try #require(pool.entries.first)
      #expect(pool.entries.count == 1)
      #expect(entry.name == "a1" && entry.sharpe == 1.5)
      #expect(entry.pnl[0] == 1 && entry.pnl[1].isNaN)
      #expect(entry.stamps.map(\.description) == ["2020-01-01", "2020-01-02"])
    }
  }

  @Test(
    "what is no result is refused",
    arguments: ["", "[]", "{}", #"{"alphas":[{}]}"#, "rank(close)", "\u{0}"])
  func notResults(text: String) {
    #expect(throws: EarlierResultsFailure.notResults(path: "p")) {
      try EarlierResults(text: text, path: "p")
    }
  }

  @Test(
    "a series whose dates do not fit its profits is refused",
    arguments: [
      ("\"2020-01-02\"]", "\"nonsense\"]"), ("\"2020-01-02\"]", "\"2020-01-01\"]"),
      ("[1,null]", "[1]"),
    ])
  func brokenSeries(part: String, replacement: String) {
    #expect(throws: EarlierResultsFailure.brokenSeries(path: "p", name: "a1")) {
      try EarlierResults(text: alpha.replacing(part, with: replacement), path: "p")
    }
  }
}
