import Essentials
import Networking
import Research
import Storage
import Synchronization
import Testing
import Worlds

@testable import Services

@Suite("What is told of worlds over HTTP")
struct WorldReadingRoutesTests {
  @Test("the routes and the command line tell one world and one list")
  func oneOverview() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"])
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    let state = try bench.desk.existing("w")
    let told = try WorldOverview(
      of: state, at: bench.desk, for: .token("eve", ceiling: .reader))
    #expect(try bench.json("/worlds/w") == JSONValue(parsing: told.json.compactText))
    let list = WorldOverview.list([WorldOverview(listing: state)])
    #expect(try bench.json("/worlds") == JSONValue(parsing: list.compactText))
  }

  @Test("a world is told with its instances, what the last decision saw of them, and its gates")
  func overview() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a", "b"])
    for _ in 0..<3 { try bench.evaluate(["a": 1, "b": 0.2]) }
    let world = try bench.json("/worlds/w")
    #expect(world["mode"] == "active")
    #expect(world["cycle"] == 3)
    #expect(world["counts"]?["live"] == 1)
    #expect(world["policy"]?["published_by"] == "ann")
    #expect(world["breaker"]?["state"] == "armed")
    #expect(world["currency"]?["standing"] == "CURRENT")
    #expect(world["currency"]?["lag_ms"] == 60_000)
    let instances = world["instances"]?.elements ?? []
    #expect(instances.compactMap { $0["id"]?.string } == ["a", "b"])
    #expect(instances.compactMap { $0["verdict"]?.string } == ["pass", "fail"])
    #expect(instances[0]["metrics"]?["sharpe@mid"]?["value"]?.number == 1)
    #expect(instances[0]["metrics"]?["sharpe@mid"]?["known"] == .bool(true))
    #expect(instances[0]["gate"]?["state"] == "open")
    #expect(instances[0]["weight"]?.number == 0.12)
    #expect(instances[1]["gate"]?["state"] == "closed")
    #expect(world["risk"]?["scale"]?.number == 1)
  }

  @Test("a decision is sent in the bytes of its record, its id is the tag, and 304 what is known")
  func decision() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    #expect(try bench.ask("/worlds/w/decide").status == 404)
    try bench.evaluate(["a": 1])
    let first = try bench.ask("/worlds/w/decide")
    let plan = try #require(try bench.desk.state(of: "w").evaluation?.plan)
    #expect(first.text == plan.json.compactText)
    #expect(first.headers["ETag"] == "\"\(plan.id.hexadecimal)\"")
    let tag = try #require(first.headers["ETag"])
    let again = try bench.ask("/worlds/w/decide", headers: ["If-None-Match": tag])
    #expect(again.status == 304 && again.body.isEmpty)
    // What happens elsewhere in the journal leaves it as it is; an evaluation does not.
    try bench.world.journal.append(
      JournalDraft("test.noise", at: bench.world.clock.now, payload: [:]))
    #expect(try bench.ask("/worlds/w/decide", headers: ["If-None-Match": tag]).status == 304)
    try bench.evaluate(["a": 1])
    let next = try bench.ask("/worlds/w/decide", headers: ["If-None-Match": tag])
    #expect(next.status == 200)
    #expect(next.json["cycle"] == 2)
    // The past is sent by its cycle.
    let past = try bench.ask("/worlds/w/decide?at=1")
    #expect(past.text == first.text)
    #expect(past.headers["ETag"] == tag)
    #expect(try bench.ask("/worlds/w/decide?at=9").json["error"] == "unknown_cycle")
  }

  @Test("gates follow what another program does, and leases what their holders trust")
  func activation() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    func gate() throws -> JSONValue? {
      try bench.json("/worlds/w/activation")["gates"]?.elements[0]
    }
    #expect(try gate()?["state"] == "open")
    #expect(try gate()?["lease_until"] == .null)
    // Another desk over the same journal.
    try bench.world.desk.carryOut(.freeze(reason: "x"), in: "w", by: WorldDeskBench.operator)
    #expect(try gate()?["state"] == "closed")
    try bench.world.desk.carryOut(.resume(reason: "x"), in: "w", by: WorldDeskBench.operator)
    let before = try bench.ask("/worlds/w/activation")
    bench.lease.withLock { $0 = bench.world.clock.now + .seconds(15) }
    #expect(
      try gate()?["lease_until"]?.string == (bench.world.clock.now + .seconds(15)).wireText)
    #expect(try bench.ask("/worlds/w/activation").headers["ETag"] != before.headers["ETag"])
    #expect(
      try bench.json("/worlds/w/activation")["epoch"]
        == .integer(try bench.desk.state(of: "w").epoch))
  }

  @Test("the audit is read forwards and backwards, all of it, of a kind, and of a group of kinds")
  func audit() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a", "b"])
    for _ in 0..<4 { try bench.evaluate(["a": 1, "b": 1]) }
    let all = try bench.events("")
    #expect(all.count > 12)
    let numbers = all.compactMap { $0["seq"]?.number }
    #expect(numbers == numbers.sorted())
    var forwards: [JSONValue] = []
    var next: JSONValue = 0
    while next != .null {
      let page = try bench.json("/worlds/w/audit?limit=3&after=\(next.compactText)")
      forwards += page["events"]?.elements ?? []
      next = page["next"] ?? .null
    }
    #expect(forwards.map { $0["seq"] } == all.map { $0["seq"] })
    var backwards: [JSONValue] = []
    next = .integer(9_007_199_254_740_991)
    while next != .null {
      let page = try bench.json("/worlds/w/audit?limit=4&before=\(next.compactText)")
      backwards += page["events"]?.elements ?? []
      next = page["next"] ?? .null
    }
    #expect(backwards.reversed().map { $0["seq"] } == all.map { $0["seq"] })
    let cutovers = try bench.events("cutover")
    #expect(cutovers.count == all.count { $0["kind"]?.string?.hasPrefix("cutover.") == true })
    #expect(cutovers.count > 5)
    #expect(try bench.events("cutover.planned").count == 1)
    #expect(try bench.events("cut").isEmpty)
    #expect(all.allSatisfy { $0["summary"]?.string?.isEmpty == false })
    #expect(all.allSatisfy { $0["summary_ko"]?.string?.isEmpty == false })
    #expect(all.first?["actor"] == "ann")
  }

  @Test("a long payload is left out of a page and sent alone")
  func longPayloads() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let formula = "rank(" + String(repeating: "close + ", count: 10_000) + "close)"
    _ = try bench.desk.submit(
      InstanceSubmission(id: "long", strategy: "s", side: .long, formula: formula), in: "w",
      by: WorldDeskBench.operator)
    let page = try #require(try bench.events("world.instance_submitted").last)
    #expect(page["payload"]?["omitted"] == .bool(true))
    let seq = Int(try #require(page["seq"]?.number))
    let alone = try bench.json("/worlds/w/audit?after=\(seq - 1)&limit=1")["events"]?.elements[0]
    #expect(alone?["payload"]?["instance"]?["formula"]?.string == formula)
  }

  @Test("a deleted world is gone, and its record stays")
  func deletion() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    try bench.evaluate(["a": 1])
    try bench.desk.carryOut(.delete(reason: "over"), in: "w", by: WorldDeskBench.owner)
    #expect(try bench.json("/worlds")["count"] == 0)
    for path in ["", "/activation"] {
      let response = try bench.ask("/worlds/w\(path)")
      #expect(response.status == 404)
      #expect(response.json["error"] == "world_deleted")
    }
    #expect(try bench.events("world.deleted").count == 1)
    #expect(try bench.ask("/worlds/w/decide?at=1").status == 200)
    #expect(try bench.ask("/worlds/w/explain/a").status == 200)
    #expect(try bench.ask("/worlds/w/history").status == 200)
  }

  @Test("a verdict is explained in both languages, of the last cycle and of earlier ones")
  func explanation() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    for _ in 0..<3 { try bench.evaluate(["a": 0.2]) }
    let last = try bench.json("/worlds/w/explain/a")
    #expect(last["cycle"] == 3)
    func texts(_ node: JSONValue) -> [JSONValue] {
      [node] + (node["children"]?.elements ?? []).flatMap(texts)
    }
    let nodes = texts(try #require(last["tree"]))
    #expect(nodes.count > 4)
    #expect(nodes.allSatisfy { $0["text"]?.string?.isEmpty == false })
    #expect(nodes.allSatisfy { $0["text_ko"]?.string?.isEmpty == false })
    #expect(nodes.contains { $0["value"]?.number == 0.2 && $0["limit"]?.number == 0.6 })
    #expect(try bench.json("/worlds/w/explain/a?cycle=1")["cycle"] == 1)
    let wrong = try bench.ask("/worlds/w/explain/aa")
    #expect(wrong.status == 404)
    #expect(wrong.json["detail"]?.string?.contains("There is a.") == true)
    _ = try bench.desk.submit(
      WorldDeskBench.submission("late"), in: "w", by: WorldDeskBench.operator)
    #expect(try bench.ask("/worlds/w/explain/late").json["error"] == "not_in_plan")
  }

  @Test("the history says what moved in each cycle, like the desk's own fold")
  func history() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a", "b"])
    for day in 0..<6 { try bench.evaluate(["a": day < 4 ? 1 : 0.1, "b": 1]) }
    let cycles = try bench.json("/worlds/w/history")["cycles"]?.elements ?? []
    let oracle = try bench.desk.history(of: "w", limit: 100)
    #expect(cycles.count == 6)
    #expect(cycles.map { $0["live"]?.number } == oracle.map { Double($0.live) })
    #expect(
      cycles.map { $0["moves"]?.elements.compactMap { $0["to"]?.string } }
        == oracle.map { $0.moves.map(\.to.rawValue) })
    #expect(try bench.json("/worlds/w/history?limit=2")["cycles"]?.elements.count == 2)
  }

  @Test("everything that is answered fits the published schemas")
  func schemas() throws {
    let bench = try WorldRouteBench()
    let desk = try DeskBench()
    let router = Router(
      routes: desk.routes.routes(beside: bench.routes.routes, schemas: WorldSchemas.all),
      guardian: OpenGuard())
    let document = router.answer(
      ServerRequest(
        .get, try #require(RequestTarget("/openapi.json")),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true))
    ).json
    let check = SchemaCheck(openAPI: document)
    func schema(_ name: String) -> JSONValue {
      ["$ref": .string("#/components/schemas/\(name)")]
    }
    func fits(_ json: JSONValue, _ name: String) {
      #expect(check.mistakes(json, schema(name)) == [], "\(name)")
    }
    try bench.world.begin(["a", "b"])
    for _ in 0..<2 { try bench.evaluate(["a": 1, "b": 1]) }
    fits(try bench.evaluate(["a": 1, "b": 0.1]), "WorldEvaluationReceipt")
    fits(try bench.json("/worlds"), "WorldList")
    fits(try bench.json("/worlds/w/decide"), "WorldPlan")
    fits(try bench.json("/worlds/w/activation"), "WorldActivation")
    fits(try bench.json("/worlds/w/audit"), "WorldAudit")
    fits(try bench.json("/worlds/w/explain/a"), "WorldExplanation")
    fits(try bench.json("/worlds/w/history"), "WorldHistory")
    fits(try bench.post("/worlds/w/freeze").json, "WorldReceipt")
    fits(
      try bench.post("/strategies/a/demote", ["world": "w"]).json, "WorldTransitionReceipt")
    var changed = WorldRouteBench.policy.replacing("0.6", with: "0.7")
    fits(
      try bench.post("/worlds/w/policy", ["text": .string(changed)], as: "ann:owner").json,
      "WorldPolicyReceipt")
    changed += "\nselction: {}"
    fits(
      try bench.post("/worlds/w/policy", ["text": .string(changed)], as: "ann:owner").json,
      "PolicyFailure")
    // Measures have names of their own, so what they hold is checked one by one.
    let world = try bench.json("/worlds/w")
    for instance in world["instances"]?.elements ?? [] {
      #expect(instance["metrics"]?["sharpe@mid"]?["known"] != nil)
    }
    let bare = JSONValue.object(
      world.memberList.map { member in
        guard member.name == "instances" else { return member }
        return .init(
          "instances",
          .array(
            member.value.elements.map { instance in
              .object(
                instance.memberList.map { $0.name == "metrics" ? .init("metrics", .null) : $0 })
            }))
      })
    let mistakes = check.mistakes(bare, schema("World")).filter { !$0.contains(".metrics") }
    #expect(mistakes == [])
    // Every schema of worlds is used by a route.
    let text = document.compactText
    for named in WorldSchemas.all {
      #expect(text.contains("\"#/components/schemas/\(named.name)\""), "\(named.name)")
    }
  }

  @Test("events of worlds go over the wire in sentences, with how grave they are")
  func envelopes() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    _ = try bench.post("/worlds/w/freeze", ["reason": "storm"])
    _ = try bench.post("/worlds/w/freeze", [:], as: "eve:viewer")
    let events = try bench.world.journal.lastEvents(
      2, filter: JournalFilter(run: WorldBook.run(of: "w")))
    let envelopes = events.map { EventEnvelope(telling: $0) }
    #expect(envelopes.map(\.message).first == "Every gate was frozen (storm).")
    #expect(envelopes.map(\.stage) == ["gate", "world"])
    #expect(envelopes.map(\.severity) == [.warn, .warn])
    #expect(envelopes.map(\.run) == ["world:w", "world:w"])
    let frame = LiveFrame(events[0])
    #expect(frame.seq == events[0].seq && !frame.text.bytes.isEmpty)
  }
}
