package import Essentials

extension BudgetEvent {
  /// The event's name in the journal.
  package var kind: String {
    switch fact {
    case .granted: "budget.check_passed"
    case .shortened: "budget.fallback_applied"
    case .exploreFloorPreserved: "budget.explore_floor_preserved"
    case .refused: "budget.check_failed"
    case .blocked: "budget.blocked"
    case .settled: "llm.usage_point"
    case .voided: "budget.voided"
    case .presumed: "budget.presumed"
    case .warned: "budget.warning"
    case .warningCleared: "budget.warning_cleared"
    }
  }

  /// The names of the events that a ledger is told by. How a prompt was shortened is no news to a
  /// ledger, so `budget.fallback_applied` is not among them.
  package static let kinds: Set = [
    "budget.check_passed", "budget.explore_floor_preserved", "budget.check_failed",
    "budget.blocked", "llm.usage_point", "budget.voided", "budget.presumed",
    "budget.warning",
    "budget.warning_cleared",
  ]

  /// The run that the event belongs to, nil for a warning about a day or a week.
  package var run: String? {
    if let call { return call.run }
    if case .warned(let warning) = fact, case .run(let run) = warning.scope { return run }
    if case .warningCleared(let warning) = fact, case .run(let run) = warning.scope { return run }
    return nil
  }

  /// The idea that the event belongs to, nil for a warning.
  package var idea: String? { call?.idea }

  /// `budget`, and for the usage of a call the stage that made it.
  package var stage: String {
    if case .settled(let settlement) = fact { return settlement.reservation.request.stage }
    return "budget"
  }

  /// `info`, `warn` or `error`.
  package var severity: String {
    switch fact {
    case .granted, .exploreFloorPreserved, .voided, .warningCleared: "info"
    case .shortened, .refused, .presumed: "warn"
    case .blocked: "error"
    case .settled(let settlement): settlement.beyond == .zero ? "info" : "warn"
    case .warned(let warning): warning.isFirst ? "warn" : "info"
    }
  }

  private var call: CallRequest? {
    switch fact {
    case .granted(let reservation, _), .voided(let reservation, _, _),
      .presumed(let reservation, _):
      reservation.request
    case .shortened(let check, _), .exploreFloorPreserved(let check), .refused(let check),
      .blocked(let check):
      check.request
    case .settled(let settlement): settlement.reservation.request
    case .warned, .warningCleared: nil
    }
  }

  /// What the event says, as the journal keeps it. Amounts of money that must be exact are billionths
  /// of a dollar in members that end with `_nano_usd`; those in dollars are for people.
  package var payload: JSONValue {
    switch fact {
    case .granted(let reservation, let check):
      .object(check.members + [.init("reservation", reservation.json)])
    case .shortened(let check, let cut):
      .object(check.members + cut.members)
    case .exploreFloorPreserved(let check), .refused(let check), .blocked(let check):
      .object(check.members)
    case .settled(let settlement): settlement.json
    case .voided(let reservation, let reason, let isLate):
      [
        "reason": .string(reason.rawValue), "late": .bool(isLate),
        "call": reservation.callJSON, "reservation": reservation.json,
      ]
    case .presumed(let reservation, let reason):
      [
        "reason": .string(reason.rawValue), "call": reservation.callJSON,
        "reservation": reservation.json,
      ]
    case .warned(let warning), .warningCleared(let warning): warning.json
    }
  }
}

extension BudgetCheck {
  fileprivate var members: [JSONValue.Member] {
    let facts = request.prompt
    let keys = Set(breaches.map(\.ceiling.key))
    let standing = ["request_prompt", "request_completion", "batch_total", "day_total"]
    let exceeded = standing + ["explore_floor"]
    // Beside the five that are always there stand only those that are exceeded.
    let others = keys.subtracting(exceeded).sorted()
    return [
      .init("step_name", "step-20-budget"),
      .init("prompt_tokens", .integer(request.promptTokensMax)),
      .init("completion_tokens", .integer(request.completionTokensMax)),
      .init("selected_topk", facts?.selectedTopK.json ?? .null),
      .init("lane_ratio", facts?.laneRatio ?? .null),
      .init(
        "budget_exceeded",
        .object((exceeded + others).map { .init($0, .bool(keys.contains($0))) })),
      .init("fallback_count", .integer(facts?.fallbackCount ?? 0)),
      .init("coverage_kpi", .optional(facts?.coverageKPI)),
      .init("novelty_kpi", .optional(facts?.noveltyKPI)),
      .init("combo_sample", .strings(facts?.comboSample ?? [])),
      .init("projected_batch_tokens", .integer(projectedBatchTokens)),
      .init("projected_day_tokens", .integer(projectedDayTokens)),
      .init("batch_tokens_used_before", .integer(batchBefore.tokens)),
      .init("day_tokens_used_before", .integer(dayBefore.tokens)),
      .init("estimated_request_cost_usd", cost.dollarsJSON),
      .init("explore_floor_preserved", facts.map { .bool($0.exploreFloorPreserved) } ?? .null),
      .init("limits", limits.json),
      .init("fallback_applied", .bool((facts?.fallbackCount ?? 0) > 0)),
      .init("week_tokens_used_before", .integer(weekBefore.tokens)),
      .init(
        "used_before_nano_usd",
        [
          "batch": batchBefore.cost.json, "day": dayBefore.cost.json, "week": weekBefore.cost.json,
        ]),
      .init("breaches", .array(breaches.map(\.json))),
      .init("call", request.json(cost: cost, expansionTokens: expansionTokens)),
    ]
  }
}

extension FallbackCut {
  fileprivate var members: [JSONValue.Member] {
    [
      .init("fallback_phase", .string(phase.rawValue)), .init("fallback_factor", .number(factor)),
      .init("tokens_saved", .integer(tokensSaved)), .init("dropped", .strings(dropped)),
    ]
  }
}

extension Settlement {
  fileprivate var json: JSONValue {
    let request = reservation.request
    let usage = point.usage
    var members: [JSONValue.Member] = [
      .init("prompt_chars", .integer(point.promptCharacters)),
      .init("completion_chars", .integer(point.completionCharacters)),
      .init("prompt_tokens_rough", .integer(point.promptTokensRough)),
      .init("completion_tokens_rough", .integer(point.completionTokensRough)),
      .init("prompt_tokens", .integer(usage.prompt)),
      .init("completion_tokens", .integer(usage.completion)),
      .init("total_tokens", .integer(usage.total)),
      .init("cached_tokens", .integer(usage.cached)),
      .init("cache_write_tokens", .integer(usage.cacheWrite)),
      .init("cache_write_long_tokens", .integer(usage.cacheWriteLong)),
      .init("reasoning_tokens", .integer(usage.reasoning)),
      .init("usage_source", .string(point.source.rawValue)),
      .init("estimated_cost_usd", cost.dollarsJSON),
      .init("cost_nano_usd", cost.json),
      .init("provider", .string(request.provider)),
      .init("model", .string(request.model)),
    ]
    if let id = point.responseID { members.append(.init("response_id", .string(id))) }
    if let reported = point.reported { members.append(.init("usage", reported)) }
    if let reasoning = point.reasoning { members.append(.init("reasoning", reasoning)) }
    members += [
      .init("lane", .string(request.lane.rawValue)),
      .init("attempt", .integer(request.attempt)),
      .init("overrun", beyond.json),
      .init("late", .bool(isLate)),
      .init("within", within.json),
      .init("call", reservation.callJSON),
      .init("reservation", reservation.json),
    ]
    return .object(members)
  }
}

extension CallRequest {
  fileprivate func json(cost: CallCost, expansionTokens: Int) -> JSONValue {
    [
      "run": .string(run), "idea": .string(idea), "stage": .string(stage),
      "lane": .string(lane.rawValue), "provider": .string(provider), "model": .string(model),
      "attempt": .integer(attempt), "owner": .string(owner),
      "prompt_tokens_max": .integer(promptTokensMax),
      "completion_tokens_max": .integer(completionTokensMax),
      "prompt_tokens_basis": .integer(promptTokensBasis),
      "cost_max_nano_usd": cost.json,
      "expansion": expansion.map {
        [
          "error": .string($0.error), "repeats": .integer($0.repeats),
          "tokens": .integer(expansionTokens),
        ]
      } ?? .null,
    ]
  }
}

extension Reservation {
  fileprivate var callJSON: JSONValue {
    request.json(cost: cost, expansionTokens: expansionTokens)
  }

  fileprivate var json: JSONValue {
    [
      "id": .integer(id.number), "granted_at_ms": .integer(Int(at.millisecondsSinceEpoch)),
      "expires_at_ms": .integer(Int(expiresAt.millisecondsSinceEpoch)),
    ]
  }
}

extension CallCost {
  /// Billionths of a dollar; an unknown cost is null, never zero.
  fileprivate var json: JSONValue {
    if case .known(let amount) = self { amount.json } else { .null }
  }

  fileprivate var dollarsJSON: JSONValue {
    if case .known(let amount) = self { .number(amount.dollarsToEightPlaces) } else { .null }
  }
}

extension NanoDollars {
  fileprivate var json: JSONValue { .integer(Int(count)) }
}

extension Spend {
  fileprivate var json: JSONValue { ["tokens": .integer(tokens), "nano_usd": cost.json] }
}

extension PromptFacts.TopK {
  fileprivate var json: JSONValue {
    [
      "subcategories": .integer(subcategories), "datasets": .integer(datasets),
      "fields": .integer(fields), "operators": .integer(operators),
    ]
  }
}

extension CheckedLimits {
  fileprivate var json: JSONValue {
    [
      "max_prompt_tokens": .integer(maxPromptTokens),
      "max_completion_tokens": .integer(maxCompletionTokens),
      "max_tokens_per_batch": maxTokensPerBatch.map(JSONValue.integer) ?? .null,
      "max_tokens_per_day": maxTokensPerDay.map(JSONValue.integer) ?? .null,
      "min_explore_candidates_per_batch": .integer(minExploreCandidatesPerBatch),
    ]
  }
}

extension CeilingBreach {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("ceiling", .string(ceiling.key)), .init("unit", .string(ceiling.unit)),
    ]
    if let period = ceiling.period { members.append(.init("period", .string(period.rawValue))) }
    members += [
      .init("limit", .integer(limit)), .init("used", .integer(used)),
      .init("reserved", .integer(reserved)), .init("asked", .integer(asked)),
    ]
    return .object(members)
  }
}

extension BudgetCeiling {
  fileprivate var unit: String {
    switch self {
    case .requestCost, .cost, .exploreCost, .exploreFloorCost: "nano_usd"
    case .expansionNotEarned: "errors"
    default: "tokens"
    }
  }
}

extension BudgetWarning {
  fileprivate var json: JSONValue {
    [
      "scope": .string(scope.name), "ceiling": .string(kind.rawValue),
      "percent": .integer(level.rawValue), "consumed": .integer(consumed),
      "limit": .integer(limit), "first": .bool(isFirst),
      "period": scope.json,
    ]
  }
}

extension BudgetScope {
  fileprivate var json: JSONValue {
    switch self {
    case .run(let run): ["run": .string(run)]
    case .day(let date): ["day": .string(date.description)]
    case .week(let week): ["week_from": .string(week.monday.description)]
    case .expansion(let run, let idea): ["run": .string(run), "idea": .string(idea)]
    }
  }
}
