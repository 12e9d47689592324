import Essentials

/// What a trade of others fills. Orders that take get it at its price, where no books are known; of
/// orders that wait, those at better prices get it first, and those at its price get what is beyond
/// the lots before them in the queue.
extension Matcher {
  /// Matches a trade, and says whether it was a possible one that came in time.
  @discardableResult
  package mutating func receive(_ trade: Trade, account: inout PerpetualAccount) -> Bool {
    guard trade.price > 0, trade.units > 0, let price = Price(trade.price),
      let lots = contract.rules.lot.lots(in: trade.units)?.lots
    else {
      counts.impossible += 1
      return false
    }
    if let priceClock, trade.instant < priceClock {
      counts.late += 1
      return false
    }
    if trade.id != 0, trade.id == lastTradeID {
      counts.duplicate += 1
      return false
    }
    counts.accepted += 1
    lastTradeID = trade.id
    priceClock = trade.instant
    advance(to: trade.instant)
    receiveMessages(until: trade.instant, &account)
    last = price
    if settings.marksFromPrices {
      account.mark(id, at: price)
      liquidateIfDue(at: price, trade.instant, &account)
    }
    guard !orders.isEmpty else {
      holdBack(&account)
      return true
    }
    wakeAll(.last, at: price, trade.instant, account)
    if settings.marksFromPrices { wakeAll(.mark, at: price, trade.instant, account) }
    var volume = lots
    if let participation = settings.participation {
      volume = Int64(Int128(lots) * Int128(participation.millionths) / 1_000_000)
    }
    for place in orders.indices where orders[place].state.isOpen {
      let standing = orders[place]
      if standing.isNew || standing.order.limit == nil {
        if !followsBook { meet(place, price, trade.instant, &volume, &account) }
      } else if let limit = standing.order.limit, standing.order.side == trade.taker.opposite {
        wait(place, limit, price, lots, trade.instant, &volume, &account)
      }
    }
    removeEnded()
    holdBack(&account)
    return true
  }

  /// Gives an order that waits its part of a trade whose taker stood against it.
  private mutating func wait(
    _ place: Int, _ limit: Price, _ price: Price, _ lots: Int64, _ instant: Timestamp,
    _ volume: inout Int64, _ account: inout PerpetualAccount
  ) {
    let isBeyond = orders[place].order.side == .buy ? price < limit : price > limit
    if isBeyond {
      orders[place].ahead = 0
      volume -= fill(place, upTo: volume, at: limit, as: .maker, instant, &account)
      return
    }
    guard price == limit, let ahead = orders[place].ahead else { return }
    orders[place].traded = min(Quantity.largest.lots, orders[place].traded + lots)
    orders[place].ahead = max(0, ahead - lots)
    let reached = min(volume, lots - ahead)
    guard reached > 0 else { return }
    volume -= fill(place, upTo: reached, at: limit, as: .maker, instant, &account)
  }
}
