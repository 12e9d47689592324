import Essentials
import Mathematics
import Testing

@testable import Research

@Suite("Text of an answer")
struct AnswerTextTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var json: String
    var steps: [AnswerText.Step]
    var testDescription: String { text }

    init(_ text: String, _ json: String, _ steps: [AnswerText.Step] = []) {
      self.text = text
      self.json = json
      self.steps = steps
    }
  }

  static let readable: [Case] = [
    Case(#"{"a":1}"#, #"{"a":1}"#),
    Case("```json\n{\"a\":1,}\n```", #"{"a":1}"#, [.fenceStripped, .trailingCommaDropped]),
    Case("Here it is: {\"a\": 1} I hope.", #"{"a":1}"#, [.fragmentTaken]),
    Case("{'a': None, 'b': True}", #"{"a":null,"b":true}"#, [.pythonWordRead, .quotesReplaced]),
    Case("[1,2,]", "[1,2]", [.trailingCommaDropped]),
    Case("\u{FEFF}{\"a\":1}", #"{"a":1}"#, [.byteOrderMarkDropped]),
    Case(
      "<think>Try {\"a\": 0} first.</think>\n{\"a\":1}", #"{"a":1}"#, [.reasoningDropped]),
    Case("As shown in [1], take {\"a\":1}.", #"{"a":1}"#, [.fragmentTaken]),
    Case("The set {x, y} gives {\"a\":1}.", #"{"a":1}"#, [.fragmentTaken]),
    Case("A lone { and then {\"a\":1}.", #"{"a":1}"#, [.fragmentTaken]),
    Case("{“a”: “x”}", #"{"a":"x"}"#, [.quotesReplaced]),
    Case(#"{"a": "say “x”"}"#, #"{"a":"say “x”"}"#),
    Case(
      "```\n```json\n{\"a\":1}\n```\n```", #"{"a":1}"#, [.fenceStripped]),
    Case("```json {\"a\":1} ```", #"{"a":1}"#, [.fenceStripped]),
    Case("```json\n{\"a\":1}", #"{"a":1}"#, [.fenceStripped]),
    Case("{\"a\":1, \"a\":2}", #"{"a":1,"a":2}"#),
    Case("{\"a\": NaN}", #"{"a":null}"#, [.nonFiniteNumberRead]),
    Case("{\"a\": -Infinity,}", #"{"a":null}"#, [.trailingCommaDropped, .nonFiniteNumberRead]),
    Case("{a: 1, b_2: \"x\"}", #"{"a":1,"b_2":"x"}"#, [.bareNameRead]),
    Case("{\"a\": 1 // one\n}", #"{"a":1}"#, [.commentDropped]),
    Case("{\"a\": \"x\ny\"}", #"{"a":"x\ny"}"#, [.controlCharacterKept]),
    Case(#""{\"a\":1}""#, #"{"a":1}"#, [.textUnwrapped]),
    Case(
      #"{"a": "brace } and \" quote"} trailing"#, #"{"a":"brace } and \" quote"}"#, [.fragmentTaken]
    ),
    Case(#"{'a': 'it\'s'}"#, #"{"a":"it's"}"#, [.quotesReplaced]),
  ]

  @Test("what was meant is read, and what was overlooked is said", arguments: readable)
  func reads(_ test: Case) throws {
    let answer = try AnswerText.reading(test.text)
    #expect(answer.value.compactText == test.json)
    #expect(answer.steps == test.steps)
  }

  @Test(
    "what cannot be meant is refused",
    arguments: [
      #"{"a":1"#, "plain text", "{", "```json\n```", #"{"a" 1}"#, #"{"a": "x" y}"#,
      #"{"a": he said "x"}"#, #"{"idea": {"b": 1}, "c"#, #"{"a": "\q"}"#, "None of these",
    ])
  func refuses(_ text: String) {
    #expect(throws: AnswerTextFailure.self) { try AnswerText.reading(text) }
  }

  @Test("white space is an empty answer", arguments: ["", " ", "\n\t", "\u{FEFF}"])
  func empty(_ text: String) {
    #expect(throws: AnswerTextFailure.empty) { try AnswerText.reading(text) }
  }

  @Test("of a list that is cut off the complete elements are kept, and never half of one")
  func truncation() throws {
    let whole = #"{"candidates":[{"a":[1,2]},{"a":[3,4]},{"a":[5,6]}]}"#
    var counts: Set<Int> = []
    for length in 1..<whole.utf8.count {
      let text = String(whole.prefix(length))
      guard let answer = try? AnswerText.reading(text, keepingTruncatedLists: true) else {
        continue
      }
      #expect(answer.isTruncated, "\(text)")
      guard case .array(let elements)? = answer.value["candidates"] else {
        Issue.record("\(text) gave \(answer.value.compactText)")
        continue
      }
      for (index, element) in elements.enumerated() {
        #expect(element.compactText == "{\"a\":[\(2 * index + 1),\(2 * index + 2)]}", "\(text)")
      }
      counts.insert(elements.count)
      #expect(throws: AnswerTextFailure.self) { try AnswerText.reading(text) }
    }
    #expect(counts == [0, 1, 2, 3])
  }

  @Test("bytes that are no UTF-8 are replaced, and that is said")
  func invalidBytes() throws {
    let bytes = Array("{\"a\":\"x".utf8) + [0xFF] + Array("\"}".utf8)
    let answer = try AnswerText.reading(bytes)
    #expect(answer.value.compactText == "{\"a\":\"x\u{FFFD}\"}")
    #expect(answer.steps == [.invalidBytesReplaced])
  }

  @Test("thousands of braces end in an error, soon and without exhausting the stack")
  func braces() {
    for text in [
      String(repeating: "{", count: 5_000), String(repeating: "[", count: 5_000),
      String(repeating: "{}", count: 5_000) + "{", String(repeating: "{\"a\":", count: 2_000),
      String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000),
      String(repeating: "a", count: AnswerText.bytesMax + 1),
    ] {
      #expect((try? AnswerText.reading(text, keepingTruncatedLists: true))?.steps.isEmpty != true)
    }
  }

  @Test("no text of random pieces crashes, and strict JSON is read as it stands")
  func randomPieces() {
    let pieces = [
      "{", "}", "[", "]", "\"", "'", ":", ",", "a", "1", "-", "null", "None", "```", "\n", " ",
      "\\", "“", "”", "<think>", "</think>", "//", "NaN", "\u{FEFF}", "/*", "*/", "e", ".",
    ]
    var generator = SplitMix64(seed: 11)
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...16, using: &generator)
      let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      let answer = try? AnswerText.reading(text, keepingTruncatedLists: true)
      if let value = try? JSONValue(parsing: text), case .object = value {
        #expect(answer?.value == value && answer?.steps == [], "\(text)")
      }
    }
  }
}
