import Essentials
import Testing

@testable import Worlds

@Suite("Policies that extend others")
struct PolicyInheritanceTests {
  private let base = """
    world: base
    interval: 1h
    data_currency: {max_lag: 1m, calendar: XKRX}
    selection:
      gates: [sharpe@mid >= 1]
      correlation: {max_pairwise: 0.5}
      hysteresis: {cooldown: 7d}
    rbac: {owners: [ann], operators: [bob]}
    """

  private func read(_ text: String, _ others: [String: String]) -> PolicyReading {
    WorldPolicy.read(text: text, named: "top.yml") { others[$0] }
  }

  @Test("mappings are merged, lists are replaced, null takes back, and nothing of the link is kept")
  func merging() throws {
    let policy = try #require(
      read(
        """
        extends: base.yml
        world: top
        data_currency: {max_lag: 2m}
        selection: {gates: [ulcer@mid < 1], correlation: null}
        rbac: {owners: [cyd]}
        """, ["base.yml": base]
      ).policy)
    #expect(policy.world == "top" && policy.interval == .hours(1))
    #expect(policy.currency.lagMax == .minutes(2) && policy.currency.calendar == "XKRX")
    #expect(policy.selection.gates.json.compactText == #"{"and":["ulcer@mid < 1"]}"#)
    #expect(policy.selection.correlation == nil)
    #expect(policy.selection.hysteresis.cooldown == .days(7))
    #expect(policy.roles.owners == ["cyd"] && policy.roles.operators == ["bob"])
    #expect(policy.json["extends"] == nil)
  }

  @Test("a defect is shown in the text that it stands in")
  func places() throws {
    let reading = read(
      "extends: base.yml\nworld: top\nversion: 0\n", ["base.yml": base + "\nstate: on\n"])
    #expect(
      reading.findings.map { "\($0.source):\($0.line):\($0.column)" } == [
        "top.yml:3:10", "base.yml:9:8",
      ])
    #expect(reading.findings.last?.rendered.contains("state: on") == true)
  }

  @Test("a cycle, a chain that is too long, a missing text and one that is no YAML are refused")
  func refusals() {
    #expect(
      read("extends: a\nworld: x\n", ["a": "extends: b\n", "b": "extends: a\n"]).diagnostics
        .map(\.code) == ["extends_cycle"])
    #expect(
      read("extends: top.yml\nworld: x\n", [:]).diagnostics.map(\.code) == ["extends_cycle"])
    var chain: [String: String] = [:]
    for level in 0..<20 { chain["p\(level)"] = "extends: p\(level + 1)\n" }
    #expect(
      read("extends: p0\nworld: x\n", chain).diagnostics.map(\.code) == ["extends_too_deep"])
    #expect(read("extends: none\nworld: x\n", [:]).diagnostics.map(\.code) == ["unknown_policy"])
    #expect(read("extends: [a]\nworld: x\n", [:]).diagnostics.map(\.code) == ["wrong_kind"])
    let broken = read("extends: a\nworld: x\n", ["a": "b: [\n"])
    #expect(broken.findings.map(\.source) == ["a"])
    #expect(broken.diagnostics.map(\.code) == ["invalid_yaml"])
    let long = read("extends: a\nworld: x\n", ["a": String(repeating: "#", count: 2_000_000)])
    #expect(long.diagnostics.map(\.code) == ["yaml_too_long"])
  }
}
