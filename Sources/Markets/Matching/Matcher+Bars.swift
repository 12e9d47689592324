import Essentials

/// What a bar fills. It says four prices and not their order, so the worst is taken:
///
/// 1. At the open: orders that take are filled at it, and orders that wait are filled at their limit
///    where the open lies beyond it.
/// 2. Then all stops within the range fire, each at its trigger with slippage.
/// 3. Then the position is liquidated if the far end of the range takes its margin.
/// 4. Then limits and profit triggers within the range are filled, but none closes at a profit what
///    was opened after the open.
/// 5. Then stops and liquidation once more, for what the limits opened.
/// 6. Then come the messages that arrive within the bar, at whatever instant: what had stood before them
///    has had the worst of the bar already. Orders that take meet one price each, the open and
///
///        √(time from the open to the arrival / span of the bar)
///
///    of the way to the far end of the range, high for who buys: what a price without a direction is
///    expected to have reached at worst by then, given the worst of the whole bar. An order that only
///    waits would have taken where that way to the near end reaches it, and is refused so. Others that
///    do not take begin to wait, and meet the next open.
/// 7. Then stops and liquidation once more, over the whole range, for what was opened so.
extension Matcher {
  /// Matches a closed bar, and says whether it was a possible one that came in time.
  ///
  /// A bar in which nobody traded fills nobody, but marks and liquidates as others do. A bar within which
  /// trades or books were seen tells what they told already: it is taken in and
  /// counted, and fills nothing.
  @discardableResult
  package mutating func receive(
    _ bar: Bar, span: BarSpan, account: inout PerpetualAccount
  ) -> Bool {
    guard bar.isClosed else {
      counts.forming += 1
      return false
    }
    guard bar.defect == nil, let open = Price(bar.open), let high = Price(bar.high),
      let low = Price(bar.low), let close = Price(bar.close)
    else {
      counts.impossible += 1
      return false
    }
    if let barClock {
      if bar.openTime < barClock {
        if bar.openTime == lastBarStart { counts.duplicate += 1 } else { counts.late += 1 }
        return false
      }
      if bar.openTime > barClock { counts.gaps += 1 }
    }
    counts.accepted += 1
    lastBarStart = bar.openTime
    let end = span.end(from: bar.openTime)
    barClock = end
    if let priceClock, bar.openTime < priceClock {
      counts.covered += 1
      advance(to: end)
      return true
    }
    priceClock = end
    if bar.volume == 0 { counts.silent += 1 }
    if isIdle, account.position(of: id) == nil {
      advance(to: end)
    } else {
      advance(to: bar.openTime)
      receiveMessages(until: bar.openTime, &account)
      match(bar, BarPrices(open: open, high: high, low: low), end, &account)
      advance(to: end)
    }
    last = close
    if settings.marksFromPrices { account.mark(id, at: close) }
    holdBack(&account)
    return true
  }

  private mutating func match(
    _ bar: Bar, _ prices: BarPrices, _ end: Timestamp, _ account: inout PerpetualAccount
  ) {
    var volume = Int64.max
    if let participation = settings.participation {
      let lots = contract.rules.lot.lots(in: bar.volume)?.lots ?? 0
      volume = Int64(Int128(lots) * Int128(participation.millionths) / 1_000_000)
    }
    let hasMarks = settings.marksFromPrices
    if hasMarks {
      account.mark(id, at: prices.open)
      liquidateIfDue(at: prices.open, bar.openTime, &account)
    }
    last = prices.open
    guard !isIdle, bar.volume > 0 else {
      if hasMarks { liquidateAtWorst(prices, end, &account) }
      return
    }
    fresh = 0
    open(prices.open, bar.openTime, &volume, &account)
    fresh = 0
    fireStops(prices, end, &volume, &account)
    if hasMarks { liquidateAtWorst(prices, end, &account) }
    let opened = fillLimits(prices, end, &volume, &account)
    if opened {
      fireStops(prices, end, &volume, &account)
      if hasMarks { liquidateAtWorst(prices, end, &account) }
    }
    removeEnded()
    guard let arrival = nextArrival, arrival < end else { return }
    receiveArrivals(bar, prices, end, &volume, &account)
    fireStops(prices, end, &volume, &account)
    if hasMarks { liquidateAtWorst(prices, end, &account) }
    removeEnded()
  }

  /// Takes in what arrives within a bar, and lets the orders among it meet the price of their arrival.
  private mutating func receiveArrivals(
    _ bar: Bar, _ prices: BarPrices, _ end: Timestamp, _ volume: inout Int64,
    _ account: inout PerpetualAccount
  ) {
    receiveMessages(until: end + TimeSpan(milliseconds: -1), &account)
    let span = Double((end - bar.openTime).milliseconds)
    for place in orders.indices
    where orders[place].state.isOpen && orders[place].arrivedAt > bar.openTime {
      let standing = orders[place]
      let waited = Double((standing.arrivedAt - bar.openTime).milliseconds)
      let isToHigh = (standing.order.side == .buy) != (standing.order.validity == .postOnly)
      meet(
        place, prices.reached(by: (waited / span).squareRoot(), isToHigh: isToHigh),
        standing.arrivedAt, &volume, &account)
    }
  }

  private mutating func liquidateAtWorst(
    _ prices: BarPrices, _ instant: Timestamp, _ account: inout PerpetualAccount
  ) {
    guard let position = account.position(of: id) else { return }
    liquidateIfDue(
      at: position.quantity > .zero ? prices.low : prices.high, instant, &account)
  }

  private mutating func open(
    _ price: Price, _ instant: Timestamp, _ volume: inout Int64, _ account: inout PerpetualAccount
  ) {
    wakeAll(.last, at: price, instant, account)
    if settings.marksFromPrices { wakeAll(.mark, at: price, instant, account) }
    for place in orders.indices where orders[place].state.isOpen {
      meet(place, price, instant, &volume, &account)
    }
  }

  /// Lets an order meet one price at which a volume is to be had: it takes, is filled where it waits,
  /// or begins to wait.
  mutating func meet(
    _ place: Int, _ price: Price, _ instant: Timestamp, _ volume: inout Int64,
    _ account: inout PerpetualAccount
  ) {
    let standing = orders[place]
    guard let limit = standing.order.limit else {
      if standing.order.validity == .whole, volume < standing.rest {
        end(place, .notAtOnce, at: instant)
        return
      }
      volume -= fill(
        place, upTo: volume, at: paid(price, by: standing.order), as: .taker, instant, &account)
      if standing.order.validity != .untilCancelled { end(place, .notAtOnce, at: instant) }
      return
    }
    let isBeyond = standing.order.side == .buy ? price < limit : price > limit
    guard standing.isNew else {
      if isBeyond || (price == limit && settings.touch == .at) {
        volume -= fill(place, upTo: volume, at: limit, as: .maker, instant, &account)
      }
      return
    }
    orders[place].isNew = false
    if isBeyond || price == limit {
      switch standing.order.validity {
      case .postOnly: end(place, .wouldTake, at: instant)
      case .whole where volume < standing.rest: end(place, .notAtOnce, at: instant)
      case .untilCancelled, .immediate, .whole:
        volume -= fill(
          place, upTo: volume, at: paid(price, by: standing.order), as: .taker, instant, &account)
      }
    }
    if standing.order.validity == .immediate || standing.order.validity == .whole {
      end(place, .notAtOnce, at: instant)
    }
  }

  /// Fires the sleeping orders of one kind whose trigger lies within the range.
  private mutating func fire(
    stops: Bool, _ place: Int, _ prices: BarPrices, _ instant: Timestamp, _ volume: inout Int64,
    _ account: inout PerpetualAccount
  ) {
    let standing = orders[place]
    guard let trigger = standing.order.trigger,
      trigger.isRising == ((standing.order.side == .buy) == stops),
      isAwaited(standing, trigger.source, account),
      trigger.source == .last || settings.marksFromPrices,
      trigger.isReached(by: trigger.isRising ? prices.high : prices.low)
    else { return }
    wake(place, at: instant)
    // A limit that wakes within a bar meets the next open.
    guard standing.order.limit == nil else { return }
    // What slept for a position that was opened behind the open may have been passed by the open.
    let price =
      trigger.isReached(by: prices.open) && stops
      ? worse(trigger.price, prices.open, standing) : trigger.price
    var most = volume
    if !stops { most = min(most, closableForProfit(standing.order.side, account)) }
    if standing.order.validity == .whole, most < standing.rest {
      end(place, .notAtOnce, at: instant)
      return
    }
    volume -= fill(
      place, upTo: most, at: paid(price, by: standing.order), as: .taker, instant, &account)
    if standing.order.validity != .untilCancelled { end(place, .notAtOnce, at: instant) }
  }

  private func worse(_ one: Price, _ other: Price, _ standing: StandingOrder) -> Price {
    standing.order.side == .buy ? max(one, other) : min(one, other)
  }

  private mutating func fireStops(
    _ prices: BarPrices, _ instant: Timestamp, _ volume: inout Int64,
    _ account: inout PerpetualAccount
  ) {
    for place in orders.indices where orders[place].state == .asleep {
      fire(stops: true, place, prices, instant, &volume, &account)
    }
  }

  /// Lots that an order may trade at a price better than the worst: of what was opened within the
  /// bar it closes nothing.
  private func closableForProfit(_ side: OrderSide, _ account: PerpetualAccount) -> Int64 {
    guard fresh != 0, fresh.signum() != side.sign else { return .max }
    return max(0, closable(by: side, account) - abs(fresh))
  }

  /// Fills limits and profit triggers, and says whether something was opened.
  private mutating func fillLimits(
    _ prices: BarPrices, _ instant: Timestamp, _ volume: inout Int64,
    _ account: inout PerpetualAccount
  ) -> Bool {
    let before = fresh
    for place in orders.indices {
      let standing = orders[place]
      if standing.state == .asleep {
        if let trigger = standing.order.trigger,
          trigger.isRising == (standing.order.side == .sell),
          closableForProfit(standing.order.side, account) > 0
        {
          fire(stops: false, place, prices, instant, &volume, &account)
        }
        continue
      }
      guard standing.state.isOpen, !standing.isNew, let limit = standing.order.limit,
        prices.fill(limit, standing.order.side, settings.touch)
      else { continue }
      let most = min(volume, closableForProfit(standing.order.side, account))
      guard most > 0 else { continue }
      volume -= fill(place, upTo: most, at: limit, as: .maker, instant, &account)
    }
    return fresh != before
  }
}

/// The prices of a bar by which orders are filled.
struct BarPrices: Sendable {
  let open: Price
  let high: Price
  let low: Price

  /// The price a share of the way from the open to an end of the range.
  func reached(by share: Double, isToHigh: Bool) -> Price {
    let way = Double((isToHigh ? high : low).nanos - open.nanos)
    return Price(nanos: open.nanos + Int64((way * share).rounded())) ?? open
  }

  /// Whether a bar fills an order that waits at a limit.
  func fill(_ limit: Price, _ side: OrderSide, _ touch: MatchSettings.Touch) -> Bool {
    switch (side, touch) {
    case (.buy, .through): low < limit
    case (.buy, .at): low <= limit
    case (.sell, .through): high > limit
    case (.sell, .at): high >= limit
    }
  }
}
