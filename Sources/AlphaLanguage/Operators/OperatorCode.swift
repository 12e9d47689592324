/// The operators of FASTEXPR that may stand in an alpha (scope REGULAR). The raw value is the name
/// that a formula writes.
package enum OperatorCode: String, Hashable, Sendable, CaseIterable {
  // MARK: Arithmetic
  case abs
  case add
  case subtract
  case multiply
  case divide
  case inverse
  case reverse
  case log
  case sqrt
  case power
  case signedPower = "signed_power"
  case sign
  case max
  case min
  case densify
  case pasteurize
  case exp
  case sigmoid
  case tanh
  case arcSin = "arc_sin"
  case arcCos = "arc_cos"
  case arcTan = "arc_tan"
  case fraction
  case logDiff = "log_diff"
  case sLog1p = "s_log_1p"
  case nanMask = "nan_mask"
  case nanOut = "nan_out"
  case purify
  case toNan = "to_nan"
  case round
  case floor
  case ceiling
  case roundDown = "round_down"
  case replace

  // MARK: Logical
  case and
  case or
  case not
  case ifElse = "if_else"
  case isNan = "is_nan"
  case less
  case lessEqual = "less_equal"
  case equal
  case greater
  case greaterEqual = "greater_equal"
  case notEqual = "not_equal"
  case isNotNan = "is_not_nan"
  case isFinite = "is_finite"
  case isNotFinite = "is_not_finite"

  // MARK: Time Series
  case tsDelay = "ts_delay"
  case tsDelta = "ts_delta"
  case tsMean = "ts_mean"
  case tsSum = "ts_sum"
  case tsProduct = "ts_product"
  case tsStdDev = "ts_std_dev"
  case tsIr = "ts_ir"
  case tsZscore = "ts_zscore"
  case tsAvDiff = "ts_av_diff"
  case tsMedian = "ts_median"
  case tsMax = "ts_max"
  case tsMin = "ts_min"
  case tsMaxDiff = "ts_max_diff"
  case tsMinDiff = "ts_min_diff"
  case tsMinMaxCps = "ts_min_max_cps"
  case tsMinMaxDiff = "ts_min_max_diff"
  case tsArgMax = "ts_arg_max"
  case tsArgMin = "ts_arg_min"
  case tsRank = "ts_rank"
  case tsScale = "ts_scale"
  case tsQuantile = "ts_quantile"
  case tsCorr = "ts_corr"
  case tsCovariance = "ts_covariance"
  case tsPartialCorr = "ts_partial_corr"
  case tsTripleCorr = "ts_triple_corr"
  case tsCoKurtosis = "ts_co_kurtosis"
  case tsCoSkewness = "ts_co_skewness"
  case tsSkewness = "ts_skewness"
  case tsKurtosis = "ts_kurtosis"
  case tsMoment = "ts_moment"
  case tsEntropy = "ts_entropy"
  case tsPercentage = "ts_percentage"
  case tsCountNans = "ts_count_nans"
  case tsBackfill = "ts_backfill"
  case kthElement = "kth_element"
  case lastDiffValue = "last_diff_value"
  case daysFromLastChange = "days_from_last_change"
  case tsDecayLinear = "ts_decay_linear"
  case tsDecayExpWindow = "ts_decay_exp_window"
  case tsWeightedDecay = "ts_weighted_decay"
  case tsRegression = "ts_regression"
  case tsPolyRegression = "ts_poly_regression"
  case tsTheilsen = "ts_theilsen"
  case tsReturns = "ts_returns"
  case tsVectorProj = "ts_vector_proj"
  case tsVectorNeut = "ts_vector_neut"
  case tsRankGmeanAmeanDiff = "ts_rank_gmean_amean_diff"
  case tsStep = "ts_step"
  case instTvr = "inst_tvr"
  case hump
  case humpDecay = "hump_decay"
  case jumpDecay = "jump_decay"
  case tsDeltaLimit = "ts_delta_limit"
  case tsTargetTvrDecay = "ts_target_tvr_decay"
  case tsTargetTvrDeltaLimit = "ts_target_tvr_delta_limit"
  case tsTargetTvrHump = "ts_target_tvr_hump"
  case keep
  case filter

  // MARK: Cross Sectional
  case rank
  case zscore
  case normalize
  case scale
  case scaleDown = "scale_down"
  case winsorize
  case truncate
  case quantile
  case vectorProj = "vector_proj"
  case vectorNeut = "vector_neut"
  case regressionNeut = "regression_neut"
  case regressionProj = "regression_proj"
  case multiRegression = "multi_regression"
  case generalizedRank = "generalized_rank"
  case rankBySide = "rank_by_side"
  case oneSide = "one_side"
  case rankGmeanAmeanDiff = "rank_gmean_amean_diff"

  // MARK: Group
  case groupNeutralize = "group_neutralize"
  case groupZscore = "group_zscore"
  case groupRank = "group_rank"
  case groupScale = "group_scale"
  case groupMean = "group_mean"
  case groupBackfill = "group_backfill"
  case groupCount = "group_count"
  case groupSum = "group_sum"
  case groupStdDev = "group_std_dev"
  case groupMax = "group_max"
  case groupMin = "group_min"
  case groupMedian = "group_median"
  case groupPercentage = "group_percentage"
  case groupNormalize = "group_normalize"
  case groupExtra = "group_extra"
  case groupCartesianProduct = "group_cartesian_product"
  case groupVectorNeut = "group_vector_neut"
  case groupVectorProj = "group_vector_proj"
  case groupCoalesce = "group_coalesce"

  // MARK: Vector
  case vecAvg = "vec_avg"
  case vecSum = "vec_sum"
  case vecCount = "vec_count"
  case vecMax = "vec_max"
  case vecMin = "vec_min"
  case vecRange = "vec_range"
  case vecStddev = "vec_stddev"
  case vecIr = "vec_ir"
  case vecNorm = "vec_norm"
  case vecPowersum = "vec_powersum"
  case vecPercentage = "vec_percentage"
  case vecChoose = "vec_choose"
  case vecSkewness = "vec_skewness"
  case vecKurtosis = "vec_kurtosis"
  case vecFilter = "vec_filter"

  // MARK: Transformational
  case bucket
  case tradeWhen = "trade_when"
  case tail
  case leftTail = "left_tail"
  case rightTail = "right_tail"
  case clamp
  case convert

  // MARK: Special
  case instPnl = "inst_pnl"
}
