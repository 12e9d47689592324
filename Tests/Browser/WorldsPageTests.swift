import Essentials
import Foundation
import TestKit
import Testing
import Twins

extension BrowserTests {
  /// Who may trade, with how much, and why.
  @Suite("Worlds")
  struct WorldsTests {
    private static let selected = "#verdict-title"

    /// Opens the page on a world that a test laid out, and expects no complaint in the end.
    private func withWorld(
      _ world: WorldTwin = .full, query: String = "lang=en", look: BrowserLook = BrowserLook(),
      token: Bool = false, streams: [[TwinAnswer.Step]] = [[Wire.hello(head: 99), .hang]],
      gate: TwinGate = TwinGate(), _ body: (BrowserPage, SiteTwin) async throws -> Void
    ) async throws {
      let site = try SiteTwin(.world(world, streams: streams), gate: gate)
      try await Browser.shared().withPage(look) { page in
        if token {
          try await page.prepend(script: "sessionStorage.setItem('athanor.token', 'ath_test')")
        }
        try await page.open(site.page("worlds?\(query)"))
        try await page.wait(
          until: "athanor.ready.then(() => athanor.state().world && athanor.state().mode)")
        try await body(page, site)
        let words = try await page.evaluate("athanor.state().words")
        #expect(words == ["lacking": .array([]), "unequal": .array([]), "unknown": .array([])])
        #expect(try await page.evaluate("athanor.state().ignoredMessages") == 0)
        #expect(page.complaints == [])
      }
    }

    private func lanes(_ page: BrowserPage) async throws -> [String: [String]] {
      let lanes = try await page.evaluate("athanor.state().board.lanes")
      guard case .object(let members) = lanes else { return [:] }
      return Dictionary(
        uniqueKeysWithValues: members.map { ($0.name, $0.value.elements.compactMap(\.text)) })
    }

    @Test("each strategy stands in the lane of its phase, the best first")
    func board() async throws {
      try await withWorld { page, _ in
        #expect(
          try await lanes(page) == [
            "submitted": ["mix.short.g7"], "backtest": ["mix.long.f6"],
            "dryrun": ["calm.long.c3", "calm.short.d4", "surge.long.e5"],
            "live": ["drift.long.a1", "gap.short.b2"], "inactive": ["surge.short.h8"],
            "failed": ["odd.long.i9"], "retired": ["old.long.j0"],
          ])
        // Two of two passes are there, one of three fails.
        try await page.wait(
          until: "document.querySelector('[data-key=\"gap.short.b2\"] .pip.fails') !== null")
        let pips = """
          ['calm.long.c3', 'calm.short.d4', 'gap.short.b2'].map((id) => {
            const card = document.querySelector(`[data-key="${id}"]`);
            return `${card.querySelectorAll(".pip.filled").length}/${card.querySelectorAll(".pip").length}`;
          }).join()
          """
        #expect(try await page.evaluate(pips) == "2/2,1/2,1/3")
        #expect(
          try await page.text("[data-key='gap.short.b2'] .card-gate")?.contains("reduce only")
            == true)
        #expect(
          try await page.text("[data-key='surge.long.e5'] .card-why")
            == "Too close to drift.long.a1")
        try await page.wait(
          until: "document.querySelectorAll('.card-formula .tok-field').length === 10")
        #expect(
          try await page.text("[data-test=lanes-folded] summary")?.contains("Failed 1") == true)
        try await page.photograph("worlds-dark-en")
      }
    }

    @Test("a strategy moves to another lane when an event says so, and the move is told")
    func moves() async throws {
      let gate = TwinGate()
      let streams = [
        [
          Wire.hello(head: 99), .pass(gate),
          SocketTalk.text(Wire.envelope("cutover.switched", seq: 100, run: "world:alpha")),
          SocketTalk.text(Wire.envelope("cutover.completed", seq: 102, run: "world:alpha")), .hang,
        ]
      ]
      try await withWorld(streams: streams, gate: gate) { page, site in
        #expect(try await lanes(page)["live"] == ["drift.long.a1", "gap.short.b2"])
        var after = WorldTwin.full
        after.cycle = 13
        after.instances[2].phase = "live"
        after.instances[2].action = "HOLD"
        after.entries += [
          .cutover("planned", run: "run-3", seq: 98),
          .cutover("switched", run: "run-3", seq: 100),
          .cutover("completed", run: "run-3", seq: 102),
        ]
        let moved = after
        site.change { $0.answers = { moved.answer(to: $0) } }
        gate.open()
        try await page.wait(until: "athanor.state().board.lanes.live.length === 3")
        #expect(
          try await lanes(page)["live"] == ["drift.long.a1", "calm.long.c3", "gap.short.b2"])
        try await page.wait(until: "athanor.state().board.said === 'calm.long.c3 is now in Live.'")
        try await page.wait(until: "athanor.state().cutovers[0].id === 'run-3'")
        try await page.wait(until: "athanor.state().history.cycles === 13")
        // The flier lands and is gone.
        try await page.wait(until: "athanor.state().board.flying === 0")
        let asked = site.requests.filter { $0.path == "/ws/live" }.map(\.query)
        #expect(asked.map { $0["run_id"] } == ["world:alpha"])
        #expect(asked.map { $0["after"] } == ["80"])
      }
    }

    @Test("where less motion is wanted, cards change their lane without flying")
    func stillness() async throws {
      let gate = TwinGate()
      let streams = [
        [
          Wire.hello(head: 99), .pass(gate),
          SocketTalk.text(Wire.envelope("world.phase_moved", seq: 100, run: "world:alpha")), .hang,
        ]
      ]
      let look = BrowserLook(prefersReducedMotion: true)
      try await withWorld(look: look, streams: streams, gate: gate) { page, site in
        try await page.evaluate(
          """
          window.flown = 0;
          new MutationObserver((all) => { flown += all.flatMap((each) => [...each.addedNodes]).length; })
            .observe(document.querySelector(".flight-sky"), { childList: true });
          """)
        var after = WorldTwin.full
        after.instances[3].phase = "inactive"
        let moved = after
        site.change { $0.answers = { moved.answer(to: $0) } }
        gate.open()
        try await page.wait(until: "athanor.state().board.lanes.inactive.length === 2")
        #expect(try await page.evaluate("flown") == 0)
      }
    }

    @Test("after the stream broke, the page says so, comes back, and shows what happened meanwhile")
    func reconnects() async throws {
      let gate = TwinGate()
      let streams: [[TwinAnswer.Step]] = [
        [Wire.hello(head: 99), .pass(gate), .reset],
        [.pass(gate), Wire.hello(head: 99), .hang],
      ]
      // A socket that ends without a handshake is a complaint of the browser's own.
      let site = try SiteTwin(.world(.full, streams: streams), gate: gate)
      try await Browser.shared().withPage { page in
        try await page.open(site.page("worlds?lang=en"))
        try await page.wait(until: "athanor.ready.then(() => athanor.state().mode === 'active')")
        gate.open()
        try await page.wait(until: "athanor.state().isLost")
        #expect(
          try await page.text("[data-test=lost]")?.contains("The live stream is down") == true)
        site.change { $0.answers = { WorldTwin.stale.answer(to: $0) } }
        gate.open()
        try await page.wait(until: "!athanor.state().isLost")
        try await page.wait(until: "athanor.state().mode === 'eval_only'")
      }
    }

    @Test("a verdict is derived in words of either language, with its values against limits")
    func derivation() async throws {
      try await withWorld { page, _ in
        try await page.evaluate(
          "document.querySelector('[data-key=\"gap.short.b2\"] > button').click()")
        try await page.wait(until: "athanor.state().verdict.steps.length === 5")
        let steps = try await page.evaluate("athanor.state().verdict.steps").elements
        #expect(
          steps.compactMap { $0["outcome"]?.text } == ["none", "fail", "fail", "unknown", "pass"])
        #expect(
          steps.compactMap { $0["hasBar"] }
            == [false, false, true, false, true].map(JSONValue.bool))
        #expect(steps[2]["words"] == "The Sharpe ratio is 0.41, at least 0.60 is asked")
        // What is measured on too small a sample is marked as such.
        #expect(
          try await page.evaluate(
            "document.querySelectorAll('[data-test=verdict] .reference').length")
            == 1)
        try await page.photograph("worlds-verdict")
        try await page.click("#language-switch")
        try await page.wait(until: "document.documentElement.lang === 'ko'")
        let korean = try await page.evaluate("athanor.state().verdict.steps").elements
        #expect(korean[2]["words"] == "샤프 비율 0.41, 기준 0.60 이상")
        #expect(try await page.text("[data-test=verdict-line]")?.contains("탈락") == true)
        try await page.photograph("worlds-verdict-ko")
      }
    }

    @Test("strategies are walked, opened and closed by keys, and the focus comes back")
    func keys() async throws {
      try await withWorld { page, _ in
        let at = "document.activeElement.closest('[data-key]')?.dataset.key ?? ''"
        try await page.evaluate("document.querySelector('.card[tabindex=\"0\"]').focus()")
        #expect(try await page.evaluate(at) == "mix.short.g7")
        for (key, goal) in [
          ("ArrowRight", "mix.long.f6"), ("ArrowRight", "calm.long.c3"),
          ("ArrowDown", "calm.short.d4"), ("ArrowRight", "gap.short.b2"),
          ("Home", "drift.long.a1"), ("ArrowLeft", "calm.long.c3"), ("End", "surge.long.e5"),
        ] {
          try await page.press(key)
          #expect(try await page.evaluate(at) == .string(goal))
        }
        try await page.press("Enter")
        try await page.wait(until: "athanor.state().selected === 'surge.long.e5'")
        try await page.wait(until: "athanor.state().verdict.steps.length === 5")
        // The tree is walked by keys too.
        try await page.evaluate(
          "document.querySelector('[data-test=derivation] [tabindex=\"0\"]').focus()")
        try await page.press("ArrowDown")
        #expect(try await page.evaluate("document.activeElement.dataset.code") == "gates")
        try await page.press("ArrowLeft")
        #expect(try await page.evaluate("document.activeElement.ariaExpanded") == "false")
        let nameless = try await page.evaluate(
          """
          [...document.querySelectorAll("a, button, select, input, [tabindex='0']")]
            .filter((each) => each.checkVisibility() && !(each.getAttribute("aria-label")
              || each.textContent.trim() || each.labels?.length || each.title))
            .map((each) => each.outerHTML)
          """)
        #expect(nameless == .array([]))
        try await page.press("Escape")
        try await page.wait(until: "athanor.state().selected === null")
        #expect(try await page.evaluate(at) == "surge.long.e5")
      }
    }

    @Test("risk stands against its limits: what is over is marked, what is unknown is no zero")
    func risk() async throws {
      try await withWorld { page, _ in
        let lines = try await page.evaluate("athanor.state().risk").elements
        let levels = lines.map { "\($0["name"]?.text ?? "") \($0["level"]?.text ?? "")" }
        #expect(
          levels == [
            "gross ok", "var_99_1d warn", "leverage bad", "margin_used unknown", "symbol:AAPL ok",
          ])
        #expect(lines[0]["text"] == "75.0% → 60.0% / 100.0%")
        #expect(lines[2]["text"] == "✕ 3.50× / 3.00×")
        #expect(lines[3]["text"] == "? unknown / 60.0%")
        #expect(try await page.text("[data-test=risk-scale]")?.hasPrefix("×0.80") == true)
        // Limits are drawn where they are.
        #expect(
          try await page.evaluate("document.querySelectorAll('.bullet-limit').length") == 5)
      }
    }

    @Test("a tripped breaker is told with its cause, and an owner resets it for a reason")
    func tripped() async throws {
      try await withWorld(.tripped, token: true) { page, site in
        #expect(
          try await page.text("[data-test=banner]")?.contains("Trading is halted: daily_loss")
            == true)
        try await page.wait(
          until:
            "document.querySelector('.breaker-cause')?.textContent.includes('3.4%, limit 3.0%')"
        )
        #expect(
          try await page.evaluate(
            "document.querySelector('[data-test=breaker] [aria-current=step]').dataset.state")
            == "tripped")
        try await page.photograph("worlds-tripped")
        try await page.evaluate("document.querySelector('[data-test=act-reset]').click()")
        try await page.wait(until: "document.querySelector('[data-test=act-dialog]').open")
        #expect(
          try await page.text("[data-test=act-consequence]")?.contains("It tripped for: daily_loss")
            == true)
        // Nothing is sent without a reason.
        try await page.evaluate("document.querySelector('[data-test=act-confirm]').click()")
        #expect(!site.requests.contains { $0.path == "/worlds/alpha/reset-breaker" })
        try await page.evaluate("document.querySelector('[data-test=act-reason]').focus()")
        try await page.type("Loss was a wrong mark, corrected.")
        try await page.evaluate("document.querySelector('[data-test=act-confirm]').click()")
        try await page.wait(until: "!document.querySelector('[data-test=act-dialog]')")
        let sent = site.requests.last { $0.path == "/worlds/alpha/reset-breaker" }
        #expect(sent?.text == #"{"reason":"Loss was a wrong mark, corrected."}"#)
        #expect(sent?.header("authorization") == "Bearer ath_test")
      }
    }

    @Test("a promotion is sent once, with who asked for it, why, and a name for the intention")
    func promotion() async throws {
      try await withWorld(token: true) { page, site in
        try await page.evaluate("athanor.select('calm.short.d4')")
        try await page.evaluate("document.querySelector('[data-test=act-promote]').click()")
        try await page.wait(until: "document.querySelector('[data-test=act-dialog]').open")
        try await page.photograph("worlds-promote")
        try await page.type("It earned it.")
        try await page.evaluate("document.querySelector('[data-test=act-confirm]').click()")
        try await page.wait(until: "!document.querySelector('[data-test=act-dialog]')")
        let sent = site.requests.filter { $0.path == "/strategies/calm.short.d4/promote" }
        #expect(sent.count == 1)
        let body = try await page.evaluate("(\(sent.first?.text ?? "null"))")
        #expect(body["world"] == "alpha")
        #expect(body["reason"] == "It earned it.")
        #expect(body["run_id"]?.text?.hasPrefix("page-") == true)
      }
    }

    @Test("viewers see what can be done and why they cannot do it")
    func viewers() async throws {
      let states = """
        ["freeze", "resume", "promote", "demote"].map((act) =>
          document.querySelector(`[data-test=act-${act}]`).disabled)
        """
      let none = JSONValue.array([.bool(true), .bool(true), .bool(true), .bool(true)])
      var world = WorldTwin.full
      world.role = "viewer"
      try await withWorld(world, token: true) { page, _ in
        try await page.evaluate("athanor.select('drift.long.a1')")
        #expect(try await page.evaluate(states) == none)
        #expect(
          try await page.text("#why-freeze")?
            .contains("This needs the role operator; you are viewer here.") == true)
      }
      try await withWorld { page, _ in
        try await page.evaluate("athanor.select('drift.long.a1')")
        #expect(try await page.evaluate(states) == none)
        #expect(
          try await page.text("#why-freeze")?.contains("Changes need a token") == true)
        try await page.click("[data-test=act-token]")
        try await page.wait(until: "document.querySelector('#token-dialog').open")
      }
      // Operators may demote what is live, and promote only what is in dry run.
      try await withWorld(token: true) { page, _ in
        try await page.evaluate("athanor.select('drift.long.a1')")
        #expect(
          try await page.evaluate(states)
            == .array([.bool(false), .bool(false), .bool(true), .bool(false)]))
      }
    }

    @Test("data that is too old is told with its lag, in Korean and in light")
    func stale() async throws {
      let look = BrowserLook(
        width: 1280, height: 800, language: "ko-KR", prefersLight: true)
      try await withWorld(.stale, query: "", look: look) { page, _ in
        #expect(
          try await page.text("[data-test=banner]")?
            .contains("us.equities.1d 데이터가 2일 3시간 지연되었습니다(허용 1일).") == true)
        #expect(try await page.evaluate("athanor.state().safety.currency") == "STALE")
        try await page.photograph("worlds-stale-ko-light")
      }
    }

    @Test("a cutover is a track of steps, and one that was given up ends in red with its reason")
    func cutovers() async throws {
      try await withWorld { page, _ in
        try await page.wait(until: "athanor.state().cutovers.length === 2")
        #expect(
          try await page.evaluate(
            "athanor.state().cutovers.map((run) => `${run.id} ${run.outcome} ${run.step}`).join()")
            == "run-2 aborted acknowledged,run-1 completed completed")
        #expect(
          try await page.text("[data-test=cutover-reason]")?
            .contains("orders were still open when the time for draining was over") == true)
        let steps = "[...document.querySelectorAll('.track-step')].map((step) => step.className)"
        let broken = try await page.evaluate(steps).elements.compactMap(\.text)
        #expect(
          broken.map { $0.contains("done") } == [true, true, true]
            + Array(repeating: false, count: 6))
        #expect(broken[3].contains("broken"))
        try await page.evaluate("document.querySelectorAll('.cutover-line')[1].click()")
        let whole = try await page.evaluate(steps).elements.compactMap(\.text)
        #expect(whole.allSatisfy { $0.contains("done") })
      }
    }

    @Test("1,000 events of the audit come in pages, few of them are drawn, and kinds are filtered")
    func audit() async throws {
      var world = WorldTwin.full
      world.entries = (1...1000).map {
        WorldTwin.Entry(
          seq: $0 * 2, kind: $0 % 5 == 0 ? "gate.changed" : "world.evaluated",
          subject: $0 % 5 == 0 ? "gap.short.b2" : "")
      }
      try await withWorld(world, streams: [[Wire.hello(head: 2000), .hang]]) { page, _ in
        let audit = "athanor.state().audit"
        try await page.wait(until: "\(audit).rows === 100")
        #expect(
          try await page.evaluate("[\(audit).first, \(audit).last]") == .array([2000, 1802]))
        for pages in 2...10 {
          try await page.evaluate("document.querySelector('[data-test=audit-older]').click()")
          try await page.wait(
            until: """
              \(audit).rows === \(100 * pages)
                && !document.querySelector("[data-test=audit-older]").disabled
              """)
        }
        #expect(try await page.evaluate("\(audit).hasOlder") == .bool(false))
        #expect(try await page.evaluate("\(audit).last") == 2)
        #expect(try await page.evaluate("\(audit).drawn").double ?? 999 < 80)
        try await page.evaluate(
          """
          const filter = document.querySelector("[data-test=audit-filter]");
          filter.value = "gate";
          filter.dispatchEvent(new Event("change"));
          """)
        try await page.wait(until: "\(audit).rows === 100 && \(audit).hasOlder")
        // A line opens with all that was recorded, and leads to the strategy that it is about.
        try await page.evaluate("document.querySelector('[data-test=audit] tr[data-key]').click()")
        #expect(try await page.text("[data-test=audit-detail]")?.contains("Event 2000.") == true)
        try await page.evaluate("document.querySelector('[data-test=audit] .link-button').click()")
        #expect(try await page.evaluate("athanor.state().selected") == "gap.short.b2")
      }
    }

    @Test("a past cycle is shown as its decision saw it, and the way back leads to the present")
    func past() async throws {
      try await withWorld(token: true) { page, site in
        try await page.evaluate(
          """
          const slider = document.querySelector("[data-test=history-slider]");
          slider.value = 2;
          slider.dispatchEvent(new Event("input"));
          """)
        try await page.wait(until: "athanor.state().past === 3")
        #expect(try await lanes(page)["live"] == ["calm.long.c3"])
        #expect(try await page.text("[data-test=banner]")?.contains("cycle 3") == true)
        #expect(
          try await page.evaluate("document.querySelector('#connection').dataset.state") == "replay"
        )
        #expect(
          try await page.evaluate("document.querySelector('[data-test=act-freeze]').disabled")
            == .bool(true))
        try await page.evaluate("athanor.select('calm.long.c3')")
        try await page.wait(until: "athanor.state().verdict.steps.length === 5")
        let asked = site.requests.last { $0.path.hasPrefix("/worlds/alpha/explain/") }
        #expect(asked?.query["cycle"] == "3")
        try await page.photograph("worlds-past")
        try await page.click("[data-test=back-to-now]")
        try await page.wait(until: "athanor.state().past === null")
        #expect(try await lanes(page)["live"] == ["drift.long.a1", "gap.short.b2"])
      }
    }

    @Test("a policy is shown with its fingerprint and what it changed of the one before")
    func policy() async throws {
      try await withWorld { page, _ in
        try await page.wait(until: "athanor.state().policy.version === '3'")
        #expect(try await page.evaluate("athanor.state().policy.changes") == 2)
        #expect(
          try await page.text("[data-test=policy-fingerprint]") == String(repeating: "3", count: 16)
        )
        #expect(
          try await page.text("[data-test=policy-diff]")?.contains("selection.topk.total") == true)
        try await page.evaluate(
          """
          const versions = document.querySelector("[data-test=policy-version]");
          versions.value = "1";
          versions.dispatchEvent(new Event("change"));
          """)
        #expect(
          try await page.text("[data-test=policy-diff]") == "This is the first version.")
      }
    }

    @Test(
      "where there is no world, the page says how to make one; a server that is gone, how to start it"
    )
    func nothing() async throws {
      let site = try SiteTwin(
        SiteTwin.Plan(documents: [
          "/api/desk": Wire.desk, "/api/runs": Wire.runs([]),
          "/worlds": .json(#"{"count":0,"worlds":[]}"#),
        ]))
      try await Browser.shared().withPage { page in
        try await page.open(site.page("worlds?lang=en"))
        try await page.wait(until: "document.querySelector('[data-test=empty]')")
        #expect(
          try await page.text("[data-test=empty]")?
            .contains("athanor world apply -f Examples/Worlds/default.yml") == true)
        try await page.photograph("worlds-empty")
        #expect(page.complaints == [])
        site.change {
          $0 = .world(.full)
          $0.documents["/worlds"] = nil
        }
        try await page.open(site.page("worlds?lang=en&world=beta"))
        try await page.wait(
          until: "document.querySelector('[data-test=instead] h1')?.textContent.includes('beta')")
        try await page.evaluate("document.querySelector('.other-worlds button').click()")
        try await page.wait(until: "athanor.state().world === 'alpha' && athanor.state().mode")
      }
    }

    @Test(
      "nothing is wider than the screen, from a phone to a wall", arguments: [360, 768, 1280, 2560])
    func widths(width: Int) async throws {
      let look = BrowserLook(width: width, height: width < 500 ? 740 : 1000, language: "ko-KR")
      try await withWorld(.tripped, query: "", look: look) { page, _ in
        #expect(
          try await page.evaluate("document.documentElement.scrollWidth") == .integer(width))
        try await page.evaluate("athanor.select('gap.short.b2')")
        #expect(
          try await page.evaluate("document.documentElement.scrollWidth") == .integer(width))
        try await page.photograph("worlds-\(width)")
      }
    }

    @Test("a flood of events over 48 strategies costs few readings and little of the page's thread")
    func flood() async throws {
      var world = WorldTwin.full
      for place in 0..<38 {
        world.instances.append(
          WorldTwin.Instance(
            id: "crowd.long.x\(place)", phase: place % 2 == 0 ? "dryrun" : "live", gate: "open",
            score: Double(place) / 40, rank: 10 + place, verdict: "pass"))
      }
      let gate = TwinGate()
      let events = (1...400).map {
        SocketTalk.text(Wire.envelope("world.evaluated", seq: 100 + $0, run: "world:alpha"))
      }
      let streams = [[Wire.hello(head: 500), .pass(gate)] + events + [.hang]]
      try await withWorld(world, streams: streams, gate: gate) { page, site in
        let before = try await page.processorSeconds()
        let asked = site.requests.count { $0.path == "/worlds/alpha" }
        gate.open()
        try await page.wait(
          until:
            "import('/ui/shell/live.js').then((m) => m.streams().some((s) => s.cursor === 500))")
        try await page.evaluate("new Promise((done) => setTimeout(done, 600))")
        #expect(try await page.processorSeconds() - before < 1.5)
        #expect(site.requests.count { $0.path == "/worlds/alpha" } - asked < 12)
      }
    }
  }
}
