import AlphaLanguage
import Essentials
import Markets
import Testing

@testable import Research

@Suite("Validation of formulas and settings")
struct FormulaValidatorTests {
  static let validator = FormulaValidator(checker: DeskFields.checker)

  struct Case: Sendable, CustomTestStringConvertible {
    var formula: String
    var signature: String
    var testDescription: String { "\(formula) is \(signature)" }

    init(_ formula: String, _ signature: String) {
      self.formula = formula
      self.signature = signature
    }
  }

  static let cases: [Case] = [
    Case("rank(ts_delta(log(close), 5))", "VALID"),
    Case("", "empty_expression"),
    Case("rank(close", "unbalanced_parentheses"),
    Case("rank()", "operator_no_arguments"),
    Case("rank(,close)", "operator_empty_argument"),
    Case("rank(close,)", "operator_empty_argument"),
    Case("foo(close)", "unknown_operator"),
    Case("rank(nope)", "unknown_data_field"),
    Case("ts_delta(close)", "operator_arity_mismatch"),
    Case("rank(close, volume, 5)", "operator_arity_mismatch"),
    Case("ts_delta(sector, 5)", "ts_non_matrix_input"),
    Case("rank(nws)", "vector_used_in_non_vec"),
    Case("vec_avg(nws)", "VALID"),
    Case("ts_mean(vec_avg(nws), 5)", "VALID"),
    Case("rank(vec_avg(nws))", "VALID"),
    Case("vec_avg(close)", "vec_requires_vector"),
    Case("group_neutralize(rank(close), sector)", "VALID"),
    Case("group_neutralize(rank(close), returns)", "group_requires_group_and_matrix"),
    Case(#"group_neutralize(rank(close), bucket(rank(cap), range="0,1,0.1"))"#, "VALID"),
    Case("ts_mean(group_neutralize(close, sector), 5)", "VALID"),
    Case("hump(close, hump=0.001)", "VALID"),
    Case("a = rank(close); a", "VALID"),
    Case("abs(returns) < 0.08 ? close : 0", "VALID"),
    Case("close > 1", "VALID"),
    Case("close * 1e-6", "VALID"),
    Case("rank(sector)", "group_used_as_number"),
    Case("rank(top3000)", "unknown_data_field"),
    Case("close volume", "missing_operator"),
    Case("* / +", "missing_operand"),
    Case("5", "constant_formula"),
    Case("ts_mean(close, -5)", "window_out_of_range"),
    Case("combo_a(close)", "operator_scope_violation"),
    Case("rank(next_return)", "look_ahead"),
    Case("foo(nope)", "unknown_data_field|unknown_operator"),
  ]

  @Test("a formula has the signature of all that is wrong with it", arguments: cases)
  func signatures(_ test: Case) {
    let report = Self.validator.report(on: test.formula)
    #expect(report.errorSignature == test.signature, "\(report.errors)")
    #expect(report.isValid == (test.signature == "VALID"))
    #expect(report.isValid == (report.formula != nil))
    #expect(report.findingLines.count == report.errors.count)
    #expect(report.errorFindings.allSatisfy { $0.hint?.isEmpty == false })
    #expect(report.errorFindings.allSatisfy { $0.span != nil })
  }

  @Test("operators and fields come from the tree: names of arguments, words and variables are none")
  func used() {
    let report = Self.validator.report(
      on: #"close_2 = TS_Quantile(volume, 5, driver="cauchy"); close_2 * ts_mean(close, d=5) # cap"#
    )
    #expect(report.isValid)
    #expect(report.usedOperators == ["ts_quantile", "ts_mean"])
    #expect(report.usedFields == ["volume", "close"])
    let broken = Self.validator.report(on: "foo(nope, close")
    #expect(broken.usedOperators == ["foo"])
    #expect(broken.usedFields == ["close"])
  }

  @Test("a field that an operator reads unwritten counts as used")
  func implied() {
    #expect(Self.validator.report(on: "convert(volume)").usedFields == ["volume", "close"])
  }

  @Test("the nearest known name is the hint")
  func hints() {
    #expect(
      Self.validator.report(on: "rnak(clsoe)").errorFindings.map(\.hint).joined().contains("close"))
    let line = Self.validator.report(on: "rank(clsoe)").findingLines
    #expect(line == ["unknown_data_field at `clsoe`: Unknown data field: clsoe. Write close."])
  }

  @Test("gravity says whether the meaning is in doubt")
  func gravity() {
    #expect(Self.validator.report(on: "rank(nope)").errorFindings.map(\.gravity) == [.high])
    #expect(Self.validator.report(on: "rank()").errorFindings.map(\.gravity) == [.medium])
    #expect(
      Self.validator.report(on: "close + volume").warningFindings.map(\.gravity) == [.low])
  }

  @Test("of a super alpha's expression names, scopes and parentheses are checked, and that is said")
  func superAlphas() {
    let combo = Self.validator.report(on: "combo_a(alpha)", as: .combo)
    #expect(combo.isValid)
    #expect(combo.warningFindings.map(\.key) == ["superficially_checked"])
    let selection = Self.validator.report(on: "rank(close", as: .selection)
    #expect(selection.errorSignature == "operator_scope_violation|unbalanced_parentheses")
    #expect(Self.validator.report(on: "", as: .combo).errorSignature == "empty_expression")
    #expect(Self.validator.report(on: "zzz(1)", as: .combo).errorSignature == "unknown_operator")
  }

  @Test("a super alpha's expression without end is refused in a bounded time")
  func hugeSuperAlphas() {
    let long = String(repeating: "zz(", count: 30_000)
    #expect(Self.validator.report(on: long, as: .combo).errorSignature == "formula_too_long")
    let many = String(repeating: "zz(", count: 20_000)
    #expect(Self.validator.report(on: many, as: .combo).errors.count <= 45)
  }

  static let allowed: AllowedSettings = {
    func region(_ name: String) -> [AllowedSettings.Condition] {
      [
        AllowedSettings.Condition(key: "instrumentType", value: "EQUITY"),
        AllowedSettings.Condition(key: "region", value: name),
      ]
    }
    return AllowedSettings(
      snapshotDate: "", source: "test",
      choices: [
        .init(key: "instrumentType", values: ["EQUITY"]),
        .init(
          key: "region",
          conditions: [.init(key: "instrumentType", value: "EQUITY")], values: ["USA", "EUR"]),
        .init(key: "universe", conditions: region("USA"), values: ["TOP3000", "TOP1000"]),
        .init(key: "universe", conditions: region("EUR"), values: ["TOP1200"]),
        .init(key: "neutralization", conditions: region("USA"), values: ["SUBINDUSTRY", "MARKET"]),
        .init(key: "neutralization", conditions: region("EUR"), values: ["MARKET"]),
        .init(key: "language", values: ["FASTEXPR"]),
      ])
  }()

  @Test("settings are held against what their own region offers")
  func settings() {
    let validator = FormulaValidator(
      checker: DeskFields.checker, allowedSettings: Self.allowed)
    var candidate = CandidateAlpha(ideaID: "i", formula: "rank(close)")
    #expect(validator.report(on: candidate).isValid)
    candidate.simulation.settings.region = "EUR"
    let report = validator.report(on: candidate)
    #expect(report.errorSignature == "setting_not_allowed")
    #expect(report.errors.count == 2)
    #expect(report.errors[0].contains("TOP3000"))
    #expect(report.formula == nil)
    candidate.simulation.settings.region = "EUU"
    #expect(validator.report(on: candidate).errorFindings.map(\.hint) == ["Write EUR."])
    candidate.simulation.settings.region = "USA"
    candidate.simulation.settings.language = "python"
    #expect(validator.report(on: candidate).errors.count == 1)
  }

  @Test("the document has the members that programs expect")
  func document() {
    let json = Self.validator.report(on: "rank(nope)").json
    #expect(json["is_valid"] == .bool(false))
    #expect(json["errors"] == .array(["Unknown data field: nope."]))
    #expect(json["used_operators"] == .array(["rank"]))
    #expect(json["used_fields"] == .array([]))
    #expect(json["error_signature"] == "unknown_data_field")
    let valid = Self.validator.report(on: "rank( close )").json
    #expect(valid["canonical"] == "rank(close)")
    #expect(valid["warnings"] == .array([]))
  }
}

extension [String?] {
  fileprivate func joined() -> String { compactMap { $0 }.joined(separator: " ") }
}
