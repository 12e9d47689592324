import Markets
import Mathematics

/// One side of eight paths: whether its position is open, and at what log price it was left.
struct PositionLanes {
  /// -1 where the position is open, 0 where it was left.
  var open = FlagLanes(repeating: -1)
  /// The log price at which it was left; above zero at the upper barrier, below at the lower one.
  var exit = FloatLanes.zero
  /// The number of steps after which it was left; zero while it is open.
  var steps = FlagLanes.zero
  /// The funding that a long position paid, or that a short one got.
  var funding = FloatLanes.zero

  /// Where it was left at the upper barrier.
  @inline(__always)
  var leftAbove: FlagLanes { FloatLanes.zero.isBelow(exit) }

  /// Where it was left at the lower barrier.
  @inline(__always)
  var leftBelow: FlagLanes { exit.isBelow(.zero) }

  /// The steps that it was held for, by the time of a horizon.
  @inline(__always)
  func steps(by horizon: FlagLanes) -> FlagLanes { steps | (horizon & open) }

  /// Leaves open positions whose barriers were touched. Where a step touched both, the barrier that
  /// was the surer one to be touched counts.
  @inline(__always)
  mutating func leave(
    above: FlagLanes, at upper: FloatLanes, below: FlagLanes, at lower: FloatLanes,
    lowerIsNearer: FlagLanes, after count: FlagLanes
  ) {
    let up = open & above & ~(below & lowerIsNearer)
    let down = open & below & ~up
    exit = upper.chosen(where: up, otherwise: lower.chosen(where: down, otherwise: exit))
    let left = up | down
    // A position is left once.
    steps |= count & left
    open &= ~left
  }
}

/// The barriers of one side in single precision.
struct BarrierLanes {
  let upper: FloatLanes
  /// The distance of the lower barrier below the entry.
  let lower: FloatLanes

  init(upper: FloatLanes, lower: FloatLanes) {
    self.upper = upper
    self.lower = lower
  }

  init(_ corridor: LogCorridor) {
    upper = .all(Float(corridor.upper))
    lower = .all(Float(corridor.lower))
  }

  /// The products of the distances at both ends of a step, to the upper and to the lower barrier.
  @inline(__always)
  func products(_ start: FloatLanes, _ end: FloatLanes) -> (FloatLanes, FloatLanes) {
    ((upper - start) * (upper - end), (start + lower) * (end + lower))
  }
}

/// The steps of eight paths and their twins, with a long and a short position on each.
struct GroupWalk<Law: PathLaw> {
  let law: Law
  let longBarriers: BarrierLanes
  let shortBarriers: BarrierLanes
  /// The corridors that the barriers of open positions leave free; infinite where none is open.
  private var free: (plain: BarrierLanes, mirrored: BarrierLanes)
  /// Whether touches between the steps count and there is something to touch.
  private let isBridged: Bool
  private let isContinuous: Bool
  var prices = TwinLanes(both: .zero)
  var memory: Law.Memory
  var longs = (PositionLanes(), PositionLanes())
  var shorts = (PositionLanes(), PositionLanes())

  @inline(__always)
  init(_ law: Law, long: BarrierLanes, short: BarrierLanes, isContinuous: Bool) {
    self.law = law
    longBarriers = long
    shortBarriers = short
    let nearest = BarrierLanes(
      upper: long.upper.smaller(short.upper), lower: long.lower.smaller(short.lower))
    free = (nearest, nearest)
    isBridged = isContinuous && nearest.upper.smaller(nearest.lower)[0] < .infinity
    self.isContinuous = isContinuous
    memory = law.start
  }

  /// Makes one step.
  @inline(__always)
  mutating func step(_ number: Int, _ draw: StepDraw) {
    let start = prices
    let trace = law.advance(&prices, &memory, draw, step: number)
    if isBridged, mayTouch(start, trace.halfVariance, draw.bridge) {
      cross(start, trace.halfVariance, draw.bridge, Self.count(number))
      narrow()
    }
    if Law.jumps {
      prices.plain += trace.jump.plain
      prices.mirrored += trace.jump.mirrored
    }
    if Law.jumps || !isContinuous {
      let count = Self.count(number)
      Self.land(&longs.0, longBarriers, prices.plain, count)
      Self.land(&longs.1, longBarriers, prices.mirrored, count)
      Self.land(&shorts.0, shortBarriers, prices.plain, count)
      Self.land(&shorts.1, shortBarriers, prices.mirrored, count)
      if isBridged { narrow() }
    }
  }

  /// The number of steps made by the end of one.
  @inline(__always)
  private static func count(_ number: Int) -> FlagLanes {
    FlagLanes(repeating: Int32(truncatingIfNeeded: number + 1))
  }

  /// Whether a barrier may have been touched: never false where ``cross(_:_:_:_:)`` would find one.
  ///
  /// The price lies within the corridor of every open position, so the nearest barrier has the
  /// smallest product, and the draws are taken a little too large.
  @inline(__always)
  private func mayTouch(
    _ start: TwinLanes, _ halfVariance: FloatLanes, _ bridge: WordLanes
  ) -> Bool {
    let rising = halfVariance * LaneVariates.exponentialBound(bridge)
    let falling = halfVariance * LaneVariates.exponentialBound(~bridge)
    let (a, b) = free.plain.products(start.plain, prices.plain)
    let (c, d) = free.mirrored.products(start.mirrored, prices.mirrored)
    let touched =
      (a.isBelow(rising) | b.isBelow(falling)) | (c.isBelow(falling) | d.isBelow(rising))
    return touched.holdSomewhere
  }

  /// Lets the corridors be those of the positions that are open now.
  @inline(__always)
  private mutating func narrow() {
    free = (corridor(longs.0.open, shorts.0.open), corridor(longs.1.open, shorts.1.open))
  }

  @inline(__always)
  private func corridor(_ long: FlagLanes, _ short: FlagLanes) -> BarrierLanes {
    let none = FloatLanes.all(.infinity)
    return BarrierLanes(
      upper: longBarriers.upper.chosen(where: long, otherwise: none)
        .smaller(shortBarriers.upper.chosen(where: short, otherwise: none)),
      lower: longBarriers.lower.chosen(where: long, otherwise: none)
        .smaller(shortBarriers.lower.chosen(where: short, otherwise: none)))
  }

  /// Finds the barriers that the Brownian part of a step touched.
  ///
  /// A bridge touches with probability e^(-p / h), p the product of the distances at its ends and h
  /// half its variance: exactly where an exponential draw exceeds p / h. A negative product, ends on
  /// different sides, is below every draw. The two barriers share one uniform number from opposite
  /// ends, so that a touch of one excludes that of the other; a twin takes it the other way round,
  /// which makes it the mirror image.
  @inline(__always)
  private mutating func cross(
    _ start: TwinLanes, _ halfVariance: FloatLanes, _ bridge: WordLanes, _ count: FlagLanes
  ) {
    let a = longBarriers.products(start.plain, prices.plain)
    let b = longBarriers.products(start.mirrored, prices.mirrored)
    let c = shortBarriers.products(start.plain, prices.plain)
    let d = shortBarriers.products(start.mirrored, prices.mirrored)
    let rising = halfVariance * LaneVariates.exponential(bridge)
    let falling = halfVariance * LaneVariates.exponential(~bridge)
    Self.touch(&longs.0, longBarriers, a, rising, falling, count)
    Self.touch(&longs.1, longBarriers, b, falling, rising, count)
    Self.touch(&shorts.0, shortBarriers, c, rising, falling, count)
    Self.touch(&shorts.1, shortBarriers, d, falling, rising, count)
  }

  @inline(__always)
  private static func touch(
    _ position: inout PositionLanes, _ barriers: BarrierLanes,
    _ products: (FloatLanes, FloatLanes), _ upperReach: FloatLanes, _ lowerReach: FloatLanes,
    _ count: FlagLanes
  ) {
    let (upper, lower) = products
    position.leave(
      above: upper.isBelow(upperReach), at: barriers.upper, below: lower.isBelow(lowerReach),
      at: -barriers.lower, lowerIsNearer: lower.isBelow(upper), after: count)
  }

  /// Leaves positions whose barrier lies between them and the price after a jump or a look: at that
  /// price.
  @inline(__always)
  private static func land(
    _ position: inout PositionLanes, _ barriers: BarrierLanes, _ price: FloatLanes,
    _ count: FlagLanes
  ) {
    let below = price.isAtMost(-barriers.lower)
    position.leave(
      above: barriers.upper.isAtMost(price), at: price, below: below, at: price,
      lowerIsNearer: below,
      after: count)
  }

  /// Pays what falls due at the end of a step, on the value at that time.
  @inline(__always)
  mutating func pay(_ rate: Float) {
    let plain = prices.plain.exponentialMinusOne.fused(times: .all(rate), plus: .all(rate))
    let mirrored = prices.mirrored.exponentialMinusOne.fused(times: .all(rate), plus: .all(rate))
    func add(_ position: inout PositionLanes, _ amount: FloatLanes) {
      position.funding += amount.chosen(where: position.open, otherwise: .zero)
    }
    add(&longs.0, plain)
    add(&longs.1, mirrored)
    add(&shorts.0, plain)
    add(&shorts.1, mirrored)
  }
}

/// What leaving costs one side, by the barrier it was left at.
struct ExitRates {
  let entry: FloatLanes
  let above: FloatLanes
  let below: FloatLanes
  let timeOut: FloatLanes

  init(_ costs: TradeCosts, _ side: PositionSide) {
    entry = .all(Float(costs.entry))
    timeOut = .all(Float(costs.atTimeOut))
    above = .all(Float(side == .long ? costs.atTarget : costs.atStop))
    below = .all(Float(side == .long ? costs.atStop : costs.atTarget))
  }
}
