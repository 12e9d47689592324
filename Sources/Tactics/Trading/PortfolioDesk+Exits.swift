import Essentials
import Markets
import Models

/// What is held: whether it is left, turned around, brought down or added to.
extension PortfolioDesk {
  /// What came of looking at a position that stays.
  struct Reviewed {
    /// The leverage that an entry would be given; NaN where it is not known.
    var wantedLeverage = Double.nan
    /// The position as an entry that may be larger; nil where it may not.
    var addition: Candidate?
  }

  /// Asks every exit of a position, and does what the first says.
  ///
  /// - Parameter known: the prospect of the same circumstances, where somebody has made it.
  mutating func review(
    _ place: Int, _ holding: DeskState.Holding, _ reading: MarketReading, at now: Timestamp,
    _ account: PerpetualAccount, _ books: AccountReading,
    _ directives: inout ContiguousArray<ContractDirective>, known: Prospect?? = nil
  ) -> Reviewed {
    var holding = holding
    let side = holding.trade.side
    let id = ContractID(place: place)
    let worth = holding.quantity.units(of: contracts[place].rules.lot) * reading.price
    let circumstances = circumstances(place, reading, at: now, worth: worth)
    let prospect = known ?? maker.closedForm(circumstances)
    let mark = account.mark(of: id)?.value ?? reading.price

    var position = HeldPosition(
      side: side, openedAt: holding.openedAt, entryPrice: holding.entryPrice, markPrice: mark)
    position.leverage = holding.trade.leverage
    position.liquidationPrice = account.liquidationPrice(of: id)?.value ?? .nan
    position.stopPrice = holding.trade.stopPrice.value
    position.entryQuality = holding.trade.entryQuality
    position.leverageSignal = holding.trade.leverageSignal
    position.entryScore = holding.trade.entryScore
    position.entryFloor = holding.trade.entryFloor
    position.entryHoldSeconds = holding.trade.holdSeconds
    // The intended hold is shortened where less is best, and never drawn out: a belief that keeps
    // wishing for an hour more would otherwise never come to its end.
    holding.holdScore = prospect?.holdScore(side) ?? .nan
    if let prospect {
      holding.currentHoldSeconds = min(
        holding.currentHoldSeconds, position.age(at: now) + prospect.holdSeconds(side))
    }
    position.currentHoldSeconds = holding.currentHoldSeconds

    let rest = Self.rest(of: holding, mark: mark, age: position.age(at: now))
    let direction = DirectionBelief(reading.direction)
    var exit = ExitCircumstances(now: now, position: position)
    exit.market = circumstances.market
    exit.direction = direction
    exit.cashScore = 0
    exit.oneWay = EntryScores.oneWay(for: side, in: circumstances.market)
    exit.event = maker.rest(rest, circumstances)
    if let prospect {
      exit.long = prospect.long
      exit.short = prospect.short
      exit.holdScore = prospect.holdScore(side)
      exit.oppositeEvent = prospect.metrics(side.opposite)
      exit.hold = prospect.holdEvaluation(side)
      let choice = SideChoice(
        long: prospect.long, short: prospect.short, direction: direction,
        market: circumstances.market, under: settings.entry.choice)
      exit.wanted = choice.side.map { $0 == .long ? .long : .short } ?? .wait
    }
    var memory = holding.memory
    var review = ExitReview(of: exit, memory: &memory, under: settings.exit)
    // What only the simulated rest of the trade says is asked of the law that is believed.
    if review.exit?.kind == .event,
      let simulated = maker.simulated(rest, circumstances, key: key(place), using: room())
    {
      counts.simulations += 1
      exit.event = simulated
      memory = holding.memory
      review = ExitReview(of: exit, memory: &memory, under: settings.exit)
    }
    holding.memory = memory
    desks[place].state = .holding(holding)

    if let reason = review.reason {
      leave(place, holding, reason: reason, turnsTo: review.turnsTo, at: now, &directives) {
        $0.reading = reading
        $0.market = circumstances.market
        $0.direction = direction
        $0.bill = circumstances.bill
        $0.prospect = prospect
        $0.position = position
        $0.exits = review
        $0.rest = exit.event
      }
      return Reviewed()
    }
    guard let prospect else { return Reviewed() }
    let bound = leverageDecision(
      place, side, prospect, circumstances, worth: worth, at: now)
    var reviewed = Reviewed(wantedLeverage: bound.leverage)
    guard
      !reduce(
        place, holding, position, circumstances, prospect, worth: worth, bound, at: now, books,
        &directives)
    else { return reviewed }
    if exit.wanted == (side == .long ? .long : .short) {
      reviewed.addition = addition(
        place, holding, position, circumstances, prospect, worth: worth, bound, rest: exit.event,
        at: now, account, books)
    }
    return reviewed
  }

  /// The rest of a trade by distances from the price of now.
  private static func rest(
    of holding: DeskState.Holding, mark: Double, age: Double
  ) -> ProspectMaker.Rest {
    let direction = holding.trade.side.direction
    let target = holding.entryPrice * (1 + direction * holding.trade.targetDistance)
    return ProspectMaker.Rest(
      side: holding.trade.side, target: direction * (target / mark - 1),
      stop: -direction * (holding.trade.stopPrice.value / mark - 1),
      seconds: holding.currentHoldSeconds - age)
  }

  // MARK: - Rebalancing

  /// Brings a position down to what its risk allows by now, and says whether it did.
  private mutating func reduce(
    _ place: Int, _ holding: DeskState.Holding, _ position: HeldPosition,
    _ circumstances: ProspectMaker.Circumstances, _ prospect: Prospect, worth: Double,
    _ bound: LeverageDecision, at now: Timestamp, _ books: AccountReading,
    _ directives: inout ContiguousArray<ContractDirective>
  ) -> Bool {
    guard !desks[place].stands(.reduction), !desks[place].stands(.addition) else { return false }
    let target = min(
      bound.notionalMax * books.equity,
      settings.entry.size.exposureMax * books.equity - (books.openNotional - worth))
    guard target < worth else { return false }
    let verdict = rebalancing(holding, position, worth: worth, target: target, at: now)
    guard verdict.outcome == .fail,
      let quantity = holding.quantity.scaled(by: 1 - target / worth),
      quantity >= contracts[place].rules.minimumQuantity, quantity < holding.quantity
    else { return false }
    let number = nextOrder()
    send(
      place, .reduction, at: now, &directives,
      MarketOrder(
        number, holding.trade.side.closing, quantity, validity: .immediate, reducesOnly: true))
    var holding = holding
    holding.rebalancedAt = now
    desks[place].state = .holding(holding)
    note(.reduced, place, reason: verdict.reason, at: now) { record, _ in
      record.side = holding.trade.side
      record.order = number
      record.quantity = quantity
      record.trade = holding.trade
      record.position = position
      record.choice = verdict
      record.reading = circumstances.reading
      record.market = circumstances.market
      record.prospect = prospect
    }
    return true
  }

  /// Whether a position that is worth so much is brought to a target.
  func rebalancing(
    _ holding: DeskState.Holding, _ position: HeldPosition, worth: Double, target: Double,
    at now: Timestamp
  ) -> TacticVerdict {
    Rebalance.judge(
      actual: worth, target: target,
      secondsSinceLast: holding.rebalancedAt.map { (now - $0).seconds },
      ageSeconds: position.age(at: now),
      holdMinSeconds: position.holdMin(under: settings.exit.general), under: settings.exit.rebalance
    )
  }

  /// The position as an entry that may be larger; nil where nothing can be added to it. The gates of
  /// an entry are asked where it is ranked.
  ///
  /// What is lost where the stop stands that rests at the venue stays within the budget of one trade,
  /// measured from the price of now; and what is added must pay for itself in what is left of the
  /// trade, whose end is not drawn out.
  private mutating func addition(
    _ place: Int, _ holding: DeskState.Holding, _ position: HeldPosition,
    _ circumstances: ProspectMaker.Circumstances, _ prospect: Prospect, worth: Double,
    _ bound: LeverageDecision, rest: EventMetrics, at now: Timestamp, _ account: PerpetualAccount,
    _ books: AccountReading
  ) -> Candidate? {
    let trade = holding.trade
    let price = circumstances.reading.price
    guard settings.exit.rebalance.increases, !desks[place].stands(.reduction),
      !desks[place].stands(.addition), desks[place].stands(.stop),
      rest.expected - circumstances.bill.side > settings.entry.choice.expectationMin,
      let leverage = account.position(of: ContractID(place: place))?.leverage.value,
      leverage <= bound.leverage
    else { return nil }
    let distance = trade.side.direction * (1 - trade.stopPrice.value / price)
    let budget = bound["risk_budget"].known(or: settings.leverage.budget.riskPerTrade)
    guard distance > 0 else { return nil }
    let most = min(
      bound.notionalMax, budget / (distance * settings.leverage.budget.slippageMultiple))
    let target = min(most * books.equity, usualWorth(circumstances.reading, books.equity))
    let verdict = rebalancing(holding, position, worth: worth, target: target, at: now)
    guard target > worth, verdict.outcome == .fail else { return nil }
    return choose(
      place, circumstances, prospect, at: now,
      adding: Candidate.Held(
        holding: holding, position: position, worth: worth, leverage: leverage, notionalMax: most))
  }

  // MARK: - Leverage

  /// Asks the venue for less leverage of positions that carry more than is wanted, where that is
  /// configured. Their size stays; what is posted behind them grows.
  mutating func deleverage(
    _ wanted: [Int: Double], at now: Timestamp, _ account: PerpetualAccount,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard settings.leverage.legacy.isEnabled else { return }
    let candidates = desks.indices.compactMap { place -> LegacyDeleverage.Candidate? in
      guard let wanted = wanted[place], case .holding(let holding) = desks[place].state,
        let held = account.position(of: ContractID(place: place))
      else { return nil }
      return LegacyDeleverage.Candidate(
        symbol: contracts[place].symbol, leverage: held.leverage.value, wanted: wanted,
        lastStepAt: holding.deleveragedAt)
    }
    for step in LegacyDeleverage.steps(for: candidates, at: now, under: settings.leverage.legacy) {
      guard let place = contracts.firstIndex(where: { $0.symbol == step.symbol }),
        case .holding(var holding) = desks[place].state, let leverage = Leverage(step.to)
      else { continue }
      holding.deleveragedAt = now
      desks[place].state = .holding(holding)
      directives.append(ContractDirective(ContractID(place: place), .leverage(leverage)))
      note(.deleveraged, place, reason: "legacy_deleverage", at: now) { record, _ in
        record.side = holding.trade.side
        record.trade = holding.trade
        record.choice = TacticVerdict(
          .fail, "legacy_deleverage",
          [.init("leverage", step.from, limit: step.to), .init("wanted", wanted[place] ?? .nan)])
      }
    }
  }
}
