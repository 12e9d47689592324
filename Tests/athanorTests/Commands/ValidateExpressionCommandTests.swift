import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor validate-expression")
struct ValidateExpressionCommandTests {
  private func report(_ arguments: [String]) throws -> (code: Int32, report: [String: Any]) {
    let rehearsal = try TinyMarket.shared.get().rehearse()
    let code = FrontDoor(root: .athanor, surroundings: rehearsal.surroundings)
      .serve(["validate-expression"] + arguments + ["-p", "tiny"])
    let object = try JSONSerialization.jsonObject(with: Data(rehearsal.output.utf8))
    return (code, try #require(object as? [String: Any]))
  }

  @Test("a valid formula gives its report and exit code 0, with and without --json")
  func valid() throws {
    for more in [[], ["--json"]] {
      let (code, report) = try report(["rank(ts_delta(close, 5))"] + more)
      #expect(code == 0)
      #expect(report["is_valid"] as? Bool == true)
      #expect(report["used_operators"] as? [String] == ["rank", "ts_delta"])
      #expect(report["used_fields"] as? [String] == ["close"])
      #expect(report["repair"] == nil)
    }
  }

  @Test("the report is indented by two spaces")
  func indentation() throws {
    let rehearsal = try TinyMarket.shared.get().rehearse()
    #expect(rehearsal.serve("validate-expression", "close", "-p", "tiny") == 0)
    #expect(rehearsal.output.hasPrefix("{\n  \"is_valid\": true,\n  \"errors\": [],\n"))
  }

  @Test("a refused formula gives its report, exit code 2, and a repair where one is asked for")
  func refused() throws {
    let (code, report) = try report(["rank(clsoe", "--repair"])
    #expect(code == 2)
    #expect(report["is_valid"] as? Bool == false)
    #expect(report["error_signature"] as? String == "unbalanced_parentheses")
    let repair = try #require(report["repair"] as? [String: Any])
    #expect(repair["text"] as? String == "rank(close)")
    #expect((repair["edits"] as? [Any])?.count == 2)
    let (_, hopeless) = try self.report(["rank(zzzzzz)", "--repair"])
    #expect((hopeless["repair"] as? [String: Any])?["text"] is NSNull)
  }

  @Test("a combination of a super alpha is checked for its scope")
  func alphaTypes() throws {
    #expect(try report(["combo_a(alpha)", "--alpha-type", "COMBO"]).code == 0)
    let (code, report) = try report(["combo_a(alpha)"])
    #expect(code == 2)
    #expect(report["error_signature"] as? String == "operator_scope_violation")
  }
}
