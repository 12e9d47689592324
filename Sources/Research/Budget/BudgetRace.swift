import Essentials
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

  /// An attempt is made every 216 seconds of the race's own time, 400 a day.
  private static let secondsBetweenAttempts: Int64 = 216
  private static let attemptsPerRun = 8
  private static let start = Timestamp(
    millisecondsSinceEpoch: 1_767_225_600_000)  // 2026-01-01T00:00:00Z

  // MARK: - Running

  /// Runs the race on books that keep their events in memory.
  package func run(progress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> RaceOutcome {
    let log = MemoryBudgetLog()
    let provider = RaceProvider()
    let tally = Mutex(RaceTally())
    var ledger = TokenLedger(configuration: configuration, prices: prices)
    var isReplayExact = true
    let phases = deaths + 1
    for phase in 0..<phases {
      let book = BudgetBook(ledger: ledger, log: log)
      let range = (attempts * phase / phases)..<(attempts * (phase + 1) / phases)
      try contest(range, phase, book, provider, tally, progress)
      // The process dies here: what follows knows the log and nothing else.
      ledger = try TokenLedger(
        configuration: configuration, prices: prices, replaying: log.events)
      isReplayExact = isReplayExact && ledger.state == book.snapshot.state
      let now = time(range.upperBound)
      log.append(ledger.abandon(owner: owner(phase), at: now))
      log.append(try reconcile(&ledger, provider, at: now))
    }
    return RaceOutcome(
      tally: tally.withLock { $0 }, phases: phases, isReplayExact: isReplayExact,
      state: ledger.state, violations: provider.violations(of: configuration), race: self)
  }

  private func owner(_ phase: Int) -> String { "race-\(phase)" }

  private func time(_ attempt: Int) -> Timestamp {
    Timestamp(
      millisecondsSinceEpoch: Self.start.millisecondsSinceEpoch
        + Int64(attempt) * Self.secondsBetweenAttempts * 1000)
  }

  /// Lets all threads take attempts from a range until none is left.
  private func contest(
    _ range: Range<Int>, _ phase: Int, _ book: BudgetBook, _ provider: RaceProvider,
    _ tally: borrowing Mutex<RaceTally>, _ progress: @escaping @Sendable (Int) -> Void
  ) throws {
    let turns = RaceTurns(range)
    let latch = RaceLatch(count: threads)
    for _ in 0..<threads {
      let thread = Thread {
        var mine = RaceTally()
        do {
          while let attempt = turns.next() {
            try self.attempt(attempt, phase, book, provider, &mine)
            if attempt % 1_000 == 0 { progress(attempt) }
          }
        } catch {
          turns.stop(error)
        }
        latch.arrive(mine)
      }
      thread.stackSize = 1 << 19
      thread.start()
    }
    let sum = latch.wait()
    tally.withLock { $0 += sum }
    if let failure = turns.failure { throw failure }
  }

  private func attempt(
    _ attempt: Int, _ phase: Int, _ book: BudgetBook, _ provider: RaceProvider,
    _ tally: inout RaceTally
  ) throws {
    var chance = SplitMix64(seed: seed &+ UInt64(attempt) &* 0x9e37_79b9_7f4a_7c15)
    let now = time(attempt)
    let request = request(attempt, phase, &chance)
    tally.attempted += 1
    guard case .granted(let reservation) = try book.reserve(request, at: now) else {
      tally.refused += 1
      return
    }
    tally.admitted += 1
    let usage = RaceProvider.usage(of: request, &chance)
    let fate = Int.random(in: 0..<100, using: &chance)
    switch fate {
    case 0..<5:
      tally.voided += 1
      try book.void(reservation.id, .refusedByProvider, at: now)
    case 5..<8:
      tally.lost += 1
      provider.bill(reservation, usage, price(request.model))
      try book.presume(reservation.id, .answerLost, at: now)
    case 8..<12 where deaths > 0:
      tally.died += 1
    case 12..<16 where deaths > 0:
      tally.died += 1
      provider.bill(reservation, usage, price(request.model))
    default:
      tally.settled += 1
      provider.bill(reservation, usage, price(request.model))
      try book.settle(reservation.id, UsagePoint(usage: usage, source: .provider), at: now)
    }
  }

  private func price(_ model: String) -> ModelPrice? {
    prices.price(of: model) ?? configuration.flatPrice?.price
  }

  private func request(
    _ attempt: Int, _ phase: Int, _ chance: inout SplitMix64
  ) -> CallRequest {
    let lane: Lane = [.exploit, .exploit, .explore, .both][Int.random(in: 0..<4, using: &chance)]
    let model = ["cheap", "dear", "tiered"][Int.random(in: 0..<3, using: &chance)]
    let prompt = Int.random(in: 1...(configuration.maxPromptTokens * 21 / 20), using: &chance)
    let completion = Int.random(in: 1...configuration.maxCompletionTokens, using: &chance)
    var request = CallRequest(
      run: "run-\(attempt / Self.attemptsPerRun)", idea: "idea-\(attempt % 3)",
      stage: "alpha_maker", lane: lane, provider: "race", model: model, promptTokensMax: prompt,
      completionTokensMax: completion)
    request.owner = owner(phase)
    if prompt > configuration.maxPromptTokens {
      request.expansion = ExpansionClaim(
        error: "unknown_field", repeats: Int.random(in: 1...3, using: &chance))
    }
    return request
  }

  /// Holds every other presumed call against the provider's statement: billed or not.
  private func reconcile(
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

/// What became of the attempts of a race.
package struct RaceTally: Hashable, Sendable {
  package var attempted = 0
  package var admitted = 0
  package var refused = 0
  package var settled = 0
  package var voided = 0
  /// Calls whose answer was lost.
  package var lost = 0
  /// Calls whose caller died, before or after they were billed.
  package var died = 0

  static func += (left: inout Self, right: Self) {
    left.attempted += right.attempted
    left.admitted += right.admitted
    left.refused += right.refused
    left.settled += right.settled
    left.voided += right.voided
    left.lost += right.lost
    left.died += right.died
  }
}

/// The result of a race.
package struct RaceOutcome: Sendable {
  package let tally: RaceTally
  /// How often the process lived.
  package let phases: Int
  /// Whether every replay of the log came to the ledger that had written it.
  package let isReplayExact: Bool
  /// The ledger at the end.
  package let state: LedgerState
  /// Every ceiling that the provider billed beyond.
  package let violations: [RaceViolation]
  package let race: BudgetRace

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
  package let excess: Int
  package var isMoney: Bool {
    switch ceiling {
    case .cost, .exploreCost, .exploreFloorCost: true
    default: false
    }
  }
  package var description: String { "\(scope.name) exceeds \(ceiling.key) by \(excess)" }
}

// MARK: - The provider

/// Bills what it is sent, honestly, and keeps accounts of its own.
private final class RaceProvider: Sendable {
  private struct Bill: Sendable {
    var exploit = Spend.zero
    var explore = Spend.zero
    var both = Spend.zero
    var all: Spend { exploit + explore + both }
  }

  private struct Accounts: Sendable {
    var bills: [BudgetScope: Bill] = [:]
    var statements: [ReservationID: TokenUsage] = [:]
  }

  private let accounts = Mutex(Accounts())

  /// A use within what a call may use; every tenth call uses all of it.
  static func usage(of request: CallRequest, _ chance: inout SplitMix64) -> TokenUsage {
    guard Int.random(in: 0..<10, using: &chance) > 0 else {
      return TokenUsage(prompt: request.promptTokensMax, completion: request.completionTokensMax)
    }
    return TokenUsage(
      prompt: Int.random(in: 1...request.promptTokensMax, using: &chance),
      completion: Int.random(in: 0...request.completionTokensMax, using: &chance))
  }

  func bill(_ reservation: Reservation, _ usage: TokenUsage, _ price: ModelPrice?) {
    let amount = Spend(tokens: usage.total, cost: price?.cost(of: usage) ?? .zero)
    accounts.withLock { accounts in
      accounts.statements[reservation.id] = usage
      for scope in LedgerState.scopes(run: reservation.request.run, at: reservation.at) {
        switch reservation.request.lane {
        case .exploit: accounts.bills[scope, default: Bill()].exploit += amount
        case .explore: accounts.bills[scope, default: Bill()].explore += amount
        case .both: accounts.bills[scope, default: Bill()].both += amount
        }
      }
    }
  }

  /// What a call was billed for, nil where it never arrived.
  func statement(_ id: ReservationID) -> TokenUsage? {
    accounts.withLock { $0.statements[id] }
  }

  func violations(of configuration: BudgetConfiguration) -> [RaceViolation] {
    let bills = accounts.withLock { $0.bills }.sorted { $0.key.name < $1.key.name }
    var violations: [RaceViolation] = []
    for (scope, bill) in bills {
      guard let period = scope.period else { continue }
      let ceilings = configuration.ceilings(period)
      let millionths = configuration.exploreMillionths
      func hold(_ amount: Int, _ ceiling: BudgetCeiling, _ limit: Int?) {
        guard let limit, amount > limit else { return }
        violations.append(RaceViolation(scope: scope, ceiling: ceiling, excess: amount - limit))
      }
      let floor = ceilings.exploreFloorTokens(millionths: millionths)
      let floorCost = ceilings.exploreFloorCost(millionths: millionths)
      hold(bill.all.tokens, .tokens(period), ceilings.tokens)
      hold(bill.explore.tokens, .exploreTokens(period), ceilings.exploreTokens)
      hold(bill.exploit.tokens, .exploreFloorTokens(period), ceilings.tokens.map { $0 - floor })
      hold(Int(bill.all.cost.count), .cost(period), ceilings.cost.map { Int($0.count) })
      hold(
        Int(bill.explore.cost.count), .exploreCost(period),
        ceilings.exploreCost.map { Int($0.count) })
      hold(
        Int(bill.exploit.cost.count), .exploreFloorCost(period),
        ceilings.cost.map { Int(($0 - floorCost).count) })
    }
    return violations
  }
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

/// Waits for threads and gathers their tallies.
///
/// `@unchecked Sendable`: both variables are used only between `lock` and `unlock` of `gate`.
private final class RaceLatch: @unchecked Sendable {
  private let gate = NSCondition()
  private var missing: Int
  private var sum = RaceTally()

  init(count: Int) {
    missing = count
  }

  func arrive(_ tally: RaceTally) {
    gate.lock()
    sum += tally
    missing -= 1
    gate.signal()
    gate.unlock()
  }

  func wait() -> RaceTally {
    gate.lock()
    defer { gate.unlock() }
    while missing > 0 { gate.wait() }
    return sum
  }
}
