package import Essentials

/// Fills the orders of one account for one contract from recorded or live data, as its venue would.
///
/// It is the only matcher: a replay gives it history, a paper account what arrives. Bars, trades and
/// books are three kinds of sight of one market; all of them rule:
///
/// 1. An order meets the first trade or book that is not before its arrival, to the millisecond. A bar
///    does not say when within it what was traded: an order that takes and arrives within one pays its
///    open and a share of its worst excursion, and whatever arrives within one comes after all else
///    in it (see ``Matcher/receive(_:span:account:)``).
/// 2. Nobody is filled at a worse price than its limit, nor for more than it asked.
/// 3. Orders that wait are filled at their limit, as makers; those that take pay what they find and
///    the slippage, as takers.
/// 4. At one instant liquidation comes before orders. Older orders are filled first; what one took of
///    a volume, none after it gets.
/// 5. An order that only reduces never opens, sleeps while there is nothing to reduce, and ends when
///    the position is gone that it would have reduced.
/// 6. Margin is asked when an order arrives and at each fill that opens; who cannot set it aside loses
///    the order. Meanwhile open orders hold it back from all others of the account
///    (``holdBack(_:)``). A fill that turns a position is entered as two, one that closes and one that
///    opens.
/// 7. The venue's tiers allow a worth at a leverage; an order that would make more is refused when it
///    arrives, one that slept when it is filled.
/// 8. Messages of the sender arrive in the order in which they were sent.
///
/// All is a function of the events and the orders. An event without fills allocates nothing.
package struct Matcher: Sendable {
  package let contract: PerpetualContract
  /// The contract among those of the account.
  package let id: ContractID
  package private(set) var settings: MatchSettings
  package internal(set) var counts = MatchCounts()
  /// What became of orders since ``clearReports()``, in the order in which it happened.
  package private(set) var reports: ContiguousArray<OrderReport> = []
  /// The last price that bars, trades or books told; nil before the first.
  package internal(set) var last: Price?
  /// The latest instant of any event; nil before the first.
  package internal(set) var now: Timestamp?

  var orders: ContiguousArray<StandingOrder> = []
  private var outbox: ContiguousArray<Message> = []
  private var arrived = 0
  /// The arrival of the next message; nil where none is on its way.
  var nextArrival: Timestamp? { arrived < outbox.count ? outbox[arrived].arrival : nil }
  private var messages: UInt64 = 0
  private var lastArrival = Timestamp(millisecondsSinceEpoch: .min)
  private var highestNumber: OrderNumber?
  private var hasEnded = false
  /// Whether what open orders hold back must be reckoned anew.
  var isHoldingStale = false

  /// Until when bars, trades and books are known.
  var priceClock: Timestamp?
  var markClock: Timestamp?
  private var fundingClock: Timestamp?
  var lastBarStart: Timestamp?
  /// Until when bars are known.
  var barClock: Timestamp?
  var lastTradeID: UInt64 = 0
  /// Whether books tell what there is to take, so trades do not.
  var followsBook = false
  /// Lots, signed, that were opened within the bar at hand.
  var fresh: Int64 = 0
  var bids: ContiguousArray<BookLevel> = []
  var asks: ContiguousArray<BookLevel> = []

  /// A matcher for one of the account's contracts. Memory for `capacity` orders is set aside.
  package init(
    _ id: ContractID, of account: PerpetualAccount, settings: MatchSettings = MatchSettings(),
    capacity: Int = 64
  ) {
    self.id = id
    contract = account.contracts[id.place]
    self.settings = settings
    orders.reserveCapacity(capacity)
    outbox.reserveCapacity(capacity)
    reports.reserveCapacity(4 * capacity)
    bids.reserveCapacity(Self.depth)
    asks.reserveCapacity(Self.depth)
  }

  /// Levels of a book that orders can take at one instant.
  static let depth = 256

  /// The step between prices; a billionth where the venue has none.
  var tick: TickSize { contract.rules.tick ?? .billionth }
}

/// An order at its venue.
struct StandingOrder: Hashable, Sendable {
  let order: MarketOrder
  var state: OrderState
  /// Lots that are not filled.
  var rest: Int64
  /// Whether the order has not met the market since it came or woke.
  var isNew: Bool
  /// Whether the venue has asked the tiers whether they allow it.
  var isAllowed = false
  /// Lots that were at its price before it; nil where nobody knows.
  var ahead: Int64?
  /// When it came to the venue.
  var arrivedAt = Timestamp(millisecondsSinceEpoch: .min)
  /// Lots at its price in the last book, and what was traded of them since.
  var level: Int64 = 0
  var traded: Int64 = 0
}

private struct Message: Sendable {
  let arrival: Timestamp
  let directive: TradeDirective
}

// MARK: - Messages

extension Matcher {
  /// Whether nothing is at the venue or on its way.
  package var isIdle: Bool { orders.isEmpty && arrived == outbox.count }

  /// The state of an order that is at the venue or on its way; nil where it ended or never was.
  package func state(of number: OrderNumber) -> OrderState? {
    if let standing = orders.first(where: { $0.order.number == number }) { return standing.state }
    let isSent = outbox[arrived...].contains {
      if case .submit(let order) = $0.directive { order.number == number } else { false }
    }
    return isSent ? .sent : nil
  }

  /// Sends what a trader wants to the venue at an instant.
  ///
  /// An order whose number is not above all before it was sent already and changes nothing.
  package mutating func send(_ directive: TradeDirective, at instant: Timestamp) {
    let delay: TimeSpan
    switch directive {
    case .submit(let order):
      if let highestNumber, order.number <= highestNumber {
        counts.repeatedOrders += 1
        return
      }
      highestNumber = order.number
      delay = settings.orderDelay.delay(of: messages)
    case .leverage: delay = settings.orderDelay.delay(of: messages)
    case .cancel, .cancelAll:
      delay = settings.cancelDelay.delay(of: messages)
    }
    messages += 1
    lastArrival = max(lastArrival, instant + delay)
    outbox.append(Message(arrival: lastArrival, directive: directive))
  }

  /// Forgets the reports that were read; their memory is kept.
  package mutating func clearReports() {
    if !reports.isEmpty { reports.removeAll(keepingCapacity: true) }
  }

  /// Brings what has arrived by an instant to the venue.
  mutating func receiveMessages(until instant: Timestamp, _ account: inout PerpetualAccount) {
    guard arrived < outbox.count else { return }
    while arrived < outbox.count, outbox[arrived].arrival <= instant {
      let message = outbox[arrived]
      arrived += 1
      switch message.directive {
      case .submit(let order): take(order, at: message.arrival, account)
      case .cancel(let number):
        if let place = orders.firstIndex(where: { $0.order.number == number && !$0.state.isOver }) {
          end(place, .bySender, at: message.arrival)
        } else {
          counts.idleCancels += 1
        }
      case .cancelAll: endAll(.bySender, at: message.arrival)
      case .leverage(let leverage): adopt(leverage, at: message.arrival, &account)
      }
    }
    if arrived == outbox.count {
      outbox.removeAll(keepingCapacity: true)
      arrived = 0
    } else if arrived >= 64 {
      outbox.removeSubrange(..<arrived)
      arrived = 0
    }
    removeEnded()
  }

  private mutating func adopt(
    _ leverage: Leverage, at instant: Timestamp, _ account: inout PerpetualAccount
  ) {
    if let held = account.position(of: id) {
      guard leverage != held.leverage else { return }
      guard let price = account.mark(of: id) ?? last,
        leverage < held.leverage || allows(held.quantity.magnitude.lots, at: price, leverage)
      else {
        counts.refusedLeverages += 1
        return
      }
      do {
        try account.adopt(leverage, of: id, at: instant)
      } catch {
        counts.refusedLeverages += 1
        return
      }
      isHoldingStale = true
    }
    settings.leverage = leverage
  }

  private mutating func take(
    _ order: MarketOrder, at instant: Timestamp, _ account: PerpetualAccount
  ) {
    var standing = StandingOrder(
      order: order, state: .sent, rest: order.quantity.lots, isNew: true, ahead: nil,
      arrivedAt: instant)
    var refusal = contract.rules.refusal(of: order, reference: last)
    if refusal == nil, order.reducesOnly, order.trigger == nil,
      closable(by: order.side, account) == 0
    {
      refusal = .nothingToReduce
    }
    if refusal == nil, order.trigger == nil, !order.reducesOnly, let price = order.limit ?? last {
      refusal = marginRefusal(of: standing, at: price, account)
      standing.isAllowed = true
    }
    let event: OrderState.Event =
      refusal != nil ? .reject : order.trigger == nil ? .rest : .sleep
    standing.state = standing.state.after(event) ?? standing.state
    report(standing, at: instant, end: refusal)
    if refusal == nil { orders.append(standing) }
  }
}

// MARK: - Orders

extension Matcher {
  /// Lots of the position that an order of a side would close.
  func closable(by side: OrderSide, _ account: PerpetualAccount) -> Int64 {
    guard let held = account.position(of: id)?.quantity.lots, held.signum() != side.sign else {
      return 0
    }
    return abs(held)
  }

  private mutating func report(_ standing: StandingOrder, at instant: Timestamp, end: OrderEnd?) {
    isHoldingStale = true
    reports.append(
      OrderReport(
        instant: instant, number: standing.order.number, side: standing.order.side,
        state: standing.state, rest: Quantity(lots: standing.rest), end: end))
  }

  /// Ends an order that is not over.
  mutating func end(_ place: Int, _ cause: OrderEnd, at instant: Timestamp) {
    guard let state = orders[place].state.after(.cancel) else { return }
    orders[place].state = state
    hasEnded = true
    report(orders[place], at: instant, end: cause)
  }

  /// Ends all orders that are not over.
  mutating func endAll(_ cause: OrderEnd, at instant: Timestamp) {
    for place in orders.indices { end(place, cause, at: instant) }
  }

  /// Wakes a sleeping order.
  mutating func wake(_ place: Int, at instant: Timestamp) {
    guard let state = orders[place].state.after(.wake) else { return }
    orders[place].state = state
    orders[place].isNew = true
    report(orders[place], at: instant, end: nil)
  }

  /// Wakes the orders whose trigger a price of a source reaches.
  mutating func wakeAll(
    _ source: OrderTrigger.Source, at price: Price, _ instant: Timestamp,
    _ account: PerpetualAccount
  ) {
    for place in orders.indices where isAwaited(orders[place], source, account) {
      if orders[place].order.trigger?.isReached(by: price) == true { wake(place, at: instant) }
    }
  }

  /// Whether a sleeping order listens to the prices of a source.
  func isAwaited(
    _ standing: StandingOrder, _ source: OrderTrigger.Source, _ account: PerpetualAccount
  ) -> Bool {
    guard standing.state == .asleep, let trigger = standing.order.trigger,
      trigger.source == source
    else { return false }
    return !standing.order.reducesOnly || closable(by: standing.order.side, account) > 0
  }

  /// Removes the orders that are over; the others keep their sequence.
  mutating func removeEnded() {
    guard hasEnded else { return }
    orders.removeAll { $0.state.isOver }
    hasEnded = false
  }

  /// What an order that takes pays at a price: the price and the slippage, on the tick behind it, and
  /// not beyond its limit.
  func paid(_ price: Price, by order: MarketOrder) -> Price {
    let slipped =
      settings.slippage == .none ? price : price.slipped(by: settings.slippage, for: order.side)
    let stepped = (order.side == .buy ? tick.above(slipped) : tick.below(slipped)) ?? slipped
    guard let limit = order.limit else { return stepped }
    return order.side == .buy ? min(limit, stepped) : max(limit, stepped)
  }

  /// Fills an open order with at most so many lots and returns how many it got.
  mutating func fill(
    _ place: Int, upTo most: Int64, at price: Price, as role: FillRole, _ instant: Timestamp,
    _ account: inout PerpetualAccount
  ) -> Int64 {
    let order = orders[place].order
    guard orders[place].state.isOpen else { return 0 }
    let held = closable(by: order.side, account)
    if order.reducesOnly, held == 0 {
      end(place, .nothingToReduce, at: instant)
      return 0
    }
    let wanted = min(most, orders[place].rest)
    let closing = min(wanted, held)
    let opening = order.reducesOnly ? 0 : wanted - closing
    var got: Int64 = 0
    if closing > 0 {
      guard enter(place, closing, at: price, as: role, instant, &account) else { return 0 }
      got = closing
      fresh = held == closing ? 0 : min(abs(fresh), held - closing) * fresh.signum()
      if held == closing { endReducers(order.side, at: instant) }
    }
    if opening > 0, orders[place].state.isOpen {
      if let refusal = refusal(opening, of: place, at: price, as: role, account) {
        end(place, refusal, at: instant)
        return got
      }
      guard enter(place, opening, at: price, as: role, instant, &account) else { return got }
      got += opening
      fresh += order.side.sign * opening
    }
    return got
  }

  /// Ends the orders of a side that only reduce.
  private mutating func endReducers(_ side: OrderSide, at instant: Timestamp) {
    for place in orders.indices
    where orders[place].order.reducesOnly && orders[place].order.side == side {
      end(place, .nothingToReduce, at: instant)
    }
  }

  /// Enters a fill into the books and the order.
  private mutating func enter(
    _ place: Int, _ lots: Int64, at price: Price, as role: FillRole, _ instant: Timestamp,
    _ account: inout PerpetualAccount
  ) -> Bool {
    let held = account.position(of: id)
    let outcome: FillOutcome
    do {
      outcome = try account.apply(
        PerpetualFill(
          instant: instant, side: orders[place].order.side, quantity: Quantity(lots: lots),
          price: price, role: role, mode: held?.mode ?? settings.mode,
          leverage: held?.leverage ?? settings.leverage), of: id)
    } catch {
      counts.refusedEntries += 1
      end(place, .refusedByBooks, at: instant)
      return false
    }
    isHoldingStale = true
    orders[place].rest -= lots
    let event: OrderState.Event = orders[place].rest == 0 ? .fillAll : .fillPart
    orders[place].state = orders[place].state.after(event) ?? orders[place].state
    if orders[place].state.isOver { hasEnded = true }
    reports.append(
      OrderReport(
        instant: instant, number: orders[place].order.number, side: orders[place].order.side,
        state: orders[place].state, filled: Quantity(lots: lots),
        rest: Quantity(lots: orders[place].rest), price: price, role: role, fee: outcome.fee,
        profit: outcome.profit))
    return true
  }
}

// MARK: - Marks, funding, liquidation

extension Matcher {
  /// Takes in a mark price: liquidates what is due and wakes the orders that watch it.
  @discardableResult
  package mutating func receive(
    _ reference: ReferencePrice, account: inout PerpetualAccount
  ) -> Bool {
    if let markClock, reference.instant <= markClock {
      if reference.instant == markClock { counts.duplicate += 1 } else { counts.late += 1 }
      return false
    }
    counts.accepted += 1
    markClock = reference.instant
    advance(to: reference.instant)
    account.mark(id, at: reference.mark)
    liquidateIfDue(at: reference.mark, reference.instant, &account)
    wakeAll(.mark, at: reference.mark, reference.instant, account)
    holdBack(&account)
    return true
  }

  /// Pays or receives funding for what is held at its instant, at the last mark.
  ///
  /// Payments belong before the bar that begins at their instant; one within a bar, behind it.
  @discardableResult
  package mutating func receive(
    _ payment: FundingPayment, account: inout PerpetualAccount
  ) -> Bool {
    if let fundingClock, payment.instant <= fundingClock {
      if payment.instant == fundingClock { counts.duplicate += 1 } else { counts.late += 1 }
      return false
    }
    counts.accepted += 1
    fundingClock = payment.instant
    advance(to: payment.instant)
    guard account.position(of: id) != nil else { return true }
    guard let mark = account.mark(of: id) else {
      counts.unmarkedFunding += 1
      return false
    }
    do {
      try account.settle(payment, mark: mark, of: id)
    } catch {
      counts.refusedEntries += 1
      return false
    }
    liquidateIfDue(at: mark, payment.instant, &account)
    holdBack(&account)
    return true
  }

  /// Ends the orders of a contract whose cross margin went with the liquidation of another one, and
  /// frees what they held back.
  package mutating func endAfterLiquidation(
    at instant: Timestamp, account: inout PerpetualAccount
  ) {
    fresh = 0
    advance(to: instant)
    endAll(.liquidation, at: instant)
    removeEnded()
    holdBack(&account)
  }

  mutating func advance(to instant: Timestamp) {
    now = max(now ?? instant, instant)
  }

  /// Ends all orders if the margin is gone at a mark, reduces the position tier by tier where the venue
  /// does, and liquidates it if that is not enough.
  mutating func liquidateIfDue(
    at mark: Price, _ instant: Timestamp, _ account: inout PerpetualAccount
  ) {
    guard account.isDue(id, at: mark) else { return }
    account.mark(id, at: mark)
    do {
      while account.isDue(id, at: mark), try account.reduceTier(of: id, at: instant) != nil {
        counts.tierReductions += 1
      }
      if account.isDue(id, at: mark) {
        _ = try account.liquidate(id, at: instant)
        counts.liquidations += 1
      }
    } catch {
      counts.refusedEntries += 1
      return
    }
    fresh = 0
    isHoldingStale = true
    endAll(.liquidation, at: instant)
    removeEnded()
  }
}

extension TickSize {
  /// The step of prices that have none.
  static let billionth: TickSize = {
    guard let tick = TickSize(nanos: 1) else { preconditionFailure("one is above zero") }
    return tick
  }()
}
