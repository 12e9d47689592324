import Essentials
import Storage
import TestKit
import Testing

extension BrowserTests {
  /// The search, on a real desk.
  @Suite("Laboratory")
  struct LaboratoryTests {
    private static let plain = "webgl=0&lang=en"

    /// Opens the page on a campaign over some ideas that has ended, with its candidates listed.
    private func withCampaign(
      ideas: Int = 1, query: String = plain, look: BrowserLook = BrowserLook(),
      _ body: (BrowserPage, _ run: String) async throws -> Void
    ) async throws {
      let desk = try ServedDesk()
      let run = try await desk.campaign(ideas: ideas)
      try await Browser.shared().withPage(look) { page in
        try await page.open(desk.page("lab?run_id=\(run)&\(query)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().results.order.length > 3)")
        try await body(page, run)
        #expect(try await page.evaluate("athanor.state().ignoredMessages") == 0)
        #expect(page.complaints == [])
      }
    }

    @Test("every candidate of a campaign is listed as the server tells it, and sorts by a figure")
    func results() async throws {
      try await withCampaign { page, run in
        #expect(try await page.evaluate("athanor.state().webgl") == .bool(false))
        let words = try await page.evaluate("athanor.state().words")
        #expect(words == ["lacking": .array([]), "unequal": .array([]), "unknown": .array([])])
        let told = try await page.evaluate(
          """
          fetch("/api/runs/\(run)/candidates?limit=500").then((answer) => answer.json())
            .then(({ candidates }) => candidates
              .sort((a, b) => b.metrics.sharpe - a.metrics.sharpe).map((each) => each.candidate_key))
          """)
        #expect(told.elements.count == 8)
        for order in [told.elements, told.elements.reversed()] {
          try await page.evaluate("document.querySelector('[data-column=sharpe]').click()")
          #expect(try await page.evaluate("athanor.state().results.order") == .array(order))
        }
        try await page.photograph("lab-plain")
      }
    }

    @Test("a candidate is opened: formula in color, verdict of trust, history, curve or why none")
    func detail() async throws {
      try await withCampaign { page, _ in
        try await page.evaluate(
          "document.querySelector('[data-test=results-table] tr[data-key]').click()")
        try await page.wait(until: "athanor.state().selected !== null")
        try await page.wait(
          until: "document.querySelectorAll('[data-test=formula] span').length > 2")
        try await page.wait(until: "document.querySelector('.trust-verdict')")
        try await page.wait(until: "athanor.state().detail.equity")
        try await page.photograph("lab-detail")
      }
    }

    @Test("a mistake in a formula is underlined as it is typed, with its remedy")
    func editor() async throws {
      try await withCampaign { page, _ in
        try await page.evaluate("document.querySelector('[data-test=editor]').focus()")
        try await page.type("rnak(close)")
        try await page.wait(
          until:
            "document.querySelector('[data-test=editor-findings]').textContent.includes('rank')"
        )
      }
    }

    @Test("candidates appear while the page is open")
    func live() async throws {
      let desk = try ServedDesk()
      try await Browser.shared().withPage { page in
        desk.hold()
        async let run = desk.campaign(ideas: 1, pace: .milliseconds(10), named: "watched")
        // Also where something fails before: nobody would let the campaign go.
        defer { desk.letGo() }
        while try desk.journal.events(limit: 1, filter: JournalFilter(run: "watched")).isEmpty {
          await Task.yield()
        }
        try await page.open(desk.page("lab?run_id=watched&\(Self.plain)"))
        try await page.wait(until: "athanor.ready.then(() => athanor.state().cursor >= 1)")
        #expect(try await page.evaluate("athanor.state().counts.proposed") == 0)
        desk.letGo()
        _ = try await run
        try await page.wait(until: "athanor.state().counts.simulated === 8")
        #expect(try await page.evaluate("athanor.state().counts.proposed") == 8)
        #expect(page.complaints == [])
      }
    }

    @Test("work cannot be started without a token, and the page says how to get one")
    func console() async throws {
      let desk = try ServedDesk()
      try await desk.campaign(ideas: 1)
      try await Browser.shared().withPage { page in
        try await page.open(desk.page("lab?\(Self.plain)"))
        try await page.wait(
          until:
            "athanor.ready.then(() => document.querySelector('[data-test=action-picker]')?.options.length > 3)"
        )
        // Panels above it may still grow, so it is not where the pointer was sent.
        try await page.evaluate("document.querySelector('[data-test=job-start]').click()")
        try await page.wait(until: "document.querySelector('dialog[open]')")
        #expect(
          try await page.text("dialog[open]")?.contains("athanor token create") == true)
        try await page.photograph("lab-token")
      }
    }

    @Test("the page is drawn in WebGL, in Korean and in light")
    func korean() async throws {
      let look = BrowserLook(
        width: 1280, height: 800, language: "ko-KR", prefersLight: true, prefersReducedMotion: true)
      try await withCampaign(ideas: 2, query: "", look: look) { page, _ in
        #expect(try await page.evaluate("document.documentElement.lang") == "ko")
        try await page.photograph("lab-webgl-ko-light")
      }
    }
  }
}
