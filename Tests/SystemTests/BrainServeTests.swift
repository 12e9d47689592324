import Essentials
import Foundation
import Mathematics
import TestKit
import Testing
import Twins

/// A store with one panel on which yesterday's returns foretell today's, made once.
private final class BrainHome: Sendable {
  static let shared = Result { try BrainHome() }

  let store: ScratchFolder

  private init() throws {
    store = try ScratchFolder()
    var generator = SplitMix64(seed: 11)
    var lines = ["date,symbol,open,high,low,close,volume"]
    for column in 0..<40 {
      var price = 50.0
      var trend = 0.0
      for day in 0..<120 {
        let open = price
        trend = 0.9 * trend + 0.004 * (generator.nextUniform() - 0.5)
        price *= 1 + trend + 0.004 * (generator.nextUniform() - 0.5)
        let date = CalendarDate(daysSinceEpoch: Int32(17_000 + day))
        lines.append(
          "\(date),S\(100 + column),\(open),\(max(open, price) + 1),\(min(open, price) - 1),"
            + "\(price),\(1_000_000 + Int(generator.nextUniform() * 1e6))")
      }
    }
    try lines.joined(separator: "\n").write(
      to: store.url.appendingPathComponent("bars.csv"), atomically: true, encoding: .utf8)
    let run = try Program.run(
      """
      cd '\(store.url.path)' && export ATHANOR_HOME="$PWD"
      $athanor data import market --table bars.csv
      """)
    try #require(run.exitCode == 0, "\(run.errors)")
  }
}

@Suite("BRAIN's server by the program", .ownThread)
struct BrainServeTests {
  /// A home of its own for every test, with the panel of all.
  private let folder: ScratchFolder
  private let environment: [String: String]

  init() throws {
    let store = try BrainHome.shared.get().store.url.path
    folder = try ScratchFolder()
    environment = ["HOME": folder.url.path, "ATHANOR_HOME": store]
  }

  private func server(_ arguments: String..., port: Int = 0) throws -> ServedProgram {
    try ServedProgram(
      [
        "brain", "serve", "-p", "market", "--alphas", folder.url.path + "/alphas",
        "--access-log", folder.url.path + "/access.jsonl",
      ] + arguments, environment: environment, port: port, folder: folder.url)
  }

  private func run(_ server: ServedProgram, _ script: String) throws -> ShellRun {
    let exports = environment.sorted { $0.key < $1.key }.map { "export \($0.key)='\($0.value)'" }
    return try Program.run(
      (exports + [
        "export BRAIN_API_URL=\(server.address) ATHANOR_JOURNAL='\(folder.url.path)/j.sqlite'",
        "cd '\(folder.url.path)'", script,
      ]).joined(separator: "\n"))
  }

  private static let account = "printf 'quant@local\\nathanor\\n' | $athanor prepare-credentials"

  /// Writes candidates, each a formula with settings beside the usual ones.
  private func writeList(_ name: String, _ candidates: [(String, JSONValue)]) throws {
    let list = JSONValue.array(
      candidates.map { formula, settings in
        [
          "idea_id": "i",
          "simulation_settings": ["settings": settings, "regular": .string(formula)],
        ]
      })
    try Data(list.compactText.utf8).write(to: folder.url.appendingPathComponent(name))
  }

  private func document(_ name: String) throws -> JSONValue {
    try JSONValue(
      parsing: String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8))
  }

  /// The requests that the server recorded for a path, as far as they are written.
  private func requests(_ method: String, _ route: String) throws -> [JSONValue] {
    let text =
      (try? String(contentsOf: folder.url.appendingPathComponent("access.jsonl"), encoding: .utf8))
      ?? ""
    return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }.filter {
      $0["method"] == .string(method) && $0["route"] == .string(route)
    }
  }

  private static let settings: JSONValue = [
    "universe": "TOP3000", "neutralization": "MARKET", "decay": 4, "truncation": .number(0.08),
    "testPeriod": "P0Y0M0D", "maxTrade": "OFF",
  ]

  @Test("our own client gets from it, to the digit, what the local simulator computes, and submits")
  func pipeline() throws {
    let server = try server("--simulation-seconds", "0")
    let formulas = ["rank(returns)", "rank(ts_mean(returns, 2))", "rank(-returns)"]
    try writeList("one.json", [(formulas[0], Self.settings)])
    try writeList("three.json", formulas.map { ($0, Self.settings) })
    let run = try run(
      server,
      """
      set -e
      \(Self.account) >/dev/null
      $athanor sync-options --json >options
      $athanor sync-metadata --json >metadata
      $athanor simulate-candidates --input one.json --brain --output one.out >/dev/null
      $athanor simulate-candidates --input three.json --brain --output three.out
      id=$(grep -o '"alpha_id": *"[^"]*"' one.out | head -1 | cut -d'"' -f4)
      $athanor submit-alpha $id --json >checks
      $athanor submit-alpha $id --submit --json >submission
      $athanor submit-alpha $id --submit --json 2>again || echo $?
      $athanor journal tail --kind brain.submission_answered --json >answered
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try document("options")["saved"] == .bool(true))
    #expect(try document("metadata")["data_fields"] != 0)
    let answer = run.output.split(separator: "\n").first.map(String.init) ?? ""
    #expect(try JSONValue(parsing: answer)["simulated"] == 3)

    // One simulation was posted alone, the two others as an array.
    #expect(try requests("POST", "/simulations").map { $0["status"] } == [201, 201])

    let results = try document("three.out").elements
    try #require(results.count == 3)
    for (formula, result) in zip(formulas, results) {
      let local = try Program.run(
        """
        export ATHANOR_HOME='\(environment["ATHANOR_HOME"] ?? "")'
        $athanor simulate '\(formula)' -p market --universe TOP3000 --neutralization MARKET \
        --decay 4 --no-journal --json
        """)
      #expect(local.exitCode == 0, "\(local.errors)")
      let expected = try JSONValue(parsing: local.output)
      #expect(result["alpha_id"] == expected["id"])
      for name in ["sharpe", "turnover", "fitness", "returns", "drawdown", "margin"] {
        #expect(result["summary_metrics"]?[name] == expected["is"]?[name], "\(formula): \(name)")
      }
    }

    #expect(try document("checks")["submission"] == "not_asked_for")
    let checks = try document("checks")["checks"]?.elements ?? []
    #expect(checks.allSatisfy { $0["result"] == "PASS" }, "\(checks)")
    #expect(try document("submission")["submission"] == "accepted")
    // A second time BRAIN knows of nothing that could be submitted.
    #expect(try document("again")["error"] == "brain_refused")
    let answered = try String(
      contentsOf: folder.url.appendingPathComponent("answered"), encoding: .utf8)
    #expect(answered.contains("accepted") && answered.contains("refused"), "\(answered)")
    #expect(try document("again")["message"]?.text?.contains("status 404") == true)
    #expect(run.output.split(separator: "\n").last == "2")

    // What was computed lives on in the next server.
    let ending = try server.end()
    #expect(ending.isExit && ending.code == 0)
    #expect(try JSONValue(parsing: ending.words)["requests"]?.whole ?? 0 > 10)
    let next = try self.server("--simulation-seconds", "0", port: server.port)
    let session = try session(of: next)
    let alphas = try session("GET", "/users/self/alphas?order=dateCreated&limit=2", nil).json
    #expect(alphas["count"] == 3)
    #expect(alphas["results"]?.elements.count == 2)
    #expect(
      alphas["next"]
        == .string(next.host + "/users/self/alphas?order=dateCreated&limit=2&offset=2"))
    #expect(try session("GET", "/users/self/alphas/summary", nil).json["os"] == 1)
    #expect(
      try session("GET", "/users/self/activities/simulations", nil).json["total"]?["count"] == 3)
  }

  /// Asks as somebody who is logged in.
  private func session(
    of server: ServedProgram
  ) throws -> (String, String, String?) throws -> WireClient.Answer {
    let pair = Data("quant@local:athanor".utf8).base64EncodedString()
    let login = try server.ask("POST", "/authentication", ["Authorization: Basic \(pair)"])
    try #require(login.status == 201)
    let cookie = login["set-cookie"]?.prefix { $0 != ";" } ?? ""
    return { try server.ask($0, $1, ["Cookie: \(cookie)"], body: $2) }
  }

  @Test(
    "what it says of an alpha, a field and its offer has every member that BRAIN's answers have")
  func shapes() throws {
    let server = try server("--simulation-seconds", "0")
    try writeList("one.json", [("rank(returns)", Self.settings)])
    let run = try run(
      server,
      """
      \(Self.account) >/dev/null && $athanor sync-options >/dev/null
      $athanor sync-metadata >/dev/null
      $athanor simulate-candidates --input one.json --brain --output out >/dev/null
      """)
    #expect(run.exitCode == 0, "\(run.errors)")
    let ask = try session(of: server)
    let alpha = try ask("GET", "/users/self/alphas", nil).json["results"]?.elements.first ?? .null
    guard let id = alpha["id"]?.text else {
      Issue.record("there is no alpha")
      return
    }
    #expect(try ask("GET", "/alphas/\(id)", nil).json == alpha)
    let members = """
      id type author settings regular dateCreated dateSubmitted dateModified name favorite hidden \
      color category tags classifications grade stage status is os train test prod competitions \
      themes pyramids pyramidThemes team origin osmosisPoints
      """
    #expect(Set(members.split(separator: " ").map(String.init)).isSubset(of: alpha.names))
    let settings = """
      instrumentType region universe delay decay neutralization truncation pasteurization \
      unitHandling nanHandling maxTrade maxPosition language visualization startDate endDate \
      testPeriod
      """
    #expect(
      Set(settings.split(separator: " ").map(String.init))
        .isSubset(of: alpha["settings"]?.names ?? []))
    let measures =
      "pnl bookSize longCount shortCount turnover returns drawdown margin sharpe fitness"
    #expect(
      Set(measures.split(separator: " ").map(String.init)).isSubset(of: alpha["is"]?.names ?? []))
    #expect(
      alpha["classifications"]
        == .array([
          ["id": "DATA_USAGE:SINGLE_DATA_SET", "name": "Single Data Set Alpha"]
        ]))
    let field = try ask("GET", "/data-fields/close", nil).json
    #expect(field["data"]?.elements.first?.names == ["region", "delay", "universe", "coverage"])
    #expect(field["data"]?.elements.count ?? 0 > 2)
    let row = try ask(
      "GET", "/data-fields?instrumentType=EQUITY&region=USA&delay=1&universe=TOP3000&limit=1", nil
    ).json["results"]?.elements.first
    let columns = """
      id description dataset category subcategory region delay universe type coverage dateCoverage \
      userCount alphaCount pyramidMultiplier themes
      """
    #expect(row?.names.sorted() == columns.split(separator: " ").map(String.init).sorted())
    let choices = try ask("OPTIONS", "/simulations", nil).json["actions"]?["POST"]?["settings"]
    #expect(
      choices?["children"]?["universe"]?["choices"]?["instrumentType"]?["EQUITY"]?["region"]?[
        "USA"]?.elements.first == ["value": "TOP3000", "label": "TOP3000"])
    let check = try ask("GET", "/alphas/\(id)/check", nil).json
    #expect(check["is"]?["selfCorrelated"]?.names == ["schema", "records", "min", "max"])
    #expect(try ask("GET", "/openapi.json", nil).json["openapi"] == "3.1.0")
  }

  @Test("more than may run at once, and more than a day allows, are told to wait, and do")
  func limits() throws {
    let server = try server("--simulation-seconds", "4", "--quota", "7")
    try writeList(
      "a.json", [("rank(returns)", Self.settings), ("rank(close)", Self.otherUniverse)])
    try writeList("b.json", ["close", "open", "high"].map { ("rank(-\($0))", Self.settings) })
    let prepared = try run(
      server,
      """
      \(Self.account) >/dev/null && $athanor sync-options >/dev/null
      for u in TOP3000 TOP500; do $athanor sync-metadata --universe $u >/dev/null || exit 9; done
      """)
    #expect(prepared.exitCode == 0, "\(prepared.errors)")

    // Somebody else takes all the places that there are.
    let ask = try session(of: server)
    for code in ["open", "high", "low"] {
      let answer = try ask("POST", "/simulations", Self.body(code))
      #expect(answer.status == 201, "\(answer.text)")
    }
    let refused = try ask("POST", "/simulations", Self.body("volume"))
    #expect(refused.status == 429)
    #expect(refused.text == #"{"detail":"CONCURRENT_SIMULATION_LIMIT_EXCEEDED"}"#)
    let run = try run(
      server,
      """
      $athanor simulate-candidates --input a.json --brain --output a.out --skip-recordsets >a.answer
      $athanor simulate-candidates --input b.json --brain --output b.out
      echo $?
      """)
    // Universes may differ within an array.
    #expect(try document("a.answer")["simulated"] == 2, "\(run.errors)")
    let posts = try requests("POST", "/simulations").map { $0["status"]?.whole ?? 0 }
    #expect(Array(posts.prefix(5)) == [201, 201, 201, 429, 429], "\(posts)")
    #expect(posts.count { $0 == 201 } == 4, "\(posts)")
    // The second list is an array of three, and the day has room for two.
    #expect(posts.last == 429)
    #expect(run.output.hasSuffix("1\n"), "\(run.output)")
    #expect(run.output.contains("quota") || run.errors.contains("quota"), "\(run.output)")

    // Nobody asked sooner than he was told to.
    var asked: [String: Double] = [:]
    for poll in try requests("GET", "/simulations/{id}") {
      guard let path = poll["path"]?.text, let at = poll["at"]?.text else { continue }
      let seconds = Self.seconds(at)
      if let before = asked[path] { #expect(seconds - before >= 0.45) }
      asked[path] = seconds
    }
    #expect(!asked.isEmpty)
  }

  /// The seconds from an epoch of its own to an instant such as `2026-07-14T20:27:19.250Z`.
  private static func seconds(_ instant: String) -> Double {
    let days = CalendarDate(instant.prefix(10))?.daysSinceEpoch ?? 0
    let clock = instant.dropFirst(11).filter { $0 != "Z" }.split(separator: ":")
    return Double(days) * 86_400 + clock.reduce(0) { $0 * 60 + (Double($1) ?? 0) }
  }

  /// The usual settings with another universe.
  private static let otherUniverse: JSONValue = {
    guard case .object(let members) = settings else { return settings }
    return .object(members.filter { $0.name != "universe" } + [.init("universe", "TOP500")])
  }()

  /// The body of a simulation.
  private static func body(_ code: String) -> String {
    let settings: JSONValue = [
      "instrumentType": "EQUITY", "region": "USA", "universe": "TOP3000", "delay": 1, "decay": 0,
      "neutralization": "MARKET", "truncation": .number(0.08), "pasteurization": "ON",
      "unitHandling": "VERIFY", "nanHandling": "OFF", "language": "FASTEXPR",
    ]
    return (["type": "REGULAR", "settings": settings, "regular": .string(code)] as JSONValue)
      .compactText
  }

  @Test("a login that must be confirmed ends with exit code 3, and goes on once it is")
  func persona() throws {
    let server = try server("--persona")
    let command = "$athanor sync-options --json"
    let first = try run(server, "\(Self.account) >/dev/null; \(command)")
    #expect(first.exitCode == 3)
    guard let address = try first.complaint["action_url"]?.text,
      let inquiry = address.components(separatedBy: "inquiry=").last
    else {
      Issue.record("\(first.errors)")
      return
    }
    let path = "/authentication/persona?inquiry=\(inquiry)"
    // Whoever runs it again too soon is shown the same address.
    let second = try run(server, command)
    #expect(second.exitCode == 3)
    #expect(try second.complaint["action_url"] == .string(address))
    let page = try server.ask("GET", path)
    #expect(page.status == 200 && page.text.contains("/persona/\(inquiry)/confirm"))
    #expect(try server.ask("POST", "/authentication/persona/\(inquiry)/confirm").status == 200)
    let third = try run(server, command)
    #expect(third.exitCode == 0, "\(third.errors)")
    // The confirmation served one login.
    #expect(try server.ask("POST", path).status == 401)
  }

  @Test("client and server that are killed in the middle go on, and nothing is simulated twice")
  func kills() throws {
    let server = try server("--simulation-seconds", "2")
    try writeList("list.json", [("rank(returns)", Self.settings), ("rank(close)", Self.settings)])
    let client = "$athanor simulate-candidates --input list.json --brain --output out"
    let prepared = try run(
      server,
      """
      \(Self.account) >/dev/null
      $athanor sync-options >/dev/null && $athanor sync-metadata >/dev/null
      \(client) >/dev/null 2>&1 & client=$!
      until grep -q '"method":"POST".*"route":"/simulations".*"status":201' access.jsonl
      do sleep 0.05; done
      kill -9 $client; wait $client; echo $?
      """)
    #expect(prepared.output == "137\n", "\(prepared.errors)")
    server.strike()
    let next = try self.server("--simulation-seconds", "2", port: server.port)
    let run = try run(next, client)
    #expect(run.exitCode == 0, "\(run.errors)\(run.output)")
    #expect(try JSONValue(parsing: run.output)["simulated"] == 2)
    #expect(try requests("POST", "/simulations").count == 1)
    let ask = try session(of: next)
    #expect(try ask("GET", "/users/self/activities/simulations", nil).json["total"]?["count"] == 2)
  }

  @Test("two servers do not keep their alphas in one folder, and bad files are named")
  func folders() throws {
    let server = try server()
    func refusal(_ arguments: String) throws -> ShellRun {
      try run(server, "$athanor brain serve --port 0 --json -p market \(arguments)")
    }
    let second = try refusal("--alphas alphas")
    #expect(second.exitCode == 2)
    #expect(try second.complaint["error"] == "alphas_in_use")
    let port = try run(
      server, "$athanor brain serve --port \(server.port) --json -p market --alphas other")
    #expect(port.exitCode == 4)
    #expect(port.errors.contains("\(server.port)"), "\(port.errors)")
    let torn = try run(
      server,
      """
      mkdir torn && echo nonsense >torn/simulations.jsonl
      $athanor brain serve --port 0 --json -p market --alphas torn
      """)
    #expect(torn.exitCode == 6)
    #expect(try torn.complaint["error"] == "unreadable_simulations")
    #expect(try refusal("--tls-key key.pem").exitCode == 4)
    // A password that everybody knows is not offered to the network.
    #expect(try refusal("--host 0.0.0.0").exitCode == 4)
  }

  @Test("whatever is sent to it gets the right status, and it goes on")
  func attack() throws {
    let server = try server("--simulation-seconds", "0")
    let ask = try session(of: server)
    let pair = Data("quant@local:athanor".utf8).base64EncodedString()
    let login = try server.ask("POST", "/authentication", ["Authorization: Basic \(pair)"])
    let cookie = "Cookie: \(login["set-cookie"]?.prefix { $0 != ";" } ?? "")"
    let json = "Content-Type: application/json"
    for (body, status) in [
      ("", 400), ("{", 400), ("[]", 400), ("[{},{}]", 400), ("null", 400), ("{\"type\":5}", 400),
      (String(repeating: "[", count: 200_000), 400), ("\u{0}", 400),
      ("{\"type\":\"REGULAR\",\"settings\":[],\"regular\":1}", 400),
      (String(repeating: "x", count: 10_000_000), 413),
    ] {
      let answer = try server.ask("POST", "/simulations", [cookie, json], body: body)
      #expect(answer.status == status, "\(body.prefix(40)): \(answer.text.prefix(200))")
    }
    for (method, target, status) in [
      ("GET", "/users/self/alphas?limit=0", 400), ("GET", "/users/self/alphas?limit=x", 400),
      ("GET", "/users/self/alphas?offset=-1", 400),
      ("GET", "/users/self/alphas?offset=99999999999999999999", 400),
      ("GET", "/users/self/alphas?offset=9223372036854775807&limit=100", 400),
      ("GET", "/data-fields?region=USA", 400), ("GET", "/alphas/..%2f..%2fetc", 400),
      ("GET", "/alphas/nothing", 404), ("GET", "/correlations", 404), ("GET", "/simulations", 405),
      ("DELETE", "/alphas/x", 405), ("GET", "/authentication/persona", 400),
    ] {
      let answer = try ask(method, target, nil)
      #expect(answer.status == status, "\(method) \(target): \(answer.text)")
      #expect(method == "GET" && status == 400 || answer.text.contains("\"detail\""))
    }
    for header in ["Authorization: Basic !!!", "Authorization: Bearer x", "Cookie: t=\u{1}"] {
      #expect([400, 401].contains(try server.ask("POST", "/authentication", [header]).status))
    }
    #expect(try server.ask("GET", "/operators", ["Cookie: t=guess"]).status == 401)
    #expect(server.isRunning)
    #expect(try ask("GET", "/users/self", nil).status == 200)
  }
}

extension WireClient.Answer {
  /// The body as JSON.
  var json: JSONValue { get throws { try JSONValue(parsing: text) } }
}

extension ServedProgram {
  /// The address under which ``WireClient`` asks.
  var host: String { "http://localhost" }
}
