import Essentials
package import Markets

/// The mark prices of one contract, read from a CSV table of bars of the mark price, compressed or not.
///
/// A bar of marks says what the mark was when it began; of the last one also the close is taken, at
/// its end. What the mark did within a bar has no instant and is not used. Bad rows are left out,
/// counted and kept with the place of the first of each kind.
package struct MarkTable: Sendable {
  package let path: String
  /// The digest of the file's bytes.
  package let fingerprint: String
  /// Rising in time.
  package let marks: [ReferencePrice]
  /// How long a bar of marks is.
  package let span: BarSpan
  /// The rows of the table, bad ones included.
  package let rowCount: Int
  /// In the order of their first rows.
  package let defects: [RowDefect]

  /// Reads a table of bars of the mark price. What concerns it as a whole is thrown.
  package init(reading path: String) throws(ImportFailure) {
    let bars = try BarHistory(reading: path)
    self.path = path
    fingerprint = bars.fingerprint
    span = bars.series.span
    rowCount = bars.rowCount
    defects = bars.defects
    var marks: [ReferencePrice] = []
    marks.reserveCapacity(bars.series.count + 1)
    func add(_ instant: Timestamp, _ price: Double) {
      guard let price = Price(price) else { return }
      marks.append(ReferencePrice(instant: instant, mark: price))
    }
    for place in 0..<bars.series.count {
      let bar = bars.series[place]
      add(bar.openTime, bar.open)
    }
    let last = bars.series[bars.series.count - 1]
    add(bars.series.span.end(from: last.openTime), last.close)
    self.marks = marks
  }
}
