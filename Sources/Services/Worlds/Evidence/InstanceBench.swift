import AlphaLanguage
package import Backtesting
package import Essentials
package import Markets

/// What every instance of a world held and earned over a panel, worked out once.
///
/// Instances of one formula share its book, and each side is a ``SideLeg`` of it. What a formula says
/// at a row depends on that row and earlier ones alone, so the evidence as of an instant is a prefix
/// of the evidence of the whole panel, bit for bit.
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
  /// The book of each instance.
  private let books: [BookHistory]
  private let legs: [SideLeg]
  private let records: [EvidenceSeries]
  private let symbols: ExposureClasses
  private let sectors: ExposureClasses?
  private let venues: ExposureClasses?

  /// Puts instances on the bench with the books of their formulas, which were made on one panel with
  /// one set of settings and have all rows of the panel.
  ///
  /// - Parameter books: one for each instance; panel and settings are those of the first.
  /// - Precondition: there is an instance, and ``check(_:on:)`` refuses none of them.
  package init(_ instances: [BenchInstance], with books: [BookHistory]) {
    precondition(
      !books.isEmpty && books.count == instances.count,
      "\(books.count) books for \(instances.count) instances")
    let frame = books[0].frame
    let panel = frame.panel
    self.frame = frame
    self.panel = panel
    settings = frame.settings
    self.instances = instances
    self.books = books
    symbols = ExposureClasses(instruments: panel.instruments)
    sectors = panel.group("sector").map(ExposureClasses.init)
    venues = (panel.group("exchange") ?? panel.group("market")).map(ExposureClasses.init)
    let axis = panel.axis
    let ends = (0..<axis.count).map { axis.end(ofRow: $0) }
    self.ends = ends
    var columns: [String: Int] = [:]
    for (column, instrument) in panel.instruments.enumerated() {
      columns[instrument.symbol] = column
    }
    let legs = instances.map { instance in
      SideLeg(
        side: instance.side, columns: panel.columns,
        selection: instance.symbols?.compactMap { columns[$0] },
        costRate: frame.settings.costRate)
    }
    self.legs = legs
    records = zip(books, legs).map { $0.series(of: $1, ends: ends) }
  }

  /// Refuses an instance that may hold nothing, or of which the panel lacks a symbol.
  package static func check(_ instance: BenchInstance, on panel: Panel) throws(BenchRefusal) {
    guard let symbols = instance.symbols else { return }
    guard !symbols.isEmpty else { throw .noSymbols(instance: instance.id) }
    let known = panel.instruments.map(\.symbol)
    if let symbol = symbols.first(where: { !known.contains($0) }) {
      throw .unknownSymbol(
        instance: instance.id, symbol: symbol, nearest: nearestName(to: symbol, among: known))
    }
  }

  // MARK: - What is known at an instant

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
    books[instance].withWeights(row: row) { legs[instance].weights(of: $0) }
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
