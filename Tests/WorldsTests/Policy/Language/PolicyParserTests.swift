import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("Expressions of a policy")
struct PolicyParserTests {
  private func parse(_ text: String, as type: PolicyType) -> PolicyExpression? {
    PolicyParser.parse(text, as: type, catalog: MetricCatalog(external: ["mood"])).expression
  }

  private func mistakes(_ text: String, as type: PolicyType) -> [PolicyMistake] {
    PolicyParser.parse(text, as: type, catalog: MetricCatalog(external: ["mood"])).mistakes
  }

  @Test(
    "an expression has one canonical text",
    arguments: [
      ("sharpe_mid>=0.60", "sharpe@mid >= 0.6"), ("max_dd_120d <= 25%", "max_dd@120d <= 0.25"),
      ("max_dd_120d <= 0.25", "max_dd@120d <= 0.25"),
      ("sample_days >= 33.3%", "sample_days >= 0.333"),
      ("not sharpe@mid > 1 and sharpe@mid < 2", "not sharpe@mid > 1 and sharpe@mid < 2"),
      ("!(sharpe@mid > 1 && true) || false", "not (sharpe@mid > 1 and true) or false"),
      ("((sharpe@mid)) in [ -1 , 2^-1 ]", "sharpe@mid in [-1, 2^-1]"),
      ("data_age < 90s", "data_age < 90s"), ("data_age < 14D", "data_age < 14d"),
      ("phase_age - data_age <= 2w", "phase_age - data_age <= 14d"),
      ("trades@60d == 40", "trades@60d == 40"), ("beta_btc@mid <= 1e-6", "beta_btc@mid <= 1e-06"),
      ("mood@500b > 0", "mood@500b > 0"), ("rank(sharpe@mid) <= 3", "rank(sharpe@mid) <= 3"),
      ("known(mood) and coalesce(ulcer_mid, 0) < 1", "known(mood) and coalesce(ulcer@mid, 0) < 1"),
      ("1 / 0 > 1", "1 / 0 > 1"),
    ])
  func canonical(text: String, expected: String) throws {
    let expression = try #require(parse(text, as: .bool))
    #expect(expression.description == expected)
    #expect(parse(expected, as: .bool) == expression)
  }

  @Test(
    "operations bind as arithmetic and logic do",
    arguments: [
      ("-2^2 == -4", "-(2^2) == -4"), ("2^3^2 == 512", "2^(3^2) == 512"),
      ("1 - 2 - 3 == -4", "(1 - 2) - 3 == -4"), ("8 / 4 / 2 == 1", "(8 / 4) / 2 == 1"),
      ("1 + 2 * 3 == 7", "1 + (2 * 3) == 7"), ("not true and false", "(not true) and false"),
      ("true or false and false", "true or (false and false)"),
      ("- -1 == 1", "-(-1) == 1"), ("+1 == 1", "1 == 1"),
      ("2 ^ -1 ^ 2 == 1", "2 ^ (-(1 ^ 2)) == 1"),
      ("true and false or true", "(true and false) or true"),
    ])
  func precedence(text: String, explicit: String) {
    #expect(
      parse(text, as: .bool) != nil || mistakes(text, as: .bool).map(\.code) == ["inexact_equality"]
    )
    #expect(parse(text, as: .bool) == parse(explicit, as: .bool))
  }

  @Test(
    "a mistake is named, points at its place and says what to write",
    arguments: [
      ("sharpe_mid = 0.6", "single_equals", "=", "== or >="),
      ("0 < sharpe_mid < 3", "chained_comparison", "0 < sharpe_mid <", "and"),
      ("sample_days >= 30d", "mixed_units", "30d", "30"),
      ("data_age >= 30", "mixed_units", "30", "unit"),
      ("sharpe_mid >= .nan", "invalid_number", ".nan", "finite"),
      ("sharpe_mid >= .5", "invalid_number", ".5", "0.5"),
      ("sharpe_mid >= 1e999", "invalid_number", "1e999", "finite"),
      ("sharpe_mid >= 1.5h", "invalid_number", "1.5h", "whole"),
      ("sharp_mid >= 1", "unknown_metric", "sharp_mid", "sharpe@mid"),
      ("Sharpe_mid >= 1", "unknown_metric", "Sharpe_mid", "sharpe_mid"),
      ("sharpe >= 1", "missing_window", "sharpe", "sharpe@mid"),
      ("sample_days@mid >= 1", "needless_window", "sample_days@mid", "sample_days"),
      ("sharpe@middle >= 1", "unknown_window", "@middle", "@short"),
      ("beta_@mid >= 1", "unknown_metric", "beta_@mid", "external"),
      ("avg(sharpe@mid) > 1", "unknown_function", "avg", "coalesce"),
      ("ranc(sharpe@mid) > 1", "unknown_function", "ranc", "rank"),
      ("rank > 1", "missing_arguments", "rank", "rank(...)"),
      ("clip(sharpe@mid, 1) > 1", "wrong_arity", "clip(sharpe@mid, 1)", "clip(value, low, high)"),
      ("rank(sharpe@mid + 1) > 1", "wrong_type", "sharpe@mid + 1", "rank(sharpe@mid)"),
      ("sharpe@mid == 0.6", "inexact_equality", "==", ">="),
      ("sharpe@mid", "wrong_type", "sharpe@mid", "Compare"),
      ("sharpe@mid and true", "wrong_type", "sharpe@mid", "Compare"),
      ("(sharpe@mid > 1) + 1 > 0", "wrong_type", "(sharpe@mid > 1)", "and"),
      ("data_age * 2 > 1d", "wrong_type", "data_age", "number"),
      ("sharpe@mid >", "unfinished_expression", "", "Finish"),
      ("sharpe@mid > 1)", "unexpected_token", ")", "remove"),
      ("sharpe@mid > 1 AND true", "unexpected_token", "AND", "Write `and`"),
      ("coalesce(sharpe@mid > 1, false)", "wrong_type", "sharpe@mid > 1", "and"),
      ("sharpe@mid > not true", "unexpected_token", "not", "Finish"),
      ("", "empty_expression", "", "Write"), ("  ", "empty_expression", "", "Write"),
      ("sharpe@mid > 1 & true", "unsupported_character", "&", "and"),
      ("sharpe @mid > 1", "unsupported_character", "@", "right behind"),
      ("sharpe@mid ≥ 1", "unsupported_character", "≥", "Remove"),
    ])
  func mistake(text: String, code: String, place: String, remedy: String) throws {
    let found = mistakes(text, as: .bool)
    #expect(found.map(\.code) == [code])
    let first = try #require(found.first)
    #expect(String(decoding: Array(text.utf8)[first.range], as: UTF8.self) == place)
    #expect(first.remedy?.contains(remedy) == true)
  }

  @Test("all unknown names and wrong types of one expression are found")
  func allMistakes() {
    let found = mistakes("foo_mid > 1 and sharpe_mid > 1d or bar(1)", as: .bool)
    #expect(found.map(\.code) == ["unknown_function"])
    let both = mistakes("foo_mid > 1 and sharpe_mid > 1d or true + 1 > 2", as: .bool)
    #expect(both.map(\.code) == ["unknown_metric", "mixed_units", "wrong_type"])
  }

  @Test("an expression of another type than wanted is refused")
  func wantedType() {
    #expect(mistakes("sharpe@mid > 1", as: .number).map(\.code) == ["wrong_type"])
    #expect(mistakes("data_age", as: .number).map(\.code) == ["wrong_type"])
    #expect(parse("sharpe_mid + 0.1*winrate@long - 0.2*ulcer_mid", as: .number) != nil)
  }

  @Test("nesting of 32 is read; of 33, of hundreds of thousands, and too many parts are refused")
  func limits() {
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "true" + String(repeating: ")", count: depth)
    }
    #expect(parse(nested(32), as: .bool) == .boolean(true))
    #expect(mistakes(nested(33), as: .bool).map(\.code) == ["nested_too_deep"])
    #expect(mistakes(nested(8000), as: .bool).map(\.code) == ["nested_too_deep"])
    #expect(
      mistakes(String(repeating: "- ", count: 8000) + "1", as: .number).first?.code
        == "nested_too_deep")
    #expect(
      mistakes(String(repeating: "not ", count: 4000) + "true", as: .bool).first?.code
        == "nested_too_deep")
    #expect(
      mistakes("1" + String(repeating: "^1", count: 4000), as: .number).first?.code
        == "nested_too_deep")
    #expect(
      mistakes(String(repeating: "abs(", count: 4000), as: .number).first?.code == "nested_too_deep"
    )
    #expect(parse(Array(repeating: "1", count: 256).joined(separator: "+"), as: .number) != nil)
    #expect(
      mistakes(Array(repeating: "1", count: 257).joined(separator: "+"), as: .number).map(\.code)
        == ["expression_too_large"])
    #expect(
      mistakes(String(repeating: " ", count: 20_000), as: .number).map(\.code) == [
        "expression_too_long"
      ])
  }

  @Test("the text of any expression reads back as that expression")
  func roundTrip() throws {
    var generator = SplitMix64(seed: 7)
    for _ in 0..<400 {
      let expression = Self.drawn(.bool, depth: 4, &generator)
      let text = expression.description
      #expect(parse(text, as: .bool) == expression, "\(text)")
    }
  }

  /// A random expression of a type.
  private static func drawn(
    _ type: PolicyType, depth: Int, _ generator: inout SplitMix64
  ) -> PolicyExpression {
    func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
    func part(_ type: PolicyType) -> PolicyExpression {
      drawn(type, depth: depth - 1, &generator)
    }
    switch type {
    case .duration:
      return pick(2) == 0
        ? .duration(.seconds(Int64(pick(100_000)))) : .metric(MetricName(base: "data_age"))
    case .number:
      switch depth > 0 ? pick(7) : pick(2) {
      case 0: return .number(Double(pick(1000)) / 8)
      case 1:
        return .metric(MetricName(base: "sharpe", over: [.mid, .days(60), .bars(5)][pick(3)]))
      case 2: return .negative(part(.number))
      case 3: return .call([.min, .max, .coalesce][pick(3)], [part(.number), part(.number)])
      case 4: return .call([.abs, .sqrt, .log, .exp][pick(4)], [part(.number)])
      case 5: return .call(.rank, [.metric(MetricName(base: "ulcer", over: .long))])
      default:
        return .binary(
          [.plus, .minus, .times, .over, .power][pick(5)], part(.number), part(.number))
      }
    case .bool:
      switch depth > 0 ? pick(6) : pick(2) {
      case 0: return .boolean(pick(2) == 0)
      case 1: return .call(.known, [.metric(MetricName(base: "mood"))])
      case 2: return .not(part(.bool))
      case 3: return .binary([.and, .or][pick(2)], part(.bool), part(.bool))
      case 4:
        let operands: PolicyType = pick(3) == 0 ? .duration : .number
        return .binary(
          [.less, .lessOrEqual, .greater, .greaterOrEqual][pick(4)], part(operands), part(operands))
      default: return .within(part(.number), part(.number), part(.number))
      }
    }
  }
}
