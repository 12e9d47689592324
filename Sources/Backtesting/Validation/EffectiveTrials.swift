import Mathematics

/// How many different ideas a set of trials holds.
///
/// Trials that earn and lose together are one idea tried several times. They are gathered by average
/// linkage on the correlation of their profits (R. Sokal and C. Michener, "A Statistical Method for
/// Evaluating Systematic Relationships", 1958), and each cluster counts as one trial, as M. López de
/// Prado and M. Lewis do in "Detection of False Investment Strategies Using Unsupervised Learning
/// Methods", Quantitative Finance 19 (2019), section 6. Their choice of the number of clusters by
/// silhouettes is not followed: it has no answer for trials that are all unrelated, which must count
/// in full. Here two clusters join while the average correlation between their members is at least a
/// threshold. Counting the eigenvalues of the correlation matrix (the participation ratio) was
/// rejected too: for equally correlated trials it stays below 1/ρ² however many they are, far
/// below the count whose best-by-luck ratio is the same.
///
/// Clusters deflate less than the plain number of trials does; the plain number is the cautious one.
package struct EffectiveTrials: Hashable, Sendable {
  /// The plain number of trials.
  package let trials: Int
  /// The number of clusters.
  package let count: Int
  /// For each trial its cluster, numbered from 0 in the order of their first trials.
  package let clusters: [Int]
  /// The sample variance, over the clusters, of the Sharpe ratio for one period of the cluster's
  /// average profit, each member divided by its standard deviation. Nil below two clusters that
  /// have a ratio. It belongs with `count` in the deflated Sharpe ratio.
  package let sharpeVariance: Double?

  /// The most trials: their distances take 128 MB.
  package static let trialsMax = 4096

  /// Gathers trials whose average correlation is at least `threshold`, 1/2 by default: a factor
  /// that they share then explains half of the variance of either. `threshold` lies in (0, 1]. A
  /// trial that never moves is a cluster of its own.
  ///
  /// Cost: rows times squared trials for the correlations; memory: eight bytes for each pair twice.
  package init(of returns: TrialReturns, threshold: Double = 0.5) throws(ValidationFailure) {
    guard returns.trials <= Self.trialsMax else {
      throw .unusableSetting(
        name: "trials", value: returns.trials, allowed: "at most \(Self.trialsMax)")
    }
    guard threshold > 0, threshold <= 1 else { throw .unusableThreshold(threshold) }
    let standardized = (0..<returns.trials).map { Self.standardized(returns.series(of: $0)) }
    var links = AverageLinkage(distances: Self.distances(standardized), count: returns.trials)
    clusters = links.clusters(within: 1 - threshold)
    trials = returns.trials
    count = (clusters.max() ?? -1) + 1
    sharpeVariance = Self.sharpeVariance(of: returns, clusters: clusters, count: count)
  }

  /// Returns deviations from the mean with a sum of squares of one; zeros for a constant series, so
  /// that it correlates with nothing.
  private static func standardized(_ series: [Double]) -> [Double] {
    let moments = Moments(of: series)
    let norm = (moments.populationVariance * Double(series.count)).squareRoot()
    return series.map { norm > 0 ? ($0 - moments.mean) / norm : 0 }
  }

  private static func distances(_ standardized: [[Double]]) -> [Double] {
    let count = standardized.count
    var distances = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      standardized[i].withUnsafeBufferPointer { x in
        for j in 0..<i {
          standardized[j].withUnsafeBufferPointer { y in
            var sum = 0.0
            for row in 0..<x.count { sum += x[row] * y[row] }
            distances[i * count + j] = 1 - sum
            distances[j * count + i] = 1 - sum
          }
        }
      }
    }
    return distances
  }

  private static func sharpeVariance(
    of returns: TrialReturns, clusters: [Int], count: Int
  ) -> Double? {
    var combined = [[Double]](
      repeating: [Double](repeating: 0, count: returns.rows), count: count)
    for trial in 0..<returns.trials {
      let series = returns.series(of: trial)
      let deviation = Moments(of: series).populationDeviation
      guard deviation > 0 else { continue }
      for row in 0..<returns.rows { combined[clusters[trial]][row] += series[row] / deviation }
    }
    let ratios = combined.compactMap { SharpeRatio.perPeriod(of: $0) }
    return ratios.count > 1 ? Moments(of: ratios).sampleVariance : nil
  }
}

/// Average linkage by nearest-neighbor chains (F. Murtagh, "A Survey of Recent Advances in
/// Hierarchical Clustering Algorithms", The Computer Journal 26 (1983)): quadratic time.
///
/// Joining never shortens a distance to another cluster below the shortest that its parts had, so
/// two clusters that are each other's nearest may join at once, in whatever order, and the joins
/// below a height are the same as those of the greedy algorithm.
private struct AverageLinkage {
  private var distances: [Double]
  private let count: Int
  private var sizes: [Int]
  /// For each item the item it joined, or itself.
  private var parents: [Int]

  init(distances: [Double], count: Int) {
    self.distances = distances
    self.count = count
    sizes = Array(repeating: 1, count: count)
    parents = Array(0..<count)
  }

  /// Joins clusters at most `height` apart and returns each item's cluster number.
  mutating func clusters(within height: Double) -> [Int] {
    var active = Array(0..<count)
    var chain: [Int] = []
    while active.count > 1 || !chain.isEmpty {
      if chain.isEmpty { chain.append(active[0]) }
      let tip = chain[chain.count - 1]
      let previous = chain.count > 1 ? chain[chain.count - 2] : nil
      guard let nearest = nearest(to: tip, among: active, preferring: previous),
        distances[tip * count + nearest] <= height
      else {
        // Nothing is near enough to the tip, and nothing will be: joins only move clusters away.
        active.removeAll { $0 == tip }
        chain.removeLast()
        continue
      }
      if nearest == previous {
        chain.removeLast(2)
        let (kept, gone) = (min(tip, nearest), max(tip, nearest))
        join(gone, into: kept, among: active)
        active.removeAll { $0 == gone }
      } else {
        chain.append(nearest)
      }
    }
    var numbers: [Int: Int] = [:]
    return (0..<count).map { item in
      var root = item
      while parents[root] != root { root = parents[root] }
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      return number
    }
  }

  private func nearest(to tip: Int, among active: [Int], preferring previous: Int?) -> Int? {
    var best = previous
    for other in active where other != tip {
      guard let current = best else {
        best = other
        continue
      }
      if distances[tip * count + other] < distances[tip * count + current] { best = other }
    }
    return best
  }

  private mutating func join(_ gone: Int, into kept: Int, among active: [Int]) {
    let (large, small) = (Double(sizes[kept]), Double(sizes[gone]))
    for other in active where other != kept && other != gone {
      let average =
        (large * distances[kept * count + other] + small * distances[gone * count + other])
        / (large + small)
      distances[kept * count + other] = average
      distances[other * count + kept] = average
    }
    sizes[kept] += sizes[gone]
    parents[gone] = kept
  }
}
