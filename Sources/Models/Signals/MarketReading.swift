package import Essentials

/// What all models together say of one market at one instant. What is nil is not known.
package struct MarketReading: Hashable, Sendable {
  package var instant: Timestamp
  package var symbol: String
  /// The mid price where there is a book, else the last close or trade.
  package var price: Double
  /// The combined drift and volatility, with what each source contributed.
  package var belief: Belief
  /// What the belief was made of.
  package var signals: ModelSignals
  package var regime = RegimeTag.chop
  package var trend: MovingAverageRegime.Trend?
  /// VPIN, from 0 to 1.
  package var toxicity: Double?
  package var hurst: HurstExponent.Estimate?
  /// The confidence of the hidden state, positive for a rising one and negative for a falling one.
  package var hiddenState: Double?
  /// What changed last of drift or volatility, and how many bars ago.
  package var change: ChangeDetector.Change?
  package var barsSinceChange: Int?
  package var direction: DirectionForecast?
  /// How often the calls of the direction model came true of late.
  package var directionSkill: DirectionTrack.Skill?
  /// The move of the last ticks over their deviation; positive upward.
  package var tickTrend: Double?
  /// How far the last tick broke out of its range, as a fraction of the price; 0 inside it.
  package var tickBreakout: Double?
  /// The deviation of the log returns between ticks.
  package var tickVolatility: Double?
  /// The best quotes, where there is a book.
  package var bid: Double?
  package var ask: Double?
  /// The worth of the five best levels of the thinner side, in the quote currency.
  package var depth: Double?
  /// Whether there was a book and there is none that can be believed: it was lost, or is too old.
  package var lacksBook = false
  /// The mean worth that is traded in a minute, in the quote currency.
  package var minuteTurnover: Double?
  /// The chance that an order at the best price of its own side is filled within the horizon.
  package var makerFill: MakerFill.Chance?
  /// The variance's law of motion for simulation, where one was fitted or learned.
  package var garch: GARCHParameters?
  /// The pull to a level, where one is believed.
  package var reversion: Reversion?

  package init(
    instant: Timestamp, symbol: String, price: Double, belief: Belief, signals: ModelSignals
  ) {
    self.instant = instant
    self.symbol = symbol
    self.price = price
    self.belief = belief
    self.signals = signals
  }

  /// The spread over the mid price.
  package var spread: Double? {
    guard let bid, let ask, bid > 0, ask > bid else { return nil }
    return 2 * (ask - bid) / (ask + bid)
  }
}
