import Essentials
import Networking
import Storage
import Testing
import Worlds

@testable import Services

@Suite("Commands to worlds over HTTP")
struct WorldCommandRoutesTests {
  @Test("a policy with errors is refused with every finding, its line, column and remedy")
  func badPolicy() throws {
    let bench = try WorldRouteBench()
    let text = """
      world: w
      selction: {}
      selection:
        gates: sharpe@mid = 0.6
      """
    let (status, json) = try bench.post(
      "/worlds/w/policy", ["text": .string(text)], as: "ann:owner")
    #expect(status == 422)
    #expect(json["error"] == "invalid_policy")
    let findings = json["findings"]?.elements ?? []
    #expect(findings.count >= 2)
    #expect(findings.first?["line"] == 2)
    #expect(findings.first?["column"] == 1)
    #expect(findings.first?["remedy"]?.string?.contains("selection") == true)
    #expect(findings.contains { $0["line"] == 4 })
    #expect(try bench.desk.state(of: "w").isCreated == false)
    // Of another world than the path says.
    let other = try bench.post(
      "/worlds/x/policy", ["text": .string(WorldRouteBench.policy)], as: "ann:owner")
    #expect(other.status == 422)
    #expect(other.json["error"] == "policy_of_other_world")
  }

  @Test(
    "a body that is none is answered 400 and changes nothing",
    arguments: [
      "[]", "{\"reason\":1}", "{", "{\"resaon\":\"x\"}", "\"x\"",
    ])
  func badBody(body: String) throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let response = bench.router.answer(
      ServerRequest(
        .post, try #require(RequestTarget("/worlds/w/freeze")),
        headers: ["X-Caller": "bob:operator"], body: Array(body.utf8),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    #expect(response.status == 400, "\(response.text)")
    #expect(response.json["help"]?.string?.isEmpty == false)
    #expect(try bench.desk.state(of: "w").isFrozen == false)
  }

  @Test(
    "what is unknown is answered 404 under a name of its own",
    arguments: [
      ("/worlds/x/freeze", "unknown_world"), ("/worlds/w/approve", "unknown_instance"),
      ("/worlds/w/activation", "unknown_instance"), ("/strategies/zzz/promote", "unknown_instance"),
    ])
  func unknown(path: String, name: String) throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"]) { $0.selection.approval = .manual(approvers: ["cat"]) }
    let body: JSONValue =
      path.hasSuffix("promote")
      ? ["world": "w"]
      : path.hasSuffix("activation")
        ? ["instance": "b", "side": "long", "active": .bool(false)]
        : path.hasSuffix("approve") ? ["instance": "b"] : [:]
    let (status, json) = try bench.post(path, body)
    #expect(status == 404, "\(json.compactText)")
    #expect(json["error"]?.string == name)
  }

  @Test("freeze, resume, state and rollback say what followed, and doing them again nothing")
  func steering() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let frozen = try bench.post("/worlds/w/freeze", ["reason": "storm"]).json
    #expect(frozen["changed"] == .bool(true))
    #expect(frozen["mode"] == "eval_only")
    #expect(frozen["events"]?.elements.first?["summary"]?.string?.contains("storm") == true)
    #expect(try bench.post("/worlds/w/freeze").json["changed"] == .bool(false))
    #expect(try bench.post("/worlds/w/resume").json["mode"] == "active")
    #expect(
      try bench.post("/worlds/w/state", ["state": "paused"]).json["declared"] == "paused")
    let wrong = try bench.post("/worlds/w/state", ["state": "pasued"])
    #expect(wrong.status == 400)
    #expect(wrong.json["detail"]?.string?.contains("pasued") == true)
    let paused = try bench.post("/worlds/w/evaluate")
    #expect(paused.status == 409)
    #expect(paused.json["error"] == "world_paused")
    let missing = try bench.post("/worlds/w/rollback", ["version": 7], as: "ann:owner")
    #expect(missing.status == 404)
    #expect(missing.json["error"] == "unknown_version")
  }

  @Test("an evaluation says its plan and its run; one of the past or future is refused")
  func evaluation() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    #expect(try bench.evaluate(["a": 1])["cycle"] == 1)
    try bench.evaluate(["a": 1])
    let third = try bench.evaluate(["a": 1])
    #expect(third["run"]?["outcome"] == "completed")
    #expect(third["run"]?["promote"]?.elements == ["a"])
    let now = bench.world.clock.now.millisecondsSinceEpoch
    let past = try bench.post("/worlds/w/evaluate", ["now": .integer(Int(now) - 1)])
    #expect(past.status == 409)
    #expect(past.json["error"] == "clock_went_back")
    let future = try bench.post("/worlds/w/evaluate", ["now": .integer(Int(now) + 1)])
    #expect(future.status == 422)
    #expect(future.json["error"] == "instant_in_future")
  }

  @Test("a run that is named is carried out once; under its name nothing else is")
  func transitions() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a", "b"])
    for _ in 0..<3 { try bench.evaluate(["a": 1, "b": 1]) }
    #expect(try bench.desk.state(of: "w").counts[.live] == 2)
    let body: JSONValue = ["world": "w", "reason": "x", "run_id": "r1"]
    let first = try bench.post("/strategies/a/demote", body)
    #expect(first.status == 200, "\(first.json.compactText)")
    #expect(first.json["run"]?["id"] == "r1")
    #expect(first.json["run"]?["demote"]?.elements == ["a"])
    let again = try bench.post("/strategies/a/demote", body)
    #expect(again.status == 200)
    #expect(again.json["run"] == first.json["run"])
    #expect(try bench.events("cutover.planned").count == 2)
    let other = try bench.post("/strategies/b/demote", body)
    #expect(other.status == 409)
    #expect(other.json["error"] == "run_conflict")
    // What the plan does not promote is not promoted by hand either.
    let early = try bench.post("/strategies/a/promote", ["world": "w"])
    #expect(early.status == 409)
    #expect(early.json["error"] == "wrong_phase")
    // A strategy is all of its instances.
    let family = try bench.post("/strategies/s/demote", ["world": "w"])
    #expect(family.status == 200, "\(family.json.compactText)")
    #expect(family.json["run"]?["demote"]?.elements == ["b"])
    let nothing = try bench.post("/strategies/s/demote", ["world": "w"])
    #expect(nothing.status == 409)
    #expect(nothing.json["error"] == "nothing_to_switch")
  }

  @Test("what is on paper is taken back without a cutover")
  func withdrawal() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    for _ in 0..<2 { try bench.evaluate(["a": 0]) }
    #expect(try bench.desk.state(of: "w").counts[.dryrun] == 1)
    let (status, json) = try bench.post("/strategies/a/demote", ["world": "w", "reason": "x"])
    #expect(status == 200, "\(json.compactText)")
    #expect(json["run"] == .null)
    #expect(json["changed"] == .bool(true))
    #expect(try bench.desk.state(of: "w").counts[.inactive] == 1)
  }

  @Test("a gate is closed and given free, and only on the side that it has")
  func activation() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    func set(_ active: Bool, side: String = "long") throws -> (status: Int, json: JSONValue) {
      try bench.post(
        "/worlds/w/activation",
        ["instance": "a", "side": .string(side), "active": .bool(active), "reason": "x"])
    }
    #expect(try set(false, side: "short").status == 422)
    #expect(try set(false).status == 200)
    #expect(try bench.json("/worlds/w/activation")["gates"]?.elements[0]["state"] == "closed")
    #expect(try set(true).status == 200)
    #expect(try bench.json("/worlds/w/activation")["gates"]?.elements[0]["state"] == "open")
    _ = try bench.post("/worlds/w/freeze")
    let refused = try set(true)
    #expect(refused.status == 409)
    #expect(refused.json["error"] == "gate_stays_closed")
  }

  @Test("a promotion waits for one of those who may approve, who is not the publisher")
  func approval() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"]) {
      $0.selection.approval = .manual(approvers: ["ann", "cat"])
      $0.roles.readers = ["*"]
    }
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    #expect(try bench.desk.state(of: "w").counts[.dryrun] == 1)
    let own = try bench.post("/worlds/w/approve", ["instance": "a"], as: "ann:owner")
    #expect(own.status == 403)
    #expect(own.json["error"] == "self_approval")
    #expect(
      try bench.post("/worlds/w/approve", ["instance": "a"], as: "bob:operator").status == 403)
    let bad = try bench.post(
      "/worlds/w/approve", ["instance": "a", "plan_id": "xyz"], as: "cat:viewer")
    #expect(bad.status == 400)
    #expect(try bench.post("/worlds/w/approve", ["instance": "a"], as: "cat:viewer").status == 200)
    try bench.evaluate(["a": 1])
    #expect(try bench.desk.state(of: "w").counts[.live] == 1)
  }

  @Test("an alpha that no run knows is not entered")
  func submission() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let (status, json) = try bench.post(
      "/worlds/w/submit", ["alpha": "nothing", "side": "long"])
    #expect(status == 422)
    #expect(json["error"] == "unknown_alpha")
  }

  @Test("without anybody who switches, nothing is promoted or demoted")
  func noSwitches() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    let desk = WorldDesk(
      WorldDeskSetup(
        journal: bench.world.journal, now: { WorldDeskBench.start }, evidence: NoEvidence()))
    let routes = WorldRoutes(
      WorldRoutes.Setup(
        desk: desk, evaluator: WorldEvaluator(desk, meter: WorldMeter(), elapsed: { .zero }),
        now: { WorldDeskBench.start }))
    struct BobGuard: RequestGuard {
      func caller(of: ServerRequest, for: RouteAccess, opensSocket: Bool) -> Caller? {
        Caller(name: "bob", role: .operator)
      }
    }
    let response = Router(routes: routes.routes, guardian: BobGuard()).answer(
      ServerRequest(
        .post, try #require(RequestTarget("/strategies/a/demote")),
        body: Array(#"{"world":"w"}"#.utf8),
        peer: ServerPeer(address: "127.0.0.1", isLoopback: true)))
    #expect(response.status == 409)
    #expect(response.json["error"] == "no_switches")
  }

  @Test("the actions of alerts really act: a freeze stays, eval_only ends with its occasion")
  func alerts() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"]) {
      $0.alerts = [
        AlertRule(on: [.promoted], level: .critical, action: .freezeWorld),
        AlertRule(on: [.stale], level: .warn, action: .evalOnly),
      ]
    }
    bench.world.evidence.set(lag: .hours(3))
    try bench.evaluate(["a": 1])
    #expect(try bench.json("/worlds/w")["declared"] == "eval_only")
    // Who asked for the evaluation is one thing, who declared the other.
    #expect(try bench.events("world.evaluated").last?["actor"] == "bob")
    #expect(try bench.events("world.state_declared").last?["actor"] == "desk")
    bench.world.evidence.set(lag: .minutes(1))
    try bench.evaluate(["a": 1])
    #expect(try bench.json("/worlds/w")["declared"] == "active")
    for _ in 0..<3 { try bench.evaluate(["a": 1]) }
    let world = try bench.json("/worlds/w")
    #expect(world["frozen"] == .bool(true))
    #expect(
      world["alerts"]?.elements.contains {
        $0["occasion"] == "promoted" && $0["action"] == "freeze_world"
      } == true)
    // The gate of what was promoted is closed until a person resumes.
    #expect(try bench.json("/worlds/w/activation")["gates"]?.elements[0]["state"] == "closed")
    _ = try bench.post("/worlds/w/resume")
    #expect(try bench.json("/worlds/w/activation")["gates"]?.elements[0]["state"] == "open")
  }

  @Test("an alert that pauses a world keeps it from being evaluated until a person says otherwise")
  func pausing() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"]) {
      $0.alerts = [AlertRule(on: [.future], level: .critical, action: .pause)]
    }
    bench.world.evidence.set(lag: .hours(-3))
    try bench.evaluate(["a": 1])
    #expect(try bench.json("/worlds/w")["mode"] == "paused")
    bench.world.pass()
    #expect(try bench.post("/worlds/w/evaluate").status == 409)
    _ = try bench.post("/worlds/w/state", ["state": "active"])
    #expect(try bench.post("/worlds/w/evaluate").status == 200)
  }
}
