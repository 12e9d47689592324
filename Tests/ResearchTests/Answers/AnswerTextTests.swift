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

  /// Writes values as models do: now strict, now like Python, with commas too many and fences around.
  struct CarelessWriter {
    var generator: SplitMix64

    mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }

    mutating func value(depth: Int) -> JSONValue {
      switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &generator) {
      case 0: return .null
      case 1: return .bool(chance(2))
      case 2: return .integer(Int.random(in: -99...99, using: &generator))
      case 3: return .number(Double.random(in: -1...1, using: &generator))
      case 4:
        let texts = ["", "x", "a \"b\" c", "it's", "{[}]", "```", "None", "“q”", "// no", "a\nb"]
        return .string(texts.randomElement(using: &generator) ?? "")
      case 5: return .array(list(depth) { $0.value(depth: depth - 1) })
      default: return object(depth: depth)
      }
    }

    mutating func object(depth: Int) -> JSONValue {
      .object(
        list(depth) { writer in
          JSONValue.Member(
            "k\(Int.random(in: 0..<99, using: &writer.generator))", writer.value(depth: depth - 1))
        })
    }

    private mutating func list<Element>(
      _ depth: Int, _ make: (inout CarelessWriter) -> Element
    ) -> [Element] {
      var elements: [Element] = []
      for _ in 0..<Int.random(in: 1...3, using: &generator) { elements.append(make(&self)) }
      return elements
    }

    mutating func text(_ value: JSONValue) -> String {
      let space = chance(3) ? "\n  " : chance(2) ? " " : ""
      switch value {
      case .null: return chance(3) ? "None" : "null"
      case .bool(let flag):
        return chance(3) ? (flag ? "True" : "False") : flag ? "true" : "false"
      case .string(let text):
        if chance(3), !text.contains("\\"), !text.contains("\n") {
          return "'" + text.replacing("'", with: "\\'") + "'"
        }
        return value.compactText
      case .array(let elements):
        let parts = elements.map { space + text($0) }
        return "[" + parts.joined(separator: ",") + (chance(3) ? "," : "") + space + "]"
      case .object(let members):
        let parts = members.map { member in
          let name = chance(4) ? member.name : text(.string(member.name))
          return space + name + ":" + space + text(member.value)
        }
        return "{" + parts.joined(separator: ",") + (chance(3) ? "," : "") + space + "}"
      default: return value.compactText
      }
    }

    mutating func answer(_ value: JSONValue) -> String {
      let text = text(value)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: return "```json\n\(text)\n```"
      case 1: return "Here is the answer, as in [2]:\n\n\(text)\n\nIt follows {the idea}."
      case 2: return "<think>\nMaybe {\"a\": 1}?\n</think>\n\(text)"
      case 3: return "\u{FEFF}\(text)\n"
      default: return text
      }
    }
  }

  @Test("an object that is written carelessly is read as it was meant")
  func careless() {
    var writer = CarelessWriter(generator: SplitMix64(seed: 3))
    for _ in 0..<1_500 {
      let value = writer.object(depth: 3)
      let text = writer.answer(value)
      #expect((try? AnswerText.reading(text))?.value == value, "\(text)")
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
