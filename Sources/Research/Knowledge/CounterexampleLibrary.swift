/// One deliberate mistake for every class of error that a checker reports, written over any
/// catalogue's fields.
///
/// The order is that in which prompts take them: first what language models get wrong most often.
/// Three classes are left out, since they are about the size of a formula and not its form:
/// `formula_too_long`, `formula_too_large` and `nesting_too_deep`.
enum CounterexampleLibrary {
  struct Entry: Sendable {
    /// The error that must be found.
    let errorKey: String
    /// In which `{M}` and `{N}` stand for two MATRIX fields, `{G}` for a GROUP and `{V}` for a VECTOR.
    let template: String
    /// What to do about it, where the checker does not say more.
    let hint: String

    init(_ errorKey: String, _ template: String, _ hint: String) {
      (self.errorKey, self.template, self.hint) = (errorKey, template, hint)
    }
  }

  static let entries: [Entry] = [
    Entry("unknown_operator", "correlation({M}, {N}, 20)", "Call only operators that are listed."),
    Entry("unknown_data_field", "rank({M}_growth_estimate)", "Read only fields that are listed."),
    Entry(
      "operator_arity_mismatch", "ts_delta({M})",
      "Give every operator the arguments of its signature."),
    Entry(
      "vector_used_in_non_vec", "rank({V})", "Make one number of a VECTOR with vec_avg or vec_sum."),
    Entry("ts_non_matrix_input", "ts_delta({G}, 5)", "Give ts_ operators a MATRIX."),
    Entry(
      "group_requires_group_and_matrix", "group_neutralize(rank({M}), {N})",
      "Give a GROUP field or a bucket as the group."),
    Entry("look_ahead", "ts_delay({M}, -1)", "Look back only: windows and lags are positive."),
    Entry("argument_not_constant", "ts_mean({M}, {N})", "Write windows as numbers."),
    Entry("window_out_of_range", "ts_mean({M}, 0)", "Take a window of one day or more."),
    Entry("unknown_argument", "rank({M}, window=5)", "Name only arguments of the signature."),
    Entry(
      "argument_not_allowed", "quantile({M}, driver=normal)",
      "Take one of the words that are allowed."),
    Entry("argument_out_of_range", "ts_backfill({M}, 60, 0)", "Keep options within their range."),
    Entry("group_used_as_number", "rank({G})", "Use a GROUP only as the group of an operator."),
    Entry(
      "vec_requires_vector", "vec_avg({M})",
      "Aggregate only VECTOR fields; a MATRIX is used as it is."),
    Entry("result_not_matrix", "{G}", "Return a number for each instrument, not a group."),
    Entry("unbalanced_parentheses", "rank(ts_mean({M}, 5)", "Close every parenthesis."),
    Entry(
      "operator_scope_violation", "combo_a({M})", "Keep operators of super-alphas out of alphas."),
    Entry("missing_result", "signal = rank({M});", "End with the value, not with an assignment."),
    Entry("missing_operator", "{M} {N}", "Join two values with an operator."),
    Entry("missing_operand", "{M} +", "Give both sides of an operator."),
    Entry(
      "unexpected_token", "0 < {M} < 5",
      "Compare two values at a time and join comparisons with and."),
    Entry("duplicate_argument", "rank({M}, rate=2, rate=0)", "Give each option once."),
    Entry("operator_no_arguments", "rank()", "Give the operator what it works on."),
    Entry("operator_empty_argument", "rank({M},)", "Remove the extra comma or fill its place."),
    Entry("text_used_as_number", "rank(\"{M}\")", "Write fields without quotes."),
    Entry("constant_formula", "2 * 5", "Read at least one field."),
    Entry("constant_input", "rank(5)", "Give the operator something that varies."),
    Entry(
      "unsupported_characters", "{M} § {N}",
      "Keep to letters, digits and the signs of the language."),
    Entry("invalid_number", "{M} * 1.2.3", "Write numbers with one decimal point."),
    Entry("unterminated_text", "bucket(rank({M}), range=\"0,1,0.1)", "Close every quote."),
    Entry("unterminated_comment", "rank({M}) /* and more", "Close every comment."),
    Entry("empty_expression", "", "Write a formula."),
  ]
}
