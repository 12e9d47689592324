import Essentials
import Services
import Worlds

/// `athanor world list`: the worlds there are.
enum WorldListCommand {
  private static let all = Option.flag("all", short: "a", help: "Deleted worlds too.")

  static let command: Command = Command(
    "list", summary: "List the worlds and how they stand",
    options: [all.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example("athanor world list", "Shows one line for each world"),
      Command.Example("athanor world list --all --json", "Every world for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.readingWorldDesk()
    let states = try desk.worlds().map { try desk.state(of: $0) }
      .filter { $0.isCreated && (invocation[all] || !$0.isDeleted) }
    return Answer(
      json: WorldOverview.list(states.map(WorldOverview.init(listing:)))
    ) { terminal in
      guard !states.isEmpty else {
        return Paragraph("There is no world. `athanor world apply -f world.yml` makes one.")
          .lines(width: terminal.textWidth).joined(separator: "\n")
      }
      var table = Table([
        .text("world", narrowest: 8), .text("mode"), .number("policy", rank: 4),
        .number("cycle", rank: 3), .number("live"), .number("paper", rank: 1),
        .number("others", rank: 5), .text("breaker", rank: 2), .text("evaluated", rank: 6),
      ])
      for state in states {
        let counts = state.counts
        let live = counts[.live] ?? 0
        let paper = counts[.dryrun] ?? 0
        table.add([
          Table.Cell(state.world), Table.Cell(state.isDeleted ? "deleted" : state.mode.rawValue),
          .count(state.policies.count), .count(state.cycle), .count(live), .count(paper),
          .count(state.ids.count - live - paper), Table.Cell(state.breaker.word),
          state.evaluation.map { Table.Cell("\($0.at)") } ?? .missing,
        ])
      }
      return table.rendered(width: terminal.width, paint: terminal.paint)
    }
  }
}
