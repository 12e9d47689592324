/// The operators without which hardly a formula is written, family by family.
///
/// A search knows what an idea speaks of, not what every formula needs: few ideas mention a rank or a
/// division. The families and their order are our own judgment.
enum CoreOperators {
  /// Each family begins with its most useful member.
  static let families: [[String]] = [
    ["rank", "zscore", "winsorize", "scale", "quantile"],
    ["ts_delta", "ts_delay", "ts_returns"],
    ["ts_mean", "ts_sum", "ts_median"],
    ["ts_std_dev", "ts_ir"],
    ["ts_rank", "ts_zscore", "ts_arg_max", "ts_max", "ts_min"],
    ["group_neutralize", "group_rank", "group_zscore", "group_mean"],
    ["divide", "subtract", "multiply", "add", "reverse"],
    ["ts_decay_linear", "hump"],
    ["ts_corr", "ts_regression", "ts_covariance"],
    ["if_else", "trade_when", "greater", "less"],
    ["vec_avg", "vec_sum"],
    ["abs", "log", "sign", "signed_power", "max", "min"],
    ["ts_backfill", "is_nan"],
    ["bucket"],
  ]

  /// Every member with its usefulness: 1 for the first of a family, less for the later ones.
  static let usefulness: [String: Double] = {
    var table: [String: Double] = [:]
    for family in families {
      for (place, name) in family.enumerated() {
        table[name] = 1 - 0.4 * Double(place) / Double(family.count)
      }
    }
    return table
  }()

  /// The first of a family that is among `names`, for each family that has one.
  static func representatives(among names: Set<String>) -> [String] {
    families.compactMap { $0.first(where: names.contains) }
  }
}
