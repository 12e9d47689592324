import Worlds

/// `athanor world rollback`: an earlier policy comes into force again.
enum WorldRollbackCommand {
  private static let version = Option<Int>.required(
    "to", .whole("version", in: 1...1_000_000_000), help: "The version that comes into force again."
  )

  static let command: Command = Command(
    "rollback", summary: "Bring an earlier version of the policy into force again",
    discussion: [
      "It becomes a version of its own, so that the record only grows. Instances stay as they are."
    ],
    positionals: [WorldOptions.world.definition],
    options: [
      version.definition, WorldOptions.optionalReason.definition,
      JournalOptions.journal.definition,
    ],
    examples: [
      Command.Example("athanor world rollback demo --to 1", "Goes back to the first version")
    ]
  ) {
    try $0.carryOut(
      .rollBack(version: $0[version], reason: $0[WorldOptions.optionalReason]))
  }
}
