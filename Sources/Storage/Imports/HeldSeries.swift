internal import Essentials
internal import Markets

/// Values that arrive now and then and hold until the next one, such as funding rates or the bars of
/// mark prices, for each instrument of a panel.
struct HeldSeries {
  struct Arrival {
    /// The first instant, in milliseconds, at which the values can be known.
    var known: Int64
    var values: [Double]
  }

  /// The names of the values.
  let names: [String]
  private(set) var arrivals: [[Arrival]]
  private(set) var sources: [PanelProvenance.Source] = []
  /// The most frequent distance of arrivals in milliseconds.
  private(set) var step: Int64 = 0

  enum Content {
    /// One rate at an instant, known at that instant.
    case funding
    /// A bar that opens at the stamp, known when it closes.
    case markBars
  }

  init(
    _ tables: [SymbolTable], _ content: Content, symbols: [String], meter: ImportMeter
  ) throws(ImportFailure) {
    let wanted: [(name: String, names: [String])]
    switch content {
    case .funding:
      names = ["funding_rate"]
      wanted = [("rate", ["rate", "funding_rate", "fundingrate", "last_funding_rate"])]
    case .markBars:
      names = ["mark_open", "mark_high", "mark_low", "mark_close"]
      wanted = ["open", "high", "low", "close"].map { ($0, [$0, "mark_\($0)"]) }
    }
    arrivals = Array(repeating: [], count: symbols.count)
    let numbers = Dictionary(uniqueKeysWithValues: zip(symbols, 0...))
    var steps: [Int64: Int] = [:]
    for source in tables {
      guard let column = numbers[source.symbol] else { continue }
      let table = try ImportTable(path: source.path)
      let reader = table.reader
      let columns = try table.columns([("a time column", ColumnNames.stamp)] + wanted)
      var previous: Int64?
      while try table.next() {
        meter.read(row: reader.row, of: reader.file)
        let stamp = try table.stamp(columns[0]).stamp.millisecondsSinceEpoch
        if let previous {
          guard stamp > previous else {
            throw .outOfOrder(
              reader.place(columns[0]), instrument: source.symbol, stamp: stampText(stamp),
              previous: stampText(previous))
          }
          // Settlements are stamped a few milliseconds late; whole seconds are their rhythm.
          steps[(stamp - previous + 500) / 1000 * 1000, default: 0] += 1
        }
        previous = stamp
        var values: [Double] = []
        for column in columns.dropFirst() { values.append(try table.decimal(column)) }
        arrivals[column].append(Arrival(known: stamp, values: values))
      }
      meter.finished(reader.file)
      sources.append(try table.source())
    }
    step = steps.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
    if content == .markBars {
      for column in arrivals.indices {
        for i in arrivals[column].indices { arrivals[column][i].known += step }
      }
    } else {
      // An instant belongs to the row that opens at it, so it is known at the end of that row only.
      for column in arrivals.indices {
        for i in arrivals[column].indices { arrivals[column][i].known += 1 }
      }
    }
  }

  /// Returns one matrix for each name: in each row the latest values known at its end, missing where
  /// they are older than two steps.
  func held(on axis: TimeAxis) -> [[Double]] {
    let columns = arrivals.count
    let length = rowMilliseconds(axis)
    var matrices = Array(
      repeating: [Double](repeating: .nan, count: axis.count * columns), count: names.count)
    for (column, arrivals) in arrivals.enumerated() {
      var next = 0
      for row in 0..<axis.count {
        let end = axis.stamps[row].millisecondsSinceEpoch + length
        while next < arrivals.count, arrivals[next].known <= end { next += 1 }
        guard next > 0, end - arrivals[next - 1].known <= 2 * max(step, length) else { continue }
        for (i, value) in arrivals[next - 1].values.enumerated() {
          matrices[i][row * columns + column] = value
        }
      }
    }
    return matrices
  }

  /// Returns the first value of every arrival in the row in which it became known.
  func events(on axis: TimeAxis) -> VectorColumn {
    let columns = arrivals.count
    let length = rowMilliseconds(axis)
    var cells: [(cell: Int, value: Double)] = []
    for (column, arrivals) in arrivals.enumerated() {
      var row = 0
      for arrival in arrivals {
        while row < axis.count,
          axis.stamps[row].millisecondsSinceEpoch + length < arrival.known
        { row += 1 }
        guard row < axis.count else { break }
        guard arrival.known > axis.stamps[0].millisecondsSinceEpoch else { continue }
        cells.append((row * columns + column, arrival.values[0]))
      }
    }
    return vectorColumn(rows: axis.count, columns: columns, events: cells)
  }

  private func rowMilliseconds(_ axis: TimeAxis) -> Int64 {
    Int64(axis.spacing.barSeconds ?? 86_400) * 1000
  }
}

/// Lays events out by cell; events of one cell keep their order.
func vectorColumn(
  rows: Int, columns: Int, events: [(cell: Int, value: Double)]
) -> VectorColumn {
  var counts = [Int32](repeating: 0, count: rows * columns + 1)
  for event in events { counts[event.cell + 1] += 1 }
  for i in 1..<counts.count { counts[i] += counts[i - 1] }
  var next = counts
  var values = [Double](repeating: 0, count: events.count)
  for event in events {
    values[Int(next[event.cell])] = event.value
    next[event.cell] += 1
  }
  return VectorColumn(rows: rows, columns: columns, offsets: counts, values: values)
}
