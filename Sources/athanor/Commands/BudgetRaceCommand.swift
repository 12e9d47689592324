import Essentials
import Research

/// `athanor budget race`: an attempt to overspend with many threads and dying processes.
enum BudgetRaceCommand {
  private static let threads = Option(
    "threads", short: "t", .whole("count", in: 1...1_024), default: 64,
    help: "How many threads ask at once.")
  private static let reservations = Option(
    "reservations", short: "n", .whole("count", in: 1...100_000_000), default: 100_000,
    help: "How many calls are asked for.")
  private static let crashes = Option.flag(
    "crashes", help: "Let callers die before and after they are billed, and the process with them.")
  private static let seed = Option(
    "seed", .whole("seed", in: 0...1_000_000_000), default: 1,
    help: "The seed of the race's chance.")

  /// How often the process dies in a race with crashes.
  private static let deaths = 9

  static let command: Command = Command(
    "race", summary: "Try to overspend with many threads and crashes",
    discussion: [
      """
      Threads ask one budget for calls of random size and lane. A provider bills what was granted \
      and keeps accounts of its own; in the end they are held against every ceiling of every run, \
      day and week. With --crashes a part of the callers die on the way, and the ledger is made \
      anew from its events. The exit code is 6 where anything was overspent.
      """
    ],
    options: [
      threads.definition, reservations.definition, crashes.definition, seed.definition,
      BudgetFiles.budget.definition,
    ],
    examples: [
      Command.Example(
        "athanor budget race --threads 64 --reservations 100000 --crashes",
        "Tries to overspend a budget with a ceiling of every kind"),
      Command.Example(
        "athanor budget race --budget configs/llm_budget.json", "Tries the usual budget"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    var configuration = BudgetRace.budget
    if let path = invocation[BudgetFiles.budget] {
      configuration = try BudgetFiles(path: path).configuration
    }
    var race = BudgetRace(configuration: configuration, prices: BudgetRace.prices)
    race.threads = invocation[threads]
    race.attempts = invocation[reservations]
    race.seed = UInt64(invocation[seed])
    race.deaths = invocation[crashes] ? deaths : 0
    let started = invocation.surroundings.elapsed()
    let outcome = try invocation.withProgress(
      "Racing", total: race.attempts, unit: "calls"
    ) { reporter in
      try race.run { reporter.advance(to: $0) }
    }
    let seconds = (invocation.surroundings.elapsed() - started) / .seconds(1)
    return Answer(
      json: document(outcome, seconds), failure: outcome.holds ? nil : BrokenBudget(outcome)
    ) { text(outcome, seconds, $0) }
  }

  private static func document(_ outcome: RaceOutcome, _ seconds: Double) -> JSONValue {
    let tally = outcome.tally
    return [
      "threads": .integer(outcome.race.threads), "attempted": .integer(tally.attempted),
      "admitted": .integer(tally.admitted), "refused": .integer(tally.refused),
      "settled": .integer(tally.settled), "voided": .integer(tally.voided),
      "answers_lost": .integer(tally.lost), "callers_died": .integer(tally.died),
      "process_lives": .integer(outcome.phases),
      "over_spend_tokens": .integer(outcome.overspentTokens),
      "over_spend_usd": .number(outcome.overspentCost.dollars),
      "violations": .strings(outcome.violations.map(\.description)),
      "replay_exact": .bool(outcome.isReplayExact),
      "sum_of_accounts_zero": .bool(outcome.state.isBalanced),
      "accounts": .integer(outcome.state.accounts.count),
      "unreconciled_calls": .integer(outcome.state.presumed.count),
      "seconds": .number(seconds),
    ]
  }

  private static func text(
    _ outcome: RaceOutcome, _ seconds: Double, _ terminal: TerminalFacts
  ) -> String {
    let tally = outcome.tally
    var table = Table([.text("budget race"), .number("count")])
    for (name, count) in [
      ("threads", outcome.race.threads), ("attempted", tally.attempted),
      ("admitted", tally.admitted), ("refused", tally.refused), ("settled", tally.settled),
      ("not billed", tally.voided), ("answers lost", tally.lost),
      ("callers died", tally.died), ("lives of the process", outcome.phases),
      ("unreconciled calls", outcome.state.presumed.count),
      ("over-spend [tokens]", outcome.overspentTokens),
      ("over-spend [billionths of $]", Int(outcome.overspentCost.count)),
    ] {
      table.add([Table.Cell(name), Table.Cell(String(count))])
    }
    let rate = Int(Double(tally.attempted) / max(seconds, 1e-9))
    let verdict =
      outcome.holds
      ? """
      Nothing was overspent: the provider's own accounts stay within every ceiling of all \
      \(outcome.state.accounts.count) runs, days, weeks and expansions, exploring kept its share, \
      every account adds up to zero, and the replayed log comes to the same ledger. \
      \(rate) attempts a second.
      """
      : "The budget did not hold: "
        + outcome.violations.prefix(10).map(\.description)
        .joined(separator: "; ")
    return table.rendered(width: terminal.width, paint: terminal.paint) + "\n\n"
      + Paragraph(verdict).lines(width: terminal.textWidth).joined(separator: "\n")
  }
}

/// A race that the budget lost.
private struct BrokenBudget: ExplainedFailure {
  let violations: Int
  let isReplayExact: Bool
  let isBalanced: Bool

  init(_ outcome: RaceOutcome) {
    violations = outcome.violations.count
    isReplayExact = outcome.isReplayExact
    isBalanced = outcome.state.isBalanced
  }

  var key: String { "budget_overspent" }
  var explanation: String {
    "\(violations) ceilings were billed beyond; the replay is "
      + "\(isReplayExact ? "" : "not ")exact; the accounts are \(isBalanced ? "" : "not ")balanced."
  }
  var remedy: String { "Report the seed and the figures: this is a fault of the program." }
  var outcome: FailureOutcome { .integrityViolated }
}
