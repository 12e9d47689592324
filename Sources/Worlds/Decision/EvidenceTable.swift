/// Measures of instances: a column for each measure, a row for each instance.
package struct EvidenceTable: Hashable, Sendable {
  /// One measure of all instances, in their order. NaN is unknown, of a value as of a sample.
  package struct Column: Hashable, Sendable {
    package var name: MetricName
    package var values: [Double]
    /// Days, trades and bars that each value rests on; empty where nobody counted them.
    package var days: [Double]
    package var trades: [Double]
    package var bars: [Double]

    package init(
      _ name: MetricName, values: [Double], days: [Double] = [], trades: [Double] = [],
      bars: [Double] = []
    ) {
      self.name = name
      self.values = values
      self.days = days
      self.trades = trades
      self.bars = bars
    }
  }

  package var columns: [Column]

  package init(_ columns: [Column]) {
    self.columns = columns
  }

  /// The column of a measure.
  package func column(_ name: MetricName) -> Column? { columns.first { $0.name == name } }

  /// The table with columns in the order of their names and rows as `order` picks them, nil for as
  /// they are. Of two columns with one name the first counts.
  func sorted(rows order: [Int]?) -> EvidenceTable {
    func picked(_ values: [Double]) -> [Double] {
      guard let order, !values.isEmpty else { return values }
      return order.map { values[$0] }
    }
    var named: [(text: String, column: Column)] = columns.map { ($0.name.description, $0) }
    if zip(named, named.dropFirst()).contains(where: { $0.text >= $1.text }) {
      var seen: Set<String> = []
      named = named.filter { seen.insert($0.text).inserted }.sorted { $0.text < $1.text }
    }
    return EvidenceTable(
      named.map { _, column in
        Column(
          column.name, values: picked(column.values), days: picked(column.days),
          trades: picked(column.trades), bars: picked(column.bars))
      })
  }
}
