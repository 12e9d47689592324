internal import Essentials

/// Reads tables of bars into one series for each instrument.
struct BarTableReader {
  let rules: BarRules
  let meter: ImportMeter
  private(set) var series: [BarSeries] = []
  private(set) var hasVolume = false
  private(set) var hasVWAP = false
  private(set) var hasFactor = false
  /// Whether every stamp named a day rather than a moment.
  private(set) var hasOnlyDays = true
  private(set) var sources: [PanelProvenance.Source] = []
  private(set) var defects = DefectLog()
  private var numbers: [String: Int] = [:]

  init(rules: BarRules, meter: ImportMeter) {
    self.rules = rules
    self.meter = meter
  }

  /// Reads a table of many instruments.
  mutating func read(longTable path: String) throws(ImportFailure) {
    try read(path, symbol: nil)
  }

  /// Reads a table of one instrument.
  mutating func read(_ table: SymbolTable) throws(ImportFailure) {
    try read(table.path, symbol: table.symbol)
  }

  /// Closes every series and orders them by symbol, whatever the order of the files.
  mutating func finish(path: String) throws(ImportFailure) {
    for series in series { try series.finish(path: path) }
    series.sort { $0.symbol < $1.symbol }
    let sorted = series.reduce(0) { $0 + $1.sortedRows }
    if sorted > 0 {
      defects.add(
        kind: "date_out_of_order", note: "\(sorted) rows came before their predecessor",
        handling: "Rows were sorted by time, as asked for.")
    }
    let dropped = series.reduce(0) { $0 + $1.droppedDuplicates }
    if dropped > 0 {
      defects.add(
        kind: "duplicate_bar", note: "\(dropped) bars repeat the instant of another",
        handling: "Of each pair one was kept (\(rules.duplicates.rawValue)), as asked for.")
    }
  }

  private mutating func read(_ path: String, symbol: String?) throws(ImportFailure) {
    let table = try ImportTable(path: path)
    let reader = table.reader
    let columns = try BarColumns(header: reader.header, path: path, hasSymbols: symbol == nil)
    if columns.volume != nil { hasVolume = true }
    if columns.vwap != nil { hasVWAP = true }
    if columns.factor != nil || columns.adjustedClose != nil { hasFactor = true }
    var index = ByteTextIndex()
    var local: [BarSeries] = []
    if let symbol { local.append(named(symbol)) }
    var volumeIsKnown = columns.volume == nil
    while try table.next() {
      meter.read(row: reader.row, of: reader.file)
      let target: BarSeries
      if let column = columns.symbol {
        let number = index.number(of: reader.bytes(column))
        if number == local.count {
          guard !index.texts[number].isEmpty else {
            throw .invalidValue(
              reader.place(column), name: reader.header[column], text: "", expected: "a symbol")
          }
          local.append(named(index.texts[number]))
        }
        target = local[number]
      } else {
        target = local[0]
      }
      let bar = try bar(in: table, columns)
      if !volumeIsKnown, !bar.volume.isNaN { volumeIsKnown = true }
      if bar.isEmpty { continue }
      if let reason = bar.impossibility {
        let place = reader.place(columns.close)
        switch rules.impossible {
        case .refuse:
          throw .impossibleBar(
            place, instrument: target.symbol, stamp: stampText(bar.stamp), reason: reason)
        case .leaveOut:
          defects.add(
            kind: "impossible_bar", instrument: target.symbol, date: stampText(bar.stamp),
            note: reason, handling: "The bar was left out, as asked for.")
          continue
        }
      }
      try target.append(bar, at: reader.place(columns.stamp))
    }
    guard reader.rowCount > 0 else { throw .tooFewRows(path: path, rows: 0) }
    guard volumeIsKnown else { throw .fieldWithoutNumbers(name: "volume", path: path) }
    meter.finished(reader.file)
    sources.append(try table.source())
  }

  private mutating func bar(
    in table: ImportTable, _ columns: BarColumns
  ) throws(ImportFailure) -> Bar {
    let parsed = try table.stamp(columns.stamp)
    if !parsed.isDay { hasOnlyDays = false }
    let close = try table.decimal(columns.close)
    var factor = try table.decimal(columns.factor)
    if columns.factor == nil, let column = columns.adjustedClose {
      factor = try table.decimal(column) / close
    }
    return Bar(
      stamp: parsed.stamp.millisecondsSinceEpoch, open: try table.decimal(columns.open),
      high: try table.decimal(columns.high), low: try table.decimal(columns.low), close: close,
      volume: try table.decimal(columns.volume), vwap: try table.decimal(columns.vwap),
      factor: factor, row: table.reader.row)
  }

  private mutating func named(_ symbol: String) -> BarSeries {
    if let number = numbers[symbol] { return series[number] }
    numbers[symbol] = series.count
    let fresh = BarSeries(symbol: symbol, rules: rules)
    series.append(fresh)
    return fresh
  }
}

/// A table of an import: a reader whose failures are failures of the import.
struct ImportTable {
  let reader: CSVReader

  init(path: String) throws(ImportFailure) {
    do throws(TableFailure) {
      reader = try CSVReader(path: path)
    } catch {
      throw .table(error)
    }
  }

  func next() throws(ImportFailure) -> Bool {
    do throws(TableFailure) { return try reader.next() } catch { throw .table(error) }
  }

  func decimal(_ column: Int?) throws(ImportFailure) -> Double {
    guard let column else { return .nan }
    do throws(TableFailure) { return try reader.decimal(column) } catch { throw .table(error) }
  }

  func stamp(_ column: Int) throws(ImportFailure) -> StampText.Parsed {
    do throws(TableFailure) { return try reader.stamp(column) } catch { throw .table(error) }
  }

  func date(_ column: Int) throws(ImportFailure) -> CalendarDate { try stamp(column).stamp.date }

  /// The columns with the given names; `required` names that are not there are a failure.
  func columns(
    _ required: [(name: String, names: [String])]
  ) throws(ImportFailure) -> [Int] {
    let names = ColumnNames(reader.header)
    let positions = required.map { names.position(of: $0.names) }
    let missing = zip(required, positions).filter { $0.1 == nil }.map(\.0.name)
    guard missing.isEmpty else {
      throw .wrongHeader(path: reader.path, missing: missing, found: reader.header)
    }
    return positions.compactMap { $0 }
  }

  /// What is remembered of the file in the panel; to be asked for after the last row.
  func source() throws(ImportFailure) -> PanelProvenance.Source {
    do throws(FileFailure) {
      return PanelProvenance.Source(
        name: fileName(reader.path), bytes: reader.file.byteCount,
        fingerprint: try reader.file.fingerprint().hexadecimal)
    } catch {
      throw .file(error)
    }
  }
}

/// The last component of a path.
func fileName(_ path: String) -> String {
  String(path.split(separator: "/").last ?? Substring(path))
}
