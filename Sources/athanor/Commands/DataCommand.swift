/// `athanor data`: bringing market data in, and looking at it.
enum DataCommand {
  static let command: Command = Command(
    family: "data", summary: "Bring market data in, verify it, and list it",
    discussion: [
      """
      A panel is a rectangle of market history: named fields over the same rows and instruments. \
      Panels are NumPy files beside a manifest with their fingerprints.
      """
    ],
    examples: [
      Command.Example("athanor data import stocks --table bars.csv", "Imports a table of bars"),
      Command.Example("athanor data check stocks", "Verifies the panel"),
    ],
    members: [
      DataImportCommand.command, DataCheckCommand.command, DataListCommand.command,
      FieldsCommand.ofPanel,
    ])
}
