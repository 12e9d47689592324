import Worlds

/// `athanor world activation set`: a person closes a gate, or gives it free again.
enum WorldActivationSetCommand {
  private static let instance = Option<String>.required(
    "instance", .text("id"), help: "The instance whose gate it is.")
  private static let side = Option<TradingSide>.required(
    "side", .word("side"), help: "The side of the instance, against mistakes.")
  private static let active = Option<Activity>.required(
    "active", .word("toggle"), help: "Whether its orders may pass.")

  private enum Activity: String, Hashable, Sendable, CaseIterable {
    case yes = "true"
    case no = "false"
  }

  static let command: Command = Command(
    "set", summary: "Close the gate of an instance, or give it free",
    discussion: [
      """
      Closing is always possible. A gate opens only for a live instance of an active world whose \
      breaker is armed.
      """
    ],
    positionals: [WorldOptions.world.definition],
    options: [
      instance.definition, side.definition, active.definition,
      WorldOptions.optionalReason.definition, JournalOptions.journal.definition,
    ],
    examples: [
      Command.Example(
        "athanor world activation set demo --instance momentum.long.0f3c2a11 --side long "
          + "--active false", "Lets none of its orders pass")
    ]
  ) {
    try $0.carryOut(
      .setActive(
        GateKey($0[instance], $0[side]), $0[active] == .yes,
        reason: $0[WorldOptions.optionalReason]))
  }
}
