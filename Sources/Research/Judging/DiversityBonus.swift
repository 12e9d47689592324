/// What a portfolio earns for being spread: up to `weight` for three regions, two delays and three
/// categories of data.
///
/// ```
/// bonus = weight * (min(1, regions / 3) + min(1, delays / 2) + min(1, categories / 3)) / 3
/// ```
package struct DiversityBonus: Hashable, Sendable {
  package var regions: Int
  package var delays: Int
  package var categories: Int

  /// Counts what differs among alphas.
  package init(of alphas: [(region: String, delay: Int, category: String)]) {
    regions = Set(alphas.map(\.region)).count
    delays = Set(alphas.map(\.delay)).count
    categories = Set(alphas.map(\.category)).count
  }

  /// The bonus, 0 for an empty portfolio and `weight` at most.
  package func value(weight: Double = JudgingPolicy().diversityWeight) -> Double {
    let shares = [Double(regions) / 3, Double(delays) / 2, Double(categories) / 3]
    return weight * shares.reduce(0) { $0 + min(1, $1) } / Double(shares.count)
  }
}
