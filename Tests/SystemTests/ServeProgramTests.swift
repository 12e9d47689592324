import Essentials
import Foundation
import Storage
import TestKit
import Testing
import Twins

@Suite("The desk's server by the program", .ownThread, .serialized)
struct ServeProgramTests {
  private let home: ResearchHome
  /// Where the journal and the jobs of one test lie.
  private let folder: ScratchFolder
  private let journal: String

  init() throws {
    home = try ResearchHome.shared.get()
    folder = try ScratchFolder()
    journal = folder.url.appendingPathComponent("journal.sqlite").path
  }

  private var environment: [String: String] {
    home.environment.merging(["ATHANOR_JOURNAL": journal, "HOME": folder.url.path]) { $1 }
  }

  private static let pages = checkoutFolder.appendingPathComponent("Web").path

  private func server(_ arguments: String..., port: Int = 0) throws -> ServedProgram {
    try ServedProgram(
      ["serve", "--pages", Self.pages] + arguments, environment: environment, port: port,
      folder: folder.url)
  }

  private func run(_ script: String) throws -> ShellRun {
    let exports = environment.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)'" }
    return try Program.run(
      (exports + ["cd '\(folder.url.path)'", script]).joined(separator: "\n"))
  }

  /// Makes tokens, each with the role of its name.
  private func tokens(_ roles: String...) throws -> [String] {
    let run = try run(
      roles.map { "$athanor token create --name \($0) --role \($0)" }.joined(separator: "\n"))
    try #require(run.exitCode == 0, "\(run.errors)")
    return run.output.split(separator: "\n").map(String.init)
  }

  private var head: Int {
    get throws { Int(try Journal.open(path: journal, access: .reading).head.seq) }
  }

  private func isIntact() throws -> Bool {
    try Journal.open(path: journal, access: .reading).verify().findings.isEmpty
  }

  // MARK: - Answering

  @Test("on an empty home it answers for itself, its interface and its pages")
  func answers() throws {
    let empty = try ScratchFolder()
    let server = try ServedProgram(
      ["serve", "--pages", Self.pages], environment: ["ATHANOR_HOME": empty.url.path + "/new"],
      folder: empty.url)
    #expect(try server.json("GET", "/healthz") == ["ok": .bool(true)])
    #expect(try server.json("GET", "/readyz")["ready"] == .bool(true))
    let description = try server.json("GET", "/openapi.json")
    for path in description["paths"]?.names ?? [] where !path.contains("{") {
      guard description["paths"]?[path]?["get"] != nil, path != "/ws/live" else { continue }
      let answer = try server.ask("GET", path)
      #expect([200, 302].contains(answer.status), "\(path): \(answer.text)")
    }
    #expect(description["paths"]?.names.count ?? 0 > 15)
    let measures = try server.ask("GET", "/metrics")
    #expect(measures["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
    for name in [
      "athanor_http_requests_total{", "athanor_http_request_seconds_bucket{", "process_",
      "athanor_http_sockets ",
    ] { #expect(measures.text.contains(name), "\(name)") }

    let root = try server.ask("GET", "/")
    #expect(root.status == 302 && root["location"] == "/ui/")
    for path in ["/ui/", "/ui/shell/shell.js", "/ui/shell/tokens.css"] {
      let page = try server.ask("GET", path)
      #expect(page.status == 200 && !page.body.isEmpty, "\(path)")
      let policy = page["content-security-policy"] ?? ""
      #expect(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "\(path)")
      #expect(page["x-content-type-options"] == "nosniff")
      guard let tag = page["etag"] else {
        Issue.record("\(path) has no ETag")
        continue
      }
      let again = try server.ask("GET", path, ["If-None-Match: \(tag)"])
      #expect(again.status == 304 && again.body.isEmpty, "\(path)")
      let packed = try server.ask("GET", path, ["Accept-Encoding: gzip"])
      #expect(packed.status == 200 && packed["etag"] != tag, "\(path)")
      #expect(packed["content-encoding"] == "gzip" && packed.body.prefix(2) == [0x1f, 0x8b])
      #expect(packed.body.count < page.body.count, "\(path)")
      #expect(packed["vary"]?.lowercased().contains("accept-encoding") == true)
      #expect(try server.ask("HEAD", path)["content-length"] == "\(page.body.count)")
    }
    let ending = try server.end()
    #expect(ending.isExit && ending.code == 0)
    #expect(server.errors == "")
    #expect(ending.words.split(separator: "\n").count == 1, "\(ending.words)")
    #expect(try JSONValue(parsing: ending.words)["requests"]?.whole ?? 0 > 20)
  }

  @Test("reading is free from this machine, changing takes an operator, a revocation holds at once")
  func access() throws {
    let server = try server()
    let job = #"{"action":"build-knowledge-pack","params":{"panel":"nothing-there"}}"#
    #expect(try server.ask("GET", "/api/desk").status == 200)
    let bare = try server.ask("POST", "/api/control/jobs", body: job)
    #expect(bare.status == 401 && bare["www-authenticate"]?.hasPrefix("Bearer") == true)
    #expect(try JSONValue(parsing: bare.text)["error"] == "token_needed")
    let tokens = try tokens("viewer", "operator")
    #expect(
      try server.ask("POST", "/api/control/jobs", token: "ath_guess", body: job).status == 401)
    let viewer = try server.ask("POST", "/api/control/jobs", token: tokens[0], body: job)
    #expect(viewer.status == 403)
    #expect(try JSONValue(parsing: viewer.text)["error"] == "role_too_low")
    #expect(
      try server.json("GET", "/api/desk", token: tokens[0])["caller"]
        == ["name": "viewer", "role": "viewer"])
    #expect(
      try server.ask("POST", "/api/control/jobs", token: tokens[1], body: job).status == 200)
    let foreign = try server.ask(
      "POST", "/api/control/jobs", token: tokens[1], ["Origin: https://elsewhere.example"],
      body: job)
    #expect(foreign.status == 403)
    let rebound = try WireClient(port: server.port)
    rebound.send("GET /api/desk HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")
    #expect(try rebound.readAnswer().status == 403)
    #expect(try run("$athanor token revoke operator").exitCode == 0)
    #expect(
      try server.ask("POST", "/api/control/jobs", token: tokens[1], body: job).status == 401)

    // A page offers its token as a subprotocol.
    let socket = try WireClient(port: server.port)
    let opening = try socket.openSocket(
      "/ws/live", ["Sec-WebSocket-Protocol: athanor.v1, bearer.\(tokens[0])"])
    #expect(opening.status == 101 && opening["sec-websocket-protocol"] == "athanor.v1")
    let late = try WireClient(port: server.port)
    #expect(
      try late.openSocket(
        "/ws/live", ["Sec-WebSocket-Protocol: athanor.v1, bearer.\(tokens[1])"]
      ).status == 401)
  }

  @Test("without anonymous reading everything but its health asks for a token")
  func closed() throws {
    let server = try server("--no-anonymous-reading")
    let viewer = try tokens("viewer")[0]
    for path in ["/api/desk", "/api/runs", "/metrics"] {
      #expect(try server.ask("GET", path).status == 401, "\(path)")
      #expect(try server.ask("GET", path, token: viewer).status == 200, "\(path)")
    }
    #expect(try WireClient(port: server.port).openSocket("/ws/live").status == 401)
    for path in ["/healthz", "/readyz", "/ui/", "/openapi.json"] {
      #expect(try server.ask("GET", path).status == 200, "\(path)")
    }
  }

  @Test("whatever is sent to it gets the right status, and it goes on")
  func attack() throws {
    let server = try server()
    let operatorToken = try tokens("operator")[0]
    let large = String(repeating: "x", count: 10_000_000)
    for (body, status) in [
      ("", 400), ("{", 400), ("[]", 400), ("null", 400), ("{\"action\":5}", 400),
      ("{\"action\":\"rm -rf\"}", 400), (String(repeating: "[", count: 200_000), 400),
      ("{\"action\":\"research-run\",\"params\":{\"take\":1e99}}", 400),
      ("{\"action\":\"research-run\",\"params\":{\"panel\":\"../../etc\"}}", 400),
      ("{\"action\":\"research-run\",\"params\":{\"nonsense\":1}}", 400), (large, 413),
    ] {
      let answer = try server.ask("POST", "/api/control/jobs", token: operatorToken, body: body)
      #expect(answer.status == status, "\(body.prefix(40)): \(answer.text.prefix(300))")
      #expect(try JSONValue(parsing: answer.text).names == ["error", "detail", "help"])
    }
    for body in ["", "{", "{\"expression\":1}", "{\"panel\":\"tiny\"}", large] {
      let answer = try server.ask(
        "POST", "/api/formulas/check", ["Content-Type: text/plain"], body: body)
      #expect([400, 413, 415].contains(answer.status), "\(body.prefix(40)): \(answer.status)")
    }
    for (path, status) in [
      ("/api/runs?limit=0", 422), ("/api/runs?limit=ten", 422), ("/api/runs?before=-1", 422),
      ("/api/runs?before=99999999999999999999", 422), ("/api/events/recent?limit=99999999", 422),
      ("/api/runs/nothing/events?after=-1", 422), ("/api/runs/nothing/events?after=x", 422),
      ("/api/runs/nothing/events", 404), ("/api/runs/nothing/kpi", 200),
      ("/api/runs/nothing/candidates", 404), ("/api/runs/%00/kpi", 400),
      ("/api/runs/..%2f..%2fetc/kpi", 400), ("/ui/../Package.swift", 400),
      ("/ui/%2e%2e/Package.swift", 400), ("/ui/nothing", 404), ("/api/control/jobs/nothing", 404),
      ("/nothing", 404), ("/ws/live", 426), ("/" + String(repeating: "a", count: 20_000), 414),
    ] {
      let answer = try server.ask("GET", path)
      #expect(answer.status == status, "\(path.prefix(60)): \(answer.text.prefix(200))")
    }
    #expect(try server.ask("DELETE", "/api/runs").status == 405)
    #expect(try server.ask("POST", "/api/control/jobs/nothing/cancel").status == 401)
    for query in ["after=x", "after=-1", "replay=501", "reactor_interval_sec=0"] {
      let socket = try WireClient(port: server.port)
      #expect(try socket.openSocket("/ws/live?\(query)").status == 422, "\(query)")
    }
    for line in ["GET", "\u{16}\u{3}\u{1}", "GET / HTTP/9.9\r\n\r\n", "A: b\r\n\r\n"] {
      let client = try WireClient(port: server.port)
      client.send(line + "\r\n\r\n")
      #expect(try client.readAnswer().status >= 400, "\(line)")
    }
    #expect(server.isRunning)
    #expect(try server.json("GET", "/readyz")["ready"] == .bool(true))
    #expect(try isIntact())
  }

  // MARK: - Streaming and jobs

  /// The stream as a subscriber reads it.
  private final class Subscriber {
    private let client: WireClient
    /// The numbers of the events that came.
    private(set) var numbers: [Int] = []
    private(set) var code: Int?

    init(_ server: ServedProgram, after cursor: Int) throws {
      client = try WireClient(port: server.port, patienceSeconds: 60)
      let answer = try client.openSocket("/ws/live?after=\(cursor)&include_reactor=0")
      try #require(answer.status == 101, "\(answer.text)")
    }

    /// Reads until an event is as wanted; nil where the server said goodbye before.
    @discardableResult
    func read(until isWanted: (JSONValue) -> Bool) throws -> JSONValue? {
      while true {
        let frame = try client.readFrame()
        if frame.isClose {
          code = frame.code
          return nil
        }
        guard frame.isText else { continue }
        let message = try JSONValue(parsing: frame.text)
        guard let number = message["seq"]?.whole else { continue }
        numbers.append(number)
        if isWanted(message) { return message }
      }
    }
  }

  @Test(
    "a job and another program write while it streams: every event once, in order, over restarts")
  func streams() throws {
    let server = try server()
    let operatorToken = try tokens("operator")[0]
    let subscriber = try Subscriber(server, after: 0)
    let posted = try server.json(
      "POST", "/api/control/jobs", token: operatorToken,
      body: """
        {"action":"build-knowledge-pack","params":{"panel":"tiny"},"idempotency_key":"once"}
        """)
    guard let id = posted["job_id"]?.text else {
      Issue.record("\(posted)")
      return
    }
    let completed = try subscriber.read { $0["event_type"] == "control.job_completed" }
    #expect(completed?["payload"]?["job_id"] == .string(id))
    let job = try server.json("GET", "/api/control/jobs/\(id)")
    #expect(job["state"] == "completed" && job["return_code"] == 0, "\(job)")

    // A program that is no job of this server writes the same journal.
    let campaign = "$athanor research run -p tiny --take 1 --proposals 2 --children 2 --json"
    let run = try run("\(campaign) >campaign && $athanor token list >/dev/null")
    #expect(run.exitCode == 0, "\(run.errors)")
    let name = try JSONValue(
      parsing: String(contentsOf: folder.url.appendingPathComponent("campaign"), encoding: .utf8)
    )["run_id"]
    let summary = try subscriber.read { $0["event_type"] == "run.summary" }
    #expect(summary?["run_id"] == name)
    #expect(subscriber.numbers == Array(1...subscriber.numbers.count))
    let runs = try server.json("GET", "/api/runs")["runs"]?.elements ?? []
    #expect(runs.first { $0["run_id"] == name }?["state"] == "finished")

    // What is recorded while no server is there is not missed by whoever comes back.
    let ending = try server.end()
    #expect(ending.isExit && ending.code == 0)
    try subscriber.read { _ in false }
    #expect(subscriber.code == 1001)
    #expect(try self.run("\(campaign) --seed 2 >/dev/null").exitCode == 0)
    let next = try self.server(port: server.port)
    let cursor = subscriber.numbers.count
    let later = try Subscriber(next, after: cursor)
    let head = try head
    try later.read { $0["seq"]?.whole == head }
    #expect(later.numbers == Array(cursor + 1...head))
    #expect(cursor < head)
    // The same key is the same job, in the next server too.
    let again = try next.json(
      "POST", "/api/control/jobs", token: operatorToken,
      body: """
        {"action":"build-knowledge-pack","params":{"panel":"tiny"},"idempotency_key":"once"}
        """)
    #expect(again["job_id"] == .string(id))
    #expect(try self.head == head)
    #expect(try isIntact())
  }

  @Test(
    "a server that is killed with a campaign under way goes on with it when it is started again")
  func killed() throws {
    let server = try server()
    let operatorToken = try tokens("operator")[0]
    let posted = try server.json(
      "POST", "/api/control/jobs", token: operatorToken,
      body: """
        {"action":"research-run","params":
          {"panel":"tiny","take":1,"proposals":2,"children":2,"pace":40}}
        """)
    guard let id = posted["job_id"]?.text, let run = posted["run_id"] else {
      Issue.record("\(posted)")
      return
    }
    let subscriber = try Subscriber(server, after: 0)
    try subscriber.read { $0["event_type"] == "validation.started" }
    server.strike()
    let next = try self.server()
    let job = try next.wait(for: "/api/control/jobs/\(id)") {
      !["queued", "running"].contains($0["state"])
    }
    #expect(job?["state"] == "completed" && job?["attempts"] == 2, "\(job ?? .null)")
    let later = try Subscriber(next, after: subscriber.numbers.count)
    try later.read { $0["event_type"] == "control.job_completed" }
    let numbers = subscriber.numbers + later.numbers
    #expect(numbers == Array(1...numbers.count))
    let runs = try next.json("GET", "/api/runs")["runs"]?.elements ?? []
    #expect(runs.first { $0["run_id"] == run }?["state"] == "finished")
    #expect(try isIntact())
    let audit = try self.run("$athanor budget audit")
    #expect(audit.exitCode == 0 && audit.output.contains("0 calls are under way"), "\(audit)")
  }

  @Test("load upon load leaves memory where it was, and one who never reads delays nobody")
  func memory() throws {
    let server = try server()
    let journal = try Journal.open(
      path: journal,
      access: .writing(
        newborn: JournalBirth(id: "unused", at: Timestamp(millisecondsSinceEpoch: 0)),
        patienceMilliseconds: 10_000))
    let first = try journal.head.seq
    try journal.append(
      (0..<2_000).map { number in
        JournalDraft(
          "load.tick", at: Timestamp(millisecondsSinceEpoch: Int64(number)), run: "load",
          payload: [
            "number": .integer(number), "text": .string(String(repeating: "x", count: 200)),
          ])
      })
    let last = Int(try journal.head.seq)
    let asleep = try WireClient(port: server.port, receiveBufferBytes: 4096)
    _ = try asleep.openSocket("/ws/live?after=0")
    var levels: [Int] = []
    for _ in 0..<6 {
      let subscribers = try (0..<10).map { _ in try Subscriber(server, after: Int(first)) }
      for subscriber in subscribers {
        try subscriber.read { $0["seq"]?.whole == last }
        #expect(subscriber.numbers == Array(Int(first) + 1...last))
      }
      for _ in 0..<50 {
        #expect(try server.ask("GET", "/api/runs/load/reactor_status").status == 200)
      }
      levels.append(server.memory)
    }
    // The first rounds fill caches of fixed sizes.
    #expect(levels[5] <= levels[2] + 8 << 20, "\(levels)")
    asleep.leave()
  }

  @Test("a demonstration begins a campaign at once, and ends when it is asked to")
  func demo() throws {
    let empty = try ScratchFolder()
    let server = try ServedProgram(
      ["serve", "--demo", "--pages", Self.pages],
      environment: home.environment.merging(["ATHANOR_HOME": empty.url.path]) { $1 },
      folder: empty.url)
    #expect(try server.json("GET", "/api/desk")["demo"] == .bool(true))
    let jobs = try server.wait(for: "/api/control/jobs") {
      $0["jobs"]?.elements.first?["state"] == "running"
    }
    #expect(jobs?["jobs"]?.elements.first?["requested_by"] == "demo")
    #expect(jobs?["jobs"]?.elements.first?["action"] == "research-run")
    let ending = try server.end()
    #expect(ending.isExit && ending.code == 0, "\(server.errors)")
  }

  // MARK: - Beginning

  @Test("a server that cannot begin says why, and what mends it")
  func refusals() throws {
    let server = try server()
    let folder = folder.url.path
    let pages = "--pages \(Self.pages)"
    for (arguments, code, error, word) in [
      ("--port 0 \(pages)", 1, "journal_claimed", "jobs"),
      ("--port \(server.port) \(pages) --journal other/j.sqlite", 4, "address_in_use", "port"),
      ("--port 0 --pages nowhere --journal a/j.sqlite", 4, "unreadable_file", "nowhere"),
      ("--port 0 \(pages) --journal b/j.sqlite --tls-key k", 4, "half_certificate", "--tls"),
      (
        "--port 0 \(pages) --journal c/j.sqlite --tls-key k --tls-certificate k", 4,
        "unreadable_file", "k"
      ),
      ("--port 0 \(pages) --journal d/j.sqlite --origin foo", 4, "not_an_origin", "https://"),
      (
        "--port 0 \(pages) --journal e/j.sqlite --host nowhere.invalid", 4, "address_unknown",
        "nowhere.invalid"
      ),
      ("--port 99999", 4, "bad_value", "65535"),
    ] as [(String, Int32, String, String)] {
      let run = try run("$athanor serve --json \(arguments)")
      #expect(run.exitCode == code, "\(arguments): \(run.errors)")
      #expect(run.output == "", "\(arguments)")
      let report = try run.complaint
      #expect(report["error"] == .string(error), "\(arguments): \(run.errors)")
      #expect(run.errors.contains(word), "\(run.errors)")
      #expect(report["remedy"]?.text?.isEmpty == false)
    }
    // The one that was there first noticed nothing.
    #expect(try server.json("GET", "/readyz")["ready"] == .bool(true))
    #expect(FileManager.default.fileExists(atPath: folder + "/journal.sqlite"))
  }
}
