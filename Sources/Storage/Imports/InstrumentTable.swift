internal import Essentials
internal import Markets

/// Names, groups and memberships of the instruments of a panel, read from one row for each.
///
/// Columns: `ticker`; `name`; any of `market`, `exchange`, `country`, `currency`, `sector`,
/// `industry`, `subindustry` (or `sub_industry`); any number of `<universe>_spans` such as
/// `sp500_spans` with `2001-05-01..2004-02-29;2010-01-04..`, where a span ends before its last date.
struct InstrumentTable {
  private(set) var names: [String: String] = [:]
  /// For each grouping the class of each symbol.
  private(set) var classes: [String: [String: String]] = [:]
  /// For each universe the spans of each symbol.
  private(set) var spans: [String: [String: [Span]]] = [:]
  private(set) var sources: [PanelProvenance.Source] = []

  /// A half-open stretch of days; without an end it lasts.
  struct Span {
    var start: CalendarDate
    var end: CalendarDate?
  }

  static let groupings: [(name: String, names: [String])] = [
    ("market", ["market"]), ("exchange", ["exchange"]), ("country", ["country"]),
    ("currency", ["currency"]), ("sector", ["sector", "gics_sector"]),
    ("industry", ["industry", "gics_industry"]),
    ("subindustry", ["subindustry", "sub_industry", "gics_sub_industry"]),
  ]

  init() {}

  init(path: String) throws(ImportFailure) {
    let table = try ImportTable(path: path)
    let reader = table.reader
    let symbolColumn = try table.columns([("ticker", ColumnNames.symbol)])[0]
    let columns = ColumnNames(reader.header)
    let nameColumn = columns.position(of: ["name", "security", "company", "security_name"])
    let groupColumns = Self.groupings.compactMap { grouping in
      columns.position(of: grouping.names).map { (grouping.name, $0) }
    }
    let spanColumns = columns.columns(endingIn: "_spans")
    var seen: Set<String> = []
    while try table.next() {
      let symbol = reader.text(symbolColumn)
      guard seen.insert(symbol).inserted else {
        throw .duplicateEntry(reader.place(symbolColumn), what: "the instrument \(symbol)")
      }
      if let nameColumn { names[symbol] = reader.text(nameColumn) }
      for (grouping, column) in groupColumns where !reader.bytes(column).isEmpty {
        classes[grouping, default: [:]][symbol] = reader.text(column)
      }
      for (universe, column) in spanColumns {
        spans[universe, default: [:]][symbol] = try Self.spans(reader, column)
      }
    }
    sources = [try table.source()]
  }

  /// Adds the memberships of a table with columns `ticker`, `start_date`, `end_date`.
  mutating func addMemberships(path: String, universe: String) throws(ImportFailure) {
    let table = try ImportTable(path: path)
    let reader = table.reader
    let columns = try table.columns([
      ("ticker", ColumnNames.symbol), ("start_date", ["start_date", "start", "from"]),
      ("end_date", ["end_date", "end", "to", "until"]),
    ])
    var found: [String: [Span]] = [:]
    while try table.next() {
      let end = reader.bytes(columns[2]).isEmpty ? nil : try table.date(columns[2])
      found[reader.text(columns[0]), default: []].append(
        Span(start: try table.date(columns[1]), end: end))
    }
    spans[universe] = found
    sources.append(try table.source())
  }

  /// Returns the grouping as a column; instruments without a class have code -1. Labels ascend.
  func group(_ grouping: String, symbols: [String]) -> GroupColumn? {
    guard let classes = classes[grouping] else { return nil }
    return Self.column(symbols.map { classes[$0] })
  }

  /// Returns a column of classes; nil is not known. Labels ascend.
  static func column(_ classes: [String?]) -> GroupColumn {
    let labels = Set(classes.compactMap { $0 }).sorted()
    let codes = Dictionary(uniqueKeysWithValues: zip(labels, Int32(0)...))
    return GroupColumn(
      labels: labels, columns: classes.count,
      codes: classes.map { $0.flatMap { codes[$0] } ?? -1 })
  }

  /// Returns who belongs to the universe on the day of each row.
  func membership(_ universe: String, axis: TimeAxis, symbols: [String]) -> MembershipColumn {
    var members = [UInt8](repeating: 0, count: axis.count * symbols.count)
    for (column, symbol) in symbols.enumerated() {
      for span in spans[universe]?[symbol] ?? [] {
        let first = axis.firstRow(notBefore: Timestamp(startOf: span.start))
        let end = span.end.map { axis.firstRow(notBefore: Timestamp(startOf: $0)) } ?? axis.count
        for row in first..<max(first, end) { members[row * symbols.count + column] = 1 }
      }
    }
    return MembershipColumn(rows: axis.count, columns: symbols.count, members: members)
  }

  /// Reads `start..end;start..`.
  private static func spans(_ reader: CSVReader, _ column: Int) throws(ImportFailure) -> [Span] {
    let text = reader.text(column)
    var spans: [Span] = []
    for part in text.split(separator: ";") {
      let bytes = Array(part.utf8)
      let isShaped =
        (bytes.count == 12 || bytes.count == 22) && bytes[10] == UInt8(ascii: ".")
        && bytes[11] == UInt8(ascii: ".")
      guard isShaped, let start = CalendarDate(part.prefix(10)) else {
        throw invalidSpan(reader, column, text)
      }
      if bytes.count == 12 {
        spans.append(Span(start: start, end: nil))
      } else if let end = CalendarDate(part.suffix(10)), end > start {
        spans.append(Span(start: start, end: end))
      } else {
        throw invalidSpan(reader, column, text)
      }
    }
    return spans
  }

  private static func invalidSpan(
    _ reader: CSVReader, _ column: Int, _ text: String
  ) -> ImportFailure {
    .invalidValue(
      reader.place(column), name: reader.header[column], text: text,
      expected: "a list of spans like 2001-05-01..2004-02-29;2010-01-04..")
  }
}
