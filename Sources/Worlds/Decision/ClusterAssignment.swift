/// Groups of instances that move together, by agglomerative clustering.
///
/// The distance of two instances is 1 - |correlation|. The two nearest groups are merged as long as
/// they are no farther apart than the cut, measured by the linkage (G. N. Lance and W. T. Williams,
/// A general theory of classificatory sorting strategies, 1967); of pairs equally near, the one
/// whose earliest members stand first. Cost: the pairs of what is grouped, in time and in memory.
struct ClusterAssignment {
  /// By instance, the number of its group: the place of its earliest member. -1 for those not
  /// grouped.
  let groups: [Int]

  /// Groups `rows`, which are in ascending order. A pair whose correlation is unknown is as near as
  /// can be, unless the policy lets such pairs pass.
  init(_ rows: [Int], of snapshot: WorldSnapshot, under rules: SelectionRules) {
    var groups = [Int](repeating: -1, count: snapshot.instances.count)
    guard let rule = rules.clusters else {
      self.groups = groups
      return
    }
    let unknown = rules.correlation?.missing == .allow ? 1.0 : 0
    var merging = Merging(
      count: rows.count,
      distance: { left, right in
        snapshot.correlations?.known(rows[left], rows[right]).map { 1 - abs($0) } ?? unknown
      })
    while merging.mergeNearest(within: rule.cut + Roster.tolerance, rule.linkage) {}
    for place in rows.indices { groups[rows[place]] = rows[merging.leader(of: place)] }
    self.groups = groups
  }

  private struct Merging {
    private let count: Int
    /// Square, of the groups that are named by their earliest member.
    private var distances: [Double]
    private var sizes: [Int]
    private var leaders: [Int]
    /// The nearest later group of each group; -1 where there is none.
    private var nearest: [Int]

    init(count: Int, distance: (Int, Int) -> Double) {
      self.count = count
      distances = [Double](repeating: 0, count: count * count)
      sizes = [Int](repeating: 1, count: count)
      leaders = Array(0..<count)
      nearest = [Int](repeating: -1, count: count)
      for left in 0..<count {
        for right in (left + 1)..<max(count, left + 1) {
          let value = distance(left, right)
          distances[left * count + right] = value
          distances[right * count + left] = value
        }
      }
      for group in 0..<count { seek(from: group) }
    }

    mutating func leader(of place: Int) -> Int {
      var place = place
      while leaders[place] != place { place = leaders[place] }
      return place
    }

    private mutating func seek(from group: Int) {
      var best = -1
      for other in (group + 1)..<max(count, group + 1) where leaders[other] == other {
        if best < 0 || distances[group * count + other] < distances[group * count + best] {
          best = other
        }
      }
      nearest[group] = best
    }

    /// Merges the two nearest groups; false where none are near enough.
    mutating func mergeNearest(
      within cut: Double, _ linkage: SelectionRules.ClusterRule.Linkage
    ) -> Bool {
      var first = -1
      for group in 0..<count where leaders[group] == group && nearest[group] >= 0 {
        if first < 0
          || distances[group * count + nearest[group]] < distances[first * count + nearest[first]]
        {
          first = group
        }
      }
      guard first >= 0, distances[first * count + nearest[first]] <= cut else { return false }
      let second = nearest[first]
      for other in 0..<count where leaders[other] == other && other != first && other != second {
        let left = distances[first * count + other]
        let right = distances[second * count + other]
        let merged: Double
        switch linkage {
        case .single: merged = min(left, right)
        case .complete: merged = max(left, right)
        case .average:
          let sizes = (Double(sizes[first]), Double(sizes[second]))
          merged = (sizes.0 * left + sizes.1 * right) / (sizes.0 + sizes.1)
        }
        distances[first * count + other] = merged
        distances[other * count + first] = merged
      }
      sizes[first] += sizes[second]
      leaders[second] = first
      seek(from: first)
      for other in 0..<second where leaders[other] == other && other != first {
        if nearest[other] == first || nearest[other] == second {
          seek(from: other)
        } else if other < first, nearest[other] >= 0 {
          let current = distances[other * count + nearest[other]]
          let candidate = distances[other * count + first]
          if candidate < current || (candidate == current && first < nearest[other]) {
            nearest[other] = first
          }
        }
      }
      return true
    }
  }
}
