import Essentials
import Services
import Worlds

/// `athanor world demote`: a person takes an instance from live, or from paper.
enum WorldDemoteCommand {
  static let command: Command = Command(
    "demote", summary: "Take an instance from live or from paper",
    discussion: [
      """
      Always possible, whatever dwell says. From live it is a cutover, and what it holds is dealt \
      with as the policy says; from paper it ends at once. It becomes inactive and may come back \
      after its cooldown.
      """
    ],
    positionals: [WorldOptions.world.definition, WorldOptions.instance.definition],
    options: [
      WorldOptions.reason.definition, WorldOptions.runID.definition,
      JournalOptions.journal.definition, PanelOptions.store.definition,
    ],
    examples: [
      Command.Example(
        "athanor world demote demo momentum.long.0f3c2a11 --reason 'its data vendor is late'",
        "Takes it out of trading")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let traded = try invocation.tradingWorldDesk()
    let instance = invocation[WorldOptions.instance]
    let reason = invocation[WorldOptions.reason]
    let world = invocation[WorldOptions.world]
    let state = try traded.desk.existing(world)
    if state.instances[instance]?.phase == .dryrun {
      let receipt = try traded.desk.carryOut(
        .withdraw(instance: instance, reason: reason), in: world, by: invocation.worldActor)
      return WorldReceiptPage(world: world, entries: receipt.entries).answer
    }
    return try invocation.cutOver(.demote([instance], reason: reason), at: traded)
  }
}
