/// The physical unit of a field as a product of powers, such as price to the 1 times share to the 1.
///
/// The names follow the messages of WorldQuant BRAIN (`Unit[CSPrice:1,CSShare:1]`).
package struct MeasureUnit: Hashable, Sendable, CustomStringConvertible {
  /// The exponent of money per share.
  package var price: Int8
  /// The exponent of a number of shares or contracts.
  package var share: Int8

  package init(price: Int8 = 0, share: Int8 = 0) {
    self.price = price
    self.share = share
  }

  package static let dimensionless = MeasureUnit()
  package static let price = MeasureUnit(price: 1)
  package static let share = MeasureUnit(share: 1)
  /// Price times shares: traded value, capitalization, balance-sheet amounts.
  package static let money = MeasureUnit(price: 1, share: 1)

  package var description: String {
    var parts: [String] = []
    if price != 0 { parts.append("CSPrice:\(price)") }
    if share != 0 { parts.append("CSShare:\(share)") }
    return "Unit[\(parts.joined(separator: ","))]"
  }
}
