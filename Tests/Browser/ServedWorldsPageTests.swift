import Essentials
import Foundation
import TestKit
import Testing
import Worlds

extension BrowserTests {
  /// The page of worlds on a real world, which was led through the history of a small panel.
  @Suite("Worlds, served")
  struct ServedWorldsTests {
    private static let policy = """
      world: desk
      allow_live: true
      interval: 1d
      data_currency: {max_lag: 4d, halt_after: 7d, min_history: 10d}
      metrics: {annualise: 252, windows: {short: 5d, mid: 15d, long: 40d}}
      selection:
        gates:
          - sample_days >= 10
          - or: ["sharpe@mid >= 0.5", "winrate@mid >= 55%"]
          - max_dd@long <= 30%
        keep: [sample_days >= 10, sharpe@mid >= -2, max_dd@long <= 40%]
        score: sharpe@mid - 0.2 * ulcer@mid
        topk: {total: 4, by_side: {long: 2, short: 2}}
        correlation: {max_pairwise: 0.9, measure: abs, window: mid, min_overlap: 5d,
          missing: reject}
        hysteresis: {promote_after: {windows: 2}, demote_after: {windows: 2}, min_dwell: 3d,
          cooldown: 5d}
      risk:
        budgets: {gross: {long: 60%, short: 40%}, max_weight: 30%}
        limits: {gross: 100%, net: 60%, per_symbol: 40%, var_99_1d: 3%}
        cuts: {daily_loss: {limit: 2%, action: halt, positions: reduce_only}}
        reset: {mode: manual}
      cutover: {monitor_ticks: 1, position_transition: {on_promote: mirror, on_demote: market}}
      alerts: [{on: [promoted, demoted], level: info}, {on: circuit, level: critical}]
      instances:
        - {strategy: momentum, side: long, params: {formula: "rank(ts_sum(returns, 5))", panel: small}}
        - {strategy: momentum, side: short, params: {formula: "rank(ts_sum(returns, 5))", panel: small}}
        - {strategy: reversal, side: long, params: {formula: "-rank(returns)", panel: small}}
        - {strategy: reversal, side: short, params: {formula: "-rank(returns)", panel: small}}
        - {strategy: calm, side: long, params: {formula: "-rank(ts_std_dev(returns, 10))", panel: small}}
        - {strategy: volume, side: short, params: {formula: "rank(volume)", panel: small}}
      """

    private func withWorld(
      _ query: String, look: BrowserLook = BrowserLook(width: 1440, height: 1000),
      _ body: (BrowserPage) async throws -> Void
    ) async throws {
      let desk = try ServedDesk()
      let policy = try #require(
        WorldPolicy.read(text: Self.policy, named: "world.yml") { _ in nil }.policy)
      try desk.lead(policy)
      try await Browser.shared().withPage(look) { page in
        try await page.open(desk.page("worlds?\(query)"))
        try await page.wait(
          until:
            "athanor.ready.then(() => athanor.state().world === 'desk' && athanor.state().mode)"
        )
        try await body(page)
        let words = try await page.evaluate("athanor.state().words")
        #expect(words == ["lacking": .array([]), "unequal": .array([]), "unknown": .array([])])
        #expect(try await page.evaluate("athanor.state().ignoredMessages") == 0)
        #expect(page.complaints == [])
      }
    }

    @Test("what the page shows of a world is what the server tells of it")
    func whole() async throws {
      try await withWorld("lang=en") { page in
        let told = try await page.evaluate(
          "fetch('/worlds/desk').then((answer) => answer.json())")
        print(told.compactText.prefix(6000))
        print(try await page.evaluate("athanor.state()").compactText.prefix(6000))
        try await page.photograph("worlds-served")
        let id = try await page.evaluate(
          "athanor.state().board.lanes.dryrun[0] ?? athanor.state().board.lanes.live[0]")
        try await page.evaluate("athanor.select(\(id.compactText))")
        try await page.wait(until: "athanor.state().verdict?.steps?.length > 3")
        try await page.photograph("worlds-served-verdict")
        print(try await page.evaluate("athanor.state().verdict").compactText.prefix(5000))
        try await page.click("#language-switch")
        try await page.wait(until: "document.documentElement.lang === 'ko'")
        try await page.photograph("worlds-served-verdict-ko")
        print(try await page.evaluate("athanor.state().verdict").compactText.prefix(5000))
        try await page.evaluate("athanor.select(null)")
        for place in 0..<4 {
          try await page.evaluate("window.scrollTo(0, \(place * 900))")
          try await page.photograph("worlds-served-\(place)")
        }
      }
    }
  }
}
