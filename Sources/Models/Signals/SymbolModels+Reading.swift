package import Essentials
import Mathematics

extension SymbolModels {
  /// Whether so many one-step returns were seen as are needed and the price has moved.
  package var isWarm: Bool { meanVariance.count >= settings.warmUp && variance.value > 0 }

  /// Returns what all models say at an instant for so many seconds ahead; nil until they are warm,
  /// before the last bar has ended, and where no bar has come for longer than
  /// ``SymbolModelSettings/silenceMax``.
  ///
  /// The horizon must be above zero. What models learned for the next bar alone, causal weights and
  /// direction, is taken to say nothing of the bars behind it: its expected move is spread over the
  /// horizon. Where ``SymbolModelSettings/smoothing`` is set, the belief is the average over readings,
  /// and being read is the only thing that it remembers.
  package mutating func reading(at instant: Timestamp, horizonSeconds: Double) -> MarketReading? {
    guard var reading = newReading(at: instant, horizonSeconds: horizonSeconds) else { return nil }
    smoothed?.observe(reading.belief, at: instant)
    if let belief = smoothed?.belief { reading.belief = belief }
    return reading
  }

  private func newReading(at instant: Timestamp, horizonSeconds: Double) -> MarketReading? {
    precondition(horizonSeconds > 0, "a reading for no time")
    guard isWarm, let barEnd, instant >= barEnd, instant - barEnd <= settings.silenceMax,
      var signals = ModelSignals(
        stepSeconds: stepSeconds, horizonSeconds: horizonSeconds,
        annualVolatility: Annual.volatility(stepVariance: variance.value, of: stepSeconds))
    else { return nil }
    let steps = Int(min(1e6, max(1, (horizonSeconds / stepSeconds).rounded())))
    let quotes = freshQuotes(at: instant)
    let features = features(at: instant)
    let forecast = forecast(features)
    let hawkes = excitement(at: instant)
    signals.garchVolatility = garch?.annualVolatility(over: steps, stepSeconds: stepSeconds)
    signals.momentum = momentum.estimate
    signals.volatilityRatio = momentum.volatilityRatio
    signals.orderFlow = quotes?.imbalance
    signals.multiLevelFlow = multiLevelFlow
    signals.kalman = kalman.estimate
    signals.particle = particle.estimate
    signals.bayesian = bayesian.estimate
    signals.autoregression = autoregression.estimate(over: steps)
    signals.learned = learnedDrift(features, over: horizonSeconds)
    signals.causal = causalDrift(features, over: horizonSeconds)
    signals.hiddenState = states.label.sign * states.confidence
    signals.hiddenDrift = hiddenDrift(over: steps)
    signals.persistence = hurst.estimate?.verdict
    signals.reversionDrift = reversionDrift(over: horizonSeconds)
    signals.vpin = vpin.value
    signals.hawkes = hawkes
    signals.probabilityUp = forecast.map { chance($0.chanceLong, over: horizonSeconds) }
    // At the best price of the own side.
    let halfSpread = quotes.map { ($0.ask - $0.bid) / ($0.ask + $0.bid) } ?? 0
    let fill = fillChance(offset: halfSpread, within: horizonSeconds)
    signals.makerFill = fill?.probability
    signals.seasonalFactor = seasonalFactor(at: instant, over: horizonSeconds)
    if settings.usesMarketFactors {
      signals.market = MarketFactors.table(
        trend: trend.trend, hour: SeasonalVolatility.hour(of: instant))
    }
    var reading = MarketReading(
      instant: instant, symbol: symbol, price: price(quotes),
      belief: Belief(signals, settings.belief), signals: signals)
    reading.regime = regimeTag
    reading.trend = trend.trend
    reading.toxicity = vpin.value
    reading.hurst = hurst.estimate
    reading.hiddenState = signals.hiddenState
    reading.change = change.latest
    reading.barsSinceChange = change.latest == nil ? nil : change.returnsSinceChange
    reading.direction = forecast
    reading.directionSkill = track.skill
    reading.tickTrend = motion.trend(at: instant)
    reading.tickBreakout = motion.breakout(at: instant)
    reading.tickVolatility = motion.volatility(at: instant)
    reading.bid = quotes?.bid
    reading.ask = quotes?.ask
    reading.depth = quotes?.depth
    reading.lacksBook = counts.books > 0 && quotes == nil
    reading.minuteTurnover = turnover.count > 0 ? turnover.value * 60 / stepSeconds : nil
    reading.makerFill = fill
    reading.garch = garch?.parameters
    reading.reversion = reversion.reversion
    return reading
  }

  /// The middle of the best quotes, else the later of last trade and close.
  private func price(_ quotes: Quotes?) -> Double {
    if let quotes { return (quotes.bid + quotes.ask) / 2 }
    if let tradePrice, let tradeInstant, let barEnd, tradeInstant >= barEnd { return tradePrice }
    return close
  }

  /// The regime that models are asked in.
  private var regimeTag: RegimeTag {
    RegimeTag(vpin: vpin.value, persistence: hurst.estimate?.verdict)
  }

  /// What the direction model foretells from features; nil without one.
  func forecast(_ features: [Double]) -> DirectionForecast? {
    direction?.forecast(
      directionPlaces.map { $0.map { features[$0] } ?? .nan }, regime: regimeTag)
  }

  /// The drift that learned trees expect, whose move of the next bar is all that they say.
  private func learnedDrift(_ features: [Double], over seconds: Double) -> DriftEstimate? {
    guard
      let expected = learned?.expected(learnedPlaces.map { $0.map { features[$0] } ?? .nan })
    else { return nil }
    let span = max(stepSeconds, seconds)
    return DriftEstimate(
      annualDrift: Annual.drift(perStep: expected.logReturn, of: span),
      annualDeviation: Annual.drift(perStep: expected.error, of: span))
  }

  /// What hidden states that were fitted expect of the next steps.
  private func hiddenDrift(over steps: Int) -> DriftEstimate? {
    guard areStatesFitted,
      let drift = states.drift(over: steps, meanErrors: stateErrors)
    else { return nil }
    return DriftEstimate(
      logDriftPerStep: drift.mean, deviationPerStep: drift.error, stepVariance: variance.value,
      stepSeconds: stepSeconds)
  }

  private func causalDrift(_ features: [Double], over seconds: Double) -> Double? {
    let expected = causal?.expectedLogReturn { name in
      Self.featureNames.firstIndex(of: name).map { features[$0] }
    }
    return expected.map { Annual.drift(perStep: $0, of: max(stepSeconds, seconds)) }
  }

  /// Returns the chance of a rise over a time from that over the next step: the same expected move
  /// among the noise of the whole time, for a normal one. A part of a step has its part of the move.
  func chance(_ chance: Double, over seconds: Double) -> Double {
    guard chance > 0, chance < 1 else { return chance }
    let ratio = seconds / stepSeconds
    let scaled = StandardNormal.quantile(chance) * (ratio >= 1 ? 1 / ratio : ratio).squareRoot()
    return StandardNormal.cumulative(scaled)
  }

  /// The deviation in the middle of the horizon over that of the hours which the volatility of late
  /// was learned in.
  private func seasonalFactor(at instant: Timestamp, over seconds: Double) -> Double? {
    guard seasonOfLate.value > 0 else { return nil }
    let half = TimeSpan(milliseconds: Int64(min(seconds, 86_400) * 500))
    return season.factor(at: instant + half) / seasonOfLate.value.squareRoot()
  }
}
