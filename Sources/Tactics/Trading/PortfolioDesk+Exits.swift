import Essentials
import Markets
import Models

/// What is held: whether it is left, turned around or brought down.
extension PortfolioDesk {
  /// Asks every exit of a position, and does what the first says.
  ///
  /// - Parameter known: the prospect of the same circumstances, where somebody has made it.
  mutating func review(
    _ place: Int, _ holding: DeskState.Holding, _ reading: MarketReading, at now: Timestamp,
    _ account: PerpetualAccount, _ books: AccountReading,
    _ directives: inout ContiguousArray<ContractDirective>, known: Prospect?? = nil
  ) {
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
      return
    }
    reduce(
      place, holding, position, circumstances, prospect, worth: worth, at: now, account, books,
      &directives)
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

  /// Brings a position down to what its risk allows by now. Nothing is added: a larger position is an
  /// entry, which gates decide.
  private mutating func reduce(
    _ place: Int, _ holding: DeskState.Holding, _ position: HeldPosition,
    _ circumstances: ProspectMaker.Circumstances, _ prospect: Prospect?, worth: Double,
    at now: Timestamp, _ account: PerpetualAccount, _ books: AccountReading,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard let prospect, !desks[place].stands(.reduction) else { return }
    let bound = leverageDecision(
      place, holding.trade.side, prospect, circumstances, worth: worth, at: now
    ).notionalMax
    let target = min(
      bound * books.equity,
      settings.entry.size.exposureMax * books.equity - (books.openNotional - worth))
    guard target < worth else { return }
    let verdict = Rebalance.judge(
      actual: worth, target: target,
      secondsSinceLast: holding.reducedAt.map { (now - $0).seconds },
      ageSeconds: position.age(at: now),
      holdMinSeconds: position.holdMin(under: settings.exit.general), under: settings.exit.rebalance
    )
    guard verdict.outcome == .fail,
      let quantity = holding.quantity.scaled(by: 1 - target / worth),
      quantity >= contracts[place].rules.minimumQuantity, quantity < holding.quantity
    else { return }
    let number = nextOrder()
    send(
      place, .reduction, at: now, &directives,
      MarketOrder(
        number, holding.trade.side.closing, quantity, validity: .immediate, reducesOnly: true))
    var holding = holding
    holding.reducedAt = now
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
  }
}
