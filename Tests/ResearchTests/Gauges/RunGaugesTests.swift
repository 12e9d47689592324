import Essentials
import Mathematics
import Testing

@testable import Research
@testable import Storage

@Suite("The gauges of a run")
struct RunGaugesTests {
  private func names(_ value: JSONValue?) -> [String] { (value ?? .null).memberList.map(\.name) }
  private func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let whole): Double(whole)
    case .number(let number): number
    default: nil
    }
  }
  private func state(_ gauges: RunGauges, _ seconds: Double) -> String {
    gauges.standing(at: GaugeBench.at(seconds)).state
  }

  // MARK: - Shapes

  @Test("payloads have exactly the members that consoles know, in order, and ours after them")
  func shapes() {
    let gauges = GaugeBench.caseR1.gauges
    let now = GaugeBench.at(20)
    let budget = gauges.budget(at: now)
    #expect(names(budget) == ["run_id", "series", "gauges", "flags", "peaks"])
    #expect(
      names(budget["series"]) == ["prompt_tokens", "completion_tokens", "fallback_timeline"])
    let tiers = ["prompt_tokens", "completion_tokens", "batch_tokens", "day_tokens"]
    let further = [
      "week_tokens", "exploit_tokens", "explore_tokens", "batch_cost_usd", "day_cost_usd",
      "week_cost_usd", "unpriced_calls",
    ]
    let budgetGauges: [String] = tiers + further
    #expect(names(budget["gauges"]) == budgetGauges)
    let flags = [
      "budget_blocked", "over_prompt_budget", "over_completion_budget", "over_batch_budget",
      "over_day_budget", "explore_floor_breached",
    ]
    #expect(Array(names(budget["flags"]).prefix(6)) == flags)

    let kpi = gauges.kpi
    #expect(names(kpi) == ["run_id", "series", "gauges", "flags"])
    #expect(names(kpi["series"]) == ["coverage", "novelty", "explore_ratio"])
    #expect(names(kpi["gauges"]) == ["coverage", "novelty", "explore_ratio"])
    #expect(
      Array(names(kpi["flags"]).prefix(3)) == [
        "low_novelty", "low_coverage", "explore_floor_breached",
      ])

    let status = gauges.reactorStatus(at: now)
    #expect(names(status).sorted() == ["as_of", "flags", "gauges", "reactor", "run_id", "series"])
    #expect(names(status) == ["run_id", "as_of", "series", "gauges", "flags", "reactor"])
    #expect(
      names(status["series"]) == [
        "prompt_tokens", "completion_tokens", "fallback_timeline", "cost_pulse", "pressure",
        "explore_ratio", "coverage", "novelty",
      ])
    let velocities = ["pressure", "velocity_tokens_per_sec", "velocity_cost_usd_per_min"]
    let allGauges: [String] = tiers + velocities + further
    #expect(names(status["gauges"]) == allGauges)
    let allFlags: [String] = flags + ["protection_mode", "reactor_state"]
    #expect(Array(names(status["flags"]).prefix(8)) == allFlags)
    let reactor = status["reactor"]
    #expect(
      names(reactor) == [
        "core", "token_gauge", "cost_pulse", "exploit_explore_radar", "fallback", "render_hints",
        "peaks",
      ])
    #expect(names(reactor?["core"]) == ["state", "temperature", "pressure", "protection_mode"])
    #expect(
      names(reactor?["token_gauge"]) == [
        "prompt_tokens", "prompt_limit", "completion_tokens", "completion_limit", "batch_tokens",
        "batch_limit", "day_tokens", "day_limit",
      ])
    #expect(
      Array(names(reactor?["exploit_explore_radar"]).prefix(4)) == [
        "exploit_ratio", "explore_ratio", "target_explore_ratio", "scanner_text",
      ])
    #expect(
      reactor?["render_hints"]
        == ["target_fps": 60, "interpolation": "linear", "sample_interval_ms": 500])
  }

  // MARK: - The cases of the specification

  @Test("R1: the reference is critical for ever, ours is stable once the check has passed")
  func caseR1() throws {
    let bench = GaugeBench.caseR1
    let reference = ReferenceGauges(bench.events)
    #expect(reference.pressure == 1 && reference.state == "critical" && reference.overPrompt)
    #expect(reference.pressureSeries == [1.25, 9_122.0 / 12_000])
    #expect(reference.tokensPerSecond == 1_930)
    #expect(abs(reference.dollarsPerMinute - 0.204) < 1e-12)
    #expect(reference.batch == 10_722 && reference.day == 10_722)

    let status = bench.gauges.reactorStatus(at: GaugeBench.at(20))
    #expect(status["as_of"] == "2026-11-20T00:00:20.000000+00:00")
    #expect(status["flags"]?["over_prompt_budget"] == .bool(false))
    #expect(status["flags"]?["protection_mode"] == .bool(false))
    #expect(status["reactor"]?["core"]?["state"] == "stable")
    #expect(number(status["gauges"]?["pressure"]?["value"]) == 0.7583)
    #expect(
      status["gauges"]?["prompt_tokens"]?.compactText == #"{"value":9100,"limit":12000}"#)
    #expect(
      status["gauges"]?["completion_tokens"]?.compactText == #"{"value":700,"limit":1600}"#)
    #expect(
      status["gauges"]?["batch_tokens"]?.compactText == #"{"value":19300,"limit":52000}"#)
    #expect(
      status["gauges"]?["day_tokens"]?.compactText == #"{"value":19300,"limit":1500000}"#)
    let radar = try #require(status["reactor"]?["exploit_explore_radar"])
    #expect(number(radar["exploit_ratio"]) == 0.68 && number(radar["explore_ratio"]) == 0.32)
    #expect(number(radar["target_explore_ratio"]) == 0.3 && radar["explore_source"] == "prompt")
    #expect(
      status["reactor"]?["fallback"]?.compactText
        == #"{"count":1,"latest_phase":"fields","latest_factor":0.85}"#)
    #expect(number(status["reactor"]?["cost_pulse"]?["latest_cost_usd"]) == 0.018)
    #expect(
      status["series"]?["cost_pulse"]?.compactText == """
        [{"ts":"2026-11-20T00:00:10.000000+00:00","value":0.016,"tokens":9500,\
        "prompt_tokens":9000,"completion_tokens":500},\
        {"ts":"2026-11-20T00:00:20.000000+00:00","value":0.018,"tokens":9800,\
        "prompt_tokens":9100,"completion_tokens":700}]
        """)
    guard case .array(let pressure)? = status["series"]?["pressure"] else {
      Issue.record("no series of the pressure")
      return
    }
    #expect(pressure.map { number($0["value"]) } == [1.25, 9_122.0 / 12_000])
    // What was, is among the peaks.
    let peaks = status["reactor"]?["peaks"]
    #expect(number(peaks?["pressure"]?["value"]) == 1.25)
    #expect(peaks?["flags"]?["over_prompt_budget"] == .bool(true))
    #expect(peaks?["flags"]?["protection_mode"] == .bool(true))
  }

  @Test(
    "R2 and R3: a passed check is stable, whatever completion was reserved",
    arguments: [1_200, 1_600])
  func passedCheck(_ completion: Int) {
    var bench = GaugeBench()
    bench.grant(9_122, completion, at: 2)
    let status = bench.gauges.reactorStatus(at: GaugeBench.at(2))
    #expect(number(status["gauges"]?["pressure"]?["value"]) == 0.7602)
    #expect(status["flags"]?["reactor_state"] == "stable")
    #expect(ReferenceGauges(bench.events).state == (completion == 1_600 ? "critical" : "stable"))
  }

  @Test("R4: a blocked run is blocked while the refusal is of interest, and recovers")
  func blocked() {
    var bench = GaugeBench()
    bench.refuse(15_000, 1_600, [GaugeBench.promptBreach(15_000)], at: 2)
    let status = bench.gauges.reactorStatus(at: GaugeBench.at(2))
    #expect(status["flags"]?["reactor_state"] == "blocked")
    #expect(status["flags"]?["protection_mode"] == .bool(true))
    #expect(status["flags"]?["over_prompt_budget"] == .bool(true))
    #expect(number(status["gauges"]?["pressure"]?["value"]) == 1.25)
    #expect(ReferenceGauges(bench.events).state == "blocked")
    let gauges = bench.gauges
    #expect(state(gauges, 2 + GaugeRules.verdictSeconds) == "blocked")
    #expect(state(gauges, 2 + GaugeRules.verdictSeconds + 0.001) == "stable")
    bench.grant(5_000, 1_600, at: 3)
    #expect(state(bench.gauges, 3) == "stable")
    #expect(
      bench.gauges.budget(at: GaugeBench.at(3))["peaks"]?["flags"]?["budget_blocked"]
        == .bool(true))
  }

  @Test("R5: an empty run has no gauges and no flags")
  func empty() {
    let gauges = GaugeBench().gauges
    let now = GaugeBench.at(5)
    let status = gauges.reactorStatus(at: now)
    #expect(status["as_of"] == "2026-11-20T00:00:05.000000+00:00")
    for payload in [status, gauges.budget(at: now), gauges.kpi] {
      for gauge in (payload["gauges"] ?? .null).memberList {
        #expect(gauge.value["value"] == .null, "\(gauge.name)")
      }
      for flag in (payload["flags"] ?? .null).memberList where flag.name != "reactor_state" {
        #expect(flag.value == .bool(flag.name == "no_data"), "\(flag.name)")
      }
    }
    #expect(status["flags"]?["reactor_state"] == "stable")
    #expect(status["reactor"]?["exploit_explore_radar"]?["exploit_ratio"] == .null)
    #expect(status["reactor"]?["exploit_explore_radar"]?["scanner_text"] == "Idle")
    #expect(status["reactor"]?["fallback"]?["latest_phase"] == "none")
    #expect(gauges.validationKPI["attempts"] == .array([]))
  }

  @Test("R6: the velocity of two calls at one instant is bounded, and falls to nothing")
  func velocity() {
    var bench = GaugeBench()
    let call = bench.grant(1_000, 0, at: 1)
    bench.settle(call, 1_000, 0, dollars: 0.01, at: 1)
    bench.settle(call, 1_000, 0, dollars: nil, at: 1)
    let reference = ReferenceGauges(bench.events)
    #expect(reference.tokensPerSecond == 2_000)
    let status = bench.gauges.reactorStatus(at: GaugeBench.at(1))
    #expect(number(status["gauges"]?["velocity_tokens_per_sec"]?["value"]) == 66.666667)
    #expect(number(status["gauges"]?["velocity_cost_usd_per_min"]?["value"]) == 0.02)
    let later = bench.gauges.reactorStatus(at: GaugeBench.at(301))
    #expect(number(later["gauges"]?["velocity_tokens_per_sec"]?["value"]) == 0)
    // A call without a price is no call for nothing.
    #expect(status["reactor"]?["cost_pulse"]?["latest_cost_usd"] == .null)
    #expect(number(status["gauges"]?["unpriced_calls"]?["value"]) == 1)
  }

  @Test("R7: what the provider counted is used, not the rough estimate beside it")
  func measured() throws {
    var bench = GaugeBench()
    let call = bench.grant(100, 100, at: 1)
    let point = UsagePoint(
      usage: TokenUsage(prompt: 5, completion: 6), source: .provider, promptCharacters: 40,
      completionCharacters: 80, reported: [:])
    bench.add(
      .settled(
        Settlement(
          reservation: call, point: point, cost: .unknown, within: Spend(tokens: 11),
          beyond: .zero, isLate: false)), at: 2)
    let payload = try #require(bench.events.last?.payload)
    #expect(payload["prompt_tokens_rough"] == 10 && payload["completion_tokens_rough"] == 20)
    let gauges = bench.gauges.budget(at: GaugeBench.at(2))["gauges"]
    #expect(gauges?["batch_tokens"]?["value"] == 11)
    #expect(gauges?["prompt_tokens"]?["value"] == 5)
    #expect(gauges?["completion_tokens"]?["value"] == 6)
  }

  @Test("V1: a failed and then repaired candidate")
  func validation() {
    var bench = GaugeBench()
    let candidate = EventSamples.candidate
    bench.add(
      .validationFailed(
        candidate,
        ValidationDefeat(attempt: 0, errorCodes: ["e"], errors: ["e."], repeatCount: 1)), at: 1)
    bench.add(.validationPassed(candidate, attempt: 1), at: 2)
    bench.add(.runSummary(EventSamples.outcome), at: 3)
    #expect(
      bench.gauges.validationKPI.compactText == """
        {"run_id":"r1","attempts":[\
        {"attempt":0,"passed":0,"failed":1,"total":1,"pass_rate":0},\
        {"attempt":1,"passed":1,"failed":0,"total":1,"pass_rate":1}],\
        "summary":{"runs":1,"final_passed":1,"final_failed":0,"retrieval_expanded":0}}
        """)
  }

  @Test("S7: a simulation without coverage changes no gauge and breaks none")
  func nullCoverage() {
    var bench = GaugeBench.caseR1
    let before = bench.gauges
    bench.add(.simulationCompleted(EventSamples.result), at: 20)
    bench.add(.recordsetsUnavailable(EventSamples.ticket, error: "not JSON"), at: 20)
    let after = bench.gauges
    let now = GaugeBench.at(20)
    #expect(after.kpi == before.kpi)
    #expect(after.reactorStatus(at: now) == before.reactorStatus(at: now))
    #expect(after.unreadableCount == 0)
  }

  // MARK: - Causes

  @Test("a batch that is full stays over its budget until something is given back")
  func batch() {
    var bench = GaugeBench()
    let first = bench.grant(11_000, 1_600, at: 1)
    bench.settle(first, 11_000, 30_000, dollars: 0, at: 2)
    let second = bench.grant(8_000, 1_600, at: 3)
    let breach = CeilingBreach(
      .tokens(.batch), limit: 52_000, used: 41_000, reserved: 9_600, asked: 5_000)
    bench.refuse(4_000, 1_000, [breach], at: 4)
    #expect(state(bench.gauges, 4) == "blocked")
    // No time heals what is still full.
    let gauges = bench.gauges.standing(at: GaugeBench.at(800)).flags
    #expect(gauges.overBatch && gauges.budgetBlocked)
    bench.add(.voided(second, .notSent, isLate: false), at: 801)
    let after = bench.gauges.standing(at: GaugeBench.at(801)).flags
    #expect(!after.overBatch && !after.budgetBlocked && !after.isProtected)
  }

  @Test("a day that is used up ends with the day")
  func day() {
    var bench = GaugeBench()
    let breach = CeilingBreach(.tokens(.day), limit: 1_500_000, used: 1_499_000, asked: 2_000)
    bench.refuse(1_000, 1_000, [breach], dayBefore: 1_499_000, at: 10)
    let gauges = bench.gauges
    let evening = gauges.standing(at: GaugeBench.at(86_399))
    #expect(evening.flags.overDay && evening.state == "blocked" && evening.day.tokens == 1_499_000)
    let morning = gauges.standing(at: GaugeBench.at(86_400))
    #expect(!morning.flags.overDay && morning.state == "stable" && morning.day.tokens == 0)
    // The tables of the ledger know better.
    let none = DeskUse.Period(consumed: .zero, reserved: .zero)
    let desk = DeskUse(day: none, week: none)
    #expect(!gauges.standing(at: GaugeBench.at(10), desk: desk).flags.overDay)
  }

  @Test("a fallback protects for a moment, and its prompt is too large until a check passes")
  func fallback() {
    var bench = GaugeBench()
    bench.add(.fallbackApplied(EventSamples.fallback), at: 1)
    #expect(bench.gauges.standing(at: GaugeBench.at(1)).flags.overPrompt)
    bench.grant(9_000, 1_600, at: 2)
    let gauges = bench.gauges
    let flags = { (seconds: Double) in gauges.standing(at: GaugeBench.at(seconds)).flags }
    #expect(!flags(2).overPrompt && flags(2).isProtected)
    #expect(flags(1 + GaugeRules.protectionSeconds).isProtected)
    #expect(!flags(1.001 + GaugeRules.protectionSeconds).isProtected)
  }

  @Test("levels are left at a lower pressure than they are entered")
  func hysteresis() {
    typealias Level = GaugeRules.Level
    let table: [(Level, Double, Level)] = [
      (.stable, 0.849, .stable), (.stable, 0.85, .warning), (.stable, 1, .critical),
      (.warning, 0.80, .warning), (.warning, 0.799, .stable), (.warning, 0.999, .warning),
      (.warning, 1, .critical), (.critical, 0.95, .critical), (.critical, 0.949, .warning),
      (.critical, 0.80, .warning), (.critical, 0.79, .stable), (.critical, 0, .stable),
    ]
    for (previous, pressure, next) in table {
      #expect(
        GaugeRules.level(after: previous, pressure: pressure) == next, "\(previous) \(pressure)")
    }
    #expect(GaugeRules.ratio(1, of: 0) == 1 && GaugeRules.ratio(0, of: 0) == 0)
    #expect(GaugeRules.ratio(-1, of: 5) == 0 && GaugeRules.ratio(.nan, of: 5) == 0)
  }

  @Test("the pressure of a call fades once it is over, that of a budget does not")
  func fading() {
    var bench = GaugeBench()
    let call = bench.grant(11_900, 1_600, at: 0)
    #expect(state(bench.gauges, 600) == "warning")
    bench.settle(call, 11_900, 100, dollars: 0, at: 600)
    let gauges = bench.gauges
    #expect(state(gauges, 600 + GaugeRules.callHoldSeconds) == "warning")
    #expect(state(gauges, 600 + GaugeRules.callHoldSeconds + 60) == "stable")
    let rest = gauges.standing(at: GaugeBench.at(3_000)).pressure
    #expect(rest == 12_000.0 / 52_000)
  }

  @Test("a call whose outcome nobody knows counts as used in full")
  func presumed() {
    var bench = GaugeBench()
    let call = bench.grant(1_000, 600, at: 0)
    #expect(bench.gauges.standing(at: GaugeBench.at(1)).batch.tokens == 1_000)
    #expect(bench.gauges.standing(at: GaugeBench.at(900)).batch.tokens == 1_600)
    bench.add(.presumed(call, .deadline), at: 901)
    #expect(bench.gauges.standing(at: GaugeBench.at(901)).batch.tokens == 1_600)
    bench.add(.voided(call, .notBilled, isLate: true), at: 902)
    #expect(bench.gauges.standing(at: GaugeBench.at(902)).batch.tokens == 0)
  }

  // MARK: - The search

  @Test("coverage is a share of what there is, and cumulative")
  func coverage() {
    var bench = GaugeBench()
    bench.build(["a", "b"], of: 10, at: 1)
    #expect(number(bench.gauges.kpi["gauges"]?["coverage"]?["value"]) == 0.2)
    bench.build(["b", "c"], of: 10, at: 2)
    #expect(number(bench.gauges.kpi["gauges"]?["coverage"]?["value"]) == 0.3)
    var unknown = GaugeBench()
    unknown.build(["a"], of: nil, at: 1)
    #expect(unknown.gauges.kpi["gauges"]?["coverage"]?["value"] == .null)
    #expect(unknown.gauges.kpi["flags"]?["low_coverage"] == .bool(false))
    var narrow = GaugeBench()
    for second in 1...3 {
      narrow.build(["a"], of: 50, at: Double(second))
      #expect(narrow.gauges.kpi["flags"]?["low_coverage"] == .bool(second == 3))
    }
    narrow.build(["b", "c", "d", "e", "f"], of: 50, at: 4)
    #expect(narrow.gauges.kpi["flags"]?["low_coverage"] == .bool(false))
  }

  @Test("the explore share is that of the candidates, and is judged once it can be kept")
  func exploreShare() {
    var bench = GaugeBench()
    for second in 1...4 {
      bench.propose(.exploit, novelty: nil, at: Double(second))
      #expect(
        bench.gauges.kpi["flags"]?["explore_floor_breached"] == .bool(second == 4), "\(second)")
    }
    bench.propose(.explore, novelty: nil, at: 5)
    #expect(number(bench.gauges.kpi["gauges"]?["explore_ratio"]?["value"]) == 0.2)
    #expect(bench.gauges.kpi["flags"]?["explore_floor_breached"] == .bool(false))
    bench.propose(nil, novelty: nil, at: 6)
    #expect(number(bench.gauges.kpi["gauges"]?["explore_ratio"]?["value"]) == 0.2)
    let radar = bench.gauges.reactorStatus(at: GaugeBench.at(6))["reactor"]?[
      "exploit_explore_radar"]
    #expect(radar?["explore_source"] == "candidates" && number(radar?["exploit_ratio"]) == 0.8)
  }

  @Test("novelty is low while new formulas are alike, and recovers with new ones")
  func novelty() {
    var bench = GaugeBench()
    bench.propose(.exploit, novelty: 0.1, at: 1)
    #expect(bench.gauges.kpi["flags"]?["low_novelty"] == .bool(true))
    bench.propose(.exploit, novelty: 0.26, at: 2)
    // 0.18 is above the threshold to enter and below the one to leave.
    #expect(bench.gauges.kpi["flags"]?["low_novelty"] == .bool(true))
    bench.propose(.exploit, novelty: 0.9, at: 3)
    #expect(bench.gauges.kpi["flags"]?["low_novelty"] == .bool(false))
    bench.propose(.exploit, novelty: nil, at: 4)
    #expect(number(bench.gauges.kpi["gauges"]?["novelty"]?["value"]) == 0.42)
  }

  @Test("the scanner says what is scanned, and is idle when nothing is")
  func scanner() {
    var bench = GaugeBench()
    bench.build(["earnings", "analyst"], of: 20, at: 1)
    func text(_ seconds: Double) -> JSONValue? {
      bench.gauges.reactorStatus(at: GaugeBench.at(seconds))["reactor"]?["exploit_explore_radar"]?[
        "scanner_text"]
    }
    #expect(text(1) == "Sector 1 (earnings) Scanning: 1 fields...")
    bench.build(["analyst", "options"], of: 20, at: 2)
    #expect(text(2) == "Sector 3 (options) Scanning: 1 fields...")
    bench.propose(.explore, novelty: 1, at: 3)
    #expect(text(3) == "Sector 4 (pv-price) Candidate of 1 fields")
    #expect(text(3 + GaugeRules.scanSeconds + 1) == "Idle")
  }

  // MARK: - Telling

  @Test("G1: an event that was told already, or of another run, makes no difference")
  func idempotent() throws {
    let bench = GaugeBench.caseR1
    var gauges = bench.gauges
    for event in bench.events { gauges.take(event) }
    #expect(gauges == bench.gauges)
    let stranger = EventSamples.stored(
      JournalDraft("run.summary", at: GaugeBench.at(99), run: "r2"), seq: 99)
    gauges.take(stranger)
    #expect(gauges == bench.gauges)
  }

  @Test("events that cannot be read are counted and stop nothing")
  func unreadable() {
    var gauges = GaugeBench.caseR1.gauges
    gauges.take(EventSamples.stored("budget.check_passed", ["prompt_tokens": "many"], seq: 50))
    gauges.take(EventSamples.stored("world.opened", [:], seq: 51))
    #expect(gauges.unreadableCount == 1 && gauges.eventCount == 6)
    #expect(state(gauges, 20) == "stable")
  }

  @Test("G2: series keep their last points")
  func bounded() {
    var bench = GaugeBench()
    for step in 0..<300 {
      let call = bench.grant(100 + step, 10, at: Double(step))
      bench.settle(call, 100, 5, dollars: 0.001, at: Double(step))
    }
    let status = bench.gauges.reactorStatus(at: GaugeBench.at(300))
    func count(_ name: String) -> Int {
      if case .array(let points)? = status["series"]?[name] { points.count } else { -1 }
    }
    #expect(count("prompt_tokens") == 240 && count("cost_pulse") == 180 && count("pressure") == 120)
    guard case .array(let points)? = status["series"]?["prompt_tokens"] else { return }
    #expect(points.last?["value"] == 399 && points.first?["value"] == 160)
  }
}
