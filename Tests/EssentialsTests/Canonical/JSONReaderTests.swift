import Essentials
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
  @Test(
    "a document is read as what it says",
    arguments: [
      ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("0", 0),
      ("-12", -12), ("9223372036854775807", .integer(.max)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", .number(1.5)),
      ("-0", .number(-0.0)), ("1e3", .number(1000)), ("2E-2", .number(0.02)), ("\"\"", ""),
      ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\u{8}\u{C}\n\r\t"),
      ("\"\\u00e9\\ud83d\\ude00\\u0000\"", "é😀\0"), ("[]", .array([])),
      ("[1, [2], {}]", .array([1, .array([2]), [:]])),
      ("{\"a\":1,\n\"b\" : [null] , \"a\":2}", ["a": 1, "b": .array([.null]), "a": 2]),
    ] as [(String, JSONValue)])
  func values(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(
    "what is no JSON is refused at its place",
    arguments: [
      ("", "a value", 0), ("nul", "null", 3), ("[1,]", "a value", 3), ("[1 2]", "a comma or ]", 3),
      ("{a:1}", "the name of a member", 1), ("{\"a\" 1}", "a colon", 5),
      ("{\"a\":1,}", "the name of a member", 7), ("01", "the end", 1), ("1.", "a digit", 2),
      ("-", "a digit", 1), ("1e", "a digit", 2), ("+1", "a value", 0), ("NaN", "a value", 0),
      ("1e999", "a number within the range of a double", 0), ("\"a", "the end of the string", 2),
      ("\"\n\"", "an escape in place of a control character", 1), ("\"\\x\"", "an escape", 2),
      ("\"\\u12g4\"", "four hexadecimal digits", 5), ("\"\\ud83d\"", "both halves of a pair", 7),
      ("\"\\ud83d\\u0041\"", "the second half of a pair", 13),
      ("\"\\ude00\"", "both halves of a pair", 7), ("1 2", "the end", 2),
      ("'a'", "a value", 0), ("[", "a value", 1), ("{\"a\":1", "a comma or }", 6),
    ])
  func mistakes(text: String, expectation: String, offset: Int) {
    #expect(throws: JSONMistake(expectation: expectation, offset: offset)) {
      try JSONValue(parsing: text)
    }
  }

  @Test("no depth exhausts the stack")
  func depth() throws {
    let fine = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(try JSONValue(parsing: fine).compactText == fine)
    for bracket in ["[", "{\"a\":"] {
      #expect(throws: JSONMistake.self) {
        try JSONValue(parsing: String(repeating: bracket, count: 1_000_000))
      }
    }
  }

  @Test("canonical text that is read and written again is the same text")
  func canonical() throws {
    let value: JSONValue = [
      "numbers": .numbers([0, -0.0, 0.1, 1e22, 2.5e-308, 1.7976931348623157e308, -3, .nan]),
      "text": "\u{0}\u{1F}\u{7F}\u{2028}\"\\/é😀", "": [:],
      "list": .array([.array([]), .bool(true), -7]),
    ]
    let text = value.compactText
    #expect(try JSONValue(parsing: text).compactText == text)
    #expect(try JSONValue(parsing: value.indentedText).compactText == text)
  }
}
