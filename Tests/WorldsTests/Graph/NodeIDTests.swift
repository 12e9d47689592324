import Essentials
import Testing

@testable import Worlds

@Suite("Identities of nodes")
struct NodeIDTests {
  private let left = NodeID(Fingerprint(of: "left"))
  private let right = NodeID(Fingerprint(of: "right"))

  private func node(
    _ kind: NodeKind = .indicator, code: String = "ts_mean/1", parameters: JSONValue = ["d": 20],
    period: Int = 20, interval: TimeSpan = .hours(1), dependencies: [NodeID]? = nil,
    schema: String = "MATRIX"
  ) throws -> GraphNode {
    try GraphNode(
      kind, code: code, parameters: parameters, period: period, interval: interval,
      dependencies: dependencies ?? [left, right], schema: schema)
  }

  @Test(
    "who asks, when and with which luck leaves the identity as it is (N2)",
    arguments: [
      "world", "world_id", "world_ids", "worlds", "execution_world", "execution_domain", "domain",
      "domains", "as_of", "partition", "dataset_fingerprint", "timestamp", "seed", "random_state",
      "env", "env_home", "env_",
    ])
  func excluded(name: String) throws {
    let plain = try node()
    for value: JSONValue in ["one", "another", 7, .null] {
      let asked = try node(parameters: .object([.init(name, value), .init("d", 20)]))
      #expect(asked.id == plain.id)
      #expect(asked == plain)
    }
  }

  @Test("what is computed changes the identity (N2)")
  func included() throws {
    let others = [
      try node(), try node(.raw), try node(code: "ts_mean/2"), try node(parameters: ["d": 21]),
      try node(parameters: ["d": 20, "environment": "x"]), try node(parameters: ["e": 20]),
      try node(period: 21), try node(interval: .minutes(60) + .seconds(1)),
      try node(dependencies: [left]),
      try node(dependencies: [left, NodeID(Fingerprint(of: "other"))]),
      try node(schema: "GROUP"),
    ]
    #expect(Set(others.map(\.id)).count == others.count)
  }

  @Test("a seed inside a parameter is part of what is computed")
  func nested() throws {
    let first = try node(parameters: ["model": ["seed": 1]])
    #expect(try node(parameters: ["model": ["seed": 2]]).id != first.id)
  }

  @Test("dependencies and members in another order give the same identity (N3)")
  func order() throws {
    #expect(try node(dependencies: [right, left]).id == node(dependencies: [left, right]).id)
    #expect(try node(dependencies: [right, left, right]).id == node().id)
    let members = [JSONValue.Member("b", ["y": 1, "x": 2]), JSONValue.Member("a", 3)]
    let turned = [JSONValue.Member("a", 3), JSONValue.Member("b", ["x": 2, "y": 1])]
    #expect(
      try node(parameters: .object(members)).id == node(parameters: .object(turned)).id)
  }

  @Test("a whole number is the same parameter however it is held")
  func numbers() throws {
    let whole = try node(parameters: .object([.init("d", .number(20))]))
    #expect(try whole.id == node().id)
  }

  @Test("the identity is the digest of the canonical JSON of the description")
  func digest() throws {
    let raw = try GraphNode(
      .raw, code: "field", parameters: ["field": "close", "as_of": "2020"], period: 1,
      interval: .days(1), schema: "MATRIX")
    let text = """
      {"code":"field","dependencies":[],"interval_ms":86400000,"kind":"raw",\
      "parameters":{"field":"close"},"period":1,"schema":"MATRIX"}
      """
    #expect(raw.json.compactText == text)
    #expect(raw.id.fingerprint == Fingerprint(of: text))
  }

  @Test("a node that makes no sense is refused with its reason")
  func refused() {
    let wrong: [(JSONValue, Int, TimeSpan, String)] = [
      (.null, 1, .hours(1), "parameters are not an object"),
      (.object([]), 0, .hours(1), "period is 0 rows"),
      (.object([]), -3, .hours(1), "period is -3 rows"),
      (.object([]), 1, .zero, "interval is 0s"),
      (.object([]), 1, .seconds(-1), "interval is -1s"),
      (.object([]), .max, .hours(1), "exceed"),
      (.object([]), 400_000, .days(1), "exceed 365000d"),
      (.object([.init("x", .number(.nan))]), 1, .hours(1), "a parameter is nan"),
      (.object([.init("x", .numbers([1, .infinity]))]), 1, .hours(1), "a parameter is inf"),
      (["x": 1, "x": 2], 1, .hours(1), "the parameter x is given twice"),
    ]
    for (parameters, period, interval, reason) in wrong {
      let mistake = #expect(throws: GraphMistake.self) {
        try node(parameters: parameters, period: period, interval: interval)
      }
      #expect(mistake?.explanation.contains(reason) == true, "\(String(describing: mistake))")
    }
  }
}
