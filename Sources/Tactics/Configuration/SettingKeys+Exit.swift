import Essentials

extension SettingKeys {
  private static func confirmation(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, ExitSettings.Confirmation> & Sendable
  ) -> [SettingKey] {
    func count(
      _ last: String, _ suffix: String,
      _ value: @escaping @Sendable (ExitSettings.Confirmation) -> Int,
      _ write: @escaping @Sendable (inout ExitSettings.Confirmation, Int) -> Void,
      _ meaning: String
    ) -> SettingKey {
      SettingKey(
        path: "\(path).\(last)", specificationName: "\(name)_\(suffix)", kind: .whole(0...1000),
        unit: Unit.count, meaning: meaning, varies: false,
        get: { settings, _ in .whole(value(settings[keyPath: place])) },
        set: { settings, _, new in
          if case .whole(let number) = new { write(&settings[keyPath: place], number) }
        })
    }
    return [
      count(
        "shock_ticks", "CONFIRM_TICKS_SHOCK", \.shock, { $0.shock = $1 },
        "Confirmations that the exit needs in a shock."),
      count(
        "normal_ticks", "CONFIRM_TICKS_NORMAL", \.normal, { $0.normal = $1 },
        "Confirmations that the exit needs in a usual market."),
      count(
        "noise_ticks", "CONFIRM_TICKS_NOISE", \.noise, { $0.noise = $1 },
        "Confirmations that the exit needs in noise."),
      count(
        "min_ticks_outside_shock", "MIN_CONFIRM_NON_SHOCK", \.nonShockMin, { $0.nonShockMin = $1 },
        "The least confirmations outside a shock; 0 adds nothing."),
      SettingKey(
        path: "\(path).reset", specificationName: "\(name)_CONFIRM_RESET_SEC",
        kind: .span(.zero ... .days(7)), unit: "seconds",
        meaning: "Confirmations older than this are forgotten.", varies: false,
        get: { settings, _ in .span(settings[keyPath: place].reset) },
        set: { settings, _, new in
          if case .span(let span) = new { settings[keyPath: place].reset = span }
        }),
      SettingKey(
        path: "\(path).shock_threshold", specificationName: "\(name)_SHOCK_FAST_THRESHOLD",
        kind: .number(0...100), unit: "shock score",
        meaning: "From this score the exit takes the market for a shock.", varies: false,
        get: { settings, _ in .number(settings[keyPath: place].shockThreshold) },
        set: { settings, _, new in
          if case .number(let number) = new { settings[keyPath: place].shockThreshold = number }
        }),
    ]
  }

  private static func progress(
    _ path: String, _ name: String,
    _ place: any WritableKeyPath<TacticsSettings, ExitSettings.Progress> & Sendable
  ) -> [SettingKey] {
    func share(
      _ last: String, _ suffix: String,
      _ value: @escaping @Sendable (ExitSettings.Progress) -> Double,
      _ write: @escaping @Sendable (inout ExitSettings.Progress, Double) -> Void, _ state: String
    ) -> SettingKey {
      SettingKey(
        path: "\(path).progress_\(last)", specificationName: "\(name)_TSTAR_PROGRESS_\(suffix)",
        kind: .number(0...10), unit: "share of the intended hold",
        meaning: "The hold that must have passed before the exit while prices \(state).",
        varies: false, get: { settings, _ in .number(value(settings[keyPath: place])) },
        set: { settings, _, new in
          if case .number(let number) = new { write(&settings[keyPath: place], number) }
        })
    }
    return [
      share("trend", "TREND", \.trend, { $0.trend = $1 }, "trend"),
      share("random", "RANDOM", \.random, { $0.random = $1 }, "wander"),
      share("mean_revert", "MEAN_REVERT", \.meanRevert, { $0.meanRevert = $1 }, "revert"),
    ]
  }

  static let exitCommon: [SettingKey] = [
    .choice(
      "exit.general.confirmation", "EXIT_CONFIRMATION", \.exit.general.confirmation,
      "What the confirmation of an exit counts."),
    .span(
      "exit.general.confirmation_step", "EXIT_CONFIRMATION_STEP_SEC",
      \.exit.general.confirmationStep, "The time of events that one further confirmation takes."),
    .choice(
      "exit.general.alignment", "EXIT_ALIGNMENT", \.exit.general.alignment,
      "What the agreement of drift and position is measured in."),
    .number(
      "exit.general.noise_trend_max", "EXIT_NOISE_TREND_MAX", \.exit.general.noiseTrendMax, 0...8,
      "tick trend", "A stronger trend of ticks is no noise."),
    .number(
      "exit.general.noise_toxicity_max", "EXIT_NOISE_VPIN_MAX", \.exit.general.noiseToxicityMax,
      0...1, "VPIN", "More poison is no noise."),
    .number(
      "exit.general.breakout_min", "EXIT_SHOCK_BREAKOUT_MIN", \.exit.general.breakoutMin,
      0.000001...1, "of the price", "A breakout of ticks from here on is part of a shock."),
    .span(
      "exit.general.hold_min", "EXIT_MIN_HOLD_SEC", \.exit.general.holdMin,
      "The least hold before hybrid, flip, cash and hold exits."),
    .number(
      "exit.general.hold_ratio", "EXIT_MIN_HOLD_RATIO_TO_OPT", \.exit.general.holdRatio, 0...10,
      "share of the intended hold", "The least hold, by the intended one."),
    .span(
      "exit.general.hold_ratio_max", "EXIT_MIN_HOLD_OPT_MAX_SEC", \.exit.general.holdRatioMax,
      "The least hold by the intended one grows no further."),
    .names(
      "exit.general.off", "EXIT_OFF", \.exit.general.off,
      among: ExitKind.allCases.filter(\.isOptional).map(\.rawValue), "Exits that are not asked."),
    .span(
      "exit.time.after", "EXIT_AFTER_SEC", \.exit.time.after,
      "The age at which a position is closed whatever it promises; 0 for none."),
    .flag(
      "exit.time.at_hold", "EXIT_AT_HOLD", \.exit.time.closesAtHold,
      "Whether a position is closed once the hold is over that was intended at its entry."),
  ]

  static let exitEvent: [SettingKey] =
    [
      .number(
        "exit.event.policy.score_min", "EVENT_EXIT_MIN_SCORE", \.exit.policy.scoreMin,
        -0.05...0.01, "event score", "The score at which the event exit begins to close."),
      .number(
        "exit.event.policy.stop_max", "EVENT_EXIT_MAX_P_SL", \.exit.policy.stopMax, 0...1,
        Unit.probability, "The probability of the stop at which it begins to close."),
      .number(
        "exit.event.policy.shortfall_max", "EVENT_EXIT_MAX_ABS_CVAR", \.exit.policy.shortfallMax,
        0...1, Unit.fraction, "The mean of the worst outcomes at which it begins to close."),
      .number(
        "exit.event.policy.time_multiple", "EVENT_EXIT_TIME_STOP_MULT",
        \.exit.policy.timeMultiple, 1...100, "times the intended hold",
        "The age at which it begins to close."),
      .number(
        "exit.event.policy.target_min", "EVENT_EXIT_MIN_P_TP", \.exit.policy.targetMin, 0...1,
        Unit.probability, "The probability of the target at which it begins to close."),
      .span(
        "exit.event.policy.grace", "EVENT_EXIT_GRACE_SEC", \.exit.policy.grace,
        "A position that is younger is closed in a shock only."),
      .number(
        "exit.event.policy.offset_trend", "EVENT_EXIT_SCORE_OFFSET_TREND",
        \.exit.policy.offsetTrend, -0.05...0.05, "event score",
        "What a trend adds to the closing score."),
      .number(
        "exit.event.policy.offset_mean_revert", "EVENT_EXIT_SCORE_OFFSET_MEAN_REVERT",
        \.exit.policy.offsetMeanRevert, -0.05...0.05, "event score",
        "What reverting prices add to the closing score."),
      .number(
        "exit.event.policy.offset_random", "EVENT_EXIT_SCORE_OFFSET_RANDOM",
        \.exit.policy.offsetRandom, -0.05...0.05, "event score",
        "What wandering prices add to the closing score."),
      .number(
        "exit.event.policy.offset_extreme_mean_revert",
        "EVENT_EXIT_SCORE_OFFSET_EXTREME_MEAN_REVERT", \.exit.policy.offsetExtremeMeanRevert,
        -0.05...0.05, "event score", "What extreme poison adds while prices revert."),
      .number(
        "exit.event.policy.offset_extreme", "EVENT_EXIT_SCORE_OFFSET_EXTREME",
        \.exit.policy.offsetExtreme, -0.05...0.05, "event score",
        "What extreme poison adds otherwise."),
    ] + confirmation("exit.event", "EVENT_EXIT", \.exit.event.confirmation)
    + progress("exit.event", "EVENT_MC", \.exit.event.progress) + [
      .flag(
        "exit.event.strict", "EVENT_EXIT_STRICT_CONSISTENCY_MODE", \.exit.event.isStrict,
        "Whether thresholds move with the mode."),
      .choice(
        "exit.event.profit_measure", "EVENT_EXIT_PROFIT_MEASURE", \.exit.event.profitMeasure,
        "What the chance of reaching the target is judged by."),
      .number(
        "exit.event.resolved_min", "EVENT_EXIT_RESOLVED_MIN", \.exit.event.resolvedMin, 0.001...1,
        Unit.probability, "With fewer paths that reach a barrier their share is not known."),
      .number(
        "exit.event.shortfall_weight", "EVENT_EXIT_LAMBDA", \.exit.event.shortfallWeight, 0...100,
        Unit.share, "What the event score takes of the worst outcomes."),
      .number(
        "exit.event.time_cost", "EVENT_EXIT_RHO", \.exit.event.timeCost, 0...1,
        "fraction of notional and second", "What the event score takes for time."),
      .span(
        "exit.event.target_hold_min", "EVENT_MC_TSTAR_MIN_HOLD_FALLBACK_SEC",
        \.exit.event.targetHoldMin, "The intended hold counts as at least this."),
      .number(
        "exit.event.bypass_shock", "EVENT_MC_TSTAR_BYPASS_SHOCK", \.exit.event.bypassShock,
        0...100, "shock score", "From this shock the intended hold is not waited for."),
      .number(
        "exit.event.bypass_stop", "EVENT_MC_TSTAR_BYPASS_P_SL", \.exit.event.bypassStop, 0...1,
        Unit.probability, "From this probability of the stop it is not waited for."),
      .number(
        "exit.event.bypass_target", "EVENT_MC_TSTAR_BYPASS_P_TP", \.exit.event.bypassTarget, 0...1,
        Unit.probability, "Up to this probability of the target it is not waited for."),
      .number(
        "exit.event.bypass_target_ratio", "EVENT_MC_TSTAR_BYPASS_P_TP_RATIO",
        \.exit.event.bypassTargetRatio, 0...1, Unit.share,
        "Nor up to this share of the closing probability."),
      .flag(
        "exit.event.fast_only_in_shock", "EXIT_FAST_ONLY_SHOCK", \.exit.event.fastOnlyInShock,
        "Whether severe outcomes without a shock wait like any other."),
      .number(
        "exit.event.severe_stop", "EVENT_EXIT_SEVERE_P_SL", \.exit.event.severeStop, 0...1,
        Unit.probability, "From this probability of the stop an outcome is severe."),
      .number(
        "exit.event.severe_shortfall", "EVENT_EXIT_SEVERE_ABS_CVAR", \.exit.event.severeShortfall,
        0...1, Unit.fraction, "From this mean of the worst outcomes it is severe."),
      .number(
        "exit.event.flip_score_min", "EVENT_MC_FLIP_MIN_SCORE", \.exit.event.flipScoreMin,
        -0.1...0.1, "event score", "The score that the other side must show to be entered at once."),
      .number(
        "exit.event.flip_margin", "EVENT_MC_FLIP_MARGIN", \.exit.event.flipMargin, 0...0.1,
        "event score", "How far it must exceed the score of the side that is held."),
    ]

  static let exitScores: [SettingKey] =
    confirmation("exit.hybrid", "HYBRID_EXIT", \.exit.hybrid)
    + confirmation("exit.flip", "UNIFIED_FLIP", \.exit.flip.confirmation)
    + progress("exit.flip", "UNIFIED_FLIP", \.exit.flip.progress) + [
      .number(
        "exit.flip.reverse_edge_min", "UNIFIED_FLIP_MIN_REVERSE_EDGE", \.exit.flip.reverseEdgeMin,
        0...0.1, "unified score", "How far the other side must be better."),
      .number(
        "exit.flip.reverse_edge_strong", "UNIFIED_FLIP_STRONG_REVERSE_EDGE",
        \.exit.flip.reverseEdgeStrong, 0...0.1, "unified score",
        "So much better, it needs no further proof."),
      .number(
        "exit.flip.side_probability_min", "UNIFIED_FLIP_MIN_SIDE_PROB",
        \.exit.flip.sideProbabilityMin, 0...1, Unit.probability,
        "The probability that the direction model must give the other side."),
      .number(
        "exit.flip.confidence_min", "UNIFIED_FLIP_MIN_DIR_CONF", \.exit.flip.confidenceMin, 0...1,
        Unit.probability, "The confidence that the direction model must show."),
      .number(
        "exit.flip.edge_min", "UNIFIED_FLIP_MIN_DIR_EDGE", \.exit.flip.edgeMin, 0...1,
        Unit.probability, "The edge that the direction model must show."),
      .number(
        "exit.flip.bypass_shock", "UNIFIED_FLIP_TSTAR_BYPASS_SHOCK", \.exit.flip.bypassShock,
        0...100, "shock score", "From this shock the intended hold is not waited for."),
      .span(
        "exit.flip.target_hold_min", "UNIFIED_FLIP_TSTAR_MIN_HOLD_SEC",
        \.exit.flip.targetHoldMin, "The intended hold counts as at least this."),
    ] + confirmation("exit.cash", "UNIFIED_CASH", \.exit.cash.confirmation) + [
      .flag(
        "exit.cash.compares_with_cash", "POLICY_CASH_EXIT_ENABLED", \.exit.cash.comparesWithCash,
        "Whether a position that is no better than cash is closed."),
      .number(
        "exit.cash.score_drop", "EXIT_SCORE_DROP", \.exit.cash.scoreDrop, 0...0.1,
        "unified score", "How far below its score at entry a position is closed."),
      .flag(
        "exit.respect.enabled", "EXIT_RESPECT_ENTRY", \.exit.respect.isEnabled,
        "Whether a good entry is left alone by flip, cash and drawdown exits."),
      .number(
        "exit.respect.quality_min", "EXIT_RESPECT_ENTRY_MIN_QUALITY", \.exit.respect.qualityMin,
        0...1, "score", "The quality of a good entry."),
      .number(
        "exit.respect.signal_min", "EXIT_RESPECT_ENTRY_MIN_SIGNAL", \.exit.respect.signalMin,
        0...1, "score", "The leverage signal of a good entry."),
      .number(
        "exit.respect.shock_max", "EXIT_RESPECT_ENTRY_MAX_SHOCK", \.exit.respect.shockMax,
        0...100, "shock score", "From this shock no entry is left alone."),
      .number(
        "exit.respect.alignment_min", "EXIT_RESPECT_ENTRY_MIN_ALIGN", \.exit.respect.alignmentMin,
        -10...10, "as the alignment is measured",
        "Up to this agreement with the drift no entry is left alone."),
      .number(
        "exit.respect.reverse_edge_max", "EXIT_RESPECT_ENTRY_MAX_REVERSE_EDGE",
        \.exit.respect.reverseEdgeMax, 0...0.1, "unified score",
        "From this edge of the other side no entry is left alone."),
      .number(
        "exit.respect.progress_max", "EXIT_RESPECT_ENTRY_MAX_PROGRESS", \.exit.respect.progressMax,
        0...10, "share of the intended hold", "From this age no entry is left alone."),
    ] + confirmation("exit.hold", "HOLD_EVAL_EXIT", \.exit.hold.confirmation) + [
      .number(
        "exit.hold.margin", "HOLD_EVAL_EXIT_MARGIN", \.exit.hold.margin, -0.1...0.1,
        Unit.fraction, "How far holding must be better than leaving."),
      .number(
        "exit.hold.progress_min", "HOLD_EVAL_MIN_PROGRESS_TO_EXIT", \.exit.hold.progressMin,
        0...10, "share of the intended hold", "The hold that must have passed."),
      .span(
        "exit.hold.horizon_min", "HOLD_EVAL_MIN_HORIZON_SEC", \.exit.hold.horizonMin,
        "The shortest horizon at which holding is judged."),
      .span(
        "exit.hold.horizon_max", "HOLD_EVAL_MAX_HORIZON_SEC", \.exit.hold.horizonMax,
        "The longest horizon at which holding is judged."),
      .flag(
        "exit.hold.flips", "HOLD_EVAL_ALLOW_FLIP", \.exit.hold.allowsFlip,
        "Whether the other side is entered where it is better than leaving."),
      .number(
        "exit.hold.flip_expectation_min", "HOLD_EVAL_FLIP_MIN_EV", \.exit.hold.flipExpectationMin,
        -0.1...0.1, Unit.fraction, "What the other side must expect."),
      .number(
        "exit.drop.drop_min", "EV_DROP_MIN", \.exit.drop.dropMin, 0...0.1, "unified score",
        "How far a score must fall between two decisions."),
      .number(
        "exit.drop.confidence_fast", "EV_DROP_CONFIDENCE_FAST", \.exit.drop.confidenceFast, 0...1,
        Unit.probability, "From this confidence one such fall is enough."),
      .span(
        "exit.mean.span", "EV_PSL_EMA_SPAN_SEC", \.exit.mean.span,
        "The time over which the mean of score and stop probability forgets."),
      .table(
        "exit.mean.score_floor", "EV_PSL_EMA_SCORE_FLOOR", \.exit.mean.scoreFloor, -0.1...0.1,
        "unified score", "Only scores below are judged by their mean."),
      .table(
        "exit.mean.score_drop", "EV_PSL_EMA_SCORE_DROP", \.exit.mean.scoreDrop, -0.1...0,
        "unified score", "How far the score must lie below its mean."),
      .table(
        "exit.mean.stop_rise", "EV_PSL_EMA_P_SL_RISE", \.exit.mean.stopRise, 0...1,
        Unit.probability, "How far the stop probability must lie above its mean."),
    ]

  static let exitLosses: [SettingKey] =
    confirmation("exit.drawdown", "UNREALIZED_DD", \.exit.drawdown.confirmation)
    + progress("exit.drawdown", "UNREALIZED_DD", \.exit.drawdown.progress) + [
      .choice(
        "exit.drawdown.measure", "UNREALIZED_DD_MEASURE", \.exit.drawdown.measure,
        "What an unrealized loss is measured in."),
      .choice(
        "exit.drawdown.start", "UNREALIZED_DD_START", \.exit.drawdown.start,
        "When the floor begins to hold."),
      .choice(
        "exit.drawdown.shock_counting", "UNREALIZED_DD_SHOCK_COUNTING",
        \.exit.drawdown.shockCounting, "How often a shock raises the floor."),
      .number(
        "exit.drawdown.floor", "UNREALIZED_DD_EXIT_ROE", \.exit.drawdown.floor, -1...(-0.0001),
        "return", "The unrealized loss at which a position is closed."),
      .table(
        "exit.drawdown.regime_multiple", "UNREALIZED_DD_REGIME_MULT",
        \.exit.drawdown.regimeMultiple, 0.1...10, "times", "How a regime moves the floor."),
      .number(
        "exit.drawdown.noise_multiple", "UNREALIZED_DD_NOISE_MULT", \.exit.drawdown.noiseMultiple,
        0...20, "standard deviations",
        "The floor lies at least so far from the entry price, over the time of confirmation."),
      .number(
        "exit.drawdown.bypass_shock", "UNREALIZED_DD_TSTAR_BYPASS_SHOCK",
        \.exit.drawdown.bypassShock, 0...100, "shock score",
        "From this shock the intended hold is not waited for."),
      .number(
        "exit.drawdown.bypass_multiple", "UNREALIZED_DD_TSTAR_BYPASS_MULT",
        \.exit.drawdown.bypassMultiple, 1...100, "times the floor",
        "From this loss it is not waited for."),
      .number(
        "exit.drawdown.severe_multiple", "UNREALIZED_DD_SEVERE_MULT",
        \.exit.drawdown.severeMultiple, 1...100, "times the floor",
        "From this loss no entry is left alone."),
    ]

  static let exitAccount: [SettingKey] = [
    .number(
      "exit.account.liquidation_buffer", "EXCHANGE_LIQ_BUFFER_PCT",
      \.exit.account.liquidationBuffer, 0...0.5, "of the liquidation price",
      "So near its liquidation price a position is closed."),
    .number(
      "exit.account.drawdown_max", "MAX_DRAWDOWN_LIMIT", \.exit.account.drawdownMax, 0.001...1,
      "fraction of initial equity", "The loss at which everything is closed."),
    .whole(
      "exit.account.loss_streak_alert", "LOSS_STREAK_ALERT", \.exit.account.lossStreakAlert,
      1...1000, Unit.count, "Losses one after the other that a person is told of."),
    .number(
      "exit.rebalance.threshold_share", "REBALANCE_THRESHOLD_FRAC",
      \.exit.rebalance.thresholdShare, 0...10, "share of the target",
      "How far a position may drift from its target."),
    .span(
      "exit.rebalance.interval_min", "REBALANCE_MIN_INTERVAL_SEC", \.exit.rebalance.intervalMin,
      "The least time between two corrections."),
    .number(
      "exit.rebalance.notional_min", "REBALANCE_MIN_NOTIONAL", \.exit.rebalance.notionalMin,
      0...1e9, Unit.quote, "The least correction."),
    .flag(
      "exit.rebalance.increases", "REBALANCE_INCREASES", \.exit.rebalance.increases,
      "Whether a position is also added to, where the gates of an entry hold at that moment."),
    .whole(
      "exit.external.confirm_count", "EXTERNAL_CLOSE_CONFIRM_COUNT", \.exit.external.confirmCount,
      1...100, Unit.count, "So often a position must be missed before it counts as closed."),
    .whole(
      "exit.external.empty_confirm_count", "SYNC_EMPTY_CONFIRM_COUNT",
      \.exit.external.emptyConfirmCount, 1...100, Unit.count,
      "So often an empty list must be seen before it is believed."),
    .span(
      "exit.external.grace", "EXTERNAL_CLOSE_GRACE_SEC", \.exit.external.grace,
      "A position that is younger is not missed."),
    .choice(
      "exit.external.forced_evidence", "EXTERNAL_CLOSE_FORCED_EVIDENCE",
      \.exit.external.forcedEvidence, "What tells that a position was forced out."),
    .whole(
      "exit.external.miss_count", "LIVE_LIQUIDATION_MISS_COUNT", \.exit.external.missCount,
      1...100, Unit.count, "So often missed, a position counts as forced out by the seed's rule."),
    .number(
      "exit.external.liquidation_buffer", "EXTERNAL_CLOSE_LIQ_BUFFER_PCT",
      \.exit.external.liquidationBuffer, 0...0.5, "of the liquidation price",
      "So near its liquidation price a position that vanished was forced out."),
    .flag(
      "exit.switching.enabled", "SWITCH_ENABLED", \.exit.switching.isEnabled,
      "Whether a position makes room for a better symbol."),
    .number(
      "exit.switching.margin", "SWITCH_EV_MARGIN", \.exit.switching.margin, 0...0.1,
      "unified score", "How much better another symbol must be."),
    .number(
      "exit.switching.cost_multiple", "SWITCHING_COST_MULT", \.exit.switching.costMultiple, 0...10,
      "times the fee of one side", "What leaving one symbol for another costs."),
  ]
}
