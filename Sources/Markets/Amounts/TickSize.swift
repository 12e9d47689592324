/// The step between the prices that a venue knows, counted exactly in billionths of the currency.
package struct TickSize: Hashable, Sendable, CustomStringConvertible {
  /// Billionths of the currency's unit, at least 1.
  package let nanos: Int64

  /// The tick of so many billionths; nil where there is none.
  package init?(nanos: Int64) {
    guard nanos > 0 else { return nil }
    self.nanos = nanos
  }

  /// The nearest tick to a number of units, such as 0.1; nil where it is missing, below a billionth,
  /// or above nine thousand millions.
  package init?(_ units: Double) {
    let nanos = (units * 1e9).rounded()
    guard nanos >= 1, nanos <= 9e18 else { return nil }
    self.nanos = Int64(nanos)
  }

  /// The tick that a venue wrote, such as `0.10`; nil where it is none.
  package init?(text: some StringProtocol) {
    guard let nanos = exactCount(text, places: 9) else { return nil }
    self.init(nanos: nanos)
  }

  /// The whole ticks in a price; nil where it lies between two.
  package func ticks(of price: Price) -> Int64? {
    price.nanos % nanos == 0 ? price.nanos / nanos : nil
  }

  /// The whole ticks in a price that a venue wrote; nil where it is none or lies between two.
  package func ticks(text: some StringProtocol) -> Int64? {
    guard let count = exactCount(text, places: 9), count > 0, count % nanos == 0 else { return nil }
    return count / nanos
  }

  /// The price of so many ticks; nil where it is not above zero or too large to count.
  package func price(ticks: Int64) -> Price? {
    let (product, isTooLarge) = ticks.multipliedReportingOverflow(by: nanos)
    return isTooLarge ? nil : Price(nanos: product)
  }

  /// The highest price on a tick that is not above the price; nil where that is none.
  package func below(_ price: Price) -> Price? {
    Price(nanos: price.nanos / nanos * nanos)
  }

  /// The lowest price on a tick that is not below the price; nil where it is too large to count.
  package func above(_ price: Price) -> Price? {
    let (quotient, remainder) = price.nanos.quotientAndRemainder(dividingBy: nanos)
    return self.price(ticks: quotient + (remainder == 0 ? 0 : 1))
  }

  /// The price on a tick for an order that accepts no worse: not above the limit for a buyer, not
  /// below it for a seller.
  package func limit(_ price: Price, for side: OrderSide) -> Price? {
    side == .buy ? below(price) : above(price)
  }

  /// Units of the currency, rounded to the nearest double.
  package var value: Double { Double(nanos) / 1e9 }

  package var description: String { decimalText(nanos, places: 9) }
}
