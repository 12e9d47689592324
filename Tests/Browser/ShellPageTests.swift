import Essentials
import TestKit
import Testing
import Twins

extension BrowserTests {
  /// What stands around every page, tried on the overview.
  @Suite("Shell")
  struct ShellTests {
    /// A desk with two runs and a live stream that greets, says two things and stays.
    private static let plan = SiteTwin.Plan(
      documents: [
        "/api/desk": Wire.desk, "/api/control/jobs": Wire.noJobs,
        "/api/runs": Wire.runs([
          Wire.run("run-2", state: "running"),
          Wire.run(
            "run-1",
            summary: """
              {"total_tokens":46907,"cost_usd":0.0421,"simulated":240,"accepted":1,\
              "cost_per_accepted_alpha_usd":0.0421}
              """),
        ]),
        "/api/runs/run-2/reactor_status": .json(Wire.reactor(run: "run-2", tokens: 4764)),
      ],
      streams: [[Wire.hello(head: 2), Wire.event(1), Wire.event(2), .hang]])

    @Test("the page is drawn without a complaint, in both languages, with every word known")
    func languages() async throws {
      let site = try SiteTwin(Self.plan)
      try await Browser.shared().withPage { page in
        try await page.open(site.page())
        try await page.wait(until: "athanor.ready.then(() => athanor.state().runs === 2)")
        #expect(try await page.text("#latest-name") == "research · offline-proposer-1")
        #expect(try await page.text("#open-reactor") == "Open in the Reactor")
        #expect(try await page.evaluate("document.title") == "Overview · Athanor")
        try await page.photograph("overview-dark-en")

        try await page.click("#language-switch")
        #expect(try await page.text("#open-reactor") == "원자로에서 열기")
        #expect(try await page.evaluate("document.documentElement.lang") == "ko")
        #expect(try await page.evaluate("document.title") == "개요 · Athanor")
        try await page.click("#theme-switch")
        try await page.photograph("overview-light-ko")

        // What was chosen is kept, and the address has the last word.
        try await page.open(site.page())
        try await page.wait(until: "athanor.state().runs === 2")
        #expect(
          try await page.evaluate(
            "[document.documentElement.lang, document.documentElement.dataset.theme]")
            == .array(["ko", "light"]))
        try await page.open(site.page("?lang=en"))
        try await page.wait(until: "athanor.state().runs === 2")
        #expect(try await page.text("#open-reactor") == "Open in the Reactor")
        let words = try await page.evaluate("athanor.state().words")
        #expect(words == ["lacking": .array([]), "unequal": .array([]), "unknown": .array([])])
        #expect(page.complaints == [])
      }
    }

    @Test("language, theme and motion follow the browser until something else is chosen")
    func preferences() async throws {
      let site = try SiteTwin(Self.plan)
      let look = BrowserLook(language: "ko-KR", prefersLight: true, prefersReducedMotion: true)
      try await Browser.shared().withPage(look) { page in
        try await page.open(site.page())
        #expect(
          try await page.evaluate(
            "[document.documentElement.lang, document.documentElement.dataset.theme]")
            == .array(["ko", "light"]))
        let isStill = "import('/ui/shell/motion.js').then((motion) => motion.reducedMotion())"
        #expect(try await page.evaluate(isStill) == .bool(true))
        try await page.wear(BrowserLook(language: "ko-KR"))
        try await page.wait(until: "document.documentElement.dataset.theme === 'dark'")
        #expect(try await page.evaluate(isStill) == .bool(false))
      }
    }

    @Test("nothing is wider than the screen, from a phone to a wall", arguments: [360, 768, 2560])
    func widths(width: Int) async throws {
      let site = try SiteTwin(Self.plan)
      let look = BrowserLook(width: width, height: width < 500 ? 740 : 1000, language: "ko")
      try await Browser.shared().withPage(look) { page in
        try await page.open(site.page())
        try await page.wait(until: "athanor.state().runs === 2")
        #expect(
          try await page.evaluate("document.documentElement.scrollWidth") == .integer(width))
        try await page.photograph("overview-\(width)")
      }
    }

    @Test("malformed and unknown messages are counted and shown, and stop nothing")
    func malformed() async throws {
      var plan = Self.plan
      let bad = [
        "{", "7", "[]", "null", #"{"event_type":3}"#, "\u{FEFF}",
        #"{"event_type":"agent.alpha_started"}"#,
        Wire.envelope("stream.newfangled"), Wire.envelope("agent.alpha_started"),
        Wire.envelope("reactor.status", payload: #"{"gauges":[]}"#),
        Wire.envelope("agent.alpha_started", seq: 4, payload: "[1]"),
        Wire.envelope("agent.alpha_started", seq: -4),
      ]
      plan.streams = [
        [Wire.hello(head: 9), Wire.event(1)] + bad.map(SocketTalk.text)
          + [SocketTalk.binary([0, 255]), Wire.event(1), Wire.event(2), .hang]
      ]
      let site = try SiteTwin(plan)
      try await Browser.shared().withPage { page in
        try await page.open(site.page())
        try await page.wait(until: "athanor.state().feed.length === 2")
        let live = try await page.evaluate("athanor.state().live")
        #expect(live["ignored"] == .integer(bad.count + 1))
        #expect(live["phase"] == "live")
        try await page.wait(
          until: "document.querySelector('#connection').dataset.ignored === '\(bad.count + 1)'")
        try await page.click("#connection")
        let details = try await page.text("#connection-details")
        #expect(details?.contains("Ignored13 (") == true, "\(details ?? "")")
        #expect(page.complaints == [])
      }
    }

    @Test("a stream that breaks is resumed at its cursor, and another journal starts anew")
    func resuming() async throws {
      var plan = Self.plan
      let gate = TwinGate()
      plan.streams = [
        [Wire.hello(head: 2), Wire.event(1), Wire.event(2), .pass(gate), .reset],
        [Wire.hello(head: 4), Wire.event(2), Wire.event(3), Wire.event(4), .pass(gate), .reset],
        [Wire.hello(journal: "other", head: 1), .hang],
        [Wire.hello(journal: "other", head: 1), Wire.event(1), .hang],
      ]
      let site = try SiteTwin(plan)
      try await Browser.shared().withPage { page in
        try await page.open(site.page())
        try await page.wait(until: "athanor.state().feed.join() === '2,1'")
        gate.open()
        try await page.wait(until: "athanor.state().feed.join() === '4,3,2,1'")
        gate.open()
        try await page.wait(until: "athanor.state().feed.join() === '1'")
        let targets = site.requests.filter { $0.path == "/ws/live" }.map(\.query)
        #expect(targets.map { $0["after"] } == [nil, "2", "4", nil])
        #expect(targets.first?["include_reactor"] == "1")
      }
    }

    @Test("a server that is gone shows as offline, and the page says how to start it")
    func offline() async throws {
      let site = try SiteTwin(SiteTwin.Plan())
      try await Browser.shared().withPage { page in
        try await page.open(site.page())
        try await page.wait(
          until: "document.querySelector('#connection').dataset.state === 'offline'")
        try await page.wait(until: "!document.querySelector('#lost').hidden")
        #expect(try await page.text("#lost")?.contains("athanor serve") == true)
        #expect(
          try await page.text("[data-test=toast]")?.contains("There is no /api/runs.") == true)
        try await page.photograph("overview-offline")
        // It comes back by itself.
        site.change { $0 = Self.plan }
        try await page.wait(until: "athanor.state().connection.state === 'live'")
        try await page.evaluate("import('/ui/shell/shell.js').then((shell) => shell.refreshRuns())")
        try await page.wait(until: "!document.querySelector('.overview-grid.panels').hidden")
      }
    }

    @Test("a token is asked for, refused, taken, offered to the stream and forgotten")
    func tokens() async throws {
      var plan = Self.plan
      plan.documents["/api/control/jobs"] = .json(
        401, #"{"error":"no_token","detail":"Jobs need a token.","help":"athanor token create"}"#)
      let site = try SiteTwin(plan)
      try await Browser.shared().withPage { page in
        try await page.open(site.page())
        try await page.wait(until: "document.querySelector('#token-dialog').open")
        #expect(try await page.text("#token-reason") == "Jobs need a token.")
        #expect(
          try await page.text("#token-dialog code")
            == "athanor token create --name browser --role operator")
        try await page.photograph("token-dialog")
        try await page.type("not a token")
        try await page.press("Enter")
        try await page.wait(until: "document.querySelector('#token-problem').textContent !== ''")
        try await page.evaluate("document.querySelector('#token-field').value = ''")
        site.change { $0.documents["/api/control/jobs"] = Wire.noJobs }
        try await page.type("ath_abc123")
        try await page.press("Enter")
        try await page.wait(until: "!document.querySelector('#token-dialog').open")
        #expect(try await page.text("[data-test=toast]")?.contains("operator") == true)
        try await page.wait(until: "athanor.state().live.phase === 'live'")
        let asked = site.requests.last { $0.path == "/api/desk" }
        #expect(asked?.header("authorization") == "Bearer ath_abc123")
        let offered = site.requests.last { $0.path == "/ws/live" }
        #expect(offered?.header("sec-websocket-protocol") == "athanor.v1, bearer.ath_abc123")
        // It is nowhere in the page, and only in this tab's own store.
        #expect(
          try await page.evaluate(
            "[document.documentElement.outerHTML.includes('ath_abc'), JSON.stringify(localStorage).includes('ath_abc'), sessionStorage.length]"
          ) == .array([.bool(false), .bool(false), 1]))
      }
    }

    @Test("the keyboard reaches the content, and every control has a name and a mark of focus")
    func keyboard() async throws {
      let site = try SiteTwin(Self.plan)
      try await Browser.shared().withPage { page in
        try await page.open(site.page())
        try await page.wait(until: "athanor.state().runs === 2")
        try await page.press("Tab")
        #expect(try await page.evaluate("document.activeElement.className") == "skip")
        try await page.press("Enter")
        #expect(try await page.evaluate("document.activeElement.id") == "main")
        let nameless = try await page.evaluate(
          """
          [...document.querySelectorAll("a, button, select, input, [tabindex='0']")]
            .filter((each) => each.checkVisibility() && !(each.getAttribute("aria-label")
              || each.textContent.trim() || each.labels?.length || each.title))
            .map((each) => each.outerHTML)
          """)
        #expect(nameless == .array([]))
        let unmarked = try await page.evaluate(
          """
          [...document.querySelectorAll("header a, header button, header select")].filter((each) => {
            each.focus({ focusVisible: true });
            return getComputedStyle(each).outlineStyle === "none";
          }).map((each) => each.outerHTML)
          """)
        #expect(unmarked == .array([]))
      }
    }

    @Test("text stands out from what is behind it, in both themes", arguments: [false, true])
    func contrast(light: Bool) async throws {
      let site = try SiteTwin(Self.plan)
      try await Browser.shared().withPage(BrowserLook(prefersLight: light)) { page in
        try await page.open(site.page())
        let weak = try await page.evaluate(
          """
          (() => {
            const style = getComputedStyle(document.documentElement);
            const luminance = (name) => {
              const text = style.getPropertyValue(name).trim();
              const part = (at) => parseInt(text.slice(at, at + 2), 16) / 255;
              const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
              return 0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5));
            };
            const ratio = (a, b) => {
              const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
              return (high + 0.05) / (low + 0.05);
            };
            const weak = [];
            const inks = ["text", "text-soft", "text-faint", "accent", "good", "warn", "bad",
              "exploit", "explore", "syntax-operator", "syntax-field", "syntax-number",
              "syntax-string", "syntax-keyword", "syntax-comment"];
            for (const ink of inks) {
              for (const ground of ["bg", "surface", "raised", "sunken"]) {
                const value = ratio(`--${ink}`, `--${ground}`);
                if (!(value >= 4.5)) weak.push(`${ink} on ${ground}: ${value.toFixed(2)}`);
              }
            }
            const on = ratio("--on-accent", "--accent");
            if (!(on >= 4.5)) weak.push(`on-accent: ${on.toFixed(2)}`);
            return weak;
          })()
          """)
        #expect(weak == .array([]))
      }
    }
  }
}
