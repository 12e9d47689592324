import Essentials
import Foundation
import TestKit
import Testing

@Suite("Alert rules for Prometheus", .ownThread)
struct AlertRulesTests {
  private static let rules = checkoutFolder.appendingPathComponent(
    "Examples/Alerts/athanor-worlds.yml")

  private static var hasPromtool: Bool {
    (try? ShellRun("bash", "-c", "command -v promtool"))?.exitCode == 0
  }

  private static let absence: Comment =
    "promtool is missing; Scripts/setup --tests installs it with Debian's package prometheus"

  @Test("promtool finds no mistake in them", .enabled(if: hasPromtool, absence))
  func check() throws {
    let run = try ShellRun("promtool", "check", "rules", Self.rules.path)
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("SUCCESS"))
  }

  @Test(
    "each of them fires when it should, and none in a quiet world",
    .enabled(if: hasPromtool, absence))
  func firing() throws {
    let cases = checkoutFolder.appendingPathComponent("Tests/SystemTests/Fixtures/alerts-test.yml")
    let run = try ShellRun("promtool", "test", "rules", cases.path)
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    // A rule that no case names is not tested.
    let text = try String(contentsOf: cases, encoding: .utf8)
    let named = try String(contentsOf: Self.rules, encoding: .utf8).matches(of: /alert: (\w+)/)
    #expect(named.count > 8)
    for match in named { #expect(text.contains("\"\(match.1)\""), "\(match.1)") }
  }

  @Test("each of them says how bad it is, what happened, and which command to run")
  func runbooks() throws {
    let text = try String(contentsOf: Self.rules, encoding: .utf8)
    let rules = text.components(separatedBy: "- alert: ").dropFirst()
    for rule in rules {
      let name = String(rule.prefix { $0 != "\n" })
      for part in ["severity:", "summary:", "description:", "runbook:"] {
        #expect(rule.contains(part), "\(name) has no \(part)")
      }
      let commands = rule.components(separatedBy: "runbook:").last?.matches(of: /`athanor ([^`]+)`/)
      #expect(commands?.isEmpty == false, "\(name) names no command")
      for command in commands ?? [] {
        // What stands before arguments, options and placeholders is the command.
        let words = command.1.split(whereSeparator: \.isWhitespace)
          .prefix { $0.allSatisfy { $0.isLetter || $0 == "-" } && !$0.hasPrefix("--") }
        let help = try Program.run("$athanor \(words.joined(separator: " ")) --help")
        #expect(help.exitCode == 0, "\(name): athanor \(words.joined(separator: " "))")
      }
    }
  }
}
