import Essentials
import Storage

/// `athanor journal runs`: what was done, run by run.
enum JournalRunsCommand {
  private static let top = Option(
    "top", .whole("count", in: 1...100_000), default: 20, help: "How many runs to list.")

  static let command: Command = Command(
    "runs", summary: "List the runs in the journal, the latest first",
    discussion: [
      """
      Began and Ended are times of the clock, also of a replay, whose events happen at times of the \
      market. A run that was killed, or is under way, has not ended.
      """
    ],
    options: [JournalOptions.journal.definition, top.definition],
    examples: [
      Command.Example("athanor journal runs", "Lists the latest runs"),
      Command.Example("athanor journal runs --json --top 1", "Names the latest for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let journal = try invocation.openJournal()
    let runs = try journal.read { tables throws(JournalFailure) in
      try RunIndex().latest(invocation[top], in: tables)
    }
    return Answer(json: .array(runs.map(json))) { text(of: runs, $0) }
  }

  private static func text(of runs: [RunSummary], _ terminal: TerminalFacts) -> String {
    guard !runs.isEmpty else { return "No run is recorded." }
    var table = Table([
      .text("Run"), .number("Events"), .text("Began"), .text("Ended", rank: 2),
      .number("First", rank: 4), .number("Last", rank: 3), .text("Kinds", rank: 1, narrowest: 12),
    ])
    for run in runs {
      table.add([
        run.run.isEmpty ? .missing : Table.Cell(run.run), .count(run.events),
        Table.Cell("\(run.start)"), run.isUnfinished ? "not ended" : Table.Cell("\(ended(run))"),
        Table.Cell("\(run.first)"),
        Table.Cell("\(run.last)"),
        Table.Cell(run.kinds.map { "\($0.kind) \($0.events)" }.joined(separator: ", ")),
      ])
    }
    return table.rendered(width: terminal.width, paint: terminal.paint)
  }

  private static func ended(_ run: RunSummary) -> Timestamp { run.endedAt ?? run.end }

  private static func json(_ run: RunSummary) -> JSONValue {
    [
      "run": .string(run.run), "events": .integer(run.events), "first": .integer(Int(run.first)),
      "last": .integer(Int(run.last)), "start": .string("\(run.start)"),
      "end": run.isUnfinished ? .null : .string("\(ended(run))"),
      "kinds": .object(run.kinds.map { .init($0.kind, .integer($0.events)) }),
    ]
  }
}
