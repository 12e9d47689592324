import Essentials
import Mathematics
import Testing

@testable import Research

/// One ceiling of 1,000 tokens, or of a thousandth of a dollar, and what meets it.
struct CeilingCase: CustomTestStringConvertible, Sendable {
  let reason: String
  let lane: Lane
  let set: @Sendable (inout BudgetConfiguration) -> Void
  var testDescription: String { reason }

  init(
    _ reason: String, _ lane: Lane = .both,
    _ set: @escaping @Sendable (inout BudgetConfiguration) -> Void
  ) {
    self.reason = reason
    self.lane = lane
    self.set = set
  }

  static let millidollar = NanoDollars(1_000_000)

  static let accumulated = [
    CeilingCase("batch_total") { $0.batch.tokens = 1_000 },
    CeilingCase("day_total") { $0.day.tokens = 1_000 },
    CeilingCase("week_total") { $0.week.tokens = 1_000 },
    CeilingCase("batch_cost") { $0.batch.cost = millidollar },
    CeilingCase("day_cost") { $0.day.cost = millidollar },
    CeilingCase("week_cost") { $0.week.cost = millidollar },
    CeilingCase("explore_batch_total", .explore) { $0.batch.exploreTokens = 1_000 },
    CeilingCase("explore_day_total", .explore) { $0.day.exploreTokens = 1_000 },
    CeilingCase("explore_week_total", .explore) { $0.week.exploreTokens = 1_000 },
    CeilingCase("explore_batch_cost", .explore) { $0.batch.exploreCost = millidollar },
    CeilingCase("explore_day_cost", .explore) { $0.day.exploreCost = millidollar },
    CeilingCase("explore_week_cost", .explore) { $0.week.exploreCost = millidollar },
  ]

  static let single = [
    CeilingCase("request_prompt") { $0.maxPromptTokens = 1_000 },
    CeilingCase("request_cost") { $0.maxCostPerRequest = millidollar },
  ]
}

@Suite("Token ledger")
struct TokenLedgerTests {
  typealias Bench = LedgerBench

  // MARK: - Ceilings

  @Test(
    "a call that meets a ceiling is granted, one token more is refused",
    arguments: CeilingCase.accumulated + CeilingCase.single)
  func boundary(ceiling: CeilingCase) throws {
    var ledger = Bench.ledger(ceiling.set)
    #expect(try ledger.reasons(Bench.request(1_001, lane: ceiling.lane)) == ceiling.reason)
    #expect(try ledger.reasons(Bench.request(1_000, lane: ceiling.lane)) == "")
  }

  @Test(
    "what is reserved counts as used, and what is settled frees the rest",
    arguments: CeilingCase.accumulated)
  func accumulation(ceiling: CeilingCase) throws {
    var ledger = Bench.ledger(ceiling.set)
    let first = try ledger.grant(Bench.request(600, lane: ceiling.lane))
    #expect(try ledger.reasons(Bench.request(401, lane: ceiling.lane)) == ceiling.reason)
    let second = try ledger.grant(Bench.request(400, lane: ceiling.lane))
    #expect(try ledger.reasons(Bench.request(1, lane: ceiling.lane)) == ceiling.reason)
    _ = try ledger.settle(first.id, Bench.used(100), at: Bench.friday)
    #expect(try ledger.reasons(Bench.request(501, lane: ceiling.lane)) == ceiling.reason)
    _ = try ledger.void(second.id, .notSent, at: Bench.friday)
    #expect(try ledger.reasons(Bench.request(901, lane: ceiling.lane)) == ceiling.reason)
    #expect(try ledger.reasons(Bench.request(900, lane: ceiling.lane)) == "")
    #expect(ledger.state.isBalanced)
  }

  @Test("the completion has a ceiling of its own")
  func completion() throws {
    var ledger = Bench.ledger { $0.maxCompletionTokens = 1_600 }
    #expect(try ledger.reasons(Bench.request(1, 1_601)) == "request_completion")
    #expect(try ledger.reasons(Bench.request(1, 1_600)) == "")
    #expect(ledger.configuration.completionCeiling(wanting: 2_200) == 1_600)
    #expect(ledger.configuration.completionCeiling(wanting: 0) == 1)
  }

  @Test("a refusal names every ceiling in its order, with figures and a remedy")
  func refusal() throws {
    var ledger = TokenLedger(configuration: BudgetConfiguration(), prices: Bench.prices)
    _ = try ledger.grant(Bench.request(11_000, 1_000))
    let refusal = try #require(
      try ledger.reserve(Bench.request(50_000, 1_700), at: Bench.friday).verdict.refusal)
    #expect(refusal.reasons == "request_prompt,request_completion,batch_total")
    #expect(!refusal.yieldsToShrinking)
    #expect(
      refusal.breaches[2].explanation
        == "The batch's ceiling is 52000 tokens: 0 tokens are used, 12000 tokens reserved, "
        + "51700 tokens asked for.")
    #expect(refusal.breaches[2].left == 40_000)
    let failure = BudgetBlocked(refusal)
    #expect(failure.key == "budget_blocked" && failure.outcome == .refused)
    #expect(
      failure.explanation.hasPrefix(
        "alpha generation blocked by budget policy: request_prompt,request_completion,batch_total"))
  }

  @Test("an exhausted day is told from a prompt that is too long")
  func diagnosis() throws {
    var ledger = Bench.ledger { $0.day.tokens = 100 }
    _ = try ledger.grant(Bench.request(100))
    let check = ledger.check(Bench.request(1), at: Bench.friday)
    #expect(!BudgetRefusal(breaches: check.breaches).yieldsToShrinking)
    var long = Bench.ledger { $0.maxPromptTokens = 10 }
    let prompt = long.check(Bench.request(11), at: Bench.friday)
    #expect(BudgetRefusal(breaches: prompt.breaches).yieldsToShrinking)
  }

  @Test("the batch boundary of the reference holds: 50168 + 232 + 1600 passes, 132 more do not")
  func referenceBoundary() throws {
    var configuration = BudgetConfiguration()
    configuration.maxPromptTokens = 60_000
    var ledger = TokenLedger(configuration: configuration, prices: .empty)
    let first = try ledger.grant(Bench.request(50_168))
    _ = try ledger.settle(first.id, Bench.used(50_168), at: Bench.friday)
    #expect(try ledger.reasons(Bench.request(364, 1_600)) == "batch_total")
    #expect(try ledger.reasons(Bench.request(232, 1_600)) == "")
  }

  @Test("a call without a price is refused where a cost ceiling holds, otherwise counted apart")
  func unknownPrice() throws {
    var strict = Bench.ledger { $0.day.cost = CeilingCase.millidollar }
    #expect(try strict.reasons(Bench.request(1, model: "mystery")) == "unknown_price")
    var free = Bench.ledger { _ in }
    let call = try free.grant(Bench.request(10, model: "mystery"))
    #expect(call.cost == .unknown)
    let events = try free.settle(call.id, Bench.used(7), at: Bench.friday)
    #expect(events[0].payload["estimated_cost_usd"] == .null)
    let account = free.state.account(.run("r"))
    #expect(account.counts.unpriced == 1 && account.counts.unpricedTokens == 7)
    var flat = Bench.ledger {
      $0.day.cost = CeilingCase.millidollar
      $0.flatPrice = FlatPrice(per1kPrompt: 0.001, per1kCompletion: 0.001)
    }
    #expect(try flat.reasons(Bench.request(1_000, model: "mystery")) == "")
  }

  // MARK: - Lanes

  @Test("exploiting never takes the share of exploring, and exploring may use what is left")
  func floor() throws {
    var ledger = Bench.ledger { $0.batch.tokens = 1_000 }
    #expect(try ledger.reasons(Bench.request(701, lane: .exploit)) == "explore_floor")
    _ = try ledger.grant(Bench.request(700, lane: .exploit))
    #expect(try ledger.reasons(Bench.request(1, lane: .exploit)) == "explore_floor")
    _ = try ledger.grant(Bench.request(300, lane: .explore))
    #expect(try ledger.reasons(Bench.request(1, lane: .explore)) == "batch_total")

    var exploring = Bench.ledger { $0.batch.tokens = 1_000 }
    _ = try exploring.grant(Bench.request(400, lane: .explore))
    // The floor of 300 is used up, so exploiting may take all the rest.
    #expect(try exploring.reasons(Bench.request(601, lane: .exploit)) == "batch_total")
    #expect(try exploring.reasons(Bench.request(600, lane: .exploit)) == "")
  }

  @Test("a floor is never larger than what exploring may use")
  func cappedFloor() throws {
    var ledger = Bench.ledger {
      $0.batch.tokens = 1_000
      $0.batch.exploreTokens = 100
    }
    #expect(try ledger.reasons(Bench.request(900, lane: .exploit)) == "")
    #expect(
      try ledger.reasons(Bench.request(101, lane: .explore)) == "batch_total,explore_batch_total")
    #expect(try ledger.reasons(Bench.request(100, lane: .explore)) == "")
  }

  // MARK: - The expansion reserve

  @Test(
    "the reserve opens after two identical errors and up to its size",
    arguments: [
      (1, 10, "expansion_not_earned"), (2, 2_500, ""), (2, 2_501, "request_prompt"), (3, 0, ""),
    ])
  func reserve(repeats: Int, extra: Int, reason: String) throws {
    var ledger = Bench.ledger { $0.maxPromptTokens = 12_000 }
    var request = Bench.request(12_000 + extra)
    request.expansion = ExpansionClaim(error: "unknown_field:ab12", repeats: repeats)
    #expect(try ledger.reasons(request) == reason)
  }

  @Test("an idea has one expansion, which a call that was not billed gives back")
  func oneExpansion() throws {
    var ledger = Bench.ledger { $0.maxPromptTokens = 12_000 }
    var request = Bench.request(14_000)
    #expect(try ledger.reasons(request) == "request_prompt")
    request.expansion = ExpansionClaim(error: "e", repeats: 2)
    let first = try ledger.grant(request)
    #expect(first.expansionTokens == 2_000)
    #expect(try ledger.reasons(request) == "expansion_spent")
    _ = try ledger.void(first.id, .notSent, at: Bench.friday)
    let second = try ledger.grant(request)
    let events = try ledger.settle(second.id, Bench.used(12_500), at: Bench.friday)
    #expect(events[0].payload["call"]?["expansion"]?["tokens"] == 2_000)
    #expect(ledger.state.account(.expansion(run: "r", idea: "i")).consumed.tokens == 500)
    #expect(try ledger.reasons(request) == "expansion_spent")
    request.idea = "another"
    #expect(try ledger.reasons(request) == "")
  }

  // MARK: - What becomes of a call

  @Test("a call whose time is over counts as used until it is settled late, and never twice")
  func expiry() throws {
    var ledger = Bench.ledger {
      $0.batch.tokens = 1_000
      $0.reservationSeconds = 60
    }
    let call = try ledger.grant(Bench.request(800))
    #expect(ledger.expire(at: Bench.later(59_999)).isEmpty)
    #expect(ledger.expire(at: Bench.later(60_000)).map(\.kind).first == "budget.presumed")
    #expect(ledger.expire(at: Bench.later(90_000)).isEmpty)
    let account = ledger.state.account(.run("r"))
    #expect(account.unreconciled.tokens == 800 && account.reserved == .zero)
    #expect(try ledger.reasons(Bench.request(201)) == "batch_total")
    let events = try ledger.settle(call.id, Bench.used(300), at: Bench.later(99_000))
    #expect(events[0].payload["late"] == .bool(true))
    #expect(ledger.state.account(.run("r")).consumed.tokens == 300)
    #expect(throws: LedgerFailure.alreadyClosed(call.id)) {
      try ledger.settle(call.id, Bench.used(1), at: Bench.friday)
    }
    #expect(throws: LedgerFailure.unknownReservation(ReservationID(99))) {
      try ledger.void(ReservationID(99), .notSent, at: Bench.friday)
    }
  }

  @Test("only the calls of a dead owner are presumed, and one that was not billed is given back")
  func owners() throws {
    var ledger = Bench.ledger { _ in }
    var request = Bench.request(10)
    request.owner = "a"
    let dead = try ledger.grant(request)
    request.owner = "b"
    let alive = try ledger.grant(request)
    #expect(ledger.abandon(owner: "a", at: Bench.friday).count == 1)
    #expect(ledger.state.presumed.keys.sorted() == [dead.id])
    #expect(ledger.state.open.keys.sorted() == [alive.id])
    _ = try ledger.void(dead.id, .notBilled, at: Bench.friday)
    #expect(ledger.state.account(.run("r")).consumed == .zero)
    #expect(try ledger.presume(alive.id, .answerLost, at: Bench.friday).count == 1)
    #expect(try ledger.presume(alive.id, .answerLost, at: Bench.friday).isEmpty)
  }

  @Test("a use beyond the grant is entered in full and marked, and blocks what follows")
  func overrun() throws {
    var ledger = Bench.ledger { $0.batch.tokens = 1_000 }
    let call = try ledger.grant(Bench.request(100, 100))
    let events = try ledger.settle(call.id, Bench.used(100, 5_000), at: Bench.friday)
    #expect(events[0].severity == "warn")
    #expect(events[0].payload["overrun"]?["tokens"] == 4_900)
    let account = ledger.state.account(.run("r"))
    #expect(account.overrun.tokens == 4_900 && account.consumed.tokens == 5_100)
    #expect(account.isBalanced)
    #expect(try ledger.reasons(Bench.request(1)) == "batch_total")
  }

  @Test("each retry is a call of its own: three calls of 9500 tokens are 28500")
  func retries() throws {
    var ledger = Bench.ledger { _ in }
    for attempt in 1...3 {
      var request = Bench.request(9_000, 500)
      request.attempt = attempt
      let call = try ledger.grant(request)
      _ = try ledger.settle(call.id, Bench.used(9_000, 500), at: Bench.friday)
    }
    #expect(ledger.state.account(.run("r")).consumed.tokens == 28_500)
    #expect(ledger.state.account(.run("r")).counts.settled == 3)
  }

  @Test("an answer from our own cache costs nothing, whatever the model")
  func cached() throws {
    var ledger = Bench.ledger { _ in }
    let call = try ledger.grant(Bench.request(10, model: "mystery"))
    let point = UsagePoint(usage: .zero, source: .cache)
    _ = try ledger.settle(call.id, point, at: Bench.friday)
    #expect(ledger.state.account(.run("r")).counts.unpriced == 0)
  }

  // MARK: - Time

  @Test("a day ends at midnight UTC and a week on Sunday; a call belongs to when it was granted")
  func rollover() throws {
    var ledger = Bench.ledger {
      $0.day.tokens = 100
      $0.week.tokens = 250
    }
    let lastMoment = Bench.later(24 * Bench.hour - 1)
    let call = try ledger.grant(Bench.request(100), at: lastMoment)
    #expect(try ledger.reasons(Bench.request(1), at: lastMoment) == "day_total")
    let saturday = Bench.later(24 * Bench.hour)
    #expect(try ledger.reasons(Bench.request(100), at: saturday) == "")
    // Settled on Saturday, it still belongs to Friday.
    _ = try ledger.settle(call.id, Bench.used(40), at: saturday)
    let friday = CalendarDate("2026-11-20")!
    #expect(ledger.state.account(.day(friday)).consumed.tokens == 40)
    let sunday = Bench.later(48 * Bench.hour)
    #expect(try ledger.reasons(Bench.request(100), at: sunday) == "")
    #expect(
      try ledger.reasons(Bench.request(11), at: Bench.later(72 * Bench.hour - 1)).contains(
        "week_total"))
    #expect(try ledger.reasons(Bench.request(100), at: Bench.later(72 * Bench.hour)) == "")
  }

  @Test(
    "weeks are those of ISO 8601",
    arguments: [
      ("2026-11-20", "2026-W47"), ("2026-01-01", "2026-W01"), ("2025-12-29", "2026-W01"),
      ("2027-01-03", "2026-W53"), ("2021-01-03", "2020-W53"), ("2024-12-30", "2025-W01"),
    ])
  func weeks(day: String, name: String) throws {
    #expect(ISOWeek(containing: try #require(CalendarDate(day))).description == name)
  }

  // MARK: - Warnings

  @Test("each level warns once in a period, by what is consumed and not by what is reserved")
  func warnings() throws {
    var ledger = Bench.ledger { $0.batch.tokens = 1_000 }
    let held = try ledger.grant(Bench.request(990))
    _ = try ledger.void(held.id, .notSent, at: Bench.friday)
    var told: [String] = []
    for tokens in [499, 1, 300, 149, 1, 50] {
      let call = try ledger.grant(Bench.request(tokens))
      for event in try ledger.settle(call.id, Bench.used(tokens), at: Bench.friday) {
        if case .warned(let warning) = event.fact {
          told.append("\(warning.consumed):\(warning.level.rawValue)")
          #expect(warning.isFirst && event.severity == "warn" && event.run == "r")
        }
      }
    }
    #expect(told == ["500:50", "800:80", "950:95"])
  }

  @Test("a warning is taken back five points below its level and not told a second time")
  func hysteresis() throws {
    var ledger = Bench.ledger { $0.batch.tokens = 1_000 }
    func consume(_ tokens: Int) throws -> Reservation {
      let call = try ledger.grant(Bench.request(tokens))
      _ = try ledger.presume(call.id, .answerLost, at: Bench.friday)
      return call
    }
    let first = try consume(460)
    let second = try consume(50)
    let marks = { ledger.state.account(.run("r")).warnings }
    #expect(marks().isStanding(.tokens, .half))
    _ = try ledger.void(second.id, .notBilled, at: Bench.friday)
    #expect(marks().isStanding(.tokens, .half), "460 is within five points")
    let events = try ledger.settle(first.id, Bench.used(440), at: Bench.friday)
    #expect(events.map(\.kind) == ["llm.usage_point", "budget.warning_cleared"])
    #expect(!marks().isStanding(.tokens, .half) && marks().wasGiven(.tokens, .half))
    let call = try ledger.grant(Bench.request(100))
    let again = try ledger.settle(call.id, Bench.used(100), at: Bench.friday)
    #expect(again.map(\.severity) == ["info", "info"])
  }

  @Test("a run is blocked by a refusal and free again with the next grant")
  func blocked() throws {
    var ledger = Bench.ledger { $0.maxPromptTokens = 10 }
    let decision = try ledger.reserve(Bench.request(11), at: Bench.friday)
    #expect(decision.events.map(\.kind) == ["budget.check_failed", "budget.blocked"])
    #expect(ledger.state.account(.run("r")).isBlocked)
    _ = try ledger.grant(Bench.request(10))
    #expect(!ledger.state.account(.run("r")).isBlocked)
  }

  @Test(
    "a request that cannot be written down is an error",
    arguments: [
      ("r\n", 1, "control character"), (String(repeating: "r", count: 257), 1, "longer"),
      ("r", -1, "-1 tokens"),
    ])
  func unusable(run: String, prompt: Int, words: String) {
    var ledger = Bench.ledger { _ in }
    let failure = #expect(throws: LedgerFailure.self) {
      try ledger.reserve(Bench.request(prompt, run: run), at: Bench.friday)
    }
    #expect(failure?.explanation.contains(words) == true)
  }
}
