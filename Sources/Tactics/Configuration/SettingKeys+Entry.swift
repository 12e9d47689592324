extension SettingKeys {
  static let market: [SettingKey] = [
    .table(
      "entry.market.spread_max", "SPREAD_PCT_MAX", \.entry.market.spreadMax, 0...0.1, "of the mid",
      "The widest spread that an entry is made at."),
    .number(
      "entry.market.liquidity_min", "MIN_LIQ_SCORE", \.entry.market.liquidityMin, 0...1e12, "score",
      "The least liquidity score that an entry is made at."),
    .number(
      "entry.market.tick_volatility_min", "MIN_TICK_VOL", \.entry.market.tickVolatilityMin, 0...1,
      "of log returns between ticks", "The least deviation of ticks that an entry is made at."),
  ]

  static let costs: [SettingKey] = [
    .choice(
      "entry.costs.counting", "ENTRY_COST_COUNTING", \.entry.costs.counting,
      "How often costs are taken from an expectation."),
    .choice(
      "entry.costs.mode", "ENTRY_COST_GATE_MODE", \.entry.costs.mode,
      "Which of the cost rules decides where both apply."),
    .number(
      "entry.costs.both_net_floor", "ENTRY_BOTH_EV_NEG_NET_FLOOR", \.entry.costs.bothNetFloor,
      -0.1...0.1, Unit.fraction, "No entry while both sides expect at most this, net."),
    .table(
      "entry.costs.gross_min", "ENTRY_GROSS_EV_MIN", \.entry.costs.grossMin, -0.1...0.1,
      Unit.fraction, "The least expectation before costs."),
    .flag(
      "entry.costs.gross_requires_side", "ENTRY_GROSS_EV_REQUIRE_SIDE",
      \.entry.costs.grossRequiresSide,
      "Whether the chosen side must show it; otherwise the better side is enough."),
    .table(
      "entry.costs.net_min", "ENTRY_NET_EXPECTANCY_MIN", \.entry.costs.netMin, -0.1...0.1,
      Unit.fraction, "The least expectation after costs, before poison and doubt raise it."),
    .number(
      "entry.costs.toxicity_start", "ENTRY_NET_EXPECTANCY_VPIN_START",
      \.entry.costs.toxicityStart, 0...0.99, "VPIN",
      "From here poison raises the least expectation."),
    .table(
      "entry.costs.toxicity_bump", "ENTRY_NET_EXPECTANCY_VPIN_BUMP", \.entry.costs.toxicityBump,
      0...0.1, Unit.fraction, "How far poison of 1 raises the least expectation."),
    .number(
      "entry.costs.confidence_reference", "ENTRY_NET_EXPECTANCY_DIR_CONF_REF",
      \.entry.costs.confidenceReference, 0.01...1, Unit.probability,
      "Below this confidence in a direction the least expectation rises."),
    .table(
      "entry.costs.confidence_bump", "ENTRY_NET_EXPECTANCY_DIR_CONF_BUMP",
      \.entry.costs.confidenceBump, 0...0.1, Unit.fraction,
      "How far a confidence of 0 raises the least expectation."),
    .flag(
      "entry.costs.requires_signal", "ENTRY_NET_EXPECTANCY_REQUIRE_SIGNAL",
      \.entry.costs.requiresSignal, "Whether an unknown expectation refuses the entry."),
    .number(
      "entry.costs.base_fee", "HYBRID_BASE_FEE_RATE", \.entry.costs.baseFee, 0...0.05,
      "fraction of notional and side", "The fee that is assumed where costs are not known."),
    .number(
      "entry.costs.slippage_bps", "HYBRID_SLIPPAGE_BPS", \.entry.costs.slippageBasisPoints,
      0...500, "basis points and side", "The slippage that is assumed where costs are not known."),
    .table(
      "entry.costs.fee_multiple", "FEE_FILTER_MULT", \.entry.costs.feeMultiple, 0...100,
      Unit.leverage, "How many times its costs a trade must expect before costs."),
    .number(
      "entry.costs.fee_extra", "FEE_FILTER_EXTRA", \.entry.costs.feeExtra, -0.1...0.1,
      Unit.fraction, "What a trade must expect beyond its costs."),
  ]

  static let choice: [SettingKey] = [
    .number(
      "entry.choice.threshold", "POLICY_ENTRY_THRESHOLD", \.entry.choice.threshold, 0...0.1,
      Unit.fraction, "The score that a side must reach at the reference horizon."),
    .number(
      "entry.choice.threshold_floor", "POLICY_ENTRY_THRESHOLD_FLOOR",
      \.entry.choice.thresholdFloor, 0...0.1, Unit.fraction,
      "The score that a side must reach however short the horizon."),
    .span(
      "entry.choice.threshold_horizon", "POLICY_ENTRY_THRESHOLD_HORIZON_SEC",
      \.entry.choice.thresholdHorizon,
      "The reference horizon; the demanded score grows with the root of time."),
    .table(
      "entry.choice.gap_min", "POLICY_MIN_EV_GAP", \.entry.choice.gapMin, 0...0.1, Unit.fraction,
      "How far the expectations of the sides must lie apart."),
    .number(
      "entry.choice.expectation_min", "POLICY_MIN_EV", \.entry.choice.expectationMin, -0.1...0.1,
      Unit.fraction, "The expectation that the chosen side must exceed."),
    .flag(
      "entry.choice.small_gap", "POLICY_SMALL_GAP_ALLOW_HIGH_CONF", \.entry.choice.allowsSmallGap,
      "Whether high confidence stands in for a gap that is too small."),
    .table(
      "entry.choice.small_gap_confidence", "POLICY_SMALL_GAP_CONFIDENCE",
      \.entry.choice.smallGapConfidence, 0...1, Unit.probability,
      "The probability of profit that a small gap demands."),
    .table(
      "entry.choice.small_gap_direction_confidence", "POLICY_SMALL_GAP_DIR_CONFIDENCE",
      \.entry.choice.smallGapDirectionConfidence, 0...1, Unit.probability,
      "The confidence in a direction that a small gap demands."),
    .table(
      "entry.choice.small_gap_direction_edge", "POLICY_SMALL_GAP_DIR_EDGE",
      \.entry.choice.smallGapDirectionEdge, 0...1, Unit.probability,
      "The edge of the direction model that a small gap demands."),
    .table(
      "entry.choice.small_gap_side_probability", "POLICY_SMALL_GAP_SIDE_PROB",
      \.entry.choice.smallGapSideProbability, 0...1, Unit.probability,
      "The probability of the chosen side that a small gap demands."),
    .choice(
      "entry.choice.probability_limits", "POLICY_PROBABILITY_LIMITS",
      \.entry.choice.probabilityLimits, "Which probabilities a side must show before it is chosen."),
    .table(
      "entry.choice.profit_min", "POLICY_P_POS_ENTER", \.entry.choice.profitMin, 0...1,
      Unit.probability, "The least probability of profit."),
    .table(
      "entry.choice.stop_max", "POLICY_P_SL_ENTER_MAX", \.entry.choice.stopMax, 0...1,
      Unit.probability, "The greatest probability of the stop."),
    .table(
      "entry.choice.target_min", "POLICY_P_TP_ENTER_MIN", \.entry.choice.targetMin, 0...1,
      Unit.probability, "The least probability of the target."),
    .span(
      "entry.choice.trend_hold", "POLICY_TREND_MIN_HOLD_SEC", \.entry.choice.trendHold,
      "The least hold of a trade with a sure direction and little poison."),
  ]

  static let direction: [SettingKey] = [
    .table(
      "entry.direction.confidence_min", "ALPHA_DIRECTION_GATE_MIN_CONF",
      \.entry.direction.confidenceMin, 0...0.99, Unit.probability,
      "The confidence that the direction model must show."),
    .table(
      "entry.direction.edge_min", "ALPHA_DIRECTION_GATE_MIN_EDGE", \.entry.direction.edgeMin,
      0...0.99, Unit.probability, "The edge that the direction model must show."),
    .table(
      "entry.direction.side_probability_min", "ALPHA_DIRECTION_GATE_MIN_SIDE_PROB",
      \.entry.direction.sideProbabilityMin, 0...0.99, Unit.probability,
      "The probability that the direction model must give the chosen side."),
    .number(
      "entry.direction.small_gap", "ALPHA_DIRECTION_GATE_SMALL_GAP", \.entry.direction.smallGap,
      0...0.1, Unit.fraction, "Below this gap between the sides the direction is asked for."),
    .number(
      "entry.direction.weak_drift", "ALPHA_DIRECTION_WEAK_MU", \.entry.direction.weakDrift,
      0...1000, "per year", "Below this drift, and the weak gap, the demands are raised."),
    .number(
      "entry.direction.weak_gap", "ALPHA_DIRECTION_WEAK_GAP", \.entry.direction.weakGap, 0...0.1,
      Unit.fraction, "Below this gap, and the weak drift, the demands are raised."),
    .flag(
      "entry.direction.requires_signal", "ALPHA_DIRECTION_GATE_REQUIRE_SIGNAL",
      \.entry.direction.requiresSignal, "Whether a direction that is not known refuses the entry."),
    .flag(
      "entry.direction.adapts", "ALPHA_DIRECTION_ADAPTIVE_GATE", \.entry.direction.adapts,
      "Whether measured skill moves the demands."),
    .choice(
      "entry.direction.adaptation", "ALPHA_DIRECTION_ADAPTATION", \.entry.direction.adaptation,
      "How far measured skill moves the demands."),
    .span(
      "entry.direction.skill_age_max", "ALPHA_DIRECTION_STATUS_MAX_AGE_SEC",
      \.entry.direction.skillAgeMax, "Skill measured longer ago moves nothing."),
    .table(
      "entry.unified.floor", "UNIFIED_ENTRY_FLOOR", \.entry.unified.floor, -0.1...0.1,
      "unified score", "The score that an entry must reach."),
    .number(
      "entry.unified.score_min", "MIN_ENTRY_SCORE", \.entry.unified.scoreMin, 0...0.1,
      "unified score", "A second floor of the score, heard where it is above 0."),
    .flag(
      "entry.floor_lock.enabled", "LEVERAGE_FLOOR_LOCK_ENABLED", \.entry.floorLock.isEnabled,
      "Whether weak trades whose leverage stays at its floor are refused."),
    .number(
      "entry.floor_lock.leverage_tolerance", "LEVERAGE_FLOOR_LOCK_TOLERANCE",
      \.entry.floorLock.leverageTolerance, 0...10, Unit.leverage,
      "So near the floor, leverage counts as being there."),
    .number(
      "entry.floor_lock.gap_max", "LEVERAGE_FLOOR_LOCK_GAP_MAX", \.entry.floorLock.gapMax, 0...0.1,
      Unit.fraction, "A greater gap between the sides is no weak trade."),
    .number(
      "entry.floor_lock.confidence_max", "LEVERAGE_FLOOR_LOCK_CONF_MAX",
      \.entry.floorLock.confidenceMax, 0...1, Unit.probability,
      "A greater probability of profit is no weak trade."),
    .number(
      "entry.floor_lock.direction_confidence_max", "LEVERAGE_FLOOR_LOCK_DIR_CONF_MAX",
      \.entry.floorLock.directionConfidenceMax, 0...1, Unit.probability,
      "A greater confidence in a direction is no weak trade."),
    .number(
      "entry.floor_lock.score_excess_max", "LEVERAGE_FLOOR_LOCK_SCORE_EXCESS_MAX",
      \.entry.floorLock.scoreExcessMax, 0...0.1, "unified score",
      "A score further above its floor is no weak trade."),
    .whole(
      "entry.floor_lock.sticky_count", "LEVERAGE_FLOOR_LOCK_STICKY", \.entry.floorLock.stickyCount,
      1...1000, Unit.count, "So many evaluations at the floor lock it."),
    .flag(
      "entry.consensus.enabled", "CONSENSUS_OVERRIDE_ENABLED", \.entry.consensus.isEnabled,
      "Whether indicators that agree may turn waiting into an entry."),
    .number(
      "entry.consensus.threshold", "CONSENSUS_THRESHOLD", \.entry.consensus.threshold, 0...100,
      "score", "How strongly indicators must agree."),
    .number(
      "entry.consensus.confidence_min", "CONSENSUS_MIN_CONFIDENCE",
      \.entry.consensus.confidenceMin, 0...1, Unit.probability,
      "The confidence that such an entry demands."),
  ]

  static let size: [SettingKey] = [
    .number(
      "entry.size.notional_min", "MIN_ENTRY_NOTIONAL", \.entry.size.notionalMin, 0...1e9,
      Unit.quote, "The least notional of an entry."),
    .number(
      "entry.size.notional_share_min", "MIN_ENTRY_NOTIONAL_PCT", \.entry.size.notionalShareMin,
      0...1, "fraction of balance", "The least notional of an entry, by balance."),
    .number(
      "entry.size.notional_hard_min", "MIN_ENTRY_NOTIONAL_HARD_MIN",
      \.entry.size.notionalHardMin, 0...1e9, Unit.quote,
      "The least notional of an entry whatever the other two say."),
    .number(
      "entry.size.notional_floor_share_max", "MIN_ENTRY_NOTIONAL_CAP_PCT",
      \.entry.size.notionalFloorShareMax, 0...10, "fraction of balance",
      "The floor of the notional rises no further than this."),
    .number(
      "entry.size.exposure_share_min", "MIN_ENTRY_EXPOSURE_PCT", \.entry.size.exposureShareMin,
      0...10, Unit.equity, "The least notional of an entry, by equity."),
    .whole(
      "entry.size.rank_max", "TOP_N_SYMBOLS", \.entry.size.rankMax, 1...10_000, Unit.count,
      "So many of the best symbols are entered."),
    .number(
      "entry.size.exposure_max", "LIVE_MAX_NOTIONAL_EXPOSURE", \.entry.size.exposureMax, 0...100,
      "times equity", "The most that all positions together may carry."),
    .whole(
      "entry.size.positions_max", "MAX_POSITIONS", \.entry.size.positionsMax, 0...10_000,
      Unit.count, "The most positions held at once; 0 is no limit."),
    .number(
      "entry.portfolio.expected_min", "PRE_MC_MIN_EXPECTED_PNL", \.entry.portfolio.expectedMin,
      -1...1, Unit.equity, "What the joint simulation must expect."),
    .number(
      "entry.portfolio.shortfall_min", "PRE_MC_MIN_CVAR", \.entry.portfolio.shortfallMin, -1...0,
      Unit.equity, "What the joint simulation may lose on its worst paths."),
    .number(
      "entry.portfolio.liquidation_max", "PRE_MC_MAX_LIQUIDATION_PROB",
      \.entry.portfolio.liquidationMax, 0...1, Unit.probability,
      "The greatest probability that the account is liquidated."),
    .flag(
      "entry.portfolio.blocks", "PRE_MC_BLOCK_ON_FAIL", \.entry.portfolio.blocks,
      "Whether a failed joint simulation refuses the entry; otherwise it is made smaller."),
    .number(
      "entry.portfolio.scale_on_fail", "PRE_MC_SIZE_SCALE", \.entry.portfolio.scaleOnFail, 0...1,
      Unit.share, "What is left of the size after a failed joint simulation."),
    .names(
      "entry.overrides", "ENTRY_OVERRIDE_FILTERS", \.entry.overrides,
      among: EntryGate.allCases.map(\.rawValue), "Gates whose failing is not heard."),
    .names(
      "entry.flip_overrides", "EVENT_MC_FLIP_OVERRIDE_FILTERS", \.entry.flipOverrides,
      among: EntryGate.allCases.map(\.rawValue),
      "Gates whose failing is not heard by an entry that turns a position around."),
  ]

  static let event: [SettingKey] = [
    .flag(
      "entry.event.enabled", "ENTRY_EVENT_EXIT_FILTER_ENABLED", \.entry.event.isEnabled,
      "Whether the event exit is asked before an entry."),
    .flag(
      "entry.event.blocks", "ENTRY_BLOCK_EVENT_MC_EXIT", \.entry.event.blocks,
      "Whether an entry that it would close at once is refused."),
    .table(
      "entry.event.shortfall_floor", "ENTRY_EVENT_CVAR_R_MIN", \.entry.event.shortfallFloor,
      -100...0, "multiples of the stop", "The worst outcomes that an entry may have on average."),
    .flag(
      "entry.event.bypass", "ENTRY_EVENT_EXIT_BYPASS_ENABLED", \.entry.event.allowsBypass,
      "Whether an excellent entry is made in spite of it."),
    .number(
      "entry.event.bypass_confidence", "ENTRY_EVENT_EXIT_BYPASS_MIN_CONF",
      \.entry.event.bypassConfidence, 0...1, Unit.probability,
      "The probability of profit of an excellent entry."),
    .number(
      "entry.event.bypass_direction_confidence", "ENTRY_EVENT_EXIT_BYPASS_MIN_DIR_CONF",
      \.entry.event.bypassDirectionConfidence, 0...1, Unit.probability,
      "The confidence in its direction of an excellent entry."),
    .number(
      "entry.event.bypass_edge", "ENTRY_EVENT_EXIT_BYPASS_MIN_EDGE", \.entry.event.bypassEdge,
      0...1, Unit.probability, "The edge of an excellent entry."),
    .number(
      "entry.event.bypass_gap", "ENTRY_EVENT_EXIT_BYPASS_MIN_GAP", \.entry.event.bypassGap,
      0...0.1, Unit.fraction, "The gap between the sides of an excellent entry."),
    .number(
      "entry.event.bypass_quality", "ENTRY_EVENT_EXIT_BYPASS_MIN_QUALITY",
      \.entry.event.bypassQuality, 0...1, "score", "The quality of an excellent entry."),
    .number(
      "entry.event.bypass_stop_max", "ENTRY_EVENT_EXIT_BYPASS_MAX_P_SL",
      \.entry.event.bypassStopMax, 0...1, Unit.probability,
      "From this probability of the stop no entry is excellent."),
    .number(
      "entry.event.bypass_target_ratio", "ENTRY_EVENT_EXIT_BYPASS_MIN_TP_SL_RATIO",
      \.entry.event.bypassTargetRatio, 0...10, "probability over probability",
      "Up to this ratio of target to stop no entry is excellent."),
  ]
}
