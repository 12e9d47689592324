package import Essentials

extension BudgetConfiguration {
  /// The configuration with every key resolved, as a file that reads back to the same.
  ///
  /// Keys without a ceiling or a file are null.
  package var document: JSONValue {
    var members: [JSONValue.Member] = [
      .init("max_prompt_tokens", .integer(maxPromptTokens)),
      .init("max_completion_tokens", .integer(maxCompletionTokens)),
      .init("max_cost_usd_per_request", .dollars(maxCostPerRequest)),
    ]
    for period in BudgetPeriod.allCases {
      let ceilings = ceilings(period)
      let suffix = period.rawValue
      members += [
        .init("max_tokens_per_\(suffix)", .whole(ceilings.tokens)),
        .init("max_cost_usd_per_\(suffix)", .dollars(ceilings.cost)),
        .init("max_explore_tokens_per_\(suffix)", .whole(ceilings.exploreTokens)),
        .init("max_explore_cost_usd_per_\(suffix)", .dollars(ceilings.exploreCost)),
      ]
    }
    members += [
      .init("fallback_topk_steps", .numbers(fallbackTopKSteps)),
      .init("exploit_ratio", .number(exploitRatio)),
      .init("explore_ratio", .number(exploreRatio)),
      .init("min_explore_candidates_per_batch", .integer(minExploreCandidatesPerBatch)),
      .init("expansion_reserve_tokens", .integer(expansionReserveTokens)),
      .init("repeated_error_threshold", .integer(repeatedErrorThreshold)),
      .init("estimated_cost_per_1k_prompt_tokens", .number(flatPrice?.per1kPrompt ?? 0)),
      .init("estimated_cost_per_1k_completion_tokens", .number(flatPrice?.per1kCompletion ?? 0)),
      .init("price_table", priceTable.map(JSONValue.string) ?? .null),
      .init("prompt_bound", .string(promptBound.rawValue)),
      .init(
        "rank_files",
        .array(
          rankFiles.map {
            [
              "models": .strings($0.models), "path": .string($0.path),
              "encoding": .string($0.encoding.rawValue),
            ]
          })),
      .init("reservation_seconds", .integer(reservationSeconds)),
    ]
    return .object(members)
  }

  /// What is allowed and yet looks like an oversight, each in one sentence.
  package var remarks: [String] {
    var remarks: [String] = []
    let request = maxPromptTokens + maxCompletionTokens
    for period in BudgetPeriod.allCases {
      if let tokens = ceilings(period).tokens, tokens < request {
        remarks.append(
          "A call of \(request) tokens, which max_prompt_tokens and max_completion_tokens allow, is "
            + "never within max_tokens_per_\(period.rawValue), \(tokens).")
      }
    }
    for (short, long): (BudgetPeriod, BudgetPeriod) in [
      (.batch, .day), (.day, .week), (.batch, .week),
    ] {
      let (lower, upper) = (ceilings(short), ceilings(long))
      if let tokens = lower.tokens, let most = upper.tokens, tokens > most {
        remarks.append(
          "max_tokens_per_\(short.rawValue), \(tokens), is never reached: "
            + "max_tokens_per_\(long.rawValue) is \(most).")
      }
      if let cost = lower.cost, let most = upper.cost, cost > most {
        remarks.append(
          "max_cost_usd_per_\(short.rawValue), \(cost), is never reached: "
            + "max_cost_usd_per_\(long.rawValue) is \(most).")
      }
    }
    if hasCostCeiling, priceTable == nil, flatPrice == nil {
      remarks.append(
        "A cost ceiling holds and no price is known, so every call is refused: name a price_table.")
    }
    return remarks
  }
}

extension JSONValue {
  fileprivate static func whole(_ number: Int?) -> JSONValue {
    number.map(JSONValue.integer) ?? .null
  }

  fileprivate static func dollars(_ amount: NanoDollars?) -> JSONValue {
    .optional(amount?.dollars)
  }
}
