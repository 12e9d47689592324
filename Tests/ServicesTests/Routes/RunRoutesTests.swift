import Essentials
import Networking
import Research
import Services
import Storage
import Testing

@Suite("The desk and its runs, asked for over HTTP")
struct RunRoutesTests {
  private func started(_ run: String, _ payload: JSONValue, at seconds: Double) -> JournalDraft {
    JournalDraft("run.started", at: DeskBench.at(seconds), run: run, payload: payload)
  }

  @Test("a run is finished, running, interrupted or idle by what it recorded and when")
  func states() throws {
    let desk = try DeskBench()
    try desk.journal.append([
      started("silent", ["command": "research"], at: 0), started("over", [:], at: 0),
      JournalDraft("validation.started", at: DeskBench.at(0), run: "loose"),
      JournalDraft("bench.point", at: DeskBench.at(0)), started("busy", [:], at: 100),
    ])
    try desk.record(.runSummary(RunOutcome()), run: "over", at: 1)
    desk.clock.set(DeskBench.at(120))
    let runs = try desk.json("/api/runs")
    #expect(runs["count"] == 4)
    let states = (runs["runs"] ?? .null).elements.map {
      "\($0["run_id"]?.string ?? "") \($0["state"]?.string ?? "")"
    }
    #expect(states == ["over finished", "busy running", "loose idle", "silent interrupted"])
    #expect((runs["runs"] ?? .null).elements[0]["summary"]?["accepted"] == 0)
    #expect((runs["runs"] ?? .null).elements[1]["summary"] == .null)
    desk.clock.set(DeskBench.at(160))
    #expect(try desk.json("/api/runs/busy")["state"] == "interrupted")
  }

  @Test("a run is called by its command, model and panel, else by its name")
  func titles() throws {
    let desk = try DeskBench()
    try desk.journal.append([
      started(
        "a", ["command": "research", "model": ["model": "m-1"], "panel": ["name": "us"]], at: 0),
      started("b", ["command": "simulate", "panel": ["name": "us"]], at: 0),
      started("c", ["command": 7], at: 0),
    ])
    for (run, title) in [("a", "research · m-1 · us"), ("b", "simulate · us"), ("c", "c")] {
      #expect(try desk.json("/api/runs/\(run)")["title"] == .string(title))
    }
  }

  @Test("pages of runs follow each other by their last event")
  func pages() throws {
    let desk = try DeskBench()
    try desk.journal.append(
      (0..<30).map {
        JournalDraft("bench.point", at: DeskBench.at(0), run: $0 % 7 == 0 ? "" : "run-\($0 % 11)")
      })
    var seen: [String] = []
    var query = ""
    while true {
      let page = try desk.json("/api/runs?limit=4\(query)")
      let runs = (page["runs"] ?? .null).elements
      seen += runs.compactMap { $0["run_id"]?.string }
      guard runs.count == 4, case .integer(let last)? = runs[3]["last_seq"] else { break }
      query = "&before=\(last)"
    }
    #expect(seen.count == 11 && Set(seen).count == 11)
  }

  @Test("the desk names its journal, its latest research run, its caller and its budget")
  func desk() async throws {
    let desk = try await DeskBench.afterCampaign()
    let answer = try desk.json("/api/desk")
    #expect(answer["journal"]?["id"] == "bench" && answer["journal"]?["archived_through"] == 0)
    #expect(answer["journal"]?["head"] == .integer(Int(try desk.journal.head.seq)))
    #expect(answer["latest_run"]?["run_id"] == .string(try desk.run))
    #expect(answer["latest_run"]?["state"] == "finished")
    #expect(answer["caller"] == ["name": "loopback", "role": "viewer"])
    #expect(answer["demo"] == .bool(false) && answer["version"] == "1.0.0")
    let budget = try #require(answer["budget"]?["day"])
    #expect(budget["tokens_limit"] == 1_500_000 && (budget["tokens"]?.number ?? 0) > 0)
  }

  @Test("an empty desk has no run and fails no question")
  func empty() throws {
    let desk = try DeskBench { $0.isDemo = true }
    let answer = try desk.json("/api/desk")
    #expect(answer["latest_run"] == .null && answer["demo"] == .bool(true))
    #expect(try desk.json("/api/runs") == ["count": 0, "runs": .array([])])
  }

  @Test("health, readiness and the way to the pages")
  func server() throws {
    let desk = try DeskBench {
      $0.checks = [{ ReadinessCheck("workers", isWell: false, detail: "none is free") }]
    }
    #expect(try desk.json("/healthz") == ["ok": .bool(true)])
    let ready = try desk.ask("/readyz")
    #expect(ready.status == 503 && ready.json["ready"] == .bool(false))
    let checks = (ready.json["checks"] ?? .null).elements
    #expect(checks.map { $0["name"] } == ["journal", "workers"])
    #expect(checks.map { $0["ok"] } == [.bool(true), .bool(false)])
    #expect(try DeskBench().ask("/readyz").status == 200)
    let root = try desk.ask("/")
    #expect(root.status == 302 && root.headers["Location"] == "/ui/")
  }

  @Test("what is measured is told with the budget, the process and what others measure")
  func metrics() throws {
    let desk = try DeskBench {
      $0.metrics = [{ _ in [Metric("athanor_jobs", "Jobs by state.", .gauge, 3)] }]
    }
    try GaugeCase(desk).call(100, 100, used: (5, 6), at: 1, until: 2)
    desk.clock.set(DeskBench.at(3))
    let response = try desk.ask("/metrics")
    #expect(response.headers["Content-Type"] == MetricsText.mediaType)
    let lines = response.text.split(separator: "\n")
    for line in [
      "athanor_jobs 3", "athanor_build_info{version=\"1.0.0\"} 1",
      "athanor_budget_tokens_used{period=\"day\"} 11",
      "athanor_budget_tokens_limit{period=\"day\"} 1500000",
      "athanor_journal_head \(try desk.journal.head.seq)",
    ] {
      #expect(lines.contains { $0 == line }, "\(line)")
    }
    #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
  }
}
