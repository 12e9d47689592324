internal import Essentials
internal import Markets

/// Bars of many instruments on one time axis, as traded, before anything is derived from them.
struct BarGrid {
  let axis: TimeAxis
  let symbols: [String]
  /// Matrices, time-major; a missing bar is NaN in all of them.
  var open: [Double]
  var high: [Double]
  var low: [Double]
  var close: [Double]
  /// Empty where the source has no volumes.
  var volume: [Double]
  /// Empty where the source has only bars.
  var vwap: [Double]
  /// The multiplier that undoes later dividends and splits; empty where the source has none.
  var factor: [Double]
  /// How the numbers are stored.
  var scalar: MatrixColumn.Scalar

  var rows: Int { axis.count }
  var columns: Int { symbols.count }

  /// The largest number of cells of a panel; positions of events are 32-bit.
  static let cellLimit = Int(Int32.max) - 1

  /// Lays series out on the union of their stamps. Returns the grid and what was found on the way.
  static func make(
    from reader: BarTableReader, path: String
  ) throws(ImportFailure) -> (grid: BarGrid, defects: DefectLog) {
    let series = reader.series
    var defects = DefectLog()
    var bars = series.map(\.bars)
    if let length = reader.rules.barMilliseconds {
      bars = try complete(bars, of: series, length: length, rules: reader.rules, &defects)
    }
    var stamps = Array(Set(bars.lazy.joined().lazy.map(\.stamp))).sorted()
    guard stamps.count >= 2 else { throw .tooFewRows(path: path, rows: stamps.count) }
    let spacing = try spacing(of: stamps, onlyDays: reader.hasOnlyDays, rules: reader.rules)
    if let seconds = spacing.barSeconds { stamps = filled(stamps, seconds: seconds, &defects) }
    let rows = stamps.count
    let columns = series.count
    guard rows <= cellLimit / columns else { throw .tooLarge(rows: rows, columns: columns) }
    func matrix(_ isPresent: Bool) -> [Double] {
      isPresent ? [Double](repeating: .nan, count: rows * columns) : []
    }
    var grid = BarGrid(
      axis: TimeAxis(
        stamps: stamps.map(Timestamp.init(millisecondsSinceEpoch:)), spacing: spacing),
      symbols: series.map(\.symbol), open: matrix(true), high: matrix(true), low: matrix(true),
      close: matrix(true), volume: matrix(reader.hasVolume), vwap: matrix(reader.hasVWAP),
      factor: matrix(reader.hasFactor), scalar: .float64)
    for column in 0..<columns {
      var row = 0
      for bar in bars[column] {
        while stamps[row] < bar.stamp { row += 1 }
        let cell = row * columns + column
        grid.open[cell] = bar.open
        grid.high[cell] = bar.high
        grid.low[cell] = bar.low
        grid.close[cell] = bar.close
        if reader.hasVolume { grid.volume[cell] = bar.volume }
        if reader.hasVWAP { grid.vwap[cell] = bar.vwap }
        if reader.hasFactor { grid.factor[cell] = bar.factor }
      }
    }
    return (grid, defects)
  }

  /// Keeps the longer bars that are closed and whole.
  private static func complete(
    _ bars: [[Bar]], of series: [BarSeries], length: Int64, rules: BarRules,
    _ defects: inout DefectLog
  ) throws(ImportFailure) -> [[Bar]] {
    let steps = series.map(\.sourceStep).filter { $0 > 0 }
    guard let step = steps.min(), let first = series.map(\.firstStamp).min(),
      let last = series.map(\.lastStamp).max()
    else { return bars }
    guard length % step == 0 else {
      throw .barLengthMismatch(requested: Int(length / 1000), source: Int(step / 1000))
    }
    let parts = Int32(length / step)
    return bars.enumerated().map { column, bars in
      bars.filter { bar in
        // The history begins or ends inside the bar: it is not closed.
        guard bar.stamp >= first, bar.stamp + length <= last + step else { return false }
        guard bar.parts < parts else { return true }
        let handling =
          rules.partial == .join
          ? "The parts that exist were joined, as asked for." : "The longer bar was left out."
        defects.add(
          kind: "partial_bar", instrument: series[column].symbol, date: stampText(bar.stamp),
          note: "\(bar.parts) of \(parts) parts", handling: handling)
        return rules.partial == .join
      }
    }
  }

  /// Returns what the distances of the stamps show: trading days, or bars of one length.
  static func spacing(
    of stamps: [Int64], onlyDays: Bool, rules: BarRules
  ) throws(ImportFailure) -> TimeAxis.Spacing {
    if let seconds = rules.barSeconds { return .bar(seconds: seconds) }
    let day = Timestamp.millisecondsPerDay
    if onlyDays || stamps.allSatisfy({ $0 % day == 0 }) {
      let weekends = stamps.filter {
        Timestamp(millisecondsSinceEpoch: $0).date.weekday >= 5
      }
      // Markets that close have no bars at weekends; a few exchanges had special Saturdays.
      return weekends.count * 10 > stamps.count ? .bar(seconds: 86_400) : .tradingDay
    }
    var counts: [Int64: Int] = [:]
    for (earlier, later) in zip(stamps, stamps.dropFirst()) {
      counts[later - earlier, default: 0] += 1
    }
    let step = counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 0
    let seconds = Int(max(1, step / 1000))
    for stamp in stamps where step % 1000 != 0 || (stamp - stamps[0]) % step != 0 {
      throw .irregularSpacing(stamp: stampText(stamp), barSeconds: seconds)
    }
    return .bar(seconds: seconds)
  }

  /// Adds the rows that a market which never closes lacks, so that a row is always one bar of time.
  ///
  /// A market is taken to close where more than a tenth of the rows would be additions.
  private static func filled(
    _ stamps: [Int64], seconds: Int, _ defects: inout DefectLog
  ) -> [Int64] {
    let step = Int64(seconds) * 1000
    let first = stamps[0]
    let last = stamps[stamps.count - 1]
    let count = Int((last - first) / step) + 1
    guard count > stamps.count, stamps.count * 10 >= count * 9 else { return stamps }
    let present = Set(stamps)
    let all = (0..<count).map { first + Int64($0) * step }
    if let gap = all.first(where: { !present.contains($0) }) {
      defects.add(
        kind: "missing_rows", date: stampText(gap),
        note: "\(count - stamps.count) rows have no bar of any instrument",
        handling: "The rows were added with missing values, so that each row is one bar of time.")
    }
    return all
  }
}
