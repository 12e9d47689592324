extension OperatorCatalog {
  /// Operators that only a super-alpha may use; they are known so that they can be refused with
  /// their reason.
  static let superAlpha: [OperatorEntry] = [
    OperatorEntry(
      outside: "combo_a", .group, .combo, means: "Weights the selected alphas by their returns."),
    OperatorEntry(
      outside: "generate_stats", .transformational, .combo,
      means: "Turns the selected alphas into daily statistics."),
    OperatorEntry(
      outside: "self_corr", .special, .combo,
      means: "The rolling correlations among the selected alphas."),
    OperatorEntry(
      outside: "in", .special, .selection, means: "Whether an alpha's attribute is in a list."),
    OperatorEntry(
      outside: "universe_size", .special, .selection,
      means: "How many instruments an alpha's universe has."),
    reduction("avg", "The mean of the elements."),
    reduction("choose", "The element at a position."),
    reduction("count", "How many elements exceed a threshold."),
    reduction("ir", "The mean of the elements over their deviation."),
    reduction("kurtosis", "The kurtosis of the elements."),
    reduction("max", "The largest element."),
    reduction("min", "The smallest element."),
    reduction("norm", "The sum of the elements' sizes."),
    reduction("percentage", "A quantile of the elements."),
    reduction("powersum", "The sum of the elements raised to a power."),
    reduction("range", "The largest less the smallest element."),
    reduction("skewness", "The skewness of the elements."),
    reduction("stddev", "The standard deviation of the elements."),
    reduction("sum", "The sum of the elements."),
  ]

  private static func reduction(_ name: String, _ meaning: String) -> OperatorEntry {
    OperatorEntry(outside: "reduce_\(name)", .reduce, .combo, means: meaning)
  }
}
