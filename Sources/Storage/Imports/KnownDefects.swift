internal import Essentials
internal import Markets

/// Defects that somebody has looked into, read from a table with columns `ticker`, `date`, `kind`
/// and `note`, and what is done about each kind.
///
/// | kind | handling |
/// |---|---|
/// | `zero_volume_bar` | price kept, volume 0, not in the universe `tradable` |
/// | `missing_bar` | missing; nothing is filled in |
/// | `true_jump` | kept; it happened |
/// | `spin_off`, `special_dividend` | the vendor's adjusted return is kept; volumes are not rescaled |
/// | `adj_return_vs_events` | the vendor's adjusted return is kept |
/// | `unflagged_split_adjusted` | the split that the vendor's factor contains is added to the splits |
/// | `missing_split` | the split that the raw price shows is added to the splits and the factor |
/// | `spurious_split` | the split is taken out of the splits and the factor |
/// | `wrong_adjustment` | the return of the day is missing; earlier prices are chained without it |
///
/// A correction is made only where the prices show the defect; otherwise it is recorded as not made.
struct KnownDefects {
  struct Entry {
    var column: Int
    var date: CalendarDate
    var kind: String
    var note: String
  }

  private(set) var entries: [Entry] = []
  private(set) var sources: [PanelProvenance.Source] = []

  init() {}

  init(path: String, symbols: [String]) throws(ImportFailure) {
    let numbers = Dictionary(uniqueKeysWithValues: zip(symbols, 0...))
    let table = try ImportTable(path: path)
    let reader = table.reader
    let columns = try table.columns([
      ("ticker", ColumnNames.symbol), ("date", ColumnNames.stamp), ("kind", ["kind", "defect"]),
    ])
    let note = ColumnNames(reader.header).position(of: ["note", "notes", "comment"])
    while try table.next() {
      let date = try table.date(columns[1])
      guard let column = numbers[reader.text(columns[0])] else { continue }
      entries.append(
        Entry(
          column: column, date: date, kind: reader.text(columns[2]),
          note: note.map { reader.text($0) } ?? ""))
    }
    entries.sort { ($0.date, $0.column, $0.kind) < ($1.date, $1.column, $1.kind) }
    sources = [try table.source()]
  }

  /// What a repair may change.
  struct Repairs {
    var grid: BarGrid
    var actions: CorporateActions
    /// Cells whose return is not known.
    var unknownReturns: Set<Int> = []
    var log = DefectLog()
  }

  /// Applies every entry in the order of dates.
  func apply(to repairs: inout Repairs) {
    for entry in entries {
      let row = repairs.grid.axis.firstRow(notBefore: Timestamp(startOf: entry.date))
      guard row < repairs.grid.rows, entry.date >= repairs.grid.axis.date(0) else { continue }
      let handling = handle(entry, row: row, &repairs)
      repairs.log.addListed(
        PanelProvenance.Defect(
          kind: entry.kind, instrument: repairs.grid.symbols[entry.column],
          date: entry.date.description, note: entry.note, handling: handling))
    }
  }

  private func handle(_ entry: Entry, row: Int, _ repairs: inout Repairs) -> String {
    switch entry.kind {
    case "zero_volume_bar":
      return "Price kept, volume 0, not in the universe tradable."
    case "missing_bar": return "Missing; nothing was filled in."
    case "true_jump": return "Kept; the price really moved."
    case "spin_off", "special_dividend":
      return "The vendor's adjusted return was kept; volumes are not rescaled."
    case "adj_return_vs_events":
      return "The vendor's adjusted return was kept; dividends and splits explain it only in part."
    case "unflagged_split_adjusted": return addSplitOfFactor(entry, row: row, &repairs)
    case "missing_split": return addSplitOfPrice(entry, row: row, &repairs)
    case "spurious_split": return removeSplit(entry, row: row, &repairs)
    case "wrong_adjustment": return cutReturn(entry, row: row, &repairs)
    default: return "This kind is not known; the data are unchanged."
    }
  }

  private static let notShown = "Not corrected: the prices do not show it."

  private func addSplitOfFactor(_ entry: Entry, row: Int, _ repairs: inout Repairs) -> String {
    guard let jump = Jump(repairs.grid, column: entry.column, row: row), jump.factor > 0,
      let ratio = simpleRatio(near: jump.factor)
    else { return Self.notShown }
    guard !repairs.actions.events[entry.column].contains(where: { $0.row == row && $0.split != 1 })
    else { return "Not corrected: the split is among the events." }
    insertSplit(ratio, entry, row: row, &repairs)
    return "A split of \(ratio) was added to the splits; the adjusted prices had it already."
  }

  private func addSplitOfPrice(_ entry: Entry, row: Int, _ repairs: inout Repairs) -> String {
    guard let jump = Jump(repairs.grid, column: entry.column, row: row),
      let ratio = simpleRatio(near: 1 / jump.price),
      abs(jump.factor / ratio - 1) > 0.2
    else { return Self.notShown }
    // The vendor may have the split on a neighboring day, where the price did not move.
    let events = repairs.actions.events[entry.column]
    if let index = events.firstIndex(where: {
      abs($0.row - row) <= 5 && abs($0.split / ratio - 1) < 0.05
    }) {
      repairs.actions.events[entry.column].remove(at: index)
    }
    insertSplit(ratio, entry, row: row, &repairs)
    scaleFactors(before: row, column: entry.column, by: jump.factor / ratio, &repairs)
    return "A split of \(ratio) was added to the splits and to the adjusted prices before the day."
  }

  private func removeSplit(_ entry: Entry, row: Int, _ repairs: inout Repairs) -> String {
    guard let jump = Jump(repairs.grid, column: entry.column, row: row),
      abs(jump.factor - 1) > 0.2, abs(jump.price - 1) < abs(jump.price * jump.factor - 1)
    else { return Self.notShown }
    repairs.actions.events[entry.column].removeAll { $0.row == row && $0.split != 1 }
    scaleFactors(before: row, column: entry.column, by: jump.factor, &repairs)
    return "The split was taken out of the splits and of the adjusted prices before the day."
  }

  private func cutReturn(_ entry: Entry, row: Int, _ repairs: inout Repairs) -> String {
    guard let jump = Jump(repairs.grid, column: entry.column, row: row) else {
      return Self.notShown
    }
    scaleFactors(before: row, column: entry.column, by: jump.factor * jump.price, &repairs)
    repairs.unknownReturns.insert(row * repairs.grid.columns + entry.column)
    return "The return of the day is missing; earlier adjusted prices are chained without a move."
  }

  private func insertSplit(_ ratio: Double, _ entry: Entry, row: Int, _ repairs: inout Repairs) {
    repairs.actions.events[entry.column].append(
      CorporateActions.Event(row: row, date: entry.date, dividend: 0, split: ratio))
    repairs.actions.events[entry.column].sort { $0.date < $1.date }
  }

  private func scaleFactors(
    before row: Int, column: Int, by scale: Double, _ repairs: inout Repairs
  ) {
    guard !repairs.grid.factor.isEmpty else { return }
    for earlier in 0..<row { repairs.grid.factor[earlier * repairs.grid.columns + column] *= scale }
  }
}

/// How the price and the factor moved from the last bar before a row to the bar of the row.
private struct Jump {
  /// The raw close over the raw close before.
  var price: Double
  /// The adjustment factor over the one before; 1 where the source has none.
  var factor: Double

  init?(_ grid: BarGrid, column: Int, row: Int) {
    let cell = row * grid.columns + column
    guard !grid.close[cell].isNaN,
      let before = (0..<row).last(where: { !grid.close[$0 * grid.columns + column].isNaN })
    else { return nil }
    let earlier = before * grid.columns + column
    price = grid.close[cell] / grid.close[earlier]
    factor = grid.factor.isEmpty ? 1 : grid.factor[cell] / grid.factor[earlier]
    guard price.isFinite, factor.isFinite, price > 0 else { return nil }
  }
}

/// Returns the ratio of small whole numbers within 6 % of `value`, or nil. Splits are such ratios;
/// the price moves a little on their day too.
func simpleRatio(near value: Double) -> Double? {
  guard value.isFinite, value > 0, abs(value - 1) > 0.15 else { return nil }
  var best: (distance: Double, ratio: Double)?
  for (new, old) in simpleSplits {
    for ratio in [Double(new) / Double(old), Double(old) / Double(new)] {
      let distance = abs(value / ratio - 1)
      if distance <= 0.06, distance < best?.distance ?? .infinity { best = (distance, ratio) }
    }
  }
  return best?.ratio
}

/// Splits that companies make, as new shares for old ones; reverse splits are their inverses.
private let simpleSplits: [(Int, Int)] = [
  (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1), (10, 1), (15, 1), (20, 1), (25, 1),
  (30, 1), (50, 1), (100, 1), (3, 2), (4, 3), (5, 4), (5, 2), (6, 5),
]
