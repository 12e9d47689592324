import Essentials
import Services
import Worlds

/// `athanor world advance`: a world's accounts trade what came, and nothing is decided.
enum WorldAdvanceCommand {
  private static let to = Option<Timestamp?>.optional(
    "to", .instant, help: "The instant to trade up to; otherwise that of the clock.")

  static let command: Command = Command(
    "advance", summary: "Let a world's accounts trade the prices that came",
    discussion: [
      """
      Every row of the panels that was not traded yet and is complete at the instant is traded, each \
      once: instances in dryrun trade on paper, live ones through their gates on the account that \
      stands for money. Nobody moves; an evaluation does the same before it decides. Accounts are \
      kept in the journal, so that a crash neither loses nor repeats a row.
      """
    ],
    positionals: [WorldOptions.world.definition],
    options: [to.definition, JournalOptions.journal.definition, PanelOptions.store.definition],
    examples: [
      Command.Example(
        "athanor world advance demo", "Trades every row that came since the last time")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let traded = try invocation.tradingWorldDesk()
    let world = invocation[WorldOptions.world]
    let instant = invocation[to] ?? invocation.surroundings.now()
    let progress = try traded.trading.trade(
      in: world, at: traded.desk, for: { .advance(through: instant) }, { $0 })
    let json: JSONValue = ["world": .string(world), "traded": progress.json]
    return Answer(json: json) { terminal in
      Paragraph(
        progress.rows > 0
          ? progress.sentence
          : "No row of prices came that the world \(DisplayWidth.harmless(world)) has to trade."
      ).lines(width: terminal.textWidth).joined(separator: "\n")
    }
  }
}
