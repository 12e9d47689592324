import Essentials
import Mathematics

@testable import Backtesting

/// Results for tear sheets, made from a series without simulating anything.
enum TearSheetSample {
  /// What differs from an ordinary result of daily rows.
  struct Traits {
    var rows = 300
    /// Replaces the profits, which otherwise wander.
    var pnl: [Double]?
    var spacing: Int64 = Timestamp.millisecondsPerDay
    var rowsPerYear = 252.0
    var costs = false
    var testRows = 0
    var sectors: [String] = []
    var formula = "rank(-ts_delta(close, 5)) * 2"
    var panel = "sample"
    var notes = ""

    init() {}
  }

  static func result(_ traits: Traits = Traits()) -> SimulationResult {
    var generator = SplitMix64(seed: 11)
    let rows = traits.pnl?.count ?? traits.rows
    func column(_ value: (Int) -> Double) -> [Double] { (0..<rows).map(value) }
    var series = BookSeries()
    let start = Int64(CalendarDate("2015-03-02")!.daysSinceEpoch) * Timestamp.millisecondsPerDay
    series.stamps = (0..<rows).map {
      Timestamp(millisecondsSinceEpoch: start + Int64($0) * traits.spacing)
    }
    series.pnl = traits.pnl ?? column { _ in 20_000 * (generator.nextUniform() - 0.45) }
    series.cost = column { _ in traits.costs ? 400 : 0 }
    series.traded = column { _ in 1e6 * generator.nextUniform() }
    series.grossExposure = column { _ in 2e7 }
    series.netExposure = column { _ in 0 }
    series.longCount = column { $0 % 7 < 3 ? 20 : 22 }
    series.shortCount = column { $0 % 5 < 3 ? 30 : 31 }
    series.covered = column { $0 % 50 == 0 ? 40 : 50 }
    series.admitted = column { _ in 50 }
    series.largestShare = column { _ in 0.02 + 0.02 * generator.nextUniform() }
    series.unpriced = column { _ in 0 }
    series.smallerUniversePnL = series.pnl
    let rowsPerDay = max(1, Double(Timestamp.millisecondsPerDay) / Double(traits.spacing))
    let scale = AlphaMetrics.Scale(
      bookSize: 2e7, rowsPerYear: traits.rowsPerYear, rowsPerDay: rowsPerDay)
    func metrics(_ range: Range<Int>) -> AlphaMetrics {
      AlphaMetrics(series, rows: range, scale: scale)
    }
    let border = rows - traits.testRows
    var settings = SimulationSettings()
    settings.costRate = traits.costs ? 0.0004 : 0
    var years: [YearlyMetrics] = []
    var first = 0
    while first < rows {
      let year = series.stamps[first].date.year
      let end = (first..<rows).first { series.stamps[$0].date.year != year } ?? rows
      years.append(YearlyMetrics(year: year, stage: .inSample, metrics: metrics(first..<end)))
      first = end
    }
    let note = traits.notes.isEmpty ? nil : traits.notes
    return SimulationResult(
      alpha: AlphaIdentity(
        text: traits.formula, canonicalText: traits.formula,
        fingerprint: Fingerprint(of: traits.formula), operatorCount: 3),
      settings: settings, panelName: traits.panel, panelFingerprint: Fingerprint(of: traits.panel),
      scale: scale, series: series,
      sectorExposure: traits.sectors.isEmpty
        ? nil
        : SectorExposure(
          labels: traits.sectors,
          values: (0..<(rows * traits.sectors.count)).map { _ in
            1e6 * (generator.nextUniform() - 0.5)
          }),
      inSample: metrics(0..<rows), train: traits.testRows > 0 ? metrics(0..<border) : nil,
      test: traits.testRows > 0 ? metrics(border..<rows) : nil, yearly: years,
      smallerUniverseSharpe: nil, grade: .average,
      checks: [
        SimulationCheck(.lowSharpe, .pass, value: 1.5, limit: 1.25),
        SimulationCheck(.highTurnover, .fail, value: 0.8, limit: 0.7, note: note),
        SimulationCheck(.selfCorrelation, .pending, limit: 0.7),
        SimulationCheck(
          .lowTwoYearSharpe, .warning, limit: 1.58, note: "The sample is shorter than two years."),
      ],
      warnings: traits.notes.isEmpty
        ? [] : [SimulationWarning(code: "late_start", message: traits.notes)])
  }

  static func trust(_ result: SimulationResult, trials: Int = 5) -> TrustReport {
    var settings = TrustSettings()
    settings.resamples = 20
    var evidence = TrustEvidence(dailyPnL: result.series.pnl, trials: trials)
    evidence.periodsPerYear = result.scale.rowsPerYear
    return TrustReport.assess(evidence, settings: settings)
  }

  static func sheet(_ traits: Traits = Traits(), name: String? = "Sample") -> TearSheet {
    let result = result(traits)
    return TearSheet(result: result, trust: trust(result), name: name)
  }
}
