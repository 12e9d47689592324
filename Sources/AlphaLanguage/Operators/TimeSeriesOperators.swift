extension OperatorCatalog {
  /// Operators along the rows of one instrument.
  ///
  /// A window of `d` is today's row and the `d - 1` rows before it; rows before the first of the
  /// panel count as missing, so a window is partial at the start. Moments are those of the
  /// population.
  static let timeSeries: [OperatorEntry] = [
    entry(
      .tsDelay, .base, [.matrix("x"), .window(minimum: 0)], reach: .delayed,
      means: "The value d rows ago.", formula: "x[t-d]",
      missing: "Missing where that value is, and where there is no such row."),
    entry(
      .tsDelta, .base, [.matrix("x"), .window(minimum: 0)], reach: .rowAndDelayed,
      means: "The change over d rows.", formula: "x[t] - x[t-d]",
      missing: "Missing where either value is."),
    entry(
      .tsMean, .base, [.matrix("x"), .window()], means: "The mean of the window.",
      formula: "sum(x) / n"),
    entry(
      .tsSum, .base, [.matrix("x"), .window()], means: "The sum of the window.",
      formula: "sum(x)"),
    entry(
      .tsProduct, .base, [.matrix("x"), .window()], units: .dimensionlessIfInputIs,
      means: "The product of the window.", formula: "prod(x)", cost: .linear),
    entry(
      .tsStdDev, .base, [.matrix("x"), .window()],
      means: "The standard deviation of the window.", formula: "sqrt(mean((x - mean(x))^2))"),
    entry(
      .tsIr, .genius, [.matrix("x"), .window()], units: .dimensionless,
      means: "The mean of the window over its standard deviation.",
      formula: "ts_mean(x, d) / ts_std_dev(x, d)", missing: noSpread),
    entry(
      .tsZscore, .base, [.matrix("x"), .window()], units: .dimensionless,
      means: "How many standard deviations of the window today's value lies above its mean.",
      formula: "(x - ts_mean(x, d)) / ts_std_dev(x, d)", missing: noSpreadAndKept),
    entry(
      .tsAvDiff, .base, [.matrix("x"), .window()], means: "Today's value less the window's mean.",
      formula: "x - ts_mean(x, d)", missing: .skippedInWindowAndKept),
    entry(
      .tsMedian, .genius, [.matrix("x"), .window()], means: "The median of the window.",
      formula: "median(x)", ties: "An even number of values gives the mean of the middle two.",
      cost: .logarithmic),
    entry(
      .tsMax, .genius, [.matrix("x"), .window()], means: "The largest value of the window.",
      formula: "max(x)"),
    entry(
      .tsMin, .genius, [.matrix("x"), .window()], means: "The smallest value of the window.",
      formula: "min(x)"),
    entry(
      .tsMaxDiff, .genius, [.matrix("x"), .window()],
      means: "Today's value less the window's largest.", formula: "x - ts_max(x, d)",
      missing: .skippedInWindowAndKept),
    entry(
      .tsMinDiff, .genius, [.matrix("x"), .window()],
      means: "Today's value less the window's smallest.", formula: "x - ts_min(x, d)",
      missing: .skippedInWindowAndKept),
    entry(
      .tsMinMaxCps, .genius, [.matrix("x"), .window(), .number("f", 2)],
      means: "The sum of the window's extremes less a multiple of today's value.",
      formula: "ts_min(x, d) + ts_max(x, d) - f * x", missing: .skippedInWindowAndKept),
    entry(
      .tsMinMaxDiff, .genius, [.matrix("x"), .window(), .number("f", 0.5)],
      means: "Today's value less a fraction of the sum of the window's extremes.",
      formula: "x - f * (ts_min(x, d) + ts_max(x, d))", missing: .skippedInWindowAndKept),
    entry(
      .tsArgMax, .base, [.matrix("x"), .window()], units: .dimensionless,
      means: "How many rows ago the window's largest value stood; 0 is today.",
      formula: "argmax over i of x[t-i]",
      ties: "The oldest of equal values counts, as it does for NumPy and pandas."),
    entry(
      .tsArgMin, .base, [.matrix("x"), .window()], units: .dimensionless,
      means: "How many rows ago the window's smallest value stood; 0 is today.",
      formula: "argmin over i of x[t-i]",
      ties: "The oldest of equal values counts, as it does for NumPy and pandas."),
    entry(
      .tsRank, .base, [.matrix("x"), .window(), .number("constant", 0)], units: .dimensionless,
      means: "The rank of today's value in its window from 0 to 1, plus a constant.",
      formula: "(rank - 1) / (n - 1) + constant", missing: .skippedInWindowAndKept,
      ties: "Equal values share their average rank; a window of one value gives 0.5.",
      cost: .linear),
    entry(
      .tsScale, .base, [.matrix("x"), .window(), .number("constant", 0)], units: .dimensionless,
      means: "Where today's value lies between the window's extremes, plus a constant.",
      formula: "(x - ts_min(x, d)) / (ts_max(x, d) - ts_min(x, d)) + constant",
      missing: noSpreadAndKept),
    entry(
      .tsQuantile, .base,
      [.matrix("x"), .window(), .word("driver", "gaussian", of: distributions)],
      units: .dimensionless,
      means: "The rank in the window carried to the quantile of a distribution.",
      formula: "F^-1(1/n + r * (1 - 2/n)), r = (rank - 1) / (n - 1); uniform: that less 1/2",
      missing: .skippedInWindowAndKept,
      ties: "Equal values share their average rank; a window of one value gives 0.",
      cost: .linear),
    entry(
      .tsCorr, .base, [.matrix("x"), .matrix("y"), .window()], units: .dimensionless,
      means: "The correlation of the two inputs over the window.",
      formula: "cov(x, y) / (sd(x) * sd(y))", missing: pairsWithSpread),
    entry(
      .tsCovariance, .base, [.matrix("y"), .matrix("x"), .window()], units: .product,
      means: "The covariance of the two inputs over the window.",
      formula: "mean((x - mean(x)) * (y - mean(y)))", missing: .pairsSkipped),
    entry(
      .tsPartialCorr, .legacy, [.matrix("x"), .matrix("y"), .matrix("z"), .window()],
      units: .dimensionless, means: "The correlation of x and y after z is removed from both.",
      formula: "(rxy - rxz * ryz) / sqrt((1 - rxz^2) * (1 - ryz^2))", missing: pairsWithSpread),
    entry(
      .tsTripleCorr, .legacy, [.matrix("x"), .matrix("y"), .matrix("z"), .window()],
      units: .dimensionless, means: "The mean product of the three standardized inputs.",
      formula: "mean(zx * zy * zz), z = (v - mean(v)) / sd(v)", missing: pairsWithSpread),
    entry(
      .tsCoKurtosis, .genius, [.matrix("y"), .matrix("x"), .window()], units: .dimensionless,
      means: "How y moves with the cube of x over the window.",
      formula: "mean((y - my) * (x - mx)^3) / (sd(y) * sd(x)^3)", missing: pairsWithSpread),
    entry(
      .tsCoSkewness, .genius, [.matrix("y"), .matrix("x"), .window()], units: .dimensionless,
      means: "How y moves with the square of x over the window.",
      formula: "mean((y - my) * (x - mx)^2) / (sd(y) * sd(x)^2)", missing: pairsWithSpread),
    entry(
      .tsSkewness, .genius, [.matrix("x"), .window()], units: .dimensionless,
      means: "The skewness of the window.", formula: "m3 / m2^1.5, population moments",
      missing: noSpread),
    entry(
      .tsKurtosis, .genius, [.matrix("x"), .window()], units: .dimensionless,
      means: "The excess kurtosis of the window.", formula: "m4 / m2^2 - 3, population moments",
      missing: noSpread),
    entry(
      .tsMoment, .legacy,
      [.matrix("x"), .window(), .integer("k", 0, in: 0...20)], units: .unknown,
      means: "The central moment of order k of the window.", formula: "mean((x - mean(x))^k)",
      cost: .linear),
    entry(
      .tsEntropy, .genius, [.matrix("x"), .window(), .integer("buckets", 10, in: 1...1000)],
      units: .dimensionless,
      means: "The entropy of the window's histogram, in natural units.",
      formula: "-sum(p * ln(p)) over equally wide buckets from the window's minimum to its maximum",
      ties: "A window of equal values has entropy 0; the maximum belongs to the last bucket.",
      cost: .linear),
    entry(
      .tsPercentage, .genius, [.matrix("x"), .window(), .number("percentage", 0.5, .unit)],
      means: "A quantile of the window.",
      formula: "linear interpolation at (n - 1) * percentage (type 7)", cost: .logarithmic),
    entry(
      .tsCountNans, .base, [.matrix("x"), .window()], units: .dimensionless,
      means: "How many values of the window are missing.", formula: "count(x is missing)",
      missing: "Never missing; rows before the first count as missing."),
    entry(
      .tsBackfill, .base,
      [
        .matrix("x"), .window("lookback"),
        OperatorParameter("k", .integer(1...OperatorParameter.largestWindow), standard: .number(1)),
        ignored,
      ],
      means: "Puts the k-th most recent present value of the window where today's is missing.",
      formula: "x present ? x : k-th present value of the window, counted from today",
      missing: "Missing where the window holds fewer than k values that are not ignored.",
      cost: .linear),
    entry(
      .kthElement, .base,
      [
        .matrix("x"), .window(),
        OperatorParameter("k", .integer(0...(OperatorParameter.largestWindow - 1))), ignored,
      ],
      means: "The value at position k of the window's values that are not ignored, today first.",
      formula: "element k, counted from 0, of x[t], x[t-1], ...",
      missing: "Missing where the window holds no more than k values that are not ignored.",
      cost: .linear),
    entry(
      .lastDiffValue, .base, [.matrix("x"), .window()],
      means: "The most recent value of the window that differs from today's.",
      formula: "first x[t-i] that is present and not x[t]",
      missing: "Missing where today's value is, and where no value of the window differs.",
      cost: .linear),
    entry(
      .daysFromLastChange, .base, [.matrix("x")], units: .dimensionless, reach: .history,
      means: "How many rows today's value has stood, today included.",
      formula: "length of the run of equal values that ends today",
      missing: """
        Missing where today's value is; a missing value ends a run, and a run that reaches the \
        first row counts from there.
        """),
    entry(
      .tsDecayLinear, .base, [.matrix("x"), .window(), .flag("dense")],
      means: "The mean of the window with weights falling from d today to 1.",
      formula: "sum((d - i) * x[t-i]) / sum(d - i)",
      missing: """
        With dense=false a missing value counts as 0 and the weights stay, and the result is \
        missing where the whole window is; with dense=true missing values and their weights drop.
        """),
    entry(
      .tsDecayExpWindow, .genius,
      [.matrix("x"), .window(), OperatorParameter("factor", .number(.openUnit))],
      means: "The mean of the window with weights that fall by a factor each row back.",
      formula: "sum(factor^i * x[t-i]) / sum(factor^i)",
      missing: "Missing values and their weights drop; missing where the whole window is.",
      cost: .linear),
    entry(
      .tsWeightedDecay, .legacy, [.matrix("x"), .number("k", 0.5, .unit)], reach: .previous,
      means: "A blend of today's and yesterday's value.",
      formula: "k * x[t] + (1 - k) * x[t-1]",
      missing: "Missing where today's value is; where only yesterday's is, today's value."),
    entry(
      .tsRegression, .base,
      [
        .matrix("y"), .matrix("x"), .window(),
        .integer("lag", 0, in: 0...OperatorParameter.largestWindow),
        .integer("rettype", 0, in: 0...9),
      ], units: .regression, reach: .windowAndLag,
      means: """
        Least squares of y on x over the window, x taken lag rows earlier. rettype picks the \
        result: 0 today's residual, 1 intercept, 2 slope, 3 today's fitted value, 4 sum of squared \
        residuals, 5 total sum of squares, 6 R squared, 7 mean squared residual, 8 standard error \
        of the slope, 9 of the intercept.
        """,
      formula: "y = a + b x + e; mean squared residual SSE / (n - 2)",
      missing: """
        Rows where y or the lagged x is missing are left out. Missing where fewer than two rows \
        remain or x does not vary; rettype 7 to 9 need three rows; rettype 0 and 3 need today's \
        row (3 only its x).
        """),
    entry(
      .tsPolyRegression, .legacy,
      [.matrix("y"), .matrix("x"), .window(), .integer("k", 1, in: 1...6)],
      means: "Today's residual of a polynomial of order k in x fitted to y over the window.",
      formula: "y - (b0 + b1 x + ... + bk x^k)",
      missing: """
        Rows where either is missing are left out; missing where today's row is, or where fewer \
        than k + 1 different x remain.
        """, cost: .linear),
    entry(
      .tsTheilsen, .legacy, [.matrix("x"), .matrix("y"), .window()], units: .unknown,
      means: "The median slope of y over x among all pairs of rows of the window.",
      formula: "median((y[j] - y[i]) / (x[j] - x[i])), x[i] != x[j]",
      missing: "Rows where either is missing are left out; missing where no pair remains.",
      cost: .quadratic),
    entry(
      .tsReturns, .genius, [.matrix("x"), .window(), .integer("mode", 1, in: 1...2)],
      units: .dimensionless, reach: .rowAndDelayed,
      means: "The relative change over d rows; mode 2 relates it to the mean of both values.",
      formula: "(x - x[t-d]) / x[t-d]; mode 2: (x - x[t-d]) / ((x + x[t-d]) / 2)",
      missing: "Missing where either value is and where the divisor is 0."),
    entry(
      .tsVectorProj, .genius, [.matrix("x"), .matrix("y"), .window()],
      means: "Today's component of the projection of x on y over the window.",
      formula: "y * sum(x y) / sum(y y)", missing: pairsWithSpread),
    entry(
      .tsVectorNeut, .genius, [.matrix("x"), .matrix("y"), .window()],
      means: "x less its projection on y over the window.",
      formula: "x - ts_vector_proj(x, y, d)", missing: pairsWithSpread),
    entry(
      .tsRankGmeanAmeanDiff, .legacy,
      [.matrix("input1"), .matrices("input2"), .window()], units: .dimensionless,
      means: "The geometric less the arithmetic mean of the inputs' ranks in their windows.",
      formula: "prod(r)^(1/k) - sum(r) / k, r = ts_rank(input, d)",
      missing: "Missing where any rank is.", cost: .linear),
    entry(
      .tsStep, .base,
      [OperatorParameter("start", .number(.any))], units: .dimensionless, reach: .row,
      means: "A counter that begins at the argument in the first row and grows by 1 each row.",
      formula: "start + t", missing: .never),
    entry(
      .instTvr, .genius, [.matrix("x"), .window()], units: .dimensionless,
      reach: .windowOfChanges,
      means: "What was traded in the window over what was held in it.",
      formula: "sum(|x[i] - x[i-1]|) / sum(|x[i]|)",
      missing: "Changes from or to a missing value are left out; missing where nothing was held."),
    entry(
      .hump, .base, [.matrix("x"), .number("hump", 0.01, .notNegative)], reach: .history,
      means: "Follows the input by at most a share of the row's total size, and not at all below.",
      formula: """
        limit = hump * sum of |x| in the row; |x - prev| <= limit ? prev : prev + sign(x - prev) \
        * limit, prev the result of the row before
        """,
      missing: "Missing where x is; where prev is missing, x."),
    entry(
      .humpDecay, .genius, [.matrix("x"), .number("p", 0, .notNegative)], reach: .history,
      means: "Keeps the result of the row before unless the input has moved further than p.",
      formula: "|x - prev| > p ? x : prev, prev the result of the row before",
      missing: "Missing where x is; where prev is missing, x."),
    entry(
      .jumpDecay, .genius,
      [
        .matrix("x"), .window(), .number("sensitivity", 0.5, .notNegative),
        .number("force", 0.1, .unit),
      ], reach: .windowAndPrevious,
      means: "Shrinks a change since yesterday that is large against the window's deviation.",
      formula: """
        |x - x[t-1]| > sensitivity * ts_std_dev(x, d) ? x[t-1] + force * (x - x[t-1]) : x
        """,
      missing: "Missing where x is; where yesterday's value is missing, x."),
    entry(
      .tsDeltaLimit, .genius,
      [.matrix("x"), .matrix("y"), .number("limit_volume", 0.1, .notNegative)],
      reach: .history,
      means: "Lets the result change by at most a fraction of y each row.",
      formula:
        "clip(x, prev - limit_volume * |y|, prev + limit_volume * |y|), prev the result before",
      missing: "Missing where x is; where prev or y is missing, x."),
    entry(
      .tsTargetTvrDecay, .genius, [.matrix("x")] + targets, reach: .history,
      means: "An exponential decay whose weight is tuned in each row to a target turnover.",
      formula: "prev + lambda * (x - prev), \(tuning)",
      missing: "Missing where x is; where prev is missing, x.", cost: .linear),
    entry(
      .tsTargetTvrDeltaLimit, .genius, [.matrix("x"), .matrix("y")] + targets,
      reach: .history,
      means: "ts_delta_limit with a limit that is tuned in each row to a target turnover.",
      formula: "ts_delta_limit(x, y, limit_volume=lambda), \(tuning)",
      missing: "Missing where x is; where prev or y is missing, x.", cost: .linear),
    entry(
      .tsTargetTvrHump, .genius, [.matrix("x")] + targets, reach: .history,
      means: "hump with a limit that is tuned in each row to a target turnover.",
      formula: "hump(x, hump=lambda), \(tuning)",
      missing: "Missing where x is; where prev is missing, x.", cost: .linear),
    entry(
      .keep, .legacy,
      [
        .matrix("x"), .matrix("f"),
        .integer("period", 5, in: 1...OperatorParameter.largestWindow),
      ], reach: .period,
      means: "Passes x in rows where f changed and for period rows after.",
      formula: "f[t-i] != f[t-i-1] for some i from 0 to period ? x : nan",
      missing: "Missing where x is; a change from or to a missing f is no change."),
    entry(
      .filter, .legacy,
      [
        .matrix("x"),
        OperatorParameter(
          "h", .numbers(separator: ","), standard: .numbers([1, 2, 3, 4]), isNamedOnly: true),
        OperatorParameter(
          "t", .numbers(separator: ","), standard: .numbers([0.5]), isNamedOnly: true),
      ], reach: .history,
      means: "A linear digital filter with taps h on the input and t on its own earlier results.",
      formula: "y[t] = sum(h[i] * x[t-i]) + sum(t[j] * y[t-1-j])",
      missing: "Missing where x is; missing and absent earlier values count as 0.",
      cost: .linear),
  ]

  /// How the operators with a target turnover find their parameter; nothing later than the row is
  /// seen.
  private static let tuning = """
    lambda from thirty bisections of its bounds: the weakest damping whose traded over held value \
    in the row does not exceed target_tvr
    """

  static let distributions = ["gaussian", "uniform", "cauchy"]

  private static let ignored = OperatorParameter(
    "ignore", .numbers(separator: " "), standard: .numbers([.nan]), isNamedOnly: true)

  private static let targets: [OperatorParameter] = [
    .number("lambda_min", 0, .unit), .number("lambda_max", 1, .unit),
    .number("target_tvr", 0.1, .positive),
  ]

  private static let noSpread: MissingRule =
    "Missing values in the window are skipped; the result is missing where the rest does not vary."
  private static let noSpreadAndKept: MissingRule = """
    Missing values in the window are skipped; the result is missing where today's value is, and \
    where the window does not vary.
    """
  private static let pairsWithSpread: MissingRule = """
    Rows of the window where any input is missing are left out; the result is missing where the \
    divisor is 0.
    """

  private static func entry(
    _ code: OperatorCode, _ tier: OperatorEntry.Tier, _ parameters: [OperatorParameter],
    units: UnitRule = .kept, reach: ReachRule = .window, means meaning: String, formula: String,
    missing: MissingRule = .skippedInWindow, ties: String? = nil, cost: OperatorCost = .constant
  ) -> OperatorEntry {
    OperatorEntry(
      .timeSeries, code, tier, parameters, units: units, reach: reach, means: meaning,
      formula: formula, missing: missing, ties: ties, cost: cost)
  }
}
