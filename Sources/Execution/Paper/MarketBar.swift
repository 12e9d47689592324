package import Markets

/// What one symbol traded at in one row of market data.
package struct MarketBar: Hashable, Sendable {
  package let symbol: String
  package let open: Price
  package let high: Price
  package let low: Price
  package let close: Price
  /// Units of the symbol (shares, coins) traded, not below zero; nil where it is not known.
  package let volume: Double?

  /// A row's prices of a symbol; nil where one is missing or not above zero, or where the low and
  /// the high do not enclose the open and the close. A volume that is missing or below zero is not
  /// known.
  package init?(
    symbol: String, open: Double, high: Double, low: Double, close: Double, volume: Double? = nil
  ) {
    guard let open = Price(open), let high = Price(high), let low = Price(low),
      let close = Price(close), low <= min(open, close), high >= max(open, close)
    else { return nil }
    self.symbol = symbol
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  /// The whole lots in a share of the volume, rounded down; nil where the volume is not known.
  func lots(of share: Rate, lot: LotSize) -> Quantity? {
    guard let volume else { return nil }
    let lots = (volume / lot.value * Double(share.millionths) / 1e6).rounded(.down)
    return Quantity(lots: lots < Double(Quantity.largest.lots) ? Int64(lots) : .max)
  }
}
