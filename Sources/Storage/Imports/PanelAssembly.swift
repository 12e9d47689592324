internal import Essentials
internal import Markets

/// Derives the fields of a panel from bars and what goes with them, and writes them one by one, so
/// that only the bars and one field are in memory at a time.
struct PanelAssembly {
  /// The edition of what is derived and how; a change of it makes stored panels out of date.
  static let derivation = 1

  var grid: BarGrid
  var actions: CorporateActions
  var unknownReturns: Set<Int> = []
  var instruments = InstrumentTable()
  var fundamentals: Fundamentals
  var funding: HeldSeries?
  var marks: HeldSeries?
  /// Whether open, high, low, close and vwap are adjusted for dividends and splits.
  var isAdjusted: Bool
  /// The single class of the field `market`, where the instruments name none.
  var marketLabel: String

  private var rows: Int { grid.rows }
  private var columns: Int { grid.columns }

  init(grid: BarGrid, isAdjusted: Bool, marketLabel: String) {
    self.grid = grid
    self.isAdjusted = isAdjusted
    self.marketLabel = marketLabel
    actions = CorporateActions(columns: grid.columns)
    fundamentals = Fundamentals(columns: grid.columns)
  }

  var panelInstruments: [Instrument] {
    grid.symbols.map { Instrument(symbol: $0, name: instruments.names[$0] ?? "") }
  }

  /// Writes everything; the writer is left for the caller to commit.
  func write(to writer: PanelWriter, meter: ImportMeter) throws(StoreFailure) {
    var sink = FieldSink(writer: writer, meter: meter, rows: rows, columns: columns)
    sink.scalar = grid.scalar
    let hasVWAP = !grid.vwap.isEmpty
    let rawVWAP =
      hasVWAP
      ? grid.vwap
      : DerivedFields.typicalPrice(high: grid.high, low: grid.low, close: grid.close)
    try writePrices(&sink, rawVWAP: rawVWAP, hasVWAP: hasVWAP)
    if !grid.volume.isEmpty { try writeVolumes(&sink, rawVWAP: rawVWAP) }
    try writeGroups(&sink)
    try writeEvents(&sink)
    try writeFundamentals(&sink)
    try writePerpetuals(&sink)
    try writeUniverses(writer)
  }

  // MARK: - Bars

  private func writePrices(
    _ sink: inout FieldSink, rawVWAP: [Double], hasVWAP: Bool
  ) throws(StoreFailure) {
    let vwapText =
      hasVWAP ? "Volume-weighted price" : "Typical price (high + low + close) / 3"
    guard isAdjusted else {
      try sink.add("open", .price, "Open, as traded.", grid.open)
      try sink.add("high", .price, "High, as traded.", grid.high)
      try sink.add("low", .price, "Low, as traded.", grid.low)
      try sink.add("close", .price, "Close, as traded.", grid.close)
      try sink.add("vwap", .price, "\(vwapText), as traded.", rawVWAP)
      try writeReturns(&sink, close: grid.close)
      return
    }
    let unanchored =
      grid.factor.isEmpty
      ? actions.impliedFactors(closes: grid.close, rows: rows) : grid.factor
    let factors = DerivedFields.anchored(unanchored, close: grid.close, columns: columns)
    let how =
      "adjusted for dividends and splits up to the end of the panel; "
      + "its level depends on later events, its changes do not"
    let prices: [(String, String, [Double])] = [
      ("open", "Open", grid.open), ("high", "High", grid.high), ("low", "Low", grid.low),
      ("vwap", vwapText, rawVWAP),
    ]
    for (name, text, values) in prices {
      try sink.add(name, .price, "\(text), \(how).", DerivedFields.product(values, factors))
    }
    let close = DerivedFields.product(grid.close, factors)
    try sink.add("close", .price, "Close, \(how).", close)
    try writeReturns(&sink, close: close)
    for (name, values) in [
      ("open", grid.open), ("high", grid.high), ("low", grid.low), ("close", grid.close),
    ] {
      try sink.add("raw_\(name)", .price, "The \(name) as it was traded on the day.", values)
    }
  }

  private func writeReturns(_ sink: inout FieldSink, close: [Double]) throws(StoreFailure) {
    var returns = DerivedFields.returns(close: close, columns: columns)
    for cell in unknownReturns { returns[cell] = .nan }
    try sink.add(
      "returns", .dimensionless,
      "Close over the last close before it, minus 1; total return where prices are adjusted.",
      returns)
  }

  private func writeVolumes(_ sink: inout FieldSink, rawVWAP: [Double]) throws(StoreFailure) {
    let hasSplits = actions.events.contains { $0.contains { $0.split != 1 } }
    var volume = grid.volume
    if isAdjusted, hasSplits {
      volume = DerivedFields.product(grid.volume, actions.shareFactors(rows: rows))
      try sink.add(
        "raw_volume", .share, "Shares or contracts as they were traded on the day.", grid.volume)
    }
    let text =
      isAdjusted && hasSplits
      ? "Shares traded, multiplied by all later splits so that splits do not break it."
      : "Shares or contracts traded, as reported."
    try sink.add("volume", .share, text, volume)
    for window in [20, 60] {
      try sink.add(
        "adv\(window)", .share,
        "Mean volume of the last \(window) rows, the row included; at least half must be there.",
        DerivedFields.rollingMean(volume, columns: columns, window: window))
    }
    let money = DerivedFields.product(grid.volume, rawVWAP)
    try sink.add(
      "dollar_volume", .money, "Money traded: volume times vwap, both as traded.", money)
    try sink.add(
      "dollar_adv20", .money,
      "Mean dollar_volume of the last 20 rows; at least half must be there.",
      DerivedFields.rollingMean(money, columns: columns, window: 20))
  }

  // MARK: - Groups and universes

  private func writeGroups(_ sink: inout FieldSink) throws(StoreFailure) {
    let market =
      instruments.group("market", symbols: grid.symbols)
      ?? InstrumentTable.column(grid.symbols.map { _ in marketLabel })
    try sink.add("market", "The market; one class for all where none is given.", market)
    for (name, _) in InstrumentTable.groupings where name != "market" {
      if let column = instruments.group(name, symbols: grid.symbols) {
        try sink.add(name, "The \(name) of the instrument; fixed over time.", column)
      } else if name == "industry", let classes = instruments.classes["subindustry"] {
        let industries = grid.symbols.map { symbol in
          classes[symbol].map {
            IndustryClassification.industry(ofSubIndustry: $0) ?? $0
          }
        }
        try sink.add(
          name,
          "GICS industry of the sub-industry; a sub-industry that GICS lacks stands for itself.",
          InstrumentTable.column(industries))
      }
    }
  }

  private func writeUniverses(_ writer: PanelWriter) throws(StoreFailure) {
    var tradable = [UInt8](repeating: 0, count: rows * columns)
    for i in tradable.indices {
      let hasBar = !grid.close[i].isNaN
      // Without volumes a bar is all that shows that somebody traded.
      tradable[i] = hasBar && (grid.volume.isEmpty || grid.volume[i] > 0) ? 1 : 0
    }
    try writer.add(
      universe: "tradable", summary: "There is a bar, and something was traded in it.",
      MembershipColumn(rows: rows, columns: columns, members: tradable))
    for universe in instruments.spans.keys.sorted() {
      try writer.add(
        universe: universe, summary: "Member on the day, from dated spans.",
        instruments.membership(universe, axis: grid.axis, symbols: grid.symbols))
    }
  }

  // MARK: - Events and reports

  private func writeEvents(_ sink: inout FieldSink) throws(StoreFailure) {
    guard !actions.isEmpty else { return }
    var dividends: [(cell: Int, value: Double)] = []
    var splits: [(cell: Int, value: Double)] = []
    for (column, events) in actions.events.enumerated() {
      for event in events {
        let cell = event.row * columns + column
        if event.dividend > 0 { dividends.append((cell, event.dividend)) }
        if event.split != 1 { splits.append((cell, event.split)) }
      }
    }
    try sink.add(
      "dividend_events", .price, "Dividends per share as paid, on their ex-dates.",
      vectorColumn(rows: rows, columns: columns, events: dividends))
    try sink.add(
      "split_events", .dimensionless, "New shares for each old one, on the ex-dates of splits.",
      vectorColumn(rows: rows, columns: columns, events: splits))
  }

  private func writeFundamentals(_ sink: inout FieldSink) throws(StoreFailure) {
    let timing =
      "from annual reports, visible \(fundamentals.lagDays) days after the end of the period "
      + "(or the day after a stated filing), held until the next, at most 18 months after the period"
    for (number, field) in fundamentals.present.enumerated() {
      var values: [Double]
      switch field.name {
      case FundamentalField.sharesOutstanding:
        values = fundamentals.values(of: number, axis: grid.axis) {
          actions.splits($0, after: $1, through: $2)
        }
        let capitalization = DerivedFields.product(values, grid.close)
        try sink.add(
          "cap", .money, "Close as traded times sharesout.", capitalization)
      case FundamentalField.earningsPerShare:
        values = fundamentals.values(of: number, axis: grid.axis) {
          1 / actions.splits($0, after: $1, through: $2)
        }
      default: values = fundamentals.values(of: number, axis: grid.axis)
      }
      try sink.add(field.name, field.unit, "\(field.meaning), \(timing).", values)
    }
    let combinations: [(String, String, String, String, Double)] = [
      ("debt", "Long-term plus short-term debt", "debt_lt", "debt_st", 1),
      ("ebitda", "Ebit plus depreciation", "ebit", "depre_amort", 1),
      (
        "working_capital", "Current assets minus current liabilities", "assets_curr",
        "liabilities_curr", -1
      ),
    ]
    for (name, meaning, first, second, sign) in combinations {
      guard let first = fundamentals.position(of: first),
        let second = fundamentals.position(of: second)
      else { continue }
      var values = fundamentals.values(of: first, axis: grid.axis)
      let others = fundamentals.values(of: second, axis: grid.axis)
      for i in values.indices { values[i] += sign * others[i] }
      try sink.add(name, .money, "\(meaning), \(timing).", values)
    }
  }

  private func writePerpetuals(_ sink: inout FieldSink) throws(StoreFailure) {
    if let funding {
      try sink.add(
        "funding_rate", .dimensionless,
        "The last settled funding rate; longs pay it to shorts where it is positive.",
        funding.held(on: grid.axis)[0])
      try sink.add(
        "funding_events", .dimensionless, "Funding rates in the rows in which they were settled.",
        funding.events(on: grid.axis))
    }
    if let marks {
      for (name, values) in zip(marks.names, marks.held(on: grid.axis)) {
        try sink.add(
          name, .price,
          "The \(name.dropFirst(5)) of the last completed \(marks.step / 3_600_000)-hour mark bar.",
          values)
      }
    }
  }
}

/// Turns arrays into described fields and hands them to the writer.
private struct FieldSink {
  let writer: PanelWriter
  let meter: ImportMeter
  let rows: Int
  let columns: Int
  var scalar = MatrixColumn.Scalar.float64

  init(writer: PanelWriter, meter: ImportMeter, rows: Int, columns: Int) {
    self.writer = writer
    self.meter = meter
    self.rows = rows
    self.columns = columns
  }

  func add(
    _ name: String, _ unit: MeasureUnit, _ summary: String, _ values: [Double]
  ) throws(StoreFailure) {
    // A sum or a product of huge figures may have left the range of the format: it is missing.
    let column: MatrixColumn
    switch scalar {
    case .float64:
      let finite = values.map { $0.isFinite ? $0 : .nan }
      column = MatrixColumn(rows: rows, columns: columns, values: finite)
    case .float32:
      let finite = values.map { value in
        let single = Float(value)
        return single.isFinite ? single : .nan
      }
      column = MatrixColumn(rows: rows, columns: columns, singles: finite)
    }
    try add(
      FieldDescription(name: name, kind: .matrix, unit: unit, summary: summary), .matrix(column))
  }

  func add(
    _ name: String, _ unit: MeasureUnit, _ summary: String, _ column: VectorColumn
  ) throws(StoreFailure) {
    try add(
      FieldDescription(name: name, kind: .vector, unit: unit, summary: summary), .vector(column))
  }

  func add(_ name: String, _ summary: String, _ column: GroupColumn) throws(StoreFailure) {
    try add(FieldDescription(name: name, kind: .group, summary: summary), .group(column))
  }

  private func add(
    _ description: FieldDescription, _ values: PanelField.Values
  ) throws(StoreFailure) {
    meter.writes(description.name)
    try writer.add(PanelField(description: description, values: values))
  }
}
