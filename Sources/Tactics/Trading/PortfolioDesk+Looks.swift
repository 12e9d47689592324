import Essentials
import Markets
import Models

/// What is not held: which sides are wanted.
extension PortfolioDesk {

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
}
