package import Essentials
package import Markets

/// Everything that simulations of different formulas on one panel with one set of settings share:
/// universe, returns, classes, trade limits and samples, worked out once.
///
/// A frame is immutable and may be used by several threads. Memory: one double for each row and
/// instrument for returns; membership only where it changes; the same again for trade limits.
///
/// **Timing.** The value of a formula at row `t` is known at the close of `t`. The position made
/// from it is entered at that close and earns the return of row `t + 1`, from close to close.
/// Nothing later than row `t` takes part in the position: neither membership, nor tradability, nor
/// liquidity.
package struct MarketFrame: Sendable {
  package let panel: Panel
  package let settings: SimulationSettings
  /// The rows whose returns are earned and counted.
  package let sample: Range<Int>
  /// The part of the sample before the test period; nil without one.
  package let train: Range<Int>?
  package let test: Range<Int>?
  /// The calendar years of the sample with their rows, in order.
  package let years: [(year: Int, rows: Range<Int>)]
  package let warnings: [SimulationWarning]

  let returns: LaneRows
  let selection: UniverseSelection
  /// Added to alpha values: 0 for members that have a price and trade, NaN for all others.
  let admission: LaneRows
  /// How many instruments are admitted in each row.
  let admittedCounts: [Int]
  /// The most money by which a position may change in each row; nil without a limit.
  let tradeLimits: LaneRows?
  let groups: GroupRows?
  let sectors: GroupRows?

  /// The share of the mean traded value of 20 rows by which a position may change in a row where
  /// `maxTrade` is `ON`. BRAIN does not publish its own; a tenth is a usual ceiling for an order
  /// that should not move its market.
  package static let maxTradeShare = 0.1
  package static let maxTradeRows = 20

  package init(panel: Panel, settings: SimulationSettings) throws(SimulationRefusal) {
    try self.init(panel: panel, settings: settings, sharing: nil)
  }

  /// Returns the frame of the same panel under other settings. Returns, and the universe where it
  /// is the same, are shared, so a sweep over decay or neutralization costs next to nothing.
  package func revised(_ settings: SimulationSettings) throws(SimulationRefusal) -> MarketFrame {
    try MarketFrame(panel: panel, settings: settings, sharing: self)
  }

  private init(
    panel: Panel, settings: SimulationSettings, sharing other: MarketFrame?
  ) throws(SimulationRefusal) {
    try settings.validate()
    guard let closes = panel.matrix("close") else {
      throw .fieldMissing(name: "close", purpose: "every simulation", panel: panel.name)
    }
    let span = try SampleSpan(panel: panel, settings: settings)
    var warnings = span.warnings
    self.panel = panel
    self.settings = settings
    sample = span.sample
    train = span.train
    test = span.test
    years = span.years
    returns = other?.returns ?? Self.returns(panel: panel, closes: closes)
    if let other, other.settings.universe == settings.universe {
      selection = other.selection
      admission = other.admission
      admittedCounts = other.admittedCounts
    } else {
      selection = try UniverseSelection(
        panel: panel, universe: settings.universe, closes: closes)
      admission = Self.admission(panel: panel, closes: closes, members: selection.members)
      let admission = admission
      admittedCounts = (0..<panel.rows).map { row in
        (0..<panel.columns).reduce(0) {
          $0 + (admission.value(row: row, column: $1).isNaN ? 0 : 1)
        }
      }
    }
    switch settings.maxTrade {
    case .off: tradeLimits = nil
    case .on:
      guard let volumes = panel.matrix("volume") else {
        throw .fieldMissing(name: "volume", purpose: "maxTrade", panel: panel.name)
      }
      tradeLimits =
        other?.tradeLimits ?? Self.tradeLimits(panel: panel, closes: closes, volumes: volumes)
    }
    if let name = settings.neutralization.groupField {
      guard let group = panel.group(name) else {
        throw .fieldMissing(
          name: name, purpose: "the neutralization \(settings.neutralization.rawValue)",
          panel: panel.name)
      }
      groups = GroupRows(group, rows: panel.rows)
    } else {
      groups = nil
    }
    sectors =
      settings.visualization
      ? panel.group("sector").map { GroupRows($0, rows: panel.rows) } : nil
    if let largest = selection.memberCounts.max(), largest == 0 {
      warnings.append(
        SimulationWarning(
          code: "universe_empty",
          message: "The universe \(settings.universe) has no member in any row."))
    } else if settings.universe.hasPrefix("TOP"), panel.universes[settings.universe] == nil,
      let wanted = Int(settings.universe.dropFirst(3)), wanted > panel.columns
    {
      warnings.append(
        SimulationWarning(
          code: "universe_larger_than_panel",
          message: "The universe \(settings.universe) is larger than the panel, which has "
            + "\(panel.columns) instruments."
        ))
    }
    self.warnings = warnings
  }

  /// Returns the stamps of the rows that count, one for each number of a result's series.
  package var stamps: ArraySlice<Timestamp> { panel.axis.stamps[sample] }

  /// Rows in a day: 1 for trading days, 1440 for minutes. Turnover is stated per day.
  package var rowsPerDay: Double {
    switch panel.axis.spacing {
    case .tradingDay: 1
    case .bar(let seconds): 86_400 / Double(seconds)
    }
  }

  /// The mean size of the smaller universe as a share of that of the universe, over the rows of
  /// the sample in which the smaller one is known; nil where the panel has no volume.
  package var smallerUniverseShare: Double? {
    guard selection.smaller != nil else { return nil }
    var members = 0
    var smaller = 0
    for row in (sample.lowerBound - 1)..<(sample.upperBound - 1)
    where selection.smallerCounts[row] > 0 {
      members += selection.memberCounts[row]
      smaller += selection.smallerCounts[row]
    }
    return members == 0 ? nil : Double(smaller) / Double(members)
  }

  /// Returns who belongs to the universe, for operators that must not see anybody else.
  package func membership() -> MembershipColumn {
    var bytes = [UInt8](repeating: 0, count: panel.rows * panel.columns)
    for row in 0..<panel.rows {
      for column in 0..<panel.columns
      where selection.members.value(row: row, column: column) != 0 {
        bytes[row * panel.columns + column] = 1
      }
    }
    return MembershipColumn(rows: panel.rows, columns: panel.columns, members: bytes)
  }

  // MARK: - What is worked out once

  /// The field `returns` where the panel brings it, otherwise close over the close one row before
  /// less 1. Missing where either is missing or the earlier one is not positive.
  private static func returns(panel: Panel, closes: MatrixColumn) -> LaneRows {
    let columns = panel.columns
    if let given = panel.matrix("returns") {
      return LaneRows(rows: panel.rows, columns: columns, padding: .nan) { row, target in
        given.copy(rows: row..<row + 1, to: target)
      }
    }
    var before = [Double](repeating: .nan, count: columns)
    return LaneRows(rows: panel.rows, columns: columns, padding: .nan) { row, target in
      closes.copy(rows: row..<row + 1, to: target)
      for column in 0..<columns {
        let close = target[column]
        let ratio = close / before[column] - 1
        target[column] = before[column] > 0 && ratio.isFinite ? ratio : .nan
        before[column] = close
      }
    }
  }

  private static func admission(
    panel: Panel, closes: MatrixColumn, members: LaneRows
  ) -> LaneRows {
    let columns = panel.columns
    let volumes = panel.matrix("volume")
    var volumeRow = [Double](repeating: 1, count: columns)
    return LaneRows(rows: panel.rows, columns: columns, padding: .nan) { row, target in
      closes.copy(rows: row..<row + 1, to: target)
      volumeRow.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { volumes?.copy(rows: row..<row + 1, to: base) }
      }
      for column in 0..<columns {
        let trades = target[column] > 0 && volumeRow[column] > 0
        target[column] = trades && members.value(row: row, column: column) != 0 ? 0 : .nan
      }
    }
  }

  /// A share of the mean traded value of the last rows, this one included; 0 where the instrument
  /// does not trade in this row, so that its position stays as it is.
  private static func tradeLimits(
    panel: Panel, closes: MatrixColumn, volumes: MatrixColumn
  ) -> LaneRows {
    let columns = panel.columns
    var traded = [Double](repeating: .nan, count: maxTradeRows * columns)
    var volumeRow = [Double](repeating: .nan, count: columns)
    return LaneRows(rows: panel.rows, columns: columns, padding: 0) { row, target in
      closes.copy(rows: row..<row + 1, to: target)
      volumeRow.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { volumes.copy(rows: row..<row + 1, to: base) }
      }
      let slot = row % maxTradeRows * columns
      for column in 0..<columns {
        let value = target[column] * volumeRow[column]
        traded[slot + column] = value.isFinite ? value : .nan
        var sum = 0.0
        var count = 0.0
        for age in 0..<min(maxTradeRows, row + 1) {
          let past = traded[(row - age) % maxTradeRows * columns + column]
          if !past.isNaN {
            sum += past
            count += 1
          }
        }
        target[column] = value > 0 ? maxTradeShare * sum / count : 0
      }
    }
  }
}

/// Something a reader of a result should know although nothing failed.
package struct SimulationWarning: Hashable, Sendable {
  /// A stable snake_case key.
  package var code: String
  package var message: String

  package init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

/// Which rows count, and how they are divided.
private struct SampleSpan {
  var sample: Range<Int>
  var train: Range<Int>?
  var test: Range<Int>?
  var years: [(year: Int, rows: Range<Int>)] = []
  var warnings: [SimulationWarning] = []

  init(panel: Panel, settings: SimulationSettings) throws(SimulationRefusal) {
    let axis = panel.axis
    // Row 0 earns nothing: nobody could enter a position before it.
    let first = settings.startDate.map { axis.firstRow(notBefore: Timestamp(startOf: $0)) } ?? 0
    let start = max(1, first)
    let end =
      settings.endDate.map { axis.firstRow(notBefore: Timestamp(startOf: $0.advanced(byDays: 1))) }
      ?? axis.count
    guard end - start >= 2 else {
      throw .sampleEmpty(
        panel: panel.name,
        first: settings.startDate?.description ?? axis.stamps.first?.description ?? "its start",
        last: settings.endDate?.description ?? axis.stamps.last?.description ?? "its end")
    }
    sample = start..<end
    if !settings.testPeriod.isEmpty {
      let lastTrainDay = settings.testPeriod.before(axis.date(end - 1))
      let split = axis.firstRow(notBefore: Timestamp(startOf: lastTrainDay.advanced(byDays: 1)))
      guard split > start, split < end else {
        throw .testPeriodCoversSample(
          period: settings.testPeriod.description, first: axis.stamps[start].description,
          last: axis.stamps[end - 1].description)
      }
      train = start..<split
      test = split..<end
    }
    var row = start
    while row < end {
      let year = axis.date(row).year
      let next: Int
      if let newYear = CalendarDate(year: year + 1, month: 1, day: 1) {
        next = min(end, axis.firstRow(notBefore: Timestamp(startOf: newYear)))
      } else {
        next = end
      }
      years.append((year, row..<next))
      row = next
    }
    if settings.delay == 0 {
      warnings.append(
        SimulationWarning(
          code: "delay_zero_earns_next_row",
          message: "A row of the panel is known only at its close, so delay 0 earns the return "
            + "of the next row, as delay 1 does, and only its limits are stricter."
        ))
    }
  }
}
