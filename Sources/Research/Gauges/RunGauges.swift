package import Essentials
package import Storage

/// What the gauges of one run show, as a fold of the run's events told one by one.
///
/// Invariants, by number; tests cite them.
///
///  G1  Telling the events again from the start gives an equal value; an event that was told already
///      and one of another run make no difference.
///  G2  An event costs the parsing of its payload and a few look-ups, however long the run is; a
///      series keeps its last points, a set its first ``membersMax``.
///  G3  A payload at an instant follows from the value and the instant. Asking changes nothing.
///  G4  A flag that is on has a cause that holds at that instant (``GaugeRules``). That it ever was
///      on is among the peaks.
///  G5  Pressure is finite and not negative, and an open reservation presses by what its call is
///      likely to use, not by its ceiling.
///  G6  What nobody measured is null, and never raises a flag.
package struct RunGauges: Hashable, Sendable {
  package let run: String
  /// The ceilings that hold at present, which need not be those of the events.
  package let configuration: BudgetConfiguration

  /// The number of the last event that was told, 0 before.
  package private(set) var lastSeq: Int64 = 0
  /// How many events were told, and how many of these could not be read.
  package private(set) var eventCount = 0
  package private(set) var unreadableCount = 0
  /// The instant of the newest event, nil before the first. Instants that go backward are taken to
  /// stand still.
  package private(set) var asOf: Timestamp?

  /// More than a catalogue has subcategories.
  static let membersMax = 4096

  // The budget.
  var open = OpenCalls()
  /// Settled and presumed for good, by lane.
  var consumed = Spend.zero
  var exploitConsumed = Spend.zero
  var exploreConsumed = Spend.zero
  var unpricedCalls = 0
  var settledCalls = 0
  var settledCompletionTokens = 0.0
  var day = PeriodMeter(.day)
  var week = PeriodMeter(.week)
  /// The prompt of the latest call: what it was measured to have once it is settled, until then the
  /// bound with which it was checked.
  var prompt: Reading?
  /// The completion of the latest settled call.
  var completion: Reading?
  /// The latest check or step of a fallback that exceeded something and that no grant followed.
  var verdict: StandingVerdict?
  var floorBreachedAt: Timestamp?
  var fallbacks = FallbackTally()
  /// The explore share among the candidates of the latest prompt.
  var promptExploreRatio: Double?
  var tokenRate = DecayingRate(seconds: GaugeRules.velocitySeconds)
  var costRate = DecayingRate(seconds: GaugeRules.velocitySeconds)
  var level = GaugeRules.Level.stable
  var peaks = GaugePeaks()

  // The search.
  var search = SearchTally()
  var scan: Scan?
  var validation = ValidationTally()

  // The series.
  var checks = RecentPoints<CheckPoint>(capacity: 240)
  var fallbackTimeline = RecentPoints<FallbackPoint>(capacity: 120)
  var pulses = RecentPoints<PulsePoint>(capacity: 180)

  /// Begins the gauges of a run of which nothing is known.
  package init(run: String, configuration: BudgetConfiguration) {
    self.run = run
    self.configuration = configuration
  }

  // MARK: - Taking in events

  /// Takes in the next event of the run.
  package mutating func take(_ stored: JournalEvent) {
    guard stored.run == run, stored.seq > lastSeq else { return }
    lastSeq = stored.seq
    eventCount += 1
    let now = max(stored.at, asOf ?? stored.at)
    asOf = now
    switch RecordedEvent(stored) {
    case .budget(let event): take(event, at: now)
    case .research(let event): take(event.fact, at: now)
    case .foreign: return
    case .unreadable:
      unreadableCount += 1
      return
    }
    let standing = self.standing(at: now, desk: nil)
    level = standing.level
    peaks.take(standing, self, at: now)
  }

  private mutating func take(_ event: BudgetEvent, at now: Timestamp) {
    switch event.fact {
    case .granted(let reservation, let check):
      note(check, at: now)
      if let dropped = open.open(reservation) { spend(dropped.held, of: dropped) }
      verdict = nil
      if let facts = check.request.prompt {
        floorBreachedAt = facts.exploreFloorPreserved ? nil : now
      }
    case .exploreFloorPreserved(let check):
      point(check, at: now)
      floorBreachedAt = nil
    case .refused(let check):
      note(check, at: now)
      verdict = StandingVerdict(check, isBlocked: false, at: now)
      if verdict?.exceeds("explore_floor") == true { floorBreachedAt = now }
    case .blocked(let check):
      point(check, at: now)
      verdict = StandingVerdict(check, isBlocked: true, at: now)
    case .settled(let settlement): settle(settlement, at: now)
    case .voided(let reservation, _, _): open.close(reservation.id)
    case .presumed(let reservation, _): open.presume(reservation.id)
    default: break
    }
  }

  /// Takes in what a check says of the call and of what was used before it.
  private mutating func note(_ check: BudgetCheck, at now: Timestamp) {
    for (path, before) in [
      (\RunGauges.day, check.dayBefore), (\RunGauges.week, check.weekBefore),
    ] {
      let meter = self[keyPath: path]
      let start = meter.start(of: now)
      let held = open.held { meter.start(of: $0.at) == start }
      self[keyPath: path].take(usedBefore: before, held: held, at: now)
    }
    point(check, at: now)
    if let ratio = Self.exploreRatio(check.request.prompt?.laneRatio) { promptExploreRatio = ratio }
  }

  private mutating func point(_ check: BudgetCheck, at now: Timestamp) {
    prompt = Reading(tokens: check.request.promptTokensMax, at: now)
    checks.append(
      CheckPoint(
        at: now, promptTokens: check.request.promptTokensMax,
        completionTokens: check.request.completionTokensMax,
        maxPromptTokens: check.limits.maxPromptTokens,
        maxCompletionTokens: check.limits.maxCompletionTokens))
  }

  private mutating func settle(_ settlement: Settlement, at now: Timestamp) {
    let usage = settlement.point.usage
    let reservation = settlement.reservation
    open.close(reservation.id)
    spend(settlement.within.saturating(plus: settlement.beyond), of: reservation)
    settledCalls += 1
    settledCompletionTokens += Double(usage.completion)
    if !settlement.cost.isKnown, usage.total > 0 { unpricedCalls += 1 }
    prompt = Reading(tokens: usage.prompt, at: now)
    completion = Reading(tokens: usage.completion, at: now)
    var dollars: Double?
    if case .known(let amount) = settlement.cost { dollars = amount.dollarsToEightPlaces }
    pulses.append(
      PulsePoint(
        at: now, dollars: dollars, promptTokens: usage.prompt, completionTokens: usage.completion))
    tokenRate.add(Double(usage.total), at: now)
    costRate.add(dollars ?? 0, at: now)
  }

  private mutating func spend(_ spend: Spend, of reservation: Reservation) {
    consumed = consumed.saturating(plus: spend)
    switch reservation.request.lane {
    case .exploit: exploitConsumed = exploitConsumed.saturating(plus: spend)
    case .explore: exploreConsumed = exploreConsumed.saturating(plus: spend)
    case .both: break
    }
    day.add(spend, grantedAt: reservation.at)
    week.add(spend, grantedAt: reservation.at)
  }

  private mutating func take(_ fact: ResearchFact, at now: Timestamp) {
    switch fact {
    case .fallbackApplied(let step): take(step, at: now)
    case .packBuilt(let pack):
      search.take(pack, at: now)
      scan = Scan(
        phase: .scanning, sector: search.sector(of: pack.selectedSubcategories),
        fields: pack.counts.fields, at: now)
    case .alphaStarted(let counts):
      scan = Scan(phase: .combining, sector: scan?.sector, fields: counts.fields, at: now)
    case .alphaGenerated(let candidate, let novelty):
      search.take(
        candidate.lane, novelty: novelty, target: configuration.exploreRatio, at: now)
      scan = Scan(
        phase: .found, sector: search.sector(of: candidate.usedSubcategories) ?? scan?.sector,
        fields: candidate.usedFields.count, at: now)
    case .validationPassed(_, let attempt): validation.pass(attempt)
    case .validationFailed(_, let defeat): validation.fail(defeat.attempt)
    case .retrievalExpanded: validation.expand()
    case .runSummary(let outcome): validation.end(outcome)
    default: break
    }
  }

  private mutating func take(_ step: FallbackStep, at now: Timestamp) {
    fallbacks.take(step, at: now)
    prompt = Reading(tokens: step.promptTokens, at: now)
    if let ratio = Self.exploreRatio(step.laneRatio) { promptExploreRatio = ratio }
    checks.append(
      CheckPoint(
        at: now, promptTokens: step.promptTokens, completionTokens: step.completionTokens,
        maxPromptTokens: step.maxPromptTokens, maxCompletionTokens: step.maxCompletionTokens))
    fallbackTimeline.append(
      FallbackPoint(
        at: now, phase: step.phase, factor: step.factor, count: step.count,
        selectedTopK: step.selectedTopK))
    verdict = step.exceeded.isEmpty ? nil : StandingVerdict(step, at: now)
  }

  private static func exploreRatio(_ lanes: JSONValue?) -> Double? {
    let ratio: Double
    switch lanes?["explore_ratio"] {
    case .integer(let whole): ratio = Double(whole)
    case .number(let number): ratio = number
    default: return nil
    }
    return (0...1).contains(ratio) ? ratio : nil
  }
}

// MARK: - What is remembered

/// A count of tokens and when it was read.
struct Reading: Hashable, Sendable {
  let tokens: Int
  let at: Timestamp
}

/// What one check or step of a fallback contributes to the series.
struct CheckPoint: Hashable, Sendable {
  let at: Timestamp
  let promptTokens: Int
  let completionTokens: Int
  let maxPromptTokens: Int
  let maxCompletionTokens: Int
}

struct FallbackPoint: Hashable, Sendable {
  let at: Timestamp
  let phase: String
  let factor: Double?
  let count: Int
  let selectedTopK: CandidateCounts
}

/// What one settled call contributes to the pulse; nil dollars where its price is not known.
struct PulsePoint: Hashable, Sendable {
  let at: Timestamp
  let dollars: Double?
  let promptTokens: Int
  let completionTokens: Int
}

/// The fallbacks of a run.
struct FallbackTally: Hashable, Sendable {
  private(set) var count = 0
  private(set) var latestPhase: String?
  private(set) var latestFactor: Double?
  private(set) var latestAt: Timestamp?

  mutating func take(_ step: FallbackStep, at now: Timestamp) {
    count += 1
    latestPhase = step.phase
    latestFactor = step.factor
    latestAt = now
  }
}

/// What is being searched, as the latest event shows it.
struct Scan: Hashable, Sendable {
  enum Phase: String, Hashable, Sendable {
    case scanning, combining, found
  }

  /// A subcategory, numbered from 1 in the order in which the run first met it.
  struct Sector: Hashable, Sendable {
    let number: Int
    let name: String
  }

  let phase: Phase
  let sector: Sector?
  let fields: Int
  let at: Timestamp

  /// One line for the radar.
  var text: String {
    let place = sector.map { "Sector \($0.number) (\($0.name))" } ?? "Catalogue"
    return switch phase {
    case .scanning: "\(place) Scanning: \(fields) fields..."
    case .combining: "\(place) Combining \(fields) fields..."
    case .found: "\(place) Candidate of \(fields) fields"
    }
  }

  static let idleText = "Idle"
}
