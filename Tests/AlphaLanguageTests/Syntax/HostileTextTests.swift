import AlphaLanguage
import Essentials
import Mathematics
import Testing

@Suite("Hostile text")
struct HostileTextTests {
  /// Checks a text and fails unless it is accepted or refused with diagnostics that lie inside it.
  private func survive(_ source: String, seed: UInt64 = 0) {
    do {
      let formula = try DeskSchema.check(source)
      #expect(formula.latestLead <= 0, "seed \(seed): \(source)")
      #expect(!formula.fields.isEmpty || source.contains("ts_step"), "seed \(seed): \(source)")
      expectInside(formula.warnings, source, seed)
      let again = try? DeskSchema.check(formula.canonicalText)
      #expect(again?.graph == formula.graph, "seed \(seed): \(source)")
    } catch {
      #expect(!error.errors.isEmpty, "seed \(seed): \(source)")
      #expect(error.errors.count <= FormulaLimits.errors)
      expectInside(error.diagnostics, source, seed)
    }
  }

  private func expectInside(_ diagnostics: [Diagnostic], _ source: String, _ seed: UInt64) {
    let length = source.utf8.count
    let isInside = diagnostics.allSatisfy { $0.span.start >= 0 && $0.span.end <= length }
    if !isInside { Issue.record("seed \(seed): a span lies outside of \(source)") }
  }

  @Test("random bytes are refused without harm", arguments: 0..<4)
  func randomBytes(_ seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<1000 {
      let length = Int.random(in: 0..<60, using: &generator)
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      survive(String(decoding: bytes, as: UTF8.self), seed: seed)
    }
  }

  @Test("random token soups are accepted or refused without harm", arguments: 0..<8)
  func tokenSoups(_ seed: UInt64) {
    let words = [
      "close", "open", "sector", "nws", "next_return", "rank", "ts_mean", "ts_delay", "add",
      "bucket", "group_rank", "if_else", "a", "b", "true", "nan", "5", "-1", "0.5", "1e-6",
      "\"0,1,0.1\"", "range", "filter", "(", ")", "(", ")", "(", ")", ",", ",", ";", "=", "?",
      ":", "+", "-", "*", "/", "^", "!", "&&", "||", "<", ">=", "==", "#", "\n", "'", "/*", "§",
    ]
    var generator = SplitMix64(seed: seed &+ 100)
    for _ in 0..<1500 {
      let count = Int.random(in: 1...14, using: &generator)
      let soup = (0..<count).map { _ in words.randomElement(using: &generator)! }
      survive(soup.joined(separator: " "), seed: seed)
    }
  }

  @Test(
    "valid formulas with a few bytes changed are accepted or refused without harm",
    arguments: 0..<8)
  func mutations(_ seed: UInt64) {
    var generator = SplitMix64(seed: seed &+ 200)
    var formulas = RandomFormula(seed: seed)
    for _ in 0..<50 {
      let original = Array(formulas.script().utf8)
      for _ in 0..<10 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let position = Int.random(in: 0..<bytes.count, using: &generator)
          switch Int.random(in: 0..<3, using: &generator) {
          case 0 where bytes.count > 1: bytes.remove(at: position)
          case 1: bytes.insert(original.randomElement(using: &generator)!, at: position)
          default: bytes[position] = UInt8.random(in: 9...126, using: &generator)
          }
        }
        survive(String(decoding: bytes, as: UTF8.self), seed: seed)
      }
    }
  }

  /// A text that grows with its count, and the code that refuses it.
  struct Growth: Sendable, CustomTestStringConvertible {
    var name: String
    var code: String
    var text: String
    init(_ name: String, _ code: String, _ text: String) {
      self.name = name
      self.code = code
      self.text = text
    }
    var testDescription: String { name }
  }

  private static func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  static let growths: [Growth] = [
    Growth("ten megabytes", "formula_too_long", times(10_000_000, "a")),
    Growth("100,000 parentheses", "formula_too_long", times(100_000, "(")),
    Growth("60,000 open parentheses", "nesting_too_deep", times(60_000, "(")),
    Growth(
      "30,000 matched parentheses", "nesting_too_deep",
      times(30_000, "(") + "close" + times(30_000, ")")),
    Growth(
      "201 calls inside calls", "nesting_too_deep",
      times(201, "abs(") + "close" + times(201, ")")),
    Growth("30,000 closing parentheses", "unbalanced_parentheses", times(30_000, ")")),
    Growth("60,000 signs", "formula_too_large", times(60_000, "-") + "close"),
    Growth("20,000 terms", "formula_too_large", times(20_000, "2+") + "open"),
    Growth("10,000 choices", "formula_too_large", times(10_000, "1?1:") + "open"),
    Growth("20,000 questions", "unexpected_token", times(4_000, "1?") + "open"),
    Growth("60,000 semicolons", "empty_expression", times(60_000, ";")),
    Growth("60,000 commas", "missing_operand", times(60_000, ",")),
    Growth("60,000 strange characters", "unsupported_characters", times(30_000, "$ ")),
    Growth("60,000 digits", "invalid_number", times(60_000, "9") + "* close"),
    Growth("16,000 names", "missing_operator", times(16_000, "abc ")),
    Growth("6,000 unknown operators", "unknown_operator", times(3_000, "abc(1)+") + "1"),
  ]

  @Test("an endless text is refused for its first reason, within its bounds", arguments: growths)
  func endless(_ growth: Growth) throws {
    let errors = DeskSchema.errors(growth.text)
    #expect(errors.first?.code == growth.code)
    #expect(errors.count <= FormulaLimits.errors)
  }

  @Test("two hundred parentheses, five thousand signs and a long chain are accepted")
  func large() throws {
    let nested = Self.times(200, "(") + "close" + Self.times(200, ")")
    #expect(try DeskSchema.check(nested).canonicalText == "close")
    #expect(try DeskSchema.check(Self.times(5000, "-") + "close").canonicalText == "close")
    #expect(try DeskSchema.check(Self.times(1500, "1>close?1:") + "open").graph.nodes.count > 1500)
  }
}
