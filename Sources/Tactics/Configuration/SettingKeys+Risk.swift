extension SettingKeys {
  static let leverage: [SettingKey] = [
    .choice(
      "leverage.model", "LEVERAGE_MODEL", \.leverage.model,
      "How leverage and the notional that it may carry are found."),
    .number(
      "leverage.budget.risk_per_trade", "RISK_PER_TRADE", \.leverage.budget.riskPerTrade,
      0.00001...0.5, Unit.equity, "What one trade may lose at its stop."),
    .number(
      "leverage.budget.noise_multiple", "STOP_NOISE_MULT", \.leverage.budget.noiseMultiple,
      0.1...20, "standard deviations",
      "How far the stop stands from the price, over the time of confirmation."),
    .span(
      "leverage.budget.confirmation_time", "STOP_CONFIRMATION_SEC",
      \.leverage.budget.confirmationTime, "The time that an exit takes to be confirmed."),
    .number(
      "leverage.budget.hold_multiple", "STOP_HOLD_MULT", \.leverage.budget.holdMultiple, 0...20,
      "standard deviations", "How far the stop stands from the price, over the intended hold."),
    .number(
      "leverage.budget.slippage_multiple", "STOP_SLIPPAGE_MULT",
      \.leverage.budget.slippageMultiple, 1...10, "times the stop distance",
      "What a stop is expected to cost in the end."),
    .number(
      "leverage.budget.liquidation_multiple", "LIQUIDATION_STOP_MULT",
      \.leverage.budget.liquidationMultiple, 1...100, "times the stop distance",
      "How far the liquidation price lies beyond the price."),
    .number(
      "leverage.signal.quality_weight", "LEVERAGE_SIGNAL_QUALITY_WEIGHT",
      \.leverage.signal.qualityWeight, 0...1, Unit.share,
      "The share of the entry's quality in the signal; the rest is one-way movement."),
    .choice(
      "leverage.signal.alignment", "LEVERAGE_ALIGNMENT", \.leverage.signal.alignment,
      "What the agreement of drift and side is measured in."),
    .number(
      "leverage.blend.expectation_scale", "K_LEV", \.leverage.blend.expectationScale, 0...1e6,
      "factor", "What expectation over risk is multiplied by."),
    .number(
      "leverage.blend.volatility_cap", "LEVERAGE_SIGMA_CAP_FOR_RISK",
      \.leverage.blend.volatilityCap, 0.01...100, "per year",
      "Volatility counts up to here in the seed's risk."),
    .table(
      "leverage.blend.regime_max", "MAX_LEVERAGE", \.leverage.blend.regimeMax, 1...125,
      Unit.leverage, "The most leverage in a regime."),
    .number(
      "leverage.blend.target_min", "LEVERAGE_TARGET_MIN", \.leverage.blend.targetMin, 1...125,
      Unit.leverage, "The least leverage."),
    .number(
      "leverage.blend.target_max", "LEVERAGE_TARGET_MAX", \.leverage.blend.targetMax, 1...125,
      Unit.leverage, "The most leverage."),
    .number(
      "leverage.blend.power", "LEVERAGE_SIGNAL_SCORE_POW", \.leverage.blend.power, 0.1...10,
      "exponent", "How reluctantly the signal raises leverage."),
    .number(
      "leverage.blend.signal_share", "LEVERAGE_SIGNAL_BLEND", \.leverage.blend.signalShare, 0...1,
      Unit.share, "The share of the signal in the blend."),
    .flag(
      "leverage.blend.aggressive", "LEVERAGE_AGGRESSIVE_ENABLED",
      \.leverage.blend.allowsAggressive,
      "Whether an excellent entry may use all the leverage of its regime."),
    .number(
      "leverage.sync_step", "LEVERAGE_SYNC_STEP", \.leverage.syncStep, 0.01...10, Unit.leverage,
      "The step in which the venue takes leverage."),
  ]

  static let leverageCaution: [SettingKey] = [
    .number(
      "leverage.caution.toxicity_cap", "LEVERAGE_VPIN_CAP", \.leverage.caution.toxicityCap, 0...1,
      "VPIN", "Poison counts up to here."),
    .number(
      "leverage.caution.toxicity_soft", "LEVERAGE_VPIN_SOFT", \.leverage.caution.toxicitySoft,
      0...0.99, "VPIN", "From here poison lowers leverage."),
    .number(
      "leverage.caution.toxicity_hard", "LEVERAGE_VPIN_HARD", \.leverage.caution.toxicityHard,
      0...1, "VPIN", "From here poison with doubt lowers it again."),
    .number(
      "leverage.caution.confidence_reference", "LEVERAGE_CONF_REF",
      \.leverage.caution.confidenceReference, 0.01...1, Unit.probability,
      "Below this probability of profit doubt lowers leverage."),
    .number(
      "leverage.caution.toxicity_gain", "LEVERAGE_VPIN_GAIN", \.leverage.caution.toxicityGain,
      0...1, Unit.share, "What poison takes at most."),
    .number(
      "leverage.caution.confidence_gain", "LEVERAGE_CONF_GAIN",
      \.leverage.caution.confidenceGain, 0...1, Unit.share, "What doubt takes at most."),
    .number(
      "leverage.caution.stress_gain", "LEVERAGE_SIGMA_STRESS_GAIN",
      \.leverage.caution.stressGain, 0...1, Unit.share,
      "What stress takes at most by the seed's rule."),
    .number(
      "leverage.caution.stress_soft", "LEVERAGE_SIGMA_STRESS_SOFT",
      \.leverage.caution.stressSoft, 0...10, "per year", "Where stress begins by the seed's rule."),
    .number(
      "leverage.caution.stress_hard", "LEVERAGE_SIGMA_STRESS_HARD",
      \.leverage.caution.stressHard, 0.001...10, "per year",
      "Where stress is full by the seed's rule."),
    .number(
      "leverage.caution.stress_clip", "LEVERAGE_SIGMA_STRESS_CLIP",
      \.leverage.caution.stressClip, 0...1, Unit.share, "Where stress stops by the seed's rule."),
    .number(
      "leverage.caution.scale_min", "LEVERAGE_SCALE_MIN", \.leverage.caution.scaleMin, 0...1,
      Unit.share, "What caution leaves at least."),
    .number(
      "leverage.caution.scale_max", "LEVERAGE_SCALE_MAX", \.leverage.caution.scaleMax, 1...2,
      Unit.share, "What a sure trend adds at most by the seed's rule."),
    .span(
      "leverage.rejects.window", "LEVERAGE_BALANCE_REJECT_WINDOW_SEC", \.leverage.rejects.window,
      "Refusals for want of balance are remembered so long."),
    .number(
      "leverage.rejects.decay", "LEVERAGE_BALANCE_REJECT_DECAY", \.leverage.rejects.decay,
      0.01...1, Unit.share, "What each refusal leaves of leverage."),
    .number(
      "leverage.rejects.floor", "LEVERAGE_BALANCE_REJECT_FLOOR", \.leverage.rejects.floor,
      0.01...1, Unit.share, "What refusals leave at least."),
    .number(
      "leverage.rejects.relief_signal", "LEVERAGE_BALANCE_REJECT_RELIEF_SIGNAL",
      \.leverage.rejects.reliefSignal, 0...1, "score", "The signal from which they take less."),
    .number(
      "leverage.rejects.relief_confidence", "LEVERAGE_BALANCE_REJECT_RELIEF_CONF",
      \.leverage.rejects.reliefConfidence, 0...1, Unit.probability,
      "The confidence from which they take less."),
    .number(
      "leverage.rejects.relief_power", "LEVERAGE_BALANCE_REJECT_RELIEF_POW",
      \.leverage.rejects.reliefPower, 0...1, "exponent", "How much less they take."),
    .number(
      "leverage.liquidation.maintenance", "MAINTENANCE_MARGIN_RATE",
      \.leverage.liquidation.maintenance, 0...0.5, Unit.fraction,
      "The margin below which the venue liquidates, where its tiers are not known."),
    .number(
      "leverage.liquidation.buffer", "LIQUIDATION_BUFFER", \.leverage.liquidation.buffer, 0...0.5,
      Unit.fraction, "What is kept beyond it."),
    .number(
      "leverage.liquidation.distance_min", "LEVERAGE_MIN_LIQ_DISTANCE",
      \.leverage.liquidation.distanceMin, 0...0.9, Unit.fraction,
      "The least distance of the liquidation price."),
    .number(
      "leverage.liquidation.distance_min_quality", "LEVERAGE_MIN_LIQ_DISTANCE_HQ",
      \.leverage.liquidation.distanceMinQuality, 0...0.9, Unit.fraction,
      "The same for an excellent entry."),
    .number(
      "leverage.caps.confidence_min", "LEVERAGE_CAP_MIN_CONF", \.leverage.caps.confidenceMin,
      0...1, Unit.probability, "Below this probability of profit leverage is capped."),
    .number(
      "leverage.caps.signal_min", "LEVERAGE_CAP_MIN_SIGNAL", \.leverage.caps.signalMin, 0...1,
      "score", "Below this signal leverage is capped."),
    .number(
      "leverage.caps.weak_cap", "LEVERAGE_CAP_WEAK", \.leverage.caps.weakCap, 1...125,
      Unit.leverage, "What it is capped at."),
    .number(
      "leverage.caps.toxicity_max", "LEVERAGE_CAP_VPIN", \.leverage.caps.toxicityMax, 0...1,
      "VPIN", "From this poison leverage is capped."),
    .number(
      "leverage.caps.toxic_cap", "LEVERAGE_CAP_TOXIC", \.leverage.caps.toxicCap, 1...125,
      Unit.leverage, "What poison caps it at."),
    .flag(
      "leverage.legacy.enabled", "LEGACY_DELEV_ENABLED", \.leverage.legacy.isEnabled,
      "Whether positions that carry more leverage than is wanted are brought down step by step."),
    .number(
      "leverage.legacy.leverage_from", "LEGACY_DELEV_FROM", \.leverage.legacy.leverageFrom,
      1...125, Unit.leverage, "Positions from here on are brought down."),
    .number(
      "leverage.legacy.leverage_min", "LEGACY_DELEV_MIN", \.leverage.legacy.leverageMin, 1...125,
      Unit.leverage, "They are brought no further down."),
    .number(
      "leverage.legacy.tolerance", "LEGACY_DELEV_TOLERANCE", \.leverage.legacy.tolerance, 0...10,
      Unit.leverage, "A smaller difference is left."),
    .number(
      "leverage.legacy.step_max", "LEGACY_DELEV_STEP", \.leverage.legacy.stepMax, 0.01...125,
      Unit.leverage, "How far one step goes."),
    .span(
      "leverage.legacy.interval", "LEGACY_DELEV_INTERVAL_SEC", \.leverage.legacy.interval,
      "The least time between two steps of one symbol."),
    .whole(
      "leverage.legacy.symbols_per_cycle", "LEGACY_DELEV_MAX_PER_CYCLE",
      \.leverage.legacy.symbolsPerCycle, 0...1000, Unit.count,
      "So many symbols are brought down in one cycle."),
  ]

  static let sizing: [SettingKey] = [
    .choice(
      "sizing.weights.kelly", "KELLY_MODEL", \.sizing.weights.kelly,
      "Whether the shares of the capital are found for all markets together or one by one."),
    .choice(
      "sizing.weights.transform", "KELLY_WEIGHT_TRANSFORM", \.sizing.weights.transform,
      "How scores become shares of the capital, one by one."),
    .number(
      "sizing.weights.power", "KELLY_SCORE_GAMMA", \.sizing.weights.power, 0.1...20, "exponent",
      "The exponent of the power transform."),
    .number(
      "sizing.weights.temperature", "KELLY_SCORE_TEMP", \.sizing.weights.temperature, 0.01...100,
      "factor", "The temperature of the softmax transforms."),
    .number(
      "sizing.weights.sensitivity", "KELLY_SCORE_SENSITIVITY", \.sizing.weights.sensitivity,
      0.01...100, "factor", "What standardized scores are multiplied by."),
    .choice(
      "sizing.weights.when_empty", "KELLY_WHEN_EMPTY", \.sizing.weights.whenEmpty,
      "What is allocated where no score is positive."),
    .number(
      "sizing.weights.kelly_share", "KELLY_PORTFOLIO_FRAC", \.sizing.weights.kellyShare, 0...1,
      Unit.share, "The share of the Kelly fraction that is used."),
    .table(
      "sizing.weights.kelly_max", "KELLY_MAX", \.sizing.weights.kellyMax, 0...1, Unit.share,
      "The greatest weight of one symbol."),
    .number(
      "sizing.weights.total_exposure", "KELLY_TOTAL_EXPOSURE", \.sizing.weights.totalExposure,
      0...100, "times equity", "What the weights are shares of."),
    .number(
      "sizing.exposure.toxicity_soft", "EXPOSURE_VPIN_SOFT", \.sizing.exposure.toxicitySoft,
      0...0.99, "VPIN", "From here poison lowers exposure."),
    .number(
      "sizing.exposure.toxicity_hard", "EXPOSURE_VPIN_HARD", \.sizing.exposure.toxicityHard, 0...1,
      "VPIN", "From here poison with doubt lowers it again."),
    .number(
      "sizing.exposure.toxicity_gain", "EXPOSURE_VPIN_GAIN", \.sizing.exposure.toxicityGain, 0...1,
      Unit.share, "What poison takes at most."),
    .number(
      "sizing.exposure.confidence_reference", "EXPOSURE_CONF_REF",
      \.sizing.exposure.confidenceReference, 0.01...1, Unit.probability,
      "Below this probability of profit doubt lowers exposure."),
    .number(
      "sizing.exposure.confidence_gain", "EXPOSURE_CONF_GAIN", \.sizing.exposure.confidenceGain,
      0...1, Unit.share, "What doubt takes at most."),
    .number(
      "sizing.exposure.hard_scale", "EXPOSURE_VPIN_HARD_SCALE", \.sizing.exposure.hardScale, 0...1,
      Unit.share, "What poison with doubt leaves."),
    .number(
      "sizing.exposure.scale_min", "EXPOSURE_SCALE_MIN", \.sizing.exposure.scaleMin, 0...1,
      Unit.share, "What is left at least."),
    .number(
      "sizing.exposure.scale_max", "EXPOSURE_SCALE_MAX", \.sizing.exposure.scaleMax, 0...1,
      Unit.share, "What is left at most."),
    .number(
      "sizing.order.safety_pad", "LIVE_ORDER_SAFETY_PAD", \.sizing.order.safetyPad, 0.01...1,
      Unit.share, "The share of the free balance that is dealt out."),
    .number(
      "sizing.order.balance_guard", "LIVE_ORDER_BALANCE_GUARD", \.sizing.order.balanceGuard,
      0.01...1, Unit.share, "The share of the free balance that an order may take as margin."),
    .choice(
      "sizing.order.small_orders", "LIVE_MIN_QTY_MODE", \.sizing.order.smallOrders,
      "What happens to an order below the least that the venue takes."),
    .table(
      "sizing.order.upsize_max", "LIVE_MIN_QTY_MAX_UPSIZE", \.sizing.order.upsizeMax, 1...100,
      "times the wanted quantity", "How far an order is raised to that least."),
    .table(
      "sizing.order.notional_min", "LIVE_ENTRY_MIN_NOTIONAL", \.sizing.order.notionalMin, 0...1e9,
      Unit.quote, "The least notional of an order, beside the venue's own."),
    .number(
      "sizing.order.retry_shrink", "LIVE_ORDER_RETRY_SHRINK", \.sizing.order.retryShrink,
      0.01...0.99, Unit.share, "What is tried again after a refusal for want of balance."),
    .whole(
      "sizing.order.retry_attempts", "LIVE_ORDER_RETRY_MAX_ATTEMPTS",
      \.sizing.order.retryAttempts, 1...20, Unit.count, "How often an order is tried in all."),
  ]

  static let quality: [SettingKey] = [
    .choice(
      "quality.measure", "SYMBOL_QUALITY_MEASURE", \.quality.measure,
      "What the results of trades are measured in."),
    .whole(
      "quality.window_rows", "SYMBOL_QUALITY_WINDOW", \.quality.windowRows, 1...100_000,
      Unit.count, "So many of the latest exits, and of the latest refusals, are heard."),
    .whole(
      "quality.exits_min", "SYMBOL_QUALITY_MIN_EXITS", \.quality.exitsMin, 1...100_000, Unit.count,
      "With fewer exits nothing is said of a symbol."),
    .table(
      "quality.score_min", "SYMBOL_QUALITY_MIN_SCORE", \.quality.scoreMin, 0...1, "score",
      "The score that a symbol must keep."),
    .number(
      "quality.gross_min", "SYMBOL_QUALITY_MIN_GROSS", \.quality.grossMin, -1...1, "return",
      "The mean result before fees that a symbol must keep."),
    .whole(
      "quality.time_exits_min", "SYMBOL_QUALITY_TIME_MIN_EXITS", \.quality.timeExitsMin,
      1...100_000, Unit.count, "With fewer exits around this hour the hour is not judged."),
    .number(
      "quality.time_weight", "SYMBOL_QUALITY_TIME_WEIGHT", \.quality.timeWeight, 0...0.8,
      Unit.share, "The share of the hour in the score."),
  ]
}
