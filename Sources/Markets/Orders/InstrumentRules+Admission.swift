extension InstrumentRules {
  /// The rule that an order breaks; nil where the venue takes it.
  ///
  /// `reference` is the price at which an order without a limit is valued; nil leaves its worth
  /// unasked. Orders that only reduce may be worth less than the least.
  package func refusal(of order: MarketOrder, reference: Price?) -> OrderEnd? {
    let most = order.limit == nil ? maximumMarketQuantity : maximumLimitQuantity
    guard order.quantity >= minimumQuantity, order.quantity <= most else {
      return .quantityOutside
    }
    if let limit = order.limit, !admits(limit) { return .priceOutside }
    if let trigger = order.trigger, !admits(trigger.price) { return .priceOutside }
    guard !order.reducesOnly, minimumNotional > .zero,
      let price = order.limit ?? order.trigger?.price ?? reference
    else { return nil }
    guard let worth = CoinAmount(worthOf: order.quantity, at: price, lot: lot) else {
      return .quantityOutside
    }
    return worth < minimumNotional ? .worthTooSmall : nil
  }

  private func admits(_ price: Price) -> Bool {
    if let tick, tick.ticks(of: price) == nil { return false }
    return prices?.contains(price) ?? true
  }
}
