import Essentials
package import Markets
package import Models

/// What entering each side of one market promises, as rules are told.
package struct Prospect: Hashable, Sendable {
  package let outlook: Outlook
  package let long: SideBelief
  package let short: SideBelief
  /// Where the simulated trades were closed before their time.
  package let exits: ExitPlan
  package let costs: TradeCosts

  /// Reads an outlook at the best horizon of each side.
  package init(_ outlook: Outlook, exits: ExitPlan, costs: TradeCosts) {
    self.outlook = outlook
    self.exits = exits
    self.costs = costs
    long = Self.belief(.long, outlook, exits)
    short = Self.belief(.short, outlook, exits)
  }

  /// What is believed of a side.
  package subscript(side: PositionSide) -> SideBelief { side == .long ? long : short }

  /// Returns the score of going on holding a side, as a return of the notional.
  package func holdScore(_ side: PositionSide) -> Double {
    let point = outlook[side].points[outlook[side].bestHold]
    return point.hold * point.seconds
  }

  /// Returns the time for which holding a side on is best, in seconds.
  package func holdSeconds(_ side: PositionSide) -> Double {
    outlook[side].points[outlook[side].bestHold].seconds
  }

  /// How a position of a side would end that is entered now and whose entry is paid.
  package func metrics(_ side: PositionSide) -> EventMetrics {
    let horizon = outlook.estimate[side][outlook[side].best]
    var metrics = EventMetrics()
    metrics.expected = horizon.net.value + costs.entry
    metrics.shortfall = min(0, horizon.netTail.value + costs.entry)
    metrics.stopProbability = horizon.stop.value
    metrics.targetProbability = horizon.target.value
    metrics.seconds = horizon.seconds
    return metrics
  }

  /// What holding a side on and leaving it are worth.
  package func holdEvaluation(_ side: PositionSide) -> HoldEvaluation {
    HoldEvaluation(
      horizons: outlook.estimate[side].map {
        HoldEvaluation.Horizon(seconds: $0.seconds, netReturn: $0.net.value)
      }, oppositeReturn: self[side.opposite].netReturn, entryCost: costs.entry,
      exitCost: costs.atTimeOut)
  }

  private static func belief(
    _ side: PositionSide, _ outlook: Outlook, _ exits: ExitPlan
  ) -> SideBelief {
    let point = outlook[side].points[outlook[side].best]
    let horizon = outlook.estimate[side][outlook[side].best]
    var belief = SideBelief()
    belief.grossReturn = horizon.gross.value
    belief.netReturn = horizon.net.value
    belief.shortfall = min(0, horizon.netTail.value)
    belief.profitProbability = horizon.gain.value
    belief.targetProbability = horizon.target.value
    belief.stopProbability = horizon.stop.value
    // Ψ is a rate; thresholds are returns over the hold.
    belief.score = point.value * point.seconds
    belief.holdSeconds = point.seconds
    belief.eventReturn = horizon.gross.value
    // A loss at the stop is one stop distance, whatever single precision makes of its logarithm.
    let multiples = horizon.grossTail.value / exits.stopLoss
    belief.eventShortfall = min(0, (multiples * 1e5).rounded() / 1e5)
    return belief
  }
}
