internal import Essentials
package import Markets

/// Looks for what is wrong with bars, in a stored panel or in a file before it is imported.
///
/// A check changes nothing. What counts as odd is stated beside each limit below.
package struct PanelCheck: Sendable {
  /// Examples shown for each kind of finding.
  package static let exampleLimit = 5
  /// Rows of equal bars that make a stale run; five quiet days of one price and one volume do not
  /// happen to an instrument that trades.
  package static let staleRows = 5
  /// A move of one row beyond this is extreme: the price halves or grows by half.
  package static let extremeReturn = 0.5
  /// A move smaller than this is not held to be a split; a fifth is lost on bad news too often.
  static let smallestSplitMove = 0.3

  /// News trades many times the usual money; a split does not. A jump with more than this multiple
  /// of the mean of the last 20 rows is held to be news.
  static let newsMultiple = 3.0

  package init() {}

  /// Checks a stored panel: gaps, lonely bars, impossible bars, unadjusted splits, stale runs, bars
  /// without volume, extreme returns, empty instruments and fields.
  ///
  /// Known true jumps and handled defects of the panel's manifest are not reported again.
  package func run(on panel: Panel, manifest: PanelManifest? = nil) -> PanelCheckReport {
    var tally = Tally()
    let known = Set(
      (manifest?.provenance.defects ?? []).map { "\($0.instrument) \($0.date)" })
    for name in panel.fields.keys.sorted() {
      if let column = panel.matrix(name), column.values().allSatisfy(\.isNaN) {
        tally.add(.emptyField, "", "", name)
      }
    }
    guard let bars = PanelBars(panel) else {
      return tally.report(
        panel.name, instruments: panel.columns, rows: panel.rows, bars: 0)
    }
    checkTime(panel, &tally)
    let counts = bars.barsInRows()
    for column in 0..<panel.columns {
      checkLife(bars, column, counts: counts, known: known, &tally)
      checkBars(bars, column, known: known, &tally)
    }
    return tally.report(
      panel.name, instruments: panel.columns, rows: panel.rows, bars: counts.reduce(0, +))
  }

  /// Checks a table of bars as it lies on disk: duplicates, disorder and impossible bars of every
  /// row, and what makes it unreadable. A table without a column of symbols is one instrument.
  package func run(onTable path: String) throws(ImportFailure) -> PanelCheckReport {
    let table = try ImportTable(path: path)
    let reader = table.reader
    let hasSymbols = ColumnNames(reader.header).position(of: ColumnNames.symbol) != nil
    let columns = try BarColumns(header: reader.header, path: path, hasSymbols: hasSymbols)
    var tally = Tally()
    var index = ByteTextIndex()
    var seen: [Set<Int64>] = hasSymbols ? [] : [[]]
    var latest: [Int64] = hasSymbols ? [] : [.min]
    var stamps: Set<Int64> = []
    do throws(ImportFailure) {
      while try table.next() {
        var number = 0
        if let column = columns.symbol {
          number = index.number(of: reader.bytes(column))
          if number == seen.count {
            seen.append([])
            latest.append(.min)
          }
        }
        let symbol = hasSymbols ? index.texts[number] : ""
        let stamp = try table.stamp(columns.stamp).stamp.millisecondsSinceEpoch
        let bar = Bar(
          stamp: stamp, open: try table.decimal(columns.open),
          high: try table.decimal(columns.high), low: try table.decimal(columns.low),
          close: try table.decimal(columns.close), volume: try table.decimal(columns.volume),
          vwap: .nan, factor: try table.decimal(columns.factor), row: reader.row)
        let place = "row \(reader.row)"
        if !seen[number].insert(stamp).inserted {
          tally.add(.duplicateBar, symbol, stampText(stamp), place)
        } else if stamp < latest[number] {
          tally.add(.outOfOrder, symbol, stampText(stamp), place)
        }
        latest[number] = max(latest[number], stamp)
        stamps.insert(stamp)
        if let reason = bar.impossibility {
          tally.add(.impossibleBar, symbol, stampText(stamp), "\(place): \(reason)")
        } else if bar.volume == 0 {
          tally.add(.zeroVolume, symbol, stampText(stamp), place)
        }
      }
    } catch {
      tally.add(.unreadableFile, "", "", error.explanation)
    }
    return tally.report(
      path, instruments: seen.count, rows: stamps.count, bars: reader.rowCount)
  }

  // MARK: - Checks

  private func checkTime(_ panel: Panel, _ tally: inout Tally) {
    guard let seconds = panel.axis.spacing.barSeconds else { return }
    let step = Int64(seconds) * 1000
    let stamps = panel.axis.stamps
    for row in stamps.indices.dropFirst() {
      let distance = stamps[row].millisecondsSinceEpoch - stamps[row - 1].millisecondsSinceEpoch
      guard distance > step else { continue }
      tally.add(.missingTime, "", stamps[row].description, "\(distance / step - 1) rows before it")
    }
  }

  private func checkLife(
    _ bars: PanelBars, _ column: Int, counts: [Int], known: Set<String>, _ tally: inout Tally
  ) {
    let symbol = bars.panel.instruments[column].symbol
    guard let life = bars.life(of: column) else {
      tally.add(.emptyInstrument, symbol, "", "")
      return
    }
    for row in life {
      let isThere = bars.isThere(row, column)
      if !isThere {
        // A row in which hardly anybody has a bar is no gap of this instrument.
        guard counts[row] * 2 > bars.alive[row],
          !known.contains("\(symbol) \(bars.stamp(row))")
        else { continue }
        tally.add(.missingBar, symbol, bars.stamp(row), "")
      } else if counts[row] * 2 < bars.alive[row] {
        tally.add(
          .lonelyBar, symbol, bars.stamp(row), "\(counts[row]) of \(bars.alive[row]) have one")
      }
    }
  }

  private func checkBars(
    _ bars: PanelBars, _ column: Int, known: Set<String>, _ tally: inout Tally
  ) {
    let symbol = bars.panel.instruments[column].symbol
    var previous: Bar?
    var previousAdjusted = Double.nan
    var traded: [Double] = []
    var repeats = 1
    var runStart = 0
    func endRun(_ repeats: Int, _ start: Int, _ tally: inout Tally) {
      guard repeats >= Self.staleRows else { return }
      tally.add(.staleRun, symbol, bars.stamp(start), "\(repeats) rows")
    }
    for row in 0..<bars.panel.rows where bars.isThere(row, column) {
      let bar = bars.bar(row, column)
      let stamp = bars.stamp(row)
      let isKnown = known.contains("\(symbol) \(stamp)")
      if let reason = bar.impossibility { tally.add(.impossibleBar, symbol, stamp, reason) }
      if bar.volume == 0, !isKnown { tally.add(.zeroVolume, symbol, stamp, "") }
      let adjusted = bars.adjustedClose(row, column)
      if let before = previous {
        let isSame =
          bar.open == before.open && bar.high == before.high && bar.low == before.low
          && bar.close == before.close && (bar.volume == before.volume || bar.volume.isNaN)
        if isSame {
          repeats += 1
        } else {
          endRun(repeats, runStart, &tally)
          repeats = 1
          runStart = row
        }
        if !isKnown {
          checkMove(
            symbol, stamp, raw: bar.close / before.close, adjusted: adjusted / previousAdjusted,
            overnight: bar.open / before.close, isNews: { isNews(bar, after: traded) }, &tally)
        }
      } else {
        runStart = row
      }
      if !bar.volume.isNaN { traded.append(bar.close * bar.volume) }
      previous = bar
      previousAdjusted = adjusted
    }
    endRun(repeats, runStart, &tally)
  }

  /// Judges a move from one close to the next; the open tells a jump overnight from a fall in hours,
  /// and the money traded tells a split from news.
  private func checkMove(
    _ symbol: String, _ stamp: String, raw: Double, adjusted: Double, overnight: Double,
    isNews: () -> Bool, _ tally: inout Tally
  ) {
    let move = adjusted - 1
    guard abs(move) >= Self.smallestSplitMove else { return }
    let text = "\(tenths(move * 100)) %"
    if let ratio = simpleRatio(near: 1 / overnight), let slack = Self.splitSlack(ratio),
      abs(raw * ratio - 1) < slack, abs(adjusted * ratio - 1) < slack, !isNews()
    {
      tally.add(.unadjustedSplit, symbol, stamp, "\(text), like a split of \(tenths(ratio))")
    } else if abs(move) > Self.extremeReturn {
      tally.add(.extremeReturn, symbol, stamp, text)
    }
  }

  /// How far the rest of the move may be from nothing for a jump to be the split. Markets themselves
  /// fall by a third now and then, so three for two must fit closely; finer ratios prove nothing.
  private static func splitSlack(_ ratio: Double) -> Double? {
    if ratio >= 2 || ratio <= 0.5 { return 0.15 }
    return ratio == 1.5 ? 0.03 : nil
  }

  private func isNews(_ bar: Bar, after traded: [Double]) -> Bool {
    let recent = traded.suffix(20)
    guard !recent.isEmpty, !bar.volume.isNaN else { return false }
    let usual = recent.reduce(0, +) / Double(recent.count)
    return bar.close * bar.volume > Self.newsMultiple * usual
  }

  private func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// The bars of a panel as they were traded, with their adjusted closes beside them.
private struct PanelBars {
  let panel: Panel
  private let open: [Double]
  private let high: [Double]
  private let low: [Double]
  private let close: [Double]
  private let volume: [Double]
  private let adjusted: [Double]
  private let lives: [Range<Int>?]
  /// The number of instruments between their first and last bar in each row.
  let alive: [Int]

  /// Reads `raw_*` where the panel has them; nil for a panel without prices.
  init?(_ panel: Panel) {
    func values(_ name: String) -> [Double]? {
      (panel.matrix("raw_\(name)") ?? panel.matrix(name))?.values()
    }
    guard let close = values("close"), let adjusted = panel.matrix("close")?.values() else {
      return nil
    }
    let unknown = [Double](repeating: .nan, count: close.count)
    self.panel = panel
    self.close = close
    self.adjusted = adjusted
    open = values("open") ?? unknown
    high = values("high") ?? unknown
    low = values("low") ?? unknown
    volume = values("volume") ?? unknown
    let columns = panel.columns
    let lives = (0..<columns).map { column -> Range<Int>? in
      let present = { (row: Int) in !close[row * columns + column].isNaN }
      guard let first = (0..<panel.rows).first(where: present),
        let last = (0..<panel.rows).last(where: present)
      else { return nil }
      return first..<(last + 1)
    }
    var alive = [Int](repeating: 0, count: panel.rows)
    for life in lives { for row in life ?? 0..<0 { alive[row] += 1 } }
    self.lives = lives
    self.alive = alive
  }

  /// The rows from the first bar of the instrument to its last.
  func life(of column: Int) -> Range<Int>? { lives[column] }

  func isThere(_ row: Int, _ column: Int) -> Bool { !close[row * panel.columns + column].isNaN }

  func stamp(_ row: Int) -> String { panel.axis.stamps[row].description }

  func adjustedClose(_ row: Int, _ column: Int) -> Double {
    adjusted[row * panel.columns + column]
  }

  func bar(_ row: Int, _ column: Int) -> Bar {
    let cell = row * panel.columns + column
    return Bar(
      stamp: 0, open: open[cell], high: high[cell], low: low[cell], close: close[cell],
      volume: volume[cell], vwap: .nan, factor: .nan, row: row)
  }

  /// The number of bars in each row.
  func barsInRows() -> [Int] {
    (0..<panel.rows).map { row in
      (0..<panel.columns).count { isThere(row, $0) }
    }
  }
}

/// Collects findings by kind.
private struct Tally {
  private var findings: [PanelFinding.Kind: PanelFinding] = [:]

  mutating func add(
    _ kind: PanelFinding.Kind, _ instrument: String, _ stamp: String, _ detail: String
  ) {
    var finding = findings[kind] ?? PanelFinding(kind: kind, count: 0, examples: [])
    finding.count += 1
    if finding.examples.count < PanelCheck.exampleLimit {
      finding.examples.append(.init(instrument: instrument, stamp: stamp, detail: detail))
    }
    findings[kind] = finding
  }

  func report(_ subject: String, instruments: Int, rows: Int, bars: Int) -> PanelCheckReport {
    let ordered = PanelFinding.Kind.allCases.compactMap { findings[$0] }
    return PanelCheckReport(
      subject: subject, instruments: instruments, rows: rows, bars: bars, findings: ordered)
  }
}
