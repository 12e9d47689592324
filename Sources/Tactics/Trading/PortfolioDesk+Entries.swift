import Essentials
import Markets
import Models

/// Which of the wanted sides are entered, and at which size and leverage.
extension PortfolioDesk {
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
}
