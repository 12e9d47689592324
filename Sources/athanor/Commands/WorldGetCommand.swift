import Essentials
import Services
import Worlds

/// `athanor world get`: a world as a tree, once or as it changes.
enum WorldGetCommand {
  private static let watch = Option.flag(
    "watch", short: "w", help: "Show it again whenever something changes, until interrupted.")

  /// How long nothing is asked after nothing was found.
  private static let rest = Duration.milliseconds(250)
  /// Clears the screen and goes to its first place.
  private static let clearing = "\u{1B}[H\u{1B}[2J"

  static let command: Command = Command(
    "get", summary: "Show a world: policy, phases, instances, gates, verdicts",
    discussion: [
      """
      Instances stand by phase, the ones with money first; below each its gate and what the last \
      evaluation said of it. `athanor world explain` tells why.
      """,
      """
      With --watch a terminal shows the tree anew after each change; elsewhere each event is one \
      line, or one line of JSON with --json.
      """,
    ],
    positionals: [WorldOptions.world.definition],
    options: [watch.definition, JournalOptions.journal.definition],
    examples: [
      Command.Example("athanor world get demo", "Shows how a world stands"),
      Command.Example("athanor world get demo -w", "Watches it"),
    ], run: run)

  private static func run(_ invocation: Invocation) throws -> Answer {
    let desk = try invocation.readingWorldDesk()
    let world = invocation[WorldOptions.world]
    // The audit of a deleted world can be read, and so can how it stood.
    var state = try desk.existing(world)
    let page = WorldPage(state: state)
    let json = try invocation.overview(of: state, at: desk).json
    guard invocation[watch] else { return Answer(json: json) { page.text($0) } }

    let output = invocation.surroundings.output
    let isJSON = invocation[StandingOptions.json]
    let isDrawn = output.terminal.isTerminal && !isJSON
    try output.write(
      isDrawn
        ? clearing + page.text(output.terminal) + "\n"
        : (isJSON ? json.compactText : page.text(output.terminal)) + "\n")
    while true {
      let next = try desk.state(of: world)
      guard next.lastSeq > state.lastSeq else {
        invocation.surroundings.pause(rest)
        continue
      }
      if isDrawn {
        try output.write(clearing + WorldPage(state: next).text(output.terminal) + "\n")
      } else {
        try invocation.forEachEntry(of: world, after: state.lastSeq, desk) { entry in
          let line =
            isJSON
            ? WorldAuditLine(entry).json(withPayload: false).compactText
            : WorldAuditLine(entry).text(output.terminal)
          try output.write(line + "\n")
        }
      }
      state = next
    }
  }
}
