import Worlds

/// `athanor world freeze`: every gate closes and stays closed.
enum WorldFreezeCommand {
  static let command: Command = Command(
    "freeze", summary: "Close every gate of a world until it is resumed",
    discussion: [
      "Evidence is judged meanwhile and nobody moves. Positions stay as they are."
    ],
    positionals: [WorldOptions.world.definition],
    options: [WorldOptions.reason.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world freeze demo --reason 'prices look wrong'", "Stops all trading at once")
    ]
  ) { try $0.carryOut(.freeze(reason: $0[WorldOptions.reason])) }
}
