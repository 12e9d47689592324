package import Essentials
import Markets

/// What happens to positions when an instance loses its money.
package enum DemotionTransition: Hashable, Sendable {
  /// They stay, and nobody trades them: the world owns them and counts them in its risk.
  case none
  /// They are closed at once.
  case market
  /// They are closed in equal parts over time.
  case twap(SliceSchedule)
}

/// Equal parts of a position at equal distances in time, the first at once.
package struct SliceSchedule: Hashable, Sendable {
  package let over: TimeSpan
  package let slices: Int

  /// So many slices over a time; nil where there are none or the time is below zero.
  package init?(over: TimeSpan, slices: Int) {
    guard slices >= 1, over >= .zero else { return nil }
    self.over = over
    self.slices = slices
  }

  /// The slices of a quantity above zero, each with its distance from the first.
  ///
  /// All are equal, rounded down to the lot, and the last takes the residual as well. A quantity of
  /// fewer lots than slices is cut into single lots over the same time.
  func parts(of quantity: Quantity) -> [(quantity: Quantity, after: TimeSpan)] {
    let count = min(Int64(slices), quantity.lots)
    guard count > 0 else { return [] }
    let each = quantity.lots / count
    return (0..<count).map { index in
      let isLast = index == count - 1
      return (
        Quantity(lots: isLast ? quantity.lots - each * index : each),
        TimeSpan(milliseconds: over.milliseconds / count * index)
      )
    }
  }
}
