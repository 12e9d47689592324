import AlphaLanguage
import Essentials
import Testing

@Suite("Formulas that must be accepted and refused")
struct AcceptanceTests {
  @Test(
    "a correct formula is accepted",
    arguments: [
      "rank(ts_delta(log(close), 5))",
      "vec_avg(nws)",
      "ts_mean(vec_avg(nws), 5)",
      "rank(vec_avg(nws))",
      "group_neutralize(rank(close), sector)",
      "group_neutralize(rank(close), bucket(rank(cap), range=\"0,1,0.1\"))",
      "group_neutralize(rank(close), bucket(rank(cap), buckets='2,5,6'))",
      "ts_mean(group_neutralize(close, sector), 5)",
      "hump(close, hump=0.001)",
      "a = rank(close); a",
      "a = rank(close);\nb = ts_mean(a, 5);\n-b;",
      "abs(returns) < 0.08 ? close : 0",
      "close * 1e-6",
      "close > 1",
      "ts_step(1)",
      "rank(close, rate=0)",
      "ts_backfill(close, 252)",
      "ts_backfill(close, lookback=252, k=1)",
      "kth_element(close, 5, k=\"1\")",
      "kth_element(close, 5, 1, ignore=\"NAN 0\")",
      "quantile(close, driver=cauchy, sigma=2)",
      "ts_mean(close, 2 * 5)",
      "trade_when(abs(returns) < 0.08, rank(close), -1)",
      "returns > 0 ? rank(close) : returns < -0.1 ? -1 : 0",
      "(close - open) / ((high - low) + 0.001)",
      "if_else(and(returns > 0, not(is_nan(volume))), 1, nan)",
      "!(close > open) || volume > adv20 && true",
      "-close ^ 2",
      "2 ^ -returns",
      "# a comment\nrank(close) // another\n/* and\nmore */",
      "RANK(close)",
      "add(close, open, high, filter=true)",
      "max(close, open, low)",
      "ts_rank_gmean_amean_diff(close, open, low, 20)",
      "group_count(close, group_coalesce(sector, industry, bucket(cap, range='0,1,0.1')))",
      "group_mean(returns, 1, densify(sector))",
      "group_rank(returns, group_cartesian_product(sector, industry))",
      "ts_delay(next_return, 1)",
      "replace(close, target=\"1 2\", dest=\"nan\")",
      "nan_out(close, lower=1)",
      "clamp(close, lower=1, upper=2, inverse=true, mask=mean)",
      "convert(close, mode=\"share2dollar\")",
      "inst_pnl(rank(close))",
    ])
  func accepts(_ source: String) {
    #expect(DeskSchema.errors(source).map { $0.rendered(in: source) } == [])
  }

  /// A formula, the codes of all its errors, and the text that the first one underlines.
  struct Refusal: Sendable, CustomTestStringConvertible {
    var source: String
    var codes: [String]
    var underlined: String
    init(_ source: String, _ codes: [String], _ underlined: String) {
      self.source = source
      self.codes = codes
      self.underlined = underlined
    }
    var testDescription: String { source }
  }

  static let refusals: [Refusal] = [
    Refusal("", ["empty_expression"], ""),
    Refusal(" \n# nothing\n", ["empty_expression"], " \n# nothing\n"),
    Refusal("rank(close", ["unbalanced_parentheses"], "("),
    Refusal("rank(close))", ["unbalanced_parentheses"], ")"),
    Refusal("rank(ts_mean(close, 5", ["unbalanced_parentheses"], "("),
    Refusal("rank()", ["operator_no_arguments"], "rank()"),
    Refusal("rank(,close)", ["operator_empty_argument"], ","),
    Refusal("rank(close,)", ["operator_empty_argument"], ")"),
    Refusal("foo(close)", ["unknown_operator"], "foo"),
    Refusal("rank(nope)", ["unknown_data_field"], "nope"),
    Refusal("rank(nope) + ts_mean(nope, 5)", ["unknown_data_field"], "nope"),
    Refusal("ts_delta(close)", ["operator_arity_mismatch"], "ts_delta(close)"),
    Refusal("rank(close, volume, 5)", ["operator_arity_mismatch"], "volume, 5"),
    Refusal("hump(close, 0.01)", ["operator_arity_mismatch"], "0.01"),
    Refusal("rank(close, sector)", ["operator_arity_mismatch"], "sector"),
    Refusal("ts_delta(sector, 5)", ["ts_non_matrix_input"], "sector"),
    Refusal("rank(nws)", ["vector_used_in_non_vec"], "nws"),
    Refusal("nws + 1", ["vector_used_in_non_vec"], "nws"),
    Refusal("nws", ["vector_used_in_non_vec"], "nws"),
    Refusal("vec_avg(close)", ["vec_requires_vector"], "close"),
    Refusal(
      "group_neutralize(rank(close), returns)", ["group_requires_group_and_matrix"], "returns"),
    Refusal(
      "group_rank(sector, close)", Array(repeating: "group_requires_group_and_matrix", count: 2),
      "sector"),
    Refusal("rank(sector)", ["group_used_as_number"], "sector"),
    Refusal("sector", ["result_not_matrix"], "sector"),
    Refusal("rank(top3000)", ["unknown_data_field"], "top3000"),
    Refusal("rank(rank)", ["unknown_data_field"], "rank"),
    Refusal("close volume", ["missing_operator"], "volume"),
    Refusal("rank(close) rank(volume)", ["missing_operator"], "rank"),
    Refusal("close.volume", ["unsupported_characters"], "."),
    Refusal("* / +", ["missing_operand"], "*"),
    Refusal("close +", ["missing_operand"], "+"),
    Refusal("5", ["constant_formula"], "5"),
    Refusal("2 * 5 - 1", ["constant_formula"], "2 * 5 - 1"),
    Refusal("rank(5)", ["constant_input"], "rank(5)"),
    Refusal("ts_mean(close, -5)", ["window_out_of_range"], "-5"),
    Refusal("ts_mean(close, 0)", ["window_out_of_range"], "0"),
    Refusal("ts_mean(close, 99999)", ["window_out_of_range"], "99999"),
    Refusal("ts_mean(close, 2.5)", ["window_out_of_range"], "2.5"),
    Refusal("ts_mean(close, volume)", ["argument_not_constant"], "volume"),
    Refusal("ts_backfill(close, 5, 0)", ["argument_out_of_range"], "0"),
    Refusal("ts_delay(close, -1)", ["look_ahead"], "ts_delay(close, -1)"),
    Refusal("rank(ts_delta(close, -5)) + close", ["look_ahead"], "ts_delta(close, -5)"),
    Refusal("rank(next_return)", ["look_ahead"], "next_return"),
    Refusal("ts_delay(close, 1) + ts_delta(next_return, 1)", ["look_ahead"], "next_return"),
    Refusal("a = rank(next_return); ts_mean(a, 5) - close", ["look_ahead"], "next_return"),
    Refusal("combo_a(close)", ["operator_scope_violation"], "combo_a"),
    Refusal("reduce_avg(close)", ["operator_scope_violation"], "reduce_avg"),
    Refusal("universe_size(close)", ["operator_scope_violation"], "universe_size"),
    Refusal("close § 5", ["unsupported_characters"], "§"),
    Refusal("close & open", ["unsupported_characters"], "&"),
    Refusal("a = rank(close);", ["missing_result"], "a = rank(close)"),
    Refusal("a = ; rank(close)", ["missing_operand"], "="),
    Refusal("b = nope; rank(b)", ["unknown_data_field"], "nope"),
    Refusal("close = 5 = 6", ["unexpected_token"], "="),
    Refusal("0 < close < 5", ["unexpected_token"], "<"),
    Refusal("close ? open", ["unexpected_token"], "?"),
    Refusal("close : open", ["unexpected_token"], ":"),
    Refusal("(close, open)", ["unexpected_token"], ","),
    Refusal("rank(close, rte=2)", ["unknown_argument"], "rte"),
    Refusal("rank(close, rate=2, rate=3)", ["duplicate_argument"], "rate"),
    Refusal("ts_rank(constant=1, close, 5)", ["operator_arity_mismatch"], "close"),
    Refusal("quantile(close, driver=gaussain)", ["argument_not_allowed"], "gaussain"),
    Refusal("quantile(close, sigma=0)", ["argument_out_of_range"], "0"),
    Refusal(
      "bucket(rank(close), range=\"0,1\")", ["argument_not_allowed"],
      "bucket(rank(close), range=\"0,1\")"),
    Refusal("rank(bucket(rank(close), buckets=\"1,x\"))", ["argument_not_allowed"], "\"1,x\""),
    Refusal("rank(\"close\")", ["text_used_as_number"], "\"close\""),
    Refusal("rank(\"close)", ["unterminated_text"], "\"close)"),
    Refusal("rank(close) /* and", ["unterminated_comment"], "/*"),
    Refusal("close * 5abc", ["invalid_number"], "5abc"),
    Refusal("close * 1.2.3", ["invalid_number"], "1.2.3"),
    Refusal("close * 1e", ["invalid_number"], "1e"),
    Refusal("close * 1e999", ["invalid_number"], "1e999"),
    Refusal("nan_out(close)", ["argument_not_allowed"], "nan_out(close)"),
    Refusal(
      "foo(close) + rank(nope) - ts_mean(sector, 5)",
      ["unknown_operator", "unknown_data_field", "ts_non_matrix_input"], "foo"),
    Refusal(
      "a = close +; b = rank(close; c = nope; foo(a, b, c)",
      ["missing_operand", "unbalanced_parentheses", "unknown_data_field", "unknown_operator"],
      "+"),
  ]

  @Test("a wrong formula is refused with all its errors, the first underlined", arguments: refusals)
  func refuses(_ refusal: Refusal) throws {
    let errors = DeskSchema.errors(refusal.source)
    #expect(errors.map(\.code) == refusal.codes)
    let first = try #require(errors.first)
    #expect(DeskSchema.text(of: first.span, in: refusal.source) == refusal.underlined)
    #expect(first.remedy != nil)
  }

  @Test(
    "an error says what to write instead",
    arguments: [
      ("hump(close, 0.01)", "hump=0.01"), ("ts_stddev(close, 5)", "ts_std_dev(x, d)"),
      ("rank(clsoe)", "close"), ("correlation(close, open, 5)", "ts_corr(x, y, d)"),
      ("quantile(close, driver=gaussain)", "driver=\"gaussian\""),
      ("rank(close, rte=2)", "rate="), ("rank(nws)", "vec_avg(nws)"),
      ("close(5)", "takes no arguments"), ("rank(rank)", "is an operator"),
    ])
  func proposes(_ source: String, _ proposal: String) throws {
    let error = try #require(DeskSchema.errors(source).first)
    #expect(error.remedy?.contains(proposal) == true, "\(error.remedy ?? "nothing")")
  }

  @Test("the signature of a rejection joins its codes once each, sorted")
  func signature() {
    let rejection = #expect(throws: FormulaRejection.self) {
      try DeskSchema.check("foo(nope) + foo(close) + rank(sector)")
    }
    #expect(
      rejection?.signature == "group_used_as_number|unknown_data_field|unknown_operator")
    #expect(rejection?.key == "unknown_operator")
    #expect(rejection?.outcome == .refused)
  }
}
