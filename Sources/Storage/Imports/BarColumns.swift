/// Where the values of a bar stand in a table.
struct BarColumns {
  var stamp: Int
  var symbol: Int?
  var open: Int
  var high: Int
  var low: Int
  var close: Int
  var volume: Int?
  var vwap: Int?
  var factor: Int?
  var adjustedClose: Int?

  /// Finds the columns; those of a table with many instruments include their symbols.
  init(header: [String], path: String, hasSymbols: Bool) throws(ImportFailure) {
    let names = ColumnNames(header)
    let stamp = names.position(of: ColumnNames.stamp)
    let symbol = names.position(of: ColumnNames.symbol)
    let open = names.position(of: ["open", "o", "open_price"])
    let high = names.position(of: ["high", "h", "high_price"])
    let low = names.position(of: ["low", "l", "low_price"])
    let close = names.position(of: ["close", "c", "close_price", "last"])
    let required = [
      ("a time column (date, timestamp, ts)", stamp), ("open", open), ("high", high), ("low", low),
      ("close", close),
    ]
    var missing = required.filter { $0.1 == nil }.map(\.0)
    if hasSymbols, symbol == nil { missing.insert("ticker", at: 0) }
    guard let stamp, let open, let high, let low, let close, missing.isEmpty else {
      throw .wrongHeader(path: path, missing: missing, found: header)
    }
    self.stamp = stamp
    self.symbol = hasSymbols ? symbol : nil
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    volume = names.position(of: ["volume", "vol", "v", "base_volume"])
    vwap = names.position(of: ["vwap", "average", "weighted_average", "weightedaverage"])
    factor = names.position(of: ["adj_factor", "adjfactor", "adjustment_factor", "factor"])
    adjustedClose = names.position(of: ["adj_close", "adjclose", "adjusted_close", "adjustedclose"])
  }
}
