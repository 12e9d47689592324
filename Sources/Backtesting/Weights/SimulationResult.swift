package import Essentials

/// What a formula was worth: metrics, checks and the series behind them.
package struct SimulationResult: Hashable, Sendable {
  package var alpha: AlphaIdentity
  package var settings: SimulationSettings
  package var panelName: String
  package var panelFingerprint: Fingerprint
  package var scale: AlphaMetrics.Scale
  package var series: BookSeries
  /// Recorded where `visualization` is on and the panel has sectors.
  package var sectorExposure: SectorExposure?
  package var inSample: AlphaMetrics
  package var train: AlphaMetrics?
  package var test: AlphaMetrics?
  package var yearly: [YearlyMetrics]
  /// The Sharpe ratio within the smaller universe; nil where there is none.
  package var smallerUniverseSharpe: Double?
  package var grade: AlphaGrade
  package var checks: [SimulationCheck]
  package var warnings: [SimulationWarning]

  /// The digest of formula, settings, panel and the bits of every number of the series, from which
  /// all metrics follow. Equal runs have equal fingerprints; the exposure to sectors is a view of the
  /// same book and does not count. Cost: about half a millisecond for
  /// 2000 rows; computed anew on each use.
  package var fingerprint: Fingerprint {
    var digest = FingerprintDigest()
    digest.absorb("simulation result 1\n")
    digest.absorb("\(alpha.fingerprint)\n\(settings.fingerprint)\n\(panelFingerprint)\n")
    series.stamps.map(\.millisecondsSinceEpoch).withUnsafeBytes { digest.absorb($0) }
    for column in series.columns {
      digest.absorb("\(column.name)\n")
      column.values.withUnsafeBytes { digest.absorb($0) }
    }
    return digest.finish()
  }

  /// Eight letters and digits that name formula, settings and panel, like the id of an alpha on
  /// BRAIN. The same three always have the same one.
  package var identifier: String {
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    let digest = Fingerprint(
      of: "\(alpha.fingerprint)\n\(settings.fingerprint)\n\(panelFingerprint)")
    var number = UInt64(digest.hexadecimal.prefix(16), radix: 16) ?? 0
    var letters: [UInt8] = []
    for _ in 0..<8 {
      letters.append(alphabet[Int(number % 62)])
      number /= 62
    }
    return String(decoding: letters, as: UTF8.self)
  }

  /// What a pool needs to keep of the alpha.
  package var poolEntry: PnLPool.Entry {
    PnLPool.Entry(
      name: identifier, stamps: series.stamps, pnl: series.pnl, sharpe: inSample.sharpe)
  }
}

/// Net positions by sector in each row, time-major, with the unknown sector last.
package struct SectorExposure: Hashable, Sendable {
  package var labels: [String]
  package var values: [Double]

  package init(labels: [String], values: [Double]) {
    self.labels = labels
    self.values = values
  }
}

/// The metrics of one calendar year, or of its part in one stage.
package struct YearlyMetrics: Hashable, Sendable {
  /// The part of the sample that a figure covers, in BRAIN's words.
  package enum Stage: String, Hashable, Sendable {
    case inSample = "IS"
    case train = "TRAIN"
    case test = "TEST"
  }

  package var year: Int
  package var stage: Stage
  package var metrics: AlphaMetrics

  package init(year: Int, stage: Stage, metrics: AlphaMetrics) {
    self.year = year
    self.stage = stage
    self.metrics = metrics
  }
}

/// How good an alpha is by its fitness alone, whatever its checks say.
package enum AlphaGrade: String, Hashable, Sendable, CaseIterable {
  case inferior = "INFERIOR"
  case average = "AVERAGE"
  case good = "GOOD"
  case excellent = "EXCELLENT"
  case spectacular = "SPECTACULAR"

  /// Grades by the thresholds of `limits`, each of which must be exceeded; NaN is inferior.
  package init(fitness: Double, limits: CheckLimits) {
    let passed = limits.gradeThresholds.prefix { fitness > $0 }.count
    self = Self.allCases[min(passed, Self.allCases.count - 1)]
  }
}
