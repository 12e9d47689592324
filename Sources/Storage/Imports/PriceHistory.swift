package import Essentials

/// The prices of one instrument over time, read from a table of bars or of trades for models to be
/// estimated on.
///
/// Unlike an import, which refuses a table with a defect, this leaves bad rows out, counts them and
/// keeps the place of the first of each kind: no price is ever made up. Tables are CSV, compressed or
/// not. Bars have a time, open, high, low and close and count by their closes; a table without those
/// but with a time and a price is one of trades, of which the last of an instant counts.
package struct PriceHistory: Hashable, Sendable {
  /// What the rows of the table are.
  package enum Kind: String, Hashable, Sendable {
    case bars, trades
  }

  /// Rows that were left out for one reason.
  package typealias Defect = RowDefect

  package let path: String
  package let kind: Kind
  /// Ascending, none twice; bars have the stamps of their table, usually their opening.
  package private(set) var stamps: [Timestamp] = []
  /// Closes of bars or prices of trades, by stamp.
  package private(set) var prices: [Double] = []
  /// The rows of the table, bad ones included.
  package private(set) var rowCount = 0
  /// In the order of their first rows.
  package private(set) var defects: [Defect] = []

  /// Reads a table. What concerns it as a whole is thrown: that it cannot be read, lacks columns or
  /// breaks off. Cost: one pass.
  package init(reading path: String) throws(ImportFailure) {
    self.path = path
    let table = try ImportTable(path: path)
    let names = ColumnNames(table.reader.header)
    let price = names.position(of: ["price", "p", "trade_price"])
    let time = names.position(of: ColumnNames.stamp + ["t"])
    var rows = HistoryRows()
    if let price, let time, names.position(of: ["close", "c", "close_price"]) == nil {
      kind = .trades
      try rows.read(table) { rows throws(ImportFailure) in
        try take(trade: table, time: time, price: price, &rows)
      }
    } else {
      kind = .bars
      let columns = try BarColumns(
        header: table.reader.header, path: path, hasSymbols: false)
      try rows.read(table) { rows throws(ImportFailure) in
        try take(bar: table, columns, &rows)
      }
    }
    rowCount = rows.rowCount
    defects = rows.defects
  }

  private mutating func take(
    bar table: ImportTable, _ columns: BarColumns, _ rows: inout HistoryRows
  ) throws(ImportFailure) {
    let stamp = try table.stamp(columns.stamp).stamp
    let bar = Bar(
      stamp: stamp.millisecondsSinceEpoch, open: try table.decimal(columns.open),
      high: try table.decimal(columns.high), low: try table.decimal(columns.low),
      close: try table.decimal(columns.close), volume: try table.decimal(columns.volume),
      vwap: .nan, factor: .nan, row: table.reader.row)
    let place = table.reader.place(columns.close)
    guard !bar.close.isNaN else {
      return rows.note("missing_price", "\(place): the bar at \(stamp) has no close.")
    }
    if let reason = bar.impossibility {
      return rows.note("impossible_bar", "\(place): the bar at \(stamp) is impossible: \(reason).")
    }
    guard follows(stamp, at: place, &rows) else { return }
    stamps.append(stamp)
    prices.append(bar.close)
  }

  private mutating func take(
    trade table: ImportTable, time: Int, price column: Int, _ rows: inout HistoryRows
  ) throws(ImportFailure) {
    let stamp = try table.stamp(time).stamp
    let price = try table.decimal(column)
    let place = table.reader.place(column)
    guard price > 0 else {
      return price.isNaN
        ? rows.note("missing_price", "\(place): the trade at \(stamp) has no price.")
        : rows.note("impossible_trade", "\(place): the price of the trade at \(stamp) is \(price).")
    }
    if stamp == stamps.last {
      prices[prices.count - 1] = price
      return
    }
    guard follows(stamp, at: place, &rows) else { return }
    stamps.append(stamp)
    prices.append(price)
  }

  /// Whether an instant comes after the latest one; notes it where it does not.
  private func follows(
    _ stamp: Timestamp, at place: TableFailure.Place, _ rows: inout HistoryRows
  ) -> Bool {
    guard let last = stamps.last, stamp <= last else { return true }
    rows.note(
      stamp == last ? "duplicate_bar" : "out_of_order",
      stamp == last
        ? "\(place): there is another row at \(stamp)."
        : "\(place): the row at \(stamp) comes after that at \(last).")
    return false
  }
}
