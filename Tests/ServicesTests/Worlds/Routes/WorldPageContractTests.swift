import Essentials
import Foundation
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("What the page of worlds was built against")
struct WorldPageContractTests {
  /// The names of members that the page's twin answers with, between two marks of its text.
  private static func names(from begin: String, to end: String) throws -> Set<String> {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Browser/WorldTwin.swift")
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: begin))
    let stop = try #require(text.range(of: end, range: start.upperBound..<text.endIndex))
    var names: Set<String> = []
    for match in text[start.upperBound..<stop.lowerBound].matches(of: /"([a-z_]+)":/) {
      names.insert(String(match.1))
    }
    return names
  }

  /// The names of all members, however deep.
  private static func names(in json: JSONValue) -> Set<String> {
    switch json {
    case .array(let elements):
      elements.reduce(into: []) { $0.formUnion(names(in: $1)) }
    case .object(let members):
      members.reduce(into: []) { names, member in
        names.insert(member.name)
        names.formUnion(Self.names(in: member.value))
      }
    default: []
    }
  }

  @Test("every member of the page's recorded answers is one of the real answers")
  func members() throws {
    let bench = try WorldRouteBench()
    try bench.world.begin(["a", "b"])
    for _ in 0..<4 { try bench.evaluate(["a": 1, "b": 0.1]) }
    let cases: [(target: String, begin: String, end: String)] = [
      ("/worlds", "private var summary", "private func gate"),
      ("/worlds/w/activation", "private func gate", "private var risk"),
      ("/worlds/w", "private var risk", "private func audit"),
      ("/worlds/w/history", "private var history", "private func plan"),
      ("/worlds/w/decide", "private func plan", "private func explanation"),
      ("/worlds/w/explain/a", "private func explanation", "extension WorldTwin.Entry"),
    ]
    for item in cases {
      let wanted = try Self.names(from: item.begin, to: item.end)
      #expect(!wanted.isEmpty)
      let told = Self.names(in: try bench.json(item.target))
      #expect(wanted.subtracting(told) == [], "\(item.target)")
    }
    let audit = try bench.json("/worlds/w/audit?before=\(EventCursor.max)&limit=1000")
    let wanted = try Self.names(from: "return [\n      \"events\"", to: "private var history")
    #expect(wanted.subtracting(Self.names(in: audit)) == [])
    // What the page folds cutovers and policies from.
    let events = audit["events"]?.elements ?? []
    let planned = try #require(events.first { $0["kind"] == "cutover.planned" })["payload"]
    #expect(planned?["run_id"]?.string != nil)
    #expect(planned?["promote"]?.elements.first?["instance"] == "a")
    let published = try #require(events.first { $0["kind"] == "world.policy_published" })["payload"]
    #expect(
      published?["policy"]?["selection"]?["hysteresis"]?["promote_after"]?["windows"]?.number == 1)
    #expect(published?["version"] == 1)
  }
}
