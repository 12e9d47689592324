import Essentials
import Services
import Worlds

/// `athanor world graph`: what the instances of a world compute, and what they share.
enum WorldGraphCommand {
  static let command: Command = Command(
    "graph", summary: "Show what instances compute, share and save",
    discussion: [
      """
      Formulas are graphs of computations over fields of a panel. Equal computations have one \
      identity, so that a subformula of several instances, or of several worlds that share by their \
      policies, is computed once. Failed and retired instances do not count.
      """
    ],
    positionals: [WorldOptions.world.definition],
    options: [JournalOptions.journal.definition, PanelOptions.store.definition],
    examples: [
      Command.Example("athanor world graph demo", "Shows what is computed once"),
      Command.Example("athanor world graph demo --json", "The same for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.readingWorldDesk()
    let world = invocation[WorldOptions.world]
    let state = try desk.existing(world)
    let others = try desk.worlds().filter { $0 != world }.map { try desk.state(of: $0) }
      .filter { $0.isCreated && !$0.isDeleted }
    let panels = Set(state.records.filter(\.phase.isRoot).compactMap(\.panelName)).sorted()
    let sharings = try panels.map {
      try WorldSharing(panel: invocation.open($0), worlds: [state] + others)
    }
    return WorldSharingPage(world: world, sharings: sharings).answer
  }
}
