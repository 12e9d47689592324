import Essentials
import Foundation
import TestKit
import Testing
import Twins

extension BrowserTests {
  /// What every page must bear, tried on all of them.
  @Suite("Sturdiness")
  struct SturdyPagesTests {
    /// The pages that there are, by the end of their address.
    private static let pages = ["", "reactor", "lab", "worlds"].filter {
      FileManager.default.fileExists(
        atPath: checkoutFolder.appendingPathComponent("Web/\($0)/index.html").path)
    }

    private static let nonsense = [
      "null", "<p>",
      // Lists of the right names with the wrong things in them.
      """
      {"count":"x","runs":[7,null,{},{"run_id":"r","state":9,"summary":[],"events":"n"}],"jobs":[null,
      {"job_id":"j","progress":{"total":"?"}},{"job_id":4}],"candidates":[{},null],"events":[1],
      "frames":[{}],"nodes":[{"x":1}],"edges":[0],"packs":[{}],"actions":[{}],"gauges":{"pressure":"hot"},
      "flags":{},"reactor":{},"series":{"cost_pulse":[{"ts":5,"tokens":"many"}]},"budget":{"day":7},
      "worlds":[null,{"id":7},{"id":"w","counts":[],"breaker":{}}],"id":"w","mode":3,"policy":[],
      "breaker":"?","instances":[0,{},{"id":"a","phase":"?","gate":[],"metrics":[1],"rank":"first"},
      {"id":"a","phase":"live","weight":"much","gate":{"state":"ajar","lease_until":"soon"}}],
      "risk":{"lines":[{},{"name":"gross","observed":"x","limit":0,"after":null}],"flags":[1]},
      "currency":7,"alerts":[{"at":{}}],"cycles":[{"cycle":1,"moves":[{}]},{"cycle":"2"}],
      "gates":[null,{"instance":"a"}],"tree":{"text":"t","children":[null,{"code":"c","value":"v"}]},
      "latest_run":{"run_id":5},"caller":"ana","version":4}
      """,
    ]

    @Test("whatever the server answers, no page throws", arguments: pages)
    func documents(path: String) async throws {
      let site = try SiteTwin(SiteTwin.Plan(streams: [[Wire.hello(), .hang]]))
      try await Browser.shared().withPage { page in
        for answer in Self.nonsense {
          site.change { $0.otherwise = .json(answer) }
          try await page.open(site.page("\(path)?webgl=0&lang=ko"))
          try await page.wait(until: "window.athanor?.ready.then(() => true, () => true)")
          try await page.evaluate("new Promise((done) => setTimeout(done, 100))")
          expectNoFault(page, "\(path) on \(answer.prefix(20))")
        }
      }
    }

    @Test("whatever the stream says, no page throws", arguments: pages)
    func messages(path: String) async throws {
      let kinds = [
        "run.started", "run.summary", "agent.alpha_generated", "validation.failed",
        "simulation.completed", "evaluation.completed", "budget.blocked", "llm.usage_point",
        "retrieval.pack_built", "mutation.child_created", "job.progress", "nobody.knows",
        "world.evaluated", "cutover.switched", "gate.changed",
      ]
      let payloads = ["{}", #"{"candidate":7,"metrics":[],"value":"x","edges":null,"tokens":{}}"#]
      var messages: [TwinAnswer.Step] = []
      for (index, kind) in kinds.enumerated() {
        for (place, payload) in payloads.enumerated() {
          let seq = index * payloads.count + place + 1
          messages.append(SocketTalk.text(Wire.envelope(kind, seq: seq, payload: payload)))
        }
      }
      messages.append(
        SocketTalk.text(
          Wire.envelope(
            "reactor.status",
            payload:
              #"{"run_id":3,"gauges":{"pressure":"hot"},"flags":{},"reactor":{"core":[]},"series":{"pressure":[{"ts":"?"}]}}"#
          )))
      let site = try SiteTwin(
        SiteTwin.Plan(
          documents: [
            "/api/desk": Wire.desk, "/api/runs": Wire.runs([Wire.run("run-1", state: "running")]),
          ], answers: { WorldTwin().answer(to: $0) },
          streams: [[Wire.hello(head: 30)] + messages + [.hang]]))
      try await Browser.shared().withPage { page in
        try await page.open(site.page("\(path)?webgl=0&lang=en"))
        let last =
          "import('/ui/shell/live.js').then((live) => live.streams().some((s) => s.cursor === 30))"
        try await page.wait(until: last)
        try await page.evaluate("new Promise((done) => setTimeout(done, 150))")
        expectNoFault(page, path)
      }
    }

    @Test("200 events a second leave half of a page's thread to its frames", arguments: pages)
    func pace(path: String) async throws {
      let kinds =
        path == "worlds"
        ? ["world.evaluated", "gate.changed", "cutover.order_sent"]
        : ["agent.alpha_generated", "validation.passed", "simulation.completed"]
      let events = (1...400).map { seq in
        SocketTalk.text(
          Wire.envelope(
            kinds[seq % 3], seq: seq, message: "Simulated c\(seq / 3).",
            payload: """
              {"candidate_key":"c\(seq / 3)","alpha_id":"a\(seq / 3)","idea_id":"idea-\(seq % 7)",\
              "lane":"explore","expression":"rank(ts_delta(close, \(seq)))","score":0.\(seq),\
              "metrics":{"sharpe":1.\(seq),"fitness":0.\(seq),"turnover":0.2}}
              """))
      }
      let site = try SiteTwin(
        SiteTwin.Plan(
          documents: [
            "/api/desk": Wire.desk, "/api/control/jobs": Wire.noJobs,
            "/api/runs": Wire.runs([Wire.run("run-1", state: "running")]),
          ], answers: { WorldTwin.full.answer(to: $0) },
          streams: [[Wire.hello()] + events + [.hang]]))
      try await Browser.shared().withPage { page in
        // All messages are there at once; the page is handed one every 5 ms.
        try await page.prepend(
          script: """
            window.handed = 0;
            window.waiting = [];
            window.WebSocket = class extends WebSocket {
              set onmessage(listener) {
                super.onmessage = listener && ((message) => { waiting.push([listener, message]); });
              }
            };
            setInterval(() => {
              if (!window.started && handed > 0) return;
              const next = waiting.shift();
              if (next) { handed += 1; next[0](next[1]); }
            }, 5);
            """)
        try await page.open(site.page("\(path)?webgl=0&lang=en"))
        try await page.wait(
          until: "handed >= 1 && window.athanor.ready.then(() => true, () => true)")
        let before = try await page.processorSeconds()
        try await page.evaluate("window.started = performance.now()")
        try await page.wait(until: "handed >= 401", seconds: 30)
        let used = try await page.processorSeconds() - before
        let lasted = try await page.evaluate("performance.now() - started").double ?? 0
        #expect(used < 0.5 * max(2000, lasted) / 1000, "\(path): \(used) s of \(lasted) ms")
        expectNoFault(page, path)
      }
    }

    @Test(
      "both languages have every word, and no page asks for one that there is not", arguments: pages
    )
    func words(path: String) async throws {
      let site = try SiteTwin(
        SiteTwin.Plan(
          documents: ["/api/desk": Wire.desk, "/api/runs": Wire.runs([Wire.run("run-1")])],
          streams: [[Wire.hello(), .hang]]))
      try await Browser.shared().withPage { page in
        try await page.open(site.page("\(path)?webgl=0&lang=en"))
        try await page.wait(until: "window.athanor?.ready.then(() => true, () => true)")
        try await page.click("#language-switch")
        let defects = try await page.evaluate(
          "import('/ui/shell/i18n.js').then((m) => m.defects())")
        #expect(defects == ["lacking": .array([]), "unequal": .array([]), "unknown": .array([])])
      }
    }

    /// Expects that nothing was thrown and nothing was written as an error; that documents are not
    /// there is the server's doing, and no fault of the page.
    private func expectNoFault(_ page: BrowserPage, _ place: String) {
      #expect(page.complaints.filter { !$0.hasPrefix("network: ") } == [], "\(place)")
    }
  }
}
