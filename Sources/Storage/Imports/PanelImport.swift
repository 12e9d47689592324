internal import Essentials
internal import Markets

/// An import of bars, and of what goes with them, into a panel of a store.
///
/// ```swift
/// var panelImport = PanelImport(name: "us-equities", source: .longTable(path: "bars.csv.gz"))
/// panelImport.eventsPath = "events.csv"
/// let manifest = try panelImport.run(into: store) { progress in show(progress) }
/// ```
///
/// Either the whole panel is stored or nothing is. Fields: `open high low close vwap returns`, with
/// `volume adv20 adv60 dollar_volume dollar_adv20` where there are volumes; `raw_open raw_high
/// raw_low raw_close raw_volume` where prices are adjusted; `market` and the other groups;
/// `dividend_events split_events`; `cap` and the figures of annual reports; `funding_rate
/// funding_events mark_open mark_high mark_low mark_close`. Universes: `tradable` and those with spans.
package struct PanelImport: Sendable {
  /// Where the bars are.
  package enum Source: Hashable, Sendable {
    /// One table with the symbols in a column, in any order of instruments.
    case longTable(path: String)
    /// One table for each instrument.
    case tables([SymbolTable])
    /// A folder with one table for each instrument; see `SymbolFolder`.
    case folder(path: String, barLength: String?)
    /// A folder of matrices; see `NpyFolderReader`. Its `instruments.csv`, `events.csv` and
    /// `known_defects.csv` are read unless others are named.
    case matrices(folder: String)
  }

  /// What the fields open, high, low, close and vwap hold.
  package enum Prices: String, Hashable, Sendable, CaseIterable {
    /// Adjusted where the source has factors or the events have any; as traded otherwise.
    case automatic
    case adjusted
    case asTraded = "as-traded"
  }

  package var name: String
  package var source: Source
  package var prices = Prices.automatic
  package var rules = BarRules()
  /// Names, groups and `<universe>_spans`, one row for each instrument; see `InstrumentTable`.
  package var instrumentsPath: String?
  /// Dividends and splits.
  package var eventsPath: String?
  /// Annual reports.
  package var fundamentalsPath: String?
  /// Days after the end of a fiscal year before its report is visible.
  package var fundamentalLagDays = 90
  /// Dated memberships of the named universe.
  package var membership: (universe: String, path: String)?
  /// Known defects of the sources, with a kind that says what is done.
  package var defectsPath: String?
  /// Funding rates and mark prices; those of a folder are found by themselves.
  package var funding: [SymbolTable] = []
  package var mark: [SymbolTable] = []
  /// The class of the field `market` where the instruments name none.
  package var marketLabel = "market"
  package var origin = ""
  package var licence = ""

  package init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  /// Reads everything and stores the panel. Cost: about 10 million bars a minute and 80 bytes of
  /// memory a bar.
  package func run(
    into store: PanelStore, replacing: Bool = false,
    progress: ((ImportProgress) -> Void)? = nil
  ) throws(ImportFailure) -> PanelManifest {
    try checkOptions(store, replacing: replacing)
    let files = try resolved()
    let meter = ImportMeter(bytesTotal: files.byteCount, report: progress)
    let bars = try readBars(files, meter)
    var log = bars.log
    var sources = bars.sources
    let assembly = try assemble(bars.grid, files: files, meter: meter, &log, &sources)
    do throws(StoreFailure) {
      let writer = try store.writer(
        name: name, axis: bars.grid.axis, instruments: assembly.panelInstruments,
        replacing: replacing)
      try assembly.write(to: writer, meter: meter)
      return try writer.commit(
        PanelProvenance(
          origin: origin, licence: licence, sources: sources, options: optionTexts,
          defects: log.summarized))
    } catch {
      throw .store(error)
    }
  }

  /// Whether `manifest` is that of a panel which this import would store again: the same derivation
  /// of the same bytes with the same options. Reads every source once (about 300 MB/s).
  package func isSatisfied(by manifest: PanelManifest) throws(ImportFailure) -> Bool {
    let files = try resolved()
    guard manifest.provenance.options == optionTexts else { return false }
    var wanted: [String] = []
    for path in files.all {
      do throws(FileFailure) {
        wanted.append("\(fileName(path)) \(try CompressedFile.fingerprint(path: path))")
      } catch {
        throw .file(error)
      }
    }
    let stored = manifest.provenance.sources.map { "\($0.name) \($0.fingerprint)" }
    return wanted.sorted() == stored.sorted()
  }

  // MARK: - Inputs

  private struct Files {
    var longTable: String?
    var matrixFolder: String?
    var matrices: [String] = []
    var bars: [SymbolTable] = []
    var funding: [SymbolTable]
    var mark: [SymbolTable]
    var instruments: String?
    var events: String?
    var fundamentals: String?
    var membership: String?
    var defects: String?
    /// What messages about all bars together name.
    var place = ""
    var byteCount = 0

    /// Every file that is read.
    var all: [String] {
      [longTable].compactMap { $0 } + matrices + (bars + funding + mark).map(\.path)
        + [instruments, events, fundamentals, membership, defects].compactMap { $0 }
    }
  }

  private struct Bars {
    var grid: BarGrid
    var log: DefectLog
    var sources: [PanelProvenance.Source]
  }

  private func readBars(_ files: Files, _ meter: ImportMeter) throws(ImportFailure) -> Bars {
    if let folder = files.matrixFolder {
      let reader = try NpyFolderReader(folder: folder, rules: rules, meter: meter)
      return Bars(grid: reader.grid, log: reader.defects, sources: reader.sources)
    }
    var reader = BarTableReader(rules: rules, meter: meter)
    if let path = files.longTable {
      try reader.read(longTable: path)
    } else {
      for table in files.bars { try reader.read(table) }
    }
    try reader.finish(path: files.place)
    let (grid, found) = try BarGrid.make(from: reader, path: files.place)
    var log = reader.defects
    log.add(contentsOf: found)
    return Bars(grid: grid, log: log, sources: reader.sources)
  }

  private func resolved() throws(ImportFailure) -> Files {
    var files = Files(funding: funding, mark: mark)
    files.instruments = instrumentsPath
    files.events = eventsPath
    files.fundamentals = fundamentalsPath
    files.membership = membership?.path
    files.defects = defectsPath
    switch source {
    case .longTable(let path):
      files.longTable = path
      files.place = path
    case .tables(let tables):
      files.bars = tables
      files.place = tables.first?.path ?? ""
    case .folder(let path, let barLength):
      let folder = try SymbolFolder(path: path, barLength: barLength)
      files.bars = folder.bars
      files.funding += folder.funding
      files.mark += folder.mark
      files.place = path
    case .matrices(let folder):
      files.matrixFolder = folder
      files.place = folder
      files.matrices = NpyFolderReader.files(in: folder)
      func beside(_ name: String) -> String? {
        Folder.fileExists("\(folder)/\(name)") ? "\(folder)/\(name)" : nil
      }
      files.instruments = files.instruments ?? beside("instruments.csv")
      files.events = files.events ?? beside("events.csv")
      files.defects = files.defects ?? beside("known_defects.csv")
    }
    for path in files.all { files.byteCount += try byteCount(path) }
    return files
  }

  private func byteCount(_ path: String) throws(ImportFailure) -> Int {
    do throws(FileFailure) {
      return try CompressedFile(path: path).byteCount
    } catch {
      throw .file(error)
    }
  }

  private func checkOptions(_ store: PanelStore, replacing: Bool) throws(ImportFailure) {
    guard PanelStore.isValid(name: name) else { throw .store(.invalidName(name)) }
    guard replacing || !store.holds(name) else {
      throw .store(.panelExists(name: name, folder: store.folder))
    }
    if let seconds = rules.barSeconds, !(1...86_400).contains(seconds) || 86_400 % seconds != 0 {
      throw .invalidOption(
        name: "bar length", reason: "\(seconds) seconds do not divide a day into whole bars")
    }
    guard (0...730).contains(fundamentalLagDays) else {
      throw .invalidOption(
        name: "fundamental lag", reason: "\(fundamentalLagDays) days are not between 0 and 730")
    }
    if let membership, !PanelStore.isValid(name: membership.universe) {
      throw .invalidOption(
        name: "membership", reason: "\"\(membership.universe)\" cannot name a universe")
    }
    if case .tables(let tables) = source, tables.isEmpty {
      throw .invalidOption(name: "source", reason: "no table was named")
    }
  }

  private func assemble(
    _ grid: BarGrid, files: Files, meter: ImportMeter, _ log: inout DefectLog,
    _ sources: inout [PanelProvenance.Source]
  ) throws(ImportFailure) -> PanelAssembly {
    let symbols = grid.symbols
    var actions = CorporateActions(columns: symbols.count)
    if let eventsPath = files.events {
      actions = try CorporateActions(path: eventsPath, axis: grid.axis, symbols: symbols)
      sources += actions.sources
    }
    var repairs = KnownDefects.Repairs(grid: grid, actions: actions)
    if let defectsPath = files.defects {
      let known = try KnownDefects(path: defectsPath, symbols: symbols)
      sources += known.sources
      known.apply(to: &repairs)
    }
    noteZeroVolumes(repairs.grid, known: repairs.log, &log)
    log.add(contentsOf: repairs.log)

    let canAdjust = !grid.factor.isEmpty || !repairs.actions.isEmpty
    if prices == .adjusted, !canAdjust {
      throw .invalidOption(
        name: "prices", reason: "there are neither adjustment factors nor events to adjust by")
    }
    var assembly = PanelAssembly(
      grid: repairs.grid, isAdjusted: canAdjust && prices != .asTraded, marketLabel: marketLabel)
    assembly.actions = repairs.actions
    assembly.unknownReturns = repairs.unknownReturns
    if let instrumentsPath = files.instruments {
      assembly.instruments = try InstrumentTable(path: instrumentsPath)
    }
    if let membership {
      try assembly.instruments.addMemberships(
        path: membership.path, universe: membership.universe)
    }
    guard assembly.instruments.spans["tradable"] == nil else {
      throw .invalidOption(
        name: "membership", reason: "the universe tradable is made from the bars themselves")
    }
    sources += assembly.instruments.sources
    if let fundamentalsPath = files.fundamentals {
      assembly.fundamentals = try Fundamentals(
        path: fundamentalsPath, axis: grid.axis, symbols: symbols, lagDays: fundamentalLagDays)
      sources += assembly.fundamentals.sources
      log.add(contentsOf: assembly.fundamentals.log)
    }
    if !files.funding.isEmpty {
      let series = try HeldSeries(files.funding, .funding, symbols: symbols, meter: meter)
      sources += series.sources
      assembly.funding = series
    }
    if !files.mark.isEmpty {
      let series = try HeldSeries(files.mark, .markBars, symbols: symbols, meter: meter)
      sources += series.sources
      assembly.marks = series
    }
    return assembly
  }

  /// Records bars without volume that nobody has listed.
  private func noteZeroVolumes(_ grid: BarGrid, known: DefectLog, _ log: inout DefectLog) {
    guard !grid.volume.isEmpty else { return }
    let listed = Set(
      known.entries.filter { $0.kind == "zero_volume_bar" }.map { "\($0.instrument) \($0.date)" })
    for cell in grid.volume.indices where grid.volume[cell] == 0 {
      let symbol = grid.symbols[cell % grid.columns]
      let stamp = grid.axis.stamps[cell / grid.columns].description
      guard !listed.contains("\(symbol) \(stamp)") else { continue }
      log.add(
        kind: "zero_volume_bar", instrument: symbol, date: stamp,
        handling: "Price kept, volume 0, not in the universe tradable.")
    }
  }

  private var optionTexts: [String: String] {
    var texts = [
      "derivation": String(PanelAssembly.derivation), "prices": prices.rawValue,
      "order": rules.order.rawValue,
      "duplicates": rules.duplicates.rawValue, "impossible_bars": rules.impossible.rawValue,
      "partial_bars": rules.partial.rawValue, "market_label": marketLabel,
    ]
    texts["bar_seconds"] = rules.barSeconds.map(String.init)
    if fundamentalsPath != nil { texts["fundamental_lag_days"] = String(fundamentalLagDays) }
    texts["membership_universe"] = membership?.universe
    return texts
  }
}
