import Essentials
import Testing

@testable import Services

@Suite("The last value")
struct LastValueTests {
  @Test(
    "the last JSON value of a text is found behind other lines",
    arguments: [
      (#"{"a":1}"#, #"{"a":1}"#), ("{\n  \"a\": [\n    1\n  ]\n}\n", #"{"a":[1]}"#),
      ("note\n{\"a\":1}\n{\"b\":2}\n", #"{"b":2}"#), ("x\n{\n \"a\":1\n}\n", #"{"a":1}"#),
      ("[1,2]\n", "[1,2]"), ("7", "7"), ("7 apples", "null"), ("", "null"),
      ("{\"a\":1}\ntrailing", "null"), ("{\"a\":", "null"),
    ])
  func found(text: String, value: String) {
    #expect((LastValue(of: text).json ?? .null).compactText == value)
  }

  @Test("a flood of brackets is given up on")
  func flood() {
    #expect(LastValue(of: String(repeating: "[\n", count: 100_000)).json == nil)
  }
}
