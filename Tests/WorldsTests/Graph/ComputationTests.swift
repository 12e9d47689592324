import Essentials
import Testing

@testable import Worlds

@Suite("Who computes a node for whom")
struct ComputationTests {
  private func rules(
    _ isolation: SharingRules.Isolation, raw: SharingRules.Scope = .global,
    indicator: SharingRules.Scope = .global, signal: SharingRules.Scope = .world
  ) -> SharingRules {
    var rules = SharingRules()
    rules.isolation = isolation
    rules.raw = raw
    rules.indicator = indicator
    rules.signal = signal
    return rules
  }

  @Test("only a world that shares computes with others, and only what is global all the way down")
  func owners() {
    let table: [(SharingRules, [NodeKind])] = [
      (rules(.silo), []),
      (rules(.silo, signal: .global), []),
      (rules(.shared), [.dataset, .raw, .indicator]),
      (rules(.shared, signal: .global), [.dataset, .raw, .indicator, .signal]),
      (rules(.shared, indicator: .world), [.dataset, .raw]),
      (rules(.shared, indicator: .world, signal: .global), [.dataset, .raw]),
      (rules(.shared, raw: .world), []),
    ]
    for (rules, shared) in table {
      #expect(
        NodeKind.allCases.filter { rules.owner(of: $0, in: "a") == .everybody } == shared)
    }
  }

  @Test("one node in two worlds has one key where both share its kind, and two otherwise (N1)")
  func keys() throws {
    let outline = GraphOutline([
      .init("data", .dataset, code: "dataset", interval: .days(1)),
      .init("close", .raw, code: "close", interval: .days(1), dependencies: ["data"]),
      .init("mean", .indicator, code: "mean", interval: .days(1), dependencies: ["close"]),
      .init("signal", .signal, code: "signal", interval: .days(1), dependencies: ["mean"]),
    ])
    let (graph, ids) = try outline.build()
    let data = [try #require(ids["data"]): Fingerprint(of: "bytes")]
    func distinct(_ first: SharingRules, _ second: SharingRules) -> [Int] {
      let keys = zip(
        graph.computeKeys(in: "a", rules: first, data: data),
        graph.computeKeys(in: "b", rules: second, data: data))
      return keys.map { Set([$0, $1]).count }
    }
    #expect(distinct(rules(.shared), rules(.shared)) == [1, 1, 1, 2])
    #expect(distinct(rules(.silo), rules(.shared)) == [2, 2, 2, 2])
    #expect(distinct(rules(.silo), rules(.silo)) == [2, 2, 2, 2])
    #expect(distinct(rules(.shared, indicator: .world), rules(.shared)) == [1, 1, 2, 2])
  }

  @Test("a key follows the data below its node and nothing else")
  func data() throws {
    let outline = GraphOutline([
      .init("p", .dataset, code: "prices", interval: .days(1)),
      .init("f", .dataset, code: "filings", interval: .days(1)),
      .init("close", .raw, code: "close", interval: .days(1), dependencies: ["p"]),
      .init("sales", .raw, code: "sales", interval: .days(1), dependencies: ["f"]),
      .init("ratio", .indicator, code: "/", interval: .days(1), dependencies: ["close", "sales"]),
      .init("one", .indicator, code: "1", interval: .days(1)),
    ])
    let (graph, ids) = try outline.build()
    let p = try #require(ids["p"])
    let f = try #require(ids["f"])
    let prices = Fingerprint(of: "prices")
    func keys(filings: String) -> [String: ComputeKey] {
      let keys = graph.computeKeys(
        in: "a", rules: rules(.shared), data: [p: prices, f: Fingerprint(of: filings)])
      return Dictionary(uniqueKeysWithValues: zip(graph.nodes.map(\.code), keys))
    }
    let before = keys(filings: "1")
    let after = keys(filings: "2")
    #expect(before["close"]?.data == prices)
    #expect(before["1"]?.data == nil)
    let changed = before.keys.filter { before[$0] != after[$0] }.sorted()
    #expect(changed == ["/", "filings", "sales"])
    #expect(Set(before.values.map(\.fingerprint)).count == graph.nodes.count)
  }

  @Test("values of a world are published below its prefix and shared ones below a common one")
  func topics() {
    let node = NodeID(Fingerprint(of: "node"))
    var rules = rules(.shared)
    #expect(rules.topic(of: Computation(node, for: .everybody)) == "shared/\(node)")
    #expect(rules.topic(of: Computation(node, for: .world("a"))) == "w/a/\(node)")
    rules.topicPrefix = "desk/a"
    #expect(rules.topic(of: Computation(node, for: .world("a"))) == "desk/a/\(node)")
  }

  @Test("a world of any name has keys of its own")
  func names() {
    let node = NodeID(Fingerprint(of: "node"))
    let owners: [NodeOwner] = [.everybody, .world("*"), .world(""), .world("null"), .world("a")]
    let keys = owners.map { ComputeKey(Computation(node, for: $0), data: nil).fingerprint }
    #expect(Set(keys).count == owners.count)
    #expect(owners.sorted() == [.everybody, .world(""), .world("*"), .world("a"), .world("null")])
  }

  @Test("rules outside their range are refused with the member and what it must be")
  func refused() {
    let mends: [(String, (inout SharingRules) -> Void)] = [
      ("topic_prefix", { $0.topicPrefix = "" }),
      ("topic_prefix", { $0.topicPrefix = "/a" }),
      ("topic_prefix", { $0.topicPrefix = "a/" }),
      ("topic_prefix", { $0.topicPrefix = "shared" }),
      ("topic_prefix", { $0.topicPrefix = "shared/a" }),
      ("keep_versions", { $0.keepVersions = 0 }),
      ("pin_rollback", { $0.pinRollback = .seconds(-1) }),
      ("pin_rollback", { $0.pinRollback = TimeSpan(milliseconds: .max) }),
      ("drain", { $0.drain = .seconds(-1) }),
      ("drain", { $0.drain = TimeSpan(milliseconds: .max) }),
    ]
    for (member, spoil) in mends {
      var rules = SharingRules()
      spoil(&rules)
      let mistake = #expect(throws: GraphMistake.self) { try rules.check(for: "a") }
      guard case .unusableRules("a", member, _)? = mistake else {
        Issue.record("\(member): \(String(describing: mistake))")
        continue
      }
    }
    #expect(throws: Never.self) { try SharingRules().check(for: "a") }
  }
}
