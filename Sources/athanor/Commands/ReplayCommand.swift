import Essentials
import Services
import Storage

/// `athanor replay`: what the tactics would have done in recorded markets.
enum ReplayCommand {
  private static let html = Option<String?>.optional(
    "html", .file(), help: "Write a page with charts that works offline.")

  static let command: Command = Command(
    "replay", summary: "Trade recorded markets as though they were live",
    discussion: [
      """
      Tells the trader that would trade live what was recorded, event by event: bars, funding, marks. \
      A paper venue fills its orders with fees, slippage and margin. The report says what came of it \
      by symbol and by reason, what it cost, which gates refused what, and how far it can be trusted.
      """,
      """
      Files are named as BTCUSDT_1m.csv.gz, BTCUSDT_funding.csv.gz and BTCUSDT_mark8h.csv.gz; a folder \
      may hold those of many contracts. Bad rows are left out, counted and named. What nothing says \
      is assumed with care and stated.
      """,
      """
      The same data, settings and seed give the same `result`. Ctrl-C ends early with a report of what \
      was replayed, and exit code 1. What happened is recorded in the journal; see \
      `athanor journal --help`.
      """,
    ],
    positionals: [ReplayOptions.more.definition],
    options: ReplayOptions.definitions + [
      html.definition, JournalOptions.journal.definition, RecordingOptions.noJournal.definition,
    ],
    examples: [
      Command.Example(
        "athanor replay --data Examples/Data/crypto-perps", "Replays what comes with the program"),
      Command.Example(
        "athanor replay --data bars --symbols BTCUSDT,ETHUSDT --config desk.yml --html replay.html",
        "Replays two contracts under settings of your own, with charts"),
      Command.Example(
        "athanor replay --data bars --set entry.costs.net_min=0.001 --json",
        "Changes one setting, for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let request = try invocation.replayRequest()
    let isEnded = invocation.surroundings.watchForEnd()
    let material = try invocation.withProgress("Reading", total: 0, unit: "contracts") {
      reporter in
      try ReplayMaterial(for: request) { reporter.advance(to: $0, of: $1) }
    }
    let desk = ReplayDesk(request, material)
    fatalError()
  }
}
