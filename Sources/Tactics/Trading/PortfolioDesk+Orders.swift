import Essentials
import Markets

/// The states of desks: what orders and books make of them. See ``DeskState`` for the rules.
extension PortfolioDesk {
  /// Brings a desk in line with what its orders came to and what the books hold.
  mutating func settle(
    _ place: Int, at now: Timestamp, _ account: PerpetualAccount,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    let held = account.position(of: ContractID(place: place))?.quantity ?? .zero
    switch desks[place].state {
    case .flat:
      if held != .zero {
        lose(place, .foreignPosition, at: now)
      } else {
        tidy(place, at: now, &directives)
      }
    case .entering(let entering):
      settle(place, entering, held, at: now, account, &directives)
    case .holding(var holding):
      guard keeps(place, holding, held) else {
        settleEnd(place, holding, nil, held, at: now, account, &directives)
        return
      }
      takeOver(place, &holding, account)
      // Part of it may have been liquidated, and the rest is still ours.
      desks[place].isLiquidated = false
      desks[place].state = .holding(holding)
      giveUpAddition(place, at: now, &directives)
      protect(place, holding, at: now, &directives)
    case .leaving(var holding, let leaving):
      guard keeps(place, holding, held) else {
        settleEnd(place, holding, leaving, held, at: now, account, &directives)
        return
      }
      takeOver(place, &holding, account)
      let order = desks[place].orders.first { $0.number == leaving.order }
      if let order, !isLost(order, at: now) {
        desks[place].state = .leaving(holding, leaving)
      } else {
        // It ended or was lost while something is still held; exits are asked anew.
        if let order { cancel(place, order.number, at: now, &directives) }
        desks[place].state = .holding(holding)
      }
    case .unknown: break
    }
    if case .unknown(let unknown) = desks[place].state {
      clear(place, unknown, held, at: now, &directives)
    }
  }

  /// Whether what is held is the position, or a part of it, with what may have been added.
  private func keeps(_ place: Int, _ holding: DeskState.Holding, _ held: Quantity) -> Bool {
    let coming = desks[place].orders.reduce(holding.added) {
      $1.role == .addition ? $0 + $1.quantity : $0
    }
    return held != .zero && (held > .zero) == (holding.trade.side == .long)
      && held.magnitude <= max(holding.quantityMost, holding.quantity + coming)
  }

  /// Takes over from the books what is held and at which price.
  private func takeOver(
    _ place: Int, _ holding: inout DeskState.Holding, _ account: PerpetualAccount
  ) {
    guard let position = account.position(of: ContractID(place: place)) else { return }
    let quantity = position.quantity.magnitude
    if quantity > holding.quantity || holding.added > .zero {
      holding.entryPrice = position.entryPrice(lot: contracts[place].rules.lot)
    }
    holding.added = .zero
    holding.quantity = quantity
    holding.quantityMost = max(holding.quantityMost, quantity)
  }

  /// Ends an addition of which nothing is heard, and forgets it where nothing is heard of its end.
  private mutating func giveUpAddition(
    _ place: Int, at now: Timestamp, _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard let order = desks[place].orders.first(where: { $0.role == .addition }) else { return }
    guard let cancelledAt = order.cancelledAt else {
      if now - order.sentAt > settings.trading.orderTimeout {
        cancel(place, order.number, at: now, &directives)
      }
      return
    }
    guard now - cancelledAt > settings.trading.orderTimeout else { return }
    desks[place].orders.removeAll { $0.number == order.number }
    counts.forgottenOrders += 1
  }

  private func isLost(_ order: DeskOrder, at now: Timestamp) -> Bool {
    order.state == .sent && now - order.sentAt > settings.trading.orderTimeout
  }

  // MARK: - Entering

  private mutating func settle(
    _ place: Int, _ entering: DeskState.Entering, _ held: Quantity, at now: Timestamp,
    _ account: PerpetualAccount, _ directives: inout ContiguousArray<ContractDirective>
  ) {
    let isOurs = held == .zero || (held > .zero) == (entering.trade.side == .long)
    guard isOurs, held.magnitude <= entering.trade.quantity else {
      lose(place, .unexpectedPosition, at: now)
      return
    }
    if let order = desks[place].orders.first(where: { $0.number == entering.order }) {
      if isLost(order, at: now) { lose(place, .entryNotHeard, at: now) }
      return
    }
    if held != .zero, let position = account.position(of: ContractID(place: place)) {
      let holding = DeskState.Holding(
        trade: entering.trade, ledger: entering.ledger, openedAt: entering.filledAt ?? now,
        quantity: held.magnitude, quantityMost: held.magnitude,
        entryPrice: position.entryPrice(lot: contracts[place].rules.lot),
        currentHoldSeconds: entering.trade.holdSeconds)
      desks[place].state = .holding(holding)
      protect(place, holding, at: now, &directives)
      return
    }
    guard entering.filled > .zero else {
      let reason = entering.end?.rawValue ?? "not_filled"
      counts.refuse(reason)
      note(.failed, place, reason: reason, at: now) { record, _ in
        record.side = entering.trade.side
        record.order = entering.order
        record.trade = entering.trade
      }
      desks[place].state = .flat
      tidy(place, at: now, &directives)
      return
    }
    // It was filled and closed before it was looked at.
    settleEnd(
      place,
      DeskState.Holding(
        trade: entering.trade, ledger: entering.ledger, openedAt: entering.filledAt ?? now,
        quantity: .zero, quantityMost: entering.filled, entryPrice: entering.trade.referencePrice,
        currentHoldSeconds: entering.trade.holdSeconds), nil, held, at: now, account, &directives)
  }

  // MARK: - Holding

  /// Sends the stop again where none stands, and leaves a position that cannot be protected.
  private mutating func protect(
    _ place: Int, _ holding: DeskState.Holding, at now: Timestamp,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    for stop in desks[place].orders where stop.role == .stop && isLost(stop, at: now) {
      cancel(place, stop.number, at: now, &directives)
      desks[place].orders.removeAll { $0.number == stop.number }
    }
    let stopped = desks[place].orders.reduce(Quantity.zero) {
      $1.role == .stop ? $0 + $1.quantity : $0
    }
    guard stopped < holding.quantity else { return }
    guard holding.stopsSent < settings.sizing.order.retryAttempts else {
      leave(place, holding, reason: "unprotected", at: now, &directives)
      return
    }
    var holding = holding
    holding.stopsSent += 1
    desks[place].state = .holding(holding)
    send(
      place, .stop, at: now, &directives,
      .stop(
        nextOrder(), holding.trade.side.closing, holding.quantity - stopped,
        at: holding.trade.stopPrice))
  }

  /// Leaves a position at any price.
  mutating func leave(
    _ place: Int, _ holding: DeskState.Holding, reason: String, turnsTo: PositionSide? = nil,
    at now: Timestamp, _ directives: inout ContiguousArray<ContractDirective>,
    _ fill: (inout DecisionRecord) -> Void = { _ in }
  ) {
    let number = nextOrder()
    send(
      place, .exit, at: now, &directives,
      MarketOrder(number, holding.trade.side.closing, holding.quantity, reducesOnly: true))
    desks[place].state = .leaving(
      holding, DeskState.Leaving(reason: reason, turnsTo: turnsTo, order: number))
    note(.leaving, place, reason: reason, at: now) { record, _ in
      record.side = holding.trade.side
      record.order = number
      record.quantity = holding.quantity
      record.trade = holding.trade
      fill(&record)
    }
  }

  // MARK: - The end of a position

  private mutating func settleEnd(
    _ place: Int, _ holding: DeskState.Holding, _ leaving: DeskState.Leaving?, _ held: Quantity,
    at now: Timestamp, _ account: PerpetualAccount,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard held == .zero else {
      lose(place, .unexpectedPosition, at: now)
      clear(
        place, DeskState.Unknown(cause: .unexpectedPosition, since: now), held, at: now,
        &directives)
      return
    }
    let id = ContractID(place: place)
    let reason = endReason(place, holding, leaving, account)
    let ledger = TradeLedger(of: id, in: account)
    let lot = contracts[place].rules.lot
    let result = TradeResult(
      openedAt: holding.openedAt, closedAt: now, quantity: holding.quantityMost,
      entryPrice: holding.entryPrice,
      notional: holding.quantityMost.units(of: lot) * holding.entryPrice,
      gross: ledger.realized - holding.ledger.realized, fees: ledger.fees - holding.ledger.fees,
      funding: ledger.funding - holding.ledger.funding, leverage: holding.trade.leverage)
    counts.closes += 1
    lossesInARow = result.net < .zero ? lossesInARow + 1 : 0
    alignment.observe(precheckWasSafe: holding.trade.precheckWasSafe, exitReason: reason)
    note(.closed, place, reason: reason, at: now) { record, _ in
      record.side = holding.trade.side
      record.order = leaving?.order
      record.quantity = holding.quantityMost
      record.trade = holding.trade
      record.result = result
    }
    desks[place].keep(
      SymbolQuality.Exit(
        at: now, netReturn: result.netReturn, fees: result.feeRate, leverage: result.leverage,
        reason: reason), rows: settings.quality.windowRows)
    desks[place].state = .flat
    desks[place].closedBy = nil
    desks[place].isLiquidated = false
    if let side = leaving?.turnsTo, case .trading = mode {
      desks[place].turn = ContractDesk.Turn(side: side, until: now + settings.trading.turnWindow)
    }
    tidy(place, at: now, &directives)
  }

  private func endReason(
    _ place: Int, _ holding: DeskState.Holding, _ leaving: DeskState.Leaving?,
    _ account: PerpetualAccount
  ) -> String {
    let desk = desks[place]
    if desk.isLiquidated { return ExitKind.liquidation.rawValue }
    switch desk.closedBy {
    case .stop: return ExitKind.protectiveStop.rawValue
    case .target: return "take_profit"
    case .exit: return leaving?.reason ?? "exit"
    case .reduction: return "rebal_exit"
    case .entry, .addition, nil: break
    }
    if let leaving { return leaving.reason }
    var isInSafetyMode = false
    if case .safety = mode { isInSafetyMode = true }
    let mark = account.mark(of: ContractID(place: place))?.value ?? .nan
    return ExternalClose(
      of: ExternalClose.Evidence(
        side: holding.trade.side, isManaged: true, source: "desk",
        isInSafetyMode: isInSafetyMode, missCount: 0, markPrice: mark,
        // Where a position of this leverage loses its margin.
        liquidationPrice: holding.entryPrice
          * (1 - holding.trade.side.direction / holding.trade.leverage)),
      under: settings.exit.external
    ).rawValue
  }

  // MARK: - What is not known

  private mutating func lose(
    _ place: Int, _ cause: DeskState.Unknown.Cause, at now: Timestamp
  ) {
    counts.unknowns += 1
    note(.unknown, place, reason: cause.rawValue, at: now) { record, desk in
      record.trade = desk.state.trade
      record.side = desk.state.trade?.side
    }
    desks[place].turn = nil
    desks[place].state = .unknown(DeskState.Unknown(cause: cause, since: now))
  }

  /// Ends all orders and closes what is held, until nothing of either is left.
  private mutating func clear(
    _ place: Int, _ unknown: DeskState.Unknown, _ held: Quantity, at now: Timestamp,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    let openings = desks[place].orders.filter(\.role.opens)
    for order in openings where order.cancelledAt == nil {
      cancel(place, order.number, at: now, &directives)
    }
    guard held == .zero else {
      let isClosing = desks[place].orders.contains {
        $0.role == .exit && !isLost($0, at: now)
      }
      guard !isClosing else { return }
      let most = contracts[place].rules.maximumMarketQuantity
      send(
        place, .exit, at: now, &directives,
        MarketOrder(
          nextOrder(), held > .zero ? .sell : .buy, min(held.magnitude, most), reducesOnly: true))
      return
    }
    tidy(place, at: now, &directives)
    guard desks[place].orders.isEmpty else { return }
    desks[place].state = .flat
    desks[place].closedBy = nil
    desks[place].isLiquidated = false
  }

  /// Ends the orders that stand while nothing is held, and gives up those of which nothing is heard.
  private mutating func tidy(
    _ place: Int, at now: Timestamp, _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard !desks[place].orders.isEmpty else { return }
    for order in desks[place].orders where order.cancelledAt == nil {
      cancel(place, order.number, at: now, &directives)
    }
    let before = desks[place].orders.count
    let timeout = settings.trading.orderTimeout
    desks[place].orders.removeAll { order in
      order.cancelledAt.map { now - $0 > timeout } ?? false
    }
    counts.forgottenOrders += before - desks[place].orders.count
  }

  // MARK: - Sending

  mutating func send(
    _ place: Int, _ role: DeskOrder.Role, at now: Timestamp,
    _ directives: inout ContiguousArray<ContractDirective>, _ order: MarketOrder
  ) {
    desks[place].orders.append(
      DeskOrder(number: order.number, role: role, quantity: order.quantity, sentAt: now))
    directives.append(ContractDirective(ContractID(place: place), .submit(order)))
  }

  private mutating func cancel(
    _ place: Int, _ number: OrderNumber, at now: Timestamp,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    for at in desks[place].orders.indices where desks[place].orders[at].number == number {
      desks[place].orders[at].cancelledAt = now
    }
    directives.append(ContractDirective(ContractID(place: place), .cancel(number)))
  }
}
