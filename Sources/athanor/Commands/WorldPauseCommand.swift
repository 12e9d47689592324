import Worlds

/// `athanor world pause`: nothing is judged any more.
enum WorldPauseCommand {
  static let command: Command = Command(
    "pause", summary: "Judge nothing in a world and close its gates",
    positionals: [WorldOptions.world.definition],
    options: [WorldOptions.reason.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world pause demo --reason 'until the audit is done'", "Puts a world to rest")
    ]
  ) { try $0.carryOut(.declare(.paused, reason: $0[WorldOptions.reason])) }
}
