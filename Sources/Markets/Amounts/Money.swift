/// An amount of the account's currency, counted exactly in millionths of it.
///
/// Amounts lie within plus and minus a million millions (``largest``); sums beyond are given as the
/// largest amount, so that no sum ever traps. Ledgers refuse an entry before that happens.
package struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Millionths of the currency's unit.
  package let micros: Int64

  /// The amount of so many millionths, or the largest amount of that sign.
  package init(micros: Int64) {
    self.micros = min(max(micros, -Self.limit), Self.limit)
  }

  /// The nearest amount to a number of units; nil where it is not finite or beyond ``largest``.
  package init?(_ units: Double) {
    let micros = (units * 1e6).rounded()
    guard micros.magnitude <= Double(Self.limit) else { return nil }
    self.micros = Int64(micros)
  }

  /// The amount of so many millionths, or the largest amount of that sign.
  package init(clamping micros: Int128) {
    self.micros = Int64(min(max(micros, -Int128(Self.limit)), Int128(Self.limit)))
  }

  /// The exact amount of so many millionths; nil beyond ``largest``.
  package init?(exactly micros: Int128) {
    guard micros.magnitude <= UInt128(Self.limit) else { return nil }
    self.micros = Int64(micros)
  }

  /// What a quantity is worth at a price, rounded to the millionth, signed as the quantity; nil
  /// beyond ``largest``.
  package init?(worthOf quantity: Quantity, at price: Price, lot: LotSize) {
    // Billionths of a price times billionths of a lot are 10^-18; a millionth is 10^12 of them.
    let (perLot, isTooLarge) = Int128(price.nanos).multipliedReportingOverflow(
      by: Int128(lot.nanos))
    let (product, isLarger) = perLot.multipliedReportingOverflow(by: Int128(quantity.lots))
    guard !isTooLarge, !isLarger else { return nil }
    self.init(exactly: roundedQuotient(product, by: 1_000_000_000_000))
  }

  /// The share of the amount that a rate takes, rounded to the millionth; never below zero for an
  /// amount above it.
  package func share(_ rate: Rate) -> Money {
    Money(clamping: roundedQuotient(Int128(micros) * Int128(rate.millionths), by: 1_000_000))
  }

  /// Units of the currency, rounded to the nearest double.
  package var value: Double { Double(micros) / 1e6 }

  package var description: String { decimalText(micros, places: 6) }

  package static let zero = Money(micros: 0)
  /// A million millions of the currency.
  package static let largest = Money(micros: limit)
  private static let limit: Int64 = 1_000_000_000_000_000_000

  package static func < (left: Self, right: Self) -> Bool { left.micros < right.micros }
  /// The sum, or the largest amount of its sign.
  package static func + (left: Self, right: Self) -> Self {
    Money(micros: left.micros + right.micros)
  }
  /// The difference, or the largest amount of its sign.
  package static func - (left: Self, right: Self) -> Self {
    Money(micros: left.micros - right.micros)
  }
  /// The amount with the other sign.
  package static prefix func - (amount: Self) -> Self { Money(micros: -amount.micros) }
}
