import Mathematics

/// The chance that a row that went up had the higher score, half of the ties counted.
///
/// H. Mann and D. Whitney, Annals of Mathematical Statistics 18 (1947): from the sum of the averaged
/// ranks, so the order of equal scores does not matter.
package enum AreaUnderCurve {
  /// Returns the area; nil without rows of both classes or with a missing score. Cost: one sort.
  package static func value(scores: [Double], isUp: [Bool]) -> Double? {
    precondition(scores.count == isUp.count, "scores without classes")
    let up = isUp.count { $0 }
    let down = isUp.count - up
    guard up > 0, down > 0, !scores.contains(where: \.isNaN) else { return nil }
    var sum = 0.0
    for (rank, isUp) in zip(Ranks.averaged(scores), isUp) where isUp { sum += rank }
    let count = Double(up)
    return (sum - count * (count + 1) / 2) / (count * Double(down))
  }
}
