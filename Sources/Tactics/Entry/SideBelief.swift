/// What is believed of holding one side of an instrument. NaN is what is not known.
package struct SideBelief: Hashable, Sendable {
  /// Expected return of the notional before costs, over ``holdSeconds``.
  package var grossReturn = Double.nan
  /// The same after every cost, taken once.
  package var netReturn = Double.nan
  /// Mean net return of the worst outcomes, at most 0.
  package var shortfall = Double.nan
  /// Probability of a profit after costs.
  package var profitProbability = Double.nan
  /// Probability that the target is reached first.
  package var targetProbability = Double.nan
  /// Probability that the stop is reached first.
  package var stopProbability = Double.nan
  /// The unified score.
  package var score = Double.nan
  /// The intended hold, t*, in seconds.
  package var holdSeconds = Double.nan
  /// Expected return of the notional, before costs, of a trade that ends at target, stop or
  /// time-out.
  package var eventReturn = Double.nan
  /// Mean of the worst outcomes of such a trade, in multiples of its stop distance; at most 0.
  package var eventShortfall = Double.nan

  package init() {}
}
