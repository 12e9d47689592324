import Backtesting
import Essentials
import Foundation
import Networking
import Synchronization
import TestKit
import Testing

@testable import Services

@Suite("The BRAIN-compatible server")
struct BrainServerTests {
  private func text(_ answer: ServerResponse) -> String {
    String(decoding: answer.body, as: UTF8.self)
  }

  // MARK: Sessions

  @Test("nothing but logging in is answered without a session")
  func sessions() throws {
    let stage = try BrainStage()
    for path in ["/operators", "/data-sets", "/users/self/alphas", "/alphas/x", "/simulations/x"] {
      let answer = try stage.ask(.get, path)
      #expect(answer.status == 401, "\(path)")
      #expect(text(answer) == "{\"detail\":\"Incorrect authentication credentials.\"}")
    }
    #expect(try stage.ask(.get, "/authentication").status == 204)
    #expect(try stage.logIn("wrong horse").status == 401)
    let login = try stage.logIn()
    #expect(login.status == 201)
    #expect(login.headers["Set-Cookie"]?.contains("HttpOnly") == true)
    #expect(login.headers["Set-Cookie"]?.contains("Secure") == false)
    #expect(
      text(login).hasPrefix("{\"user\":{\"id\":\"LOCAL01\"},\"token\":{\"expiry\":14400"))
    #expect(try stage.ask(.get, "/operators").status == 200)
    stage.wait(seconds: 14_399)
    let renewed = try stage.json(.get, "/authentication")
    #expect(renewed["token"]?["expiry"]?.asNumber == 1)
    stage.wait(seconds: 1)
    #expect(try stage.ask(.get, "/operators").status == 401)
  }

  @Test("logging out ends the session, once")
  func logout() throws {
    let stage = try BrainStage()
    try stage.logIn()
    #expect(try stage.ask(.delete, "/authentication").status == 204)
    #expect(try stage.ask(.delete, "/authentication").status == 401)
    #expect(try stage.ask(.get, "/operators").status == 401)
  }

  @Test("whoever guesses passwords is made to wait")
  func guessing() throws {
    let stage = try BrainStage()
    for attempt in 0..<10 {
      #expect(try stage.logIn("guess \(attempt)").status == 401)
    }
    #expect(try stage.logIn().status == 429)
    stage.wait(seconds: 61)
    #expect(try stage.logIn().status == 201)
  }

  @Test("a face is asked for where the account demands it")
  func persona() throws {
    let stage = try BrainStage { $0.demandsPersona = true }
    let first = try stage.logIn()
    #expect(first.status == 401)
    #expect(first.headers["WWW-Authenticate"] == "persona")
    let place = try #require(first.headers["Location"])
    #expect(place.hasPrefix("/authentication/persona?inquiry=inq_"))
    #expect(try stage.ask(.post, place).status == 401)
    let page = try stage.ask(.get, place)
    #expect(page.status == 200)
    let action = try #require(
      text(page).split(separator: "\"").first { $0.hasSuffix("/confirm") })
    #expect(try stage.ask(.post, String(action)).status == 200)
    #expect(try stage.ask(.post, place).status == 201)
    #expect(try stage.ask(.get, "/operators").status == 200)
    // An inquiry serves one login.
    #expect(try stage.ask(.post, place).status == 401)
    #expect(try stage.ask(.post, "/authentication/persona").status == 400)
  }

  // MARK: Catalogue

  @Test("the catalogue lists what the panel has, page by page")
  func catalogue() throws {
    let stage = try BrainStage()
    try stage.logIn()
    let options = try stage.json(.options, "/simulations")
    let children = options["actions"]?["POST"]?["settings"]?["children"]
    #expect(
      children?["universe"]?["choices"]?["instrumentType"]?["EQUITY"]?["region"]?["USA"] != nil)
    let market = "instrumentType=EQUITY&region=USA&delay=1&universe=TOP3000"
    #expect(text(try stage.ask(.get, "/data-fields?region=USA")) == "[\"Invalid query\"]")
    #expect(try stage.ask(.get, "/data-fields?\(market)&limit=51").status == 400)
    #expect(try stage.ask(.get, "/data-fields?\(market)&limit=50&offset=9960").status == 400)
    var names: [String] = []
    var offset = 0
    while true {
      let page = try stage.json(.get, "/data-fields?\(market)&limit=4&offset=\(offset)")
      guard case .array(let rows)? = page["results"], !rows.isEmpty else { break }
      names += rows.compactMap { $0["id"]?.asText }
      offset += 4
    }
    #expect(names.contains("close") && names.contains("sector"))
    #expect(Set(names).count == names.count)
    let one = try stage.json(.get, "/data-fields/close")
    #expect(one["type"] == "MATRIX")
    if case .array(let markets)? = one["data"] {
      #expect(markets.count == 2 * stage.server.offer.universes.count)
    } else {
      Issue.record("\(one)")
    }
    // What is followed from page to page ends where the list does.
    var next: String? = "http://127.0.0.1:9999/data-fields?\(market)&order=-id&limit=7"
    var followed = 0
    while let address = next {
      let page = try stage.json(.get, String(address.dropFirst("http://127.0.0.1:9999".count)))
      guard case .array(let rows)? = page["results"] else { break }
      followed += rows.count
      next = page["next"]?.asText
    }
    #expect(followed == names.count)
    let far = try stage.ask(.get, "/data-fields?\(market)&offset=9223372036854775807")
    #expect(far.status == 400)
    #expect(try stage.ask(.get, "/data-fields/clse").status == 404)
    let falling = try stage.json(.get, "/data-fields?\(market)&order=-id&limit=50")
    guard case .array(let rows)? = falling["results"] else {
      Issue.record("no rows")
      return
    }
    #expect(rows.compactMap { $0["id"]?.asText } == names.sorted(by: >))
  }

  // MARK: Simulations

  @Test("a simulation runs, tells how far it is, and becomes an alpha with the local figures")
  func simulation() throws {
    let stage = try BrainStage { $0.simulationSeconds = 10 }
    try stage.logIn()
    let posted = try stage.ask(.post, "/simulations", BrainStage.body("rank(-returns)").compactText)
    #expect(posted.status == 201)
    #expect(posted.headers["X-Ratelimit-Remaining"] == "9999")
    // 03:32:41 are left of the Eastern day.
    #expect(posted.headers["X-Ratelimit-Reset"] == "27161")
    let place = try #require(posted.headers["Location"])
    #expect(place.hasPrefix("http://127.0.0.1:9999/simulations/"))
    let path = String(place.dropFirst("http://127.0.0.1:9999".count))
    stage.server.drain()
    stage.wait(seconds: 5)
    let running = try stage.ask(.get, path)
    #expect(running.headers["Retry-After"] == "2.5")
    #expect(text(running) == "{\"progress\":0.5}")
    stage.wait(seconds: 5)
    let over = try stage.ask(.get, path)
    #expect(over.headers["Retry-After"] == nil)
    let document = try JSONValue(parsing: text(over))
    let status = document["status"]?.asText
    #expect(status == "COMPLETE" || status == "WARNING")
    let alpha = try stage.json(.get, "/alphas/\(document["alpha"]?.asText ?? "")")
    #expect(alpha["regular"]?["code"] == "rank(-returns)")
    #expect(alpha["dateCreated"] == "2026-07-14T16:27:19-04:00")
    #expect(alpha["status"] == "UNSUBMITTED")
    let record = try #require(
      stage.server.state.withLock { $0.alphas[alpha["id"]?.asText ?? ""] })
    let result = try #require(stage.server.simulator.result(of: record))
    #expect(alpha["is"]?["sharpe"] == .number(result.inSample.sharpe))
  }

  @Test(
    "a mistake in a body comes back by member",
    arguments: [
      ("{", "{\"detail\":\"JSON parse error.\"}"),
      ("{}", "{\"type\":[\"This field is required.\"]}"),
      ("{\"type\":\"ODD\"}", "{\"type\":[\"\\\"ODD\\\" is not a valid choice.\"]}"),
      ("{\"type\":\"REGULAR\"}", "{\"regular\":[\"This field is required.\"]}"),
      (
        "{\"type\":\"REGULAR\",\"regular\":\"close\"}",
        "{\"settings\":[\"This field is required.\"]}"
      ),
      ("[1]", "[\"Ensure this field has 2 to 10 elements.\"]"),
    ])
  func mistakes(body: String, answer: String) throws {
    let stage = try BrainStage()
    try stage.logIn()
    let refused = try stage.ask(.post, "/simulations", body)
    #expect(refused.status == 400)
    #expect(text(refused) == answer)
  }

  @Test(
    "a setting that cannot be is named with its mistake",
    arguments: [
      ("pasteurization", .bool(true), "\"True\" is not a valid choice."),
      ("region", "MARS", "\"MARS\" is not a valid choice."),
      ("delay", 2, "\"2\" is not a valid choice."),
      ("decay", "x", "A valid integer is required."),
      ("universe", "BOTTOM3000", "\"BOTTOM3000\" is not a valid choice."),
      ("nanHandling", .null, "This field is required."),
    ] as [(String, JSONValue, String)])
  func settings(name: String, value: JSONValue, sentence: String) throws {
    let stage = try BrainStage()
    try stage.logIn()
    let body = BrainStage.body("close", [.init(name, value)])
    let refused = try stage.ask(.post, "/simulations", body.compactText)
    #expect(refused.status == 400)
    let expected: JSONValue = ["settings": .object([.init(name, .strings([sentence]))])]
    #expect(text(refused) == expected.compactText)
  }

  @Test("a formula that does not check ends in an error with the place")
  func wrongFormula() throws {
    let stage = try BrainStage()
    try stage.logIn()
    let answer = try stage.simulated("rank(clse)")
    #expect(answer["status"] == "ERROR")
    #expect(answer["message"] == "Attempted to use unknown variable \"clse\"")
    #expect(
      answer["location"] == ["property": "regular", "line": 1, "start": 5, "end": 9])
    #expect(answer["alpha"] == nil)
    let operators = try stage.simulated("rnak(close)")
    #expect(
      operators["message"] == "Attempted to use inaccessible or unknown operator \"rnak\".")
  }

  @Test("an array has children, and a wrong one spoils it")
  func array() throws {
    let stage = try BrainStage()
    try stage.logIn()
    func post(_ codes: [String]) throws -> JSONValue {
      let body = JSONValue.array(codes.map { BrainStage.body($0) })
      let posted = try stage.ask(.post, "/simulations", body.compactText)
      let place = posted.headers["Location"]?.split(separator: "/").suffix(2)
      stage.server.drain()
      return try stage.json(.get, "/" + (place?.joined(separator: "/") ?? ""))
    }
    let good = try post(["rank(close)", "-returns", "rank(volume)"])
    #expect(good["status"] == "COMPLETE")
    guard case .array(let children)? = good["children"] else {
      Issue.record("no children")
      return
    }
    let alphas = try children.map {
      try stage.json(.get, "/simulations/\($0.asText ?? "")")["alpha"]?.asText
    }
    #expect(Set(alphas.compactMap { $0 }).count == 3)
    let bad = try post(["rank(close)", "rank(clse)"])
    #expect(bad["status"] == "ERROR")
    guard case .array(let failed)? = bad["children"] else { return }
    let states = try failed.map {
      try stage.json(.get, "/simulations/\($0.asText ?? "")")["status"]?.asText
    }
    #expect(states == ["CANCELLED", "ERROR"])
    // One entry of an array in another market is refused as a whole.
    let mixed = JSONValue.array([
      BrainStage.body("close"), BrainStage.body("close", [.init("delay", 0)]),
    ])
    #expect(try stage.ask(.post, "/simulations", mixed.compactText).status == 400)
  }

  @Test("no more run at once, and on a day, than the account may")
  func limits() throws {
    let stage = try BrainStage {
      $0.simulationSeconds = 60
      $0.concurrency = 2
      $0.dailyQuota = 4
    }
    try stage.logIn()
    func post() throws -> ServerResponse {
      try stage.ask(.post, "/simulations", BrainStage.body("rank(close)").compactText)
    }
    #expect(try post().status == 201)
    #expect(try post().status == 201)
    let third = try post()
    #expect(third.status == 429)
    #expect(text(third) == "{\"detail\":\"CONCURRENT_SIMULATION_LIMIT_EXCEEDED\"}")
    stage.server.drain()
    stage.wait(seconds: 61)
    #expect(try post().status == 201)
    #expect(try post().status == 201)
    stage.server.drain()
    stage.wait(seconds: 61)
    let over = try post()
    #expect(over.status == 429)
    #expect(over.headers["X-Ratelimit-Remaining"] == "0")
    // The next Eastern day begins at 04:00 UTC in summer.
    stage.wait(seconds: 27_161)
    try stage.logIn()
    #expect(try post().status == 201)
  }

  // MARK: Alphas

  @Test("tables, checks and correlations of an alpha are the local simulator's")
  func tables() throws {
    let stage = try BrainStage { $0.simulationSeconds = 2 }
    try stage.logIn()
    _ = try stage.simulated("rank(-returns)")
    stage.wait(seconds: 2)
    let list = try stage.json(.get, "/users/self/alphas")
    guard case .array(let alphas)? = list["results"], let id = alphas.first?["id"]?.asText else {
      Issue.record("no alpha")
      return
    }
    let pnl = try stage.json(.get, "/alphas/\(id)/recordsets/pnl")
    #expect(pnl["schema"]?["name"] == "pnl")
    #expect(try stage.ask(.get, "/alphas/\(id)/recordsets/odd").status == 404)
    let early = try stage.ask(.get, "/alphas/\(id)/check")
    #expect(early.body.isEmpty)
    #expect(early.headers["Retry-After"] == "2.0")
    stage.wait(seconds: 2)
    let checks = try stage.json(.get, "/alphas/\(id)/check")
    guard case .array(let entries)? = checks["is"]?["checks"] else {
      Issue.record("no checks")
      return
    }
    let own = entries.first { $0["name"] == "SELF_CORRELATION" }
    #expect(own?["result"] == "PASS")
    let self0 = try stage.json(.get, "/alphas/\(id)/correlations/self")
    #expect(self0["records"] == .array([]))
    #expect(self0["max"] == .null)
    _ = try stage.simulated("rank(-returns) * 2")
    let prod = try stage.json(.get, "/alphas/\(id)/correlations/prod")
    guard case .array(let bins)? = prod["records"] else { return }
    #expect(bins.count == 20)
    #expect(prod["max"]?.asNumber ?? 0 > 0.99)
  }

  @Test("a failing alpha is not submitted, and a passing one once, so many a day")
  func submission() throws {
    let stage = try BrainStage()
    try stage.logIn()
    let id = try stage.alpha("rank(-returns)")
    let refused = try stage.ask(.post, "/alphas/\(id)/submit")
    #expect(refused.status == 403)
    #expect(text(refused).contains("\"result\":\"FAIL\""))
    #expect(try stage.json(.get, "/alphas/\(id)")["status"] == "UNSUBMITTED")
    #expect(try stage.ask(.get, "/alphas/\(id)/submit").status == 404)
  }

  @Test("a passing alpha is submitted once, so many a day, and later ones may not resemble it")
  func submissions() throws {
    let stage = try BrainStage(panel: BrainStage.predictablePanel()) { $0.submissionsPerDay = 1 }
    try stage.logIn()
    let id = try stage.alpha("ts_mean(returns, 5)")
    let submitted = try stage.ask(.post, "/alphas/\(id)/submit")
    #expect(submitted.status == 201, "\(text(submitted))")
    #expect(try stage.ask(.get, "/alphas/\(id)/submit").status == 200)
    #expect(try stage.ask(.post, "/alphas/\(id)/submit").status == 404)
    #expect(try stage.json(.get, "/alphas/\(id)")["status"] == "ACTIVE")
    let twin = try stage.alpha("ts_mean(returns, 6)")
    let similar = try stage.ask(.post, "/alphas/\(twin)/submit")
    #expect(similar.status == 403)
    #expect(text(similar).contains("\"name\":\"SELF_CORRELATION\",\"result\":\"FAIL\""))
    let other = try stage.alpha("ts_mean(volume, 3) * -1")
    let full = try stage.ask(.post, "/alphas/\(other)/submit")
    #expect(full.status == 403)
  }

  @Test("what an owner writes on an alpha stays, and what is no note is refused whole")
  func notes() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/brain-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (id, patched, table) = try { () -> (String, JSONValue, JSONValue) in
      let stage = try BrainStage { $0.folder = folder }
      try stage.logIn()
      let id = try stage.alpha("rank(-returns)")
      let patched = try stage.json(
        .patch, "/alphas/\(id)",
        "{\"name\":\"Reversal\",\"tags\":[\"short\"],\"regular\":{\"description\":\"why\"}}")
      let wrong = try stage.ask(.patch, "/alphas/\(id)", "{\"name\":\"x\",\"tags\":1}")
      #expect(wrong.status == 400)
      return (id, patched, try stage.json(.get, "/alphas/\(id)/recordsets/pnl"))
    }()
    // The first server is gone, and with it its hold on the folder.
    try restarted(folder, id, patched, table)
    // A file that is damaged is never read as nothing.
    let file = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".json") })
    try Data("{".utf8).write(to: URL(fileURLWithPath: folder + "/" + file))
    #expect(throws: BrainServerFailure.unreadableAlpha(path: folder + "/" + file)) {
      try BrainStage { $0.folder = folder }
    }
  }

  private func restarted(
    _ folder: String, _ id: String, _ patched: JSONValue, _ table: JSONValue
  ) throws {
    let again = try BrainStage { $0.folder = folder }
    try again.logIn()
    let kept = try again.json(.get, "/alphas/\(id)")
    #expect(kept["name"] == "Reversal")
    #expect(kept["tags"] == .strings(["short"]))
    #expect(kept["regular"]?["description"] == "why")
    #expect(kept["is"] == patched["is"])
    #expect(try again.json(.get, "/alphas/\(id)/recordsets/pnl") == table)
    #expect(try again.json(.get, "/tags") == .array([["name": "short", "alphaCount": 1]]))
  }

  @Test(
    "alphas are found by conditions",
    arguments: [
      ("status=UNSUBMITTED", 2), ("status=ACTIVE", 0), ("is.sharpe%3E-100", 2),
      ("is.sharpe>100", 0), ("settings.region=USA", 2), ("settings.region=EUR", 0),
      ("name~REV", 1), ("tag=short", 1), ("favorite=false", 2),
      ("dateCreated>=2026-07-14T00:00:00-04:00", 2), ("dateCreated<2026-07-14T00:00:00-04:00", 0),
      ("regular.code=rank(volume)", 1), ("nothing.like=this", 0), ("limit=1", 2),
    ])
  func conditions(query: String, count: Int) throws {
    let stage = try BrainStage()
    try stage.logIn()
    let id = try stage.alpha("rank(-returns)")
    _ = try stage.alpha("rank(volume)")
    _ = try stage.ask(
      .patch, "/alphas/\(id)", "{\"name\":\"my reversal\",\"tags\":[\"short\"]}")
    let page = try stage.json(.get, "/users/self/alphas?\(query)")
    #expect(page["count"] == .integer(count))
  }

  @Test("what was simulated is counted by Eastern day")
  func activities() throws {
    let stage = try BrainStage()
    try stage.logIn()
    _ = try stage.alpha("rank(-returns)")
    _ = try stage.alpha("rank(volume)")
    let answer = try stage.json(.get, "/users/self/activities/simulations")
    #expect(answer["current"]?["count"] == 2)
    #expect(answer["yesterday"]?["count"] == 0)
    #expect(answer["records"]?["records"] == .array([.array(["2026-07-14", 2])]))
    let summary = try stage.json(.get, "/users/self/alphas/summary")
    #expect(summary == ["is": 2, "os": 0, "prod": 0])
  }
}
