import Essentials
import Markets
import Mathematics
import Tactics

/// Circumstances drawn at random, with values that a mirror turns around without rounding.
struct RandomCircumstances {
  var generator: SplitMix64

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
  }

  /// A multiple of 1/4096 of a span around zero, or NaN now and then.
  mutating func signed(_ span: Double) -> Double {
    if Int.random(in: 0..<12, using: &generator) == 0 { return .nan }
    return span * Double(Int.random(in: -1024...1024, using: &generator)) / 1024
  }

  mutating func share() -> Double { abs(signed(1)) }

  mutating func belief() -> SideBelief {
    var belief = SideBelief()
    belief.grossReturn = signed(0.004)
    belief.netReturn = signed(0.004)
    belief.shortfall = -abs(signed(0.05))
    belief.profitProbability = share()
    belief.targetProbability = share()
    belief.stopProbability = share()
    belief.score = signed(0.004)
    belief.holdSeconds = abs(signed(1200))
    belief.eventReturn = signed(0.004)
    belief.eventShortfall = -abs(signed(2))
    return belief
  }

  mutating func direction() -> DirectionBelief {
    var direction = DirectionBelief()
    direction.confidence = share()
    direction.edge = signed(0.25)
    direction.probabilityLong = share()
    return direction
  }

  mutating func market() -> MarketState {
    var market = MarketState()
    market.regime = TacticalRegime.allCases.randomElement(using: &generator) ?? .chop
    market.annualDrift = signed(32)
    market.annualVolatility = abs(signed(2))
    market.toxicity = share()
    market.hurst = 0.25 + 0.5 * share()
    market.tickBreakout = Bool.random(using: &generator) ? 0 : signed(0.004)
    market.tickTrend = signed(4)
    market.hiddenState = signed(1)
    market.spread = abs(signed(0.004))
    market.slippage = abs(signed(0.001))
    market.liquidity = abs(signed(20))
    market.tickVolatility = abs(signed(0.001))
    return market
  }

  mutating func events() -> EventMetrics {
    var metrics = EventMetrics()
    metrics.expected = signed(0.01)
    metrics.shortfall = -abs(signed(0.05))
    metrics.stopProbability = share()
    metrics.targetProbability = share()
    metrics.seconds = abs(signed(600))
    return metrics
  }

  mutating func entry() -> EntryCircumstances {
    var entry = EntryCircumstances(now: .seconds(1_739_000_000), side: side())
    entry.isFlip = Bool.random(using: &generator)
    entry.long = belief()
    entry.short = belief()
    entry.direction = direction()
    entry.market = market()
    entry.roundTripCost = abs(signed(0.002))
    entry.entryQuality = share()
    entry.leverage = 1 + abs(signed(8))
    entry.floorCount = Int.random(in: 0..<6, using: &generator)
    entry.notional = abs(signed(1000))
    entry.account.equity = abs(signed(2000))
    entry.account.balance = abs(signed(2000))
    entry.account.openNotional = abs(signed(4000))
    entry.rank = Bool.random(using: &generator) ? Int.random(in: 1..<9, using: &generator) : nil
    return entry
  }

  mutating func side() -> PositionSide { Bool.random(using: &generator) ? .long : .short }

  /// A position at an entry price of one, and what its exits look at.
  mutating func exit() -> ExitCircumstances {
    var position = HeldPosition(
      side: side(), openedAt: .seconds(1_739_000_000), entryPrice: 1,
      markPrice: 1 + signed(0.0625))
    position.leverage = 1 + abs(signed(8))
    position.liquidationPrice = 1 - position.side.factor * abs(signed(0.0625))
    position.stopPrice = 1 - position.side.factor * abs(signed(0.0625))
    position.entryQuality = share()
    position.leverageSignal = share()
    position.entryScore = signed(0.004)
    position.entryFloor = signed(0.001)
    position.entryHoldSeconds = abs(signed(1200))
    position.currentHoldSeconds = abs(signed(1200))
    let age = Int64.random(in: 0..<2400, using: &generator)
    var exit = ExitCircumstances(
      now: position.openedAt + .seconds(age), position: position)
    exit.market = market()
    exit.direction = direction()
    exit.long = belief()
    exit.short = belief()
    exit.holdScore = signed(0.004)
    exit.cashScore = signed(0.001)
    exit.wanted = ExitCircumstances.Wanted.allCases.randomElement(using: &generator)
    exit.plannerLeaves = Bool.random(using: &generator)
    exit.hintsNoise = Bool.random(using: &generator)
    exit.oneWay = share()
    exit.event = events()
    exit.oppositeEvent = events()
    exit.hold = HoldEvaluation(
      horizons: [
        .init(seconds: 60, netReturn: signed(0.004)), .init(seconds: 300, netReturn: signed(0.004)),
      ], oppositeReturn: signed(0.004), entryCost: 0.0005, exitCost: 0.0005)
    return exit
  }

  mutating func leverage() -> LeverageCircumstances {
    var circumstances = LeverageCircumstances(side: side(), now: .seconds(1_739_000_000))
    circumstances.belief = belief()
    circumstances.gap = abs(signed(0.004))
    circumstances.direction = direction()
    circumstances.market = market()
    circumstances.roundTripCost = abs(signed(0.002))
    circumstances.eventShortfall = -abs(signed(0.05))
    for _ in 0..<Int.random(in: 0..<5, using: &generator) {
      circumstances.balanceRejects.reject(at: circumstances.now)
    }
    circumstances.maintenanceRate = abs(signed(0.02))
    circumstances.venueMax = 1 + abs(signed(99))
    return circumstances
  }
}

extension Timestamp {
  /// An instant by the seconds since the epoch.
  static func seconds(_ count: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1000 * count)
  }
}

extension PositionSide {
  var factor: Double { self == .long ? 1 : -1 }
}

// MARK: - The same in a mirror, where rising is falling

extension DirectionBelief {
  var mirrored: DirectionBelief {
    var mirrored = self
    mirrored.edge = -edge
    mirrored.probabilityLong = 1 - probabilityLong
    return mirrored
  }
}

extension MarketState {
  var mirrored: MarketState {
    var mirrored = self
    mirrored.regime = regime.mirrored
    mirrored.annualDrift = -annualDrift
    mirrored.tickBreakout = -tickBreakout
    mirrored.tickTrend = -tickTrend
    mirrored.hiddenState = -hiddenState
    return mirrored
  }
}

extension EntryCircumstances {
  var mirrored: EntryCircumstances {
    var mirrored = self
    mirrored.side = side?.opposite
    mirrored.long = short
    mirrored.short = long
    mirrored.direction = direction.mirrored
    mirrored.market = market.mirrored
    return mirrored
  }
}

extension ExitCircumstances {
  /// The mirror of a position that was entered at one.
  var mirrored: ExitCircumstances {
    var mirrored = self
    mirrored.position.side = position.side.opposite
    mirrored.position.markPrice = 2 - position.markPrice
    mirrored.position.liquidationPrice = 2 - position.liquidationPrice
    mirrored.position.stopPrice = 2 - position.stopPrice
    mirrored.direction = direction.mirrored
    mirrored.market = market.mirrored
    mirrored.long = short
    mirrored.short = long
    mirrored.wanted = wanted?.mirrored
    return mirrored
  }
}

extension LeverageCircumstances {
  var mirrored: LeverageCircumstances {
    var mirrored = self
    mirrored.side = side.opposite
    mirrored.direction = direction.mirrored
    mirrored.market = market.mirrored
    return mirrored
  }
}
