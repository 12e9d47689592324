import AlphaLanguage

/// What can be told from the text of a formula that was checked.
enum FormulaText {
  /// The operators that are called by name, each once, sorted. `a - b` calls none, and comments are
  /// expected to hold no calls.
  static func calledOperators(in source: String) -> [String] {
    var names: Set<String> = []
    var word = ""
    for character in source {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
        continue
      }
      if character == "(", let entry = OperatorCatalog.fastexpr.entry(named: word) {
        names.insert(entry.name)
      }
      if !character.isWhitespace { word = "" }
    }
    return names.sorted()
  }

  /// Tags for what a formula is made of, by the operators that it calls.
  static func tags(for operators: [String]) -> [String] {
    func calls(_ names: String...) -> Bool { names.contains(where: operators.contains) }
    func callsFamily(_ prefix: String) -> Bool { operators.contains { $0.hasPrefix(prefix) } }
    var tags = ["regular-signal"]
    if callsFamily("ts_") { tags.append("timeseries-window") }
    if callsFamily("group_") { tags.append("group-neutralization") }
    if callsFamily("vec_") { tags.append("vector-aggregated") }
    if calls("rank", "zscore") { tags.append("cross-sectional-normalization") }
    if calls("trade_when", "if_else") { tags.append("conditional-logic") }
    if calls("hump", "ts_decay_linear", "ts_decay_exp_window") { tags.append("turnover-control") }
    if calls("bucket") { tags.append("group-bucketing") }
    return tags
  }
}
