import Backtesting
import Essentials
import Markets
import TestKit
import Testing
import Twins

extension BrowserTests {
  @Suite("Replay page")
  struct ReplayPageTests {
    /// Two markets of 400 minutes, and trades in the first of them.
    private static var content: ReplayPageContent {
      let start = Timestamp(startOf: CalendarDate("2025-10-10")!)
      var content = ReplayPageContent(
        title: "trial", start: start, end: start + .minutes(399), warmUp: .zero, seed: 1,
        capital: 1000, currency: "USDT", verdict: .chance)
      var bars = BarSeries(.minute)
      for minute in 0..<400 {
        let price = 100 + Double(minute % 40)
        bars.append(
          Bar(
            openTime: start + .minutes(Int64(minute)), open: price, high: price + 2,
            low: price - 1, close: price + 1, volume: 1))
      }
      let candles = CandleColumns(of: bars, from: content.start, to: content.end)
      content.markets = [
        .init("BTCUSDT", decimals: 1, candles: candles, trades: 3),
        .init("ETHUSDT", decimals: 2, candles: candles),
      ]
      content.trades = (0..<30).map { place in
        let opened = start + .minutes(Int64(10 + 12 * place))
        return ReplayPageContent.Trade(
          symbol: "BTCUSDT", side: place == 1 ? .short : .long, openedAt: opened,
          closedAt: opened + .minutes(7), end: place == 29 ? .open : .order, entryPrice: 110,
          exitPrice: 112, leverage: 2, size: 1, worth: 110, net: Double(place - 5),
          entryReason: "larger_score", exitReason: "ev_drop_exit", profitProbability: 0.61)
      }
      for minute in 0..<400 {
        content.account.append(
          at: start + .minutes(Int64(minute)), equity: 1000 + Double(minute % 30), exposure: 110,
          leverage: 0.11)
      }
      return content
    }

    private func site() throws -> SiteTwin {
      let page = ReplayPage(Self.content).html()
      var plan = SiteTwin.Plan()
      plan.documents["/replay"] = .answer(
        200, headers: [TwinField("Content-Type", "text/html; charset=utf-8")], page)
      return try SiteTwin(plan)
    }

    @Test("keys step through trades and time, enlarge, and give back the whole")
    func keys() async throws {
      let site = try site()
      try await Browser.shared().withPage { page in
        try await page.open(site.page("../replay"))
        let whole = try await page.evaluate(Self.drawing)
        try await page.evaluate("document.querySelector('#market-0 .plot').focus()")
        try await page.press("n")
        #expect(try await page.text("#readout-trade")?.hasPrefix("#1 long 2×") == true)
        #expect(try await page.evaluate(Self.drawing) != whole)
        try await page.press("n")
        let told = try await page.evaluate(
          "document.querySelector('#market-0 .plot').getAttribute('aria-valuetext')"
        ).text
        #expect(told?.contains("#2 short 2×") == true)
        #expect(told?.contains("Score dropped") == true)
        #expect(told?.contains("2025-10-10 00:22 @ 110.0") == true)
        try await page.press("+")
        try await page.press("0")
        try await page.press("Escape")
        #expect(try await page.evaluate(Self.drawing) == whole)
        try await page.press("Home")
        #expect(try await page.text("#readout-candle")?.hasPrefix("2025-10-10 00:00") == true)
        #expect(page.complaints == [])
      }
    }

    @Test("the table sorts, filters, turns its pages and leads to the chart")
    func table() async throws {
      let site = try site()
      try await Browser.shared().withPage(BrowserLook(width: 700, prefersReducedMotion: true)) {
        page in
        try await page.open(site.page("../replay"))
        #expect(try await page.text("#trade-page [lang=en]") == "1 – 25 of 30")
        try await page.click("[data-page=next]")
        #expect(try await page.text("#trade-page [lang=en]") == "26 – 30 of 30")
        try await page.click("[data-result=loss]")
        #expect(try await page.text("#trade-page [lang=en]") == "1 – 5 of 5")
        try await page.click("#trade-table th:last-child button")
        try await page.click("#trade-table th:last-child button")
        #expect(try await page.text("#trade-table tbody tr td:last-child") == "−5.00")
        try await page.click("#trade-table tbody button")
        #expect(try await page.text("#readout-trade")?.hasPrefix("#1 long") == true)
        #expect(page.complaints == [])
      }
    }

    @Test("it opens in the reader's language, switches, and shows one market at a time")
    func language() async throws {
      let site = try site()
      let look = BrowserLook(width: 390, language: "ko-KR", prefersReducedMotion: true)
      try await Browser.shared().withPage(look) { page in
        try await page.open(site.page("../replay"))
        #expect(try await page.evaluate("document.title").text == "trial – 리플레이 보고서")
        #expect(
          try await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            == .bool(true))
        try await page.click("[data-choose=en]")
        #expect(try await page.evaluate("document.title").text == "trial – replay")
        try await page.evaluate(
          """
          const choice = document.getElementById('market-choice');
          choice.value = '1';
          choice.dispatchEvent(new Event('change'));
          """)
        let hidden = try await page.evaluate(
          "Array.from(document.querySelectorAll('#charts figure')).map((figure) => figure.hidden)")
        #expect(hidden == .array([.bool(true), .bool(false)]))
        #expect(try await page.text("#readout-trade [lang=en]") == "This market had no trade.")
        #expect(page.complaints == [])
      }
    }

    /// What the chart of the first market shows.
    private static let drawing =
      "document.querySelector('#market-0 .stretch').innerHTML "
      + "+ document.querySelector('#market-0 .frame').innerHTML "
      + "+ document.querySelector('#market-0 .marks').innerHTML"
  }
}
