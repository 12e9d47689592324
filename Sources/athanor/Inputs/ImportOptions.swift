import Essentials
import Services
import Storage

/// The arguments of an import.
enum ImportOptions {
  static let name = Positional.required(.text("panel"), help: "The name of the panel to make.")

  // Where the bars are.
  private static let table = Option<String?>.optional(
    "table", .file(), help: "One table of bars with a column of symbols.")
  private static let folder = Option<String?>.optional(
    "folder", .folder(), help: "A folder with one table of bars for each instrument.")
  private static let bars = Option<String?>.optional(
    "bars", .text("length"),
    help: "Which tables of --folder are meant where there are several, such as 1m.")
  private static let matrices = Option<String?>.optional(
    "matrices", .folder(), help: "A folder of NumPy matrices, one for each field.")
  private static let bundled = Option.flag(
    "bundled", help: "The data that comes with the program, under its own name.")

  // What goes with them.
  private static let instruments = Option<String?>.optional(
    "instruments", .file(), help: "Names, sectors and the like, one row for each instrument.")
  private static let events = Option<String?>.optional(
    "events", .file(), help: "Dividends and splits.")
  private static let fundamentals = Option<String?>.optional(
    "fundamentals", .file(), help: "Annual reports.")
  private static let lag = Option(
    "fundamental-lag", .whole("days", in: 0...730), default: 90,
    help: "Days after the end of a fiscal year before its report is visible.")
  private static let membership = Option<String?>.optional(
    "membership", .file(), help: "Dated memberships of the universe that --universe names.")
  private static let universe = Option(
    "universe", .text("name"), default: "members", help: "The universe of --membership.")
  private static let defects = Option<String?>.optional(
    "defects", .file(), help: "Known defects, with a kind that says what is done about them.")
  private static let market = Option(
    "market", .text("name"), default: "market", help: "The class of the field market.")
  private static let origin = Option<String?>.optional(
    "origin", .text("text"), help: "Where the data is from, kept with the panel.")
  private static let licence = Option<String?>.optional(
    "licence", .text("text"), help: "Under which licence, kept with the panel.")

  // How they are read.
  private static let prices = Option<PanelImport.Prices>(
    "prices", .word("prices"), default: .automatic,
    help: "Whether prices are adjusted for dividends and splits.")
  private static let order = Option<BarRules.Order>(
    "order", .word("rule"), default: .refuse, help: "What becomes of rows out of order.")
  private static let duplicates = Option<BarRules.Duplicates>(
    "duplicates", .word("rule"), default: .refuse, help: "What becomes of second bars.")
  private static let impossible = Option<BarRules.Impossible>(
    "impossible", .word("rule"), default: .refuse, help: "What becomes of impossible bars.")
  private static let partial = Option<BarRules.Partial>(
    "partial", .word("rule"), default: .leaveOut,
    help: "What becomes of longer bars of which the source lacks a part.")
  private static let barSeconds = Option<Int?>.optional(
    "bar-seconds", .whole("seconds", in: 1...86_400),
    help: "The length of the bars to store, a multiple of the source's.")
  static let replace = Option.flag("replace", help: "Replace a panel of this name.")

  static let definitions = [
    table.definition, folder.definition, bars.definition, matrices.definition,
    bundled.definition, instruments.definition, events.definition, fundamentals.definition,
    lag.definition, membership.definition, universe.definition, defects.definition,
    market.definition, origin.definition, licence.definition, prices.definition,
    order.definition, duplicates.definition, impossible.definition, partial.definition,
    barSeconds.definition, replace.definition, PanelOptions.store.definition,
  ]

  /// The import that the command line asks for.
  static func panelImport(
    _ invocation: Invocation, _ library: PanelLibrary
  ) throws -> PanelImport {
    let name = invocation[name]
    var sources: [PanelImport.Source] = []
    if let path = invocation[table] { sources.append(.longTable(path: path)) }
    if let path = invocation[folder] {
      sources.append(.folder(path: path, barLength: invocation[bars]))
    }
    if let path = invocation[matrices] { sources.append(.matrices(folder: path)) }
    if invocation[bundled] {
      guard sources.isEmpty else { throw ImportSourceFailure.twoSources }
      return try library.bundledImport(of: name)
    }
    guard let source = sources.first else { throw ImportSourceFailure.none }
    guard sources.count == 1 else { throw ImportSourceFailure.twoSources }
    var panelImport = PanelImport(name: name, source: source)
    panelImport.instrumentsPath = invocation[instruments]
    panelImport.eventsPath = invocation[events]
    panelImport.fundamentalsPath = invocation[fundamentals]
    panelImport.fundamentalLagDays = invocation[lag]
    panelImport.membership = invocation[membership].map { (invocation[universe], $0) }
    panelImport.defectsPath = invocation[defects]
    panelImport.marketLabel = invocation[market]
    panelImport.origin = invocation[origin] ?? ""
    panelImport.licence = invocation[licence] ?? ""
    panelImport.prices = invocation[prices]
    panelImport.rules.order = invocation[order]
    panelImport.rules.duplicates = invocation[duplicates]
    panelImport.rules.impossible = invocation[impossible]
    panelImport.rules.partial = invocation[partial]
    panelImport.rules.barSeconds = invocation[barSeconds]
    return panelImport
  }
}

/// A command line that names too many sources of data, or none.
enum ImportSourceFailure: ExplainedFailure, Hashable {
  case twoSources
  case none

  var key: String {
    switch self {
    case .twoSources: "two_sources"
    case .none: "no_source"
    }
  }

  var explanation: String {
    switch self {
    case .twoSources: "More than one source of data is given."
    case .none: "Nothing says where the bars are."
    }
  }

  var remedy: String {
    switch self {
    case .twoSources: "Keep one of them."
    case .none: "Name them with --table, --folder, --matrices or --bundled."
    }
  }

  var outcome: FailureOutcome { .badConfiguration }
}
