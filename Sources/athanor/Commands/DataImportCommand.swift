import Essentials
import Services
import Storage

/// `athanor data import`: bars from files become a panel.
enum DataImportCommand {
  static let command: Command = Command(
    "import", summary: "Bring market data in from files",
    discussion: [
      """
      Bars come as one table with a column of symbols (--table), as one table for each instrument \
      (--folder, with names like AAPL.csv or BTCUSDT_1m.csv.gz), or as a folder of NumPy matrices \
      (--matrices). Tables are CSV, also compressed as .gz or .zst. Columns are found by their \
      names: date, symbol, open, high, low, close, volume and the like.
      """,
      """
      What cannot be trusted is refused with its row; nothing is stored then. The options --order, \
      --duplicates, --impossible and --partial say what may be mended instead, and the panel lists \
      it as a defect. An import that is interrupted leaves no trace.
      """,
    ],
    positionals: [ImportOptions.name.definition], options: ImportOptions.definitions,
    examples: [
      Command.Example("athanor data import stocks --table bars.csv.gz", "Imports one table"),
      Command.Example(
        "athanor data import perps --folder candles --bars 1m --bar-seconds 3600",
        "Joins bars of minutes into hours"),
      Command.Example(
        "athanor data import stocks --table bars.csv --events splits.csv --replace",
        "Imports again, with dividends and splits"),
      Command.Example(
        "athanor data import us-equities --bundled --replace",
        "Restores the panel that comes with the program"),
    ]
  ) { invocation in
    let library = try invocation.library()
    let panelImport = try ImportOptions.panelImport(invocation, library)
    let manifest = try invocation.showingImport(of: panelImport.name) {
      try panelImport.run(
        into: library.store, replacing: invocation[ImportOptions.replace], progress: $0)
    }
    return Answer(json: manifest.document) {
      ImportPage(manifest: manifest, store: library.store.folder).text($0)
    }
  }
}
