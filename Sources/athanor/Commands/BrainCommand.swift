/// `athanor brain`: WorldQuant BRAIN's interface on this machine.
enum BrainCommand {
  static let command: Command = Command(
    family: "brain", summary: "Answer WorldQuant BRAIN's interface from the local simulator",
    examples: [
      Command.Example("athanor brain serve", "Lets tools for BRAIN run offline")
    ],
    members: [BrainServeCommand.command])
}
