import Essentials
package import Markets

/// The payments of funding of one contract, read from a CSV table, compressed or not.
///
/// Bad rows are left out, counted and kept with the place of the first of each kind.
package struct FundingTable: Sendable {
  package let path: String
  /// The digest of the file's bytes.
  package let fingerprint: String
  package let history: FundingHistory
  /// The rows of the table, bad ones included.
  package let rowCount: Int
  /// In the order of their first rows.
  package let defects: [RowDefect]

  /// Reads a table with a time and a rate. What concerns it as a whole is thrown. Cost: one pass.
  package init(reading path: String) throws(ImportFailure) {
    self.path = path
    let table = try ImportTable(path: path)
    let columns = try table.columns([
      ("a time column (ts, funding_time)", ColumnNames.stamp + ["funding_time", "calc_time"]),
      ("rate", ["rate", "funding_rate", "fundingrate", "last_funding_rate"]),
    ])
    var rows = HistoryRows()
    var history = FundingHistory()
    try rows.read(table) { rows throws(ImportFailure) in
      let stamp = try table.stamp(columns[0]).stamp
      let rate = try table.decimal(columns[1])
      let place = table.reader.place(columns[1])
      guard !rate.isNaN else {
        return rows.note("missing_rate", "\(place): the payment at \(stamp) has no rate.")
      }
      guard let rate = SignedRate(rate), rate.value.magnitude < 1 else {
        return rows.note("impossible_rate", "\(place): the rate at \(stamp) is \(rate).")
      }
      guard history.append(FundingPayment(instant: stamp, rate: rate)) else {
        return rows.note(
          "out_of_order",
          "\(place): the payment at \(stamp) is there already, or comes too late.")
      }
    }
    fingerprint = try table.source().fingerprint
    self.history = history
    rowCount = rows.rowCount
    defects = rows.defects
  }
}
