import Essentials

/// Every key of `world.yml`: what it sets, how it is written, and what it means. The reader, the
/// canonical form and the schema all follow this table.
enum PolicyKeys {
  /// The value of `schema`.
  static let schemaName = "world/v1"

  /// The whole document.
  static let policy = PolicyForm<WorldPolicy>.mapping(
    from: WorldPolicy(world: ""), required: ["world"], members)

  /// Paths of all keys; `*` stands for a name that the document chooses.
  static var paths: [String] { policy.paths }

  /// For each key that has one place below the top, what it stands under.
  static let parents: [String: String] = {
    var places: [String: Set<String>] = [:]
    for path in paths {
      guard let mark = path.lastIndex(of: ".") else { continue }
      places[String(path[path.index(after: mark)...]), default: []].insert(String(path[..<mark]))
    }
    return places.compactMapValues { $0.count == 1 ? $0.first : nil }
  }()

  private static let members: [PolicyMember<WorldPolicy>] = [
    .fixed("schema", schemaName, "The form of the document."),
    .key("world", \.world, .identifier, "The name of the world."),
    .key("version", \.version, .whole(1...1_000_000_000), "Counted by whoever publishes."),
    .remark("extends", "A policy whose keys hold where this one is silent; lists replace lists."),
    .remark("description", "For people."),
    .key("state", \.state, .choice, "The state that the world shall have once this is applied."),
    .key("allow_live", \.allowsLive, .flag, "Whether anything here may ever trade money."),
    .key(
      "interval", \.interval, .duration(.seconds(1)...(.days(31))),
      "The length of a cycle and of a bar."),
    .key(
      "data_currency", \.currency, .mapping(from: CurrencyRules(), currency),
      "When data is current enough to act upon."),
    .key(
      "evaluation", \.evaluation, .mapping(from: EvaluationRules(), evaluation),
      "When the world is evaluated."),
    .key(
      "metrics", \.metrics, .mapping(from: MetricRules(), metrics),
      "What measures are taken over, and how much evidence they need."),
    .key(
      "robustness", \.robustness, .mapping(from: RobustnessRules(), robustness),
      "What must be shown against luck before a promotion."),
    .key(
      "selection", \.selection, .mapping(from: SelectionRules(), selection), "Who may trade."),
    .key("risk", \.risk, .mapping(from: RiskRules(), risk), "How much may be traded."),
    .key(
      "cutover", \.cutover, .mapping(from: CutoverRules(), cutover),
      "How a switch to or from live money is made."),
    .key("sharing", \.sharing, .mapping(from: SharingRules(), sharing), "What worlds share."),
    .key(
      "slo", \.objectives, .mapping(from: ServiceObjectives(), objectives),
      "What the world promises of its own working."),
    .key("alerts", \.alerts, .list(of: alert), "What is told, how loudly, and what happens."),
    .key("rbac", \.roles, .mapping(from: RoleRules(), roles), "Who may do what."),
    .key("audit", \.audit, .mapping(from: AuditRules(), audit), "What is kept of decisions."),
    .key("instances", \.instances, .list(of: instance), "Instances that the document submits."),
  ]

  // MARK: - Data, evaluation, measures

  private static let currency: [PolicyMember<CurrencyRules>] = [
    .key("max_lag", \.lagMax, .duration(), "Data may lie so far behind the evaluation."),
    .key(
      "min_history", \.historyMin, .duration(), "History that an instance needs before paper."),
    .key("bar_alignment", \.alignment, .choice, "What bars begin with."),
    .key("calendar", \.calendar, .text, "24x7, or the code of an exchange."),
    .key("warmup", \.warmup, .choice, "What must have been seen before an instance is warm."),
    .key(
      "clock_skew", \.clockSkew, .duration(.seconds(0)...(.hours(1))),
      "Data later than the evaluation by more is from the future."),
    .key("on_stale", \.onStale, .choice, "What happens while data is stale."),
    .key("halt_after", \.haltAfter, .duration(), "Stale for so long, live gates close."),
    .key(
      "datasets", \.datasets,
      .byName(dataset, name: \.id) { name, rule in
        CurrencyRules.DatasetRule(id: name, lagMax: rule.lagMax, calendar: rule.calendar)
      }, "Datasets with rules of their own, by id."),
  ]

  private static let dataset = PolicyForm<CurrencyRules.DatasetRule>.mapping(
    from: CurrencyRules.DatasetRule(id: ""),
    [
      .optional("max_lag", \.lagMax, .duration(), "In place of data_currency.max_lag."),
      .optional("calendar", \.calendar, .text, "In place of data_currency.calendar."),
    ])

  private static let evaluation: [PolicyMember<EvaluationRules>] = [
    .key(
      "schedule", \.schedule, .schedule,
      "When cycles begin: `every interval`, `every 1h at +2m`, or a cron line of that kind."),
    .key("deadline", \.deadline, .duration(), "Measures should be there so soon after."),
  ]

  private static let metrics: [PolicyMember<MetricRules>] = [
    .key("annualise", \.annualise, .number(1...40_000_000), "Periods of a year."),
    .key("returns", \.returns, .choice, "What returns are net of."),
    .group(
      "windows",
      [
        .key("short", \.short, .duration(.seconds(1)...TimeSpan.policyMax), "Length of @short."),
        .key("mid", \.mid, .duration(.seconds(1)...TimeSpan.policyMax), "Length of @mid."),
        .key("long", \.long, .duration(.seconds(1)...TimeSpan.policyMax), "Length of @long."),
      ], "The lengths of the named windows."),
    .key(
      "samples", \.samples,
      .byName(sample, name: \.metric) { name, rule in
        var rule = rule
        rule.metric = name
        return rule
      }, "Samples below which a measure is unknown, by its base name."),
    .key("external", \.external, .list(of: .text), "Measures that others hand in."),
  ]

  private static let sample = PolicyForm<MetricRules.SampleRule>.mapping(
    from: MetricRules.SampleRule(metric: ""),
    [
      .optional("min_days", \.daysMin, .number(0...1_000_000), "Days of evidence."),
      .optional("min_trades", \.tradesMin, .number(0...1_000_000_000), "Trades of evidence."),
      .optional("min_bars", \.barsMin, .number(0...1_000_000_000), "Bars of evidence."),
    ])

  // MARK: - Robustness

  private static let robustness: [PolicyMember<RobustnessRules>] = [
    .key(
      "trials", \.trials, .trials, "Variants that were tried: from_registry, or a number."),
    .optional(
      "deflated_sharpe", \.deflatedSharpe,
      .mapping(
        from: RobustnessRules.DeflatedSharpe(min: 0), required: ["min"],
        [
          .key("min", \.min, .fraction(), "The least probability that it is no luck."),
          .key("window", \.window, .window, "The window of the Sharpe ratio."),
        ]), "Demands a Sharpe ratio that the number of trials does not explain."),
    .optional(
      "purged_cv", \.purgedFolds,
      .mapping(
        from: RobustnessRules.PurgedFolds(),
        [
          .key("folds", \.folds, .whole(2...100), "Into how many parts the history is cut."),
          .key("embargo", \.embargo, .fraction(0...0.5), "Share of the rows left out behind."),
          .fixed("purge", "label_horizon", "Rows before a fold are left out for so long."),
          .optional(
            "min_mean_sharpe", \.meanSharpeMin, .number(-100...100), "Least mean over folds."),
          .optional("max_std", \.deviationMax, .number(0...100), "Greatest spread over folds."),
        ]), "Demands that the Sharpe ratio holds in parts of the history."),
    .optional(
      "walk_forward", \.walkForward,
      .mapping(
        from: RobustnessRules.WalkForwardRule(),
        [
          .key("train", \.train, .duration(.days(1)...TimeSpan.policyMax), "Before each test."),
          .key("test", \.test, .duration(.days(1)...TimeSpan.policyMax), "Length of a test."),
          .key("step", \.step, .duration(.days(1)...TimeSpan.policyMax), "Between tests."),
          .optional("min_positive", \.positiveMin, .fraction(), "Least share that gains."),
        ]), "Demands gains in tests that follow each other."),
  ]

  // MARK: - Selection

  private static let selection: [PolicyMember<SelectionRules>] = [
    .key("gates", \.gates, .gate, "What those on paper must show."),
    .optional("keep", \.keep, .gate, "What incumbents must show; the gates where it is silent."),
    .key("score", \.score, .expression(.number), "What they are ranked by, descending."),
    .key(
      "topk", \.topK, .mapping(from: SelectionRules.TopKRule(), topK),
      "How many are admitted, in all and by side."),
    .optional(
      "correlation", \.correlation,
      .mapping(
        from: SelectionRules.CorrelationRule(pairwiseMax: 1), required: ["max_pairwise"],
        correlation), "How alike two admitted instances may be."),
    .optional(
      "clusters", \.clusters, .mapping(from: SelectionRules.ClusterRule(), clusters),
      "How many of a group of similar instances are admitted."),
    .key(
      "constraints", \.constraints, .mapping(from: SelectionRules.CountRules(), constraints),
      "How many admitted instances may share something."),
    .key(
      "hysteresis", \.hysteresis,
      .mapping(from: SelectionRules.HysteresisRules(), hysteresis), "How slowly phases change."),
    .key("approval", \.approval, .approval, "Whether a person lets a promotion happen."),
    .key(
      "min_universe", \.universeMin, .whole(2...10_000),
      "Fewer instances of a side, and rank, pctile and zscore are unknown."),
  ]

  private static let topK: [PolicyMember<SelectionRules.TopKRule>] = [
    .key("total", \.total, .whole(0...100_000), "Of both sides."),
    .group(
      "by_side",
      [
        .key("long", \.long, .whole(0...100_000), "Places of longs."),
        .key("short", \.short, .whole(0...100_000), "Places of shorts."),
      ], "Of each side."),
    .key("spill", \.spills, .flag, "Whether a side may take places that the other leaves empty."),
  ]

  private static let correlation: [PolicyMember<SelectionRules.CorrelationRule>] = [
    .key("max_pairwise", \.pairwiseMax, .number(-1...1), "The greatest that is allowed."),
    .key("measure", \.measure, .choice, "Whether its sign counts."),
    .key("window", \.window, .window, "What it is computed over."),
    .key("min_overlap", \.overlapMin, .duration(), "With less in common it is unknown."),
    .key("missing", \.missing, .choice, "What an unknown one does."),
  ]

  private static let clusters: [PolicyMember<SelectionRules.ClusterRule>] = [
    .key("linkage", \.linkage, .choice, "The distance between two groups."),
    .key("cut", \.cut, .number(0...1), "Groups further apart stay apart: 1 - |correlation|."),
    .key("max_per_cluster", \.perClusterMax, .whole(1...100_000), "Admitted of one group."),
  ]

  private static let constraints: [PolicyMember<SelectionRules.CountRules>] = [
    .optional("per_strategy", \.perStrategy, .whole(1...100_000), "Instances of one strategy."),
    .optional("per_venue", \.perVenue, .whole(1...100_000), "Instances of one venue."),
    .key(
      "per_broker", \.perBroker,
      .byName(
        PolicyForm<Int>.whole(0...100_000).mapped(
          to: { max, _, _ in SelectionRules.CountRules.BrokerCount(broker: "", max: max) },
          from: \.max), name: \.broker
      ) { name, count in
        SelectionRules.CountRules.BrokerCount(broker: name, max: count.max)
      }, "Instances of each broker, by its name."),
  ]

  private static let hysteresis: [PolicyMember<SelectionRules.HysteresisRules>] = [
    .group(
      "promote_after",
      [.key("windows", \.promoteAfter, .whole(1...10_000), "Successive cycles.")],
      "Cycles of being admitted before a promotion."),
    .group(
      "demote_after",
      [.key("windows", \.demoteAfter, .whole(1...10_000), "Successive cycles.")],
      "Cycles of failing before a demotion."),
    .key("min_dwell", \.dwellMin, .duration(), "The least stay in a phase."),
    .key("cooldown", \.cooldown, .duration(), "The rest after a demotion."),
    .key("rank_margin", \.rankMargin, .number(0...1_000_000), "Added to incumbents' scores."),
  ]

  // MARK: - Risk

  private static let risk: [PolicyMember<RiskRules>] = [
    .key("equity", \.equity, .equity, "What fractions are fractions of."),
    .key(
      "budgets", \.budgets, .mapping(from: RiskRules.Budgets(), budgets),
      "What is dealt out to slots."),
    .key(
      "limits", \.limits, .mapping(from: RiskRules.Limits(), limits),
      "What the whole may reach; fractions of equity."),
    .key(
      "cuts", \.cuts, .mapping(from: RiskRules.Cuts(), cuts), "What closes gates at once."),
    .key(
      "reset", \.reset,
      .mapping(
        from: RiskRules.ResetRule(),
        [
          .key("mode", \.mode, .choice, "Who arms the breaker again."),
          .key("auto_reset_after", \.autoResetAfter, .duration(), "The least rest."),
          .key(
            "clear_windows", \.clearWindows, .whole(1...10_000), "Cycles without the cause."),
        ]), "How a tripped breaker is armed again."),
  ]

  private static let budgets: [PolicyMember<RiskRules.Budgets>] = [
    .group(
      "gross",
      [
        .key("long", \.long, .fraction(0...100), "Divided by the places of longs."),
        .key("short", \.short, .fraction(0...100), "Divided by the places of shorts."),
      ], "Exposure of each side at full places."),
    .fixed("sizing", "slot", "Every place of a side has the same weight, taken or not."),
    .optional("max_weight", \.weightMax, .fraction(0...100), "The most of one instance."),
  ]

  private static let limits: [PolicyMember<RiskRules.Limits>] = [
    .optional("gross", \.gross, .fraction(0...100), "Longs plus shorts."),
    .optional("net", \.net, .fraction(0...100), "Longs minus shorts, without its sign."),
    .group(
      "side",
      [
        .optional("long", \.long, .fraction(0...100), "Longs."),
        .optional("short", \.short, .fraction(0...100), "Shorts."),
      ], "Each side."),
    .optional("per_symbol", \.perSymbol, .fraction(0...100), "One symbol."),
    .optional("per_sector", \.perSector, .fraction(0...100), "One sector."),
    .optional("per_exchange", \.perExchange, .fraction(0...100), "One exchange."),
    .optional("leverage", \.leverage, .number(0...1000), "Gross exposure over equity."),
    .optional("margin_used", \.marginUsed, .fraction(0...1), "Of the account's margin."),
    .optional(
      "var_99_1d", \.valueAtRisk99, .fraction(0...1),
      "Loss of a day that one day in a hundred exceeds."),
    .optional(
      "es_975_1d", \.expectedShortfall975, .fraction(0...1),
      "Mean loss of the worst 2.5 % of days."),
  ]

  private static let cuts: [PolicyMember<RiskRules.Cuts>] = [
    .optional(
      "intraday_drawdown", \.intradayDrawdown, loss(from: "session_peak"),
      "A fall below the highest equity of the session."),
    .optional(
      "daily_loss", \.dailyLoss, loss(from: "session_open"),
      "A fall below the equity at the start of the session."),
    .optional(
      "reject_rate", \.rejectRate, rate(counting: "min_orders"), "Orders that are refused."),
    .optional(
      "connection_errors", \.connectionErrors, rate(counting: "min_events"),
      "Events of the connection that are errors."),
    .optional(
      "fill_stream_silence", \.fillSilence,
      .mapping(
        from: RiskRules.SilenceCut(limit: .zero), required: ["limit"],
        [
          .key("limit", \.limit, .duration(.seconds(1)...(.days(7))), "So long without a word."),
          .key("while_open_orders", \.whileOpenOrders, .flag, "Only while orders are open."),
          .key("action", \.action, .choice, "What happens."),
        ]), "Fills of which nothing is heard."),
  ]

  private static func loss(from basis: String) -> PolicyForm<RiskRules.LossCut> {
    .mapping(
      from: RiskRules.LossCut(limit: 0), required: ["limit"],
      [
        .key("limit", \.limit, .fraction(0.0001...1), "Reaching it trips."),
        .fixed("from", basis, "What it is measured from."),
        .key("action", \.action, .choice, "What happens."),
        .key("positions", \.positions, .choice, "What happens to positions."),
        .key("over", \.over, .duration(.seconds(1)...(.days(7))), "The time for flattening."),
      ])
  }

  private static func rate(counting name: String) -> PolicyForm<RiskRules.RateCut> {
    .mapping(
      from: RiskRules.RateCut(limit: 1, window: .minutes(5), countMin: 1),
      required: ["limit", "window", name],
      [
        .key("limit", \.limit, .fraction(0.0001...1), "Reaching it trips."),
        .key("window", \.window, .duration(.seconds(1)...(.days(7))), "What is looked at."),
        .key(name, \.countMin, .whole(1...1_000_000_000), "With fewer the rate says nothing."),
        .key("action", \.action, .choice, "What happens."),
      ])
  }

  // MARK: - Operation

  private static let cutover: [PolicyMember<CutoverRules>] = [
    .key(
      "freeze_timeout", \.freezeTimeout, .duration(.seconds(1)...(.days(1))),
      "The longest wait for holders of gates."),
    .key(
      "gate_lease", \.gateLease, .duration(.seconds(1)...(.hours(1))),
      "A gate that hears nothing for so long is closed."),
    .key(
      "drain_timeout", \.drainTimeout, .duration(.seconds(1)...(.days(1))),
      "The longest wait for open orders."),
    .key("cancel_open_orders", \.cancelsOpenOrders, .flag, "Whether draining cancels them."),
    .key("verify", \.verify, .list(of: .choice), "What is asked of the broker before."),
    .key("monitor_ticks", \.monitorTicks, .whole(0...1_000_000), "Watched before ordering."),
    .group(
      "position_transition",
      [
        .key("on_promote", \.onPromote, .choice, "What becomes of positions on paper."),
        .key("on_demote", \.onDemote, .choice, "What becomes of positions of money."),
      ], "What a switch does to positions."),
    .group(
      "twap",
      [
        .key("over", \.twapOver, .duration(.seconds(1)...(.days(7))), "The time that it takes."),
        .key("slices", \.twapSlices, .whole(1...10_000), "Orders that it is divided into."),
      ], "How positions are closed over time."),
  ]

  private static let sharing: [PolicyMember<SharingRules>] = [
    .key("isolation", \.isolation, .choice, "Whether this world shares at all."),
    .group(
      "share_scope",
      [
        .key("raw", \.raw, .choice, "Data as it came."),
        .key("indicator", \.indicator, .choice, "What is computed of public data."),
        .key("signal", \.signal, .choice, "What a strategy says."),
        .key("order", \.order, .choice, "What is ordered."),
      ], "Who may use what a kind of node computes."),
    .optional("topic_prefix", \.topicPrefix, .text, "Before the names of its events."),
    .group(
      "sweep",
      [
        .key(
          "drain", \.drain, .duration(orWord: "auto"),
          "How long what is not needed is kept; auto is its longest look-back."),
        .key("keep_versions", \.keepVersions, .whole(1...10_000), "Versions of the graph."),
        .key("pin_rollback", \.pinRollback, .duration(), "Versions younger are kept."),
      ], "How what nobody needs is cleared away."),
  ]

  private static let objectives: [PolicyMember<ServiceObjectives>] = [
    .key(
      "transition_delay_cycles", \.transitionDelayCycles, .whole(1...10_000),
      "Cycles from a decision to its effect."),
    .key(
      "cutover_failure_rate", \.cutoverFailureRate, .fraction(), "Share of switches that fail."),
    .key("metric_delay", \.metricDelay, .duration(), "From data to measures."),
  ]

  private static let alert = PolicyForm<AlertRule>.mapping(
    from: AlertRule(on: [], level: .info), required: ["on", "level"],
    [
      .key("on", \.on, .oneOrMany(of: .choice), "One occasion, or a list of them."),
      .key("level", \.level, .choice, "How loudly it is told."),
      .optional("action", \.action, .choice, "What happens besides."),
      .optional("after", \.after, .duration(), "Only where it has lasted so long."),
    ])

  private static let roles: [PolicyMember<RoleRules>] = [
    .key("owners", \.owners, .list(of: .text), "May publish, arm the breaker and change roles."),
    .key("operators", \.operators, .list(of: .text), "May evaluate, apply and freeze."),
    .key("readers", \.readers, .list(of: .text), "May look; * is everybody."),
  ]

  private static let audit: [PolicyMember<AuditRules>] = [
    .key("snapshot", \.snapshot, .choice, "What is kept of what a decision saw."),
    .fixed(
      "chain", "sha256",
      tolerating: (
        "blake3", "Records are chained by SHA-256, which is what the journal does; not by BLAKE3."
      ), "How records are chained."),
    .key("retain", \.retain, .duration(.days(1)...TimeSpan.policyMax), "How long it is kept."),
  ]

  private static let instance = PolicyForm<InstanceDeclaration>.mapping(
    from: InstanceDeclaration(strategy: "", side: .long), required: ["strategy", "side"],
    [
      .key("strategy", \.strategy, .text, "The name of a strategy, or the id of an alpha."),
      .key("params", \.params, .parameters, "Settings of the strategy."),
      .key("side", \.side, .choice, "The direction of what it holds."),
      .key("symbols", \.symbols, .list(of: .text), "What it trades; empty for all."),
      .optional("sector", \.sector, .text, "Whose cap it counts for."),
      .optional("venue", \.venue, .text, "Where it trades."),
      .optional("broker", \.broker, .text, "Through whom it trades."),
      .remark("description", "For people."),
    ])
}
