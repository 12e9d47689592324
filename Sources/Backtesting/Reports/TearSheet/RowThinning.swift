/// Chooses the rows of a long series that a line needs to look like all of them.
enum RowThinning {
  /// A chart has at most three rows for each bucket and two more.
  static let buckets = 300

  /// Returns ascending rows: all of a short series; of a long one for each bucket of neighbors the
  /// lowest, the highest and a missing one, and the first and last row. Peaks, troughs and gaps
  /// stay, and every row that is kept has its own value, not a mean. Cost: one pass.
  static func rows(of values: [Double], buckets: Int = buckets) -> [Int] {
    guard values.count > 2 * buckets else { return Array(values.indices) }
    var kept: [Int] = [0]
    for bucket in 0..<buckets {
      let range = (bucket * values.count / buckets)..<((bucket + 1) * values.count / buckets)
      var lowest: Int?
      var highest: Int?
      var missing: Int?
      for row in range {
        guard values[row].isFinite else {
          if missing == nil { missing = row }
          continue
        }
        if lowest.map({ values[row] < values[$0] }) ?? true { lowest = row }
        if highest.map({ values[row] > values[$0] }) ?? true { highest = row }
      }
      for row in [lowest, highest, missing].compactMap({ $0 }).sorted() where row > kept.last ?? -1
      {
        kept.append(row)
      }
    }
    if kept.last != values.count - 1 { kept.append(values.count - 1) }
    return kept
  }

  /// Returns at most `limit` ascending rows that lie evenly, the first and the last among them.
  static func evenRows(count: Int, limit: Int) -> [Int] {
    guard count > limit, limit > 1 else { return Array(0..<count) }
    return (0..<limit).map { $0 * (count - 1) / (limit - 1) }
  }
}
