import Essentials
import Testing

@testable import Research

@Suite("Ideas and candidates in answers")
struct AnswerReaderTests {
  static func candidate(
    regular: String = #""rank(close)""#, type: String = "REGULAR", language: String = "FASTEXPR",
    lane: String = "explore", nanHandling: String = "OFF"
  ) -> String {
    """
    {"idea_id":"i1","alpha_id":null,"confidence":0.9,"simulation_settings":{"type":"\(type)",\
    "settings":{"language":"\(language)","nanHandling":"\(nanHandling)"},"regular":\(regular),\
    "selection":null,"combo":null},"generation_notes":{"used_fields":["close"],\
    "used_operators":["rank"],"candidate_lane":"\(lane)","validation_passed":true,\
    "validation_attempts":7}}
    """
  }

  @Test("a candidate is read, unknown members passed over, and its own verdict dropped")
  func good() throws {
    let answer = try AnswerReader.candidate(in: Self.candidate())
    #expect(answer.steps.isEmpty)
    #expect(answer.value.formula == "rank(close)")
    #expect(answer.value.notes.lane == .explore)
    #expect(answer.value.notes.validationPassed == nil)
    #expect(answer.value.notes.validationAttempts == 0)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var text: String
    var code: AnswerDefect.Code
    var testDescription: String { "\(code.rawValue): \(text.prefix(60))" }
  }

  static let bad: [Bad] = [
    Bad(text: "", code: .emptyOutput),
    Bad(text: "[]", code: .payloadNotObject),
    Bad(text: "5", code: .payloadNotObject),
    Bad(text: "{", code: .undecodable),
    Bad(text: "I cannot help with that.", code: .undecodable),
    Bad(text: "{}", code: .schemaViolated),
    Bad(text: candidate(type: "SUPER"), code: .contractViolated),
    Bad(text: candidate(language: "PYTHON"), code: .contractViolated),
    Bad(text: candidate(regular: "null"), code: .contractViolated),
    Bad(text: candidate(regular: #"" ""#), code: .contractViolated),
    Bad(text: candidate(regular: #""""#), code: .schemaViolated),
    Bad(text: candidate(regular: "5"), code: .schemaViolated),
    Bad(text: candidate(lane: "other"), code: .schemaViolated),
    Bad(text: candidate(nanHandling: "MAYBE"), code: .schemaViolated),
    Bad(
      text: candidate().replacing(#""idea_id":"i1""#, with: #""idea_id":"i1","idea_id":"i2""#),
      code: .schemaViolated),
    Bad(
      text: candidate().replacing(#""nanHandling":"OFF""#, with: #""truncation":NaN"#),
      code: .schemaViolated),
    Bad(text: "[\(candidate()),\(candidate())]", code: .contractViolated),
  ]

  @Test("an answer that cannot be used has the code of what is wrong with it", arguments: bad)
  func refuses(_ test: Bad) {
    let defect = #expect(throws: AnswerDefect.self) {
      try AnswerReader.candidate(in: test.text, stage: .repair)
    }
    #expect(defect?.code == test.code)
    #expect(defect?.detail.isEmpty == false)
  }

  @Test("one candidate may stand in an array or in a list of candidates")
  func unwrapping() throws {
    for text in ["[\(Self.candidate())]", "{\"candidates\":[\(Self.candidate())]}"] {
      let answer = try AnswerReader.candidate(in: text)
      #expect(answer.steps == [.arrayUnwrapped])
      #expect(answer.value.formula == "rank(close)")
    }
  }

  @Test("an echo of the schema or of an example before the answer is not taken for it")
  func echo() throws {
    let text = """
      The schema is {"type": "object", "properties": {}} and so I answer:
      ```json
      {"type": "object"}
      ```
      ```json
      \(Self.candidate())
      ```
      """
    #expect(try AnswerReader.candidate(in: text).value.formula == "rank(close)")
    #expect(try AnswerReader.candidates(in: text).candidates.count == 1)
    let defect = #expect(throws: AnswerDefect.self) {
      try AnswerReader.candidate(in: "I answer {\"type\": \"object\"} only.")
    }
    #expect(defect?.code == .schemaViolated)
  }

  @Test("the language may be written in any case, and a lane that is not given is exploit")
  func leniency() throws {
    let text = Self.candidate(language: "fastexpr")
      .replacing(#""candidate_lane":"explore","#, with: "")
    #expect(try AnswerReader.candidate(in: text).value.notes.lane == .exploit)
  }

  @Test("an idea is read with its defaults, and one without a hypothesis is refused")
  func ideas() throws {
    let idea = try AnswerReader.idea(in: #"{"idea_id":"i","hypothesis":"Prices revert."}"#)
    #expect(idea.value.target.universe == "TOP3000")
    let defect = #expect(throws: AnswerDefect.self) {
      try AnswerReader.idea(in: #"{"idea_id":"i"}"#)
    }
    #expect(defect?.code == .schemaViolated)
    #expect(defect?.detail.contains("hypothesis") == true)
  }

  @Test("one bad candidate of several loses only itself")
  func several() throws {
    let text = """
      {"candidates":[\(Self.candidate()),\(Self.candidate(type: "SUPER")),7,\
      \(Self.candidate(regular: #""rank(volume)""#))]}
      """
    let answers = try AnswerReader.candidates(in: text)
    #expect(answers.candidates.map(\.formula) == ["rank(close)", "rank(volume)"])
    #expect(answers.defects.map(\.element) == [1, 2])
    #expect(answers.defects.map(\.code) == [.contractViolated, .payloadNotObject])
    #expect(!answers.isTruncated)
  }

  @Test("of several candidates that are cut off the complete ones are kept, and it is said")
  func cutOff() throws {
    let text = "{\"candidates\":[\(Self.candidate()),\(Self.candidate().prefix(150))"
    let answers = try AnswerReader.candidates(in: text)
    #expect(answers.candidates.count == 1)
    #expect(answers.isTruncated)
  }

  @Test("several may come as a bare array or as a single candidate")
  func shapes() throws {
    #expect(try AnswerReader.candidates(in: "[\(Self.candidate())]").candidates.count == 1)
    #expect(try AnswerReader.candidates(in: Self.candidate()).candidates.count == 1)
    let many = "[" + Array(repeating: Self.candidate(), count: 260).joined(separator: ",") + "]"
    let answers = try AnswerReader.candidates(in: many)
    #expect(answers.candidates.count == AnswerReader.elementsMax)
    #expect(answers.surplusCount == 4)
    #expect(throws: AnswerDefect.self) { try AnswerReader.candidates(in: #"{"candidates":[]}"#) }
  }
}
