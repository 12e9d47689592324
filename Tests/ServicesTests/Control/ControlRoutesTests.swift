import Essentials
import Networking
import Services
import TestKit
import Testing

/// Lets everybody in under the name of a header.
private struct NamedGuard: RequestGuard {
  func caller(
    of request: ServerRequest, for access: RouteAccess, opensSocket: Bool
  ) throws -> Caller? {
    Caller(name: request.headers["X-Name"] ?? "nobody", role: .operator)
  }
}

@Suite("Routes of jobs", .ownThread)
struct ControlRoutesTests {
  private let bench: JobBench
  private let desk: JobDesk
  private let router: Router

  init() throws {
    bench = try JobBench()
    desk = try bench.desk("echo hello; echo '{\"ok\":true}'")
    router = Router(routes: ControlRoutes(desk: desk).routes, guardian: NamedGuard())
  }

  private func answer(
    _ method: HTTPMethod, _ target: String, _ body: String = ""
  ) throws -> (status: Int, json: JSONValue) {
    let target = try #require(RequestTarget(target))
    let response = router.answer(
      ServerRequest(
        method, target, headers: ["X-Name": "ada"], body: Array(body.utf8),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    return (
      response.status, try JSONValue(parsing: String(decoding: response.body, as: UTF8.self))
    )
  }

  @Test("every action is listed with a template that the desk understands")
  func actions() throws {
    let actions = try answer(.get, "/api/control/actions").json["actions"]?.elements ?? []
    #expect(
      actions.compactMap { $0["action"] } == [
        "run-quick-validation-loop", "build-retrieval-pack", "build-knowledge-pack",
        "run-idea-agent", "run-alpha-maker", "run-validation-loop", "research-run",
        "research-resume",
      ])
    for action in actions {
      #expect(action["description_ko"] != nil && action["description"] != nil)
      let template = try #require(action["template"]).compactText
      let (status, json) = try answer(.post, "/api/control/jobs", template)
      let needs = action["parameters"]?.elements.contains { $0["required"] == .bool(true) } ?? false
      // What only a person can know has to be filled in first.
      #expect((status == 200) == !needs, "\(template): \(json)")
      #expect(json["error"] != "unreadable_body" && json["error"] != "missing_action")
    }
    desk.stop()
  }

  @Test("a job is started, read, listed and gone")
  func job() throws {
    let body = #"{"action":"run-idea-agent","params":{"input":{"overview":"x"}}}"#
    let started = try answer(.post, "/api/control/jobs", body)
    #expect(started.status == 200)
    guard case .string(let id)? = started.json["job_id"] else {
      Issue.record("\(started.json)")
      return
    }
    #expect(started.json["requested_by"] == "ada")
    _ = desk.waitForEnd(of: id)
    let read = try answer(.get, "/api/control/jobs/\(id)")
    #expect(read.status == 200 && read.json["job_id"] == .string(id))
    #expect(read.json["output"]?.elements.contains("hello") == true)
    let list = try answer(.get, "/api/control/jobs?limit=1")
    #expect(list.json["count"] == 1)
    #expect(list.json["jobs"]?.elements.first?["job_id"] == .string(id))
    let cancelled = try answer(.post, "/api/control/jobs/\(id)/cancel")
    #expect(cancelled.status == 409 && cancelled.json["error"] == "job_has_ended")
    desk.stop()
    #expect(try answer(.post, "/api/control/jobs", body).status == 503)
  }

  @Test(
    "what cannot be answered is refused in the agreed words",
    arguments: [
      (HTTPMethod.post, "/api/control/jobs", "{}", 400, "Missing action"),
      (.post, "/api/control/jobs", #"{"action":"X"}"#, 400, "Unsupported action: X"),
      (.post, "/api/control/jobs", "{", 400, "The body cannot be read: it is no JSON;"),
      (.post, "/api/control/jobs", "\u{FF}", 400, "The body cannot be read"),
      (.get, "/api/control/jobs/00000000000000000000000000000000", "", 404, "Job not found"),
      (.get, "/api/control/jobs/x", "", 404, "Job not found"),
      (.post, "/api/control/jobs/x/cancel", "", 404, "Job not found"),
      (.get, "/api/control/jobs?limit=0", "", 422, "limit must be a whole number from 1 to 500"),
    ])
  func refused(
    method: HTTPMethod, target: String, body: String, status: Int, words: String
  ) throws {
    let (found, json) = try answer(method, target, body)
    #expect(found == status)
    guard case .string(let detail)? = json["detail"] else {
      Issue.record("\(json)")
      return
    }
    #expect(detail.hasPrefix(words), "\(detail)")
    if !words.contains(" cannot ") && status != 422 { #expect(detail == words) }
    desk.stop()
  }

  @Test("starting and cancelling is for operators, reading for viewers")
  func access() {
    for route in ControlRoutes(desk: desk).routes {
      #expect(route.access == .role(route.method == .post ? .operator : .viewer))
      #expect(!route.summary.isEmpty && !route.answers.isEmpty)
    }
    desk.stop()
  }
}
