import Essentials
import TestKit
import Testing
import Twins

extension BrowserTests {
  /// The modules that pages are made of, asked one by one on a page that does nothing itself.
  @Suite("Modules")
  struct ModuleTests {
    @Test("a run that the server is still reading is asked for until it is there")
    func catchingUp() async throws {
      let site = try SiteTwin(
        SiteTwin.Plan(documents: [
          "/api/desk": Wire.desk, "/api/control/jobs": Wire.noJobs, "/api/runs": Wire.runs([]),
          "/api/long": .answer(503, #"{"error":"catching_up"}"#),
        ]))
      try await Browser.shared().withPage { page in
        try await page.open(site.page("?lang=en"))
        async let answer = page.evaluate(
          "import('/ui/shell/api.js').then((m) => m.get('/api/long'))")
        while site.requests.count(where: { $0.path == "/api/long" }) < 2 { await Task.yield() }
        site.change { $0.documents["/api/long"] = .json(#"{"events":7}"#) }
        #expect(try await answer["events"] == 7)
      }
    }

    /// Opens the page, hands it to the body, and expects no complaint but those that begin with
    /// what is allowed.
    private func withModules(
      _ look: BrowserLook = BrowserLook(), plan: SiteTwin.Plan = SiteTwin.Plan(),
      query: String = "", allowing allowed: String? = nil,
      _ body: (BrowserPage) async throws -> Void
    ) async throws {
      var plan = plan
      plan.documents["/ui/bare"] = .answer(
        headers: [.init("Content-Type", "text/html; charset=utf-8")],
        """
        <!doctype html><html lang="en"><head><title>bare</title>
        <link rel="icon" href="/ui/shell/mark.svg">
        <link rel="stylesheet" href="/ui/shell/tokens.css">
        <link rel="stylesheet" href="/ui/shell/shell.css"></head><body><main></main></body></html>
        """)
      let site = try SiteTwin(plan)
      try await Browser.shared().withPage(look) { page in
        try await page.open(site.page("bare\(query)"))
        try await body(page)
        #expect(page.complaints.filter { allowed.map($0.hasPrefix) != true } == [])
      }
    }

    /// Returns what an expression is worth with a module of the shell in hand as `m`.
    @discardableResult
    private func ask(
      _ page: BrowserPage, _ module: String, _ expression: String
    ) async throws -> JSONValue {
      try await page.evaluate(
        "import('/ui/shell/\(module).js').then(async (m) => (\(expression)))")
    }

    @Test("numbers carry unit, sign, scale and age in both languages, and a missing one is a dash")
    func formats() async throws {
      let table: [(String, en: String, ko: String)] = [
        ("m.number(1234.5678)", "1,234.57", "1,234.57"),
        ("m.number(-0.001)", "0.00", "0.00"),
        ("m.number(-2.5, { digits: 1, unit: 's' })", "−2.5 s", "−2.5 s"),
        ("m.signed(0.123)", "+0.12", "+0.12"), ("m.signed(0.001)", "0.00", "0.00"),
        ("m.signed(-1)", "−1.00", "−1.00"),
        ("m.integer(1234567)", "1,234,567", "1,234,567"),
        ("m.tokens(0)", "0", "0"), ("m.tokens(999)", "999", "999"),
        ("m.tokens(999.6)", "1k", "1k"), ("m.tokens(1000)", "1k", "1k"),
        ("m.tokens(46907)", "46.9k", "46.9k"), ("m.tokens(999499)", "999k", "999k"),
        ("m.tokens(999500)", "1M", "1M"), ("m.tokens(1500000)", "1.5M", "1.5M"),
        ("m.tokens(-4500)", "−4.5k", "−4.5k"),
        ("m.tokens(1, { unit: true })", "1 token", "1 토큰"),
        ("m.tokens(46907, { unit: true })", "46.9k tokens", "46.9k 토큰"),
        ("m.dollars(0)", "$0", "$0"), ("m.dollars(0.0042)", "$0.0042", "$0.0042"),
        ("m.dollars(0.00000425)", "$0.0000043", "$0.0000043"),
        ("m.dollars(12.5)", "$12.50", "$12.50"), ("m.dollars(-12.5)", "−$12.50", "−$12.50"),
        ("m.dollars(12345)", "$12.3k", "$12.3k"),
        ("m.percent(0.0834)", "8.3%", "8.3%"),
        ("m.percent(-0.5, { digits: 0 })", "−50%", "−50%"),
        ("m.percent(0.01, { signed: true })", "+1.0%", "+1.0%"),
        ("m.sample(1260)", "n = 1,260", "n = 1,260"),
        ("m.ofLimit(46907, 52000)", "46.9k of 52k", "46.9k / 52k"),
        ("m.ofLimit(46907, null)", "46.9k", "46.9k"),
        ("m.tokensPerSecond(1551.6)", "1.55k tokens/s", "1.55k 토큰/초"),
        ("m.duration(420)", "420 ms", "420밀리초"), ("m.duration(3500)", "3.5 s", "3.5초"),
        ("m.duration(64000)", "1 min 4 s", "1분 4초"), ("m.duration(7200000)", "2 h", "2시간"),
        ("m.duration(90061000)", "1 d 1 h", "1일 1시간"),
        ("m.age(10000, 10400)", "just now", "방금"), ("m.age(10000, 13000)", "3 s ago", "3초 전"),
        ("m.age('1970-01-01T00:00:10Z', 130000)", "2 min ago", "2분 전"),
        ("m.age(0, 7300000)", "2 h ago", "2시간 전"), ("m.age(0, 200000000)", "2 d ago", "2일 전"),
        ("m.age(70000, 10000)", "in 1 min", "1분 후"),
        (
          "[m.number(null), m.tokens(undefined), m.dollars(NaN), m.percent(Infinity), m.age('x'), m.duration(null), m.instant('')].join(' ')",
          "– – – – – – –", "– – – – – – –"
        ),
        ("m.figure(m.number(null)).title", "No value", "값 없음"),
        ("m.figure(m.number(1)).className", "num", "num"),
      ]
      try await withModules { page in
        for (expression, english, korean) in table {
          #expect(try await ask(page, "format", expression) == .string(english), "\(expression)")
          let other = "(document.documentElement.lang = 'ko', \(expression))"
          #expect(try await ask(page, "format", other) == .string(korean), "\(expression)")
          try await page.evaluate("document.documentElement.lang = 'en'")
        }
      }
    }

    @Test("texts fill their blanks, choose their plural, fall back, and unknown keys are told")
    func words() async throws {
      try await withModules { page in
        let told = try await ask(
          page, "i18n",
          """
          (m.register({ en: { "a": "{n} of {all}", "b": { one: "{n} cat", other: "{n} cats" }, "c": "only" },
                        ko: { "a": "{all} 중 {n}", "b": { other: "고양이 {n}마리" }, "d": "{x}뿐" } }),
           [m.t("a", { n: 1, all: null }), m.t("b", { n: 1, count: 1 }), m.t("b", { n: 0, count: 0 }),
            (m.setLanguage("ko"), m.t("a", { n: 1, all: 2 })), m.t("b", { n: 1, count: 1 }), m.t("c"),
            m.t("nowhere"), m.defects()])
          """)
        #expect(
          told.elements.prefix(7)
            == ["1 of –", "1 cat", "0 cats", "2 중 1", "고양이 1마리", "only", "nowhere"])
        let defects = told.elements.last ?? .null
        #expect(Set((defects["lacking"] ?? .null).elements) == ["c", "d"])
        #expect(defects["unknown"] == .array(["nowhere"]))
      }
    }

    @Test("movement depends on time and not on how many frames it took")
    func motion() async throws {
      try await withModules { page in
        let values = try await ask(
          page, "motion",
          """
          (() => {
            const walk = (frames) => {
              let x = 0;
              for (let i = 0; i < frames; i += 1) x = m.smooth(x, 10, 1 / frames, 0.3);
              return x;
            };
            return [walk(1), walk(60), walk(7), m.smooth(NaN, 4, 0.1, 1), m.smooth(1, 4, 0.1, 0),
              m.smooth(1, 4, -1, 1)];
          })()
          """
        ).elements.compactMap(\.double)
        #expect(values.count == 6)
        for value in values.prefix(3) { #expect(abs(value - 9.643260066527476) < 1e-9) }
        #expect(values.suffix(3) == [4, 4, 1])
        // A drawing that fails is taken off; the others go on. Its complaint is the one expected.
        let calls = try await ask(
          page, "motion",
          """
          await new Promise((done) => {
            const dts = [];
            const end = m.onFrame((dt) => { dts.push(dt); if (dts.length === 4) { end(); done(dts); } });
          })
          """
        ).elements.compactMap(\.double)
        #expect(calls.count == 4)
        #expect(calls.allSatisfy { $0 >= 0 && $0 <= 0.1 })
      }
    }

    @Test(
      "a table sorts with missing values last, is moved through by keys, and draws what is in view")
    func table() async throws {
      try await withModules { page in
        try await ask(
          page, "table",
          """
          (() => {
            const rows = Array.from({ length: 5000 }, (_, i) =>
              ({ id: `r${i}`, n: i % 10 === 3 ? null : (i * 7919) % 5000, name: `row ${i}` }));
            const table = m.makeTable({
              label: "table.sort", key: (row) => row.id, onSelect: (row) => { window.chosen = row?.id },
              columns: [
                { key: "name", title: "table.empty", header: true, value: (r) => r.name, cell: (r) => r.name },
                { key: "n", title: "table.rows", numeric: true, value: (r) => r.n, cell: (r) => String(r.n ?? "–") },
              ],
            });
            table.element.style.height = "400px";
            document.querySelector("main").append(table.element);
            table.setRows(rows);
            window.table = table;
          })()
          """)
        let drawn = try await page.evaluate("table.state().drawn").double ?? 0
        #expect(drawn > 10 && drawn < 100)
        try await page.click("[data-column=n]")
        #expect(try await page.text("tbody tr[data-key] td") == "4999")
        #expect(
          try await page.evaluate("document.querySelectorAll('thead th')[1].ariaSort")
            == "descending")
        try await page.click("[data-column=n]")
        #expect(try await page.text("tbody tr[data-key] td") == "0")
        #expect(try await page.evaluate("document.activeElement.dataset.column") == "n")
        // The end has what is missing, in either order.
        try await page.evaluate("document.querySelector('tbody tr[tabindex=\"0\"]').focus()")
        try await page.press("End")
        #expect(
          try await page.evaluate("document.activeElement.textContent.endsWith('–')") == .bool(true)
        )
        #expect(try await page.evaluate("document.activeElement.dataset.index") == "4999")
        try await page.press("ArrowUp")
        try await page.press("Enter")
        let chosen = try await page.evaluate("window.chosen")
        #expect(try await page.evaluate("table.state().selected") == chosen)
        #expect(
          try await page.evaluate("document.querySelector('tr.selected').ariaSelected") == "true")
        try await page.press("Home")
        #expect(try await page.evaluate("document.activeElement.dataset.index") == "0")
        try await page.evaluate("table.setRows([])")
        #expect(try await page.text("tbody")?.contains("Nothing here yet.") == true)
      }
    }

    @Test("a chart is sharp, read by keys, and says its numbers to those who do not see it")
    func chart() async throws {
      try await withModules(BrowserLook(pixelRatio: 2)) { page in
        try await ask(
          page, "chart",
          """
          (() => {
            const chart = m.lineChart({ label: "Equity", x: "number", format: (y) => y.toFixed(1) });
            chart.element.style.width = "600px";
            chart.element.style.height = "240px";
            document.querySelector("main").append(chart.element);
            chart.setSeries([{ name: "a", points: [[0, 1], [1, null], [2, 5], [3, -2]], area: true }]);
            window.chart = chart;
          })()
          """)
        #expect(
          try await page.evaluate(
            "[document.querySelector('.chart canvas').width, document.querySelector('.chart').ariaLabel]"
          )
            == .array([
              1200,
              "Equity: 4 points, from 0 to 3, lowest -2.0, highest 5.0. Arrow keys read the points.",
            ]))
        #expect(try await page.evaluate("document.querySelectorAll('.chart tbody tr').length") == 4)
        try await page.evaluate("document.querySelector('.chart').focus()")
        for _ in 0..<3 { try await page.press("ArrowRight") }
        #expect(try await page.text(".chart-tip") == "2a5.0")
        try await page.press("Escape")
        #expect(
          try await page.evaluate("document.querySelector('.chart-tip').hidden") == .bool(true))
        let ticks = try await ask(page, "chart", "[m.ticks(0, 1, 4), m.ticks(-3, 47, 5)]")
        #expect(
          ticks
            == .array([
              .array([0, .number(0.25), .number(0.5), .number(0.75), 1]),
              .array([0, 10, 20, 30, 40]),
            ]))
      }
    }

    @Test("without WebGL, or without the library, a page has no scene and no complaint of its own")
    func noScene() async throws {
      try await withModules(query: "?webgl=0") { page in
        let told = try await ask(
          page, "scene",
          "[m.hasWebGL(), await m.loadThree(), await m.openScene({ host: document.body, onFrame() {} })]"
        )
        #expect(told == .array([.bool(false), .null, .null]))
      }
      let bare = SiteTwin.Plan(missingFiles: ["vendor/three.js"])
      try await withModules(plan: bare, allowing: "network: ") { page in
        let told = try await ask(page, "scene", "[m.hasWebGL(), await m.loadThree()]")
        #expect(told == .array([.bool(true), .null]))
      }
    }

    @Test(
      "a scene draws, outlives a lost context, and leaves nothing behind",
      .enabled(if: SiteTwin.hasThree, "Web/vendor is not there (Scripts/assets fetches it)"))
    func scene() async throws {
      try await withModules(BrowserLook(width: 320, height: 240)) { page in
        try await ask(
          page, "scene",
          """
          (async () => {
            const host = document.querySelector("main");
            Object.assign(host.style, { position: "relative", width: "160px", height: "120px" });
            window.told = [];
            window.frames = 0;
            window.stage = await m.openScene({
              host, onFrame: () => { window.frames += 1 }, onLost: () => told.push("lost"),
              onRestored: () => told.push("restored"),
            });
            const { THREE, scene, camera } = stage;
            camera.position.z = 3;
            scene.add(new THREE.Mesh(new THREE.BoxGeometry(), new THREE.MeshBasicMaterial()));
          })()
          """)
        try await page.wait(until: "window.frames > 2")
        #expect(try await page.evaluate("stage.renderer.info.memory.geometries") == 1)
        try await page.evaluate(
          "window.loss = stage.renderer.getContext().getExtension('WEBGL_lose_context'); loss.loseContext()"
        )
        try await page.wait(until: "told.includes('lost')")
        try await page.evaluate("loss.restoreContext()")
        try await page.wait(until: "told.includes('restored')")
        let seen = try await page.evaluate("window.frames").double ?? 0
        try await page.wait(until: "window.frames > \(Int(seen) + 1)")
        try await page.evaluate("stage.dispose()")
        #expect(
          try await page.evaluate(
            "[document.querySelectorAll('canvas').length, stage.renderer.info.memory.geometries]")
            == .array([0, 0]))
      }
    }

    @Test("a failure of the server is an error with its own words, and a silent server is one too")
    func failures() async throws {
      var plan = SiteTwin.Plan()
      plan.documents = [
        "/api/full": .json(
          429, #"{"error":"queue_full","detail":"The queue is full.","help":"Wait."}"#),
        "/api/text": .answer("hello"), "/api/broken": .answer(500, "oops"), "/api/gone": .hangUp,
      ]
      let site = try SiteTwin(plan)
      try await Browser.shared().withPage { page in
        try await page.open(site.page("shell/mark.svg"))
        func failure(_ call: String) async throws -> JSONValue {
          try await ask(
            page, "api",
            "await m.\(call).then(() => null, (e) => [e.name, e.status, e.error, e.help])")
        }
        #expect(
          try await failure("post('/api/full', { a: 1 })")
            == .array(["ApiError", 429, "queue_full", "Wait."]))
        #expect(
          try await failure("get('/api/text')") == .array(["ApiError", 200, "bad_answer", ""]))
        #expect(
          try await failure("get('/api/broken')") == .array(["ApiError", 500, "http_500", ""]))
        #expect(
          try await failure("get('/api/gone')") == .array(["ApiError", 0, "unreachable", ""]))
        #expect(
          try await failure("get('/api/text', { signal: AbortSignal.abort() })")
            == .array(["ApiError", 0, "aborted", ""]))
        let posted = site.requests.first { $0.path == "/api/full" }
        #expect(posted?.text == #"{"a":1}"#)
        #expect(posted?.header("content-type") == "application/json")
        #expect(
          try await ask(page, "api", "m.address(['api', 'runs', 'a/b?'], { limit: 5, idea: null })")
            == "/api/runs/a%2Fb%3F?limit=5")
      }
    }
  }
}
