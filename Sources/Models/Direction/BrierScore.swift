/// The mean squared error of chances, and what it comes from.
///
/// G. Brier, Monthly Weather Review 78 (1950); the parts after A. Murphy, Journal of Applied
/// Meteorology 12 (1973), over bins of equal numbers of forecasts. The parts add up to the score:
/// `reliability - resolution + uncertainty + withinBins`.
package struct BrierScore: Hashable, Sendable {
  /// From 0 for certain and right to 1 for certain and wrong.
  package let value: Double
  /// How far the chances of a bin lie from what came of them; 0 for perfect calibration.
  package let reliability: Double
  /// How far what came of the bins lies apart; 0 for a forecast that tells nothing.
  package let resolution: Double
  /// The score of always saying the base rate.
  package let uncertainty: Double
  /// What is lost by taking the forecasts of a bin for one.
  package let withinBins: Double

  /// Nil without forecasts. Equal chances are in one bin.
  package init?(chances: [Double], isUp: [Bool], bins: Int = 10) {
    precondition(chances.count == isUp.count && bins > 0, "chances without outcomes")
    guard !chances.isEmpty else { return nil }
    let size = Double(chances.count)
    let base = Double(isUp.count { $0 }) / size
    var sum = 0.0
    for (chance, up) in zip(chances, isUp) {
      let error = chance - (up ? 1 : 0)
      sum += error * error
    }
    let order = chances.indices.sorted { (chances[$0], $0) < (chances[$1], $1) }
    let perBin = (order.count + bins - 1) / bins
    var reliability = 0.0
    var resolution = 0.0
    var first = 0
    while first < order.count {
      var end = min(order.count, first + perBin)
      while end < order.count, chances[order[end]] == chances[order[end - 1]] { end += 1 }
      let places = order[first..<end]
      let count = Double(places.count)
      let said = places.reduce(0) { $0 + chances[$1] } / count
      let came = Double(places.count { isUp[$0] }) / count
      reliability += count * (said - came) * (said - came)
      resolution += count * (came - base) * (came - base)
      first = end
    }
    value = sum / size
    self.reliability = reliability / size
    self.resolution = resolution / size
    uncertainty = base * (1 - base)
    withinBins = value - (self.reliability - self.resolution + uncertainty)
  }
}
