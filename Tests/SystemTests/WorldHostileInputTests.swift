import Essentials
import Foundation
import Storage
import TestKit
import Testing
import Twins

/// What must not be believed, given to worlds at the outermost doors.
@Suite("Hostile input for worlds", .ownThread)
struct WorldHostileInputTests {
  private let home: ResearchHome
  private let folder: ScratchFolder

  init() throws {
    home = try ResearchHome.shared.get()
    folder = try ScratchFolder()
  }

  private var path: String { folder.url.appendingPathComponent("journal.sqlite").path }

  private var environment: [String: String] {
    home.environment.merging(["ATHANOR_JOURNAL": path, "HOME": folder.url.path]) { $1 }
  }

  private func run(_ script: String) throws -> ShellRun {
    let exports = environment.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)'" }
    return try Program.run(
      (exports + ["cd '\(folder.url.path)'", script]).joined(separator: "\n"))
  }

  private func write(_ text: String) throws {
    try Data(text.utf8).write(to: folder.url.appendingPathComponent("world.yml"))
  }

  /// Nine of nine of nine and so on, twelve times.
  private static let bomb: String = {
    var lines = ["world: lab", "a: &a [x, x, x, x, x, x, x, x, x]"]
    for (before, name) in zip("abcdefghijkl", "bcdefghijklm") {
      let parts = Array(repeating: "*\(before)", count: 9).joined(separator: ", ")
      lines.append("\(name): &\(name) [\(parts)]")
    }
    return lines.joined(separator: "\n")
  }()

  private static let large = "world: lab\n# " + String(repeating: "x", count: 10 << 20)

  /// A policy of an instance that is never known: it divides zero by zero.
  private static let unknown = """
    world: lab
    allow_live: true
    interval: 1d
    data_currency: {max_lag: 1d, halt_after: 30d, min_history: 10d}
    metrics: {annualise: 252, windows: {short: 5d, mid: 20d, long: 60d}}
    selection:
      gates: [sharpe@mid >= -1000000]
      score: sharpe@mid
      hysteresis: {promote_after: {windows: 1}, demote_after: {windows: 1}, min_dwell: 0s,
        cooldown: 1d}
    rbac: {owners: [owner]}
    instances:
      - strategy: nothing
        side: long
        params: {formula: (close - close) / (close - close), panel: tiny}
    """

  @Test(
    "a text of ten megabytes, an alias bomb, what is no number and no text are refused at once",
    arguments: [
      (large, "1048576 are allowed"), (bomb, "more than"),
      ("world: lab\nselection: {gates: \"sharpe@mid >= .nan\"}", "not a number"),
      ("world: lab\nselection: {score: \"sharpe@mid * .inf\"}", "not a number"),
      ("world: lab\nrisk: {limits: {gross: .nan}}", "not a finite number"),
      ("world: lab\nworld: lab", "twice"), ("world: [", "1:"), ("\u{0}", "1:1"), ("", "1:1"),
    ])
  func texts(text: String, complaint: String) throws {
    try write(text)
    let applied = try run("$athanor world apply -f world.yml --json")
    #expect(applied.exitCode == 4 && applied.output == "", "\(applied.errors.prefix(500))")
    #expect(
      applied.errors.contains("\"error\":\"invalid_policy\""), "\(applied.errors.prefix(500))")
    #expect(applied.errors.contains(complaint), "\(applied.errors.prefix(500))")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("an instant of the future, one of the past and a clock that goes back are refused")
  func instants() throws {
    try write(Self.unknown)
    let start = try run(
      """
      $athanor world apply -f world.yml >/dev/null &&
        $athanor world eval lab --now 2016-09-05 >/dev/null
      """)
    try #require(start.exitCode == 0, "\(start.errors)")
    let head = try Journal.open(path: path, access: .reading).head
    for (instant, key) in [
      ("9999-12-31", "instant_in_future"), ("2016-09-05", "clock_went_back"),
      ("2016-09-04T23:59:59.999Z", "clock_went_back"), ("1970-01-01", "clock_went_back"),
    ] {
      let eval = try run("$athanor world eval lab --now \(instant) --json")
      #expect(eval.exitCode != 0 && eval.errors.contains(key), "\(instant): \(eval.errors)")
    }
    #expect(try Journal.open(path: path, access: .reading).head == head)
  }

  @Test("evidence that is not a number never passes, and the plan says what is wanting")
  func unknownEvidence() throws {
    try write(Self.unknown)
    let start = try run(
      """
      $athanor world apply -f world.yml >/dev/null && for day in 1 2 3 4 5; do
        $athanor world eval lab --now 2016-09-0$day --json >plan || exit 1
      done; cat plan
      """)
    try #require(start.exitCode == 0, "\(start.errors)")
    let rows = try JSONValue(parsing: start.output)["plan"]?["rows"]?.elements ?? []
    #expect(rows.count == 1)
    #expect(["none", "insufficient"].contains(rows.first?["verdict"]), "\(rows)")
    #expect(rows.first?["phase"] != "live" && rows.first?["hold"]?.text != nil, "\(rows)")
    #expect(
      try Journal.open(path: path, access: .reading)
        .events(limit: 1, filter: JournalFilter(kind: "cutover.planned")) == [])
  }

  @Test("a server refuses the same, records nothing of it, and goes on serving")
  func served() throws {
    let made = try run("$athanor token create --name owner --role owner")
    let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    let server = try ServedProgram(["serve"], environment: environment, folder: folder.url)
    func post(_ path: String, _ body: String) throws -> (status: Int, text: String) {
      let answer = try server.ask("POST", path, token: token, body: body)
      return (answer.status, answer.text)
    }
    func policy(_ text: String) -> String {
      (["text": .string(text), "reason": "test"] as JSONValue).compactText
    }
    let large = try post("/worlds/lab/policy", policy(Self.large))
    #expect([413, 422].contains(large.status), "\(large)")
    for text in [Self.bomb, "world: lab\nrisk: {limits: {gross: .nan}}", "", "world: other"] {
      let answer = try post("/worlds/lab/policy", policy(text))
      #expect([400, 409, 422].contains(answer.status), "\(answer)")
    }
    #expect(try server.ask("GET", "/worlds/lab").status == 404)
    let good = try post("/worlds/lab/policy", policy(Self.unknown))
    #expect(good.status == 200, "\(good)")
    for body in [
      #"{"now":"9999-12-31T00:00:00Z"}"#, #"{"now":"1970-01-01T00:00:00Z"}"#, #"{"now":"NaN"}"#,
      #"{"now":1e999}"#, "{", "[]", "\u{0}",
    ] {
      let answer = try post("/worlds/lab/evaluate", body)
      #expect([400, 409, 422].contains(answer.status), "\(body): \(answer)")
      #expect(answer.text.contains("\"error\""), "\(body): \(answer)")
    }
    #expect(try server.ask("GET", "/worlds/lab").status == 200)
    #expect(try server.end().code == 0)
    #expect(server.errors == "")
    #expect(try Journal.open(path: path, access: .reading).verify().findings == [])
  }
}
