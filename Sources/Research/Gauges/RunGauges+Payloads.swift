package import Essentials

extension RunGauges {
  /// What the console of the budget shows at an instant: series, gauges and flags, and the peaks.
  package func budget(at now: Timestamp, desk: DeskUse? = nil) -> JSONValue {
    let standing = standing(at: now, desk: desk)
    return [
      "run_id": .string(run),
      "series": .object(budgetSeries),
      "gauges": .object(budgetGauges(standing) + furtherGauges(standing)),
      "flags": .object(
        standing.flags.members + standing.flags.furtherMembers + [
          .init("no_data", .bool(hasNoBudget))
        ]),
      "peaks": peaks.json,
    ]
  }

  /// How widely and how newly the run searches.
  package var kpi: JSONValue {
    [
      "run_id": .string(run),
      "series": .object(searchSeries),
      "gauges": [
        "coverage": Self.gauge(search.coverage.map { .number(Self.rounded($0, 4)) }, .null),
        "novelty": Self.gauge(
          search.novelty.map { .number(Self.rounded($0, 4)) }, .number(1)),
        "explore_ratio": Self.gauge(
          search.exploreRatio.map { .number(Self.rounded($0, 4)) },
          .number(configuration.exploreRatio)),
      ],
      "flags": [
        "low_novelty": .bool(search.isNoveltyLow), "low_coverage": .bool(search.isCoverageLow),
        "explore_floor_breached": .bool(search.isExploreShareLow),
        "no_data": .bool(search.isEmpty),
      ],
    ]
  }

  /// What the reactor shows at an instant.
  package func reactorStatus(at now: Timestamp, desk: DeskUse? = nil) -> JSONValue {
    .object(
      [
        .init("run_id", .string(run)), .init("as_of", .string((asOf ?? now).wireText)),
        .init("series", reactorSeries),
      ] + reactorReadings(at: now, desk: desk))
  }

  /// The series of the reactor. They follow from the events alone, so whoever asks often may keep
  /// them until the next event. Cost: its points, of which there are at most 1,740 however long the
  /// run is.
  package var reactorSeries: JSONValue {
    .object(budgetSeries + pulseSeries + searchSeriesInReactorOrder)
  }

  /// What the reactor shows at an instant beside its series: the members `gauges`, `flags` and
  /// `reactor`.
  package func reactorReadings(at now: Timestamp, desk: DeskUse? = nil) -> [JSONValue.Member] {
    let standing = standing(at: now, desk: desk)
    let flags = standing.flags
    return [
      .init(
        "gauges",
        .object(budgetGauges(standing) + velocityGauges(standing) + furtherGauges(standing))),
      .init(
        "flags",
        .object(
          flags.members + [
            .init("protection_mode", .bool(flags.isProtected)),
            .init("reactor_state", .string(standing.state)),
          ] + flags.furtherMembers + [
            .init("no_data", .bool(hasNoBudget && search.isEmpty)),
            .init("low_novelty", .bool(search.isNoveltyLow)),
            .init("low_coverage", .bool(search.isCoverageLow)),
          ])),
      .init("reactor", reactor(standing, at: max(now, asOf ?? now))),
    ]
  }

  /// How validation went, by attempt.
  package var validationKPI: JSONValue {
    [
      "run_id": .string(run),
      "attempts": .array(
        validation.attempts.sorted { $0.key < $1.key }.map { attempt, tally in
          let total = tally.passed + tally.failed
          return [
            "attempt": .integer(attempt), "passed": .integer(tally.passed),
            "failed": .integer(tally.failed), "total": .integer(total),
            "pass_rate": .number(Self.rounded(Double(tally.passed) / Double(total), 4)),
          ]
        }),
      "summary": [
        "runs": .integer(validation.runs), "final_passed": .integer(validation.finalPassed),
        "final_failed": .integer(validation.finalFailed),
        "retrieval_expanded": .integer(validation.retrievalExpanded),
      ],
    ]
  }

  // MARK: - Gauges

  /// Whether the run never had to do with the budget.
  private var hasNoBudget: Bool { prompt == nil }

  private static func gauge(_ value: JSONValue?, _ limit: JSONValue) -> JSONValue {
    ["value": value ?? .null, "limit": limit]
  }

  /// A value where there is a budget to speak of.
  private func known(_ value: JSONValue) -> JSONValue? { hasNoBudget ? nil : value }

  private func budgetGauges(_ standing: GaugeStanding) -> [JSONValue.Member] {
    [
      .init(
        "prompt_tokens",
        Self.gauge(.orNull(prompt?.tokens), .integer(configuration.maxPromptTokens))),
      .init(
        "completion_tokens",
        Self.gauge(.orNull(completion?.tokens), .integer(configuration.maxCompletionTokens))),
      .init(
        "batch_tokens",
        Self.gauge(known(.integer(standing.batch.tokens)), .orNull(configuration.batch.tokens))),
      .init(
        "day_tokens",
        Self.gauge(known(.integer(standing.day.tokens)), .orNull(configuration.day.tokens))),
    ]
  }

  private func velocityGauges(_ standing: GaugeStanding) -> [JSONValue.Member] {
    [
      .init(
        "pressure",
        Self.gauge(known(.number(Self.rounded(standing.pressure, 4))), .number(1))),
      .init(
        "velocity_tokens_per_sec",
        Self.gauge(known(.number(Self.rounded(standing.tokensPerSecond, 6))), .null)),
      .init(
        "velocity_cost_usd_per_min",
        Self.gauge(known(.number(Self.rounded(standing.dollarsPerMinute, 8))), .null)),
    ]
  }

  /// The gauges of the ceilings that older consoles do not know. An amount of money lacks the calls
  /// without a price, which are counted beside it.
  private func furtherGauges(_ standing: GaugeStanding) -> [JSONValue.Member] {
    let floor = configuration.batch.exploreFloorTokens(millionths: configuration.exploreMillionths)
    func dollars(_ spend: Spend) -> JSONValue? { known(.number(spend.cost.dollarsToEightPlaces)) }
    func limit(_ amount: NanoDollars?) -> JSONValue { .optional(amount?.dollarsToEightPlaces) }
    return [
      .init(
        "week_tokens",
        Self.gauge(known(.integer(standing.week.tokens)), .orNull(configuration.week.tokens))),
      .init(
        "exploit_tokens",
        Self.gauge(
          known(.integer(exploitConsumed.tokens)),
          .orNull(configuration.batch.tokens.map { $0 - floor }))),
      .init(
        "explore_tokens",
        Self.gauge(
          known(.integer(exploreConsumed.tokens)),
          .orNull(configuration.batch.exploreTokens ?? configuration.batch.tokens))),
      .init("batch_cost_usd", Self.gauge(dollars(standing.batch), limit(configuration.batch.cost))),
      .init("day_cost_usd", Self.gauge(dollars(standing.day), limit(configuration.day.cost))),
      .init("week_cost_usd", Self.gauge(dollars(standing.week), limit(configuration.week.cost))),
      .init("unpriced_calls", Self.gauge(known(.integer(unpricedCalls)), .null)),
    ]
  }

  // MARK: - Series

  private var budgetSeries: [JSONValue.Member] {
    let points = checks.elements
    return [
      .init(
        "prompt_tokens",
        .array(points.map { Self.point($0.at, .integer($0.promptTokens), $0.maxPromptTokens) })),
      .init(
        "completion_tokens",
        .array(
          points.map { Self.point($0.at, .integer($0.completionTokens), $0.maxCompletionTokens) })
      ),
      .init(
        "fallback_timeline",
        .array(
          fallbackTimeline.elements.map {
            [
              "ts": .string($0.at.wireText), "phase": .string($0.phase),
              "factor": .optional($0.factor), "fallback_count": .integer($0.count),
              "selected_topk": $0.selectedTopK.json,
            ]
          })),
    ]
  }

  private static func point(_ at: Timestamp, _ value: JSONValue, _ limit: Int) -> JSONValue {
    ["ts": .string(at.wireText), "value": value, "limit": .integer(limit)]
  }

  /// How many points of the pressure are shown.
  private static let pressurePoints = 120

  private var pulseSeries: [JSONValue.Member] {
    [
      .init(
        "cost_pulse",
        .array(
          pulses.elements.map {
            [
              "ts": .string($0.at.wireText), "value": .optional($0.dollars),
              "tokens": .integer($0.promptTokens + $0.completionTokens),
              "prompt_tokens": .integer($0.promptTokens),
              "completion_tokens": .integer($0.completionTokens),
            ]
          })),
      .init(
        "pressure",
        .array(
          checks.elements.suffix(Self.pressurePoints).map {
            [
              "ts": .string($0.at.wireText),
              "value": .number(
                GaugeRules.ratio(Double($0.promptTokens), of: Double($0.maxPromptTokens))),
            ]
          })),
    ]
  }

  private var searchSeries: [JSONValue.Member] {
    [
      .init("coverage", Self.series(search.coverageSeries)),
      .init("novelty", Self.series(search.noveltySeries)),
      .init("explore_ratio", Self.series(search.exploreSeries)),
    ]
  }

  private var searchSeriesInReactorOrder: [JSONValue.Member] {
    let series = searchSeries
    return [series[2], series[0], series[1]]
  }

  private static func series(_ points: RecentPoints<SearchTally.Point>) -> JSONValue {
    .array(
      points.elements.map {
        ["ts": .string($0.at.wireText), "value": .number(rounded($0.value, 4))]
      })
  }

  // MARK: - Reactor

  private func reactor(_ standing: GaugeStanding, at now: Timestamp) -> JSONValue {
    let pressure = known(.number(Self.rounded(standing.pressure, 4))) ?? .null
    return [
      "core": [
        "state": .string(standing.state), "temperature": pressure, "pressure": pressure,
        "protection_mode": .bool(standing.flags.isProtected),
      ],
      "token_gauge": [
        "prompt_tokens": .orNull(prompt?.tokens),
        "prompt_limit": .integer(configuration.maxPromptTokens),
        "completion_tokens": .orNull(completion?.tokens),
        "completion_limit": .integer(configuration.maxCompletionTokens),
        "batch_tokens": known(.integer(standing.batch.tokens)) ?? .null,
        "batch_limit": .orNull(configuration.batch.tokens),
        "day_tokens": known(.integer(standing.day.tokens)) ?? .null,
        "day_limit": .orNull(configuration.day.tokens),
      ],
      "cost_pulse": [
        "latest_cost_usd": .optional(pulses.last?.dollars),
        "velocity_cost_usd_per_min":
          known(.number(Self.rounded(standing.dollarsPerMinute, 8))) ?? .null,
      ],
      "exploit_explore_radar": radar(at: now),
      "fallback": [
        "count": .integer(fallbacks.count),
        "latest_phase": .string(fallbacks.latestPhase ?? "none"),
        "latest_factor": .optional(fallbacks.latestFactor),
      ],
      "render_hints": [
        "target_fps": 60, "interpolation": "linear", "sample_interval_ms": 500,
      ],
      "peaks": peaks.json,
    ]
  }

  /// The realised shares of the lanes; before the first candidate those of the latest prompt.
  private func radar(at now: Timestamp) -> JSONValue {
    let explore = search.exploreRatio ?? promptExploreRatio
    let source: String? =
      search.exploreRatio != nil ? "candidates" : promptExploreRatio.map { _ in "prompt" }
    let current = scan.flatMap {
      now.seconds(since: $0.at) <= GaugeRules.scanSeconds ? $0 : nil
    }
    return [
      "exploit_ratio": .optional(explore.map { Self.rounded(1 - $0, 4) }),
      "explore_ratio": .optional(explore.map { Self.rounded($0, 4) }),
      "target_explore_ratio": .number(configuration.exploreRatio),
      "scanner_text": .string(current?.text ?? Scan.idleText),
      "explore_source": .orNull(source),
      "scanner": [
        "phase": .string(current?.phase.rawValue ?? "idle"),
        "sector": .orNull(current?.sector?.number),
        "subcategory": .orNull(current?.sector?.name),
      ],
    ]
  }

  /// The number with so many decimals, ties away from zero.
  static func rounded(_ number: Double, _ places: Int) -> Double {
    let scale = Self.scales[places]
    let scaled = (number * scale).rounded()
    return scaled.isFinite ? scaled / scale : number
  }

  private static let scales = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]
}

extension GaugePeaks {
  var json: JSONValue {
    func member(_ name: String, _ peak: Peak?, _ places: Int) -> JSONValue.Member {
      .init(
        name,
        [
          "value": .optional(peak.map { RunGauges.rounded($0.value, places) }),
          "ts": .orNull(peak?.at.wireText),
        ])
    }
    let flags =
      everOn.members + everOn.furtherMembers + [
        .init("protection_mode", .bool(everOn.isProtected))
      ]
    return .object([
      member("pressure", pressure, 4), member("prompt_tokens", promptTokens, 0),
      member("completion_tokens", completionTokens, 0), member("batch_tokens", batchTokens, 0),
      member("day_tokens", dayTokens, 0),
      member("velocity_tokens_per_sec", tokensPerSecond, 6),
      member("velocity_cost_usd_per_min", dollarsPerMinute, 8),
      .init("flags", .object(flags)),
    ])
  }
}
