package import Essentials

/// A stored event of a budget that cannot be understood.
package struct BudgetEventFailure: ExplainedFailure, Hashable {
  package let kind: String
  /// The member that is missing or of the wrong kind.
  package let member: String

  package var key: String { "bad_budget_event" }
  package var explanation: String {
    "A stored event \(kind) has no usable member \(member)."
  }
  package var remedy: String { "Verify the journal and restore a copy." }
  package var outcome: FailureOutcome { .integrityViolated }
}

extension BudgetEvent {
  /// Reads an event that was stored under `kind` with the payload of ``BudgetEvent/payload``.
  package init(kind: String, at: Timestamp, payload: JSONValue) throws(BudgetEventFailure) {
    let reader = PayloadReader(kind: kind, payload: payload)
    let fact: BudgetFact
    switch kind {
    case "budget.check_passed":
      let check = try reader.check()
      fact = .granted(
        try reader.reservation(check.request, check.cost, check.expansionTokens), check)
    case "budget.explore_floor_preserved": fact = .exploreFloorPreserved(try reader.check())
    case "budget.check_failed": fact = .refused(try reader.check())
    case "budget.blocked": fact = .blocked(try reader.check())
    case "llm.usage_point": fact = .settled(try reader.settlement())
    case "budget.voided":
      fact = .voided(
        try reader.reservation(), try reader.word("reason"), isLate: try reader.flag("late"))
    case "budget.presumed":
      fact = .presumed(try reader.reservation(), try reader.word("reason"))
    case "budget.warning": fact = .warned(try reader.warning())
    case "budget.warning_cleared": fact = .warningCleared(try reader.warning())
    default: throw BudgetEventFailure(kind: kind, member: "kind")
    }
    self.init(at: at, fact)
  }
}

private struct PayloadReader {
  let kind: String
  let payload: JSONValue

  private func missing(_ name: String) -> BudgetEventFailure {
    BudgetEventFailure(kind: kind, member: name)
  }

  private func part(_ name: String) throws(BudgetEventFailure) -> PayloadReader {
    guard let value = payload[name], case .object = value else { throw missing(name) }
    return PayloadReader(kind: kind, payload: value)
  }

  private func whole(_ name: String) throws(BudgetEventFailure) -> Int {
    guard case .integer(let number)? = payload[name] else { throw missing(name) }
    return number
  }

  private func wholeOrNil(_ name: String) throws(BudgetEventFailure) -> Int? {
    payload[name] == .null ? nil : try whole(name)
  }

  private func text(_ name: String) throws(BudgetEventFailure) -> String {
    guard case .string(let text)? = payload[name] else { throw missing(name) }
    return text
  }

  func flag(_ name: String) throws(BudgetEventFailure) -> Bool {
    guard case .bool(let flag)? = payload[name] else { throw missing(name) }
    return flag
  }

  func word<Word: RawRepresentable<String>>(_ name: String) throws(BudgetEventFailure) -> Word {
    guard let word = Word(rawValue: try text(name)) else { throw missing(name) }
    return word
  }

  private func number(_ name: String) -> Double? {
    switch payload[name] {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// A count of tokens that belongs to one call.
  private func tokens(_ name: String) throws(BudgetEventFailure) -> Int {
    let count = try whole(name)
    guard (0...(2 * TokenUsage.tokensMax)).contains(count) else { throw missing(name) }
    return count
  }

  private func money(_ name: String) throws(BudgetEventFailure) -> NanoDollars {
    let amount = NanoDollars(Int64(try whole(name)))
    guard amount >= .zero, amount <= Self.moneyMax else { throw missing(name) }
    return amount
  }

  /// No call costs more, and no sum of what calls cost comes near the end of 64 bits.
  private static let moneyMax = NanoDollars(NanoDollars.dollarsMax * 1_000_000_000)

  private func cost(_ name: String) throws(BudgetEventFailure) -> CallCost {
    payload[name] == .null ? .unknown : .known(try money(name))
  }

  private func spend(_ name: String) throws(BudgetEventFailure) -> Spend {
    let part = try part(name)
    return Spend(tokens: try part.tokens("tokens"), cost: try part.money("nano_usd"))
  }

  private func time(_ name: String) throws(BudgetEventFailure) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64(try whole(name)))
  }

  // MARK: - Calls

  private func request() throws(BudgetEventFailure) -> (CallRequest, CallCost, Int) {
    let call = try part("call")
    var request = CallRequest(
      run: try call.text("run"), idea: try call.text("idea"), stage: try call.text("stage"),
      lane: try call.word("lane"), provider: try call.text("provider"),
      model: try call.text("model"), promptTokensMax: try call.tokens("prompt_tokens_max"),
      completionTokensMax: try call.tokens("completion_tokens_max"))
    request.attempt = try call.whole("attempt")
    request.owner = try call.text("owner")
    request.promptTokensBasis = try call.tokens("prompt_tokens_basis")
    var expansionTokens = 0
    if call.payload["expansion"] != .null {
      let expansion = try call.part("expansion")
      request.expansion = ExpansionClaim(
        error: try expansion.text("error"), repeats: try expansion.whole("repeats"))
      expansionTokens = try expansion.tokens("tokens")
    }
    return (request, try call.cost("cost_max_nano_usd"), expansionTokens)
  }

  func reservation() throws(BudgetEventFailure) -> Reservation {
    let (request, cost, expansionTokens) = try request()
    return try reservation(request, cost, expansionTokens)
  }

  func reservation(
    _ request: CallRequest, _ cost: CallCost, _ expansionTokens: Int
  ) throws(BudgetEventFailure) -> Reservation {
    let granted = try part("reservation")
    return Reservation(
      id: ReservationID(try granted.whole("id")), request: request, cost: cost,
      expansionTokens: expansionTokens, at: try granted.time("granted_at_ms"),
      expiresAt: try granted.time("expires_at_ms"))
  }

  // MARK: - Checks

  func check() throws(BudgetEventFailure) -> BudgetCheck {
    var (request, cost, expansionTokens) = try request()
    request.prompt = try promptFacts()
    let before = try part("used_before_nano_usd")
    var breaches: [CeilingBreach] = []
    guard case .array(let elements)? = payload["breaches"] else { throw missing("breaches") }
    for element in elements {
      breaches.append(try PayloadReader(kind: kind, payload: element).breach(request))
    }
    return BudgetCheck(
      request: request, cost: cost,
      batchBefore: Spend(
        tokens: try whole("batch_tokens_used_before"), cost: try before.money("batch")),
      dayBefore: Spend(tokens: try whole("day_tokens_used_before"), cost: try before.money("day")),
      weekBefore: Spend(
        tokens: try whole("week_tokens_used_before"), cost: try before.money("week")),
      expansionTokens: expansionTokens, limits: try part("limits").limits(), breaches: breaches)
  }

  private func promptFacts() throws(BudgetEventFailure) -> PromptFacts? {
    guard payload["selected_topk"] != .null else { return nil }
    let topK = try part("selected_topk")
    guard case .array(let sample)? = payload["combo_sample"] else { throw missing("combo_sample") }
    return PromptFacts(
      selectedTopK: PromptFacts.TopK(
        subcategories: try topK.whole("subcategories"), datasets: try topK.whole("datasets"),
        fields: try topK.whole("fields"), operators: try topK.whole("operators")),
      laneRatio: payload["lane_ratio"] ?? .null, coverageKPI: number("coverage_kpi"),
      noveltyKPI: number("novelty_kpi"),
      comboSample: sample.compactMap { if case .string(let key) = $0 { key } else { nil } },
      fallbackCount: try whole("fallback_count"),
      exploreFloorPreserved: try flag("explore_floor_preserved"))
  }

  private func limits() throws(BudgetEventFailure) -> CheckedLimits {
    CheckedLimits(
      maxPromptTokens: try whole("max_prompt_tokens"),
      maxCompletionTokens: try whole("max_completion_tokens"),
      maxTokensPerBatch: try wholeOrNil("max_tokens_per_batch"),
      maxTokensPerDay: try wholeOrNil("max_tokens_per_day"),
      minExploreCandidatesPerBatch: try whole("min_explore_candidates_per_batch"))
  }

  private func breach(_ request: CallRequest) throws(BudgetEventFailure) -> CeilingBreach {
    let key = try text("ceiling")
    let isMoney = try text("unit") == "nano_usd"
    let ceiling: BudgetCeiling
    switch key {
    case "request_prompt": ceiling = .requestPrompt
    case "request_completion": ceiling = .requestCompletion
    case "request_cost": ceiling = .requestCost
    case "unknown_price": ceiling = .unknownPrice(model: request.model)
    case "expansion_not_earned": ceiling = .expansionNotEarned
    case "expansion_spent": ceiling = .expansionSpent
    default:
      let period: BudgetPeriod = try word("period")
      let candidates: [BudgetCeiling] =
        isMoney
        ? [.cost(period), .exploreCost(period), .exploreFloorCost(period)]
        : [.tokens(period), .exploreTokens(period), .exploreFloorTokens(period)]
      guard let found = candidates.first(where: { $0.key == key }) else { throw missing("ceiling") }
      ceiling = found
    }
    return CeilingBreach(
      ceiling, limit: try whole("limit"), used: try whole("used"),
      reserved: try whole("reserved"), asked: try whole("asked"))
  }

  // MARK: - What follows

  func settlement() throws(BudgetEventFailure) -> Settlement {
    var usage = TokenUsage(
      prompt: try tokens("prompt_tokens"), completion: try tokens("completion_tokens"))
    usage.cached = try tokens("cached_tokens")
    usage.cacheWrite = try tokens("cache_write_tokens")
    usage.cacheWriteLong = try tokens("cache_write_long_tokens")
    usage.reasoning = try tokens("reasoning_tokens")
    var id: String?
    if payload["response_id"] != nil { id = try text("response_id") }
    let point = UsagePoint(
      usage: usage, source: try word("usage_source"), promptCharacters: try whole("prompt_chars"),
      completionCharacters: try whole("completion_chars"), responseID: id,
      reported: payload["usage"], reasoning: payload["reasoning"])
    return Settlement(
      reservation: try reservation(), point: point, cost: try cost("cost_nano_usd"),
      within: try spend("within"), beyond: try spend("overrun"), isLate: try flag("late"))
  }

  func warning() throws(BudgetEventFailure) -> BudgetWarning {
    guard let level = WarningLevel(rawValue: try whole("percent")) else { throw missing("percent") }
    return BudgetWarning(
      scope: try part("period").scope(), kind: try word("ceiling"), level: level,
      consumed: try whole("consumed"), limit: try whole("limit"), isFirst: try flag("first"))
  }

  private func scope() throws(BudgetEventFailure) -> BudgetScope {
    if payload["idea"] != nil {
      return .expansion(run: try text("run"), idea: try text("idea"))
    }
    if payload["run"] != nil { return .run(try text("run")) }
    if payload["day"] != nil {
      guard let day = CalendarDate(try text("day")) else { throw missing("day") }
      return .day(day)
    }
    guard let monday = CalendarDate(try text("week_from")) else { throw missing("week_from") }
    return .week(ISOWeek(containing: monday))
  }
}
