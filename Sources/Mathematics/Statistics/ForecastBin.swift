/// Forecasts of about the same chance, and what came of them.
package struct ForecastBin: Hashable, Sendable {
  /// The smallest and the largest chance in the bin.
  package let chances: ClosedRange<Double>
  /// The mean of the chances.
  package let said: Double
  /// How often what they were given to came.
  package let came: Proportion

  /// Sorts forecasts into bins of about equal numbers by rising chance; equal chances are in one bin,
  /// so there may be fewer bins than asked for. None without forecasts.
  package static func bins(
    of chances: [Double], came: [Bool], count bins: Int
  ) -> [ForecastBin] {
    precondition(chances.count == came.count && bins > 0, "chances without outcomes")
    let order = chances.indices.sorted { (chances[$0], $0) < (chances[$1], $1) }
    let perBin = (order.count + bins - 1) / bins
    var result: [ForecastBin] = []
    var first = 0
    while first < order.count {
      var end = min(order.count, first + perBin)
      while end < order.count, chances[order[end]] == chances[order[end - 1]] { end += 1 }
      let places = order[first..<end]
      result.append(
        ForecastBin(
          chances: chances[order[first]]...chances[order[end - 1]],
          said: places.reduce(0) { $0 + chances[$1] } / Double(places.count),
          came: Proportion(places.count { came[$0] }, of: places.count)))
      first = end
    }
    return result
  }
}
