import Worlds

/// `athanor world reset-breaker`: lets a world trade again after a cut.
enum WorldResetBreakerCommand {
  static let command: Command = Command(
    "reset-breaker", summary: "Arm a tripped breaker again",
    discussion: [
      """
      A limit of losses, rejections or silence that was reached keeps its gates closed until a \
      person, or the rule of the policy, arms the breaker again.
      """
    ],
    positionals: [WorldOptions.world.definition],
    options: [WorldOptions.optionalReason.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world reset-breaker demo --reason 'fill stream is back'", "Arms it again")
    ]
  ) { try $0.carryOut(.resetBreaker(reason: $0[WorldOptions.optionalReason])) }
}
