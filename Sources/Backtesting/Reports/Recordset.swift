package import Essentials

/// The tables that BRAIN offers with an alpha under `/alphas/{id}/recordsets/{name}`.
package enum Recordset: String, Hashable, Sendable, CaseIterable {
  /// The running sum of profit and loss.
  case pnl
  case dailyPnL = "daily-pnl"
  case turnover
  case coverage
  case yearlyStats = "yearly-stats"

  /// The heading over the series, for people.
  package var title: String {
    switch self {
    case .pnl: "PnL"
    case .dailyPnL: "Daily PnL"
    case .turnover: "Turnover"
    case .coverage: "Coverage"
    case .yearlyStats: "Yearly Stats"
    }
  }
}

extension SimulationResult {
  /// Returns a table as BRAIN sends it: a schema with named and typed columns, then records.
  package func recordset(_ recordset: Recordset) -> JSONValue {
    let columns: [Column]
    let records: [JSONValue]
    switch recordset {
    case .pnl:
      columns = [.date, Column("pnl", "PnL", "amount")]
      records = dated(series.cumulativePnL)
    case .dailyPnL:
      columns = [.date, Column("pnl", "PnL", "amount")]
      records = dated(series.pnl)
    case .turnover:
      columns = [.date, Column("turnover", "Turnover", "percent")]
      records = dated(series.traded.map { $0 / scale.bookSize })
    case .coverage:
      columns = [.date, Column("coverage", "Coverage", "percent")]
      records = dated(
        zip(series.covered, series.admitted).map { $1 > 0 ? $0 / $1 : .nan })
    case .yearlyStats:
      columns = Column.yearly
      records = yearly.map(Self.record)
    }
    return [
      "schema": [
        "name": .string(recordset.rawValue), "title": .string(recordset.title),
        "properties": .array(columns.map(\.json)),
      ],
      "records": .array(records),
    ]
  }

  private func dated(_ values: [Double]) -> [JSONValue] {
    zip(series.stamps, values).map { .array([.string($0.description), .number($1)]) }
  }

  private static func record(_ year: YearlyMetrics) -> JSONValue {
    let metrics = year.metrics
    return .array([
      .string(String(year.year)), .number(metrics.pnl), .number(metrics.bookSize),
      .integer(Int(metrics.longCount.rounded())), .integer(Int(metrics.shortCount.rounded())),
      .number(metrics.turnover), .number(metrics.sharpe), .number(metrics.returns),
      .number(metrics.drawdown), .number(metrics.margin), .number(metrics.fitness),
      .string(year.stage.rawValue),
    ])
  }
}

/// A column of a recordset's schema.
private struct Column {
  var name: String
  var title: String
  var type: String

  init(_ name: String, _ title: String, _ type: String) {
    self.name = name
    self.title = title
    self.type = type
  }

  static let date = Column("date", "Date", "date")

  static let yearly = [
    Column("year", "Year", "year"), Column("pnl", "PnL", "amount"),
    Column("bookSize", "Book Size", "amount"), Column("longCount", "Long Count", "integer"),
    Column("shortCount", "Short Count", "integer"), Column("turnover", "Turnover", "percent"),
    Column("sharpe", "Sharpe", "decimal"), Column("returns", "Returns", "percent"),
    Column("drawdown", "Drawdown", "percent"), Column("margin", "Margin", "permyriad"),
    Column("fitness", "Fitness", "decimal"), Column("stage", "Stage", "string"),
  ]

  var json: JSONValue {
    ["name": .string(name), "title": .string(title), "type": .string(type)]
  }
}
