import Essentials
import Testing

@testable import Worlds

@Suite("An event of a run")
struct CutoverEventTests {
  static func events() throws -> [CutoverEvent] {
    var bench = try CutoverBench(
      CutoverBench.plan(reweight: ["stay"]), rules: CutoverBench.rules { $0.monitorTicks = 0 })
    bench.transition = CutoverTransition(
      orders: [
        CutoverTests.order(0, 1, reducing: true),
        CutoverTests.order(1, 3, due: .seconds(0), after: 0),
      ], orphans: [OrphanPosition(instance: "old", symbol: "BTC", lots: -4)])
    bench.begin()
    var failed = try CutoverBench()
    failed.failing = .balance
    failed.begin()
    var rolledBack = try CutoverBench()
    rolledBack.unrecordable = ["cutover.switched"]
    rolledBack.begin()
    return (bench.log + failed.log + rolledBack.log).map(\.event)
  }

  @Test("of every kind reads back what it says")
  func roundTrip() throws {
    let events = try Self.events()
    #expect(Set(events.map(\.kind)) == Set(CutoverEvent.kinds))
    for event in events {
      let json = try JSONValue(parsing: event.json.compactText)
      #expect(try CutoverEvent(kind: event.kind, json: json) == event)
      guard case .object(let members) = event.json else {
        Issue.record("\(event.kind) is no object")
        continue
      }
      #expect(members.first == .init("run_id", .string("r1")))
    }
  }

  @Test("is not read from a record without one of its members")
  func missingMembers() throws {
    for event in try Self.events() {
      guard case .object(let members) = event.json else { continue }
      for member in members {
        let rest = members.filter { $0.name != member.name }
        #expect(throws: CutoverRecordFailure.self, "\(event.kind) without \(member.name)") {
          _ = try CutoverEvent(kind: event.kind, json: .object(rest))
        }
      }
    }
  }

  @Test("of an unknown kind is not read")
  func unknownKind() {
    #expect(throws: CutoverRecordFailure.unknownKind("cutover.won")) {
      _ = try CutoverEvent(kind: "cutover.won", json: ["run_id": "r"])
    }
  }

  @Test("whose plan is not the one of its digest is not read")
  func changedPlan() throws {
    let planned = try #require(try Self.events().first)
    guard case .object(var members) = planned.json,
      let place = members.firstIndex(where: { $0.name == "base_epoch" })
    else { return }
    members[place].value = 8
    #expect(throws: CutoverRecordFailure.unreadable(kind: planned.kind, member: "plan_hash")) {
      _ = try CutoverEvent(kind: planned.kind, json: .object(members))
    }
  }

  @Test("that cannot follow on the others is a contradiction")
  func contradictions() throws {
    let events = try Self.events().prefix(10).map {
      RecordedCutoverEvent($0, at: CutoverBench.start)
    }
    #expect(throws: CutoverRecordFailure.self) {
      _ = try CutoverHistory(replaying: [RecordedCutoverEvent]())
    }
    for place in events.indices {
      var broken = Array(events.prefix(place))
      broken += events.dropFirst(place + 1)
      // Without its last event a history is a shorter one.
      guard place < events.count - 1 else { continue }
      // An order that was not announced is announced by nobody else, and the others go on.
      if events[place].event.kind == "cutover.order_sent" { continue }
      #expect(throws: CutoverRecordFailure.self, "without event \(place)") {
        _ = try CutoverHistory(replaying: broken)
      }
      #expect(throws: CutoverRecordFailure.self, "event \(place) twice") {
        _ = try CutoverHistory(
          replaying: Array(events.prefix(place + 1)) + Array(events.dropFirst(place)))
      }
    }
  }
}
