/// `athanor data`: bringing market data in, and looking at it.
enum DataCommand {
  static let command: Command = Command(
    family: "data", summary: "Bring market data in, verify it, and list it",
    discussion: [
      """
      A panel is a rectangle of market history: named fields over the same rows and instruments. \
      Panels are NumPy files beside a manifest with their fingerprints.
      """,
      """
      They lie in the folder of --store, else in $ATHANOR_HOME/panels, else in \
      $XDG_DATA_HOME/athanor/panels, else in ~/.local/share/athanor/panels. The panels \
      us-equities and crypto-perps are made there when they are first asked for, from the folder \
      Examples of the checkout that the program lies in or that $ATHANOR_EXAMPLES names.
      """,
    ],
    examples: [
      Command.Example("athanor data import stocks --table bars.csv", "Imports a table of bars"),
      Command.Example("athanor data check stocks", "Verifies the panel"),
    ],
    members: [
      DataImportCommand.command, DataConvertCommand.command, DataCheckCommand.command,
      DataListCommand.command,
      FieldsCommand.ofPanel,
    ])
}
