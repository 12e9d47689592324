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

  /// Nil without forecasts. The bins are those of ``ForecastBin/bins(of:came:count:)``.
  package init?(chances: [Double], came: [Bool], bins: Int = 10) {
    precondition(chances.count == came.count && bins > 0, "chances without outcomes")
    guard !chances.isEmpty else { return nil }
    let size = Double(chances.count)
    let base = Double(came.count { $0 }) / size
    var sum = 0.0
    for (chance, came) in zip(chances, came) {
      let error = chance - (came ? 1 : 0)
      sum += error * error
    }
    var reliability = 0.0
    var resolution = 0.0
    for bin in ForecastBin.bins(of: chances, came: came, count: bins) {
      let count = Double(bin.came.trials)
      let share = bin.came.share
      reliability += count * (bin.said - share) * (bin.said - share)
      resolution += count * (share - base) * (share - base)
    }
    value = sum / size
    self.reliability = reliability / size
    self.resolution = resolution / size
    uncertainty = base * (1 - base)
    withinBins = value - (self.reliability - self.resolution + uncertainty)
  }
}
