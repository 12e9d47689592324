import Essentials
import Markets
import Mathematics
import Models

/// A side that is wanted, before the gates are asked.
struct Candidate {
  let place: Int
  let side: PositionSide
  let choice: TacticVerdict
  let isFlip: Bool
  let circumstances: ProspectMaker.Circumstances
  let direction: DirectionBelief
  let prospect: Prospect
  /// What is believed of both sides, with the hold that the trade is given.
  let long: SideBelief
  let short: SideBelief
  /// The position that is added to; nil for a new one.
  let held: Held?

  /// A position that may be made larger.
  struct Held {
    let holding: DeskState.Holding
    let position: HeldPosition
    /// What it is worth, without a sign.
    let worth: Double
    /// The leverage that the venue has for it.
    let leverage: Double
    /// What it may be worth at most, as a multiple of equity.
    let notionalMax: Double
  }

  subscript(side: PositionSide) -> SideBelief { side == .long ? long : short }
  var belief: SideBelief { self[side] }
  var gap: Double { abs(long.netReturn - short.netReturn) }
}

/// What is not held: which sides are wanted, and which of them are entered.
extension PortfolioDesk {
  // MARK: - Wanted sides

  /// Looks at a market of which nothing is held; nil where no side is wanted.
  mutating func look(
    _ place: Int, _ reading: MarketReading, at now: Timestamp, _ books: AccountReading
  ) -> Candidate? {
    guard case .flat = desks[place].state, desks[place].orders.isEmpty else { return nil }
    counts.looks += 1
    if case .safety = mode {
      wait(place, .notApplicable("safety_mode"), reading, at: now)
      return nil
    }
    guard let first = desks[place].firstSeenAt, now - first >= settings.trading.warmUp else {
      wait(place, .notApplicable("warm_up"), reading, at: now)
      return nil
    }
    guard !reading.lacksBook else {
      counts.refuse("book_lost")
      return nil
    }
    let circumstances = circumstances(
      place, reading, at: now, worth: usualWorth(reading, books.equity))
    let bound = maker.bound(circumstances)
    guard bound.outcome == .pass else {
      desks[place].floorCounter.observe(
        leverage: .nan, floor: 1, tolerance: 0, hasSide: false)
      wait(place, bound, reading, at: now)
      return nil
    }
    guard let prospect = maker.closedForm(circumstances) else {
      wait(place, .notApplicable("no_prospect"), reading, at: now)
      return nil
    }
    return choose(place, circumstances, prospect, at: now)
  }

  /// Chooses a side by what it promises, simulated where closed forms come near an entry; nil where
  /// none is wanted or, of a position that is added to, not its own.
  mutating func choose(
    _ place: Int, _ circumstances: ProspectMaker.Circumstances, _ closedForm: Prospect,
    at now: Timestamp, adding held: Candidate.Held? = nil
  ) -> Candidate? {
    let reading = circumstances.reading
    var prospect = closedForm
    if maker.isNear(prospect),
      let simulated = maker.simulated(circumstances, key: key(place), using: room())
    {
      counts.simulations += 1
      prospect = simulated
    }
    let direction = DirectionBelief(reading.direction)
    func lifted(_ belief: SideBelief) -> SideBelief {
      var belief = belief
      belief.holdSeconds = SideChoice.hold(
        belief.holdSeconds, direction: direction, market: circumstances.market,
        under: settings.entry.choice)
      return belief
    }
    let long = lifted(prospect.long)
    let short = lifted(prospect.short)
    let choice = SideChoice(
      long: long, short: short, direction: direction, market: circumstances.market,
      under: settings.entry.choice)
    var side = choice.side
    var verdict = choice.verdict
    if let held {
      guard side == held.holding.trade.side else { return nil }
    } else if settings.entry.consensus.isEnabled {
      let score = consensus[place].observe(
        Self.indicators(circumstances, direction, prospect), regime: circumstances.market.regime,
        at: now)
      if side == nil,
        let agreed = ConsensusScore.side(
          of: score, long: long, short: short, under: settings.entry.consensus)
      {
        side = agreed
        verdict = TacticVerdict(
          .pass, "consensus",
          [.init("consensus", score, limit: settings.entry.consensus.threshold)])
      }
    }
    guard let side else {
      desks[place].floorCounter.observe(
        leverage: .nan, floor: 1, tolerance: 0, hasSide: false)
      wait(place, verdict, reading, at: now)
      return nil
    }
    let turn = desks[place].turn
    let isFlip = turn.map { $0.side == side && now <= $0.until } ?? false
    if let turn, now > turn.until { desks[place].turn = nil }
    return Candidate(
      place: place, side: side, choice: verdict, isFlip: isFlip, circumstances: circumstances,
      direction: direction, prospect: prospect, long: long, short: short, held: held)
  }

  /// What an entry is worth at most by the shares of capital, for what it would move the market.
  func usualWorth(_ reading: MarketReading, _ equity: Double) -> Double {
    let regime = TacticalRegime(reading.regime, trend: reading.trend)
    let weights = settings.sizing.weights
    return equity * weights.kellyMax.value(in: regime) * weights.totalExposure
  }

  private static func indicators(
    _ circumstances: ProspectMaker.Circumstances, _ direction: DirectionBelief,
    _ prospect: Prospect
  ) -> ConsensusScore.Indicators {
    var indicators = ConsensusScore.Indicators()
    indicators.expectation = prospect.long.netReturn - prospect.short.netReturn
    indicators.shortfall = prospect.long.shortfall - prospect.short.shortfall
    indicators.stopProbability =
      prospect.long.stopProbability - prospect.short.stopProbability
    indicators.flow = circumstances.reading.signals.orderFlow ?? .nan
    indicators.direction = direction.edge
    indicators.liquidity = circumstances.market.liquidity
    indicators.spread = circumstances.market.spread
    return indicators
  }

  // MARK: - Leverage

  /// What an entry, or a position, may carry and at which leverage.
  func leverageDecision(
    _ place: Int, _ side: PositionSide, _ prospect: Prospect,
    _ circumstances: ProspectMaker.Circumstances, worth: Double, at now: Timestamp,
    hold: Double? = nil
  ) -> LeverageDecision {
    var asked = LeverageCircumstances(side: side, now: now)
    asked.belief = prospect[side]
    if let hold { asked.belief.holdSeconds = hold }
    asked.gap = abs(prospect.long.netReturn - prospect.short.netReturn)
    asked.direction = DirectionBelief(circumstances.reading.direction)
    asked.market = circumstances.market
    asked.roundTripCost = circumstances.bill.roundTrip
    asked.eventShortfall = prospect[side].eventShortfall * prospect.exits.stopLoss
    asked.balanceRejects = desks[place].rejects
    let tiers = contracts[place].tiers
    let tier = CoinAmount(worth).flatMap(tiers.tier) ?? tiers.tiers[tiers.tiers.count - 1]
    asked.maintenanceRate = tier.maintenanceRate.value
    asked.venueMax = tier.maximumLeverage.value
    var decision = LeverageDecision(for: asked, under: settings.leverage)
    // The venue takes steps; rounding down keeps every distance that was decided.
    decision.leverage = VenueLeverage.rounded(
      decision.leverage, max: min(decision.leverage, asked.venueMax), under: settings.leverage)
    decision.notionalMax = min(decision.notionalMax, decision.leverage)
    return decision
  }

  // MARK: - Entries

  /// Enters wanted sides by rank, each within what those before it left.
  mutating func enter(
    _ candidates: [Candidate], at now: Timestamp, _ account: PerpetualAccount,
    _ books: inout AccountReading, _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard !candidates.isEmpty else { return }
    let held = heldScores(besides: candidates)
    let wanted = candidates.map {
      ScoredSymbol(symbol: contracts[$0.place].symbol, score: $0.belief.score)
    }
    let ranking = ScoredSymbol.ranked(held + wanted)
    let weights = CapitalWeights.weights(
      for: ranking.map(\.score), floor: settings.entry.unified.floor.base,
      under: settings.sizing.weights)
    let shares =
      settings.sizing.weights.kelly == .multivariate ? jointShares(candidates, account, books) : [:]
    var crowdedOut: [ScoredSymbol] = []
    for (place, symbol) in ranking.enumerated() {
      guard
        let candidate = candidates.first(where: { contracts[$0.place].symbol == symbol.symbol })
      else { continue }
      var plan = EntryPlan(candidate, rank: place + 1, weight: weights[place])
      if let share = shares[candidate.place] {
        plan.kelly = share
        plan.weight = clip01(share / settings.sizing.weights.totalExposure).known(or: 0)
      }
      let refusal = judge(&plan, at: now, account, books)
      guard let refusal else {
        if candidate.held == nil {
          order(plan, at: now, account, &books, &directives)
        } else {
          add(plan, at: now, &books, &directives)
        }
        continue
      }
      guard candidate.held == nil else {
        if refusal != Self.idle { counts.refuse("rebal_" + refusal) }
        continue
      }
      counts.refuse(refusal)
      note(.refused, candidate.place, reason: refusal, at: now) { record, _ in plan.write(&record) }
      if refusal == EntryGate.rank.rawValue || refusal == EntryGate.cap.rawValue {
        crowdedOut.append(symbol)
      }
    }
    makeWay(for: crowdedOut, held, at: now, &directives)
  }

  /// What nothing is done about: a position that is as large as it should be.
  private static let idle = "idle"

  /// What each wanted side deserves of the capital beside what is held, by place.
  private func jointShares(
    _ candidates: [Candidate], _ account: PerpetualAccount, _ books: AccountReading
  ) -> [Int: Double] {
    let weights = settings.sizing.weights
    guard books.equity > 0, weights.kellyShare > 0 else { return [:] }
    let others = desks.indices.filter { place in
      desks[place].state.trade != nil && !candidates.contains { $0.place == place }
    }
    let exposures = others.map { jointPosition($0, account, books)?.exposure ?? .nan }
    let held = zip(others, exposures).map { place, exposure in
      // Of the Kelly fraction a share is used, so what is held stands for more of it.
      JointKelly.Holding(
        exposure: exposure / weights.kellyShare,
        annualVolatility: desks[place].sight?.annualVolatility ?? .nan)
    }
    let shares = JointKelly.shares(
      of: candidates.map { candidate in
        JointKelly.Wish(
          side: candidate.side, netReturn: candidate.belief.netReturn,
          holdSeconds: candidate.belief.holdSeconds,
          annualVolatility: candidate.circumstances.market.annualVolatility,
          shortfall: candidate.belief.shortfall)
      }, beside: held,
      correlations: joint.correlations(of: candidates.map(\.place) + others).matrix,
      totalMax: weights.totalExposure - held.reduce(0) { $0 + abs($1.exposure) })
    return Dictionary(uniqueKeysWithValues: zip(candidates.map(\.place), shares))
  }

  /// What going on holding each position is worth, but for those that are candidates themselves.
  private func heldScores(besides candidates: [Candidate]) -> [ScoredSymbol] {
    desks.indices.compactMap { place in
      guard case .holding(let holding) = desks[place].state,
        !candidates.contains(where: { $0.place == place })
      else { return nil }
      return ScoredSymbol(
        symbol: contracts[place].symbol, score: holding.holdScore)
    }
  }

  /// Leaves the worst position for a better symbol that found no room.
  private mutating func makeWay(
    for crowdedOut: [ScoredSymbol], _ held: [ScoredSymbol], at now: Timestamp,
    _ directives: inout ContiguousArray<ContractDirective>
  ) {
    guard !crowdedOut.isEmpty else { return }
    let fee = contracts.map(\.fees.taker.value).reduce(0, max)
    guard
      let way = SwitchExit.judge(
        held: held, candidates: crowdedOut, feeRate: fee, under: settings.exit.switching),
      let place = contracts.firstIndex(where: { $0.symbol == way.from }),
      case .holding(let holding) = desks[place].state
    else { return }
    leave(place, holding, reason: way.reason, at: now, &directives)
  }

  /// Fills a plan in and asks all gates; returns why the entry is refused, nil where it is not.
  private mutating func judge(
    _ plan: inout EntryPlan, at now: Timestamp, _ account: PerpetualAccount,
    _ books: AccountReading
  ) -> String? {
    let candidate = plan.candidate
    let place = candidate.place
    let market = candidate.circumstances.market
    let contract = contracts[place]
    guard let price = Price(candidate.circumstances.reading.price) else { return "no_price" }
    let held = candidate.held
    // A position that is added to is judged as a whole: as if it were not there yet.
    let books = held.map { books.without(worth: $0.worth, leverage: $0.leverage) } ?? books
    var decision = leverageDecision(
      place, candidate.side, candidate.prospect, candidate.circumstances,
      worth: usualWorth(candidate.circumstances.reading, books.equity), at: now,
      hold: candidate.belief.holdSeconds)
    if let held {
      guard held.leverage <= decision.leverage else { return "leverage" }
      decision.leverage = held.leverage
      decision.notionalMax = min(decision.notionalMax, held.notionalMax)
    } else {
      desks[place].floorCounter.observe(
        leverage: decision.leverage, floor: settings.leverage.blend.targetMin,
        tolerance: settings.entry.floorLock.leverageTolerance, hasSide: true)
    }
    plan.scores = EntryScores(
      for: candidate.side, belief: candidate.belief, gap: candidate.gap,
      direction: candidate.direction, market: market, under: settings.leverage.signal)
    guard
      let shrink = OrderQuantity.shrunk(
        after: isStale(desks[place].rejects, at: now) ? 0 : desks[place].refusalsInARow,
        under: settings.sizing.order)
    else {
      plan.leverage = decision
      return OrderEnd.insufficientMargin.rawValue
    }
    var kelly = 1.0
    if settings.sizing.weights.kelly == .single {
      kelly = KellyFraction.expected(
        netReturn: candidate.belief.netReturn,
        deviation: market.noise(overSeconds: candidate.belief.holdSeconds),
        shortfall: candidate.belief.shortfall)
      plan.kelly = kelly
    }
    let exposure = ExposureScale.share(
      toxicity: market.toxicity, confidence: candidate.belief.profitProbability,
      under: settings.sizing.exposure)
    func sized(_ share: Double) -> PositionSize {
      PositionSize(
        for: PositionSize.Circumstances(
          equity: books.equity, freeBalance: books.free, reservedMargin: books.reservedMargin,
          openNotional: books.openNotional, weight: plan.weight,
          scale: exposure * kelly * shrink * share, leverage: decision, regime: market.regime),
        exposureMax: settings.entry.size.exposureMax, under: settings.sizing)
    }
    var size = sized(1)
    // A position of this size may stand in a higher tier than the usual one.
    if let most = CoinAmount(size.notional).flatMap(contract.tiers.maximumLeverage),
      most.value < decision.leverage
    {
      guard held == nil else { return "leverage" }
      decision.leverage = VenueLeverage.rounded(
        decision.leverage, max: most.value, under: settings.leverage)
      decision.notionalMax = min(decision.notionalMax, decision.leverage)
      size = sized(1)
    }
    plan.leverage = decision
    if let held, isIdle(held, size, at: now) { return Self.idle }
    plan.precheck = precheck(candidate, plan, at: now)

    var entry = EntryCircumstances(now: now, side: candidate.side)
    entry.isFlip = candidate.isFlip
    entry.long = candidate.long
    entry.short = candidate.short
    entry.direction = candidate.direction
    entry.skill = candidate.circumstances.reading.directionSkill.map { DirectionSkill($0) }
    entry.market = market
    entry.roundTripCost = candidate.circumstances.bill.roundTrip
    if !desks[place].exits.isEmpty || !desks[place].refusals.isEmpty {
      entry.quality = SymbolQuality(
        exits: desks[place].exits, refusals: desks[place].refusals, at: now,
        under: settings.quality)
    }
    entry.eventCheck = plan.precheck
    entry.entryQuality = plan.scores?.quality ?? .nan
    entry.leverage = decision.leverage
    entry.floorCount = desks[place].floorCounter.count
    entry.notional = size.notional
    entry.account.equity = books.equity
    entry.account.balance = books.free
    entry.account.openNotional = books.openNotional
    entry.account.openPositions = books.openPositions
    entry.rank = plan.rank
    plan.size = size
    var review = EntryReview(of: entry, under: settings)
    if review.denial == nil {
      entry.portfolio = jointly(plan, size, at: now, account, books)
      review = EntryReview(of: entry, under: settings)
    }
    plan.gates = review
    if let denial = review.denial { return denial.gate.rawValue }
    if review.sizeShare < 1 {
      size = sized(review.sizeShare)
      plan.size = size
    }
    if let held, isIdle(held, size, at: now) { return Self.idle }
    let standing = held?.worth ?? 0
    guard size.notional > standing, let worth = CoinAmount(size.notional - standing),
      let bounds = OrderQuantity.Bounds(
        rules: contract.rules, price: price,
        freeBalance: books.free - books.reservedMargin - standing / decision.leverage,
        leverage: decision.leverage, in: market.regime, under: settings.sizing.order)
    else { return "size_unknown" }
    let fitted = OrderQuantity(worth: worth, within: bounds)
    guard fitted.quantity > .zero else { return fitted.count.outcome.rawValue }
    // Raised to the venue's least, it must still be within its risk and within the exposure of all.
    let ordered =
      standing + (contract.worth(of: fitted.quantity, at: price)?.value ?? .infinity)
    let most = size.limits.filter { $0.bound == .leverage || $0.bound == .exposure }
    if let bound = most.first(where: { ordered > $0.notional }) {
      return "least_beyond_\(bound.bound.rawValue)"
    }
    plan.quantity = fitted.quantity
    plan.price = price
    return trade(&plan, at: now)
  }

  /// Whether a position is not so much smaller than it may be that it is added to.
  private func isIdle(_ held: Candidate.Held, _ size: PositionSize, at now: Timestamp) -> Bool {
    guard size.notional > held.worth else { return true }
    return rebalancing(
      held.holding, held.position, worth: held.worth, target: size.notional, at: now
    ).outcome != .fail
  }

  private func isStale(_ rejects: BalanceRejects, at now: Timestamp) -> Bool {
    rejects.lastAt.map { now - $0 > settings.leverage.rejects.window } ?? true
  }

  /// What the event exit would do with the position at once.
  private func precheck(
    _ candidate: Candidate, _ plan: EntryPlan, at now: Timestamp
  ) -> EventPrecheck {
    let market = candidate.circumstances.market
    let shock = ShockReading(of: market, against: candidate.side, under: settings.exit.general)
    let mode = ExitMode(
      shock: shock.score, isNoise: shock.isNoise,
      threshold: settings.exit.event.confirmation.shockThreshold)
    let thresholds = EventThresholds(
      for: candidate.side, in: market,
      alignment: market.standardizedAlignment(
        with: candidate.side, overSeconds: candidate.belief.holdSeconds,
        in: settings.exit.general.alignment),
      entryQuality: plan.scores?.quality ?? .nan, oneWay: plan.scores?.oneWay ?? .nan,
      shock: shock, under: settings.exit.policy)
    return EventExit.precheck(
      candidate.prospect.metrics(candidate.side), thresholds: thresholds, mode: mode,
      shock: shock.score, market: market, at: now, under: settings.exit)
  }

  // MARK: - All positions together

  /// What happens to all positions if this one is added; a refusal holds for an interval.
  private mutating func jointly(
    _ plan: EntryPlan, _ size: PositionSize, at now: Timestamp, _ account: PerpetualAccount,
    _ books: AccountReading
  ) -> PortfolioOutlook? {
    let place = plan.candidate.place
    let rules = settings.trading.joint
    if let refused = desks[place].refusedJointly, refused.side == plan.candidate.side,
      now - refused.at < rules.interval
    {
      return refused.outlook
    }
    guard books.equity > 0 else { return nil }
    var positions: [JointPosition] = []
    for other in desks.indices where other != place {
      if let position = jointPosition(other, account, books) { positions.append(position) }
    }
    let circumstances = plan.candidate.circumstances
    positions.append(
      JointPosition(
        place: place,
        exposure: plan.candidate.side.direction * size.notional / books.equity,
        annualDrift: circumstances.market.annualDrift,
        annualVolatility: circumstances.market.annualVolatility,
        exits: plan.candidate.prospect.exits,
        maintenance: contracts[place].tiers.tiers[0].maintenanceRate.value))
    counts.jointSimulations += 1
    let outlook = PortfolioOutlook(
      of: positions, correlations: joint, exitCost: circumstances.bill.side, key: key(place),
      under: rules)
    let isRefused =
      outlook.expected < settings.entry.portfolio.expectedMin
      || outlook.shortfall < settings.entry.portfolio.shortfallMin
      || outlook.liquidationProbability > settings.entry.portfolio.liquidationMax
    desks[place].refusedJointly =
      isRefused
      ? ContractDesk.JointRefusal(side: plan.candidate.side, at: now, outlook: outlook) : nil
    return outlook
  }

  private func jointPosition(
    _ place: Int, _ account: PerpetualAccount, _ books: AccountReading
  ) -> JointPosition? {
    let id = ContractID(place: place)
    guard let trade = desks[place].state.trade, let sight = desks[place].sight else {
      return nil
    }
    let lots = account.position(of: id)?.quantity.magnitude ?? trade.quantity
    let mark = account.mark(of: id)?.value ?? sight.price
    let direction = trade.side.direction
    let target = trade.referencePrice * (1 + direction * trade.targetDistance)
    return JointPosition(
      place: place,
      exposure: direction * lots.units(of: contracts[place].rules.lot) * mark / books.equity,
      annualDrift: sight.annualDrift, annualVolatility: sight.annualVolatility,
      exits: ExitPlan(
        takeProfit: max(1e-6, direction * (target / mark - 1)),
        stopLoss: max(1e-6, -direction * (trade.stopPrice.value / mark - 1))),
      maintenance: contracts[place].tiers.tiers[0].maintenanceRate.value)
  }

  // MARK: - Orders

  /// Makes the trade of a plan: where its stop and target rest; returns why it cannot be made.
  private func trade(_ plan: inout EntryPlan, at now: Timestamp) -> String? {
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
  private mutating func order(
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
  private mutating func add(
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

/// An entry on its way through the gates.
struct EntryPlan {
  let candidate: Candidate
  let rank: Int
  /// The share of the capital that the symbol is dealt.
  var weight: Double
  /// What the market deserves of the capital, as a multiple of equity; NaN before it is asked.
  var kelly = Double.nan
  var scores: EntryScores?
  var leverage: LeverageDecision?
  var precheck: EventPrecheck?
  var size: PositionSize?
  var gates: EntryReview?
  var quantity = Quantity.zero
  var price: Price?
  var trade: PlannedTrade?

  init(_ candidate: Candidate, rank: Int, weight: Double) {
    self.candidate = candidate
    self.rank = rank
    self.weight = weight
  }

  func write(_ record: inout DecisionRecord) {
    record.side = candidate.side
    record.reading = candidate.circumstances.reading
    record.market = candidate.circumstances.market
    record.direction = candidate.direction
    record.bill = candidate.circumstances.bill
    record.prospect = candidate.prospect
    record.choice = candidate.choice
    record.isFlip = candidate.isFlip
    record.rank = rank
    record.weight = weight
    record.kelly = kelly
    record.scores = scores
    record.leverage = leverage
    record.precheck = precheck
    record.size = size
    record.gates = gates
    record.quantity = quantity == .zero ? nil : quantity
    record.trade = trade
  }
}
