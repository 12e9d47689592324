package import Markets
import Mathematics

/// What an exit rule sees of a simulated position when it decides.
package struct PositionSituation: Hashable, Sendable {
  /// The time since the entry in seconds.
  package let seconds: Double
  /// The time that is left until the last horizon.
  package let remaining: Double
  /// The result so far before the costs of leaving, as a fraction of the value at the entry.
  package let result: Double
  /// The best result at a decision so far, the present one included.
  package let best: Double
  /// The probability that the take-profit closes the position in the time that is left.
  package let target: Double
  /// The probability that the stop does.
  package let stop: Double
}

/// What an exit rule makes of a position.
package struct RollForwardEstimate: Hashable, Sendable {
  /// The expected result before costs.
  package let gross: Estimate
  /// The expected result after costs and funding.
  package let net: Estimate
  /// The mean of the worst results after costs.
  package let netTail: Estimate
  /// The share of positions that the take-profit closed.
  package let target: Double
  /// The share that the stop closed.
  package let stop: Double
  /// The share that the rule closed.
  package let rule: Double
  /// The share that was held to the last horizon; the four sum to one.
  package let timeOut: Double
  /// The expected time in the position in seconds, to the decision at or after the exit.
  package let holding: Double
}

/// Exit rules that look at each path for itself, rolled forward over simulated paths.
///
/// The horizons of the plan are the times of decision. At each of them an open position asks the
/// rule, which sees that path's result and what the closed form of a Brownian motion says about its
/// own distance to the barriers and its own time left. A position that the rule closes leaves at the
/// price of that time and at the cost of a time-out.
package struct RollForward: Sendable {
  private let simulation: PathSimulation
  private let side: PositionSide
  private let chances: PassageTable

  /// Prepares a rule's rehearsal; the plan keeps the price as control, which tells open positions
  /// from closed ones. Solves one passage for each of 33 places and each decision.
  package init(_ simulation: PathSimulation, side: PositionSide) {
    precondition(simulation.plan.control == .price, "a plan without the price as control")
    self.simulation = simulation
    self.side = side
    chances = PassageTable(simulation.plan, side)
  }

  /// Returns what a rule makes of the first paths in a workspace that the simulation has walked.
  /// `leaves` is asked for open positions in the order of paths and of time.
  package func estimate(
    from workspace: PathWorkspace, paths: Int, leaves: (PositionSituation) -> Bool
  ) -> RollForwardEstimate {
    let plan = simulation.plan
    let last = plan.horizons.count - 1
    var gross = [Float](repeating: 0, count: paths)
    var net = gross
    var counts = SIMD4<Int>.zero
    var steps = 0
    for path in 0..<paths {
      var best = -Double.infinity
      for decision in 0...last {
        let result = workspace.results(decision, side.index, .gross)[path]
        let move = workspace.moves(decision)[path]
        // A position that is open has moved with the price to the bit.
        let isOpen = result == (side == .long ? move : -move)
        best = max(best, Double(result))
        var outcome: Int?
        if !isOpen {
          outcome = result > 0 ? 0 : 1
        } else if decision == last {
          outcome = 3
        } else {
          let (target, stop) = chances.chances(decision, move: Double(move))
          let situation = PositionSituation(
            seconds: plan.seconds(ofHorizon: decision),
            remaining: plan.seconds(ofHorizon: last) - plan.seconds(ofHorizon: decision),
            result: Double(result), best: best, target: target, stop: stop)
          if leaves(situation) { outcome = 2 }
        }
        guard let outcome else { continue }
        counts[outcome] += 1
        steps += plan.horizons[decision]
        gross[path] = result
        net[path] = workspace.results(decision, side.index, .net)[path]
        break
      }
    }
    return summary(gross, net, counts, steps)
  }

  private func summary(
    _ gross: [Float], _ net: [Float], _ counts: SIMD4<Int>, _ steps: Int
  ) -> RollForwardEstimate {
    let paths = gross.count
    func expectation(_ results: [Float]) -> Estimate {
      results.withUnsafeBufferPointer { buffer in
        guard let first = buffer.baseAddress else { preconditionFailure("no path was walked") }
        return ResultMoments(first, paths: paths).estimate(paths: paths)
      }
    }
    var scratch = net
    let tail = net.withUnsafeBufferPointer { buffer in
      scratch.withUnsafeMutableBufferPointer { room -> Estimate in
        guard let first = buffer.baseAddress, let room = room.baseAddress else {
          preconditionFailure("no path was walked")
        }
        return ResultTail(
          first, paths: paths, share: simulation.plan.tailShare, scratch: room
        ).estimate
      }
    }
    func share(_ outcome: Int) -> Double { Double(counts[outcome]) / Double(paths) }
    return RollForwardEstimate(
      gross: expectation(gross), net: expectation(net), netTail: tail, target: share(0),
      stop: share(1), rule: share(2), timeOut: share(3),
      holding: Double(steps) / Double(paths) * simulation.plan.stepSeconds)
  }
}

/// The chances of both barriers by the place of the price and the time left, interpolated between
/// 33 places of the corridor.
private struct PassageTable: Sendable {
  private static let places = 33
  private let corridor: LogCorridor
  private let side: PositionSide
  /// Upper and lower probability by decision and place.
  private let values: [SIMD2<Double>]

  init(_ plan: SimulationPlan, _ side: PositionSide) {
    let exits = side == .long ? plan.exits.longCorridor : plan.exits.shortCorridor
    // A barrier that does not exist is put where it is never touched.
    let years = plan.seconds(ofHorizon: plan.horizons.count - 1) / Annual.seconds
    let far = plan.annualDrift.magnitude * years + 8 * plan.annualVolatility * years.squareRoot()
    let corridor = LogCorridor(upper: min(exits.upper, far), lower: min(exits.lower, far))
    let width = corridor.upper + corridor.lower
    let last = plan.horizons.count - 1
    self.corridor = corridor
    self.side = side
    values = (0..<last).flatMap { decision -> [SIMD2<Double>] in
      let years =
        (plan.seconds(ofHorizon: last) - plan.seconds(ofHorizon: decision))
        / Annual.seconds
      let variance = plan.annualVolatility * plan.annualVolatility * years
      return (0..<Self.places).map { place in
        let share = Double(place) / Double(Self.places - 1)
        if place == 0 { return SIMD2(0, 1) }
        if place == Self.places - 1 { return SIMD2(1, 0) }
        let passage = TwoBarrierPassage(
          upper: width * (1 - share), lower: width * share,
          drift: plan.annualDrift * years - 0.5 * variance, deviation: variance.squareRoot())
        return SIMD2(passage.upperProbability, passage.lowerProbability)
      }
    }
  }

  /// The chances of the target and of the stop for a move of the price since the entry.
  func chances(_ decision: Int, move: Double) -> (target: Double, stop: Double) {
    let height =
      (Elementary.log(onePlus: move) + corridor.lower) / (corridor.upper + corridor.lower)
    let place = min(max(0, height), 1) * Double(Self.places - 1)
    let below = min(Int(place), Self.places - 2)
    let share = place - Double(below)
    let row = decision * Self.places + below
    let value = values[row] * (1 - share) + values[row + 1] * share
    return side == .long ? (value.x, value.y) : (value.y, value.x)
  }
}
