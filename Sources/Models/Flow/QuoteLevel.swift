/// A price at which a book offers to trade, with how much.
package struct QuoteLevel: Hashable, Sendable {
  package var price: Double
  package var quantity: Double

  package init(price: Double, quantity: Double) {
    self.price = price
    self.quantity = quantity
  }

  /// Whether it is a price above zero with a quantity of at least zero.
  var isUsable: Bool {
    price > 0 && price.isFinite && quantity >= 0 && quantity.isFinite
  }
}
