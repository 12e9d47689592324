import Essentials
import Foundation
import Testing

@Suite("JSON value")
struct JSONValueTests {
  @Test(
    "numbers are written with the fewest digits that read back the same",
    arguments: [
      (0.1, "0.1"), (20_000_000, "20000000"), (-0.0, "-0"), (1e300, "1e+300"),
      (1.0 / 3, "0.3333333333333333"), (.leastNonzeroMagnitude, "5e-324"), (.nan, "null"),
      (.infinity, "null"),
    ] as [(Double, String)])
  func numbers(_ value: Double, _ text: String) {
    #expect(JSONValue.number(value).compactText == text)
    if value.isFinite { #expect(Double(text) == value) }
  }

  @Test("members keep their order and the two forms say the same")
  func order() throws {
    let value: JSONValue = [
      "b": 1, "a": ["x": .array([1, .null, .bool(true)]), "empty": .object([])],
      "list": .array([["k": "v"]]), "none": .array([]),
    ]
    #expect(
      value.compactText
        == #"{"b":1,"a":{"x":[1,null,true],"empty":{}},"list":[{"k":"v"}],"none":[]}"#)
    let compact = try #require(
      JSONSerialization.jsonObject(with: Data(value.compactText.utf8)) as? NSDictionary)
    let indented = try #require(
      JSONSerialization.jsonObject(with: Data(value.indentedText.utf8)) as? NSDictionary)
    #expect(compact == indented)
    #expect(value.indentedText.hasPrefix("{\n  \"b\": 1,\n  \"a\": {\n    \"x\": [1, null, true],"))
  }

  @Test("a string with quotes, controls and other scripts reads back")
  func strings() throws {
    let text = "say \"1\\2\"\n\t\u{1}\u{1F}\r 한국어 🚀 / é"
    let parsed = try JSONSerialization.jsonObject(
      with: Data(JSONValue.array([.string(text)]).compactText.utf8))
    #expect(parsed as? [String] == [text])
  }

  @Test("a member is found by its name")
  func lookup() {
    let value: JSONValue = ["a": 1, "b": "two"]
    #expect(value["b"] == .string("two"))
    #expect(value["c"] == nil)
    #expect(JSONValue.integer(1)["a"] == nil)
  }
}
