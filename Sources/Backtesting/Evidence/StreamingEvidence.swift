package import Essentials
import Mathematics

/// Measures of fixed windows over a record that grows: told one row after the other, it knows the
/// measures as of the last one.
///
/// Counts, sums and moments are differences of running sums; drawdown and ulcer index are kept by
/// queues that move with their windows. A row costs the same however long the windows are (but see
/// ``SlidingUlcer``), and reading a measure costs a few operations, or some for each fold or test
/// window of `cv_sharpe_mean`, `cv_sharpe_std` and `wf_positive`. Walked are the rows of the window,
/// as ``EvidenceSeries`` walks them, for `sortino`, `profit_factor`, `equity_slope_t`, `var_99`,
/// `es_975` and `paper_max_dd`, where a difference of sums would lose digits, and where equity was
/// lost altogether within the window. The two ways agree to nine digits.
///
/// Memory: some 250 bytes for each row. Reading all measures at once by ``measures()`` is cheaper
/// than one by one.
package struct StreamingEvidence: Sendable {
  /// What is measured, in the order of ``measures()``.
  package let requests: [EvidenceRequest]
  package var settings: EvidenceSettings
  /// Everything that was handed in.
  package private(set) var series = EvidenceSeries()
  /// The instant that measures are as of.
  package private(set) var instant: Timestamp?

  /// A mark before the first row, then one after each valid row.
  private var marks = [Mark(instant: .min)]
  private var dips = EquityDips()
  private let tracksDips: Bool
  private var lanes: [WindowLane]
  /// The lane of each request.
  private let laneOfRequest: [Int]
  /// The mark at which equity last began anew, because all was lost or the number left its range.
  private var breakMark = 0
  private var lastDay: CalendarDate?
  /// The mark before the first row on paper; nil while there is none.
  private var paperStart: Int?
  /// Whether a simulated row followed one on paper, so that those on paper are not one stretch.
  private var isPaperBroken = false

  package init(requests: [EvidenceRequest], settings: EvidenceSettings) {
    self.requests = requests
    self.settings = settings
    var lanes: [WindowLane] = []
    var laneOfRequest: [Int] = []
    for request in requests {
      let place =
        lanes.firstIndex { $0.window == request.window }
        ?? {
          lanes.append(WindowLane(window: request.window))
          return lanes.count - 1
        }()
      laneOfRequest.append(place)
      switch request.metric {
      case .maxDrawdown, .calmar: lanes[place].tracksDrawdown = true
      case .ulcer: lanes[place].tracksUlcer = true
      default: break
      }
    }
    self.laneOfRequest = laneOfRequest
    tracksDips = lanes.contains { $0.tracksUlcer }
    if tracksDips { dips.push(1) }
    for place in lanes.indices { lanes[place].begin(at: 0, marks: marks, dips: dips) }
    self.lanes = lanes
  }

  /// Takes the next row; one that does not end after the last, or ends before the instant of the
  /// last evaluation, is refused and changes nothing.
  package mutating func append(_ row: EvidenceRow) throws(EvidenceFailure) {
    if let instant, row.instant < instant {
      throw .rowNotAfterLast(row: row.instant, last: instant)
    }
    try series.append(row)
    instant = row.instant
    if row.isPresent { mark(row) }
    move()
  }

  /// Takes the rows of a record that follow those that are known, up to an instant.
  package mutating func append(
    _ other: EvidenceSeries, through end: Timestamp
  ) throws(EvidenceFailure) {
    let start = series.rows.last.map { other.count(asOf: $0.instant) } ?? 0
    let stop = max(start, other.count(asOf: end))
    for place in start..<stop { try append(other.rows[place]) }
  }

  /// Lets time pass without a row, so that rows leave windows of time.
  package mutating func advance(to later: Timestamp) throws(EvidenceFailure) {
    if let instant, later < instant { throw .rowNotAfterLast(row: later, last: instant) }
    instant = later
    move()
  }

  /// The measure of each request.
  package func measures() -> [SampledMeasure] { requests.indices.map { measure($0) } }

  /// The measure of the request at a place.
  package func measure(_ place: Int) -> SampledMeasure {
    let metric = requests[place].metric
    let lane = laneOfRequest[place]
    var start = lanes[lane].start
    if metric.isOfPaper { start = max(start, paperStart ?? marks.count - 1) }
    if !(metric.isOfPaper && isPaperBroken), let value = quickValue(metric, lane, start) {
      return SampledMeasure(
        value: value, days: days(from: start),
        trades: marks[marks.count - 1].trades - marks[start].trades,
        bars: marks.count - 1 - start)
    }
    guard let instant else {
      return SampledMeasure(value: .nan, days: 0, trades: 0, bars: 0)
    }
    return series.measure(requests[place], asOf: instant, settings: settings)
  }

  // MARK: - Taking rows

  private static let levelRange = 1e-100...1e100

  private mutating func mark(_ row: EvidenceRow) {
    var next = marks[marks.count - 1]
    let change = row.netReturn
    let day = row.day
    next.instant = row.instant.millisecondsSinceEpoch
    next.rowNumber = series.count - 1
    next.isFirstOfDay = day != lastDay
    if day != lastDay { next.days += 1 }
    lastDay = day
    switch (row.origin, paperStart) {
    case (.paper, nil): paperStart = marks.count - 1
    case (.simulated, .some): isPaperBroken = true
    default: break
    }
    if change != 0 { next.moves += 1 }
    next.sum += change
    let square = change * change
    next.squares += square
    next.cubes += square * change
    next.fourths += square * square
    next.trades += row.trades
    next.turnover += row.turnover
    next.exposure += row.grossExposure
    if row.grossExposure > 0 {
      next.held += 1
      if change > 0 { next.wins += 1 }
    }
    next.level *= 1 + change
    if !Self.levelRange.contains(next.level) {
      next.level = 1
      breakMark = marks.count
      dips.startAnew()
    }
    marks.append(next)
    if tracksDips { dips.push(next.level) }
    for place in lanes.indices {
      lanes[place].push(marks: marks, dips: dips, isBroken: lanes[place].start < breakMark)
    }
  }

  /// Lets windows follow the instant.
  private mutating func move() {
    guard let instant else { return }
    for place in lanes.indices {
      lanes[place].move(
        to: instant, rows: series.count, marks: marks, dips: dips, breakMark: breakMark)
    }
  }

  // MARK: - Reading measures

  /// The distinct days of the rows behind a mark: those that begin there, and one more where the
  /// first row is not the first of its day.
  private func days(from start: Int) -> Int {
    guard start + 1 < marks.count else { return 0 }
    return marks[marks.count - 1].days - marks[start].days
      + (marks[start + 1].isFirstOfDay ? 0 : 1)
  }

  /// A difference of running sums whose error could exceed this share of it is not used.
  private static let errorShareMax = 2e-10
  /// Some ten roundings, as a share of the sum.
  private static let roundingShare = 1e-15

  /// The value over the rows behind the mark at `start`, where it follows from sums and queues; nil
  /// where the rows must be walked.
  private func quickValue(_ metric: EvidenceMetric, _ lane: Int, _ start: Int) -> Double? {
    let first = marks[start]
    let last = marks[marks.count - 1]
    let count = Double(marks.count - 1 - start)
    switch metric {
    case .sharpe, .paperSharpe:
      return sharpe(from: start).map { $0 * settings.annualise.squareRoot() }
    case .sharpeT: return sharpe(from: start).map { $0 * count.squareRoot() }
    case .volatility:
      return moments(from: start).map { $0.deviation * settings.annualise.squareRoot() }
    case .returns: return total(from: start)
    case .maxDrawdown:
      return lanes[lane].drawdown.map { count > 0 ? $0.drop : .nan }
    case .calmar:
      // A smaller fall is 1 less a ratio near 1, which has too few digits left to divide by.
      guard let total = total(from: start), let drawdown = lanes[lane].drawdown,
        drawdown.drop > 1e-4
      else { return nil }
      return (Elementary.pow(1 + total, settings.annualise / count) - 1) / drawdown.drop
    case .ulcer:
      return lanes[lane].ulcer.map {
        count > 0 ? ($0.squares / (count + 1)).squareRoot() : .nan
      }
    case .winrate: return Double(last.wins - first.wins) / Double(last.held - first.held)
    case .turnover: return (last.turnover - first.turnover) / Double(days(from: start))
    case .exposure: return (last.exposure - first.exposure) / count
    case .trades, .sampleTrades, .paperTrades: return Double(last.trades - first.trades)
    case .sampleDays, .paperDays: return Double(days(from: start))
    case .sampleBars: return count
    case .skew: return count < 3 ? .nan : shape(from: start)?.skewness
    case .kurt: return count < 4 ? .nan : shape(from: start)?.kurtosis
    case .probabilisticSharpe:
      return inference(from: start).map { $0?.probability(above: 0) ?? .nan }
    case .deflatedSharpe:
      return inference(from: start).map {
        WindowSample.deflated($0, rows: Int(count), settings: settings)
      }
    case .foldSharpeMean:
      return foldMoments(from: start).map { $0.mean * settings.annualise.squareRoot() }
    case .foldSharpeDeviation:
      return foldMoments(from: start).map { $0.sampleDeviation * settings.annualise.squareRoot() }
    case .walkForwardPositive: return walkForwardPositive(from: start)
    case .sortino, .profitFactor, .equitySlopeT, .valueAtRisk99, .expectedShortfall975,
      .paperMaxDrawdown:
      return nil
    }
  }

  private func total(from start: Int) -> Double? {
    guard start >= breakMark else { return nil }
    return start + 1 < marks.count ? marks[marks.count - 1].level / marks[start].level - 1 : .nan
  }

  private func sharpe(from start: Int) -> Double? {
    sharpe(start, marks.count - 1)
  }

  /// The ratio for one period of the rows behind one mark up to another, NaN without one.
  private func sharpe(_ start: Int, _ end: Int) -> Double? {
    moments(start, end).map { $0.deviation > 0 ? $0.mean / $0.deviation : .nan }
  }

  private func moments(from start: Int) -> (mean: Double, deviation: Double)? {
    moments(start, marks.count - 1)
  }

  /// Mean and sample standard deviation from the running sums of returns and squared returns; nil
  /// where their difference would lose too many digits.
  private func moments(_ start: Int, _ end: Int) -> (mean: Double, deviation: Double)? {
    let first = marks[start]
    let last = marks[end]
    let count = Double(end - start)
    guard count > 1 else { return (.nan, .nan) }
    // Small returns leave a large sum as it is, so equal sums do not tell that there were none.
    if last.moves == first.moves { return (0, 0) }
    let mean = (last.sum - first.sum) / count
    let spread = last.squares - first.squares - count * mean * mean
    guard last.squares * Self.roundingShare <= spread * Self.errorShareMax else { return nil }
    return (mean, (spread / (count - 1)).squareRoot())
  }

  /// Skewness and kurtosis of the population, NaN for a constant; nil where a difference of sums
  /// would lose too many digits.
  ///
  /// With raw moments a₁ to a₄: m₃ = a₃ - 3 a₁ a₂ + 2 a₁³ and m₄ = a₄ - 4 a₁ a₃ + 6 a₁² a₂ - 3 a₁⁴.
  private func shape(from start: Int) -> (skewness: Double, kurtosis: Double)? {
    guard let (mean, deviation) = moments(from: start) else { return nil }
    guard deviation > 0 else { return (.nan, .nan) }
    let first = marks[start]
    let last = marks[marks.count - 1]
    let count = Double(marks.count - 1 - start)
    let variance = deviation * deviation * (count - 1) / count
    let second = (last.squares - first.squares) / count
    let third = (last.cubes - first.cubes) / count
    let fourth = (last.fourths - first.fourths) / count
    let thirdCentral = third - 3 * mean * second + 2 * mean * mean * mean
    let fourthCentral =
      fourth - 4 * mean * third + 6 * mean * mean * second - 3 * mean * mean * mean * mean
    // The sum of fourths bounds the rounding of all; a kurtosis is at least 1.
    guard
      last.fourths * Self.roundingShare <= count * variance * variance * Self.errorShareMax
    else { return nil }
    return (
      thirdCentral / (variance * variance.squareRoot()), fourthCentral / (variance * variance)
    )
  }

  /// What the ratio says of the true one: nil inside where there is no ratio, nil outside where the
  /// rows must be walked.
  private func inference(from start: Int) -> SharpeInference?? {
    guard let ratio = sharpe(from: start), let shape = shape(from: start) else { return nil }
    guard ratio.isFinite, shape.kurtosis.isFinite else { return .some(nil) }
    return SharpeInference(
      sharpe: ratio, observations: marks.count - 1 - start, skewness: shape.skewness,
      kurtosis: shape.kurtosis)
  }

  /// The moments of the folds' ratios, of nothing where the rows cannot be cut.
  private func foldMoments(from start: Int) -> Moments? {
    guard let tests = settings.folds.tests(rows: marks.count - 1 - start) else {
      return Moments(of: [])
    }
    var ratios: [Double] = []
    for test in tests {
      guard let ratio = sharpe(start + test.lowerBound, start + test.upperBound) else { return nil }
      guard ratio.isFinite else { return Moments(of: []) }
      ratios.append(ratio)
    }
    return Moments(of: ratios)
  }

  private func walkForwardPositive(from start: Int) -> Double? {
    guard start >= breakMark else { return nil }
    let windows = settings.walk.tests(
      rows: start + 1..<marks.count, interval: settings.interval
    ) { Timestamp(millisecondsSinceEpoch: marks[$0].instant) }
    var tested = 0
    var gains = 0
    for window in windows where !window.isEmpty {
      tested += 1
      let growth = marks[window.upperBound - 1].level / marks[window.lowerBound - 1].level
      if growth > 1 + EvidenceWalk.gainMin { gains += 1 }
    }
    return tested > 0 ? Double(gains) / Double(tested) : .nan
  }
}

/// The running sums after a valid row.
private struct Mark {
  /// In milliseconds; the mark before the first row has the earliest there is.
  var instant: Int64
  /// The place of the row among all rows, valid or not.
  var rowNumber = -1
  var days = 0
  var isFirstOfDay = false
  var level = 1.0
  /// Rows whose return is not zero.
  var moves = 0
  var sum = 0.0
  var squares = 0.0
  var cubes = 0.0
  var fourths = 0.0
  var trades = 0
  var turnover = 0.0
  var exposure = 0.0
  var held = 0
  var wins = 0
}

/// One window over the marks.
private struct WindowLane: Sendable {
  let window: EvidenceWindow
  var tracksDrawdown = false
  var tracksUlcer = false
  /// The mark before the window's first row; its level is the first of the window.
  private(set) var start = 0
  /// Nil where it is not tracked, or while equity began anew within the window.
  private(set) var drawdown: SlidingDrawdown?
  private(set) var ulcer: SlidingUlcer?

  init(window: EvidenceWindow) {
    self.window = window
  }

  /// Builds the queues from the mark at `start` on.
  mutating func begin(at start: Int, marks: [Mark], dips: EquityDips) {
    self.start = start
    if tracksDrawdown {
      var queue = SlidingDrawdown(start: start)
      for place in start..<marks.count { queue.push(marks[place].level) }
      drawdown = queue
    }
    if tracksUlcer {
      var queue = SlidingUlcer()
      for place in start..<marks.count { queue.push(place, dips: dips) }
      ulcer = queue
    }
  }

  /// Takes the last mark.
  mutating func push(marks: [Mark], dips: EquityDips, isBroken: Bool) {
    if isBroken {
      drawdown = nil
      ulcer = nil
      return
    }
    drawdown?.push(marks[marks.count - 1].level)
    ulcer?.push(marks.count - 1, dips: dips)
  }

  /// Lets rows leave that are outside the window.
  mutating func move(
    to instant: Timestamp, rows: Int, marks: [Mark], dips: EquityDips, breakMark: Int
  ) {
    let before = start
    while start + 1 < marks.count, isOutside(marks[start + 1], at: instant, rows: rows) {
      drawdown?.pop(end: marks.count) { marks[$0].level }
      ulcer?.pop(start, end: marks.count, dips: dips)
      start += 1
    }
    if before < breakMark, start >= breakMark { begin(at: start, marks: marks, dips: dips) }
  }

  private func isOutside(_ mark: Mark, at instant: Timestamp, rows: Int) -> Bool {
    switch window {
    case .all: false
    case .bars(let count): mark.rowNumber < rows - count
    case .span(let length):
      mark.instant <= (instant - length).millisecondsSinceEpoch
    }
  }
}
