import Worlds

/// `athanor world delete`: the world ends; what it did stays on record.
enum WorldDeleteCommand {
  static let command: Command = Command(
    "delete", summary: "End a world; its audit stays",
    discussion: [
      "Gates close. The name is never used again, and `athanor world audit` goes on to answer."
    ],
    positionals: [WorldOptions.world.definition],
    options: [WorldOptions.reason.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world delete demo --reason 'the lesson is over'", "Ends a world")
    ]
  ) { try $0.carryOut(.delete(reason: $0[WorldOptions.reason])) }
}
