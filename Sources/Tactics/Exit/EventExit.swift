package import Essentials
import Markets

/// How the rest of a trade would end. NaN is what is not known.
package struct EventMetrics: Hashable, Sendable {
  /// Expected return of the notional, net of what is still to be paid.
  package var expected = Double.nan
  /// Mean return of the worst outcomes, at most 0.
  package var shortfall = Double.nan
  package var stopProbability = Double.nan
  package var targetProbability = Double.nan
  /// The time until it ends, in seconds.
  package var seconds = Double.nan

  package init() {}

  /// Returns what is expected less a share of the worst outcomes and a price of time; NaN where
  /// expectation or shortfall are not known.
  package func score(under settings: ExitSettings.Event) -> Double {
    expected - settings.shortfallWeight * abs(shortfall)
      - (settings.timeCost == 0 ? 0 : settings.timeCost * seconds)
  }

  /// Returns the chance of the target as it is measured: plainly, or among the paths that reach a
  /// barrier. NaN where too few of them do.
  package func targetChance(under settings: ExitSettings.Event) -> Double {
    guard settings.profitMeasure == .resolvedShare else { return targetProbability }
    let resolved = targetProbability + stopProbability
    return resolved >= settings.resolvedMin ? targetProbability / resolved : .nan
  }
}

/// The exit that simulates the rest of the trade, and the check of an entry by the same rule.
package enum EventExit {
  /// What the exit of one position looks at besides its outcome.
  package struct Circumstances: Hashable, Sendable {
    /// The thresholds before the mode moves them.
    package var thresholds: EventThresholds
    package var mode: ExitMode
    package var shock: Double
    package var ageSeconds: Double
    /// Age over the intended hold.
    package var progress: Double
    /// Whether prices trend, revert or wander, as in ``MarketState``.
    package var market: MarketState

    package init(
      thresholds: EventThresholds, mode: ExitMode, shock: Double, ageSeconds: Double,
      progress: Double, market: MarketState
    ) {
      self.thresholds = thresholds
      self.mode = mode
      self.shock = shock
      self.ageSeconds = ageSeconds
      self.progress = progress
      self.market = market
    }
  }

  /// Whether any threshold is reached; not applicable where nothing is known.
  package static func core(
    _ metrics: EventMetrics, _ circumstances: Circumstances, under settings: ExitSettings
  ) -> TacticVerdict {
    let event = settings.event
    let limits =
      event.isStrict
      ? circumstances.thresholds.shifted(for: circumstances.mode) : circumstances.thresholds
    let score = metrics.score(under: event)
    let target = metrics.targetChance(under: event)
    let shortfall = abs(metrics.shortfall)
    let measures: [TacticVerdict.Measure] = [
      .init("score", score, limit: limits.score),
      .init("shortfall", shortfall, limit: limits.shortfall),
      .init("stop_probability", metrics.stopProbability, limit: limits.stop),
      .init("target_chance", target, limit: limits.target),
      .init("progress", circumstances.progress, limit: limits.time),
    ]
    guard [score, shortfall, metrics.stopProbability, target].contains(where: \.isFinite) else {
      return .notApplicable("unknown", measures)
    }
    let hit: String? =
      score <= limits.score
      ? "score"
      : shortfall >= limits.shortfall
        ? "shortfall"
        : metrics.stopProbability >= limits.stop
          ? "stop_probability"
          : target <= limits.target
            ? "target_chance" : circumstances.progress >= limits.time ? "time" : nil
    return TacticVerdict(hit == nil ? .pass : .fail, hit ?? "idle", measures)
  }

  /// Judges a position: a threshold is reached, the intended hold is far enough gone or the case is
  /// grave, and the calls are confirmed.
  package static func judge(
    _ metrics: EventMetrics, _ circumstances: Circumstances,
    confirmations: inout ExitConfirmations, at now: Timestamp, under settings: ExitSettings
  ) -> TacticVerdict {
    let event = settings.event
    let mode = circumstances.mode
    func calm(_ outcome: TacticVerdict) -> TacticVerdict {
      confirmations.clear(.event)
      return outcome
    }
    let core = core(metrics, circumstances, under: settings)
    guard core.outcome == .fail else { return calm(core) }
    if circumstances.ageSeconds < settings.policy.grace.seconds, mode != .shock {
      return calm(TacticVerdict(.pass, "grace", core.measures))
    }
    let targetLimit = core.measures.first { $0.name == "target_chance" }?.limit ?? .nan
    let target = metrics.targetChance(under: event)
    let isLowTarget =
      target <= max(event.bypassTarget, event.bypassTargetRatio * targetLimit)
    let required = event.progress.required(for: circumstances.market.motion)
    let isGrave =
      circumstances.shock >= event.bypassShock || metrics.stopProbability >= event.bypassStop
      || isLowTarget
    if circumstances.progress < required, !isGrave {
      return calm(
        TacticVerdict(
          .pass, "tstar_progress",
          core.measures + [.init("hold_progress", circumstances.progress, limit: required)]))
    }
    let isSevere =
      metrics.stopProbability >= event.severeStop
      || abs(metrics.shortfall) >= event.severeShortfall || isLowTarget
    let pace = mode != .shock && !event.fastOnlyInShock && isSevere ? .shock : mode
    let count = confirmations.observe(
      .event, isTriggered: true, at: now, reset: event.confirmation.reset, under: settings.general)
    let demanded = event.confirmation.required(in: pace)
    let measures =
      core.measures + [.init("confirmations", Double(count), limit: Double(demanded))]
    return count >= demanded
      ? TacticVerdict(.fail, "\(ExitKind.event.rawValue)_\(mode.rawValue)", measures)
      : TacticVerdict(.pass, "confirming", measures)
  }

  /// Checks an entry: a position of age 0 is put before the same rule, with nothing confirmed yet.
  package static func precheck(
    _ metrics: EventMetrics, thresholds: EventThresholds, mode: ExitMode, shock: Double,
    market: MarketState, at now: Timestamp, under settings: ExitSettings
  ) -> EventPrecheck {
    var confirmations = ExitConfirmations()
    let verdict = judge(
      metrics,
      Circumstances(
        thresholds: thresholds, mode: mode, shock: shock, ageSeconds: 0, progress: 0,
        market: market),
      confirmations: &confirmations, at: now, under: settings)
    return EventPrecheck(
      verdict: verdict, stopProbability: metrics.stopProbability,
      targetProbability: metrics.targetProbability)
  }

  /// Whether the other side is so good that it is entered when the position is closed.
  package static func flips(
    from score: Double, to opposite: Double, under settings: ExitSettings.Event
  ) -> Bool {
    opposite >= settings.flipScoreMin && opposite >= score + settings.flipMargin
  }
}
