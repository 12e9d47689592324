/// The market data that comes with Athanor, as panels: `us-equities` and `crypto-perps`.
///
/// The files lie in `Examples/Data`; `SOURCES.md` beside them says where they are from, under which
/// licences, and what is known to be wrong with them.
package struct BundledData: Sendable {
  package static let equities = "us-equities"
  package static let perpetuals = "crypto-perps"
  package static let names = [equities, perpetuals]

  package let folder: String

  /// Names the folder that holds `us-equities` and `crypto-perps`.
  package init(folder: String) {
    self.folder = folder
  }

  /// What `materialize` did for a panel.
  package struct Outcome: Sendable {
    package var manifest: PanelManifest
    /// False where the store held a panel of the same bytes already.
    package var wasImported: Bool
  }

  /// Imports the bundled sets into a store; a panel that was made from the same bytes in the same
  /// way is left as it is. About a second.
  package func materialize(
    into store: PanelStore, progress: ((_ panel: String, ImportProgress) -> Void)? = nil
  ) throws(ImportFailure) -> [Outcome] {
    var outcomes: [Outcome] = []
    for panelImport in [equitiesImport, perpetualsImport] {
      if let manifest = try? store.manifest(of: panelImport.name),
        try panelImport.isSatisfied(by: manifest)
      {
        outcomes.append(Outcome(manifest: manifest, wasImported: false))
        continue
      }
      let manifest = try panelImport.run(into: store, replacing: true) {
        progress?(panelImport.name, $0)
      }
      outcomes.append(Outcome(manifest: manifest, wasImported: true))
    }
    return outcomes
  }

  /// The import of 99 US stocks, daily from 2010 to 2017, with dividends, splits, annual reports,
  /// GICS groups and dated membership of the S&P 500.
  package var equitiesImport: PanelImport {
    let folder = "\(folder)/\(Self.equities)"
    var equities = PanelImport(
      name: Self.equities, source: .longTable(path: "\(folder)/bars.csv.gz"))
    equities.instrumentsPath = "\(folder)/instruments.csv"
    equities.eventsPath = "\(folder)/events.csv.gz"
    equities.fundamentalsPath = "\(folder)/fundamentals_annual.csv.gz"
    equities.defectsPath = "\(folder)/known_defects.csv"
    equities.marketLabel = "US"
    equities.origin =
      "Alpha Vantage via PooksoftSP500EquityPriceDataSet; GICS from s-and-p-500-companies and Kaggle "
      + "NYSE; annual reports from Kaggle NYSE; membership from fja05680/sp500. See SOURCES.md."
    equities.licence = "MIT (bars, events, membership), PDDL-1.0 and CC0-1.0 (groups, reports)"
    return equities
  }

  /// The import of six Binance perpetuals, one-minute bars of two weeks joined to hours, with their
  /// funding rates and mark prices.
  package var perpetualsImport: PanelImport {
    let folder = "\(folder)/\(Self.perpetuals)"
    var perpetuals = PanelImport(
      name: Self.perpetuals, source: .folder(path: folder, barLength: "1m"))
    perpetuals.rules.barSeconds = 3600
    perpetuals.instrumentsPath = "\(folder)/instruments.csv"
    perpetuals.marketLabel = "Binance USD-M"
    perpetuals.origin = "Binance USD-M futures via typhonun/DcaTpStrategy. See SOURCES.md."
    perpetuals.licence = "MIT"
    return perpetuals
  }
}
