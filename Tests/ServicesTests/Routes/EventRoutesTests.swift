import Essentials
import Networking
import Research
import Services
import Storage
import Testing

@Suite("Events, asked for over HTTP")
struct EventRoutesTests {
  /// A desk with events of two runs in turn.
  private func desk(events: Int) throws -> DeskBench {
    let desk = try DeskBench()
    try desk.journal.append(
      (0..<events).map { number in
        JournalDraft(
          number % 3 == 0 ? "bench.tick" : "bench.tock", at: DeskBench.at(Double(number)),
          run: number % 2 == 0 ? "r1" : "r2", payload: ["number": .integer(number)])
      })
    return desk
  }

  private func numbers(_ events: JSONValue?) -> [Int] {
    (events ?? .null).elements.compactMap { event in
      if case .integer(let seq)? = event["seq"] { seq } else { nil }
    }
  }

  @Test(
    "pages follow each other without gap or double, at every size", arguments: [1, 7, 50, 2000])
  func pages(_ limit: Int) throws {
    let desk = try desk(events: 101)
    var seen: [Int] = []
    var after = 0
    while true {
      let page = try desk.json("/api/runs/r1/events?limit=\(limit)&after=\(after)")
      seen += numbers(page["events"])
      #expect(page["head"] == 101)
      guard case .integer(let next)? = page["next"] else { break }
      #expect(next == seen.last)
      after = next
    }
    #expect(seen == Array(stride(from: 1, through: 101, by: 2)))
  }

  @Test("a page that is full to its last event has no other behind it")
  func exactPage() throws {
    let desk = try desk(events: 8)
    #expect(try desk.json("/api/runs/r1/events?limit=4")["next"] == .null)
    #expect(try desk.json("/api/runs/r1/events?limit=3")["next"] == 5)
    #expect(try desk.json("/api/runs/r1/events?after=100")["events"] == .array([]))
  }

  @Test("events are filtered by kind and come with their eight members and their number")
  func kinds() throws {
    let desk = try desk(events: 12)
    let page = try desk.json("/api/runs/r1/events?kind=bench.tick")
    #expect(numbers(page["events"]) == [1, 7])
    let event = try #require((page["events"] ?? .null).elements.first)
    #expect(
      event.memberList.map(\.name) == [
        "event_type", "run_id", "idea_id", "stage", "message", "severity", "created_at", "payload",
        "seq",
      ])
    #expect(event["run_id"] == "r1" && event["payload"] == ["number": 0])
    #expect(event["created_at"] == "2026-11-20T00:00:00.000000+00:00")
  }

  @Test("the latest events come oldest first, of all runs or of one")
  func recent() throws {
    let desk = try desk(events: 20)
    #expect(numbers(try desk.json("/api/events/recent?limit=3")["events"]) == [18, 19, 20])
    let own = try desk.json("/api/events/recent?limit=3&run_id=r2")
    #expect(numbers(own["events"]) == [16, 18, 20] && own["count"] == 3)
    #expect(try desk.json("/api/events/recent?run_id=nobody")["count"] == 0)
  }

  @Test("A5: limits out of range are refused with every defect named")
  func limits() throws {
    let desk = try desk(events: 2)
    let refused = try desk.ask("/api/runs/r1/events?limit=0&after=-1")
    #expect(refused.status == 422 && refused.json["error"] == "unreadable_parameters")
    let detail = try #require(refused.json["detail"]?.string)
    #expect(detail.contains("limit must be a whole number from 1 to 2000."))
    #expect(detail.contains("after must be a whole number from 0"))
    for target in [
      "/api/events/recent?limit=0", "/api/events/recent?limit=501", "/api/runs?limit=201",
      "/api/runs?before=0", "/api/runs/r1/replay?frames=1", "/api/runs/r1/replay?frames=481",
      "/api/runs/r1/candidates?limit=1001", "/api/runs/r1/candidates?offset=-1",
      "/api/runs/r1/candidates?sort=beauty", "/api/runs/r1/candidates?order=up",
      "/api/runs/r1/candidates?state=lost", "/api/runs/r1/retrieval?limit=x",
      "/api/runs/\(String(repeating: "r", count: 257))/budget",
    ] {
      #expect(try desk.ask(target).status == 422, "\(target)")
    }
    let several = try desk.ask("/api/runs/r1/candidates?sort=beauty&order=up&limit=0")
    let named = try #require(several.json["detail"]?.string)
    #expect(["sort", "order", "limit"].allSatisfy { named.contains("\($0) must be") })
  }

  @Test("a run that the journal does not know is not found, but for its gauges")
  func unknown() throws {
    let desk = try desk(events: 2)
    for path in [
      "", "/events", "/replay", "/candidates", "/candidates/k", "/candidates/k/pnl",
      "/candidates/k/tear_sheet", "/lineage", "/retrieval",
    ] {
      let response = try desk.ask("/api/runs/nobody\(path)")
      #expect(response.status == 404 && response.json["error"] == "not_found", "\(path)")
    }
    #expect(try desk.ask("/api/runs/r1/candidates/k").status == 404)
    #expect(try desk.ask("/api/nothing").status == 404)
    let wrong = try desk.ask("/api/runs", .post)
    #expect(wrong.status == 405 && wrong.headers["Allow"] == "GET, HEAD")
  }
}
