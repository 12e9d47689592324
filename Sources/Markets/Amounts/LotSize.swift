/// The least amount of a symbol that can be traded, counted exactly in billionths of one unit.
package struct LotSize: Hashable, Sendable, CustomStringConvertible {
  /// Billionths of a share, coin or contract, at least 1.
  package let nanos: Int64

  /// The lot of so many billionths of a unit; nil where there is none.
  package init?(nanos: Int64) {
    guard nanos > 0 else { return nil }
    self.nanos = nanos
  }

  /// The nearest lot to a number of units, such as 0.001; nil where it is missing, below a
  /// billionth, or above nine thousand millions.
  package init?(_ units: Double) {
    let nanos = (units * 1e9).rounded()
    guard nanos >= 1, nanos <= 9e18 else { return nil }
    self.nanos = Int64(nanos)
  }

  private init(whole nanos: Int64) {
    self.nanos = nanos
  }

  /// Whole shares, coins or contracts.
  package static let one = LotSize(whole: 1_000_000_000)

  /// Units of the symbol in one lot, rounded to the nearest double.
  package var value: Double { Double(nanos) / 1e9 }

  package var description: String { decimalText(nanos, places: 9) }
}
