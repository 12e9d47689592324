/// How a venue trades a symbol.
package struct InstrumentRules: Hashable, Sendable {
  package let symbol: String
  /// What quantities of the symbol count.
  package let lot: LotSize

  package init(symbol: String, lot: LotSize) {
    self.symbol = symbol
    self.lot = lot
  }
}
