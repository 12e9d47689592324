import TestKit
import Testing

@testable import athanor

@Suite("athanor compare")
struct CompareCommandTests {
  private func compare(_ first: String, _ second: String) throws -> [String: Any] {
    let rehearsal = try TinyMarket.shared.get().rehearse()
    #expect(rehearsal.serve("compare", first, second, "-p", "tiny", "--json") == 0)
    return try rehearsal.object()
  }

  @Test("formulas that mean the same are one trial with equal results")
  func same() throws {
    let object = try compare("a = close - open; a", "subtract(close, open)")
    #expect(object["sameFormula"] as? Bool == true)
    #expect(object["verdict"] as? String == "same")
    let trust = try #require(
      (object["second"] as? [String: Any])?["trust"] as? [String: Any])
    #expect(trust["trials"] as? Int == 1)
  }

  @Test("a formula and its opposite correlate with -1 and differ by twice a Sharpe ratio")
  func opposite() throws {
    let object = try compare("rank(close)", "-rank(close)")
    #expect(object["correlation"] as? Double == -1)
    let difference = try #require(object["sharpeDifference"] as? [String: Any])
    let sharpes = try ["first", "second"].map { name in
      let book = (object[name] as? [String: Any])?["is"] as? [String: Any]
      return try #require(book?["sharpe"] as? Double)
    }
    let estimate = try #require(difference["estimate"] as? Double)
    #expect(agree(estimate, sharpes[0] - sharpes[1]) && agree(estimate, 2 * sharpes[0]))
  }

  @Test("the report says which is better, or that the sample does not tell")
  func text() throws {
    let rehearsal = try TinyMarket.shared.get().rehearse(width: 80, isTerminal: true)
    #expect(rehearsal.serve("compare", "-returns", "-ts_delta(close, 5)", "-p", "tiny") == 0)
    #expect(rehearsal.output.contains("Which is better?"))
    #expect(rehearsal.output.contains("Can you trust it?"))
    #expect(rehearsal.output.contains("\nresult "))
    let wrong = try TinyMarket.shared.get().rehearse()
    #expect(wrong.serve("compare", "close", "clsoe", "-p", "tiny") == 2)
  }
}
