/// `athanor research`: the commands of the research loop.
enum ResearchCommand {
  static let command: Command = Command(
    family: "research", summary: "Search for alphas with language models",
    discussion: [
      """
      A model proposes formulas for your ideas under a budget that cannot be overspent; every \
      formula is checked, repaired, simulated, judged and varied, and the journal keeps everything.
      """
    ],
    examples: [Command.Example("athanor research run", "Searches for the bundled ideas, offline")],
    members: [ResearchRunCommand.command, ResearchStatusCommand.command])
}
