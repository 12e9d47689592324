/// How many candidates a step of the fallback leaves.
package enum ShrinkTarget {
  /// Returns `count` times `factor`, rounded down, but at least one candidate fewer where there are
  /// two or more, and never fewer than one. One candidate or none is left as it is.
  package static func target(_ count: Int, _ factor: Double) -> Int {
    guard count > 1 else { return count }
    let target = max(1, Int((Double(count) * factor).rounded(.down)))
    return target >= count ? max(1, count - 1) : target
  }
}
