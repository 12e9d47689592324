import Essentials
package import Markets

/// The bars of one instrument with all that a replay needs of them, read from a CSV table, compressed
/// or not.
///
/// The length of the bars is the most frequent distance between their stamps. Bad rows are left out,
/// counted and kept with the place of the first of each kind; a hole stays a hole.
package struct BarHistory: Sendable {
  package let path: String
  /// The digest of the file's bytes.
  package let fingerprint: String
  package let series: Markets.BarSeries
  /// Whether the table says how much was traded; without it volumes are zero.
  package let hasVolume: Bool
  /// The rows of the table, bad ones included.
  package let rowCount: Int
  /// In the order of their first rows.
  package let defects: [RowDefect]

  /// Reads a table of bars with a time, open, high, low and close. What concerns it as a whole is
  /// thrown: that it cannot be read, lacks columns, breaks off, or has no two usable bars. Cost: one
  /// pass over the table and one over the bars.
  package init(reading path: String) throws(ImportFailure) {
    self.path = path
    let table = try ImportTable(path: path)
    let columns = try BarColumns(header: table.reader.header, path: path, hasSymbols: false)
    let names = ColumnNames(table.reader.header)
    let quoteVolume = names.position(of: ["quote_volume", "quote_asset_volume", "turnover"])
    let trades = names.position(of: ["trades", "number_of_trades", "count", "num_trades"])
    hasVolume = columns.volume != nil
    var rows = HistoryRows()
    var bars: ContiguousArray<Markets.Bar> = []
    try rows.read(table) { rows throws(ImportFailure) in
      let stamp = try table.stamp(columns.stamp).stamp
      let place = table.reader.place(columns.close)
      let count = try table.decimal(trades)
      let bar = Markets.Bar(
        openTime: stamp, open: try table.decimal(columns.open),
        high: try table.decimal(columns.high), low: try table.decimal(columns.low),
        close: try table.decimal(columns.close),
        volume: columns.volume == nil ? 0 : try table.decimal(columns.volume),
        quoteVolume: try table.decimal(quoteVolume),
        trades: count >= 0 && count < 1e15 ? Int(count) : 0)
      guard !bar.close.isNaN else {
        return rows.note("missing_price", "\(place): the bar at \(stamp) has no close.")
      }
      if let defect = bar.defect {
        return rows.note(
          "impossible_bar", "\(place): the bar at \(stamp) is impossible: \(Self.words(defect)).")
      }
      if let last = bars.last, stamp <= last.openTime {
        return rows.note(
          stamp == last.openTime ? "duplicate_bar" : "out_of_order",
          stamp == last.openTime
            ? "\(place): there is another row at \(stamp)."
            : "\(place): the row at \(stamp) comes after that at \(last.openTime).")
      }
      bars.append(bar)
    }
    guard bars.count >= 2 else { throw .tooFewRows(path: path, rows: bars.count) }
    let span = Self.span(of: bars)
    var series = Markets.BarSeries(span, capacity: bars.count)
    for bar in bars where !series.append(bar) {
      rows.note(
        "misaligned_bar",
        "\(path): the bar at \(bar.openTime) begins at no multiple of \(span.length).")
    }
    guard series.count >= 2 else { throw .tooFewRows(path: path, rows: series.count) }
    fingerprint = try table.source().fingerprint
    self.series = series
    rowCount = rows.rowCount
    defects = rows.defects
  }

  /// The most frequent distance between neighbors; of several the shortest.
  private static func span(of bars: ContiguousArray<Markets.Bar>) -> BarSpan {
    var counts: [Int64: Int] = [:]
    for (earlier, later) in zip(bars, bars.dropFirst()) {
      counts[(later.openTime - earlier.openTime).milliseconds, default: 0] += 1
    }
    let step = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 60_000
    // The stamps rise, so every distance is above zero.
    return BarSpan(TimeSpan(milliseconds: step)) ?? .minute
  }

  private static func words(_ defect: BarDefect) -> String {
    switch defect {
    case .impossiblePrice: "a price is zero, negative or missing"
    case .crossedRange: "its range does not enclose its open and close"
    case .impossibleVolume: "its volume is negative or missing"
    case .duplicate, .late, .misaligned: defect.rawValue
    }
  }
}
