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
        // A server that is still reading a long history says so, and is asked again.
        #expect(page.complaints.filter { !$0.contains("status of 503") } == [])
      }
    }

    private func told(_ page: BrowserPage, _ path: String) async throws -> JSONValue {
      try await page.evaluate("fetch('\(path)').then((answer) => answer.json())")
    }

    @Test("lanes, gauges, breaker, cutovers and audit show what the server tells of a real world")
    func whole() async throws {
      try await withWorld("lang=en") { page in
        let world = try await told(page, "/worlds/desk")
        let instances = world["instances"]?.elements ?? []
        #expect(instances.count == 6)
        // Everybody stands in the lane of the phase, and whoever is live trades.
        let lanes = try await page.evaluate("athanor.state().board.lanes")
        for instance in instances {
          let phase = try #require(instance["phase"]?.text)
          #expect(lanes[phase]?.elements.contains { $0 == instance["id"] } == true)
        }
        let live = instances.filter { $0["phase"] == "live" }
        #expect(!live.isEmpty)
        #expect(live.contains { $0["gate"]?["state"] == "open" })
        #expect(instances.allSatisfy { $0["gate"]?["needs_operator"] == .null })
        #expect(try await page.evaluate("athanor.state().cycle") == world["cycle"])

        // Gauges: each line of the decision, with its limit where there is one.
        let lines = world["risk"]?["lines"]?.elements ?? []
        let shown = try await page.evaluate("athanor.state().risk").elements
        let names = Set(shown.compactMap { $0["name"]?.text })
        #expect(names.isSuperset(of: ["gross", "net", "side_long", "side_short", "var_99_1d"]))
        for line in lines where line["limit"] == .null {
          guard let name = line["name"]?.text, names.contains(name) else { continue }
          let bars = "document.querySelectorAll('[data-name=\"\(name)\"] .bullet-after').length"
          #expect(try await page.evaluate(bars) == 0, "\(name)")
        }

        let safety = try await page.evaluate("athanor.state().safety")
        #expect(safety["breaker"] == world["breaker"]?["state"])
        #expect(safety["currency"] == "CURRENT")
        // Every run that the journal has come to its end is told so.
        let runs = try await page.evaluate("athanor.state().cutovers").elements
        #expect(runs.contains { $0["outcome"] == "completed" })
        // The audit begins with the latest event.
        let audit = try await told(page, "/worlds/desk/audit?limit=1")
        let first = try #require(audit["events"]?.elements.first?["seq"]?.compactText)
        #expect(try await page.evaluate("athanor.state().audit.first > \(first)") == .bool(true))
        #expect(try await page.evaluate("athanor.state().audit.drawn > 10") == .bool(true))
        #expect(
          try await page.evaluate("athanor.state().history.cycles") == world["cycle"])
        try await page.photograph("worlds-served")
        // The schedule leaves a world alone that lives in history; its accounts traded up to there.
        #expect(world["next_evaluation_at"] == .null)
        let hidden = "document.querySelector('[data-test=fact-next]').hidden"
        #expect(try await page.evaluate(hidden) == .bool(true))
        let day = try #require(world["traded_through"]?.text?.prefix(10))
        #expect(try await page.text("[data-test=fact-traded] dd") == String(day))
        try await page.evaluate("window.scrollTo(0, 800)")
        try await page.photograph("worlds-served-safety")
        try await page.click("#language-switch")
        try await page.wait(until: "document.documentElement.lang === 'ko'")
        try await page.photograph("worlds-served-safety-ko")
      }
    }

    @Test("the derivation of a real verdict is told in both languages, step by step the same")
    func derivation() async throws {
      try await withWorld("lang=en") { page in
        let ids = try await page.evaluate(
          "Object.values(athanor.state().board.lanes).flat()"
        ).elements.compactMap(\.text)
        for id in ids {
          try await page.evaluate("athanor.select('\(id)')")
          try await page.wait(
            until: """
              athanor.state().verdict.id === '\(id)' && !athanor.state().verdict.isLoading
                && athanor.state().verdict.steps.length > 3
              """)
          let tree = try await told(page, "/worlds/desk/explain/\(id)")["tree"] ?? .null
          let english = try await page.evaluate("athanor.state().verdict.steps").elements
          #expect(english.map { $0["code"] ?? .null } == Self.steps(tree).map(\.code), "\(id)")
          #expect(english.map { $0["words"] ?? .null } == Self.steps(tree).map(\.english), "\(id)")
          try await page.click("#language-switch")
          try await page.wait(until: "document.documentElement.lang === 'ko'")
          let korean = try await page.evaluate("athanor.state().verdict.steps").elements
          #expect(korean.map { $0["words"] ?? .null } == Self.steps(tree).map(\.korean), "\(id)")
          #expect(
            korean.allSatisfy { step in
              step["code"] == "term"
                || step["words"]?.text?.unicodeScalars.contains {
                  (0xAC00...0xD7A3).contains($0.value)
                }
                  == true
            }, "\(id)")
          try await page.click("#language-switch")
          try await page.wait(until: "document.documentElement.lang === 'en'")
        }
        try await page.photograph("worlds-served-verdict")
      }
    }

    /// The nodes of a derivation in the order in which they are told.
    private static func steps(
      _ tree: JSONValue
    ) -> [(code: JSONValue, english: JSONValue, korean: JSONValue)] {
      [(tree["code"] ?? .null, tree["text"] ?? .null, tree["text_ko"] ?? .null)]
        + (tree["children"]?.elements ?? []).flatMap(steps)
    }
  }
}
