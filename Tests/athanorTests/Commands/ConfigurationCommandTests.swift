import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor config")
struct ConfigurationCommandTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  private func file(_ text: String, _ name: String = "desk.yml") throws -> String {
    let url = scratch.url.appendingPathComponent(name)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }

  private func run(_ arguments: String...) -> (code: Int32, rehearsal: Rehearsal) {
    let rehearsal = Rehearsal(width: 80, isTerminal: true)
    let code = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      .serve(["config"] + arguments)
    return (code, rehearsal)
  }

  @Test("an explanation names the value that holds, its line, and what it overruled")
  func explain() throws {
    let path = try file("K_LEV: 1300\n")
    let told = run("explain", "K_LEV", "--file", path, "--set", "K_LEV=1500")
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    #expect(told.rehearsal.output.contains("value: 1500"))
    #expect(told.rehearsal.output.contains("overruled: 1300"))
    #expect(told.rehearsal.output.contains("shipped default:"))
  }

  @Test(
    "a name that is no setting is refused with what was meant",
    arguments: [("K_LEVV", "K_LEV"), ("entry.costs", "athanor config show entry.costs")])
  func unknown(name: String, hint: String) {
    let told = run("explain", name)
    #expect(told.code == 4)
    #expect(told.rehearsal.errors.contains("unknown_setting"))
    #expect(told.rehearsal.errors.contains(hint))
  }

  @Test("a group shows its settings alone, and a changed one where it was said")
  func show() throws {
    let path = try file("entry.costs.net_min: 0.0007\n")
    let told = run("show", "entry.costs", "--file", path, "--changed", "--json")
    #expect(told.code == 0, "\(told.rehearsal.errors)")
    let settings = try #require(try told.rehearsal.object()["settings"] as? [[String: Any]])
    #expect(settings.count == 1)
    #expect(settings.first?["key"] as? String == "entry.costs.net_min")
    #expect(settings.first?["value"] as? Double == 0.0007)
    #expect(settings.first?["line"] as? Int == 1)
    #expect(run("show", "--changed").rehearsal.output.contains("Every setting is as shipped."))
    #expect(run("show", "entry.nothing").code == 4)
  }

  @Test("everything that is wrong with files is found at once")
  func check() throws {
    let good = try file("K_LEV: 1300\n", "good.yml")
    let bad = try file("K_LEVV: 1300\nMAX_LEVERAGE: -7\n", "bad.yml")
    #expect(run("check", good).code == 0)
    let told = run("check", good, bad, "--json")
    #expect(told.code == 4)
    let document = try told.rehearsal.object()
    #expect(document["valid"] as? Bool == false)
    #expect((document["findings"] as? [Any])?.count == 2)
    #expect(run("check").code == 4)
    #expect(run("check", good + ".missing").code == 4)
  }
}
