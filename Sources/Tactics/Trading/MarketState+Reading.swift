import Mathematics
package import Models

extension MarketState {
  /// What models say of a market, as rules are told. `slippage` is that of one side.
  ///
  /// A Hurst exponent that cannot be told from one half counts as one half.
  package init(_ reading: MarketReading, slippage: Double) {
    self.init()
    regime = TacticalRegime(reading.regime, trend: reading.trend)
    annualDrift = reading.belief.annualDrift
    annualVolatility = reading.belief.annualVolatility
    toxicity = reading.toxicity ?? .nan
    if let estimate = reading.hurst {
      hurst = estimate.verdict == .undecided ? 0.5 : estimate.exponent
    }
    tickBreakout = reading.tickBreakout ?? .nan
    tickTrend = reading.tickTrend ?? .nan
    hiddenState = reading.hiddenState ?? .nan
    spread = reading.spread ?? .nan
    self.slippage = slippage
    liquidity = reading.depth ?? .nan
    tickVolatility = reading.tickVolatility ?? .nan
  }
}

extension TacticalRegime {
  /// The regime of a tag. The direction by moving averages says which way a trend goes, and nothing
  /// where there is none: on a random walk it nearly always sees one.
  package init(_ tag: RegimeTag, trend: MovingAverageRegime.Trend?) {
    switch tag {
    case .chop: self = .chop
    case .meanRevert: self = .meanRevert
    case .volatile: self = .volatile
    case .trend: self = trend == .bull ? .bull : trend == .bear ? .bear : .trend
    }
  }
}

extension DirectionSkill {
  /// What the record of a direction model says of its own calls. Of entries it knows nothing.
  package init(_ skill: DirectionTrack.Skill) {
    self.init(
      hitRate: skill.hits.share, issueRate: .nan,
      hitChange: skill.before.map { skill.hits.share - $0.share } ?? .nan, issueChange: .nan,
      count: skill.hits.trials, measuredAt: skill.measuredAt)
  }
}

extension DirectionBelief {
  /// What a direction model forecasts; nothing is known where it is silent.
  package init(_ forecast: DirectionForecast?) {
    self.init()
    guard let forecast else { return }
    confidence = forecast.confidence
    edge = forecast.edge
    probabilityLong = forecast.chanceLong
  }
}
