import Essentials
import Mathematics

@testable import Research
@testable import Storage

/// A run's journal without a file: events are told in order and kept, so that oracles can scan them.
struct GaugeBench {
  var configuration = BudgetConfiguration()
  let run = "r1"
  private(set) var events: [JournalEvent] = []
  private var reservations = 0

  static func at(_ seconds: Double) -> Timestamp { EventSamples.second(seconds) }

  var gauges: RunGauges {
    var gauges = RunGauges(run: run, configuration: configuration)
    for event in events { gauges.take(event) }
    return gauges
  }

  mutating func add(_ fact: ResearchFact, at seconds: Double) {
    let event = ResearchEvent(at: Self.at(seconds), run: run, idea: "i1", fact)
    events.append(EventSamples.stored(event.draft(), seq: Int64(events.count + 1)))
  }

  mutating func add(_ fact: BudgetFact, at seconds: Double) {
    let event = BudgetEvent(at: Self.at(seconds), fact)
    events.append(EventSamples.stored(event, seq: Int64(events.count + 1)))
  }

  func check(
    _ prompt: Int, _ completion: Int, lane: Lane = .both, dayBefore: Int = 0, batchBefore: Int = 0,
    breaches: [CeilingBreach] = []
  ) -> BudgetCheck {
    var request = LedgerBench.request(prompt, completion, lane: lane, run: run)
    request.prompt = PromptFacts(
      selectedTopK: .init(subcategories: 4, datasets: 15, fields: 9, operators: 19),
      laneRatio: ["exploit_ratio": .number(0.68), "explore_ratio": .number(0.32)],
      coverageKPI: 4, noveltyKPI: 1, comboSample: [], fallbackCount: 1,
      exploreFloorPreserved: true)
    return BudgetCheck(
      request: request, cost: .known(NanoDollars(30_000_000)),
      batchBefore: Spend(tokens: batchBefore), dayBefore: Spend(tokens: dayBefore),
      weekBefore: Spend(tokens: dayBefore), expansionTokens: 0,
      limits: CheckedLimits(configuration), breaches: breaches)
  }

  /// Grants a call and returns its reservation.
  @discardableResult
  mutating func grant(
    _ prompt: Int, _ completion: Int, lane: Lane = .both, dayBefore: Int = 0, at seconds: Double
  ) -> Reservation {
    reservations += 1
    let check = check(prompt, completion, lane: lane, dayBefore: dayBefore)
    let reservation = Reservation(
      id: ReservationID(reservations), request: check.request, cost: check.cost,
      expansionTokens: 0, at: Self.at(seconds), expiresAt: Self.at(seconds + 900))
    add(.granted(reservation, check), at: seconds)
    return reservation
  }

  /// Settles a call; nil dollars for a price that is not known.
  mutating func settle(
    _ reservation: Reservation, _ prompt: Int, _ completion: Int, dollars: Double?,
    at seconds: Double
  ) {
    let cost = dollars.flatMap { NanoDollars(dollars: $0) }.map(CallCost.known) ?? .unknown
    add(
      .settled(
        Settlement(
          reservation: reservation, point: LedgerBench.used(prompt, completion), cost: cost,
          within: Spend(tokens: prompt + completion, cost: cost.entered), beyond: .zero,
          isLate: false)), at: seconds)
  }

  mutating func refuse(
    _ prompt: Int, _ completion: Int, _ breaches: [CeilingBreach], dayBefore: Int = 0,
    at seconds: Double
  ) {
    let check = check(prompt, completion, dayBefore: dayBefore, breaches: breaches)
    add(.refused(check), at: seconds)
    add(.blocked(check), at: seconds)
  }

  mutating func propose(_ lane: Lane?, novelty: Double?, at seconds: Double) {
    var candidate = EventSamples.candidate
    candidate.lane = lane
    add(.alphaGenerated(candidate, novelty: novelty), at: seconds)
  }

  mutating func build(_ subcategories: [String], of available: Int?, at seconds: Double) {
    var pack = EventSamples.pack
    pack.selectedSubcategories = subcategories
    add(
      .packBuilt(PackFacts(pack, available: available.map { .init(subcategories: $0) })),
      at: seconds)
  }

  /// The run of the cases R1, with both calls granted at once, so that there are two usage points.
  static var caseR1: GaugeBench {
    var bench = GaugeBench()
    var step = EventSamples.fallback
    step.laneRatio = ["explore_ratio": .number(0.32)]
    bench.add(.fallbackApplied(step), at: 1)
    let first = bench.grant(9_122, 1_600, at: 2)
    bench.settle(first, 9_000, 500, dollars: 0.016, at: 10)
    bench.settle(first, 9_100, 700, dollars: 0.018, at: 20)
    return bench
  }

  static func promptBreach(_ asked: Int) -> CeilingBreach {
    CeilingBreach(.requestPrompt, limit: 12_000, used: 0, reserved: 0, asked: asked)
  }
}
