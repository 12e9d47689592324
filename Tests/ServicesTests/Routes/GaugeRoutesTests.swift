import Essentials
import Networking
import Research
import Services
import Storage
import Testing

@Suite("The gauges of a run, asked for over HTTP")
struct GaugeRoutesTests {
  private func number(_ value: JSONValue?) -> Double? { value?.number }

  // MARK: - The cases of the specification

  @Test("R1: a run whose check passed is stable, and its calls stand in the series")
  func caseR1() throws {
    let gauges = try GaugeCase(DeskBench())
    try gauges.shorten(at: 1)
    try gauges.call(9_122, 1_600, used: (9_000, 500), at: 2, until: 10)
    try gauges.call(9_122, 1_600, used: (9_100, 700), at: 11, until: 20)
    let status = try gauges.status(at: 20)
    #expect(status["as_of"] == "2026-11-20T00:00:20.000000+00:00")
    #expect(status["flags"]?["reactor_state"] == "stable")
    #expect(status["flags"]?["over_prompt_budget"] == .bool(false))
    #expect(number(status["gauges"]?["pressure"]?["value"]) == 0.7583)
    #expect(status["gauges"]?["prompt_tokens"] == ["value": 9_100, "limit": 12_000])
    #expect(status["gauges"]?["batch_tokens"] == ["value": 19_300, "limit": 52_000])
    #expect(status["gauges"]?["day_tokens"] == ["value": 19_300, "limit": 1_500_000])
    let radar = status["reactor"]?["exploit_explore_radar"]
    #expect(number(radar?["exploit_ratio"]) == 0.68 && number(radar?["explore_ratio"]) == 0.32)
    #expect(status["reactor"]?["fallback"]?["count"] == 1)
    #expect(number(status["reactor"]?["cost_pulse"]?["latest_cost_usd"]) == 0.0098)
    let pressure = (status["series"]?["pressure"] ?? .null).elements.map { number($0["value"]) }
    // The ledger records of each call that it passed, and that the explore floor was preserved.
    #expect(pressure == [1.25] + Array(repeating: 9_122.0 / 12_000, count: 4))
    let pulse = (status["series"]?["cost_pulse"] ?? .null).elements.map { $0["tokens"] }
    #expect(pulse == [9_500, 9_800])
    #expect(status["reactor"]?["peaks"]?["flags"]?["over_prompt_budget"] == .bool(true))
  }

  @Test(
    "R2 and R3: a passed check is stable, whatever completion it holds", arguments: [1_200, 1_600])
  func passedCheck(_ completion: Int) throws {
    let gauges = try GaugeCase(DeskBench())
    #expect(try gauges.ask(9_122, completion, at: 2) != nil)
    let status = try gauges.status(at: 2)
    #expect(number(status["gauges"]?["pressure"]?["value"]) == 0.7602)
    #expect(status["flags"]?["reactor_state"] == "stable")
  }

  @Test("R4: a refused run is blocked, and recovers when the refusal is of no interest anymore")
  func blocked() throws {
    let gauges = try GaugeCase(DeskBench())
    #expect(try gauges.ask(15_000, 1_600, at: 2) == nil)
    let status = try gauges.status(at: 2)
    #expect(status["flags"]?["protection_mode"] == .bool(true))
    #expect(status["flags"]?["over_prompt_budget"] == .bool(true))
    #expect(number(status["gauges"]?["pressure"]?["value"]) == 1.25)
    #expect(["blocked", "critical"].contains(status["flags"]?["reactor_state"]?.string))
    let later = try gauges.status(at: 2 + GaugeRules.verdictSeconds + 1)
    #expect(later["flags"]?["reactor_state"] == "stable")
  }

  @Test("R5: an unknown run has no gauges, no flags and empty series, and is no failure")
  func empty() throws {
    let desk = try DeskBench()
    for view in ["budget", "kpi", "reactor_status"] {
      let payload = try desk.json("/api/runs/nobody/\(view)")
      #expect(payload["run_id"] == "nobody")
      for gauge in (payload["gauges"] ?? .null).memberList {
        #expect(gauge.value["value"] == .null, "\(view) \(gauge.name)")
      }
      for series in (payload["series"] ?? .null).memberList {
        #expect(series.value == .array([]), "\(view) \(series.name)")
      }
      for flag in (payload["flags"] ?? .null).memberList where flag.name != "reactor_state" {
        #expect(flag.value == .bool(flag.name == "no_data"), "\(view) \(flag.name)")
      }
    }
    #expect(try desk.json("/api/runs/nobody/validation_kpi")["attempts"] == .array([]))
    #expect(desk.routes.gauges.count == 0)
  }

  @Test("R6: the velocity of two calls at one instant is bounded, and falls to nothing")
  func velocity() throws {
    let gauges = try GaugeCase(DeskBench())
    try gauges.call(1_000, 1, used: (1_000, 0), at: 1, until: 1)
    try gauges.call(1_000, 1, used: (1_000, 0), at: 1, until: 1)
    let status = try gauges.status(at: 1)
    #expect(number(status["gauges"]?["velocity_tokens_per_sec"]?["value"]) == 66.666667)
    let later = try gauges.status(at: 301)
    #expect(number(later["gauges"]?["velocity_tokens_per_sec"]?["value"]) == 0)
  }

  @Test("R7: what the provider counted is shown, not the rough estimate beside it")
  func measured() throws {
    let gauges = try GaugeCase(DeskBench())
    try gauges.call(100, 100, used: (5, 6), at: 1, until: 2)
    gauges.desk.clock.set(DeskBench.at(2))
    let budget = try gauges.desk.json("/api/runs/r1/budget")["gauges"]
    #expect(budget?["batch_tokens"]?["value"] == 11)
    #expect(budget?["prompt_tokens"]?["value"] == 5)
    #expect(budget?["completion_tokens"]?["value"] == 6)
  }

  @Test("V1: a failed and then repaired candidate")
  func validation() throws {
    let desk = try DeskBench()
    let candidate = CandidateFacts(key: "k1", lane: .explore)
    try desk.record(
      .validationFailed(
        candidate,
        ValidationDefeat(attempt: 0, errorCodes: ["e"], errors: ["e."], repeatCount: 1)))
    try desk.record(.validationPassed(candidate, attempt: 1))
    var outcome = RunOutcome()
    outcome.validationPassed = true
    try desk.record(.runSummary(outcome))
    #expect(
      try desk.json("/api/runs/r1/validation_kpi").compactText == """
        {"run_id":"r1","attempts":[\
        {"attempt":0,"passed":0,"failed":1,"total":1,"pass_rate":0},\
        {"attempt":1,"passed":1,"failed":0,"total":1,"pass_rate":1}],\
        "summary":{"runs":1,"final_passed":1,"final_failed":0,"retrieval_expanded":0}}
        """)
  }

  // MARK: - The same as elsewhere

  @Test("the views are those of the command line, byte for byte, before and after each event")
  func sameViews() async throws {
    let desk = try await DeskBench.afterCampaign()
    let run = try desk.run
    let router = Router(
      routes: DeskRoutes(
        DeskRoutes.Setup(
          journal: desk.journal, budget: BudgetConfiguration(), library: desk.library,
          version: "1.0.0", now: { DeskBench.at(3_600) })
      ).routes(), guardian: OpenGuard())
    var board = GaugeBoard(configuration: BudgetConfiguration())
    let gauges = try board.gauges(of: run, in: desk.journal)
    let now = DeskBench.at(3_600)
    let use = try GaugeBoard.desk(in: desk.journal, at: now)
    let views: [(String, JSONValue)] = [
      ("budget", gauges.budget(at: now, desk: use)), ("kpi", gauges.kpi),
      ("reactor_status", gauges.reactorStatus(at: now, desk: use)),
      ("validation_kpi", gauges.validationKPI),
    ]
    for (view, payload) in views {
      let target = try #require(RequestTarget("/api/runs/\(run)/\(view)"))
      let request = ServerRequest(
        .get, target, peer: ServerPeer(address: "127.0.0.1", isLoopback: true))
      for _ in 0..<2 {
        let response = router.answer(request)
        #expect(response.text == payload.compactText, "\(view)")
        #expect(response.headers["Cache-Control"] == "no-store")
      }
    }
  }

  @Test("the text of the reactor is that of its value after every event")
  func liveText() async throws {
    let desk = try await DeskBench.afterCampaign()
    let run = try desk.run
    var live = LiveGauges(run: run, configuration: BudgetConfiguration())
    var plain = RunGauges(run: run, configuration: BudgetConfiguration())
    for (place, event) in try desk.journal.events(limit: 400).enumerated() {
      live.take(event)
      plain.take(event)
      guard place % 7 == 0 else { continue }
      let now = event.at
      #expect(
        live.reactorText(at: now, desk: nil) == plain.reactorStatus(at: now).compactText)
    }
  }

  @Test("an event that cannot be read changes no gauge and fails no question")
  func unreadable() throws {
    let gauges = try GaugeCase(DeskBench())
    try gauges.call(100, 100, used: (5, 6), at: 1, until: 2)
    let before = try gauges.status(at: 2)
    for kind in ["agent.alpha_generated", "validation.passed", "run.summary"] {
      try gauges.desk.journal.append(
        JournalDraft(
          kind, at: DeskBench.at(2), run: "r1",
          payload: ["candidate_lane": 7, "attempt": "x", "validation_passed": 1]))
    }
    #expect(try gauges.status(at: 2) == before)
    let events = try gauges.desk.json("/api/runs/r1/events")["events"] ?? .null
    let broken = events.elements.filter { $0["severity"] == "warn" }
    #expect(broken.count == 3 && broken.allSatisfy { $0["message"]?.string?.isEmpty == false })
  }
}
