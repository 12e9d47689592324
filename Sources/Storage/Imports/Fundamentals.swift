internal import Essentials
internal import Markets

/// Annual reports, each visible from the day on which it can have been known.
///
/// ```
/// period end       + lag (90 days)                      next report visible, or period end + 548 days
///     |--- not visible ---|--------- held, row by row ---------|
/// ```
/// A large company files its annual report within 60 to 90 days of the end of its fiscal year (SEC
/// Form 10-K, General Instruction A). A table with a column `filing_date` or `available_date` says it
/// itself: the report is visible from the day after.
struct Fundamentals {
  struct Report {
    var periodEnd: CalendarDate
    var firstRow: Int
    /// The row from which the report is too old.
    var endRow: Int
    /// One value for each field of `present`.
    var values: [Double]
  }

  /// The fields that the table has.
  private(set) var present: [FundamentalField] = []
  /// The reports of each column in the order of their periods.
  private(set) var reports: [[Report]]
  private(set) var sources: [PanelProvenance.Source] = []
  private(set) var log = DefectLog()
  let lagDays: Int

  /// Days after the end of its period at which a report is too old: 18 months, so that a company
  /// which reports every year is never without one.
  static let expiryDays = 548

  init(columns: Int) {
    reports = Array(repeating: [], count: columns)
    lagDays = 0
  }

  init(path: String, axis: TimeAxis, symbols: [String], lagDays: Int) throws(ImportFailure) {
    reports = Array(repeating: [], count: symbols.count)
    self.lagDays = lagDays
    let numbers = Dictionary(uniqueKeysWithValues: zip(symbols, 0...))
    let table = try ImportTable(path: path)
    let reader = table.reader
    let found = try table.columns([
      ("ticker", ColumnNames.symbol),
      (
        "period_end",
        ["period_end", "period_ending", "fiscal_date_ending", "period", "fiscal_year_end"]
      ),
    ])
    let names = ColumnNames(reader.header)
    let available = names.position(of: [
      "available_date", "filing_date", "filed", "report_date", "accepted",
    ])
    var columns: [Int] = []
    for field in FundamentalField.all {
      guard let column = names.position(of: field.columns) else { continue }
      present.append(field)
      columns.append(column)
    }
    guard !present.isEmpty else {
      throw .wrongHeader(
        path: path, missing: ["any figure such as revenue, net_income, total_assets"],
        found: reader.header)
    }
    let shares = present.firstIndex { $0.name == FundamentalField.sharesOutstanding }
    while try table.next() {
      let periodEnd = try table.date(found[1])
      var visible = periodEnd.advanced(byDays: lagDays)
      if let available, !reader.bytes(available).isEmpty {
        visible = try table.date(available).advanced(byDays: 1)
        guard visible > periodEnd else {
          throw .invalidValue(
            reader.place(available), name: reader.header[available],
            text: reader.text(available), expected: "a day on or after the end of the period")
        }
      }
      guard let column = numbers[reader.text(found[0])] else { continue }
      guard !reports[column].contains(where: { $0.periodEnd == periodEnd }) else {
        throw .duplicateEntry(
          reader.place(found[0]), what: "the report of \(symbols[column]) for \(periodEnd)")
      }
      var values: [Double] = []
      for (field, column) in zip(present, columns) {
        let value = try table.decimal(column)
        values.append(field.sign == .reversed ? 0 - value : value)
      }
      if let shares, values[shares] <= 0 {
        log.add(
          kind: "impossible_shares", instrument: symbols[column], date: periodEnd.description,
          note: "shares outstanding \(values[shares])", handling: "Taken as missing.")
        values[shares] = .nan
      }
      reports[column].append(
        Report(
          periodEnd: periodEnd, firstRow: axis.firstRow(notBefore: Timestamp(startOf: visible)),
          endRow: axis.firstRow(
            notBefore: Timestamp(startOf: periodEnd.advanced(byDays: Self.expiryDays))),
          values: values))
    }
    for column in reports.indices { reports[column].sort { $0.periodEnd < $1.periodEnd } }
    sources = [try table.source()]
  }

  /// Returns the values of a field, by its position in `present`. In each row the latest period
  /// counts among the reports that are visible and not too old; where that report lacks the figure,
  /// the figure is missing.
  ///
  /// `rescale` states what a figure of a period is multiplied by in a row; splits need it.
  func values(
    of field: Int, axis: TimeAxis,
    rescale: ((_ column: Int, _ periodEnd: CalendarDate, _ row: CalendarDate) -> Double)? = nil
  ) -> [Double] {
    let columns = reports.count
    var values = [Double](repeating: .nan, count: axis.count * columns)
    for (column, reports) in reports.enumerated() {
      for (number, report) in reports.enumerated() {
        let next = reports[(number + 1)...].map(\.firstRow).min() ?? axis.count
        let end = min(report.endRow, next)
        for row in report.firstRow..<max(report.firstRow, end) {
          let scale = rescale?(column, report.periodEnd, axis.date(row)) ?? 1
          values[row * columns + column] = report.values[field] * scale
        }
      }
    }
    return values
  }

  /// The position of a field in `present`.
  func position(of name: String) -> Int? { present.firstIndex { $0.name == name } }
}
