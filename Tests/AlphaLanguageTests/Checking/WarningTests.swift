import AlphaLanguage
import Essentials
import Markets
import Testing

@Suite("Units, warnings and the size of a formula")
struct WarningTests {
  @Test(
    "a unit follows from the units of the fields",
    arguments: [
      ("close", MeasureUnit.price), ("close + open", .price), ("close * volume", .money),
      ("cap / close", .share), ("close / open", .dimensionless), ("rank(close)", .dimensionless),
      ("close ^ 2", MeasureUnit(price: 2)), ("sqrt(close * open)", .price), ("sqrt(close)", nil),
      ("close ^ returns", nil), ("inverse(close)", MeasureUnit(price: -1)),
      ("close > open", .dimensionless), ("close > open ? close : 0", .price),
      ("trade_when(volume > adv20, close, -1)", .price), ("close + 0", .price),
      ("ts_regression(close, volume, 20)", .price),
      ("ts_regression(close, volume, 20, rettype=2)", MeasureUnit(price: 1, share: -1)),
      ("ts_regression(close, volume, 20, rettype=6)", .dimensionless),
      ("ts_covariance(close, volume, 20)", .money), ("group_zscore(close, sector)", .dimensionless),
      ("max(close, volume)", nil),
    ])
  func units(_ source: String, _ unit: MeasureUnit?) throws {
    #expect(try DeskSchema.check(source).unit == unit)
  }

  @Test("a unit whose exponents grow without end is not known")
  func endlessUnit() throws {
    let source = Array(repeating: "close", count: 200).joined(separator: "*")
    #expect(try DeskSchema.check(source).unit == nil)
    #expect(try DeskSchema.check("close ^ 500").unit == nil)
  }

  @Test(
    "units that do not fit give a warning and no more",
    arguments: [
      ("close + volume", "close + volume"), ("close - 1", "close - 1"),
      ("rank(close > volume)", "close > volume"), ("rank(log(close))", "close"),
      ("max(close, open, cap)", "max(close, open, cap)"), ("returns ^ close", "close"),
      ("returns > 0 ? close : volume", "returns > 0 ? close : volume"),
    ])
  func incompatible(_ source: String, _ underlined: String) throws {
    let warnings = try DeskSchema.check(source).warnings
    #expect(warnings.map(\.code) == ["incompatible_unit"])
    #expect(warnings.map { DeskSchema.text(of: $0.span, in: source) } == [underlined])
  }

  @Test(
    "units that fit give no warning",
    arguments: [
      "close + open", "close > 0", "close + nan", "volume > adv20", "log(close / open)",
      "rank(close) + rank(volume)", "abs(returns) < 0.08 ? close : 0", "log_diff(close)",
    ])
  func compatible(_ source: String) throws {
    #expect(try DeskSchema.check(source).warnings == [])
  }

  @Test(
    "what has no effect gives a warning",
    arguments: [
      ("a = rank(close); rank(open)", "unused_variable", "a"),
      ("a = rank(close); a = rank(open); a", "unused_variable", "a"),
      ("rank(close); rank(open)", "statement_without_effect", "rank(close)"),
      ("close = rank(close); close", "shadowed_field", "close"),
    ])
  func idle(_ source: String, _ code: String, _ underlined: String) throws {
    let warnings = try DeskSchema.check(source).warnings
    #expect(warnings.map(\.code) == [code])
    #expect(warnings.map { DeskSchema.text(of: $0.span, in: source) } == [underlined])
  }

  @Test("more than 64 operators give a warning, 64 do not")
  func operatorLimit() throws {
    let chain = Array(repeating: "close", count: 65).joined(separator: "+")
    #expect(try DeskSchema.check(chain).warnings == [])
    #expect(try DeskSchema.check("-(\(chain))").warnings.map(\.code) == ["too_many_operators"])
  }

  @Test(
    "the size of a formula counts operators as written, fields without groups, nodes and depth",
    arguments: [
      ("close", Complexity(operators: 0, fields: 1, nodes: 1, depth: 0)),
      ("rank(close) + rank(close)", Complexity(operators: 3, fields: 1, nodes: 3, depth: 2)),
      (
        "group_rank(close - open * 2 * 3, sector)",
        Complexity(operators: 4, fields: 2, nodes: 9, depth: 4)
      ),
      ("ts_mean(close, 2 * 5)", Complexity(operators: 1, fields: 1, nodes: 2, depth: 1)),
      ("ts_step(1)", Complexity(operators: 1, fields: 0, nodes: 1, depth: 0)),
    ])
  func complexity(_ source: String, _ complexity: Complexity) throws {
    #expect(try DeskSchema.check(source).complexity == complexity)
  }

  @Test("the fields that are read are listed once each, without those of unused variables")
  func fields() throws {
    let formula = try DeskSchema.check("a = cap; group_rank(open / close + open, sector)")
    #expect(formula.fields == ["close", "open", "sector"])
  }

  @Test("a rejection renders as a compiler's report")
  func rendered() {
    let rejection = #expect(throws: FormulaRejection.self) {
      try DeskSchema.check("a = rank(close);\na + clsoe")
    }
    #expect(
      rejection?.rendered(named: "alpha") == """
        error: Unknown data field: clsoe. [unknown_data_field]
         --> alpha:2:5
        2 | a + clsoe
          |     ^^^^^
          = help: Write close.
        """)
  }
}
