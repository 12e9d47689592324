import Essentials
import Storage

/// `athanor journal tail`: the last events, and those that come.
enum JournalTailCommand {
  private static let lines = Option(
    "lines", short: "n", .whole("count", in: 0...100_000), default: 10,
    help: "How many of the last events to show.")
  private static let follow = Option.flag(
    "follow", short: "f", help: "Go on and show events as they are recorded, until interrupted.")

  /// How long nothing is asked after nothing was found.
  private static let rest = Duration.milliseconds(250)
  /// Events that are fetched at once while following.
  private static let part = 1000

  static let command: Command = Command(
    "tail", summary: "Show the last events of the journal",
    discussion: [
      """
      One line for each event: its number, time, kind, run and payload. With --follow, --json prints \
      one line of JSON for each event, otherwise one list.
      """
    ],
    options: [
      JournalOptions.journal.definition, lines.definition, follow.definition,
    ] + JournalOptions.filters,
    examples: [
      Command.Example("athanor journal tail -n 20", "Shows the last twenty events"),
      Command.Example(
        "athanor journal tail --follow --kind simulation.completed",
        "Watches simulations as they are recorded"),
      Command.Example(
        "athanor journal tail --subject BTCUSDT --kind replay.decision",
        "Shows why a contract was traded in replays, or not"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let journal = try invocation.openJournal()
    // Asked first: what is recorded between the two questions is then followed, not lost.
    let end = try journal.head.seq
    let filter = invocation.journalFilter
    let events = try journal.lastEvents(invocation[lines], filter: filter).filter { $0.seq <= end }
    guard invocation[follow] else {
      return Answer(json: .array(events.map(JournalLine.value))) { terminal in
        events.isEmpty
          ? "No such events."
          : events.map { JournalEventLine(event: $0).text(terminal) }.joined(separator: "\n")
      }
    }
    let output = invocation.surroundings.output
    let isJSON = invocation[StandingOptions.json]
    func show(_ events: [JournalEvent]) throws {
      for event in events {
        let line =
          isJSON
          ? JournalLine.text(of: event) : JournalEventLine(event: event).text(output.terminal)
        try output.write(line + "\n")
      }
    }
    try show(events)
    var cursor = end
    while true {
      let fresh = try journal.events(after: cursor, limit: part, filter: filter)
      try show(fresh)
      if let last = fresh.last { cursor = last.seq } else { invocation.surroundings.pause(rest) }
    }
  }
}
