package import Markets

/// What a market looks like when a rule is asked. NaN is what is not known.
package struct MarketState: Hashable, Sendable {
  package var regime = TacticalRegime.chop
  /// Drift per year of 31,536,000 s.
  package var annualDrift = Double.nan
  /// Volatility per root of such a year.
  package var annualVolatility = Double.nan
  /// VPIN, from 0 to 1.
  package var toxicity = Double.nan
  /// The Hurst exponent: above 0.5 moves go on, below they turn.
  package var hurst = Double.nan
  /// How far the last tick broke out of its range, as a fraction of the price: positive upwards,
  /// 0 inside.
  package var tickBreakout = Double.nan
  /// The move of the last ticks over their deviation; positive upwards.
  package var tickTrend = Double.nan
  /// Confidence of the hidden state, positive for a rising one and negative for a falling one.
  package var hiddenState = Double.nan
  /// Spread over mid price.
  package var spread = Double.nan
  /// Expected slippage of one side, as a fraction of notional.
  package var slippage = Double.nan
  package var liquidity = Double.nan
  /// Deviation of the log returns between ticks.
  package var tickVolatility = Double.nan

  package init() {}

  /// Seconds of the year that drift and volatility are scaled to.
  static let secondsPerYear = 31_536_000.0

  /// Returns the deviation of the log return over some seconds; NaN where volatility is not known.
  package func noise(overSeconds seconds: Double) -> Double {
    annualVolatility * max(0, seconds / Self.secondsPerYear).squareRoot()
  }

  /// Returns how far the drift agrees with a side: positive with it, negative against it, NaN where
  /// the drift, or the hold that it is taken over, is not known.
  package func alignment(
    with side: PositionSide, overSeconds hold: Double, in measure: AlignmentMeasure
  ) -> Double {
    switch measure {
    case .horizonReturn: side.direction * annualDrift * hold / Self.secondsPerYear
    case .seed: side.direction * annualDrift
    }
  }

  /// Returns the same agreement as a number of deviations over the hold; by the seed's measure the
  /// annual drift.
  package func standardizedAlignment(
    with side: PositionSide, overSeconds hold: Double, in measure: AlignmentMeasure
  ) -> Double {
    let alignment = alignment(with: side, overSeconds: hold, in: measure)
    switch measure {
    case .horizonReturn:
      let noise = noise(overSeconds: hold)
      return noise > 0 ? alignment / noise : .nan
    case .seed: return alignment
    }
  }

  /// The way in which prices move, by the Hurst exponent; where that is not known, by the regime.
  var motion: PriceMotion {
    if hurst > PriceMotion.trendFrom { return .trending }
    if hurst < PriceMotion.revertBelow { return .reverting }
    if hurst.isFinite { return .wandering }
    switch regime {
    case .bull, .bear, .trend: return .trending
    case .meanRevert: return .reverting
    case .chop, .volatile: return .wandering
    }
  }
}
