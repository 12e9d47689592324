import Essentials
import Testing

@testable import Worlds

@Suite("Events of the graph")
struct GraphEventTests {
  private static let at = Timestamp(millisecondsSinceEpoch: 1_600_000_000_123)

  private static func samples() throws -> [GraphEvent] {
    let (graph, ids) = try GraphOutline([
      .init("raw", .raw, code: "close", parameters: ["field": "close"], interval: .hours(1)),
      .init(
        "mean", .indicator, code: "ts_mean", parameters: ["options": ["d": 3, "x": "nan"]],
        period: 3, interval: .hours(1), dependencies: ["raw"]),
    ]).build()
    var rules = SharingRules()
    rules.isolation = .shared
    rules.signal = .global
    rules.topicPrefix = "desk/a"
    rules.drain = .hours(7)
    return [
      GraphEvent(at: at, .joined(world: "a", rules: SharingRules())),
      GraphEvent(at: at, .joined(world: "a", rules: rules)),
      GraphEvent(at: at, .rooted(world: "a", roots: ids, nodes: graph.nodes)),
      GraphEvent(at: at, .rooted(world: "a", roots: [:], nodes: [])),
      GraphEvent(at: at, .rolledBack(world: "a", version: 4)),
      GraphEvent(at: at, .left(world: "a")), GraphEvent(at: at, .ticked),
    ]
  }

  @Test("an event that was written is read back as it was")
  func roundTrip() throws {
    for event in try Self.samples() {
      let text = event.json.compactText
      let read = try GraphEvent(json: JSONValue(parsing: text))
      #expect(read == event)
      #expect(read.json.compactText == text)
    }
  }

  @Test("an event that lacks a member, or has one of another kind, is refused with its name")
  func refused() throws {
    for event in try Self.samples() {
      guard case .object(let members) = event.json else { continue }
      for member in members {
        for value: JSONValue? in [nil, .bool(true), .object([.init("x", .null)])] {
          if value == nil || member.value != .object([]) {
            let changed = members.compactMap { other -> JSONValue.Member? in
              guard other.name == member.name else { return other }
              return value.map { JSONValue.Member(member.name, $0) }
            }
            let mistake = #expect(throws: GraphMistake.self) {
              try GraphEvent(json: .object(changed))
            }
            #expect(mistake?.key == "bad_graph_event", "\(member.name)")
            #expect(mistake?.outcome == .integrityViolated)
          }
        }
      }
    }
    #expect(throws: GraphMistake.unreadableEvent(member: "at_ms")) {
      try GraphEvent(json: ["at_ms": .integer(.max), "kind": "graph.ticked"])
    }
    #expect(throws: GraphMistake.unreadableEvent(member: "kind")) {
      try GraphEvent(json: ["at_ms": 1, "kind": "graph.exploded"])
    }
  }
}
