import Essentials
import Foundation
import Storage
import TestKit
import Testing
import Twins

@Suite("A world that the program serves", .ownThread, .serialized)
struct ServedWorldTests {
  private let home: ResearchHome
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

  private func run(_ script: String) throws -> ShellRun {
    let exports = environment.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)'" }
    return try Program.run(
      (exports + ["cd '\(folder.url.path)'", script]).joined(separator: "\n"))
  }

  /// Makes tokens, each with the role of its name.
  private func tokens(_ roles: String...) throws -> [String: String] {
    let run = try run(
      roles.map { "$athanor token create --name \($0) --role \($0)" }.joined(separator: "\n"))
    try #require(run.exitCode == 0, "\(run.errors)")
    let all = run.output.split(separator: "\n").map(String.init)
    return Dictionary(uniqueKeysWithValues: zip(roles, all))
  }

  private static let policy = """
    world: w
    allow_live: true
    interval: 1d
    data_currency: {max_lag: 4d, halt_after: 7d, min_history: 1d}
    evaluation: {schedule: every 1d}
    rbac: {owners: [owner], operators: [operator]}
    selection: {gates: "sharpe@mid >= 0.6", score: sharpe@mid}
    """

  private func json(
    _ server: ServedProgram, _ method: String, _ path: String, token: String? = nil,
    body: JSONValue? = nil
  ) throws -> (status: Int, json: JSONValue) {
    let answer = try server.ask(method, path, token: token, body: body?.compactText ?? "")
    return (answer.status, (try? JSONValue(parsing: answer.text)) ?? .null)
  }

  @Test("it is made, read, evaluated by the schedule, streamed, measured, and kept over a restart")
  func life() throws {
    let tokens = try tokens("viewer", "operator", "owner")
    let arguments = ["serve"]
    let server = try ServedProgram(arguments, environment: environment, folder: folder.url)
    #expect(try json(server, "GET", "/worlds").json["count"] == 0)
    let body: JSONValue = ["text": .string(Self.policy), "reason": "begin"]
    #expect(try json(server, "POST", "/worlds/w/policy", body: body).status == 401)
    #expect(
      try json(server, "POST", "/worlds/w/policy", token: tokens["operator"], body: body).status
        == 403)
    let made = try json(server, "POST", "/worlds/w/policy", token: tokens["owner"], body: body)
    #expect(made.status == 200, "\(made.json.compactText)")
    // The schedule finds the new world by itself.
    var world: JSONValue = .null
    for _ in 0..<600 where world["cycle"] != 1 {
      usleep(50_000)
      world = try json(server, "GET", "/worlds/w").json
    }
    #expect(world["cycle"] == 1)
    let plan = try server.ask("GET", "/worlds/w/decide")
    #expect(plan.status == 200)
    let tag = try #require(plan["etag"])
    #expect(try server.ask("GET", "/worlds/w/decide", ["If-None-Match: \(tag)"]).status == 304)
    // The command line acts on the same world, and the server sees it at once.
    let frozen = try run("$athanor world freeze w --reason storm")
    #expect(frozen.exitCode == 0, "\(frozen.errors)")
    #expect(try json(server, "GET", "/worlds/w").json["frozen"] == .bool(true))
    let denied = try json(
      server, "POST", "/worlds/w/resume", token: tokens["viewer"], body: ["actor": "owner"])
    #expect(denied.status == 403)
    let audit = try json(server, "GET", "/worlds/w/audit?limit=100").json["events"]?.elements ?? []
    #expect(audit.contains { $0["kind"] == "world.denied" && $0["actor"] == "viewer" })
    #expect(audit.contains { $0["kind"] == "world.evaluated" && $0["actor"] == "desk" })
    let measures = try server.ask("GET", "/metrics").text
    for line in [
      #"athanor_world_denied_total{world="w"} 1"#, #"athanor_world_cycle{world="w"} 1"#,
      #"athanor_world_evaluation_seconds_count{world="w"} 1"#,
    ] { #expect(measures.contains(line), "\(line)") }
    #expect(try server.end().code == 0)
    #expect(server.errors == "")

    let again = try ServedProgram(arguments, environment: environment, folder: folder.url)
    let later = try again.ask("GET", "/metrics").text
    #expect(later.contains(#"athanor_world_denied_total{world="w"} 1"#))
    #expect(try again.ask("GET", "/worlds/w/decide").text == plan.text)
    #expect(try json(again, "GET", "/worlds/w").json["cycle"] == 1)
    #expect(try again.end().code == 0)
    let verdict = try Journal.open(path: journal, access: .reading).verify()
    #expect(verdict.findings.isEmpty)
  }

  @Test("every metric that an alert rule reads is told by a server with a world")
  func alertRules() throws {
    let tokens = try tokens("owner")
    let server = try ServedProgram(["serve"], environment: environment, folder: folder.url)
    _ = try json(
      server, "POST", "/worlds/w/policy", token: tokens["owner"],
      body: ["text": .string(Self.policy)])
    let rules = try String(
      contentsOf: checkoutFolder.appendingPathComponent("Examples/Alerts/athanor-worlds.yml"),
      encoding: .utf8)
    let names = Set(rules.matches(of: /athanor_[a-z_]+/).map { String($0.output) })
    var measures = ""
    for _ in 0..<600 where !measures.contains("athanor_world_metric_delay_seconds{") {
      usleep(50_000)
      measures = try server.ask("GET", "/metrics").text
    }
    for name in names.sorted() {
      #expect(measures.contains("# TYPE \(name) "), "\(name)")
    }
    #expect(try server.end().code == 0)
  }
}
