import Models

extension SettingKeys {
  static let signals: [SettingKey] = [
    .choice(
      "signals.rules", "ALPHA_BELIEF_RULES", \.signals.rules,
      "How much estimates of a drift count."),
    .number(
      "signals.weights.mlofi", "ALPHA_WEIGHT_MLOFI", \.signals.weights.multiLevelFlow, 0...1,
      Unit.share, "The share of the drift that the flow at all levels has."),
    .number(
      "signals.weights.kalman", "ALPHA_WEIGHT_KF", \.signals.weights.kalman, 0...1, Unit.share,
      "The share of the drift that the Kalman filter has."),
    .number(
      "signals.weights.particle", "ALPHA_WEIGHT_PF", \.signals.weights.particle, 0...1,
      Unit.share, "The share of the drift that the particle filter has."),
    .number(
      "signals.weights.bayesian", "ALPHA_WEIGHT_BAYES", \.signals.weights.bayesian, 0...1,
      Unit.share, "The share of the drift that the Bayesian mean has."),
    .number(
      "signals.weights.autoregression", "ALPHA_WEIGHT_AR", \.signals.weights.autoregression, 0...1,
      Unit.share, "The share of the drift that the autoregression has."),
    .number(
      "signals.weights.learned", "ALPHA_WEIGHT_ML", \.signals.weights.learned, 0...1, Unit.share,
      "The share of the drift that learned trees (mu_ml) have, where they are listened to."),
    .choice(
      "signals.learned_evidence", "ALPHA_ML_EVIDENCE", \.signals.learnedEvidence,
      "What learned trees must have shown on held-out rows to be heard: that they earn after costs, that "
        + "they explain returns, or nothing (any)."),
    .number(
      "signals.weights.causal", "ALPHA_WEIGHT_CAUSAL", \.signals.weights.causal, 0...1, Unit.share,
      "The share of the drift that the causal weights have."),
    .number(
      "signals.garch_weight", "ALPHA_WEIGHT_GARCH", \.signals.garchWeight, 0...1, Unit.share,
      "The share of the volatility that GARCH has."),
    .number(
      "signals.hidden_state_share", "ALPHA_WEIGHT_HMM", \.signals.hiddenStateShare, 0...1,
      Unit.share, "The share of the drift that a sure hidden state moves; 0 leaves it out."),
    .number(
      "signals.direction_confidence_min", "ALPHA_DIRECTION_MIN_CONFIDENCE",
      \.signals.directionConfidenceMin, 0.5...1, Unit.probability,
      "From this confidence on the direction model moves the drift."),
    .number(
      "signals.direction_strength", "ALPHA_DIRECTION_STRENGTH", \.signals.directionStrength, 0...1,
      Unit.share, "The share of the drift that a sure direction moves."),
    .flag(
      "signals.market_factors", "ALPHA_MARKET_FACTORS", \.signals.usesMarketFactors,
      "Whether a table of trend and hour scales drift and volatility."),
    .whole(
      "signals.warm_up_bars", "ALPHA_WARM_UP_BARS", \.signals.warmUpBars, 2...100_000, Unit.count,
      "So many returns are seen before anything is believed."),
  ]

  static let outlook: [SettingKey] = [
    .span(
      "outlook.horizons.shortest", "MC_HORIZON_MIN_SEC", \.outlook.horizons.shortest,
      "The shortest time that a trade is thought through for."),
    .span(
      "outlook.horizons.longest", "MC_HORIZON_MAX_SEC", \.outlook.horizons.longest,
      "The longest time that a trade is thought through for."),
    .whole(
      "outlook.horizons.count", "MC_HORIZON_COUNT", \.outlook.horizons.count, 1...16, Unit.count,
      "So many horizons, each the same factor longer than the one before."),
    .span(
      "outlook.horizons.step", "MC_TIME_STEP_SEC", \.outlook.horizons.step,
      "The step of simulated paths, for which the law of motion holds."),
    .choice(
      "outlook.law.kind", "MC_PATH_LAW", \.outlook.law.kind,
      "The law by which simulated prices move."),
    .number(
      "outlook.law.degrees_of_freedom", "MC_STUDENT_DF", \.outlook.law.degreesOfFreedom, 2.1...1000,
      "degrees of freedom", "How heavy the tails of a step are by Student's t distribution."),
    .number(
      "outlook.law.jump_rate", "MC_JUMP_RATE", \.outlook.law.jumpRate, 0...100_000, "per year",
      "How often prices jump by the law of jumps."),
    .number(
      "outlook.law.jump_mean", "MC_JUMP_MEAN", \.outlook.law.jumpMean, -1...1, "log return",
      "The mean of a jump."),
    .number(
      "outlook.law.jump_deviation", "MC_JUMP_STD", \.outlook.law.jumpDeviation, 0...1,
      "log return", "The deviation of a jump."),
    .whole(
      "outlook.law.bootstrap_block", "MC_BOOTSTRAP_BLOCK", \.outlook.law.bootstrapBlock, 1...1000,
      Unit.count, "So many neighboring steps of the past are drawn together."),
    .whole(
      "outlook.law.bootstrap_steps", "MC_BOOTSTRAP_WINDOW", \.outlook.law.bootstrapSteps,
      16...10_000, Unit.count, "So many steps of the past are drawn from."),
    .whole(
      "outlook.paths.first", "MC_N_PATHS_STAGE1", \.outlook.paths.first, 1024...262_144,
      Unit.count, "Paths after which a simulation first asks whether they are enough."),
    .whole(
      "outlook.paths.most", "MC_N_PATHS_STAGE2", \.outlook.paths.most, 1024...262_144, Unit.count,
      "The most paths of a simulation."),
    .number(
      "outlook.paths.error", "MC_FLIP_ERROR", \.outlook.paths.error, 0.0001...0.5,
      Unit.probability,
      "A simulation stops when more paths would change its decision with at most this chance."),
    .number(
      "outlook.paths.near_margin", "MC_NEAR_MARGIN", \.outlook.paths.nearMargin, 0...0.1,
      Unit.fraction,
      "A closed form that misses an entry by more than this is not checked by simulation."),
    .number(
      "outlook.score.tail_aversion", "PSI_LAMBDA", \.outlook.score.tailAversion, 0...10, "factor",
      "How much a loss in the tail weighs against a gain of the mean."),
    .number(
      "outlook.score.opportunity_rate", "PSI_RHO", \.outlook.score.opportunityRate, 0...0.01,
      "per second", "What the money would earn elsewhere."),
    .choice(
      "outlook.targets.stop", "MC_STOP_MODEL", \.outlook.targets.stop,
      "Where simulated trades are stopped."),
    .number(
      "outlook.targets.take_profit_base", "MC_TP_BASE_ROE", \.outlook.targets.takeProfitBase,
      0.00001...1, Unit.fraction, "The target at the base horizon and the reference volatility."),
    .number(
      "outlook.targets.stop_base", "MC_SL_BASE_ROE", \.outlook.targets.stopBase, 0.00001...1,
      Unit.fraction,
      "The stop at the base horizon and the reference volatility by the seed's rule."),
    .span(
      "outlook.targets.horizon_base", "MC_TPSL_H_SCALE_BASE", \.outlook.targets.horizonBase,
      "The horizon of the bases; targets grow with the root of time."),
    .number(
      "outlook.targets.volatility_reference", "MC_TPSL_SIGMA_REF",
      \.outlook.targets.volatilityReference, 0.01...20, "per year",
      "The volatility of the bases; targets grow with volatility."),
    .number(
      "outlook.targets.scale_min", "MC_TPSL_SIGMA_MIN", \.outlook.targets.scaleMin, 0.01...100,
      "factor", "The least that volatility makes of a target."),
    .number(
      "outlook.targets.scale_max", "MC_TPSL_SIGMA_MAX", \.outlook.targets.scaleMax, 0.01...100,
      "factor", "The most that volatility makes of a target."),
    .number(
      "outlook.costs.spread_assumed", "SPREAD_ASSUMED", \.outlook.costs.spreadAssumed, 0...0.1,
      "of the mid", "The spread where no book tells it."),
    .number(
      "outlook.costs.slippage", "SLIPPAGE_PER_SIDE", \.outlook.costs.slippage, 0...0.1,
      Unit.fraction, "What an order pays beyond the best price, however small."),
    .number(
      "outlook.costs.impact", "SLIPPAGE_IMPACT", \.outlook.costs.impact, 0...10,
      "daily deviations at a whole day's turnover",
      "What an order pays for its size, by the root of its share of the turnover."),
  ]

  static let trading: [SettingKey] = [
    .span(
      "trading.decision_interval", "DECISION_REFRESH_SEC", \.trading.decisionInterval,
      "The least time between two decisions."),
    .span(
      "trading.warm_up", "WARM_UP_SEC", \.trading.warmUp,
      "So long a market is watched before it is traded."),
    .choice(
      "trading.entry_order", "ENTRY_ORDER_KIND", \.trading.entryOrder,
      "How an entry is ordered."),
    .number(
      "trading.limit_slack", "ENTRY_LIMIT_SLACK", \.trading.limitSlack, 0...0.1, Unit.fraction,
      "How far beyond the price of the decision the limit of an entry lies."),
    .flag(
      "trading.take_profit_at_venue", "TAKE_PROFIT_ENABLED", \.trading.takesProfitAtVenue,
      "Whether the target rests at the venue beside the stop."),
    .span(
      "trading.order_timeout", "ORDER_TIMEOUT_SEC", \.trading.orderTimeout,
      "An order that nothing is heard of for so long is not known any more."),
    .span(
      "trading.turn_window", "FLIP_ENTRY_WINDOW_SEC", \.trading.turnWindow,
      "So long after a position was closed to be turned, the other side is entered as a flip."),
    .span(
      "trading.joint.interval", "PORTFOLIO_JOINT_INTERVAL_SEC", \.trading.joint.interval,
      "A joint simulation that refused an entry holds so long."),
    .number(
      "trading.joint.days", "PORTFOLIO_DAYS", \.trading.joint.days, 0.001...30, "days",
      "How far ahead all positions are simulated together."),
    .span(
      "trading.joint.step", "PORTFOLIO_STEP_SEC", \.trading.joint.step,
      "The step of the joint simulation."),
    .whole(
      "trading.joint.paths", "PORTFOLIO_SIMULATIONS", \.trading.joint.paths, 1024...262_144,
      Unit.count, "The paths of the joint simulation."),
    .span(
      "trading.joint.correlation_half_life", "PORTFOLIO_CORRELATION_HALF_LIFE_SEC",
      \.trading.joint.correlationHalfLife,
      "The time after which a move counts half for the correlation of two markets."),
    .number(
      "trading.joint.correlation_prior", "PORTFOLIO_CORRELATION_PRIOR",
      \.trading.joint.correlationPrior, 0...0.99, "correlation",
      "What is believed of the correlation of two markets before it is seen."),
    .number(
      "trading.joint.market_fall_daily", "PORTFOLIO_MARKET_JUMP_P",
      \.trading.joint.marketFallDaily, 0...1, "probability per day",
      "How likely all markets fall at once."),
    .number(
      "trading.joint.own_fall_daily", "PORTFOLIO_IDIO_JUMP_P", \.trading.joint.ownFallDaily,
      0...1, "probability per day", "How likely one market falls by itself."),
    .number(
      "trading.joint.fall_min", "PORTFOLIO_JUMP_MIN", \.trading.joint.fallMin, 0...0.9,
      "of the price", "The least of such a fall."),
    .number(
      "trading.joint.fall_max", "PORTFOLIO_JUMP_MAX", \.trading.joint.fallMax, 0...0.9,
      "of the price", "The most of such a fall."),
    .number(
      "trading.joint.fall_cost_factor", "PORTFOLIO_JUMP_SLIPPAGE_MULT",
      \.trading.joint.fallCostFactor, 1...100, "factor",
      "What a fall makes of the cost of leaving."),
  ]
}
