import Essentials
import Services
import Worlds

/// `athanor world graph`: what the instances of worlds compute, what they share, and what is being
/// forgotten.
enum WorldGraphCommand {
  private static let world = Positional<String?>.optional(
    .text("world"), help: "The name of a world; all worlds otherwise.")

  static let command: Command = Command(
    "graph", summary: "Show what instances compute, share and save",
    discussion: [
      """
      Formulas are graphs of computations over fields of a panel. Equal computations have one \
      identity, so that a subformula of several instances, or of several worlds that share by their \
      policies, is computed once. Failed and retired instances do not count.
      """,
      """
      The graph has versions: each change of what a world computes makes one. What nobody needs any \
      more drains for as long as its longest window and is swept then, by the evaluations; versions \
      that can be brought back keep their computations alive.
      """,
    ],
    positionals: [world.definition],
    options: [JournalOptions.journal.definition, PanelOptions.store.definition],
    examples: [
      Command.Example("athanor world graph demo", "Shows what is computed once"),
      Command.Example("athanor world graph --json", "All worlds, for a program"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.readingWorldDesk()
    let name = invocation[world]
    let all = try desk.worlds().map { try desk.state(of: $0) }
      .filter { $0.isCreated && !$0.isDeleted }
    let shown = try name.map { [try desk.existing($0)] } ?? all
    let others = all.filter { state in !shown.contains { $0.world == state.world } }
    let panels = Set(
      shown.flatMap { $0.records.filter(\.phase.isRoot).compactMap(\.submission.panelName) })
    let sharings = try panels.sorted().map {
      try WorldSharing(panel: invocation.open($0), worlds: shown + others)
    }
    return WorldSharingPage(
      world: name, sharings: sharings, worlds: shown.map(\.world),
      graph: try SharedGraphLog(journal: desk.setup.journal).graph()
    ).answer
  }
}
