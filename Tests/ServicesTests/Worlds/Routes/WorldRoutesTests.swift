import Essentials
import Networking
import Storage
import Testing
import Worlds

@testable import Services

@Suite("Who may do what over the routes of worlds")
struct WorldRoutesTests {
  @Test("an owner of the desk creates a world with its first policy, and nobody else does")
  func creation() throws {
    let bench = try WorldRouteBench()
    let body: JSONValue = ["text": .string(WorldRouteBench.policy), "reason": "begin"]
    #expect(try bench.post("/worlds/w/policy", body, as: "bob:operator").status == 403)
    #expect(try bench.post("/worlds/w/policy", body, as: nil).status == 401)
    let (status, json) = try bench.post("/worlds/w/policy", body, as: "ann:owner")
    #expect(status == 200, "\(json.compactText)")
    #expect(json["version"] == 1)
    #expect(json["new"] == .bool(true))
    let again = try bench.post("/worlds/w/policy", body, as: "ann:owner").json
    #expect(again["new"] == .bool(false))
    #expect(again["fingerprint"] == json["fingerprint"])
    let changed = WorldRouteBench.policy.replacing("0.6", with: "0.7")
    let second = try bench.post(
      "/worlds/w/policy", ["text": .string(changed)], as: "ann:owner"
    ).json
    #expect(second["version"] == 2)
    #expect(second["diff"]?.elements.count == 1)
    #expect(try bench.json("/worlds")["count"] == 1)
    // Another owner of the desk is no owner of the world.
    let foreign = try bench.post("/worlds/w/policy", body, as: "zoe:owner")
    #expect(foreign.status == 403)
    #expect(foreign.json["error"] == "denied")
  }

  @Test(
    "A1 to A3: what a role does not allow is answered 403 and recorded, also under a high ceiling")
  func denials() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let cases: [(path: String, body: JSONValue, caller: String)] = [
      ("/worlds/w/freeze", [:], "eve:viewer"), ("/worlds/w/evaluate", [:], "eve:owner"),
      ("/worlds/w/policy", ["text": .string(WorldRouteBench.policy)], "bob:operator"),
      ("/worlds/w/policy", ["text": .string(WorldRouteBench.policy)], "bob:owner"),
      ("/worlds/w/reset-breaker", [:], "bob:operator"),
      ("/worlds/w/rollback", ["version": 1], "bob:operator"),
      ("/worlds/w/state", ["state": "paused"], "ann:viewer"),
      ("/strategies/a/promote", ["world": "w"], "eve:viewer"),
      ("/worlds/w/freeze", [:], "nobody:owner"),
    ]
    for item in cases {
      let (status, json) = try bench.post(item.path, item.body, as: item.caller)
      #expect(status == 403, "\(item.path) as \(item.caller): \(json.compactText)")
      #expect(json["error"] == "denied")
      #expect(json["detail"]?.string?.contains(item.caller.prefix(3)) == true)
    }
    let denied = try bench.events("world.denied")
    #expect(denied.compactMap { $0["actor"]?.string } == cases.map { $0.caller.before(":") })
    #expect(denied.first?["payload"]?["command"] == "freeze")
    // Nothing else happened.
    #expect(try bench.desk.state(of: "w").isFrozen == false)
  }

  @Test("A4: who acts is the credential, whatever a body says of an actor")
  func identity() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    let (status, _) = try bench.post(
      "/worlds/w/freeze", ["actor": "ann", "reason": "storm"], as: "bob:operator")
    #expect(status == 200)
    #expect(try bench.post("/worlds/w/freeze", ["actor": "ann"], as: "eve:viewer").status == 403)
    #expect(try bench.events("gate.changed").last?["actor"] == "bob")
    #expect(try bench.events("world.denied").last?["actor"] == "eve")
  }

  @Test("without a token nothing is changed, though everything may be read")
  func anonymous() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a"]) { $0.roles.readers = ["*"] }
    for path in ["freeze", "resume", "evaluate", "state", "policy", "activation", "submit"] {
      let (status, json) = try bench.post("/worlds/w/\(path)", [:], as: nil)
      #expect(status == 401, "\(path): \(json.compactText)")
    }
    #expect(try bench.events("world.denied").isEmpty)
    #expect(try bench.json("/worlds/w", as: nil)["caller"]?["role"] == "viewer")
  }

  @Test("a world that names its readers is told to nobody else")
  func readers() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    try bench.evaluate(["a": 1])
    for path in ["", "/decide", "/activation", "/audit", "/explain/a", "/history"] {
      #expect(try bench.ask("/worlds/w\(path)").status == 200, "\(path)")
      let response = try bench.ask("/worlds/w\(path)", as: "zoe:owner")
      #expect(response.status == 403, "\(path): \(response.text)")
    }
    #expect(try bench.json("/worlds", as: "zoe:owner")["count"] == 0)
    #expect(try bench.json("/worlds", as: "bob:viewer")["count"] == 1)
  }

  @Test(
    "a role in a world is shown as the lower of the desk's and the world's",
    arguments: [
      ("ann:owner", "owner"), ("ann:operator", "operator"), ("ann:viewer", "viewer"),
      ("bob:owner", "operator"), ("eve:owner", "viewer"),
    ])
  func roles(caller: String, role: String) throws {
    let bench = try WorldRouteBench()
    try bench.world.begin()
    #expect(try bench.json("/worlds/w", as: caller)["caller"]?["role"]?.string == role)
  }
}

extension String {
  fileprivate func before(_ mark: Character) -> String { String(prefix { $0 != mark }) }
}
