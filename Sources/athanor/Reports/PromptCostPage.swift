import Essentials
import Research

/// What a prompt would take, as `estimate-prompt-cost` shows it.
enum PromptCostPage: Sendable {
  case compiled(CompiledPrompt, BudgetCheck, given: PromptFacts.TopK)
  case reference(ReferenceFallback.Outcome, run: String, idea: String)

  /// Why the prompt may not be sent, nil where it may.
  var failure: BudgetBlocked? {
    switch self {
    case .compiled(let compiled, _, _): compiled.verdict.refusal.map(BudgetBlocked.init)
    case .reference(let outcome, _, _):
      outcome.isAllowed ? nil : BudgetBlocked(reasons: outcome.evaluation.exceeded)
    }
  }

  // MARK: - For programs

  var json: JSONValue {
    switch self {
    case .compiled(let compiled, let check, _): Self.document(compiled, check)
    case .reference(let outcome, let run, let idea): Self.document(outcome, run, idea)
    }
  }

  private static func document(_ compiled: CompiledPrompt, _ check: BudgetCheck) -> JSONValue {
    let request = compiled.request
    let facts = request.prompt
    let exceeded = Set((compiled.verdict.refusal?.breaches ?? []).map(\.ceiling.key))
    var members: [JSONValue.Member] = [
      .init("ok", .bool(compiled.verdict == .fits)),
      .init("run_id", .string(request.run)), .init("idea_id", .string(request.idea)),
      .init("prompt_tokens_rough", .integer(request.promptTokensMax)),
      .init("completion_tokens_budget", .integer(request.completionTokensMax)),
      .init("projected_batch_tokens", .integer(check.projectedBatchTokens)),
      .init("projected_day_tokens", .integer(check.projectedDayTokens)),
      .init("selected_topk", facts.map { document($0.selectedTopK) } ?? .null),
      .init("lane_ratio", facts?.laneRatio ?? .null),
      .init("coverage_kpi", .optional(facts?.coverageKPI)),
      .init("novelty_kpi", .optional(facts?.noveltyKPI)),
      .init("fallback_count", .integer(compiled.steps.count)),
      .init("budget_exceeded", document(exceeded: exceeded)),
    ]
    members.append(
      .init(
        "fallback_steps",
        .array(
          compiled.steps.map { step in
            [
              "phase": .string(step.cut.phase.rawValue), "factor": .number(step.cut.factor),
              "prompt_tokens": .integer(step.promptTokensMax),
              "completion_tokens": .integer(request.completionTokensMax),
              "selected_topk": document(step.prompt.selectedTopK),
              "budget_exceeded": document(
                exceeded: step.promptTokensMax > compiled.promptTokensAllowed
                  ? ["request_prompt"] : []),
              "fallback_count": .integer(step.prompt.fallbackCount),
              "lane_ratio": step.prompt.laneRatio,
              "coverage_kpi": .optional(step.prompt.coverageKPI),
              "tokens_saved": .integer(step.cut.tokensSaved),
              "dropped": .strings(step.cut.dropped),
            ]
          })))
    members += [
      .init("verdict", .string(compiled.verdict.name)),
      .init("explanation", .strings(compiled.explanation)),
      .init("prompt_tokens_allowed", .integer(compiled.promptTokensAllowed)),
      .init("prompt_tokens_uncut", .integer(compiled.uncutTokens)),
      .init("prompt_tokens_fixed", .integer(compiled.fixedTokens)),
      .init(
        "estimated_request_cost_usd",
        check.cost.isKnown ? .number(check.cost.entered.dollarsToEightPlaces) : .null),
      .init(
        "sections",
        .array(
          compiled.sections.map {
            [
              "name": .string($0.name), "tokens": .integer($0.tokens),
              "stable_prefix": .bool($0.isStable),
            ]
          })),
    ]
    return .object(members)
  }

  private static func document(
    _ outcome: ReferenceFallback.Outcome, _ run: String, _ idea: String
  ) -> JSONValue {
    let evaluation = outcome.evaluation
    return [
      "ok": .bool(outcome.isAllowed), "run_id": .string(run), "idea_id": .string(idea),
      "prompt_tokens_rough": .integer(evaluation.promptTokens),
      "completion_tokens_budget": .integer(evaluation.completionTokens),
      "projected_batch_tokens": .integer(evaluation.projectedBatchTokens),
      "projected_day_tokens": .integer(evaluation.projectedDayTokens),
      "selected_topk": document(evaluation.topK), "lane_ratio": outcome.pack.laneRatio,
      "coverage_kpi": .integer(evaluation.topK.subcategories),
      "novelty_kpi": outcome.pack.combinations.isEmpty ? 0 : 1,
      "fallback_count": .integer(outcome.steps.count),
      "budget_exceeded": document(exceeded: Set(evaluation.exceeded)),
      "fallback_steps": .array(
        outcome.steps.enumerated().map { index, step in
          [
            "phase": .string(step.phase.rawValue), "factor": .number(step.factor),
            "prompt_tokens": .integer(step.evaluation.promptTokens),
            "completion_tokens": .integer(step.evaluation.completionTokens),
            "selected_topk": document(step.evaluation.topK),
            "budget_exceeded": document(exceeded: Set(step.evaluation.exceeded)),
            "fallback_count": .integer(index + 1),
          ]
        }),
    ]
  }

  private static func document(_ topK: PromptFacts.TopK) -> JSONValue {
    [
      "subcategories": .integer(topK.subcategories), "datasets": .integer(topK.datasets),
      "fields": .integer(topK.fields), "operators": .integer(topK.operators),
    ]
  }

  private static func document(exceeded: Set<String>) -> JSONValue {
    let standing = [
      "request_prompt", "request_completion", "batch_total", "day_total", "explore_floor",
    ]
    let others = exceeded.subtracting(standing).sorted()
    return .object((standing + others).map { .init($0, .bool(exceeded.contains($0))) })
  }

  // MARK: - For people

  func text(_ terminal: TerminalFacts) -> String {
    let blocks =
      switch self {
      case .compiled(let compiled, let check, let given):
        [
          Self.sections(compiled, check),
          Self.candidates(given, compiled.request.prompt?.selectedTopK),
        ]
          + (compiled.steps.isEmpty
            ? []
            : [
              Self.steps(
                compiled.steps.map {
                  ($0.cut.phase, $0.cut.factor, $0.prompt.selectedTopK, $0.promptTokensMax)
                })
            ])
      case .reference(let outcome, _, _):
        [Self.candidates(nil, outcome.evaluation.topK)]
          + (outcome.steps.isEmpty
            ? []
            : [
              Self.steps(
                outcome.steps.map {
                  ($0.phase, $0.factor, $0.evaluation.topK, $0.evaluation.promptTokens)
                })
            ])
      }
    let tables = blocks.map { $0.rendered(width: terminal.width, paint: terminal.paint) }
    let sentences = Paragraph(conclusion).lines(width: terminal.textWidth).joined(separator: "\n")
    return (tables + [sentences]).joined(separator: "\n\n")
  }

  private var conclusion: String {
    switch self {
    case .compiled(let compiled, _, _): compiled.explanation.joined(separator: " ")
    case .reference(let outcome, _, _):
      "The documented prompt has \(outcome.evaluation.promptTokens) tokens after "
        + "\(outcome.steps.count) steps"
        + (outcome.isAllowed
          ? "." : " and exceeds \(outcome.evaluation.exceeded.joined(separator: ", ")).")
    }
  }

  private static func sections(_ compiled: CompiledPrompt, _ check: BudgetCheck) -> Table {
    var table = Table([.text("part"), .number("tokens"), .text("cached", rank: 1)])
    for section in compiled.sections {
      table.add([
        Table.Cell(section.name), .count(section.tokens), section.isStable ? "yes" : "no",
      ])
    }
    table.add(["prompt", .count(compiled.request.promptTokensMax), ""])
    table.add(["allowed", .count(compiled.promptTokensAllowed), ""])
    table.add(["answer", .count(compiled.request.completionTokensMax), ""])
    table.add(["run then", .count(check.projectedBatchTokens), ""])
    table.add(["day then", .count(check.projectedDayTokens), ""])
    return table
  }

  private static func candidates(_ given: PromptFacts.TopK?, _ kept: PromptFacts.TopK?) -> Table {
    var table = Table([.text("candidates"), .number("kept"), .number("given", rank: 1)])
    for (name, path) in [
      ("subcategories", \PromptFacts.TopK.subcategories), ("datasets", \.datasets),
      ("fields", \.fields), ("operators", \.operators),
    ] {
      table.add([
        Table.Cell(name), .count(kept?[keyPath: path]), .count(given?[keyPath: path]),
      ])
    }
    return table
  }

  private static func steps(
    _ steps: [(phase: FallbackPhase, factor: Double, topK: PromptFacts.TopK, tokens: Int)]
  ) -> Table {
    var table = Table([
      .number("step"), .text("cut"), .number("left", unit: "%"), .number("fields"),
      .number("operators"), .number("subcategories", rank: 1), .number("tokens"),
    ])
    for (index, step) in steps.enumerated() {
      table.add([
        .count(index + 1), Table.Cell(step.phase.rawValue), .percent(step.factor, decimals: 1),
        .count(step.topK.fields), .count(step.topK.operators), .count(step.topK.subcategories),
        .count(step.tokens),
      ])
    }
    return table
  }
}
