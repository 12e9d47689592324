import Essentials
import Markets
import Models

/// From a plan to the orders that carry it out.
extension PortfolioDesk {
  /// Makes the trade of a plan: where its stop and target rest; returns why it cannot be made.
  func trade(_ plan: inout EntryPlan, at now: Timestamp) -> String? {
    let candidate = plan.candidate
    let rules = contracts[candidate.place].rules
    guard let decision = plan.leverage, let price = plan.price,
      let stop = ProtectiveStop(
        for: candidate.side, entryPrice: price.value, distance: decision.stopDistance),
      // Towards the entry, so that no more is lost than was budgeted.
      let stopPrice = Price(stop.price).flatMap({
        Self.onTick($0, rules, isUp: candidate.side == .long)
      })
    else { return "no_stop" }
    let liquidation =
      price.value
      * (1 - candidate.side.direction
        * (1 / decision.leverage - settings.leverage.liquidation.maintenance))
    if let held = candidate.held {
      // The stop that rests bears the whole.
      let rests = held.holding.trade.stopPrice.value
      let isBefore = candidate.side.direction * (rests - liquidation) > 0
      guard decision.leverage == 1 || isBefore else { return "stop_beyond_liquidation" }
      plan.trade = held.holding.trade
      return nil
    }
    guard decision.leverage == 1 || stop.isBefore(liquidationPrice: liquidation) else {
      return "stop_beyond_liquidation"
    }
    let distance = candidate.prospect.exits.takeProfit
    var targetPrice: Price?
    if settings.trading.takesProfitAtVenue {
      targetPrice = Price(price.value * (1 + candidate.side.direction * distance)).flatMap {
        Self.onTick($0, rules, isUp: candidate.side == .short)
      }
    }
    plan.trade = PlannedTrade(
      side: candidate.side, decision: decisions, decidedAt: now, reason: candidate.choice.reason,
      quantity: plan.quantity, referencePrice: price.value, stopPrice: stopPrice,
      targetPrice: targetPrice, stopDistance: decision.stopDistance, targetDistance: distance,
      leverage: decision.leverage, profitProbability: candidate.belief.profitProbability,
      annualDrift: candidate.circumstances.market.annualDrift,
      entryQuality: plan.scores?.quality ?? .nan, leverageSignal: plan.scores?.signal ?? .nan,
      entryScore: candidate.belief.score,
      entryFloor: settings.entry.unified.floor.value(in: candidate.circumstances.market.regime),
      holdSeconds: candidate.belief.holdSeconds,
      precheckWasSafe: plan.precheck.flatMap {
        $0.verdict.outcome == .notApplicable ? nil : $0.isSafe
      })
    return nil
  }

  private static func onTick(_ price: Price, _ rules: InstrumentRules, isUp: Bool) -> Price? {
    guard let tick = rules.tick else { return price }
    return isUp ? tick.above(price) : tick.below(price)
  }

  /// Sends the entry with its stop and target, which sleep until there is something to close.
  mutating func order(
    _ plan: EntryPlan, at now: Timestamp, _ account: PerpetualAccount,
    _ books: inout AccountReading, _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard let trade = plan.trade, let leverage = Leverage(trade.leverage) else {
      preconditionFailure("a plan without a trade, or with a leverage below 1")
    }
    let place = plan.candidate.place
    let id = ContractID(place: place)
    let rules = contracts[place].rules
    let entry = opening(plan, trade.referencePrice)
    let number = entry.number
    if let refusal = rules.refusal(of: entry, reference: plan.price) {
      counts.refuse(refusal.rawValue)
      note(.refused, place, reason: refusal.rawValue, at: now) { record, _ in plan.write(&record) }
      return
    }
    directives.append(ContractDirective(id, .leverage(leverage)))
    send(place, .entry, at: now, &directives, entry)
    send(
      place, .stop, at: now, &directives,
      .stop(nextOrder(), trade.side.closing, trade.quantity, at: trade.stopPrice))
    if let target = trade.targetPrice {
      send(
        place, .target, at: now, &directives,
        .takeProfit(nextOrder(), trade.side.closing, trade.quantity, at: target))
    }
    desks[place].closedBy = nil
    desks[place].isLiquidated = false
    desks[place].turn = nil
    desks[place].state = .entering(
      DeskState.Entering(
        trade: trade, order: number, ledger: TradeLedger(of: id, in: account)))
    counts.entries += 1
    let worth = trade.quantity.units(of: rules.lot) * trade.referencePrice
    books.openNotional += worth
    books.reservedMargin += worth / trade.leverage
    books.openPositions += 1
    note(.entered, place, reason: trade.reason, at: now) { record, _ in
      plan.write(&record)
      record.order = number
    }
  }

  /// The order that opens what was planned, at once or not at all.
  private mutating func opening(_ plan: EntryPlan, _ reference: Double) -> MarketOrder {
    let side = plan.candidate.side
    var limit: Price?
    if settings.trading.entryOrder == .limit {
      let slack = 1 + side.direction * settings.trading.limitSlack
      limit = Price(reference * slack).flatMap {
        Self.onTick($0, contracts[plan.candidate.place].rules, isUp: side == .short)
      }
    }
    return MarketOrder(
      nextOrder(), side.opening, plan.quantity, limit: limit, validity: .immediate)
  }

  /// Sends what makes a position larger, with a stop and a target for it where those of the position
  /// rest.
  mutating func add(
    _ plan: EntryPlan, at now: Timestamp, _ books: inout AccountReading,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    let place = plan.candidate.place
    guard case .holding(var holding) = desks[place].state, let price = plan.price,
      let held = plan.candidate.held
    else { preconditionFailure("an addition to what is not held") }
    let order = opening(plan, price.value)
    if let refusal = contracts[place].rules.refusal(of: order, reference: price) {
      counts.refuse("rebal_" + refusal.rawValue)
      return
    }
    send(place, .addition, at: now, &directives, order)
    let side = holding.trade.side.closing
    send(
      place, .stop, at: now, &directives,
      .stop(nextOrder(), side, plan.quantity, at: holding.trade.stopPrice))
    if let target = holding.trade.targetPrice, desks[place].stands(.target) {
      send(
        place, .target, at: now, &directives,
        .takeProfit(nextOrder(), side, plan.quantity, at: target))
    }
    holding.rebalancedAt = now
    holding.trade.quantity = holding.trade.quantity + plan.quantity
    desks[place].state = .holding(holding)
    counts.additions += 1
    let worth = plan.quantity.units(of: contracts[place].rules.lot) * price.value
    books.openNotional += worth
    books.reservedMargin += worth / held.leverage
    note(.increased, place, reason: "rebal", at: now) { record, _ in
      plan.write(&record)
      record.order = order.number
      record.position = held.position
    }
  }
}
