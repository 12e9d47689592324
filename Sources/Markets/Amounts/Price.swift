/// What one unit of a symbol costs: above zero, counted exactly in billionths of the currency.
package struct Price: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Billionths of the currency's unit, at least 1.
  package let nanos: Int64

  /// The price of so many billionths; nil where there is none.
  package init?(nanos: Int64) {
    guard nanos > 0 else { return nil }
    self.nanos = nanos
  }

  /// The nearest price to a number of units; nil where it is missing, below a billionth, or above
  /// nine thousand millions.
  package init?(_ units: Double) {
    let nanos = (units * 1e9).rounded()
    guard nanos >= 1, nanos <= 9e18 else { return nil }
    self.nanos = Int64(nanos)
  }

  /// The price that somebody pays or gets who must trade at once: higher by the rate for a buyer,
  /// lower for a seller.
  package func slipped(by rate: Rate, for side: OrderSide) -> Price {
    let factor = Int128(1_000_000 + side.sign * rate.millionths)
    let slipped = roundedQuotient(Int128(nanos) * factor, by: 1_000_000)
    return Price(bounded: Int64(min(slipped, Int128(Int64.max))))
  }

  private init(bounded nanos: Int64) {
    self.nanos = max(1, nanos)
  }

  /// Units of the currency, rounded to the nearest double.
  package var value: Double { Double(nanos) / 1e9 }

  package var description: String { decimalText(nanos, places: 9) }

  package static func < (left: Self, right: Self) -> Bool { left.nanos < right.nanos }
}
