internal import Essentials
internal import Markets

/// Dividends and splits of the instruments of a grid, by the row on which they take effect.
struct CorporateActions {
  struct Event {
    /// The row of the ex-date, or the first row after it where the ex-date has none.
    var row: Int
    var date: CalendarDate
    /// Money per share as paid, 0 for none.
    var dividend: Double
    /// New shares for each old one, 1 for none.
    var split: Double
  }

  /// The events of each column in the order of their dates.
  var events: [[Event]]
  private(set) var sources: [PanelProvenance.Source] = []
  private(set) var ignored = 0

  /// No events at all.
  init(columns: Int) {
    events = Array(repeating: [], count: columns)
  }

  /// Reads a table with columns `ex_date` (or `date`), `ticker`, `dividend`, `split`.
  ///
  /// Events of unknown instruments and outside the history are counted and ignored: a split before
  /// the first row or after the last changes nothing inside.
  init(path: String, axis: TimeAxis, symbols: [String]) throws(ImportFailure) {
    self.init(columns: symbols.count)
    let numbers = Dictionary(uniqueKeysWithValues: zip(symbols, 0...))
    let table = try ImportTable(path: path)
    let reader = table.reader
    let names = ColumnNames(reader.header)
    let found = try table.columns([
      ("ex_date", ["ex_date", "exdate"] + ColumnNames.stamp), ("ticker", ColumnNames.symbol),
    ])
    let dividendColumn = names.position(of: ["dividend", "dividends", "dividend_amount", "amount"])
    let splitColumn = names.position(of: ["split", "splits", "split_ratio", "split_coefficient"])
    guard dividendColumn != nil || splitColumn != nil else {
      throw .wrongHeader(path: path, missing: ["dividend or split"], found: reader.header)
    }
    while try table.next() {
      let date = try table.date(found[0])
      let dividend = try table.decimal(dividendColumn)
      let split = try table.decimal(splitColumn)
      if let splitColumn, split <= 0 {
        throw .invalidValue(
          reader.place(splitColumn), name: reader.header[splitColumn],
          text: reader.text(splitColumn), expected: "a positive ratio")
      }
      if let dividendColumn, dividend < 0 {
        throw .invalidValue(
          reader.place(dividendColumn), name: reader.header[dividendColumn],
          text: reader.text(dividendColumn), expected: "a dividend of zero or more")
      }
      let row = axis.firstRow(notBefore: Timestamp(startOf: date))
      guard let column = numbers[reader.text(found[1])], row < axis.count,
        date >= axis.date(0)
      else {
        ignored += 1
        continue
      }
      events[column].append(
        Event(
          row: row, date: date, dividend: dividend.isNaN ? 0 : dividend,
          split: split.isNaN ? 1 : split))
    }
    for column in events.indices { events[column].sort { $0.date < $1.date } }
    sources = [try table.source()]
  }

  var isEmpty: Bool { events.allSatisfy(\.isEmpty) }

  /// Returns for each cell the number of shares at the end of the history that one share of that row
  /// has become: the product of all later splits. Multiplying a volume by it, or dividing a price,
  /// gives figures that splits do not break.
  func shareFactors(rows: Int) -> [Double] {
    let columns = events.count
    var factors = [Double](repeating: 1, count: rows * columns)
    for (column, events) in events.enumerated() {
      for event in events where event.split != 1 {
        for row in 0..<event.row { factors[row * columns + column] *= event.split }
      }
    }
    return factors
  }

  /// Returns the total-return multiplier that dividends and splits imply: going back in time it
  /// falls by `(1 - dividend / last close before the ex-date) / split` at each event.
  ///
  /// A dividend as large as the price is not believed and left out.
  func impliedFactors(closes: [Double], rows: Int) -> [Double] {
    let columns = events.count
    var factors = [Double](repeating: 1, count: rows * columns)
    for (column, events) in events.enumerated() {
      var factor = 1.0
      var end = rows
      for event in events.reversed() {
        for row in event.row..<max(event.row, end) { factors[row * columns + column] = factor }
        end = min(end, event.row)
        let before = (0..<event.row).last { !closes[$0 * columns + column].isNaN }
        let yield = before.map { event.dividend / closes[$0 * columns + column] } ?? 0
        if yield < 1 { factor *= 1 - yield }
        factor /= event.split
      }
      for row in 0..<end { factors[row * columns + column] = factor }
    }
    return factors
  }

  /// Returns the product of the splits with ex-dates after `start`, up to and including `end`.
  func splits(_ column: Int, after start: CalendarDate, through end: CalendarDate) -> Double {
    events[column].reduce(1) { product, event in
      event.date > start && event.date <= end ? product * event.split : product
    }
  }
}
