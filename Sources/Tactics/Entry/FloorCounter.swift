/// How many evaluations in a row found the leverage of a symbol at its floor.
package struct FloorCounter: Hashable, Sendable {
  /// Rises by one at the floor, falls by one above it, and is 0 while no side is wanted.
  package private(set) var count: Int

  package init(count: Int = 0) {
    self.count = max(0, count)
  }

  /// Takes one evaluation in. A leverage that is not known changes nothing.
  package mutating func observe(
    leverage: Double, floor: Double, tolerance: Double, hasSide: Bool
  ) {
    guard hasSide else {
      count = 0
      return
    }
    guard leverage.isFinite else { return }
    count = max(0, count + (leverage <= floor + tolerance ? 1 : -1))
  }
}
