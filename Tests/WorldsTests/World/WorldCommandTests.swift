import Essentials
import Testing

@testable import Worlds

@Suite("Commands to a world")
struct WorldCommandTests {
  @Test("A1 to A3: each command takes its role, and a denial says which")
  func roles() throws {
    let bench = try WorldBench.running([("a", .dryrun)])
    let stranger = WorldActor.token("zoe", ceiling: .owner)
    let table: [(WorldCommand, WorldRole)] = [
      (.declare(.paused, reason: ""), .operator), (.freeze(reason: ""), .operator),
      (.evaluate(at: bench.now), .operator), (.submit(WorldBench.submission("n")), .operator),
      (.withdraw(instance: "a", reason: ""), .operator),
      (.publish(WorldBench.proposal(WorldBench.policy { $0.interval = .hours(1) })), .owner),
      (.rollBack(version: 1, reason: ""), .owner), (.resetBreaker(reason: ""), .owner),
      (.delete(reason: ""), .owner),
    ]
    for (command, needed) in table {
      let actors: [(WorldActor, WorldRole?)] = [
        (WorldBench.owner, .owner), (WorldBench.operator, .operator), (WorldBench.reader, .reader),
        (stranger, nil), (.token("ann", ceiling: .reader), .reader), (.desk, .operator),
        (.commandLine(user: "x"), .owner),
      ]
      for (actor, role) in actors {
        let isAllowed = role.map { $0 >= needed } ?? false
        do {
          _ = try bench.state.decide(on: command, by: actor)
          #expect(isAllowed, "\(command.name) by \(actor.name)")
        } catch {
          #expect(!isAllowed, "\(command.name) by \(actor.name): \(error)")
          guard case .denied(_, let name, let denial) = error else {
            Issue.record("\(error)")
            continue
          }
          #expect(name == actor.name)
          #expect(denial == WorldDenial(command: command.name, role: role, needed: needed))
        }
      }
    }
  }

  @Test("A9: whoever published the policy may not approve what it lets go live")
  func approval() throws {
    var bench = try WorldBench.running([("a", .dryrun)]) {
      $0.selection.approval = .manual(approvers: ["ann", "bob"])
    }
    func key(_ actor: WorldActor) -> String? {
      do throws(WorldRefusal) {
        _ = try bench.state.decide(on: .approve(instance: "a", plan: nil), by: actor)
        return nil
      } catch { return error.key }
    }
    #expect(key(WorldBench.owner) == "self_approval")
    #expect(key(WorldBench.reader) == "not_an_approver")
    #expect(key(.desk) == "not_an_approver")
    try bench.order(.approve(instance: "a", plan: nil), by: WorldBench.operator)
    #expect(bench.state.instances["a"]?.approval?.by == "bob")
    #expect(try bench.order(.approve(instance: "a", plan: nil), by: WorldBench.operator).isEmpty)
  }

  @Test("a submission is entered once, whatever it is called")
  func submissions() throws {
    var bench = try WorldBench.running([("a", .dryrun)])
    let same = WorldBench.submission("a")
    #expect(try bench.order(.submit(same)).isEmpty)
    func key(_ submission: InstanceSubmission) -> String? {
      do throws(WorldRefusal) {
        _ = try bench.state.decide(on: .submit(submission), by: WorldBench.owner)
        return nil
      } catch { return error.key }
    }
    #expect(key(WorldBench.submission("a", formula: "other")) == "instance_conflict")
    #expect(key(WorldBench.submission("b", formula: same.formula)) == "same_instance")
    #expect(key(WorldBench.submission("b", .short, formula: same.formula)) == nil)
    #expect(key(WorldBench.submission("not a name")) == "unusable_instance")
  }

  @Test("a policy that is published again is no new version, and an older one comes back as a new")
  func policies() throws {
    var bench = try WorldBench.running([])
    let first = WorldBench.policy()
    let second = WorldBench.policy { $0.interval = .hours(1) }
    #expect(try bench.order(.publish(WorldBench.proposal(first))).isEmpty)
    try bench.order(.publish(WorldBench.proposal(second)))
    #expect(bench.state.policies.map(\.publication.version) == [1, 2])
    try bench.order(.rollBack(version: 1, reason: "worse"))
    #expect(bench.state.policies.map(\.publication.version) == [1, 2, 3])
    #expect(bench.state.rules == first)
    #expect(throws: WorldRefusal.self) {
      try bench.order(.rollBack(version: 9, reason: ""))
    }
    var other = WorldBench.policy()
    other.world = "elsewhere"
    #expect(throws: WorldRefusal.self) {
      try bench.order(.publish(WorldBench.proposal(other)))
    }
  }

  @Test("a person promotes what the plan lets go live, and nothing that it holds")
  func promotion() throws {
    var bench = try WorldBench.running([("a", .dryrun), ("b", .dryrun)])
    func key(_ id: String) -> String? {
      do throws(WorldRefusal) {
        _ = try bench.state.cutover(.promote([id], reason: ""))
        return nil
      } catch { return error.key }
    }
    #expect(key("a") == "not_promotable")
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1, "b": 0.1])
    #expect(key("a") == nil)
    #expect(key("b") == "not_promotable")
    #expect(key("c") == "unknown_instance")
  }

  @Test("what leaves money has its gate closed first")
  func retiring() throws {
    var bench = try WorldBench.running([("a", .live)])
    let events = try bench.order(.retire(instance: "a", reason: "done"))
    #expect(events.map(\.kind) == ["gate.changed", "world.phase_moved"])
    #expect(bench.state.instances["a"]?.gate.state == .closed)
    #expect(throws: WorldRefusal.self) {
      try bench.order(.retire(instance: "a", reason: "again"))
    }
  }

  @Test("while a run has an instance nobody else moves it")
  func underWay() throws {
    var bench = try WorldBench.running([("a", .dryrun)])
    bench.now = bench.now + .days(1)
    try bench.evaluate(["a": 1])
    let evaluation = try #require(bench.state.evaluation)
    let plan = try #require(try bench.state.cutover(.plan(evaluation.plan.id)))
    let facts = WorldBench.facts(of: plan, in: bench.state)
    bench.tell(facts.prefix(3).map { .cutover(CutoverEvent(run: plan.run, $0)) })
    let error = #expect(throws: WorldRefusal.self) {
      try bench.order(.withdraw(instance: "a", reason: ""))
    }
    #expect(error?.key == "run_in_progress")
    bench.tell(facts.dropFirst(3).map { .cutover(CutoverEvent(run: plan.run, $0)) })
    #expect(bench.state.instances["a"]?.phase == .live)
  }

  @Test("a world that is deleted does nothing more, and one that is not there only begins")
  func beginningAndEnd() throws {
    var bench = try WorldBench.running([("a", .live)])
    try bench.order(.delete(reason: "over"))
    #expect(bench.state.instances["a"]?.gate.state == .closed)
    #expect(throws: WorldRefusal.deleted("w")) { try bench.order(.freeze(reason: "")) }
    #expect(throws: WorldRefusal.noWorld("x")) {
      try WorldState(world: "x").decide(on: .freeze(reason: ""), by: WorldBench.owner)
    }
    let begun = try WorldState(world: "w").decide(
      on: .publish(WorldBench.proposal(WorldBench.policy())),
      by: .token("anybody", ceiling: .owner))
    #expect(begun.map(\.kind) == ["world.created", "world.policy_published"])
  }
}
