import Mathematics

/// The return of the next bar as boosted trees expect it: `mu_ml`.
///
/// What trees say is taken times the slope by which it came true on rows that they did not see, so that
/// trees which learned noise say next to nothing; how far the slope may be off is told with it.
package struct LearnedDrift: Hashable, Sendable {
  package let trees: BoostedTrees
  /// The length of the bars in seconds.
  package let barSeconds: Int
  /// The log return to be expected for each unit of what the trees say; at least zero.
  package let slope: Double
  /// The standard error of the slope.
  package let slopeError: Double

  /// The share of features without which nothing is said.
  private static let missingShareMax = 0.5

  /// Nil for bars of no length, a slope below zero or numbers that are not finite.
  package init?(trees: BoostedTrees, barSeconds: Int, slope: Double, slopeError: Double) {
    guard barSeconds > 0, slope >= 0, slope.isFinite, slopeError >= 0, slopeError.isFinite else {
      return nil
    }
    self.trees = trees
    self.barSeconds = barSeconds
    self.slope = slope
    self.slopeError = slopeError
  }

  package var featureNames: [String] { trees.featureNames }

  /// Returns the log return to be expected of the next bar and its standard error; nil where the number
  /// of values is another or more than half of them are missing.
  package func expected(_ values: [Double]) -> (logReturn: Double, error: Double)? {
    let missing = values.count { !$0.isFinite }
    guard Double(missing) <= Self.missingShareMax * Double(values.count),
      let score = trees.score(values.map { $0.isFinite ? $0 : .nan })
    else { return nil }
    return (slope * score, slopeError * score.magnitude)
  }
}
