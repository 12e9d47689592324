import Services
import Worlds

/// `athanor world resume`: what was frozen or paused goes on.
enum WorldResumeCommand {
  static let command: Command = Command(
    "resume", summary: "Lift a freeze or a pause",
    discussion: [
      """
      Gates open again where the latest plan and the breaker allow it; a tripped breaker is reset \
      by `athanor world reset-breaker`.
      """
    ],
    positionals: [WorldOptions.world.definition],
    options: [WorldOptions.reason.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example(
        "athanor world resume demo --reason 'prices are right again'", "Lets it go on")
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.worldDesk()
    let world = invocation[WorldOptions.world]
    let reason = invocation[WorldOptions.reason]
    let state = try desk.existing(world)
    var entries: [WorldEntry] = []
    if state.isFrozen {
      entries += try desk.carryOut(
        .resume(reason: reason), in: world, by: invocation.worldActor
      ).entries
    }
    if state.declared != .active {
      entries += try desk.carryOut(
        .declare(.active, reason: reason), in: world, by: invocation.worldActor
      ).entries
    }
    if !state.isFrozen, state.declared == .active {
      throw WorldCommandFailure.notUnderWay(world: world)
    }
    return WorldReceiptPage(world: world, entries: entries).answer
  }
}
