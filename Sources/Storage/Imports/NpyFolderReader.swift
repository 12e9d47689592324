internal import Essentials
internal import Markets

/// Bars that lie as matrices in a folder: `open high low close volume .npy`, and `adjclose.npy` or
/// `adj_factor.npy` where prices are adjusted, one row for each line of `dates.csv` and one column
/// for each line of `instruments.csv`.
struct NpyFolderReader {
  private(set) var grid: BarGrid
  private(set) var sources: [PanelProvenance.Source] = []
  private(set) var defects = DefectLog()

  init(folder: String, rules: BarRules, meter: ImportMeter) throws(ImportFailure) {
    guard rules.barSeconds == nil else {
      throw .invalidOption(name: "bar length", reason: "matrices are not resampled")
    }
    var sources: [PanelProvenance.Source] = []
    let (stamps, hasOnlyDays) = try Self.stamps("\(folder)/dates.csv", &sources)
    let symbols = try Self.symbols("\(folder)/instruments.csv")
    let rows = stamps.count
    let columns = symbols.count
    guard rows >= 2 else { throw .tooFewRows(path: "\(folder)/dates.csv", rows: rows) }
    guard columns > 0 else { throw .tooFewRows(path: "\(folder)/instruments.csv", rows: 0) }
    guard rows <= BarGrid.cellLimit / columns else { throw .tooLarge(rows: rows, columns: columns) }
    var scalars: [MatrixColumn.Scalar] = []
    func matrix(_ name: String, required: Bool) throws(ImportFailure) -> [Double] {
      let path = "\(folder)/\(name).npy"
      guard required || Folder.fileExists(path) else { return [] }
      let values: [Double]
      do throws(ArrayFailure) {
        let column = try NpyArray(mapping: path).matrix(rows: rows, columns: columns)
        scalars.append(column.scalar)
        values = column.values()
        sources.append(try Self.source(path))
      } catch {
        throw .array(error)
      }
      guard values.contains(where: { !$0.isNaN }) else {
        throw .fieldWithoutNumbers(name: name, path: path)
      }
      return values
    }
    let spacing = try BarGrid.spacing(of: stamps, onlyDays: hasOnlyDays, rules: rules)
    grid = BarGrid(
      axis: TimeAxis(
        stamps: stamps.map(Timestamp.init(millisecondsSinceEpoch:)), spacing: spacing),
      symbols: symbols, open: try matrix("open", required: true),
      high: try matrix("high", required: true), low: try matrix("low", required: true),
      close: try matrix("close", required: true), volume: try matrix("volume", required: false),
      vwap: try matrix("vwap", required: false), factor: try matrix("adj_factor", required: false),
      scalar: .float64)
    if grid.factor.isEmpty {
      let adjusted = try matrix("adjclose", required: false)
      if !adjusted.isEmpty {
        grid.factor = adjusted
        for i in adjusted.indices { grid.factor[i] = adjusted[i] / grid.close[i] }
      }
    }
    // Single precision is kept where the prices come in it: half the memory, nothing lost.
    grid.scalar = scalars.prefix(4).allSatisfy { $0 == .float32 } ? .float32 : .float64
    self.sources = sources
    try checkBars(folder: folder, rules: rules)
    for source in sources { meter.finished(bytes: source.bytes) }
  }

  /// The files that a folder contributes to the bars.
  static func files(in folder: String) -> [String] {
    var names = matrixNames
    if Folder.fileExists("\(folder)/adj_factor.npy") { names.removeLast() }
    return ["\(folder)/dates.csv"]
      + names.map { "\(folder)/\($0).npy" }.filter(Folder.fileExists)
  }

  /// Factors win over adjusted closes, which come last.
  private static let matrixNames = [
    "open", "high", "low", "close", "volume", "vwap", "adj_factor", "adjclose",
  ]

  private mutating func checkBars(folder: String, rules: BarRules) throws(ImportFailure) {
    for cell in grid.close.indices {
      let bar = Bar(
        stamp: 0, open: grid.open[cell], high: grid.high[cell], low: grid.low[cell],
        close: grid.close[cell], volume: grid.volume.isEmpty ? .nan : grid.volume[cell],
        vwap: .nan, factor: grid.factor.isEmpty ? .nan : grid.factor[cell], row: 0)
      guard let reason = bar.impossibility else { continue }
      let row = cell / grid.columns
      let column = cell % grid.columns
      let stamp = grid.axis.stamps[row].description
      guard rules.impossible == .leaveOut else {
        throw .impossibleBar(
          .init(path: "\(folder)/close.npy", row: row + 1, column: column + 1),
          instrument: grid.symbols[column], stamp: stamp, reason: reason)
      }
      defects.add(
        kind: "impossible_bar", instrument: grid.symbols[column], date: stamp, note: reason,
        handling: "The bar was left out, as asked for.")
      grid.open[cell] = .nan
      grid.high[cell] = .nan
      grid.low[cell] = .nan
      grid.close[cell] = .nan
      if !grid.volume.isEmpty { grid.volume[cell] = .nan }
    }
  }

  private static func stamps(
    _ path: String, _ sources: inout [PanelProvenance.Source]
  ) throws(ImportFailure) -> ([Int64], hasOnlyDays: Bool) {
    let table = try ImportTable(path: path)
    let column = try table.columns([("date", ColumnNames.stamp)])[0]
    var stamps: [Int64] = []
    var hasOnlyDays = true
    while try table.next() {
      let parsed = try table.stamp(column)
      let stamp = parsed.stamp.millisecondsSinceEpoch
      if let last = stamps.last, stamp <= last {
        throw .outOfOrder(
          table.reader.place(column), instrument: "the panel", stamp: stampText(stamp),
          previous: stampText(last))
      }
      hasOnlyDays = hasOnlyDays && parsed.isDay
      stamps.append(stamp)
    }
    sources.append(try table.source())
    return (stamps, hasOnlyDays)
  }

  private static func symbols(_ path: String) throws(ImportFailure) -> [String] {
    let table = try ImportTable(path: path)
    let column = try table.columns([("ticker", ColumnNames.symbol)])[0]
    var symbols: [String] = []
    var seen: Set<String> = []
    while try table.next() {
      let symbol = table.reader.text(column)
      guard !symbol.isEmpty, seen.insert(symbol).inserted else {
        throw .duplicateEntry(table.reader.place(column), what: "the instrument \"\(symbol)\"")
      }
      symbols.append(symbol)
    }
    return symbols
  }

  private static func source(_ path: String) throws(ArrayFailure) -> PanelProvenance.Source {
    do throws(FileFailure) {
      let file = try CompressedFile(path: path)
      return PanelProvenance.Source(
        name: fileName(path), bytes: file.byteCount,
        fingerprint: try file.fingerprint().hexadecimal)
    } catch {
      throw .file(error)
    }
  }
}
