package import Essentials
import Mathematics

/// The valid rows of a window, from which every measure is computed in a plain way: one or a few
/// passes, no memory of earlier windows.
struct WindowSample {
  private let rows: [EvidenceRow]
  private let settings: EvidenceSettings

  init(_ rows: ArraySlice<EvidenceRow>, settings: EvidenceSettings) {
    self.rows = rows.filter(\.isPresent)
    self.settings = settings
  }

  private init(present: [EvidenceRow], settings: EvidenceSettings) {
    rows = present
    self.settings = settings
  }

  private var returns: [Double] { rows.map(\.netReturn) }
  private var path: EquityPath { EquityPath(of: rows.lazy.map(\.netReturn)) }
  private var trades: Int { rows.reduce(0) { $0 + $1.trades } }

  /// The distinct days of the rows, which are in order.
  private var days: Int {
    var count = 0
    var last: CalendarDate?
    for row in rows where row.day != last {
      count += 1
      last = row.day
    }
    return count
  }

  func measure(_ metric: EvidenceMetric) -> SampledMeasure {
    if metric.isOfPaper {
      return WindowSample(present: rows.filter { $0.origin == .paper }, settings: settings)
        .measureAll(metric)
    }
    return measureAll(metric)
  }

  private func measureAll(_ metric: EvidenceMetric) -> SampledMeasure {
    let days = days
    return SampledMeasure(
      value: value(metric, days: days), days: days, trades: trades, bars: rows.count)
  }

  private func value(_ metric: EvidenceMetric, days: Int) -> Double {
    let year = settings.annualise.squareRoot()
    switch metric {
    case .sharpe, .paperSharpe: return sharpe * year
    case .sharpeT: return sharpe * Double(rows.count).squareRoot()
    case .sortino: return sortino
    case .volatility: return Moments(of: returns).sampleDeviation * year
    case .returns: return rows.isEmpty ? .nan : path.total
    case .maxDrawdown, .paperMaxDrawdown: return rows.isEmpty ? .nan : path.maximumDrawdown
    case .ulcer: return rows.isEmpty ? .nan : path.ulcer
    case .winrate: return winrate
    case .profitFactor: return profitFactor
    case .calmar: return calmar
    case .skew: return rows.count < 3 ? .nan : Moments(of: returns).skewness
    case .kurt: return rows.count < 4 ? .nan : Moments(of: returns).kurtosis
    case .equitySlopeT: return equitySlopeT
    case .valueAtRisk99: return valueAtRisk
    case .expectedShortfall975: return expectedShortfall
    case .turnover: return rows.reduce(0) { $0 + $1.turnover } / Double(days)
    case .exposure: return rows.reduce(0) { $0 + $1.grossExposure } / Double(rows.count)
    case .deflatedSharpe: return deflatedSharpe
    case .probabilisticSharpe:
      return SharpeInference(of: returns)?.probability(above: 0) ?? .nan
    case .foldSharpeMean: return foldMoments.mean * year
    case .foldSharpeDeviation: return foldMoments.sampleDeviation * year
    case .walkForwardPositive:
      return settings.walk.positiveShare(
        of: returns, ends: rows.map(\.instant), interval: settings.interval) ?? .nan
    case .trades, .sampleTrades, .paperTrades: return Double(trades)
    case .sampleDays, .paperDays: return Double(days)
    case .sampleBars: return Double(rows.count)
    }
  }

  private var sharpe: Double { SharpeRatio.perPeriod(of: returns) ?? .nan }

  private var sortino: Double {
    var squaredLosses = 0.0
    var sum = 0.0
    for row in rows {
      sum += row.netReturn
      if row.netReturn < 0 { squaredLosses += row.netReturn * row.netReturn }
    }
    let count = Double(rows.count)
    let downside = (squaredLosses / count * settings.annualise).squareRoot()
    return sum / count * settings.annualise / downside
  }

  private var winrate: Double {
    let held = rows.lazy.filter { $0.grossExposure > 0 }
    let count = held.count { _ in true }
    return Double(held.count { $0.netReturn > 0 }) / Double(count)
  }

  private var profitFactor: Double {
    var gains = 0.0
    var losses = 0.0
    for row in rows {
      if row.netReturn > 0 { gains += row.netReturn } else { losses -= row.netReturn }
    }
    return gains / losses
  }

  private var calmar: Double {
    guard !rows.isEmpty else { return .nan }
    let path = path
    let annual =
      Elementary.pow(1 + path.total, settings.annualise / Double(rows.count)) - 1
    return annual / path.maximumDrawdown
  }

  private static let slopeRowsMin = 10

  /// With times x₀ to xₙ of the levels, x̄ their mean and rᵢ the logarithmic return from level i - 1
  /// to level i, the slope is ∑ bᵢ rᵢ / ∑ (x - x̄)² with bᵢ = ∑ₖ₌ᵢ…ₙ (xₖ - x̄). The denominator is in
  /// the error as well and drops out.
  private var equitySlopeT: Double {
    guard rows.count >= Self.slopeRowsMin else { return .nan }
    let changes = rows.map { Elementary.log(onePlus: $0.netReturn) }
    let mean = Moments(of: changes).mean
    let origin = rows[0].instant - settings.interval
    let times = [0] + rows.map { ($0.instant - origin).days }
    let center = Moments(of: times).mean
    var weight = 0.0
    var slope = 0.0
    var scores = [Double](repeating: 0, count: changes.count)
    for place in changes.indices.reversed() {
      weight += times[place + 1] - center
      slope += weight * changes[place]
      scores[place] = weight * (changes[place] - mean)
    }
    // W. Newey and K. West, "Automatic Lag Selection in Covariance Matrix Estimation", Review of
    // Economic Studies 61 (1994): the usual rule for Bartlett weights.
    let lags = Int(4 * Elementary.pow(Double(rows.count) / 100, 2.0 / 9))
    var variance = 0.0
    for lag in 0...lags {
      var sum = 0.0
      for place in lag..<scores.count { sum += scores[place] * scores[place - lag] }
      variance += (lag == 0 ? 1 : 2 * (1 - Double(lag) / Double(lags + 1))) * sum
    }
    return slope / variance.squareRoot()
  }

  private static let tailDaysMin = 20

  private var valueAtRisk: Double {
    let daily = dailyReturns
    return daily.count < Self.tailDaysMin ? .nan : -SortedSample(daily).quantile(0.01)
  }

  private var expectedShortfall: Double {
    let daily = dailyReturns
    guard daily.count >= Self.tailDaysMin else { return .nan }
    let worst = Int(0.025 * Double(daily.count - 1)) + 1
    return -Moments(of: Array(SortedSample(daily).values.prefix(worst))).mean
  }

  /// The returns of rows that share a day, compounded.
  private var dailyReturns: [Double] {
    var daily: [Double] = []
    var last: CalendarDate?
    for row in rows {
      if row.day == last {
        let before = daily[daily.count - 1]
        daily[daily.count - 1] = max(0, (1 + before) * (1 + row.netReturn)) - 1
      } else {
        daily.append(row.netReturn)
        last = row.day
      }
    }
    return daily
  }

  /// The sample standard deviation of daily returns; NaN below 20 days.
  var dailyVolatility: Double {
    let daily = dailyReturns
    return daily.count < Self.tailDaysMin ? .nan : Moments(of: daily).sampleDeviation
  }

  private var deflatedSharpe: Double {
    Self.deflated(SharpeInference(of: returns), rows: rows.count, settings: settings)
  }

  /// The deflated ratio of what is known about some rows; NaN where nothing is.
  static func deflated(
    _ inference: SharpeInference?, rows: Int, settings: EvidenceSettings
  ) -> Double {
    guard settings.trials >= 1, let inference else { return .nan }
    let variance = settings.trialVariance ?? 1 / Double(rows - 1)
    return inference.deflated(trials: settings.trials, trialVariance: variance) ?? .nan
  }

  private var foldMoments: Moments {
    Moments(of: settings.folds.sharpes(of: returns) ?? [])
  }
}

extension EvidenceSeries {
  /// Returns a measure as of an instant: rows that end later take no part, whatever they hold.
  ///
  /// Cost: a few passes over the window; ``StreamingEvidence`` gives the same for advancing data.
  package func measure(
    _ request: EvidenceRequest, asOf instant: Timestamp, settings: EvidenceSettings
  ) -> SampledMeasure {
    WindowSample(rows[range(of: request.window, asOf: instant)], settings: settings)
      .measure(request.metric)
  }

  /// Returns the slope of this record's returns on a reference's, over the rows of both that end
  /// together, as of an instant; NaN below two such rows or for a constant reference.
  package func beta(
    against reference: EvidenceSeries, over window: EvidenceWindow, asOf instant: Timestamp
  ) -> SampledMeasure {
    var own: [EvidenceRow] = []
    var market: [Double] = []
    var place = 0
    for row in rows[range(of: window, asOf: instant)] where row.isPresent {
      while place < reference.count, reference.rows[place].instant < row.instant { place += 1 }
      guard place < reference.count, reference.rows[place].instant == row.instant,
        reference.rows[place].isPresent
      else { continue }
      own.append(row)
      market.append(reference.rows[place].netReturn)
    }
    let beta = RelativeMeasures(of: own.map(\.netReturn), against: market).beta ?? .nan
    var measure = WindowSample(own[...], settings: EvidenceSettings()).measure(.sampleBars)
    measure.value = own.count > 1 ? beta : .nan
    return measure
  }

  /// Returns the sample standard deviation of daily returns over a window, as of an instant; NaN
  /// below 20 days with valid rows. Rows of one UTC day are compounded first.
  package func dailyVolatility(over window: EvidenceWindow, asOf instant: Timestamp) -> Double {
    WindowSample(rows[range(of: window, asOf: instant)], settings: EvidenceSettings())
      .dailyVolatility
  }
}
