/// `athanor config`: the settings of the tactics.
enum ConfigurationCommand {
  static let command: Command = Command(
    family: "config", summary: "Show, explain and check the settings of the tactics",
    discussion: [
      """
      Settings lie in layers: shipped defaults, a profile, your files, tuned values, the command \
      line. A later layer holds over an earlier one, and whatever is wrong with any of them refuses \
      the whole.
      """
    ],
    examples: [
      Command.Example("athanor config explain K_LEV", "Tells what a setting means and who said it")
    ],
    members: [
      ConfigurationShowCommand.command, ConfigurationExplainCommand.command,
      ConfigurationCheckCommand.command,
    ])
}
