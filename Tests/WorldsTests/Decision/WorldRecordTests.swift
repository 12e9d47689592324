import Essentials
import Testing

@testable import Worlds

@Suite("Records of decisions")
struct WorldRecordTests {
  static let fixture = DecisionFixture(
    .init("a", p: 1), .init("b", .live, side: .short, f: 1, ["sharpe_mid": 0.1]),
    .init("c", .inactive), .init("d", p: 1, ["trades_60d": .nan]))

  @Test("a replay of a stored snapshot gives the plan that was made of it")
  func replay() throws {
    let snapshot = Self.fixture.snapshot
    #expect(
      snapshot.fingerprint.hexadecimal
        == "1795e4df8286f17b6cabac4d5be565cc8b36b6d5eab2cc47f4231192dd63983a")
    let stored = try WorldSnapshot(json: JSONValue(parsing: snapshot.json.compactText))
    let plan = WorldDecision.decide(stored, Self.fixture.policy)
    #expect(
      plan.id.hexadecimal == "9dafa6e7a47f3584f5d3e506623cd37a9785ad7c9a0163b605df02afcb9bedc7")
    #expect(
      Fingerprint(of: plan.json.compactText).hexadecimal
        == "63408a85e5efa113b6b3e8b201f0baa0c771db908b709db3553cbd73f7cc5e5b")
  }

  @Test("the id of a plan is the digest of snapshot, policy and rules")
  func identity() {
    let snapshot = Self.fixture.snapshot
    let plan = WorldDecision.decide(snapshot, Self.fixture.policy)
    #expect(
      plan.id
        == Fingerprint(
          of: "\(snapshot.fingerprint)\n\(snapshot.policyFingerprint)\nathanor-world/1"))
  }

  static func changed(
    _ value: JSONValue, _ path: [String], _ change: (JSONValue?) -> JSONValue?
  ) -> JSONValue {
    guard let name = path.first else { return change(value)! }
    if case .array(var elements) = value, let place = Int(name) {
      elements[place] = changed(elements[place], Array(path.dropFirst()), change)
      return .array(elements)
    }
    guard case .object(var members) = value else { return value }
    let place = members.firstIndex { $0.name == name }
    if path.count > 1, let place {
      members[place].value = changed(members[place].value, Array(path.dropFirst()), change)
    } else {
      let changed = change(place.map { members[$0].value })
      if let place { members.remove(at: place) }
      if let changed { members.append(.init(name, changed)) }
    }
    return .object(members)
  }

  @Test(
    "a snapshot that is not as it was written is refused by the name of what is wrong",
    arguments: [
      ("world", nil, "The record has no world."),
      ("colour", JSONValue.null, "The record has a member colour that means nothing here."),
      ("cycle", .number(1.5), "In the record, cycle is not a whole number below 2^53."),
      ("at", .integer(.max), "In the record, at is not a whole number below 2^53."),
      ("declared", "asleep", "In the record, declared is not one of active, eval_only, paused."),
      ("policy", "12", "In the record, policy is not a digest of 64 hexadecimal digits."),
      ("instances.0.passes", -1, "In the record, instances[0].passes is not a count."),
      ("instances.0.warm", 1, "In the record, instances[0].warm is not true or false."),
      (
        "instances.1.id", "a",
        "In the record, instances is not an array of instances with ids of their own."
      ),
      (
        "evidence.0.values", .array([]),
        "In the record, evidence[0].values is not an array with 4 elements."
      ),
      (
        "correlations.values", .array([]),
        "In the record, correlations.values is not a pair for each two of 4 instances."
      ),
      ("schema", "athanor-snapshot/9", "In the record, schema is not athanor-snapshot/1."),
    ] as [(String, JSONValue?, String)])
  func defects(_ path: String, _ value: JSONValue?, _ explanation: String) {
    let json = Self.changed(
      Self.fixture.snapshot.json, path.split(separator: ".").map(String.init)
    ) { _ in value }
    let failure = #expect(throws: WorldRecordFailure.self) { try WorldSnapshot(json: json) }
    #expect(failure?.explanation == explanation)
    #expect(failure?.key == "bad_world_record")
  }

  @Test("a plan with a reason that nobody knows is refused")
  func reasons() {
    let json = Self.fixture.plan.json
    for member in ["hold", "rejection"] {
      let changed = Self.changed(json, ["rows", "0", member]) { _ in "moon" }
      #expect(throws: WorldRecordFailure.self) { try WorldPlan(json: changed) }
    }
  }
}
