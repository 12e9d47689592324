import Essentials
import Research
import Storage

/// `athanor budget show`: what was used, what is held, and what is left.
enum BudgetShowCommand {
  private static let run = Option<String?>.optional(
    "run", .text("run"), help: "Only this run.")
  private static let day = Option<CalendarDate?>.optional(
    "day", .date, help: "Only this UTC day and its week.")
  private static let last = Option(
    "last", short: "n", .whole("count", in: 1...10_000), default: 7,
    help: "How many of the latest runs, days and weeks to show.")

  static let command: Command = Command(
    "show", summary: "Show what the budget of research has used and what is left",
    discussion: [
      """
      A line for each run, UTC day and ISO week, and one for each model. Used is what was billed; \
      held is granted to calls under way; unknown counts in full although nobody knows whether it \
      was billed. What is left is held against the ceilings of --budget.
      """
    ],
    options: [
      JournalOptions.journal.definition, run.definition, day.definition, last.definition,
      BudgetFiles.budget.definition,
    ],
    examples: [
      Command.Example("athanor budget show", "Shows the latest runs, days and weeks"),
      Command.Example("athanor budget show --run 2026-11-21-a --json", "Shows one run"),
      Command.Example("athanor budget show --day 2026-11-21", "Shows one day and its week"),
    ], run: show)

  private static func show(_ invocation: Invocation) throws -> Answer {
    let files = try invocation.budgetFiles()
    let journal = try invocation.openJournal()
    let index = BudgetIndex()
    let (accounts, models) = try journal.read { store throws(JournalFailure) in
      guard try index.isPresent(in: store) else { return ([LedgerAccount](), [ModelUsage]()) }
      if let run = invocation[run] {
        return (try index.account(.run(run), in: store).map { [$0] } ?? [], [])
      }
      if let day = invocation[day] {
        let scopes = [BudgetScope.day(day), .week(ISOWeek(containing: day))]
        var accounts: [LedgerAccount] = []
        for scope in scopes {
          if let account = try index.account(scope, in: store) { accounts.append(account) }
        }
        return (accounts, [])
      }
      var accounts: [LedgerAccount] = []
      for period in BudgetPeriod.allCases {
        accounts += try index.latest(invocation[last], period, in: store)
      }
      return (accounts, try index.models(in: store))
    }
    if accounts.isEmpty, let scope = asked(invocation) { throw NothingSpent(scope: scope) }
    let configuration = files.configuration
    return Answer(
      json: [
        "accounts": .array(accounts.map { $0.document(configuration) }),
        "models": .array(models.map(document)),
      ]
    ) { text(accounts, models, configuration, $0) }
  }

  /// The one scope that the command line asks for, by name.
  private static func asked(_ invocation: Invocation) -> String? {
    invocation[run].map { "run \($0)" } ?? invocation[day].map { "day \($0)" }
  }

  private static func document(_ model: ModelUsage) -> JSONValue {
    [
      "provider": .string(model.provider), "model": .string(model.model),
      "calls": .integer(model.calls), "prompt_tokens": .integer(model.usage.prompt),
      "cached_tokens": .integer(model.usage.cached),
      "completion_tokens": .integer(model.usage.completion),
      "reasoning_tokens": .integer(model.usage.reasoning),
      "cost_usd": .number(model.cost.dollars), "unpriced_calls": .integer(model.unpricedCalls),
      "overruns": .integer(model.overruns),
    ]
  }

  private static func text(
    _ accounts: [LedgerAccount], _ models: [ModelUsage], _ configuration: BudgetConfiguration,
    _ terminal: TerminalFacts
  ) -> String {
    guard !accounts.isEmpty else { return "The journal holds no budget yet." }
    var table = Table([
      .text("scope", narrowest: 12), .number("used", unit: "tokens"),
      .number("held", rank: 3), .number("unknown", rank: 4), .number("left"),
      .number("explore", unit: "%", rank: 2), .number("cost", unit: "$"),
      .number("calls", rank: 1), .number("refused", rank: 5),
    ])
    for account in accounts {
      let ceilings = account.scope.period.map(configuration.ceilings)
      let left = ceilings?.tokens.map { max(0, $0 - account.used.tokens) }
      table.add([
        Table.Cell(account.scope.name), Table.Cell(String(account.consumed.tokens)),
        Table.Cell(String(account.reserved.tokens)),
        Table.Cell(String(account.unreconciled.tokens)),
        left.map { Table.Cell(String($0)) } ?? .missing,
        .percent(account.exploreShare, decimals: 1),
        .number(account.consumed.cost.dollars, decimals: 4),
        Table.Cell(String(account.counts.granted)), Table.Cell(String(account.counts.refused)),
      ])
    }
    var blocks = [table.rendered(width: terminal.width, paint: terminal.paint)]
    if !models.isEmpty {
      var table = Table([
        .text("model", narrowest: 10), .number("calls"), .number("prompt"),
        .number("cached", rank: 1), .number("completion"), .number("reasoning", rank: 2),
        .number("cost", unit: "$"), .number("unpriced", rank: 3), .number("overruns", rank: 4),
      ])
      for model in models {
        table.add([
          Table.Cell("\(model.provider)/\(model.model)"), Table.Cell(String(model.calls)),
          Table.Cell(String(model.usage.prompt)), Table.Cell(String(model.usage.cached)),
          Table.Cell(String(model.usage.completion)), Table.Cell(String(model.usage.reasoning)),
          .number(model.cost.dollars, decimals: 4), Table.Cell(String(model.unpricedCalls)),
          Table.Cell(String(model.overruns)),
        ])
      }
      blocks.append(table.rendered(width: terminal.width, paint: terminal.paint))
    }
    let unpriced = accounts.filter { $0.scope.period == .week }.reduce(0) {
      $0 + $1.counts.unpriced
    }
    if unpriced > 0 {
      blocks.append("\(unpriced) calls have no known price; the cost lacks them.")
    }
    return blocks.joined(separator: "\n\n")
  }
}

/// A run or a day of which the journal knows no call.
private struct NothingSpent: ExplainedFailure {
  let scope: String
  var key: String { "no_such_budget" }
  var explanation: String { "The journal knows no call of the \(scope)." }
  var remedy: String { "List the latest with `athanor budget show`." }
  var outcome: FailureOutcome { .badConfiguration }
}

extension LedgerAccount {
  /// The share of what was consumed that the explore lane has used, nil where nothing was.
  fileprivate var exploreShare: Double? {
    let lanes = exploit.consumed.tokens + explore.consumed.tokens
    return lanes > 0 ? Double(explore.consumed.tokens) / Double(lanes) : nil
  }

  fileprivate func document(_ configuration: BudgetConfiguration) -> JSONValue {
    let ceilings = scope.period.map(configuration.ceilings)
    func amounts(_ spend: Spend) -> JSONValue {
      ["tokens": .integer(spend.tokens), "usd": .number(spend.cost.dollars)]
    }
    func balances(_ lane: LaneBalances) -> JSONValue {
      [
        "reserved": amounts(lane.reserved), "spent": amounts(lane.spent),
        "overrun": amounts(lane.overrun), "unreconciled": amounts(lane.unreconciled),
      ]
    }
    return [
      "scope": .string(scope.name), "used": amounts(consumed), "reserved": amounts(reserved),
      "limit": [
        "tokens": (ceilings?.tokens).map(JSONValue.integer) ?? .null,
        "usd": .optional(ceilings?.cost?.dollars),
      ],
      "lanes": [
        "exploit": balances(exploit), "explore": balances(explore), "both": balances(both),
      ],
      "explore_share": .optional(exploreShare), "blocked": .bool(isBlocked),
      "calls": [
        "granted": .integer(counts.granted), "settled": .integer(counts.settled),
        "voided": .integer(counts.voided), "presumed": .integer(counts.presumed),
        "refused": .integer(counts.refused), "unpriced": .integer(counts.unpriced),
        "unpriced_tokens": .integer(counts.unpricedTokens),
      ],
    ]
  }
}
