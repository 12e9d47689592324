import AlphaLanguage
package import Backtesting
package import Essentials
package import Markets

/// What every instance of a world held and earned over a panel, worked out once.
///
/// All formulas are evaluated together: equal subformulas are computed once, instances of one
/// formula share its book, and each side is a ``SideLeg`` of it. What a formula says at a row depends
/// on that row and earlier ones alone, so the evidence as of an instant is a prefix of the evidence
/// of the whole panel, bit for bit.
///
/// Row 0 of the panel earns nothing, so the record of an instance has a row for each later row of the
/// panel, in order. Memory: a double for each row, instrument and distinct formula.
package struct InstanceBench: Sendable {
  package let panel: Panel
  package let settings: SimulationSettings
  package let instances: [BenchInstance]
  /// When each row of the panel is complete.
  package let ends: [Timestamp]

  private let frame: MarketFrame
  /// The book of each distinct formula.
  private let books: [BookHistory]
  /// The book of each instance.
  private let bookOfInstance: [Int]
  private let legs: [SideLeg]
  private let records: [EvidenceSeries]
  private let symbols: ExposureClasses
  private let sectors: ExposureClasses?
  private let venues: ExposureClasses?

  /// Evaluates the instances' formulas over the whole panel.
  package init(
    panel: Panel, settings: SimulationSettings, instances: [BenchInstance]
  ) throws {
    frame = try MarketFrame(panel: panel, settings: settings)
    self.panel = panel
    self.settings = settings
    self.instances = instances
    symbols = ExposureClasses(instruments: panel.instruments)
    sectors = panel.group("sector").map(ExposureClasses.init)
    venues = (panel.group("exchange") ?? panel.group("market")).map(ExposureClasses.init)
    let axis = panel.axis
    let ends = (0..<axis.count).map { axis.end(ofRow: $0) }
    self.ends = ends

    var formulas: [CheckedFormula] = []
    var places: [Fingerprint: Int] = [:]
    bookOfInstance = try instances.map { instance in
      try Self.check(instance, on: panel)
      if let place = places[instance.formula.fingerprint] { return place }
      places[instance.formula.fingerprint] = formulas.count
      formulas.append(instance.formula)
      return formulas.count - 1
    }
    legs = try instances.map { instance in
      SideLeg(
        side: instance.side, columns: panel.columns,
        selection: try Self.columns(of: instance, on: panel), costRate: settings.costRate)
    }
    books = Self.books(of: formulas, frame: frame)
    let books = books
    records = zip(legs, bookOfInstance).map { books[$1].series(of: $0, ends: ends) }
  }

  private static func check(_ instance: BenchInstance, on panel: Panel) throws(BenchRefusal) {
    for field in instance.formula.fields where panel.fields[field] == nil {
      throw .unknownField(
        instance: instance.id, field: field,
        nearest: nearestName(to: field, among: panel.fields.keys.sorted()))
    }
  }

  private static func columns(
    of instance: BenchInstance, on panel: Panel
  ) throws(BenchRefusal) -> [Int]? {
    guard let symbols = instance.symbols else { return nil }
    guard !symbols.isEmpty else { throw .noSymbols(instance: instance.id) }
    let known = panel.instruments.map(\.symbol)
    var columns: [Int] = []
    for symbol in symbols {
      guard let column = known.firstIndex(of: symbol) else {
        throw .unknownSymbol(
          instance: instance.id, symbol: symbol, nearest: nearestName(to: symbol, among: known))
      }
      columns.append(column)
    }
    return columns
  }

  /// Streams the panel through all formulas at once, each filling its book.
  private static func books(of formulas: [CheckedFormula], frame: MarketFrame) -> [BookHistory] {
    let panel = frame.panel
    let membership = frame.membership()
    let evaluator = Evaluator(
      plan: EvaluationPlan(formulas.map(\.graph)), panel: panel,
      settings: EvaluationSettings(
        pasteurizes: frame.settings.pasteurization == .on,
        fillsMissing: frame.settings.nanHandling == .on))
    let books = formulas.map { _ in FormulaBook(frame: frame) }
    evaluator.advance(
      to: panel.rows, on: panel,
      universe: membership.members.allSatisfy { $0 != 0 } ? nil : membership
    ) { rows in
      books[rows.formula].advance(
        rows: rows.firstRow..<(rows.firstRow + rows.count), alpha: rows.values,
        stride: rows.stride)
    }
    return books.map(\.history)
  }

  // MARK: - What is known at an instant

  /// The distinct formulas that were evaluated.
  package var formulaCount: Int { books.count }

  /// The last row that is complete at an instant; nil before the first is.
  package func row(asOf instant: Timestamp) -> Int? {
    let next = panel.axis.firstRow(
      notBefore: instant - panel.axis.interval + TimeSpan(milliseconds: 1))
    return next > 0 ? next - 1 : nil
  }

  /// The whole record of an instance: what to hand to ``StreamingEvidence`` bit by bit.
  package func series(_ instance: Int) -> EvidenceSeries { records[instance] }

  /// The record of an instance as it is known at an instant.
  package func evidence(_ instance: Int, asOf instant: Timestamp) -> EvidenceSeries {
    records[instance].prefix(asOf: instant)
  }

  /// The record of holding one instrument of the panel without costs, to measure betas against; nil
  /// where the panel does not have it.
  package func reference(_ symbol: String) -> EvidenceSeries? {
    panel.instruments.firstIndex { $0.symbol == symbol }
      .map { frame.reference(column: $0, ends: ends) }
  }

  /// The weights of all instruments that an instance wants to hold from the close of a row on, as
  /// shares of its equity, in the panel's order: they sum to 1 for a long side, to -1 for a short
  /// one, or are all zero.
  package func weights(_ instance: Int, row: Int) -> [Double] {
    books[bookOfInstance[instance]].withWeights(row: row) { legs[instance].weights(of: $0) }
  }

  /// The same by symbol, without instruments that are not held.
  package func targets(_ instance: Int, row: Int) -> [String: Double] {
    var targets: [String: Double] = [:]
    for (column, weight) in weights(instance, row: row).enumerated() where weight != 0 {
      targets[panel.instruments[column].symbol] = weight
    }
    return targets
  }

  /// The settings of evidence that fit the panel: its periods in a year and the length of its rows.
  package var evidenceSettings: EvidenceSettings {
    EvidenceSettings(annualise: panel.axis.periodsPerYear, interval: panel.axis.interval)
  }

  /// Rows that exposures are averaged over, so that a limit is not judged by one odd row.
  package static let exposureRows = 20

  /// What an instance held on average over the ``exposureRows`` latest rows up to `row`: each
  /// instrument's mean size as a share of all of them.
  package func exposure(_ instance: Int, row: Int) -> InstanceExposure {
    var sizes = [Double](repeating: 0, count: panel.columns)
    for past in max(0, row + 1 - Self.exposureRows)...row {
      for (column, weight) in weights(instance, row: past).enumerated() {
        sizes[column] += weight.magnitude
      }
    }
    return InstanceExposure(
      symbols: symbols.shares(of: sizes, row: row),
      sectors: sectors?.shares(of: sizes, row: row) ?? [],
      venues: venues?.shares(of: sizes, row: row) ?? [])
  }

  /// The days that volatility is taken over.
  package static let volatilityDays = 90

  /// The sample standard deviation of an instance's daily returns over the ``volatilityDays`` latest
  /// days of the calendar (some 60 days of trading) as of an instant; NaN below 20 days.
  package func dailyVolatility(_ instance: Int, asOf instant: Timestamp) -> Double {
    records[instance].dailyVolatility(over: .days(Self.volatilityDays), asOf: instant)
  }

  /// The time from the beginning of an instance's first valid row to an instant, zero without one.
  package func history(_ instance: Int, asOf instant: Timestamp) -> TimeSpan {
    guard let first = records[instance].rows.first(where: \.isPresent),
      first.instant <= instant
    else { return .zero }
    return instant - (first.instant - panel.axis.interval)
  }

  /// Whether an instance is past its warm-up at a row: its formula's look-back, and the decay of the
  /// settings, lie within the panel, and it has a valid row. A formula that depends on all of history
  /// is warm with its first valid row.
  package func isWarm(_ instance: Int, row: Int) -> Bool {
    let lookBack =
      switch instances[instance].formula.lookBack {
      case .rows(let count): count
      case .unbounded: 0
      }
    guard row >= lookBack + max(0, settings.decay - 1) else { return false }
    return records[instance].rows.first(where: \.isPresent).map { $0.instant <= ends[row] } ?? false
  }

  /// The correlations of what instances hold, before the sign of their sides: returns of short
  /// sides, after costs, are negated, so two that are short of the same move like two that are long
  /// of it.
  ///
  /// - Parameter minimumOverlap: rows that a pair must share.
  package func correlations(
    over window: EvidenceWindow, asOf instant: Timestamp, minimumOverlap: Int
  ) -> CorrelationMatrix {
    CorrelationMatrix(
      of: records, over: window, asOf: instant, signs: instances.map(\.side.sign),
      minimumOverlap: minimumOverlap)
  }
}
