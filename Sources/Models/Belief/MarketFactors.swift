/// Factors on drift and volatility by the name of the market's trend and the hour of the day.
///
/// The table is one of rules of thumb that some desks use. It counts a regime twice where models have
/// seen it, and leans on rising markets; ``SeasonalVolatility`` learns what an hour is from the market
/// itself.
package struct MarketFactors: Hashable, Sendable {
  package var drift: Double
  package var volatility: Double

  package init(drift: Double, volatility: Double) {
    self.drift = drift
    self.volatility = volatility
  }

  /// Nothing is changed.
  package static let none = MarketFactors(drift: 1, volatility: 1)

  /// Returns the factors of a trend times those of an hour of the UTC day, 0 through 23.
  package static func table(trend: MovingAverageRegime.Trend?, hour: Int) -> MarketFactors {
    let byTrend: MarketFactors =
      switch trend {
      case .bull: MarketFactors(drift: 1.2, volatility: 0.9)
      case .bear: MarketFactors(drift: 0.7, volatility: 1.3)
      case .chop: MarketFactors(drift: 0.9, volatility: 1.25)
      case .volatile: MarketFactors(drift: 0.6, volatility: 1.8)
      case nil: .none
      }
    let bySession: MarketFactors =
      switch hour {
      case 0..<6: MarketFactors(drift: 0.9, volatility: 0.8)
      case 6..<13: .none
      case 13..<21: MarketFactors(drift: 1.1, volatility: 1.2)
      default: MarketFactors(drift: 0.7, volatility: 0.7)
      }
    return MarketFactors(
      drift: byTrend.drift * bySession.drift, volatility: byTrend.volatility * bySession.volatility)
  }
}
