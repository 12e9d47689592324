import Testing

@testable import Essentials

@Suite("The meaning of YAML scalars")
struct ScalarMeaningTests {
  private typealias Scalar = LocatedValue.Scalar

  @Test(
    "plain scalars mean what the core schema of YAML 1.2 says",
    arguments: [
      ("", ScalarMeaning.null), ("~", .null), ("null", .null), ("true", .bool(true)),
      ("False", .bool(false)), ("12", .integer(12)), ("-7", .integer(-7)), ("+3", .integer(3)),
      ("1_000_000", .integer(1_000_000)), ("0.5", .number(0.5)), (".5", .number(0.5)),
      ("1.", .number(1)), ("1e3", .number(1000)), ("-2.5E-1", .number(-0.25)),
      ("99999999999999999999", .number(1e20)), (".nan", .notFinite), ("-.inf", .notFinite),
      ("1e999", .notFinite), ("yes", .text), ("on", .text), ("1h", .text), ("5%", .text),
      ("1__0", .text), ("_1", .text), ("1_", .text), ("1_.5", .text), ("1e", .text),
      ("1e+", .text), ("1.2.3", .text), ("-", .text), (".", .text), ("+", .text), ("e5", .text),
      ("1-2", .text), ("0x10", .text), ("2024-01-01", .text), ("nan", .text),
    ])
  func plain(text: String, expected: ScalarMeaning) {
    #expect(Scalar(text, .plain).meaning == expected)
  }

  @Test("a scalar in quotes is a text")
  func quoted() {
    #expect(Scalar("true", .doubleQuoted).meaning == .text)
    #expect(Scalar("1", .singleQuoted).meaning == .text)
    #expect(Scalar("", .block).meaning == .text)
  }
}
