import Markets

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

  /// Lays out the best levels of a book's side in prices and quantities; arrays that were filled
  /// before keep their memory, so nothing is allocated.
  static func read(
    _ book: OrderBook, _ side: QuoteSide, into quotes: inout [QuoteLevel],
    by levels: inout ContiguousArray<BookLevel>, limit: Int, _ tick: Double, _ lot: Double
  ) {
    book.read(side, into: &levels, limit: limit)
    quotes.removeAll(keepingCapacity: true)
    for level in levels {
      quotes.append(
        QuoteLevel(price: Double(level.ticks) * tick, quantity: Double(level.lots) * lot))
    }
  }
}
