/// `athanor world activation`: gates of orders, one by one.
enum WorldActivationCommand {
  static let command: Command = Command(
    family: "activation", summary: "Show the gates of a world, and open or close one",
    examples: [
      Command.Example(
        "athanor world activation set demo --instance momentum.long.0f3c2a11 --side long "
          + "--active false", "Closes a gate"),
      Command.Example("athanor world activation show demo", "Shows every gate"),
    ], members: [WorldActivationSetCommand.command, WorldActivationShowCommand.command])
}
