extension OperatorCatalog {
  /// Operators across the instruments of one row that share a class.
  static let group: [OperatorEntry] = [
    entry(
      .groupNeutralize, .base, [.matrix("x"), .group("group")],
      means: "The value less the mean of its group.", formula: "x - mean_g(x)", missing: neutral),
    entry(
      .groupZscore, .base, [.matrix("x"), .group("group")], units: .dimensionless,
      means: "How many standard deviations of its group a value lies above the group's mean.",
      formula: "(x - mean_g(x)) / sd_g(x), population deviation",
      missing: """
        Missing cells do not count and stay missing, or with nanHandling ON are 0; missing where \
        the class is not known, and where the group does not vary.
        """),
    entry(
      .groupRank, .base, [.matrix("x"), .group("group")], units: .dimensionless,
      means: "The rank of a value in its group from 0 to 1.",
      formula: "(rank_g - 1) / (n_g - 1)",
      ties: "Equal values share their average rank; a group of one value gives 0.5.",
      cost: .logarithmic),
    entry(
      .groupScale, .base, [.matrix("x"), .group("group")], units: .dimensionless,
      means: "Where a value lies between the extremes of its group.",
      formula: "(x - min_g(x)) / (max_g(x) - min_g(x))", missing: spread),
    entry(
      .groupMean, .base, [.matrix("x"), .matrix("weight"), .group("group")],
      means: "The weighted mean of the group, handed to every member.",
      formula: "sum_g(weight * x) / sum_g(weight)",
      missing: """
        Members where value or weight is missing do not count; a member without a value stays \
        missing, or with nanHandling ON receives the mean; missing where the weights sum to 0.
        """),
    entry(
      .groupBackfill, .base,
      [.matrix("x"), .group("group"), .window(), .number("std", 4, .notNegative)],
      reach: .window,
      means: """
        Puts the mean of all the group's values of the window, clipped at some standard \
        deviations, where a value is missing.
        """,
      formula: "mean(clip(v, m - std * s, m + std * s)), sample deviation",
      missing: "Missing where the group has no value in the window; groups are those of today.",
      cost: .linear),
    entry(
      .groupCount, .genius, [.matrix("x"), .group("group")], units: .dimensionless,
      means: "How many members of the group have a value.", formula: "n_g", missing: .handedToAll),
    entry(
      .groupSum, .genius, [.matrix("x"), .group("group")], means: "The sum of the group.",
      formula: "sum_g(x)", missing: .sharedInGroup),
    entry(
      .groupStdDev, .genius, [.matrix("x"), .group("group")],
      means: "The standard deviation of the group.",
      formula: "sqrt(mean_g((x - mean_g(x))^2)), population", missing: .sharedInGroup),
    entry(
      .groupMax, .genius, [.matrix("x"), .group("group")],
      means: "The largest value of the group.", formula: "max_g(x)", missing: .sharedInGroup),
    entry(
      .groupMin, .genius, [.matrix("x"), .group("group")],
      means: "The smallest value of the group.", formula: "min_g(x)", missing: .sharedInGroup),
    entry(
      .groupMedian, .genius, [.matrix("x"), .group("group")], means: "The median of the group.",
      formula: "median_g(x)", missing: .sharedInGroup,
      ties: "An even number of values gives the mean of the middle two.", cost: .logarithmic),
    entry(
      .groupPercentage, .genius,
      [.matrix("x"), .group("group"), .number("percentage", 0.5, .unit)],
      means: "A quantile of the group.",
      formula: "linear interpolation at (n_g - 1) * percentage (type 7)", missing: .sharedInGroup,
      cost: .logarithmic),
    entry(
      .groupNormalize, .genius,
      [
        .matrix("x"), .group("group"), .flag("constantCheck"),
        .number("tolerance", 0.01, .notNegative), .number("scale", 1, .notNegative),
      ], units: .dimensionless,
      means: """
        Makes the sizes of each group sum to scale; with constantCheck a group whose values lie \
        within tolerance of each other is missing.
        """,
      formula: "x * scale / sum_g|x|",
      missing: "Missing cells stay missing and do not count; missing where the sum is 0."),
    entry(
      .groupExtra, .genius, [.matrix("x"), .matrix("weight"), .group("group")],
      means: "Puts the weighted mean of the group where a value is missing.",
      formula: "x present ? x : group_mean(x, weight, group)",
      missing: "Missing where x is and the group has no weighted value."),
    entry(
      .groupCartesianProduct, .genius, [.group("g1"), .group("g2")], gives: .group,
      units: .dimensionless, means: "A grouping whose classes are the pairs of classes of two.",
      formula: "g1 * n2 + g2", missing: "The class is unknown where either is."),
    entry(
      .groupVectorNeut, .genius, [.matrix("x"), .matrix("y"), .group("g")],
      means: "x less its projection on y within each group.",
      formula: "x - y * sum_g(x y) / sum_g(y y)", missing: paired),
    entry(
      .groupVectorProj, .legacy, [.matrix("x"), .matrix("y"), .group("g")],
      means: "The projection of x on y within each group.",
      formula: "y * sum_g(x y) / sum_g(y y)", missing: paired),
    entry(
      .groupCoalesce, .legacy,
      [.group("original_group"), OperatorParameter("group2", .group, isVariadic: true)],
      gives: .group, units: .dimensionless,
      means: "The first known class among several groupings; each keeps its own classes.",
      formula: "first known of original_group, group2, ...",
      missing: "The class is unknown where all are."),
  ]

  private static let neutral: MissingRule = """
    Missing cells do not count and stay missing, or with nanHandling ON are 0, the group's value; \
    an instrument whose class is not known is missing.
    """
  private static let spread: MissingRule = """
    Missing cells stay missing and do not count; missing where the class is not known, and where \
    the group does not vary.
    """
  private static let paired: MissingRule = """
    Members where either input is missing are left out and stay missing; the group is missing \
    where the divisor is 0.
    """

  private static func entry(
    _ code: OperatorCode, _ tier: OperatorEntry.Tier, _ parameters: [OperatorParameter],
    gives result: OperatorEntry.Result = .matrix, units: UnitRule = .kept,
    reach: ReachRule = .row, means meaning: String, formula: String,
    missing: MissingRule = .skippedInGroup, ties: String? = nil, cost: OperatorCost = .constant
  ) -> OperatorEntry {
    OperatorEntry(
      .group, code, tier, parameters, gives: result, units: units, reach: reach, means: meaning,
      formula: formula, missing: missing, ties: ties, cost: cost)
  }
}
