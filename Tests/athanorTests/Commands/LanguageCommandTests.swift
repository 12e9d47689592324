import Foundation
import TestKit
import Testing

@testable import athanor

@Suite("athanor check, operators and fields")
struct LanguageCommandTests {
  private func market() throws -> TinyMarket { try TinyMarket.shared.get() }

  @Test("a formula that may run is explained")
  func explained() throws {
    let rehearsal = try market().rehearse()
    #expect(rehearsal.serve("check", "ts_mean(close, 5) - open", "-p", "tiny") == 0)
    for line in [
      "canonical    subtract(ts_mean(close, 5), open)", "type         MATRIX, Unit[CSPrice:1]",
      "look-back    4 earlier rows", "fields       close, open",
    ] {
      #expect(rehearsal.output.contains(line), "\(line)")
    }
    let json = try market().rehearse()
    #expect(json.serve("check", "hump(close)", "-p", "tiny", "--json") == 0)
    let object = try json.object()
    #expect(object["lookBackRows"] is NSNull)
    #expect((object["formula"] as? String)?.count == 64)
    #expect(object["fields"] as? [String] == ["close"])
  }

  @Test("a sheet is checked line by line, and a block between dashes is one formula")
  func sheets() throws {
    let lines = try market().rehearse(input: Array("a: close\nopen\nb: close\n".utf8))
    #expect(lines.serve("check", "-p", "tiny") == 0)
    #expect(lines.output.contains("2 may run, 1 mean the same as another, 0 are refused."))
    let blocks = try market().rehearse(
      input: Array("spread: x = close - open;\n  x / close\n---\nclose\n".utf8))
    #expect(blocks.serve("check", "-p", "tiny", "--json") == 0)
    let formulas = try #require(try blocks.object()["formulas"] as? [[String: Any]])
    #expect(
      formulas.map { $0["canonicalCode"] as? String } == [
        "divide(subtract(close, open), close)", "close",
      ])
    #expect(formulas.map { $0["line"] as? Int } == [1, 4])
  }

  @Test("every operator has a page, in text and for a program")
  func operatorPages() throws {
    let list = Rehearsal()
    #expect(list.serve("operators", "--json") == 0)
    let entries = try #require(
      try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
    #expect(entries.count == 184)
    for entry in entries {
      let page = Rehearsal()
      #expect(page.serve("operators", try #require(entry["name"] as? String)) == 0)
      #expect(page.output.hasPrefix(try #require(entry["signature"] as? String)))
    }
  }

  @Test("operators are found by words and category, and a mistyped one by its neighbor")
  func operatorSearch() throws {
    let found = Rehearsal()
    #expect(found.serve("operators", "--search", "STANDARD deviation", "--category", "group") == 0)
    #expect(found.output.contains("group_std_dev(") && !found.output.contains("ts_std_dev("))
    let mistyped = Rehearsal()
    #expect(mistyped.serve("operators", "ts_rnak") == 4)
    #expect(mistyped.errors.contains("Did you mean ts_rank?"))
    let none = Rehearsal()
    #expect(none.serve("operators", "--search", "xyzzy") == 0)
    #expect(none.output == "No operator fits.\n")
  }

  @Test("fields are listed with their units and explained one by one")
  func fields() throws {
    let list = try market().rehearse()
    #expect(list.serve("fields", "-p", "tiny", "--search", "adj", "--json") == 0)
    let one = try market().rehearse()
    #expect(one.serve("fields", "sector", "-p", "tiny") == 0)
    #expect(one.output.contains("classes   2: Iron, Wool"))
    let kind = try market().rehearse()
    #expect(kind.serve("data", "fields", "tiny", "--kind", "group") == 0)
    #expect(kind.output.contains("sector") && !kind.output.contains("vwap"))
    let unknown = try market().rehearse()
    #expect(unknown.serve("fields", "clsoe", "-p", "tiny") == 4)
    #expect(unknown.errors.contains("Did you mean close?"))
  }
}
