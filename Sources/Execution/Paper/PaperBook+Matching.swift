import Essentials
import Markets

/// What a row of prices does with open orders.
///
/// An order is matched against the rows that come after it. Within a row there are three moments,
/// and at each the orders come in the order in which they were sent:
///
/// 1. The open: market orders under ``MarketFillRule/nextOpen``, and limit orders that the open
///    satisfies, which then trade at the open and not at their limit.
/// 2. In between: limit orders that the row traded *through*, at their limit. A low that only
///    touches a limit fills nothing, as nobody knows how many orders stood before it.
/// 3. The close: market orders under ``MarketFillRule/nextClose``.
///
/// Those who trade at the open or the close pay slippage, never beyond their limit. A symbol without
/// a bar in the row trades nothing and keeps its last price.
extension PaperBook {
  private enum Moment: CaseIterable {
    case open, within, close
  }

  /// Fills what the row allows and returns the fills; with an unusable row nothing happens.
  mutating func advance(to instant: Timestamp, bars: [MarketBar]) throws(PaperFailure) -> [Fill] {
    if let now, instant <= now { throw .rowOutOfOrder(instant, last: now) }
    var row: [String: MarketBar] = [:]
    for bar in bars {
      guard row.updateValue(bar, forKey: bar.symbol) == nil else {
        throw .symbolTwice(bar.symbol, instant)
      }
    }
    now = instant
    endOrders { if case .until(let last) = $0 { last < instant } else { false } }
    let before = lastFill
    let waiting = open
    var room = volumeLeft(in: bars)
    for moment in Moment.allCases {
      for place in waiting {
        let entry = entries[place]
        guard entry.status.isTerminal == false, let bar = row[entry.order.symbol],
          let price = price(for: entry.order, at: moment, of: bar)
        else { continue }
        fill(place, at: price, room: &room[bar.symbol])
      }
    }
    endOrders(in: row) { $0 == .immediate }
    for bar in bars { marks[bar.symbol] = bar.close }
    return fills.suffix(Int(lastFill - before))
  }

  /// The lots that each symbol's volume has for us; symbols without a bound are not there.
  private func volumeLeft(in bars: [MarketBar]) -> [String: Quantity] {
    guard let participation = configuration.participation else { return [:] }
    var room: [String: Quantity] = [:]
    for bar in bars {
      guard let lot = configuration.lot(of: bar.symbol) else { continue }
      room[bar.symbol] = bar.lots(of: participation, lot: lot)
    }
    return room
  }

  /// What an order trades at in a moment of a row, nil where it does not.
  private func price(for order: BrokerOrder, at moment: Moment, of bar: MarketBar) -> Price? {
    let slippage = configuration.slippage
    switch (order.kind, moment) {
    case (.market, .open):
      return configuration.marketFills == .nextOpen
        ? bar.open.slipped(by: slippage, for: order.side) : nil
    case (.market, .close):
      return configuration.marketFills == .nextClose
        ? bar.close.slipped(by: slippage, for: order.side) : nil
    case (.limit(let limit), .open):
      let slipped = bar.open.slipped(by: slippage, for: order.side)
      return switch order.side {
      case .buy: bar.open <= limit ? min(limit, slipped) : nil
      case .sell: bar.open >= limit ? max(limit, slipped) : nil
      }
    case (.limit(let limit), .within):
      let isThrough = order.side == .buy ? bar.low < limit : bar.high > limit
      return isThrough ? limit : nil
    case (.market, .within), (.limit, .close): return nil
    }
  }

  /// Fills as much of an order as its volume and, if it is reduce-only, its position allow.
  private mutating func fill(_ place: Int, at price: Price, room: inout Quantity?) {
    let entry = entries[place]
    let order = entry.order
    let reducible = order.isReduceOnly ? reducible(by: order) : entry.remaining
    guard reducible > .zero else { return end(place, because: .notReducing) }
    let quantity = min(entry.remaining, reducible, room ?? .largest)
    guard quantity > .zero else { return }
    guard let lot = configuration.lot(of: order.symbol),
      let worth = Money(worthOf: quantity, at: price, lot: lot)
    else { return end(place, because: .amountTooLarge) }
    let fill = Fill(
      venue: configuration.venue, venueOrderID: entry.acknowledgement.venueOrderID,
      sequence: lastFill + 1, clientID: order.clientID, instance: order.instance,
      symbol: order.symbol, side: order.side, quantity: quantity, price: price,
      fee: worth.share(configuration.fee), instant: now ?? Timestamp(millisecondsSinceEpoch: 0))
    let isBooked = ledger.book(
      fill.change, of: fill.symbol, at: price, lot: lot, fee: fill.fee, for: fill.instance)
    guard isBooked else { return end(place, because: .amountTooLarge) }
    lastFill += 1
    fills.append(fill)
    entries[place].filled = entry.filled + quantity
    room = room.map { $0 - quantity }
    if entries[place].remaining == .zero { open.removeAll { $0 == place } }
  }

  /// Ends the open orders whose validity is over: all, or those whose symbol stands in a row.
  private mutating func endOrders(
    in row: [String: MarketBar]? = nil, whose isOver: (BrokerOrder.TimeInForce) -> Bool
  ) {
    for place in open {
      let order = entries[place].order
      if isOver(order.timeInForce), row == nil || row?[order.symbol] != nil { end(place) }
    }
  }
}
