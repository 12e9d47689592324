import Essentials
import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor world policy test, power, simulate and whatif")
struct WorldStudiesCommandTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func file(_ text: String, _ name: String) throws -> String {
    let url = scratch.url.appendingPathComponent(name)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }

  /// A policy that is quick to study.
  private static let policy = """
    schema: world/v1
    world: lab
    interval: 1d
    data_currency: {max_lag: 1d, halt_after: 2d, min_history: 30d}
    metrics: {annualise: 60, windows: {short: 5d, mid: 20d, long: 60d}}
    selection:
      gates: [sharpe@mid >= 1]
      score: sharpe@mid
      hysteresis: {promote_after: {windows: 2}, min_dwell: 5d, cooldown: 5d}
    """

  private static let cases = """
    schema: world-cases/v1
    policy: world.yml
    cases:
      - name: Little is not enough
        given: {instances: {a: {metrics: {sharpe@mid: 0.9}}, b: {metrics: {sharpe@mid: 1}}}}
        expect: {instances: {a: {verdict: fail}, b: {verdict: pass}}}
    """

  private func run(_ arguments: String...) -> (code: Int32, output: String, errors: String) {
    let rehearsal = Rehearsal(width: 80, isTerminal: true)
    let code = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      .serve(["world"] + arguments)
    return (code, rehearsal.output, rehearsal.errors)
  }

  @Test("cases that hold but notice little exit with 2 and list what they miss")
  func unnoticed() throws {
    _ = try file(Self.policy, "world.yml")
    let path = try file(Self.cases, "cases.yml")
    let poor = run("policy", "test", path)
    #expect(poor.code == 2)
    #expect(poor.output.contains("No case notices"))
    #expect(poor.output.contains("min_dwell: 5d becomes 0s"))
    #expect(poor.errors.contains("slips_unnoticed"))
    #expect(poor.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(run("policy", "test", path, "--min-score", "5").code == 0)
    #expect(run("policy", "test", path, "--no-mutate").code == 0)
  }

  @Test("a case that fails says what should be and what is, and exits with 2")
  func failing() throws {
    _ = try file(Self.policy, "world.yml")
    let path = try file(
      Self.cases.replacingOccurrences(of: "verdict: fail", with: "verdict: pass"), "cases.yml")
    let answer = run("policy", "test", path)
    #expect(answer.code == 2)
    #expect(answer.output.contains("should be pass and is fail"))
    let document = run("policy", "test", path, "--json")
    let json = try JSONValue(parsing: document.output)
    #expect(json["passed"] == .bool(false) && json["mutants"] == 0)
  }

  @Test("cases with mistakes are refused with line and column, and exit with 4")
  func mistakes() throws {
    _ = try file(Self.policy, "world.yml")
    let path = try file(
      Self.cases.replacingOccurrences(of: "verdict: fail", with: "verdikt: fail"), "cases.yml")
    let answer = run("policy", "test", path)
    #expect(answer.code == 4)
    #expect(answer.errors.contains("cases.yml:6:") && answer.errors.contains("verdict"))
  }

  @Test("power prints a table that fits, and the same as a document")
  func power() throws {
    let path = try file(Self.policy, "world.yml")
    let answer = run("power", "--policy", path, "--worlds", "1", "--every", "30d")
    #expect(answer.code == 0, "\(answer.errors)")
    #expect(answer.output.contains("best of 100, forgotten"))
    #expect(answer.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("simulating noise compares hysteresis with none")
  func simulate() throws {
    let path = try file(Self.policy, "world.yml")
    let answer = run(
      "simulate", "--noise", "--policy", path, "--days", "60", "--draws", "2")
    #expect(answer.code == 0, "\(answer.errors)")
    #expect(answer.output.contains("no hysteresis"))
    #expect(answer.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let both = run("simulate", "--policy", path, "--world", "a", "--series", "b.csv")
    #expect(both.code == 4 && both.errors.contains("two_sources"))
  }
}
