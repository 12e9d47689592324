import Essentials
import Foundation
import TestKit
import Testing
import Twins

extension BrowserTests {
  /// The first page: the newest run, budgets, jobs, what happens and all runs.
  @Suite("Overview")
  struct OverviewTests {
    private static let jobs = TwinAnswer.json(
      """
      {"count":2,"jobs":[
      {"job_id":"a1","action":"run_campaign","state":"running","queued_at":"\(Wire.instant)",
       "started_at":"\(Wire.instant)","ended_at":null,"error":null,"requested_by":"ana",
       "progress":{"step":"simulation","step_number":2,"steps":3,"work":"Simulating","done":78,
       "total":120,"unit":"formulas"}},
      {"job_id":"b2","action":"sync_metadata","state":"failed","queued_at":"\(Wire.instant)",
       "started_at":"\(Wire.instant)","ended_at":"\(Wire.instant)","progress":null,
       "error":"The login was refused.","requested_by":"ana"}]}
      """)

    private static func plan(_ stream: [TwinAnswer.Step]) -> SiteTwin.Plan {
      SiteTwin.Plan(
        documents: [
          "/api/desk": Wire.desk, "/api/control/jobs": jobs,
          "/api/runs": Wire.runs([
            Wire.run(
              "run 1/ä", state: "running", summary: #"{"total_tokens":4764,"simulated":240}"#)
          ]),
          "/api/runs/run%201%2F%C3%A4/reactor_status": .json(
            Wire.reactor(run: "run 1/ä", tokens: 46_907, state: "blocked")),
        ], streams: [stream])
    }

    @Test("state, budget and jobs are told in words and shapes beside their color")
    func contents() async throws {
      let site = try SiteTwin(Self.plan([Wire.hello(), .hang]))
      try await Browser.shared().withPage { page in
        try await page.open(site.page("?lang=en&motion=0"))
        try await page.wait(until: "athanor.ready.then(() => athanor.state().jobs === 2)")
        #expect(try await page.text("#tile-tokens dd") == "46.9kof 52k")
        #expect(try await page.text("#tile-pressure dd") == "90%Blocked")
        #expect(try await page.text("#tile-cost dd") == "–")
        #expect(try await page.text("#tile-accepted dd") == "–of 240 simulated")
        #expect(
          try await page.text("[data-test=budget-day] .allowance-line .num") == "46.9k / 1.5M")
        #expect(
          try await page.text("[data-test=budget-day]")?.contains("$0.42 · no ceiling") == true)
        let meters = try await page.evaluate(
          """
          [...document.querySelectorAll("#budget .meter")].map((each) =>
            [each.dataset.level, each.ariaValueText])
          """)
        #expect(
          meters
            == .array([
              .array(["", "3.1%"]), .array(["warn", "84.7%"]), .array(["bad", "105.3%"]),
            ]))
        #expect(
          try await page.text("[data-key=a1] .job-about")
            == "simulation, step 2 of 3 · 78 of 120 formulas")
        #expect(try await page.text("[data-key=b2] .chip") == "Failed")
        #expect(try await page.text("[data-key=b2] .job-about") == "The login was refused.")
        // The run's name survives the way into an address, and so does what the page was told.
        let target = try await page.evaluate(
          """
          (() => {
            const url = new URL(document.querySelector("#open-lab").href);
            return [url.pathname, ...["run_id", "lang", "motion"].map((n) => url.searchParams.get(n))];
          })()
          """)
        #expect(target == .array(["/ui/lab", "run 1/ä", "en", "0"]))
        #expect(page.complaints == [])
      }
    }

    @Test("an event that happens now brings the lists up to date; those of the past do not")
    func updates() async throws {
      let gate = TwinGate()
      let stream = [Wire.hello(head: 1), Wire.event(1), .pass(gate), Wire.event(2), .hang]
      let site = try SiteTwin(Self.plan(stream))
      try await Browser.shared().withPage { page in
        try await page.open(site.page())
        try await page.wait(until: "athanor.state().feed.length === 1")
        try await page.wait(until: "athanor.ready.then(() => true)")
        #expect(try await page.text("#feed-note") == "0 events in the last minute")
        site.change {
          $0.documents["/api/runs"] = Wire.runs([Wire.run("run 2"), Wire.run("run 1/ä")])
          $0.documents["/api/runs/run%202/reactor_status"] = .json(
            Wire.reactor(run: "run 2", tokens: 1200))
        }
        gate.open()
        try await page.wait(until: "athanor.state().run === 'run 2'")
        try await page.wait(
          until: "document.querySelector('#tile-tokens .tile-figure').textContent === '1.2k'")
        #expect(try await page.text("#feed-note") == "1 event in the last minute")
        #expect(page.complaints == [])
      }
    }

    @Test("a journal without a run explains how to begin, and the first run appears by itself")
    func empty() async throws {
      let gate = TwinGate()
      var plan = Self.plan([Wire.hello(), .pass(gate), Wire.event(1), .hang])
      let filled = plan.documents
      plan.documents["/api/runs"] = Wire.runs([])
      plan.documents["/api/control/jobs"] = Wire.noJobs
      let site = try SiteTwin(plan)
      try await Browser.shared().withPage(BrowserLook(prefersLight: true)) { page in
        try await page.open(site.page())
        try await page.wait(until: "!document.querySelector('#empty').hidden")
        let words = try await page.text("#empty") ?? ""
        #expect(words.contains("athanor research run") && words.contains("athanor serve --demo"))
        try await page.photograph("overview-empty")
        site.change { $0.documents = filled }
        gate.open()
        try await page.wait(until: "!document.querySelector('.panels').hidden")
        #expect(try await page.evaluate("document.querySelector('#empty').hidden") == .bool(true))
        #expect(page.complaints == [])
      }
    }
  }
}
