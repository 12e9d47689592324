package import Essentials

/// How a run stands at an instant.
package struct GaugeStanding: Hashable, Sendable {
  /// The largest of the ratios below.
  package let pressure: Double
  package let level: GaugeRules.Level
  package let flags: GaugeFlags
  /// Tokens and money that the run has used and is likely to use in the calls under way.
  package let batch: Spend
  package let day: Spend
  package let week: Spend
  package let tokensPerSecond: Double
  package let dollarsPerMinute: Double

  /// `blocked`, `critical`, `warning` or `stable`.
  package var state: String {
    if flags.budgetBlocked { return "blocked" }
    switch level {
    case .critical: return "critical"
    case .warning: return "warning"
    case .stable: return flags.isProtected ? "warning" : "stable"
    }
  }
}

/// What holds at an instant, each flag with a cause that holds too.
package struct GaugeFlags: Hashable, Sendable {
  package var budgetBlocked = false
  package var overPrompt = false
  package var overCompletion = false
  package var overBatch = false
  package var overDay = false
  package var overWeek = false
  package var overCost = false
  package var exploreFloorBreached = false
  /// Whether the desk protects itself: by a refusal, or by a fallback a moment ago.
  package var isProtected = false

  /// The flags with their names, as consoles know them; the last two are of ceilings that older
  /// consoles do not know.
  var members: [JSONValue.Member] {
    [
      .init("budget_blocked", .bool(budgetBlocked)),
      .init("over_prompt_budget", .bool(overPrompt)),
      .init("over_completion_budget", .bool(overCompletion)),
      .init("over_batch_budget", .bool(overBatch)), .init("over_day_budget", .bool(overDay)),
      .init("explore_floor_breached", .bool(exploreFloorBreached)),
    ]
  }

  var furtherMembers: [JSONValue.Member] {
    [
      .init("over_week_budget", .bool(overWeek)), .init("over_cost_budget", .bool(overCost)),
    ]
  }

  /// The flags that are on in either.
  func union(_ other: Self) -> Self {
    var union = self
    for flag in [
      \Self.budgetBlocked, \.overPrompt, \.overCompletion, \.overBatch, \.overDay, \.overWeek,
      \.overCost, \.exploreFloorBreached, \.isProtected,
    ] where other[keyPath: flag] {
      union[keyPath: flag] = true
    }
    return union
  }
}

extension RunGauges {
  /// How the run stands at an instant; one before the newest event is taken as that of the event.
  ///
  /// - Parameter desk: what all runs have used, where the tables of the ledger are at hand. Without
  ///   it the day and the week are what the run's last check said, and what the run used since.
  package func standing(at now: Timestamp, desk: DeskUse? = nil) -> GaugeStanding {
    let now = max(now, asOf ?? now)
    let batch = consumed.saturating(plus: projected(at: now))
    let day = use(day, known: desk?.day, at: now)
    let week = use(week, known: desk?.week, at: now)
    let flags = flags(at: now, desk: desk)
    let pressure = pressure(batch: batch, day: day, week: week, at: now)
    return GaugeStanding(
      pressure: pressure, level: GaugeRules.level(after: level, pressure: pressure), flags: flags,
      batch: batch, day: day, week: week, tokensPerSecond: tokenRate.rate(at: now),
      dollarsPerMinute: costRate.rate(at: now) * 60)
  }

  private func projected(
    at now: Timestamp, where isWanted: (Reservation) -> Bool = { _ in true }
  ) -> Spend {
    let usual = settledCalls == 0 ? nil : settledCompletionTokens / Double(settledCalls)
    return open.projected(at: now, usualCompletion: usual, where: isWanted)
  }

  private func use(
    _ meter: PeriodMeter, known: DeskUse.Period?, at now: Timestamp
  ) -> Spend {
    let start = meter.start(of: now)
    let waiting = projected(at: now) { meter.start(of: $0.at) == start }
    return (known?.consumed ?? meter.used(at: now)).saturating(plus: waiting)
  }

  /// What the ledger counts as used of a period: open reservations by their ceilings.
  private func held(
    _ meter: PeriodMeter, known: DeskUse.Period?, at now: Timestamp
  ) -> Spend {
    if let known { return known.consumed.saturating(plus: known.reserved) }
    let start = meter.start(of: now)
    return meter.used(at: now).saturating(plus: open.held { meter.start(of: $0.at) == start })
  }

  // MARK: - Pressure

  private func pressure(
    batch: Spend, day: Spend, week: Spend, at now: Timestamp
  ) -> Double {
    var pressure = 0.0
    func add(_ value: Int, _ limit: Int?) {
      guard let limit else { return }
      pressure = max(pressure, GaugeRules.ratio(Double(value), of: Double(limit)))
    }
    for (period, use) in [(BudgetPeriod.batch, batch), (.day, day), (.week, week)] {
      let ceilings = configuration.ceilings(period)
      add(use.tokens, ceilings.tokens)
      add(Int(use.cost.count), ceilings.cost.map { Int($0.count) })
    }
    for (reading, limit) in [
      (prompt, configuration.maxPromptTokens), (completion, configuration.maxCompletionTokens),
    ] {
      guard let reading else { continue }
      let ratio = GaugeRules.ratio(Double(reading.tokens), of: Double(limit))
      pressure = max(pressure, ratio * freshness(reading, at: now))
    }
    return pressure
  }

  /// 1 while the call is recent or any call is under way, then falling to 0.
  private func freshness(_ reading: Reading, at now: Timestamp) -> Double {
    let age = now.seconds(since: reading.at) - GaugeRules.callHoldSeconds
    guard age > 0, !open.isAnyUnderWay(at: now) else { return 1 }
    return GaugeRules.fading(after: age)
  }

  // MARK: - Flags

  private func flags(at now: Timestamp, desk: DeskUse?) -> GaugeFlags {
    var flags = GaugeFlags()
    if let verdict {
      for cause in verdict.causes where stands(cause, of: verdict, at: now, desk: desk) {
        if verdict.isBlocked { flags.budgetBlocked = true }
        switch cause.key {
        case "request_prompt": flags.overPrompt = true
        case "request_completion": flags.overCompletion = true
        case "batch_total": flags.overBatch = true
        case "day_total": flags.overDay = true
        case "week_total": flags.overWeek = true
        case let key where key.hasSuffix("_cost"): flags.overCost = true
        default: break
        }
      }
    }
    if let floorBreachedAt {
      flags.exploreFloorBreached =
        now.seconds(since: floorBreachedAt) <= GaugeRules.verdictSeconds
    }
    let isAfterFallback =
      fallbacks.latestAt.map { now.seconds(since: $0) <= GaugeRules.protectionSeconds } ?? false
    flags.isProtected =
      isAfterFallback || flags.budgetBlocked || flags.overPrompt || flags.overCompletion
      || flags.overBatch || flags.overDay || flags.overWeek || flags.overCost
    return flags
  }

  /// Whether what caused a verdict still holds: a period's ceiling while the call would still exceed
  /// it, what concerned the call alone for as long as the call is of interest.
  private func stands(
    _ cause: StandingVerdict.Cause, of verdict: StandingVerdict, at now: Timestamp, desk: DeskUse?
  ) -> Bool {
    guard let period = cause.period else {
      return now.seconds(since: verdict.at) <= GaugeRules.verdictSeconds
    }
    let use: Spend
    switch period {
    case .batch: use = consumed.saturating(plus: open.held())
    case .day:
      guard day.start(of: now) == day.start(of: verdict.at) else { return false }
      use = held(day, known: desk?.day, at: now)
    case .week:
      guard week.start(of: now) == week.start(of: verdict.at) else { return false }
      use = held(week, known: desk?.week, at: now)
    }
    let ceilings = configuration.ceilings(period)
    let limit =
      cause.isMoney ? ceilings.cost.map { Double($0.count) } : ceilings.tokens.map(Double.init)
    guard let limit else { return false }
    return Double(cause.isMoney ? Int(use.cost.count) : use.tokens) + cause.asked > limit
  }
}

/// The highest readings of a run and the flags that ever were on.
struct GaugePeaks: Hashable, Sendable {
  struct Peak: Hashable, Sendable {
    let value: Double
    let at: Timestamp
  }

  private(set) var pressure: Peak?
  private(set) var promptTokens: Peak?
  private(set) var completionTokens: Peak?
  private(set) var batchTokens: Peak?
  private(set) var dayTokens: Peak?
  private(set) var tokensPerSecond: Peak?
  private(set) var dollarsPerMinute: Peak?
  private(set) var everOn = GaugeFlags()

  mutating func take(_ standing: GaugeStanding, _ gauges: RunGauges, at now: Timestamp) {
    func raise(_ path: WritableKeyPath<Self, Peak?>, _ value: Double?) {
      guard let value, value > (self[keyPath: path]?.value ?? 0) else { return }
      self[keyPath: path] = Peak(value: value, at: now)
    }
    raise(\.pressure, standing.pressure)
    raise(\.promptTokens, gauges.prompt.map { Double($0.tokens) })
    raise(\.completionTokens, gauges.completion.map { Double($0.tokens) })
    raise(\.batchTokens, Double(standing.batch.tokens))
    raise(\.dayTokens, Double(standing.day.tokens))
    raise(\.tokensPerSecond, standing.tokensPerSecond)
    raise(\.dollarsPerMinute, standing.dollarsPerMinute)
    everOn = everOn.union(standing.flags)
  }
}
