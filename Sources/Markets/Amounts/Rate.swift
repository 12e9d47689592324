/// A share of something, counted exactly in millionths; one basis point is 100 of them.
package struct Rate: Hashable, Sendable {
  /// Millionths, from none to the whole.
  package let millionths: Int64

  /// The nearest rate to a number of basis points; nil where it is missing, below zero, or above
  /// 10,000.
  package init?(basisPoints: Double) {
    guard basisPoints >= 0, basisPoints <= 10_000 else { return nil }
    millionths = Int64((basisPoints * 100).rounded())
  }

  /// The rate of so many millionths; nil where it is below zero or above the whole.
  package init?(millionths: Int64) {
    guard (0...1_000_000).contains(millionths) else { return nil }
    self.millionths = millionths
  }

  private init(whole millionths: Int64) {
    self.millionths = millionths
  }

  /// Nothing of it.
  package static let none = Rate(whole: 0)

  package var basisPoints: Double { Double(millionths) / 100 }
}
