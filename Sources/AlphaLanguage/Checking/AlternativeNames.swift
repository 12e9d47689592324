/// Names that other formula collections give to operators, for the remedy of an unknown operator.
package enum AlternativeNames {
  /// The operator of each name, which is in lower case. Sources: Kakushadze, "101 Formulaic Alphas"
  /// (2016), appendix A.1; names of pandas and numpy.
  package static let operators: [String: String] = [
    "correlation": "ts_corr", "corr": "ts_corr", "covariance": "ts_covariance",
    "cov": "ts_covariance", "ref": "ts_delay", "lag": "ts_delay", "if": "if_else",
    "argmax": "ts_arg_max", "argmin": "ts_arg_min", "cs_rank": "rank",
    "delay": "ts_delay", "shift": "ts_delay", "delta": "ts_delta", "diff": "ts_delta",
    "mean": "ts_mean", "average": "ts_mean", "avg": "ts_mean", "sma": "ts_mean",
    "sum": "ts_sum", "stddev": "ts_std_dev", "std": "ts_std_dev", "product": "ts_product",
    "decay_linear": "ts_decay_linear", "indneutralize": "group_neutralize",
    "neutralize": "group_neutralize", "demean": "normalize", "sqr": "power", "pow": "power",
    "ln": "log", "where": "if_else", "iff": "if_else", "fillna": "ts_backfill",
    "percentile": "ts_percentage", "median": "ts_median", "clip": "clamp", "neg": "reverse",
  ]
}
