package import Markets

/// What becomes of a position that is closed at a horizon if neither barrier closes it before.
///
/// Returns are fractions of the value at the entry, per unit of value held: leverage is not in them.
package struct HorizonEstimate: Hashable, Sendable {
  /// The horizon in seconds after the entry.
  package let seconds: Double
  /// The expected return before costs and funding.
  package let gross: Estimate
  /// The expected return after costs and funding.
  package let net: Estimate
  /// The mean of the worst returns before costs: the conditional value at risk, negative for a loss.
  package let grossTail: Estimate
  /// The mean of the worst returns after costs.
  package let netTail: Estimate
  /// The probability of a gain after costs.
  package let gain: Estimate
  /// The probability that the take-profit closes the position.
  package let target: Estimate
  /// The probability that the stop closes it.
  package let stop: Estimate
  /// The probability that the time is over first; the three sum to one.
  package let timeOut: Estimate
  /// The expected time in the position, in seconds; touches count at the ends of their steps. NaN
  /// from closed forms.
  package let holding: Double

  /// Joins the figures.
  package init(
    seconds: Double, gross: Estimate, net: Estimate, grossTail: Estimate, netTail: Estimate,
    gain: Estimate, target: Estimate, stop: Estimate, timeOut: Estimate, holding: Double
  ) {
    self.seconds = seconds
    self.gross = gross
    self.net = net
    self.grossTail = grossTail
    self.netTail = netTail
    self.gain = gain
    self.target = target
    self.stop = stop
    self.timeOut = timeOut
    self.holding = holding
  }
}

/// What simulation or theory says about trading one market now.
package struct TradeEstimate: Hashable, Sendable {
  /// A long position by horizon.
  package let long: [HorizonEstimate]
  /// A short position by horizon.
  package let short: [HorizonEstimate]

  /// Joins the two sides.
  package init(long: [HorizonEstimate], short: [HorizonEstimate]) {
    self.long = long
    self.short = short
  }

  /// Returns the estimates of one side.
  package subscript(side: PositionSide) -> [HorizonEstimate] { side == .long ? long : short }
}
