package import AlphaLanguage
package import Backtesting

/// A formula of which one side is held, over all instruments of a panel or some of them.
package struct BenchInstance: Sendable {
  package var id: String
  package var formula: CheckedFormula
  package var side: BookSide
  /// The symbols that may be held; nil for all. The formula itself sees the whole universe of the
  /// settings: what it ranks or neutralizes against is the market, not the selection.
  package var symbols: [String]?

  package init(
    id: String, formula: CheckedFormula, side: BookSide, symbols: [String]? = nil
  ) {
    self.id = id
    self.formula = formula
    self.side = side
    self.symbols = symbols
  }
}
