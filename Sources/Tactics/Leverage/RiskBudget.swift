import Essentials

/// Leverage from what may be lost.
///
/// The stop stands where noise alone seldom reaches: a multiple of the deviation of the price over
/// the time that an exit takes to be confirmed, or over the intended hold, whichever is further.
/// With volatility s per root year and a time of T seconds that is
///
///     distance = k s sqrt(T / year)
///
/// The notional is what loses the budget at that stop, slippage included:
///
///     notional = equity * budget / (distance * slippage multiple)
///
/// so that twice the volatility allows half the notional. Leverage enters neither: it only decides
/// how much margin is posted, and is held so low that the liquidation price lies beyond the stop. An
/// added leverage buys no added notional. Costs are not in the distance; the net expectation bears
/// them.
package enum RiskBudget {
  /// Returns the distance of the stop as a fraction of the price; NaN where volatility or, with a
  /// multiple for it, the intended hold is not known.
  package static func stopDistance(
    market: MarketState, holdSeconds: Double, under settings: LeverageSettings.Budget
  ) -> Double {
    let confirmed =
      settings.noiseMultiple * market.noise(overSeconds: settings.confirmationTime.seconds)
    guard settings.holdMultiple > 0, holdSeconds.isFinite, holdSeconds > 0 else { return confirmed }
    let held = settings.holdMultiple * market.noise(overSeconds: holdSeconds)
    return confirmed.isNaN || held.isNaN ? .nan : max(confirmed, held)
  }

  static func decide(
    _ circumstances: LeverageCircumstances, under settings: LeverageSettings
  ) -> LeverageDecision {
    let market = circumstances.market
    let scores = circumstances.scores(under: settings.signal)
    let confidence = circumstances.belief.profitProbability
    let distance = stopDistance(
      market: market, holdSeconds: circumstances.belief.holdSeconds, under: settings.budget)
    var measures: [TacticVerdict.Measure] = [
      .init("entry_quality", scores.quality), .init("one_way", scores.oneWay),
      .init("signal", scores.signal), .init("stop_distance", distance),
    ]
    // No price is left below a distance of 1, and a stop without distance bounds nothing.
    guard distance > 0, distance < 1 else { return .unknown(measures) }

    let caution = Caution(circumstances, scores, under: settings)
    let budget = settings.budget.riskPerTrade * caution.toxicityScale * caution.confidenceScale
    let risked = budget / (distance * settings.budget.slippageMultiple)
    measures += [
      .init("risk_budget", budget, limit: settings.budget.riskPerTrade),
      .init("notional_by_risk", risked),
      .init("caution_scale", caution.toxicityScale * caution.confidenceScale),
      .init("target_min", settings.blend.targetMin),
    ]
    let liquidation = settings.liquidation
    let liquidationDistance = max(
      liquidation.distanceMin, settings.budget.liquidationMultiple * distance)
    let liquidationCap = LeverageDecision.liquidationCap(
      maintenance: circumstances.maintenance(under: liquidation), buffer: liquidation.buffer,
      distance: liquidationDistance)
    var caps: [(LeverageDecision.Bound, Double)] = [
      (.target, settings.blend.targetMax),
      (.regime, settings.blend.regimeMax.value(in: market.regime)),
      (.liquidation, liquidationCap),
    ]
    if circumstances.venueMax.isFinite { caps.append((.venue, circumstances.venueMax)) }
    if confidence < settings.caps.confidenceMin || scores.signal < settings.caps.signalMin {
      caps.append((.weakEntry, settings.caps.weakCap))
    }
    if market.toxicity >= settings.caps.toxicityMax {
      caps.append((.toxicity, settings.caps.toxicCap))
    }
    measures += caps.map { .init("cap_\($0.0.rawValue)", $0.1) }
    var bound = caps[0]
    for cap in caps where cap.1 < bound.1 { bound = cap }
    // Margin need not be posted beyond what the notional asks for, and 1 is the least there is.
    let rejectScale = caution.rejectScale
    let leverage = max(1, bound.1 * rejectScale)
    measures += [.init("reject_scale", rejectScale), .init("leverage_cap", bound.1)]
    let notional = min(risked, leverage)
    return LeverageDecision(
      leverage: leverage, notionalMax: max(0, notional), stopDistance: distance,
      notionalBound: risked <= leverage ? .riskBudget : leverage > bound.1 ? .floor : bound.0,
      leverageBound: leverage > bound.1 ? .floor : bound.0, measures: measures)
  }

  /// What poison, doubt and refusals leave, each at most 1.
  private struct Caution {
    let toxicityScale: Double
    let confidenceScale: Double
    let rejectScale: Double

    init(
      _ circumstances: LeverageCircumstances, _ scores: EntryScores,
      under settings: LeverageSettings
    ) {
      let caution = settings.caution
      let confidence = circumstances.belief.profitProbability
      let toxicity = min(circumstances.market.toxicity, caution.toxicityCap)
      let excess = clip01((toxicity - caution.toxicitySoft) / (1 - caution.toxicitySoft))
      toxicityScale = 1 - caution.toxicityGain * excess.known(or: 0)
      let lack = clip01((caution.confidenceReference - confidence) / caution.confidenceReference)
      confidenceScale = 1 - caution.confidenceGain * lack.known(or: 0)
      rejectScale = circumstances.balanceRejects.scale(
        at: circumstances.now, signal: scores.signal, confidence: confidence,
        under: settings.rejects)
    }
  }
}
