package import Essentials

/// What a state of the book fills. Orders that take walk the levels of the other side; the lots that
/// one took are not there for the next at the same instant, but the recorded book shows them again
/// afterward. Orders that wait stand behind the lots that were at their price when they came.
///
/// The lots before an order become fewer by the trades at its price, and by a share
/// (``MatchSettings/cancelsAhead``) of what vanished from the level without a trade; they are never
/// more than the level holds. An order at a price at which the other side now stands was passed, and
/// gets what stands there. Books tell no last price, so triggers by it wait for trades.
extension Matcher {
  /// Matches a state of the book, and says whether it was a possible one that came in time.
  @discardableResult
  package mutating func receive(
    _ book: OrderBook, at instant: Timestamp, account: inout PerpetualAccount
  ) -> Bool {
    guard !book.isCrossed else {
      counts.impossible += 1
      return false
    }
    if let priceClock, instant < priceClock {
      counts.late += 1
      return false
    }
    counts.accepted += 1
    priceClock = instant
    followsBook = true
    advance(to: instant)
    receiveMessages(until: instant, &account)
    if let middle = middle(of: book) {
      if last == nil { last = middle }
      if settings.marksFromPrices {
        account.mark(id, at: middle)
        liquidateIfDue(at: middle, instant, &account)
        wakeAll(.mark, at: middle, instant, account)
      }
    }
    guard !orders.isEmpty else {
      holdBack(&account)
      return true
    }
    var isRead = false
    for place in orders.indices where orders[place].state.isOpen {
      if !orders[place].isNew, orders[place].order.limit != nil { queue(place, book) }
      guard needsOtherSide(orders[place], book) else { continue }
      if !isRead {
        book.read(.bid, into: &bids, limit: Self.depth)
        book.read(.ask, into: &asks, limit: Self.depth)
        isRead = true
      }
      if orders[place].isNew || orders[place].order.limit == nil {
        take(place, instant, &account)
      } else {
        pass(place, instant, &account)
      }
    }
    for place in orders.indices where orders[place].state.isOpen && orders[place].isNew {
      join(place, book)
    }
    removeEnded()
    holdBack(&account)
    return true
  }

  /// Takes in that the book cannot be believed until another is told: until then orders that take meet
  /// trades, which pay slippage, and nobody stands in front of an order but whoever did before.
  package mutating func loseBook() { followsBook = false }

  private func middle(of book: OrderBook) -> Price? {
    guard let doubled = book.doubledMid else { return nil }
    let (nanos, isTooLarge) = doubled.multipliedReportingOverflow(by: tick.nanos)
    return isTooLarge ? nil : Price(nanos: nanos / 2)
  }

  private func needsOtherSide(_ standing: StandingOrder, _ book: OrderBook) -> Bool {
    if standing.isNew { return true }
    guard let limit = standing.order.limit else { return true }
    return standing.order.side == .buy
      ? book.bestAsk.map { $0.ticks <= limit.nanos / tick.nanos } ?? false
      : book.bestBid.map { $0.ticks >= limit.nanos / tick.nanos } ?? false
  }

  /// Lots of the other side that an order accepts, among the levels at hand.
  private func reach(of order: MarketOrder) -> Int64 {
    var sum: Int64 = 0
    for level in order.side == .buy ? asks : bids {
      guard accepts(level.ticks, order) else { break }
      let (next, isTooLarge) = sum.addingReportingOverflow(level.lots)
      sum = isTooLarge ? .max : next
      if isTooLarge { break }
    }
    return sum
  }

  private func accepts(_ ticks: Int64, _ order: MarketOrder) -> Bool {
    guard let limit = order.limit else { return true }
    return order.side == .buy
      ? ticks <= limit.nanos / tick.nanos : ticks >= limit.nanos / tick.nanos
  }

  private mutating func take(
    _ place: Int, _ instant: Timestamp, _ account: inout PerpetualAccount
  ) {
    let standing = orders[place]
    let reached = reach(of: standing.order)
    switch standing.order.validity {
    case .postOnly:
      let best = standing.order.side == .buy ? asks.first : bids.first
      if let best, accepts(best.ticks, standing.order) { end(place, .wouldTake, at: instant) }
      return
    case .whole where reached < standing.rest:
      end(place, .notAtOnce, at: instant)
      return
    case .untilCancelled, .immediate, .whole: sweep(place, at: nil, .taker, instant, &account)
    }
    if standing.order.validity != .untilCancelled { end(place, .notAtOnce, at: instant) }
  }

  /// Fills an order that waits with what now stands at its price or beyond.
  private mutating func pass(
    _ place: Int, _ instant: Timestamp, _ account: inout PerpetualAccount
  ) {
    sweep(place, at: orders[place].order.limit, .maker, instant, &account)
  }

  /// Takes the levels that an order accepts, at their prices or all at one.
  private mutating func sweep(
    _ place: Int, at price: Price?, _ role: FillRole, _ instant: Timestamp,
    _ account: inout PerpetualAccount
  ) {
    let order = orders[place].order
    let count = order.side == .buy ? asks.count : bids.count
    for number in 0..<count {
      let level = order.side == .buy ? asks[number] : bids[number]
      guard orders[place].state.isOpen, accepts(level.ticks, order),
        let found = price ?? tick.price(ticks: level.ticks)
      else { return }
      guard level.lots > 0 else { continue }
      let got = fill(place, upTo: level.lots, at: found, as: role, instant, &account)
      if order.side == .buy { asks[number].lots -= got } else { bids[number].lots -= got }
    }
  }

  /// Puts an order behind the lots at its price.
  private mutating func join(_ place: Int, _ book: OrderBook) {
    guard let limit = orders[place].order.limit else { return }
    let lots = book.lots(
      at: limit.nanos / tick.nanos, of: orders[place].order.side == .buy ? .bid : .ask)
    orders[place].isNew = false
    orders[place].ahead = lots
    orders[place].level = lots
    orders[place].traded = 0
  }

  /// Learns from a new book how many lots are still before an order.
  private mutating func queue(_ place: Int, _ book: OrderBook) {
    let standing = orders[place]
    guard let limit = standing.order.limit else { return }
    let lots = book.lots(
      at: limit.nanos / tick.nanos, of: standing.order.side == .buy ? .bid : .ask)
    let vanished = max(0, standing.level - lots - standing.traded)
    let before = Int64(
      Int128(vanished) * Int128(settings.cancelsAhead.millionths) / 1_000_000)
    orders[place].ahead = min(lots, max(0, (standing.ahead ?? lots) - before))
    orders[place].level = lots
    orders[place].traded = 0
  }
}
