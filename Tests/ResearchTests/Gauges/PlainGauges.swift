import Essentials
import Mathematics

@testable import Research
@testable import Storage

/// The gauges of a run by looking at all its events each time: slow, and without anything to keep in
/// step.
struct PlainGauges {
  let configuration: BudgetConfiguration
  private let events: [(at: Timestamp, event: RecordedEvent)]

  init(_ events: [JournalEvent], _ configuration: BudgetConfiguration) {
    self.configuration = configuration
    var newest: Timestamp?
    self.events = events.map { stored in
      let at = max(stored.at, newest ?? stored.at)
      newest = at
      return (at, RecordedEvent(stored))
    }
  }

  private init(_ events: ArraySlice<(at: Timestamp, event: RecordedEvent)>, _ other: Self) {
    self.events = Array(events)
    configuration = other.configuration
  }

  private var budget: [(at: Timestamp, fact: BudgetFact)] {
    events.compactMap { at, event in
      if case .budget(let event) = event { (at, event.fact) } else { nil }
    }
  }

  private var research: [(at: Timestamp, fact: ResearchFact)] {
    events.compactMap { at, event in
      if case .research(let event) = event { (at, event.fact) } else { nil }
    }
  }

  private var settled: [(at: Timestamp, settlement: Settlement)] {
    budget.compactMap { at, fact in
      if case .settled(let settlement) = fact { (at, settlement) } else { nil }
    }
  }

  /// Calls that are granted and neither settled nor voided, with whether they are presumed.
  private var waiting: [(call: Reservation, isPresumed: Bool)] {
    var waiting: [(call: Reservation, isPresumed: Bool)] = []
    for (_, fact) in budget {
      switch fact {
      case .granted(let call, _): waiting.append((call, false))
      case .settled(let settlement):
        waiting.removeAll { $0.call.id == settlement.reservation.id }
      case .voided(let call, _, _): waiting.removeAll { $0.call.id == call.id }
      case .presumed(let call, _):
        waiting = waiting.map { $0.call.id == call.id ? ($0.call, true) : $0 }
      default: break
      }
    }
    return waiting
  }

  private func likely(_ call: Reservation, _ isPresumed: Bool, at now: Timestamp) -> Int {
    if isPresumed || now >= call.expiresAt { return call.held.tokens }
    let completions = settled.map { $0.settlement.point.usage.completion }
    let usual =
      completions.isEmpty ? 0 : Double(completions.reduce(0, +)) / Double(completions.count)
    return call.request.promptTokensMax + min(call.request.completionTokensMax, Int(usual))
  }

  func batchTokens(at now: Timestamp) -> Int {
    settled.reduce(0) { $0 + $1.settlement.point.usage.total }
      + waiting.reduce(0) { $0 + likely($1.call, $1.isPresumed, at: now) }
  }

  func dayTokens(at now: Timestamp) -> Int {
    var others = 0
    for (place, item) in events.enumerated() where item.at.date == now.date {
      guard case .budget(let event) = item.event else { continue }
      switch event.fact {
      case .granted(_, let check), .refused(let check):
        let earlier = Self(events[..<place], self)
        let own =
          earlier.settledTokens(on: now.date)
          + earlier.waiting.reduce(0) {
            $0 + ($1.call.at.date == now.date ? $1.call.held.tokens : 0)
          }
        others = max(0, check.dayBefore.tokens - own)
      default: break
      }
    }
    return others + settledTokens(on: now.date)
      + waiting.reduce(0) {
        $0 + ($1.call.at.date == now.date ? likely($1.call, $1.isPresumed, at: now) : 0)
      }
  }

  private func settledTokens(on date: CalendarDate) -> Int {
    settled.reduce(0) {
      $0 + ($1.settlement.reservation.at.date == date ? $1.settlement.point.usage.total : 0)
    }
  }

  func tokensPerSecond(at now: Timestamp) -> Double {
    settled.reduce(0) {
      $0 + Double($1.settlement.point.usage.total) / GaugeRules.velocitySeconds
        * Elementary.exp(-now.seconds(since: $1.at) / GaugeRules.velocitySeconds)
    }
  }

  /// The latest prompt with its instant: what a check, a fallback or a settlement said last.
  private var prompt: (tokens: Int, at: Timestamp)? {
    for (at, event) in events.reversed() {
      switch event {
      case .budget(let event):
        switch event.fact {
        case .granted(_, let check), .exploreFloorPreserved(let check), .refused(let check),
          .blocked(let check):
          return (check.request.promptTokensMax, at)
        case .settled(let settlement): return (settlement.point.usage.prompt, at)
        default: continue
        }
      case .research(let event):
        if case .fallbackApplied(let step) = event.fact { return (step.promptTokens, at) }
      default: continue
      }
    }
    return nil
  }

  func pressure(at now: Timestamp) -> Double {
    var ratios = [0.0]
    if let limit = configuration.batch.tokens {
      ratios.append(Double(batchTokens(at: now)) / Double(limit))
    }
    if let limit = configuration.day.tokens {
      ratios.append(Double(dayTokens(at: now)) / Double(limit))
    }
    let isBusy = waiting.contains { !$0.isPresumed && now < $0.call.expiresAt }
    func add(_ tokens: Int, _ limit: Int, _ at: Timestamp) {
      let age = now.seconds(since: at) - GaugeRules.callHoldSeconds
      let share =
        age <= 0 || isBusy ? 1 : Elementary.exp(-age / GaugeRules.callFadeSeconds)
      ratios.append(Double(tokens) / Double(limit) * (share < 1e-3 ? 0 : share))
    }
    if let prompt { add(prompt.tokens, configuration.maxPromptTokens, prompt.at) }
    if let last = settled.last {
      add(
        last.settlement.point.usage.completion, configuration.maxCompletionTokens, last.at)
    }
    return ratios.max() ?? 0
  }

  func level(at now: Timestamp) -> GaugeRules.Level {
    var level = GaugeRules.Level.stable
    for place in events.indices {
      let earlier = Self(events[...place], self)
      level = GaugeRules.level(
        after: level, pressure: earlier.pressure(at: events[place].at))
    }
    return GaugeRules.level(after: level, pressure: pressure(at: now))
  }

  var exploreRatio: Double? {
    let lanes = research.compactMap { _, fact in
      if case .alphaGenerated(let candidate, _) = fact { candidate.lane } else { nil }
    }
    return lanes.isEmpty ? nil : Double(lanes.count { $0 == .explore }) / Double(lanes.count)
  }

  var novelty: Double? {
    let values = research.compactMap { _, fact in
      if case .alphaGenerated(_, let novelty) = fact { novelty } else { nil }
    }.suffix(16)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  var coverage: Double? {
    var names: Set<String> = []
    var available: Int?
    for (_, fact) in research {
      guard case .packBuilt(let pack) = fact else { continue }
      names.formUnion(pack.selectedSubcategories)
      available = pack.available?.subcategories ?? available
    }
    return available.map { min(1, Double(names.count) / Double($0)) }
  }

  /// The prompts of the checks and fallbacks, the last 240.
  var promptSeries: [Int] {
    events.compactMap { _, event in
      switch event {
      case .budget(let event):
        switch event.fact {
        case .granted(_, let check), .exploreFloorPreserved(let check), .refused(let check),
          .blocked(let check):
          check.request.promptTokensMax
        default: nil
        }
      case .research(let event):
        if case .fallbackApplied(let step) = event.fact { step.promptTokens } else { nil }
      default: nil
      }
    }.suffix(240)
  }
}
