import Markets
import Mathematics

/// Leverage by the rule of the system that the specification describes, for comparison.
///
/// Expectation over a sum of risks is blended with the signal and scaled down by poison, doubt and
/// stress. Volatility is capped far below that of any coin before it is used, so it moves nothing,
/// and the notional does not depend on the leverage; ``RiskBudget`` is the sound rule.
enum SeedLeverage {
  static func decide(
    _ circumstances: LeverageCircumstances, under settings: LeverageSettings
  ) -> LeverageDecision {
    let market = circumstances.market
    let belief = circumstances.belief
    let scores = circumstances.scores(under: settings.signal)
    let confidence = belief.profitProbability
    let alignment = market.alignment(
      with: circumstances.side, overSeconds: belief.holdSeconds, in: settings.signal.alignment)
    var measures: [TacticVerdict.Measure] = [
      .init("entry_quality", scores.quality), .init("one_way", scores.oneWay),
      .init("signal", scores.signal),
    ]
    guard belief.grossReturn.isFinite, belief.shortfall.isFinite, confidence.isFinite else {
      return .unknown(measures)
    }
    let raw = raw(circumstances, under: settings.blend)
    let regimeMax = settings.blend.regimeMax.value(in: market.regime)
    let floor = settings.blend.targetMin
    var ceiling = max(floor, min(regimeMax, settings.blend.targetMax))
    if settings.blend.allowsAggressive, confidence >= 0.72, belief.score >= 0.0012, alignment >= 0,
      market.toxicity <= 0.55, market.hurst >= 0.55, belief.stopProbability <= 0.30
    {
      ceiling = max(ceiling, min(regimeMax, 50))
    }
    let target =
      floor + (ceiling - floor) * Elementary.pow(max(0, scores.signal), settings.blend.power)
    let share = settings.blend.signalShare
    let blended = (1 - share) * raw + share * target
    let scale = scale(market, confidence, alignment, under: settings)
    let rejectScale = circumstances.balanceRejects.scale(
      at: circumstances.now, signal: scores.signal, confidence: confidence,
      under: settings.rejects)
    let isExcellent =
      confidence >= 0.74 && scores.signal >= 0.82 && scores.quality >= 0.80
      && market.toxicity <= 0.45
    let liquidation = settings.liquidation
    let liquidationCap = LeverageDecision.liquidationCap(
      maintenance: circumstances.maintenance(under: liquidation), buffer: liquidation.buffer,
      distance: isExcellent ? liquidation.distanceMinQuality : liquidation.distanceMin)
    var cap = min(regimeMax, liquidationCap)
    var bound: LeverageDecision.Bound = regimeMax <= liquidationCap ? .regime : .liquidation
    func lower(to limit: Double, _ reason: LeverageDecision.Bound) {
      guard limit < cap else { return }
      cap = limit
      bound = reason
    }
    lower(to: circumstances.venueMax.known(or: .infinity), .venue)
    if confidence < settings.caps.confidenceMin || scores.signal < settings.caps.signalMin {
      lower(to: settings.caps.weakCap, .weakEntry)
    }
    if market.toxicity >= settings.caps.toxicityMax {
      lower(to: settings.caps.toxicCap, .toxicity)
    }
    // The rule sets no stop; one stands at the venue all the same.
    let stopDistance = RiskBudget.stopDistance(
      market: market, holdSeconds: belief.holdSeconds, under: settings.budget)
    let wanted = blended * scale * rejectScale
    let leverage = max(1, clip(wanted, min(floor, cap), cap))
    measures += [
      .init("raw", raw), .init("signal_target", target), .init("blended", blended),
      .init("scale", scale), .init("reject_scale", rejectScale),
      .init("liquidation_cap", liquidationCap), .init("leverage_cap", cap),
      .init("signal_blend", settings.blend.signalShare), .init("target_min", floor),
      .init("target_max", ceiling), .init("regime_max", regimeMax),
    ]
    let decided: LeverageDecision.Bound =
      wanted >= cap ? bound : wanted <= floor ? .floor : .target
    return LeverageDecision(
      leverage: leverage, notionalMax: leverage, stopDistance: stopDistance,
      notionalBound: decided,
      leverageBound: decided, measures: measures)
  }

  /// Expectation over risk.
  private static func raw(
    _ circumstances: LeverageCircumstances, under settings: LeverageSettings.Blend
  ) -> Double {
    let market = circumstances.market
    let belief = circumstances.belief
    let stop = belief.stopProbability.known(or: 0)
    let risk = max(
      1e-6,
      max(abs(belief.shortfall), abs(circumstances.eventShortfall).known(or: 0))
        + 0.7 * market.spread.known(or: 0) + 0.5 * market.slippage.known(or: 0)
        + 0.5 * min(market.annualVolatility.known(or: .infinity), settings.volatilityCap)
        + 0.2 * stop)
    let expected = max(belief.grossReturn - circumstances.roundTripCost.known(or: 0), 0)
    let lean = Elementary.tanh(belief.score.known(or: 0) / 0.003)
    let state = circumstances.side.direction * market.hiddenState.known(or: 0)
    return expected / risk * settings.expectationScale
      * max(0.55, 1 + 0.8 * (belief.profitProbability - 0.5))
      * (lean >= 0 ? 1 + 0.7 * lean : max(0.60, 1 + 0.4 * lean))
      * (state >= 0 ? 1 + 0.5 * state : max(0.5, 1 + 0.4 * state)) * max(0.40, 1 - 0.65 * stop)
  }

  /// What poison, doubt and stress leave.
  private static func scale(
    _ market: MarketState, _ confidence: Double, _ alignment: Double,
    under settings: LeverageSettings
  ) -> Double {
    let caution = settings.caution
    let toxicity = min(market.toxicity, caution.toxicityCap)
    let excess =
      toxicity > caution.toxicitySoft
      ? (toxicity - caution.toxicitySoft) / (1 - caution.toxicitySoft) : 0
    let doubt = max(0, caution.confidenceReference - confidence) / caution.confidenceReference
    let volatility = min(market.annualVolatility, settings.blend.volatilityCap)
    let stress = clip(
      (volatility - caution.stressSoft) / (caution.stressHard - caution.stressSoft), 0,
      caution.stressClip
    ).known(or: 0)
    var scale =
      (1 - caution.toxicityGain * excess) * (1 - caution.confidenceGain * doubt)
      * (1 - caution.stressGain * stress)
    if toxicity >= caution.toxicityHard, confidence < caution.confidenceReference { scale *= 0.55 }
    if market.hurst >= 0.55, alignment > 0, confidence >= caution.confidenceReference,
      toxicity < caution.toxicitySoft
    {
      scale *= 1.10
    }
    return clip(scale, caution.scaleMin, caution.scaleMax)
  }
}
