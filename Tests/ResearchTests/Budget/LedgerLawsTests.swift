import Essentials
import Mathematics
import Testing

@testable import Research

/// A ledger driven at random, with everything it said.
struct RandomHistory {
  var ledger: TokenLedger
  var events: [BudgetEvent] = []

  init(seed: UInt64, steps: Int, overruns: Bool) throws {
    var chance = SplitMix64(seed: seed)
    ledger = TokenLedger(configuration: BudgetRace.budget, prices: BudgetRace.prices)
    var now = LedgerBench.friday
    for step in 0..<steps {
      now.millisecondsSinceEpoch += Int64.random(in: 0...600_000, using: &chance)
      let open = (ledger.state.open.keys.sorted() + ledger.state.presumed.keys.sorted())
      let id = open.isEmpty ? nil : open[Int.random(in: 0..<open.count, using: &chance)]
      switch Int.random(in: 0..<10, using: &chance) {
      case 0..<5:
        events += try ledger.reserve(request(step, &chance), at: now).events
      case 5..<7:
        guard let id else { continue }
        let held = ledger.state.open[id] ?? ledger.state.presumed[id]!
        let most = overruns ? 2 : 1
        let point = LedgerBench.used(
          Int.random(in: 0...(held.request.promptTokensMax * most), using: &chance),
          Int.random(in: 0...(held.request.completionTokensMax * most), using: &chance))
        events += try ledger.settle(id, point, at: now)
      case 7:
        guard let id else { continue }
        events += try ledger.void(id, .refusedByProvider, at: now)
      case 8:
        guard let id else { continue }
        events += try ledger.presume(id, .answerLost, at: now)
      default: events += ledger.expire(at: now)
      }
      #expect(ledger.state.isBalanced, "seed \(seed), step \(step)")
    }
  }

  private func request(_ step: Int, _ chance: inout SplitMix64) -> CallRequest {
    var request = LedgerBench.request(
      Int.random(in: 0...13_000, using: &chance), Int.random(in: 0...1_600, using: &chance),
      lane: Lane.allCases[Int.random(in: 0..<3, using: &chance)],
      run: "run-\(Int.random(in: 0..<4, using: &chance))", idea: "idea-\(step % 3)",
      model: ["cheap", "dear", "tiered"][Int.random(in: 0..<3, using: &chance)])
    request.promptTokensBasis = Int.random(in: 0...9_000, using: &chance)
    if Bool.random(using: &chance) {
      request.expansion = ExpansionClaim(
        error: "e", repeats: Int.random(in: 1...3, using: &chance))
    }
    if Bool.random(using: &chance) {
      request.prompt = PromptFacts(
        selectedTopK: .init(subcategories: 4, datasets: 15, fields: 9, operators: 19),
        laneRatio: ["explore_ratio": .number(0.3214)], coverageKPI: nil, noveltyKPI: 0.84,
        comboSample: ["f0::op0"], fallbackCount: 7, exploreFloorPreserved: true)
    }
    return request
  }
}

@Suite("Laws of the ledger")
struct LedgerLawsTests {
  @Test("no history of honest calls takes any account beyond a ceiling", arguments: 1...8)
  func walls(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, steps: 600, overruns: false)
    let configuration = history.ledger.configuration
    for account in history.ledger.state.accounts {
      guard let period = account.scope.period else { continue }
      let ceilings = configuration.ceilings(period)
      let millionths = configuration.exploreMillionths
      if let tokens = ceilings.tokens {
        #expect(account.used.tokens <= tokens)
        let floor = ceilings.exploreFloorTokens(millionths: millionths)
        #expect(account.exploit.total.tokens + max(account.explore.total.tokens, floor) <= tokens)
      }
      if let cost = ceilings.cost {
        #expect(account.used.cost <= cost)
        let floor = ceilings.exploreFloorCost(millionths: millionths)
        #expect(account.exploit.total.cost + max(account.explore.total.cost, floor) <= cost)
      }
      #expect(account.explore.total.tokens <= ceilings.exploreTokens ?? .max)
      #expect(account.overrun == .zero)
    }
  }

  @Test("a replayed history comes to the same state, also through its text", arguments: 1...6)
  func replay(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, steps: 400, overruns: true)
    let ledger = history.ledger
    let replayed = try TokenLedger(
      configuration: BudgetConfiguration(), prices: .empty, replaying: history.events)
    #expect(replayed.state == ledger.state)
    let reread = try history.events.map { event in
      try BudgetEvent(
        kind: event.kind, at: event.at, payload: JSONValue(parsing: event.payload.compactText))
    }
    for (one, other) in zip(reread, history.events) {
      #expect(one.payload.compactText == other.payload.compactText)
    }
    let fromText = try TokenLedger(
      configuration: BudgetConfiguration(), prices: .empty, replaying: reread)
    #expect(fromText.state.accounts == ledger.state.accounts)
    #expect(fromText.state.calibration == ledger.state.calibration)
    #expect(fromText.state.open.keys == ledger.state.open.keys)
    #expect(Set(history.events.map(\.kind)).isSubset(of: BudgetEvent.kinds))
  }

  @Test(
    "in a history with overruns the excess stands in the accounts to the token", arguments: 1...4)
  func overruns(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, steps: 400, overruns: true)
    var used = 0
    var beyond = 0
    for event in history.events {
      guard case .settled(let settlement) = event.fact else { continue }
      used += settlement.point.usage.total
      beyond += settlement.beyond.tokens
    }
    let weeks = history.ledger.state.accounts.filter { $0.scope.period == .week }
    let unknown = weeks.reduce(0) { $0 + $1.unreconciled.tokens }
    #expect(weeks.reduce(0) { $0 + $1.consumed.tokens } == used + unknown)
    #expect(weeks.reduce(0) { $0 + $1.overrun.tokens } == beyond)
  }

  @Test("a history that contradicts itself is refused with the place")
  func contradiction() throws {
    let history = try RandomHistory(seed: 3, steps: 50, overruns: false)
    let granted = try #require(history.events.firstIndex { $0.kind == "budget.check_passed" })
    var twice = history.events
    twice.insert(twice[granted], at: granted + 1)
    let failure = #expect(throws: LedgerFailure.self) {
      try TokenLedger(configuration: BudgetConfiguration(), prices: .empty, replaying: twice)
    }
    #expect(failure?.outcome == .integrityViolated)
    #expect(failure?.explanation.contains("Event \(granted + 1)") == true)
  }

  @Test("a stored event without a member is refused by the member's name")
  func malformed() throws {
    let history = try RandomHistory(seed: 4, steps: 60, overruns: false)
    for event in history.events {
      guard case .object(let members) = event.payload else { continue }
      let isNeeded: Set = ["call", "reservation", "within", "breaches", "limits", "percent"]
      for name in isNeeded where members.contains(where: { $0.name == name }) {
        let rest = JSONValue.object(members.filter { $0.name != name })
        #expect(throws: BudgetEventFailure(kind: event.kind, member: name)) {
          try BudgetEvent(kind: event.kind, at: event.at, payload: rest)
        }
      }
    }
    let event = try #require(history.events.first { $0.kind == "budget.check_passed" })
    for lie in [
      #""prompt_tokens_max":9e18"#, #""prompt_tokens_max":-1"#, #""prompt_tokens_max":"7""#,
    ] {
      let text = event.payload.compactText.replacing(/"prompt_tokens_max":\d+/, with: lie)
      let failure = BudgetEventFailure(kind: event.kind, member: "prompt_tokens_max")
      #expect(throws: failure) {
        try BudgetEvent(kind: event.kind, at: event.at, payload: JSONValue(parsing: text))
      }
    }
    #expect(throws: BudgetEventFailure(kind: "budget.party", member: "kind")) {
      try BudgetEvent(kind: "budget.party", at: LedgerBench.friday, payload: [:])
    }
  }
}
