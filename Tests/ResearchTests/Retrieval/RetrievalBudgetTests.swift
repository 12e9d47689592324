import Essentials
import Foundation
import TestKit
import Testing

@testable import Research

@Suite("Retrieval budget")
struct RetrievalBudgetTests {
  private func read(_ text: String) throws(DocumentFailure) -> RetrievalBudget {
    try RetrievalBudget(text: text, path: "b.json")
  }

  @Test("the budget of the checkout is the defaults, and they read back")
  func shipped() throws {
    let file = checkoutFolder.appendingPathComponent("configs/retrieval_budget.json")
    #expect(try read(String(contentsOf: file, encoding: .utf8)) == RetrievalBudget())
    #expect(try read("{}") == RetrievalBudget())
    #expect(try read(RetrievalBudget().json.indentedText) == RetrievalBudget())
    var other = RetrievalBudget()
    (other.exploitRatio, other.exploreRatio) = (0.5, 0.5)
    other.explore.fields = 30
    other.expansion.isEnabled = false
    #expect(try read(other.json.compactText) == other)
  }

  @Test("K2: counts times 1.5 are rounded to the nearest, halves to the even number")
  func scaled() {
    #expect(
      [1, 3, 4, 12, 14, 48, 60].map { RetrievalBudget.scaled($0, by: 1.5) }
        == [2, 4, 6, 18, 21, 72, 90])
    #expect(RetrievalBudget.scaled(0, by: 1.5) == 0)
    #expect(RetrievalBudget.scaled(1, by: 0.1) == 1)
  }

  @Test("an expansion adds half of the fields, three tenths of the operators, one subcategory")
  func expanded() {
    let budget = RetrievalBudget().expanded()
    #expect(budget.exploit == .init(subcategories: 5, datasets: 14, fields: 90, operators: 62))
    #expect(budget.explore == .init(subcategories: 1, datasets: 3, fields: 18, operators: 16))
    let compatible = RetrievalBudget().expanded(by: .factor)
    #expect(compatible.exploit == .init(subcategories: 6, datasets: 21, fields: 90, operators: 72))
    #expect(compatible.explore == .init(subcategories: 2, datasets: 4, fields: 18, operators: 18))
    var disabled = RetrievalBudget()
    disabled.expansion.isEnabled = false
    #expect(disabled.expanded() == disabled)
  }

  @Test("the ratios divide the room, and the explore lane keeps its own count at least")
  func rooms() {
    var budget = RetrievalBudget()
    #expect(budget.room(\.fields) == (72, 22))
    #expect(budget.room(\.operators) == (60, 18))
    #expect(budget.room(\.subcategories) == (5, 2))
    (budget.exploitRatio, budget.exploreRatio) = (0.95, 0.05)
    #expect(budget.room(\.fields) == (72, 12))
    (budget.exploitRatio, budget.exploreRatio) = (1, 0)
    #expect(budget.room(\.fields) == (72, 0))
  }

  @Test(
    "what a budget cannot say is refused with the key",
    arguments: [
      (#"{"explot": {}}"#, "explot is no known key. "),
      (#"{"exploit": {"field": 3}}"#, "exploit.field"),
      (#"{"exploit": {"fields": "3"}}"#, "exploit.fields is a text"),
      (#"{"exploit_ratio": 0.9}"#, "do not add up to 1"),
      (#"{"exploit": {"fields": -1}}"#, "is -1"), ("[]", "is an array"), ("{", "no JSON"),
      (#"{"exploit": {"fields": 0}, "explore": {"fields": 0}}"#, "without any room"),
      (#"{"expansion_policy": {"topk_expand_factor": 0.5}}"#, "topk_expand_factor is 0.5"),
    ])
  func refused(_ text: String, _ words: String) {
    let failure = #expect(throws: DocumentFailure.self) { try read(text) }
    #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
  }
}
