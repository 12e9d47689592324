/// The places of values in sorted order.
package enum Ranks {
  /// Returns each value's rank from 1 for the smallest; equal values share the average of the ranks
  /// they fill. A NaN has rank NaN and does not count among the others. Cost: one sort.
  package static func averaged(_ values: [Double]) -> [Double] {
    let order = values.indices.filter { !values[$0].isNaN }
      .sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: .nan, count: values.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, values[order[end]] == values[order[first]] { end += 1 }
      // Places first + 1 through end have the average (first + 1 + end) / 2.
      let shared = Double(first + 1 + end) / 2
      for place in first..<end { ranks[order[place]] = shared }
      first = end
    }
    return ranks
  }
}
