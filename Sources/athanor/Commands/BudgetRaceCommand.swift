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

  private static let journal = Option<String?>.optional(
    "journal", .file(),
    help: "Keep every grant in this journal, and go on with the race that it holds.")

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
      """,
      """
      With --journal every grant is durable before it is acted on. Together with --crashes processes \
      of this program run the race and are killed on the way, as kill -9 does. The provider's bills \
      are kept beside the journal, in a file whose name ends with .bills.
      """,
    ],
    options: [
      threads.definition, reservations.definition, crashes.definition, seed.definition,
      journal.definition, BudgetFiles.budget.definition,
    ],
    examples: [
      Command.Example(
        "athanor budget race --threads 64 --reservations 100000 --crashes",
        "Tries to overspend a budget with a ceiling of every kind"),
      Command.Example(
        "athanor budget race --budget configs/llm_budget.json", "Tries the usual budget"),
      Command.Example(
        "athanor budget race --journal race.sqlite --crashes", "Kills real processes on the way"),
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
    let started = invocation.surroundings.elapsed()
    let outcome = try invocation.withProgress(
      "Racing", total: race.attempts, unit: "calls"
    ) { reporter in
      if let path = invocation[journal] {
        let kills =
          invocation[crashes]
          ? try BudgetRaceKiller(invocation, race: race, journal: path, kills: deaths).run() : 0
        let journal = try BudgetRace.openJournal(path: path, seed: race.seed)
        var outcome = try race.run(on: journal) { reporter.advance(to: $0) }
        outcome.lives += kills
        return outcome
      }
      race.deaths = invocation[crashes] ? deaths : 0
      return try race.run { reporter.advance(to: $0) }
    }
    let seconds = (invocation.surroundings.elapsed() - started) / .seconds(1)
    return Answer(
      json: document(outcome, seconds), failure: outcome.holds ? nil : BrokenBudget(outcome)
    ) { text(outcome, seconds, $0) }
  }

  private static func document(_ outcome: RaceOutcome, _ seconds: Double) -> JSONValue {
    let counts = outcome.counts
    return [
      "threads": .integer(outcome.race.threads),
      "attempted": .integer(counts.granted + counts.refused),
      "admitted": .integer(counts.granted), "refused": .integer(counts.refused),
      "settled": .integer(counts.settled), "voided": .integer(counts.voided),
      "outcome_unknown": .integer(counts.presumed),
      "process_lives": .integer(outcome.lives), "billed": .integer(outcome.billed),
      "fullest_ceiling_percent": .number(outcome.fullest),
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
    let counts = outcome.counts
    var table = Table([.text("budget race"), .number("count")])
    for (name, count) in [
      ("threads", outcome.race.threads), ("attempted", counts.granted + counts.refused),
      ("admitted", counts.granted), ("refused", counts.refused), ("settled", counts.settled),
      ("not billed", counts.voided), ("outcome unknown at first", counts.presumed),
      ("lives of the process", outcome.lives),
      ("billed by the provider", outcome.billed),
      ("unreconciled calls", outcome.state.presumed.count),
      ("over-spend [tokens]", outcome.overspentTokens),
      ("over-spend [billionths of $]", Int(outcome.overspentCost.count)),
    ] {
      table.add([Table.Cell(name), Table.Cell(String(count))])
    }
    table.add(["fullest ceiling [%]", .number(outcome.fullest, decimals: 3)])
    let verdict =
      outcome.holds
      ? """
      Nothing was overspent: the provider's own accounts stay within every ceiling of all \
      \(outcome.state.accounts.count) runs, days, weeks and expansions, exploring kept its share, \
      every account adds up to zero, and the replayed log comes to the same ledger. \
      It took \(Int(seconds.rounded(.up))) s.
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
