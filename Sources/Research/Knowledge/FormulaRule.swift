package import Essentials

/// A rule of writing formulas, as prompts tell it.
package struct FormulaRule: Hashable, Sendable, ReadableDocument {
  /// What the rule is about: `syntax`, `types`, `time`, `data` or `style`.
  package var subject: String
  package var rule: String
  /// A piece of a formula that keeps the rule; empty where none says more than the rule.
  package var sample: String

  init(_ subject: String, _ rule: String, sample: String = "") {
    (self.subject, self.rule, self.sample) = (subject, rule, sample)
  }

  package init(reading reader: inout DocumentReader) {
    subject = reader.requiredText("subject")
    rule = reader.requiredText("rule")
    sample = reader.line("sample") ?? ""
  }

  package var json: JSONValue {
    ["subject": .string(subject), "rule": .string(rule), "sample": .string(sample)]
  }

  /// The rules of FASTEXPR that every model is told.
  package static let all: [FormulaRule] = [
    FormulaRule(
      "syntax",
      "A formula may name intermediate values, each in a statement that ends with a semicolon; its "
        + "last line is the value itself.",
      sample: "trend = ts_delta(close, 20); rank(trend)"),
    FormulaRule("syntax", "An operator's name and its opening parenthesis stand together."),
    FormulaRule(
      "syntax", "Fields are written bare; texts for options stand in quotes.",
      sample: "bucket(rank(cap), range=\"0,1,0.1\")"),
    FormulaRule(
      "syntax",
      "Positional arguments come first, named ones after them; hump takes its limit by name.",
      sample: "hump(rank(returns), hump=0.01)"),
    FormulaRule("syntax", "Windows and other options are constants, written as numbers."),
    FormulaRule(
      "types",
      "A MATRIX field has one number for each day and instrument and may stand "
        + "wherever a number may."),
    FormulaRule(
      "types",
      "A VECTOR field has several numbers a day: a vec_ operator makes one of them "
        + "before anything else reads it.", sample: "ts_sum(vec_sum(dividend_events), 252)"),
    FormulaRule(
      "types",
      "A GROUP field, or what bucket makes, may stand only where an operator asks "
        + "for a group.", sample: "group_neutralize(rank(returns), sector)"),
    FormulaRule(
      "types",
      "The value of a formula is a MATRIX: one number for each instrument, not a "
        + "group and not a constant."),
    FormulaRule(
      "types",
      "Add and compare quantities of one unit; make them comparable with a ratio, "
        + "rank or zscore otherwise."),
    FormulaRule("types", "Comparisons and and, or, not belong into conditions."),
    FormulaRule("time", "Only the past may be read: every lag and window is positive."),
    FormulaRule(
      "time",
      "Choose windows by meaning: 5 is a week, 20 a month, 60 a quarter, 252 a year of "
        + "days."),
    FormulaRule(
      "data",
      "Fill sparse fields before they are compared, and no further back than they "
        + "are valid.", sample: "ts_backfill(eps, 120)"),
    FormulaRule(
      "data", "Keep divisors away from zero with a small constant or a clipped value.",
      sample: "returns / (ts_std_dev(returns, 20) + 0.001)"),
    FormulaRule(
      "data", "Tame outliers with rank, winsorize or a logarithm before values are added up."),
    FormulaRule(
      "style",
      "Go from a raw signal over normalization and a condition to neutralization and "
        + "smoothing, each at most once."),
    FormulaRule(
      "style",
      "Do not rank a rank or neutralize twice; the simulation neutralizes and "
        + "scales once more by its settings."),
    FormulaRule(
      "style",
      "Keep turnover down with ts_decay_linear, hump or trade_when when a signal "
        + "changes from day to day."),
    FormulaRule(
      "style",
      "A higher value asks for a longer position; turn the sign where the idea "
        + "expects the opposite."),
    FormulaRule(
      "style",
      "The value is a preference among instruments, not a forecast return: its "
        + "order and proportions count, its level does not."),
  ]
}
