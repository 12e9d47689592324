package import Markets
import Mathematics

/// The closed form of a simulation: geometric Brownian motion, watched at all times, without funding.
///
/// Both the fast path of that case, some ten microseconds a side and horizon, and the yardstick of the
/// simulation. Costs are charged as there: the rate of the exit on the value at the exit.
package struct GaussianTrade: Hashable, Sendable {
  private let plan: SimulationPlan

  /// Takes a plan, or returns nil where it has no closed form: for other laws, a watch at steps
  /// only, or funding.
  package init?(_ plan: SimulationPlan) {
    guard case .gaussian = plan.model, plan.monitoring == .continuous, plan.funding.isEmpty
    else { return nil }
    self.plan = plan
  }

  /// Solves every horizon of both sides.
  package func estimate() -> TradeEstimate {
    TradeEstimate(
      long: plan.horizons.indices.map { estimate(.long, $0) },
      short: plan.horizons.indices.map { estimate(.short, $0) })
  }

  /// Returns the expected time in a position of one side, in seconds, if it is closed at a horizon at
  /// the latest: the integral of the probability that neither barrier has been touched.
  ///
  /// By Simpson's rule over the root of the time, in which the probability bends least, with an error
  /// of about a millionth of the horizon; a few milliseconds, so no part of ``estimate()``.
  package func holding(_ side: PositionSide, horizon: Int) -> Double {
    let corridor = side == .long ? plan.exits.longCorridor : plan.exits.shortCorridor
    let seconds = plan.seconds(ofHorizon: horizon)
    let years = seconds / Annual.seconds
    let variance = plan.annualVolatility * plan.annualVolatility
    let panels = 200
    var sum = 0.0
    for point in 1...panels {
      let root = Double(point) / Double(panels)
      let elapsed = years * root * root
      let passage = TwoBarrierPassage(
        upper: corridor.upper, lower: corridor.lower,
        drift: (plan.annualDrift - 0.5 * variance) * elapsed,
        deviation: (variance * elapsed).squareRoot())
      let weight = point == panels ? 1.0 : point % 2 == 1 ? 4 : 2
      sum += weight * 2 * root * passage.survival
    }
    return seconds * sum / (3 * Double(panels))
  }

  private func estimate(_ side: PositionSide, _ horizon: Int) -> HorizonEstimate {
    let years = plan.seconds(ofHorizon: horizon) / Annual.seconds
    let deviation = plan.annualVolatility * years.squareRoot()
    let drift = plan.annualDrift * years - 0.5 * deviation * deviation
    let corridor = side == .long ? plan.exits.longCorridor : plan.exits.shortCorridor
    let outcome = SideOutcome(
      passage: TwoBarrierPassage(
        upper: corridor.upper, lower: corridor.lower, drift: drift, deviation: deviation),
      corridor: corridor, side: side, costs: plan.costs)
    let grossTail = outcome.tail(.gross, share: plan.tailShare)
    return HorizonEstimate(
      seconds: plan.seconds(ofHorizon: horizon),
      gross: Estimate(exactly: outcome.expected(.gross)),
      net: Estimate(exactly: outcome.expected(.net)),
      grossTail: Estimate(exactly: grossTail),
      netTail: Estimate(
        exactly: plan.costs.isOneExitRate
          ? outcome.charged(grossTail) : outcome.tail(.net, share: plan.tailShare)),
      gain: Estimate(exactly: outcome.gain),
      target: Estimate(exactly: outcome.targetProbability),
      stop: Estimate(exactly: outcome.stopProbability),
      timeOut: Estimate(exactly: outcome.passage.survival), holding: .nan)
  }
}

/// One side of a trade at one horizon: two heaps at the barriers and a density between them.
private struct SideOutcome {
  enum Measure {
    case gross, net
  }

  let passage: TwoBarrierPassage
  let corridor: LogCorridor
  let side: PositionSide
  let costs: TradeCosts

  var sign: Double { side == .long ? 1 : -1 }
  var targetProbability: Double {
    side == .long ? passage.upperProbability : passage.lowerProbability
  }
  var stopProbability: Double {
    side == .long ? passage.lowerProbability : passage.upperProbability
  }

  /// The result of leaving at a log price: linear in the price at the exit.
  func result(_ place: Double, _ measure: Measure, _ rate: Double) -> Double {
    let move = Elementary.expMinusOne(place)
    return measure == .gross ? sign * move : sign * move - costs.entry - rate * (1 + move)
  }

  func atTarget(_ measure: Measure) -> Double {
    result(side == .long ? corridor.upper : -corridor.lower, measure, costs.atTarget)
  }

  func atStop(_ measure: Measure) -> Double {
    result(side == .long ? -corridor.lower : corridor.upper, measure, costs.atStop)
  }

  /// A heap's share of an expectation; a barrier at infinity has none.
  private func heap(_ probability: Double, _ result: Double) -> Double {
    probability == 0 ? 0 : probability * result
  }

  /// The expectation over the paths that end between the barriers and, for a long position, at most
  /// at a place, for a short one above it.
  private func between(_ place: Double, _ measure: Measure) -> (share: Double, sum: Double) {
    let all = passage.survival
    let allGrowth = passage.growth(below: .infinity)
    let below = place >= corridor.upper ? all : passage.survival(below: place)
    let growthBelow = place >= corridor.upper ? allGrowth : passage.growth(below: place)
    let share = side == .long ? below : all - below
    let growth = side == .long ? growthBelow : allGrowth - growthBelow
    let sum = sign * (growth - share)
    return (
      share,
      measure == .gross ? sum : sum - costs.entry * share - costs.atTimeOut * growth
    )
  }

  private var wholeRange: Double { side == .long ? .infinity : -.infinity }

  func expected(_ measure: Measure) -> Double {
    heap(targetProbability, atTarget(measure)) + heap(stopProbability, atStop(measure))
      + between(wholeRange, measure).sum
  }

  /// The probability of a positive net result.
  var gain: Double {
    var sum = 0.0
    if atTarget(.net) > 0 { sum += targetProbability }
    if atStop(.net) > 0 { sum += stopProbability }
    // sign (S - 1) - entry - rate S > 0.
    let slope = sign - costs.atTimeOut
    let even = (sign + costs.entry) / slope
    guard even > 0 else { return sum + (slope > 0 ? passage.survival : 0) }
    let below = passage.survival(below: Elementary.log(even))
    return sum + (slope > 0 ? passage.survival - below : below)
  }

  /// The mean of the worst share of results: the stop's heap, the worse end of the density and the
  /// target's heap, in this order.
  ///
  /// The order is that of the results where the stop is the worst and the target the best of all,
  /// which costs change only where they exceed the distance to the stop.
  func tail(_ measure: Measure, share: Double) -> Double {
    let stopped = stopProbability
    if stopped >= share { return atStop(measure) }
    var sum = heap(stopped, atStop(measure))
    let rest = share - stopped
    guard passage.survival > rest else {
      sum += between(wholeRange, measure).sum
      return (sum + (rest - passage.survival) * atTarget(measure)) / share
    }
    let place = edge(of: rest)
    let end = between(place, measure)
    // What is left over sits at the edge.
    let edge = result(place, measure, costs.atTimeOut)
    return (sum + end.sum + (rest - end.share) * edge) / share
  }

  /// What remains of a gross tail where every exit costs the same: results after costs rise with
  /// those before, so the same ones are the worst.
  func charged(_ tail: Double) -> Double {
    let rate = costs.atTimeOut
    return tail * (1 - sign * rate) - costs.entry - rate
  }

  /// The log price beyond which, on the losing side, the density has a share.
  ///
  /// By false position with Illinois' rule (Dowell and Jarratt, BIT 11, 1971): the share rises along
  /// the corridor from nothing to all, and what is left over sits at the edge, so a billionth of the
  /// share is enough.
  private func edge(of share: Double) -> Double {
    // From the losing end, where nothing lies beyond, to the winning one, where all does.
    var lost = (place: side == .long ? -passage.lower : passage.upper, lack: -share)
    var won = (
      place: side == .long ? passage.upper : -passage.lower, lack: passage.survival - share
    )
    var before = 0.0
    for _ in 0..<60 {
      let middle = (lost.place * won.lack - won.place * lost.lack) / (won.lack - lost.lack)
      let below = passage.survival(below: middle)
      let lack = (side == .long ? below : passage.survival - below) - share
      if lack.magnitude <= 1e-9 * share { return middle }
      // An end that stays twice in a row counts half, so that it moves at last.
      if lack < 0 {
        lost = (place: middle, lack: lack)
        if before < 0 { won.lack *= 0.5 }
      } else {
        won = (place: middle, lack: lack)
        if before > 0 { lost.lack *= 0.5 }
      }
      before = lack
    }
    return 0.5 * (lost.place + won.place)
  }
}

/// The distribution of a return at a horizon without any barrier, for geometric Brownian motion.
package enum LogNormalReturn {
  /// Returns the mean of the worst `share` of the returns of a position held to the end, with `drift`
  /// the mean of the log price (μ - σ²/2) T and `deviation` σ√T: for a long one e^(m + s²/2)
  /// Φ(z - s) / α - 1, for a short one 1 - e^(m + s²/2) Φ(z + s) / α, z = Φ⁻¹(α).
  package static func tail(
    _ side: PositionSide, drift: Double, deviation: Double, share: Double
  ) -> Double {
    let growth = Elementary.exp(drift + 0.5 * deviation * deviation)
    let place = StandardNormal.quantile(share)
    switch side {
    case .long: return growth * StandardNormal.cumulative(place - deviation) / share - 1
    case .short: return 1 - growth * StandardNormal.cumulative(place + deviation) / share
    }
  }
}
