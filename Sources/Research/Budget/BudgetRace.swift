package import Essentials
import Foundation
import Mathematics
import Synchronization

/// Many threads against one budget, with a provider that keeps its own accounts.
///
/// Each attempt asks for a call of random size and lane. What is granted is sent to the provider, which
/// bills at most what was granted, and then settled; or it is refused by the provider, or its answer is
/// lost, or its caller dies before or after the provider has billed it. Between phases the process
/// dies: the book is made anew from the log alone, and the calls of the dead are presumed.
///
/// What counts in the end is the provider's view: whether any run, day or week was billed beyond a
/// ceiling.
package struct BudgetRace: Sendable {
  package var threads = 64
  package var attempts = 100_000
  /// How often the process dies on the way; without deaths no caller dies either.
  package var deaths = 0
  package var seed: UInt64 = 1
  package let configuration: BudgetConfiguration
  package let prices: PriceTable

  package init(configuration: BudgetConfiguration, prices: PriceTable) {
    self.configuration = configuration
    self.prices = prices
  }

  /// The budget of a race that was given none: the defaults, and a ceiling of every other kind.
  package static let budget: BudgetConfiguration = {
    var budget = BudgetConfiguration()
    budget.week.tokens = 8_000_000
    budget.batch.cost = NanoDollars(600_000_000)
    budget.day.cost = NanoDollars(9_000_000_000)
    budget.week.cost = NanoDollars(50_000_000_000)
    budget.batch.exploreTokens = 30_000
    budget.day.exploreTokens = 700_000
    budget.maxCostPerRequest = NanoDollars(250_000_000)
    return budget
  }()

  /// The prices of a race: a cheap model, a dear one and one whose long prompts cost more.
  package static let prices = PriceTable(
    date: "2026-11", source: "the race",
    models: [
      ("cheap", price(input: 100_000, output: 500_000)),
      ("dear", price(input: 10_000_000, output: 50_000_000)),
      (
        "tiered",
        ModelPrice([
          ModelPrice.Tier(input: PicoDollars(1_000_000), output: PicoDollars(5_000_000)),
          ModelPrice.Tier(
            promptTokensAbove: 4_000, input: PicoDollars(2_000_000),
            output: PicoDollars(7_500_000)),
        ])
      ),
    ])

  private static func price(input: Int64, output: Int64) -> ModelPrice {
    ModelPrice([ModelPrice.Tier(input: PicoDollars(input), output: PicoDollars(output))])
  }

  /// An attempt is made every 108 seconds of the race's own time, 800 a day, so that each of the
  /// ceilings is met.
  private static let secondsBetweenAttempts: Int64 = 108
  private static let attemptsPerRun = 12
  static let start = Timestamp(
    millisecondsSinceEpoch: 1_767_225_600_000)  // 2026-01-01T00:00:00Z

  // MARK: - Running

  /// Runs the race on books that keep their events in memory.
  package func run(progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> RaceOutcome {
    let log = MemoryBudgetLog()
    let provider = RaceProvider()
    let attempted = Atomic(0)
    var ledger = TokenLedger(configuration: configuration, prices: prices)
    var isReplayExact = true
    let phases = deaths + 1
    for phase in 0..<phases {
      let book = BudgetBook(ledger: ledger, log: log)
      let range = (attempts * phase / phases)..<(attempts * (phase + 1) / phases)
      try contest(range, owner(phase), book, provider, attempted, progress)
      // The process dies here: what follows knows the log and nothing else.
      ledger = try TokenLedger(
        configuration: configuration, prices: prices, replaying: log.events)
      isReplayExact = isReplayExact && ledger.state == book.snapshot.state
      let now = time(range.upperBound)
      log.append(ledger.abandon(owner: owner(phase), at: now))
      log.append(try reconcile(&ledger, provider, at: now))
    }
    let verdict = provider.verdict(on: configuration)
    return RaceOutcome(
      attempted: attempted.load(ordering: .relaxed), lives: phases, isReplayExact: isReplayExact,
      state: ledger.state, billed: provider.count, violations: verdict.violations,
      fullest: verdict.fullest.first?.percent ?? 0, race: self)
  }

  private func owner(_ phase: Int) -> String { "race-\(phase)" }

  func time(_ attempt: Int) -> Timestamp {
    Timestamp(
      millisecondsSinceEpoch: Self.start.millisecondsSinceEpoch
        + Int64(attempt) * Self.secondsBetweenAttempts * 1000)
  }

  /// Lets all threads take attempts from a range until none is left.
  func contest(
    _ range: Range<Int>, _ owner: String, _ book: BudgetBook, _ provider: RaceProvider,
    _ attempted: borrowing Atomic<Int>, _ progress: @escaping @Sendable (Int) -> Void
  ) throws {
    let turns = RaceTurns(range)
    let latch = RaceLatch(count: threads)
    for _ in 0..<threads {
      let thread = Thread {
        var count = 0
        do {
          while let attempt = turns.next() {
            try self.attempt(attempt, owner, book, provider)
            count += 1
            if attempt % 1_000 == 0 { progress(attempt) }
          }
        } catch {
          turns.stop(error)
        }
        latch.arrive(count)
      }
      thread.stackSize = 1 << 19
      thread.start()
    }
    attempted.wrappingAdd(latch.wait(), ordering: .relaxed)
    if let failure = turns.failure { throw failure }
  }

  private func attempt(
    _ attempt: Int, _ owner: String, _ book: BudgetBook, _ provider: RaceProvider
  ) throws {
    var chance = SplitMix64(seed: seed &+ UInt64(attempt) &* 0x9e37_79b9_7f4a_7c15)
    let now = time(attempt)
    let request = request(attempt, owner, &chance)
    guard let reservation = try book.reserve(request, at: now).reservation else { return }
    let usage = RaceProvider.usage(of: request, &chance)
    let fate = Int.random(in: 0..<100, using: &chance)
    switch fate {
    case 0..<5:
      try book.void(reservation.id, .refusedByProvider, at: now)
    case 5..<8:
      try provider.bill(reservation, usage, price(request.model))
      try book.presume(reservation.id, .answerLost, at: now)
    case 8..<12 where deaths > 0: break
    case 12..<16 where deaths > 0:
      try provider.bill(reservation, usage, price(request.model))
    default:
      try provider.bill(reservation, usage, price(request.model))
      try book.settle(reservation.id, UsagePoint(usage: usage, source: .provider), at: now)
    }
  }

  private func price(_ model: String) -> ModelPrice? {
    prices.price(of: model) ?? configuration.flatPrice?.price
  }

  private func request(
    _ attempt: Int, _ owner: String, _ chance: inout SplitMix64
  ) -> CallRequest {
    let lane: Lane = [.exploit, .exploit, .explore, .both][Int.random(in: 0..<4, using: &chance)]
    let model = ["cheap", "dear", "tiered"][Int.random(in: 0..<3, using: &chance)]
    let prompt = Int.random(in: 1...(configuration.maxPromptTokens * 21 / 20), using: &chance)
    let completion = Int.random(in: 1...configuration.maxCompletionTokens, using: &chance)
    var request = CallRequest(
      run: "run-\(attempt / Self.attemptsPerRun)", idea: "idea-\(attempt % 3)",
      stage: "alpha_maker", lane: lane, provider: "race", model: model, promptTokensMax: prompt,
      completionTokensMax: completion)
    request.owner = owner
    if prompt > configuration.maxPromptTokens {
      request.expansion = ExpansionClaim(
        error: "unknown_field", repeats: Int.random(in: 1...3, using: &chance))
    }
    return request
  }

  /// Holds every other presumed call against the provider's statement: billed or not.
  func reconcile(
    _ ledger: inout TokenLedger, _ provider: RaceProvider, at now: Timestamp
  ) throws -> [BudgetEvent] {
    var events: [BudgetEvent] = []
    for id in ledger.state.presumed.keys.sorted() where id.number % 2 == 0 {
      if let usage = provider.statement(id) {
        events += try ledger.settle(id, UsagePoint(usage: usage, source: .provider), at: now)
      } else {
        events += try ledger.void(id, .notBilled, at: now)
      }
    }
    return events
  }
}

/// The result of a race.
package struct RaceOutcome: Sendable {
  /// How many attempts were made in the last life, or in all where they share one process.
  package let attempted: Int
  /// How often the process lived.
  package var lives: Int
  /// Whether every replay of the log came to the ledger that had written it.
  package let isReplayExact: Bool
  /// The ledger at the end.
  package let state: LedgerState
  /// How many calls the provider has billed, in all lives.
  package let billed: Int
  /// Every ceiling that the provider billed beyond.
  package let violations: [RaceViolation]
  /// How much of the fullest ceiling was billed, in percent.
  package let fullest: Double
  package let race: BudgetRace

  /// How many calls were granted, refused and so on, in all lives.
  package var counts: CallCounts {
    state.accounts.filter { $0.scope.period == .batch }.reduce(into: CallCounts()) {
      $0 += $1.counts
    }
  }

  /// Tokens that were billed beyond ceilings, summed over all of them.
  package var overspentTokens: Int {
    violations.filter { !$0.isMoney }.reduce(0) { $0 + $1.excess }
  }

  /// Money that was billed beyond ceilings, summed over all of them.
  package var overspentCost: NanoDollars {
    NanoDollars(violations.filter(\.isMoney).reduce(Int64(0)) { $0 + Int64($1.excess) })
  }

  /// Whether nothing was overspent, no share of exploring was taken, and the books are in order.
  package var holds: Bool { violations.isEmpty && isReplayExact && state.isBalanced }
}

/// A ceiling that was billed beyond.
package struct RaceViolation: Hashable, Sendable, CustomStringConvertible {
  package let scope: BudgetScope
  package let ceiling: BudgetCeiling
  /// Tokens, or billionths of a dollar.
  package let excess: Int
  /// Whether the ceiling is one of money.
  package var isMoney: Bool {
    switch ceiling {
    case .cost, .exploreCost, .exploreFloorCost: true
    default: false
    }
  }
  package var description: String { "\(scope.name) exceeds \(ceiling.key) by \(excess)" }
}

/// What keeps a race from being run to its end.
package enum RaceFailure: ExplainedFailure, Hashable {
  /// The file of the provider's bills cannot be used.
  case bills(path: String, reason: String)
  /// The journal holds a budget that no race has kept.
  case foreignJournal(path: String)

  package var key: String {
    switch self {
    case .bills: "bad_bills"
    case .foreignJournal: "journal_in_use"
    }
  }

  package var explanation: String {
    switch self {
    case .bills(let path, let reason): "\(path) cannot hold the provider's bills: \(reason)."
    case .foreignJournal(let path): "\(path) holds a budget that is not a race's."
    }
  }

  package var remedy: String { "Name a journal that does not exist yet." }
  package var outcome: FailureOutcome { .badConfiguration }
}

// MARK: - Threads

/// Hands out the attempts of a phase.
private final class RaceTurns: Sendable {
  private let place: Atomic<Int>
  private let end: Int
  private let stopped = Mutex<(any Error)?>(nil)

  init(_ range: Range<Int>) {
    place = Atomic(range.lowerBound)
    end = range.upperBound
  }

  func next() -> Int? {
    let turn = place.wrappingAdd(1, ordering: .relaxed).oldValue
    return turn < end ? turn : nil
  }

  /// Ends the phase because of an error; the first one is kept.
  func stop(_ error: any Error) {
    place.store(end, ordering: .relaxed)
    stopped.withLock { $0 = $0 ?? error }
  }

  var failure: (any Error)? { stopped.withLock { $0 } }
}

/// Waits for threads and adds up their counts.
///
/// `@unchecked Sendable`: both variables are used only between `lock` and `unlock` of `gate`.
private final class RaceLatch: @unchecked Sendable {
  private let gate = NSCondition()
  private var missing: Int
  private var sum = 0

  init(count: Int) {
    missing = count
  }

  func arrive(_ count: Int) {
    gate.lock()
    sum += count
    missing -= 1
    gate.signal()
    gate.unlock()
  }

  func wait() -> Int {
    gate.lock()
    defer { gate.unlock() }
    while missing > 0 { gate.wait() }
    return sum
  }
}
