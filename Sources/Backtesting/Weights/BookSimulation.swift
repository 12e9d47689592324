import Markets
import Mathematics

/// Turns the values of one formula, fed row by row, into weights, positions and profit.
///
/// For each row, with `StepOrder.neutralizeLast`:
///
/// 1. *Pasteurize.* Values of instruments that are not in the universe, have no price or do not
///    trade are missing. With `pasteurization` off they still enter the decay, never the book.
/// 2. *Decay.* `LinearDecay` over the values; a missing one counts as zero, a window without any
///    value stays missing. With `nanHandling` on, an admitted instrument without a value has 0.
/// 3. *Truncate.* Values are clipped at the one size `c` at which the largest is the share
///    `truncation` of the sum of sizes after clipping. Where fewer than `1 / truncation`
///    instruments have a value no sizes reach that; such rows stay as they are and are counted in
///    a warning.
/// 4. *Neutralize.* The mean of each class is subtracted; instruments of no known class form one.
///    A difference below 1e-13 of its operands is rounding and counts as zero.
/// 5. *Scale.* The sizes of the weights sum to 1; a row whose values are all zero or missing holds
///    nothing. Weights times the book size are the positions.
/// 6. *Trade.* The position of the row before is changed to the new one at the close; it does not
///    drift with prices in between, so turnover is the change of the weights. With `maxTrade` the
///    change of each position is limited to `MarketFrame.maxTradeShare` of its mean traded value,
///    and an instrument that does not trade keeps its position; otherwise it is closed.
/// 7. *Earn.* Each position earns the next row's return on a book of constant size. A position
///    without a return earns 0 and is counted as unpriced.
///
/// All memory is taken when the simulation is made; `reset` makes it ready for the next formula.
/// Cost: a few nanoseconds for each value. Sums have one fixed order, so the same inputs give the
/// same bits.
package struct BookSimulation: ~Copyable {
  package let frame: MarketFrame
  private let columns: Int
  private let lanes: Int
  private let order: SimulationSettings.StepOrder
  private let isMarketNeutral: Bool
  private let pasteurizes: Bool
  private let fillsMissing: Bool
  private let decays: Bool
  private let truncation: Double
  private let bookSize: Double
  private let costRate: Double
  /// The row in work: values with 0 for missing, and 1 or 0 for present or missing.
  private let values: UnsafeMutablePointer<Lanes>
  private let present: UnsafeMutablePointer<Lanes>
  private let positions: UnsafeMutablePointer<Lanes>
  /// Sum and count of each class, in four interleaved banks.
  private let classSums: UnsafeMutablePointer<SIMD2<Double>>
  private let records: UnsafeMutablePointer<RowRecord>
  private let sectorExposure: UnsafeMutablePointer<Double>
  private let sectorCount: Int
  private var decay: LinearDecay
  private var nextRow: Int?
  private var unlimitedRows = 0

  package init(frame: MarketFrame) {
    self.frame = frame
    let settings = frame.settings
    columns = frame.panel.columns
    lanes = (columns + 7) / 8
    order = settings.stepOrder
    isMarketNeutral = settings.neutralization == .market
    pasteurizes = settings.pasteurization == .on
    fillsMissing = settings.nanHandling == .on
    decays = settings.decay > 1
    truncation = settings.truncation
    bookSize = settings.bookSize
    costRate = settings.costRate
    values = .allocate(capacity: lanes)
    present = .allocate(capacity: lanes)
    positions = .allocate(capacity: lanes)
    classSums = .allocate(capacity: 4 * (frame.groups?.classes ?? 1))
    records = .allocate(capacity: frame.sample.count)
    sectorCount = frame.sectors?.classes ?? 0
    sectorExposure = .allocate(capacity: max(1, sectorCount * frame.sample.count))
    decay = LinearDecay(window: max(1, settings.decay), lanes: lanes)
    values.initialize(repeating: Lanes(), count: lanes)
    present.initialize(repeating: Lanes(), count: lanes)
    positions.initialize(repeating: Lanes(), count: lanes)
    records.initialize(repeating: RowRecord(), count: frame.sample.count)
    sectorExposure.initialize(repeating: 0, count: max(1, sectorCount * frame.sample.count))
  }

  deinit {
    values.deallocate()
    present.deallocate()
    positions.deallocate()
    classSums.deallocate()
    records.deallocate()
    sectorExposure.deallocate()
  }

  /// Empties the book and forgets every row.
  package mutating func reset() {
    positions.update(repeating: Lanes(), count: lanes)
    records.update(repeating: RowRecord(), count: frame.sample.count)
    sectorExposure.update(repeating: 0, count: max(1, sectorCount * frame.sample.count))
    decay.reset()
    nextRow = nil
    unlimitedRows = 0
  }

  /// Takes the formula's values at the next rows, time-major, one for each instrument.
  ///
  /// Rows before the first that is handed in hold nothing; after it every row must come, in order.
  package mutating func advance(rows: Range<Int>, alpha: UnsafePointer<Double>) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= frame.panel.rows,
      "rows \(rows) of a panel of \(frame.panel.rows)")
    precondition(
      nextRow == nil || nextRow == rows.lowerBound,
      "rows \(rows) where \(nextRow ?? 0) comes next")
    nextRow = rows.upperBound
    // The value of row t sets the position that is held over row t + 1.
    for row in rows where row + 1 < frame.sample.upperBound {
      let covered = load(alpha + (row - rows.lowerBound) * columns, row: row)
      let size = weigh(row)
      settle(row: row, size: size, covered: covered)
    }
  }

  /// Takes the formula's values at the next row and writes the weights made from them, as shares of
  /// the book: steps 1 to 6 without the profit, so that the panel's last row has weights too.
  ///
  /// A simulation is fed by this function or by ``advance(rows:alpha:)``, not by both.
  package mutating func weigh(
    row: Int, alpha: UnsafePointer<Double>, into target: UnsafeMutablePointer<Double>
  ) {
    precondition(row >= 0 && row < frame.panel.rows, "row \(row) of \(frame.panel.rows)")
    precondition(nextRow == nil || nextRow == row, "row \(row) where \(nextRow ?? 0) comes next")
    nextRow = row + 1
    _ = load(alpha, row: row)
    let size = weigh(row)
    let factor = Lanes(repeating: size > 0 ? bookSize / size : 0)
    let limits = frame.tradeLimits?.row(row)
    for i in 0..<lanes {
      let before = positions[i]
      var position = values[i] * factor
      if let limits {
        position = position.larger(before - limits[i]).smaller(before + limits[i])
      }
      positions[i] = position
    }
    for column in 0..<columns { target[column] = positions[column / 8][column % 8] / bookSize }
  }

  // MARK: - From values to weights

  /// Copies a row into `values` and returns how many admitted instruments have a value.
  private func load(_ alpha: UnsafePointer<Double>, row: Int) -> Double {
    let admission = frame.admission.row(row)
    let source = UnsafeRawPointer(alpha)
    let whole = columns / 8
    let admitsAtOnce = pasteurizes || !decays
    var covered = Lanes()
    for i in 0..<lanes {
      var value: Lanes
      if i < whole {
        value = source.loadUnaligned(fromByteOffset: i * 64, as: Lanes.self)
      } else {
        value = Lanes(repeating: .nan)
        for lane in 0..<(columns - whole * 8) { value[lane] = alpha[whole * 8 + lane] }
      }
      // An infinite value is a missing one: infinity less itself is NaN.
      value.replace(with: .nan, where: (value - value) .!= 0)
      let admitted = value + admission[i]
      covered += Lanes.ones(where: admitted .== admitted)
      values[i] = admitsAtOnce ? admitted : value
    }
    return covered.orderedSum
  }

  /// Makes weights of `values` and returns the sum of their sizes, to which they are yet to be
  /// scaled.
  private mutating func weigh(_ row: Int) -> Double {
    switch order {
    case .neutralizeLast:
      if decays { decay.push(values) }
      separate(row)
      truncate()
      return neutralize(row)
    case .truncateLast:
      if decays { decay.push(values) }
      separate(row)
      _ = neutralize(row)
      truncate()
      return totalSize()
    case .decayWeights:
      separate(row)
      let size = neutralize(row)
      if decays {
        let scale = Lanes(repeating: size > 0 ? 1 / size : 0)
        for i in 0..<lanes {
          values[i] = (values[i] * scale).replacing(with: .nan, where: present[i] .== 0)
        }
        decay.push(values)
        separate(row)
      }
      truncate()
      return totalSize()
    }
  }

  /// Admits `values`, and separates them into known values (0 for missing) and presence.
  private func separate(_ row: Int) {
    let admission = frame.admission.row(row)
    var largest = Lanes()
    for i in 0..<lanes {
      let value = values[i] + admission[i]
      let isMissing = (value - value) .!= 0
      let known = value.replacing(with: 0, where: isMissing)
      values[i] = known
      largest = known.magnitudes.larger(largest)
      present[i] =
        fillsMissing
        ? Lanes.ones(where: admission[i] .== 0)
        : Lanes(repeating: 1).replacing(with: 0, where: isMissing)
    }
    let size = largest.largest
    if size > 0, size < 0x1p-600 || size > 0x1p600 { bringWithinRange(size) }
  }

  /// Multiplies the row by a power of two, which changes no digit, so that sums neither overflow
  /// nor vanish.
  private func bringWithinRange(_ largest: Double) {
    let exponent = min(1000, -Int(largest.exponent))
    let scale = Lanes(repeating: Double(sign: .plus, exponent: exponent, significand: 1))
    for i in 0..<lanes { values[i] *= scale }
  }

  private func totalSize() -> Double {
    var size = Lanes()
    for i in 0..<lanes { size += values[i].magnitudes }
    return size.orderedSum
  }

  /// Clips the row so that no value exceeds the share `truncation` of the sum of sizes.
  ///
  /// The cap `c` solves `c = T * sum(min(|v|, c))`. With `k` values clipped and `rest` the sum of
  /// the others, `c = T * rest / (1 - k T)`; starting from `c = T * sum(|v|)` the set of clipped
  /// values only grows, so at most `1 / T` rounds are needed.
  private mutating func truncate() {
    guard truncation > 0, truncation < 1 else { return }
    var sums = Lanes()
    var largest = Lanes()
    for i in 0..<lanes {
      let size = values[i].magnitudes
      sums += size
      largest = size.larger(largest)
    }
    var cap = truncation * sums.orderedSum
    guard largest.largest > cap else { return }
    var clippedBefore = 0.0
    while cap > 0 {
      var rest = Lanes()
      var clipped = Lanes()
      let limit = Lanes(repeating: cap)
      for i in 0..<lanes {
        let size = values[i].magnitudes
        let isClipped = size .> limit
        rest += size.replacing(with: 0, where: isClipped)
        clipped += Lanes.ones(where: isClipped)
      }
      let count = clipped.orderedSum
      guard count > clippedBefore else { break }
      clippedBefore = count
      let remaining = 1 - count * truncation
      cap = remaining > 1e-12 ? truncation * rest.orderedSum / remaining : 0
    }
    if cap > 0 {
      let limit = Lanes(repeating: cap)
      for i in 0..<lanes {
        values[i] = values[i].smaller(limit).larger(-limit)
      }
    } else {
      equalize()
    }
  }

  /// Gives every value other than zero the size 1, where that is all the limit leaves room for.
  private mutating func equalize() {
    var count = Lanes()
    for i in 0..<lanes { count += Lanes.ones(where: values[i] .!= 0) }
    guard count.orderedSum * truncation > 1 - 1e-12 else {
      unlimitedRows += 1
      return
    }
    for i in 0..<lanes {
      values[i] = Lanes.ones(where: values[i] .> 0) - Lanes.ones(where: values[i] .< 0)
    }
  }

  /// Subtracts the mean of each class and returns the sum of the sizes that are left.
  private func neutralize(_ row: Int) -> Double {
    if isMarketNeutral { return neutralizeMarket() }
    guard let groups = frame.groups else { return totalSize() }
    let codes = groups.row(row)
    let classes = groups.classes
    classSums.initialize(repeating: SIMD2(), count: 4 * classes)
    // Four banks, so that neighbors of one class do not wait for each other.
    values.withMemoryRebound(to: Double.self, capacity: lanes * 8) { value in
      present.withMemoryRebound(to: Double.self, capacity: lanes * 8) { presence in
        for i in stride(from: 0, to: lanes * 8, by: 4) {
          let (a, b, c, d) = (
            Int(codes[i]) * 4, Int(codes[i + 1]) * 4 + 1, Int(codes[i + 2]) * 4 + 2,
            Int(codes[i + 3]) * 4 + 3
          )
          classSums[a] += SIMD2(value[i], presence[i])
          classSums[b] += SIMD2(value[i + 1], presence[i + 1])
          classSums[c] += SIMD2(value[i + 2], presence[i + 2])
          classSums[d] += SIMD2(value[i + 3], presence[i + 3])
        }
      }
    }
    // The mean of a class takes the place of its first bank.
    for code in 0..<classes {
      let bank = classSums + code * 4
      let total = (bank[0] + bank[2]) + (bank[1] + bank[3])
      bank[0].x = total.y > 0 ? total.x / total.y : 0
    }
    var sizes = Lanes()
    for i in 0..<lanes {
      let code = codes + i * 8
      var mean = Lanes()
      for lane in 0..<8 { mean[lane] = classSums[Int(code[lane]) * 4].x }
      let difference = Self.difference(values[i], mean) * present[i]
      values[i] = difference
      sizes += difference.magnitudes
    }
    return sizes.orderedSum
  }

  private func neutralizeMarket() -> Double {
    var sums = Lanes()
    var counts = Lanes()
    for i in 0..<lanes {
      sums += values[i]
      counts += present[i]
    }
    let count = counts.orderedSum
    let mean = Lanes(repeating: count > 0 ? sums.orderedSum / count : 0)
    var sizes = Lanes()
    for i in 0..<lanes {
      let difference = Self.difference(values[i], mean) * present[i]
      values[i] = difference
      sizes += difference.magnitudes
    }
    return sizes.orderedSum
  }

  /// `value - mean`, with rounding errors of equal values counted as zero.
  @inline(__always)
  private static func difference(_ value: Lanes, _ mean: Lanes) -> Lanes {
    let difference = value - mean
    let noise = 1e-13 * (value.magnitudes + mean.magnitudes)
    return difference.replacing(with: 0, where: difference.magnitudes .<= noise)
  }

  // MARK: - From weights to profit

  private func settle(row: Int, size: Double, covered: Double) {
    let scale = size > 0 ? bookSize / size : 0
    let factor = Lanes(repeating: scale)
    let returns = frame.returns.row(row + 1)
    let limits = frame.tradeLimits?.row(row)
    var traded = Lanes()
    var gross = Lanes()
    var net = Lanes()
    var largest = Lanes()
    var longs = Lanes()
    var shorts = Lanes()
    var profit = Lanes()
    var unpriced = Lanes()
    for i in 0..<lanes {
      let before = positions[i]
      var position = values[i] * factor
      if let limits {
        position = position.larger(before - limits[i]).smaller(before + limits[i])
      }
      positions[i] = position
      traded += (position - before).magnitudes
      let magnitude = position.magnitudes
      gross += magnitude
      net += position
      largest = magnitude.larger(largest)
      longs += Lanes.ones(where: position .> 0)
      shorts += Lanes.ones(where: position .< 0)
      let isUnpriced = returns[i] .!= returns[i]
      profit += position * returns[i].replacing(with: 0, where: isUnpriced)
      unpriced += Lanes.ones(where: isUnpriced .& (position .!= 0))
    }
    guard row + 1 >= frame.sample.lowerBound else { return }
    let index = row + 1 - frame.sample.lowerBound
    let exposure = gross.orderedSum
    let cost = costRate * traded.orderedSum
    records[index] = RowRecord(
      pnl: profit.orderedSum - cost, cost: cost, traded: traded.orderedSum, gross: exposure,
      net: net.orderedSum, longs: longs.orderedSum, shorts: shorts.orderedSum,
      covered: covered, admitted: Double(frame.admittedCounts[row]),
      largest: exposure > 0 ? largest.largest / exposure : 0, unpriced: unpriced.orderedSum,
      smaller: size > 0 ? smallerUniverseProfit(row: row, returns: returns) : 0)
    if let sectors = frame.sectors {
      let codes = sectors.row(row)
      let target = sectorExposure + index * sectorCount
      for i in 0..<columns { target[Int(codes[i])] += positions[i / 8][i % 8] }
    }
  }

  /// The profit of the weights within the smaller universe: its mean is subtracted, and the rest
  /// scaled back to the size of the book.
  private func smallerUniverseProfit(row: Int, returns: UnsafePointer<Lanes>) -> Double {
    guard let smaller = frame.selection.smaller?.row(row) else { return 0 }
    var sums = Lanes()
    var counts = Lanes()
    for i in 0..<lanes {
      let isInside = present[i] * smaller[i]
      sums += values[i] * isInside
      counts += isInside
    }
    let count = counts.orderedSum
    guard count > 0 else { return 0 }
    let mean = Lanes(repeating: sums.orderedSum / count)
    var sizes = Lanes()
    var profit = Lanes()
    for i in 0..<lanes {
      let weight = Self.difference(values[i], mean) * (present[i] * smaller[i])
      sizes += weight.magnitudes
      profit += weight * returns[i].replacing(with: 0, where: returns[i] .!= returns[i])
    }
    let size = sizes.orderedSum
    return size > 0 ? bookSize * (profit.orderedSum / size) : 0
  }

  // MARK: - The verdict

  /// Returns what the formula was worth over the sample. Rows that were not handed in hold nothing.
  ///
  /// `pool` are the alphas that a newcomer may not resemble; nil leaves that check pending. The
  /// simulation itself is not changed, so more rows may follow.
  package func finish(
    _ alpha: AlphaIdentity, limits: CheckLimits, pool: PnLPool? = nil
  ) -> SimulationResult {
    let series = recordedSeries()
    let scale = AlphaMetrics.Scale(
      bookSize: bookSize, rowsPerYear: frame.panel.axis.periodsPerYear,
      rowsPerDay: frame.rowsPerDay)
    let origin = frame.sample.lowerBound
    func measured(_ rows: Range<Int>) -> AlphaMetrics {
      AlphaMetrics(
        series, rows: (rows.lowerBound - origin)..<(rows.upperBound - origin), scale: scale)
    }
    var yearly: [YearlyMetrics] = []
    for (year, rows) in frame.years {
      guard let train = frame.train else {
        yearly.append(YearlyMetrics(year: year, stage: .inSample, metrics: measured(rows)))
        continue
      }
      let before = rows.clamped(to: frame.sample.lowerBound..<train.upperBound)
      let after = rows.clamped(to: train.upperBound..<frame.sample.upperBound)
      if !before.isEmpty {
        yearly.append(YearlyMetrics(year: year, stage: .train, metrics: measured(before)))
      }
      if !after.isEmpty {
        yearly.append(YearlyMetrics(year: year, stage: .test, metrics: measured(after)))
      }
    }
    let inSample = measured(frame.sample)
    let evidence = CheckEvidence(
      alpha: alpha, metrics: inSample, series: series, scale: scale,
      smallerUniverseShare: frame.smallerUniverseShare)
    return SimulationResult(
      alpha: alpha, settings: frame.settings, panelName: frame.panel.name,
      panelFingerprint: frame.panel.fingerprint, scale: scale, series: series,
      sectorExposure: recordedSectors(), inSample: inSample, train: frame.train.map(measured),
      test: frame.test.map(measured), yearly: yearly,
      smallerUniverseSharpe: evidence.smallerUniverseSharpe,
      grade: AlphaGrade(fitness: inSample.fitness, limits: limits),
      checks: limits.judge(evidence, pool: pool), warnings: warnings(series))
  }

  private func recordedSeries() -> BookSeries {
    let count = frame.sample.count
    func column(_ field: (RowRecord) -> Double) -> [Double] {
      [Double](unsafeUninitializedCapacity: count) { buffer, written in
        for i in 0..<count { buffer.initializeElement(at: i, to: field(records[i])) }
        written = count
      }
    }
    var series = BookSeries()
    series.stamps = Array(frame.stamps)
    series.pnl = column { $0.pnl }
    series.cost = column { $0.cost }
    series.traded = column { $0.traded }
    series.grossExposure = column { $0.gross }
    series.netExposure = column { $0.net }
    series.longCount = column { $0.longs }
    series.shortCount = column { $0.shorts }
    series.covered = column { $0.covered }
    series.admitted = column { $0.admitted }
    series.largestShare = column { $0.largest }
    series.unpriced = column { $0.unpriced }
    series.smallerUniversePnL = column { $0.smaller }
    return series
  }

  private func recordedSectors() -> SectorExposure? {
    guard let sectors = frame.sectors else { return nil }
    return SectorExposure(
      labels: sectors.labels + ["unknown"],
      values: Array(
        UnsafeBufferPointer(start: sectorExposure, count: sectorCount * frame.sample.count)))
  }

  /// A book that is empty for more than one row in so many at the beginning starts late.
  private static let lateStartShare = 20

  private func warnings(_ series: BookSeries) -> [SimulationWarning] {
    var warnings = frame.warnings
    let count = series.count
    if let first = series.grossExposure.firstIndex(where: { $0 > 0 }) {
      if first * Self.lateStartShare > count {
        warnings.append(
          SimulationWarning(
            code: "late_start",
            message: "The first position is held on \(series.stamps[first]); the "
              + "\(first) of \(count) rows before it earn nothing but count in every figure."))
      }
    } else {
      warnings.append(
        SimulationWarning(
          code: "no_positions", message: "The formula holds no position in any row."))
    }
    let unpriced = series.unpriced.reduce(0, +)
    if unpriced > 0 {
      warnings.append(
        SimulationWarning(
          code: "unpriced_positions",
          message: "\(Int(unpriced)) times a held position had no return and earned 0."))
    }
    if unlimitedRows > 0 {
      warnings.append(
        SimulationWarning(
          code: "truncation_unattainable",
          message: "In \(unlimitedRows) rows too few instruments had a value to keep each weight "
            + "to \(truncation) of the book; these rows were not truncated."))
    }
    return warnings
  }
}

/// What a book did in one row.
private struct RowRecord {
  var pnl = 0.0
  var cost = 0.0
  var traded = 0.0
  var gross = 0.0
  var net = 0.0
  var longs = 0.0
  var shorts = 0.0
  var covered = 0.0
  var admitted = 0.0
  var largest = 0.0
  var unpriced = 0.0
  var smaller = 0.0
}
