import Mathematics

/// The limits that an alpha's checks are held against, as data.
///
/// The standard values are those that WorldQuant BRAIN shows to users and consultants for the USA.
package struct CheckLimits: Hashable, Sendable {
  /// Whom BRAIN shows the limits to.
  package enum Audience: String, Hashable, Sendable, CaseIterable {
    case user, consultant
  }

  package var sharpe: Double
  package var fitness: Double
  package var turnoverLowest = 0.01
  package var turnoverHighest = 0.70
  /// The largest share of the book that one instrument may have in any row.
  package var largestShare = 0.10
  /// The share of rows that must hold positions.
  package var investedShare = 0.5
  /// The smaller universe must reach this times the root of its relative size times the Sharpe.
  package var smallerUniverseFactor = 0.75
  package var selfCorrelation = 0.7
  /// An alpha that resembles others too much passes where its Sharpe is this many times theirs.
  package var selfCorrelationAdvantage = 1.1
  /// The least Sharpe of the last two years; nil where it is not asked.
  package var twoYearSharpe: Double?
  /// The ladder of Sharpes over 2, 3, ... years; nil where it is not asked.
  package var ladder: SharpeLadder?
  /// The fitness that must be exceeded for average, good, excellent and spectacular.
  package var gradeThresholds: [Double]

  /// Returns BRAIN's limits.
  ///
  /// - Precondition: `delay` is 0 or 1.
  package static func standard(for audience: Audience, delay: Int) -> CheckLimits {
    precondition(delay == 0 || delay == 1, "no limits for delay \(delay)")
    let isDelayed = delay == 1
    let grades = isDelayed ? [1, 1.5, 2, 2.5] : [1.3, 1.95, 2.6, 3.25]
    switch audience {
    case .user:
      return CheckLimits(
        sharpe: isDelayed ? 1.25 : 2.0, fitness: isDelayed ? 1.0 : 1.3, gradeThresholds: grades)
    case .consultant:
      return CheckLimits(
        sharpe: isDelayed ? 1.58 : 2.69, fitness: isDelayed ? 1.0 : 1.5,
        twoYearSharpe: isDelayed ? 1.58 : 2.69, ladder: isDelayed ? .delayOne : .delayZero,
        gradeThresholds: grades)
    }
  }

  /// The Sharpe that a smaller universe must reach: `0.75 * sqrt(size / whole) * sharpe`, so 0.433
  /// of the Sharpe for the 1000 most traded of 3000.
  package func smallerUniverseLimit(sharpe: Double, share: Double) -> Double {
    smallerUniverseFactor * share.squareRoot() * sharpe
  }

  /// Asks every question in BRAIN's order. A question whose answer is not defined is never passed.
  package func judge(_ evidence: CheckEvidence, pool: PnLPool?) -> [SimulationCheck] {
    let metrics = evidence.metrics
    var checks = [
      atLeast(.lowSharpe, metrics.sharpe, sharpe),
      atLeast(.lowFitness, metrics.fitness, fitness),
      atLeast(.lowTurnover, metrics.turnover, turnoverLowest),
      SimulationCheck(
        .highTurnover, metrics.turnover <= turnoverHighest ? .pass : .fail,
        value: metrics.turnover, limit: turnoverHighest),
      concentration(evidence),
      smallerUniverse(evidence),
    ]
    if let twoYearSharpe {
      checks.append(
        evidence.sharpe(ofLastYears: 2).map { atLeast(.lowTwoYearSharpe, $0, twoYearSharpe) }
          ?? SimulationCheck(
            .lowTwoYearSharpe, .warning, limit: twoYearSharpe,
            note: "The sample is shorter than two years."))
    }
    if let ladder { checks.append(ladder.judge(evidence)) }
    checks.append(resemblance(evidence, pool: pool))
    checks.append(
      SimulationCheck(
        .units, evidence.alpha.unitFindings.isEmpty ? .pass : .warning,
        note: evidence.alpha.unitFindings.first))
    return checks
  }

  private func atLeast(
    _ name: SimulationCheck.Name, _ value: Double, _ limit: Double
  ) -> SimulationCheck {
    SimulationCheck(
      name, value >= limit ? .pass : .fail, value: value, limit: limit,
      note: value.isNaN ? "The figure is not defined for this book." : nil)
  }

  private func concentration(_ evidence: CheckEvidence) -> SimulationCheck {
    let series = evidence.series
    let largest = series.largestShare.max() ?? 0
    let held = series.grossExposure.reduce(0.0) { $0 + ($1 > 0 ? 1 : 0) }
    let invested = held / Double(max(1, series.count))
    if invested < investedShare {
      return SimulationCheck(
        .concentratedWeight, .fail, value: largest, limit: largestShare,
        note: "Positions are held in \(Int(held)) of \(series.count) rows.")
    }
    // A weight at the limit may exceed it by rounding.
    return SimulationCheck(
      .concentratedWeight, largest <= largestShare * (1 + 1e-9) ? .pass : .fail, value: largest,
      limit: largestShare)
  }

  private func smallerUniverse(_ evidence: CheckEvidence) -> SimulationCheck {
    guard let share = evidence.smallerUniverseShare, let sharpe = evidence.smallerUniverseSharpe
    else {
      return SimulationCheck(
        .lowSubUniverseSharpe, .warning,
        note: "The panel has no volume by which the most traded instruments could be found.")
    }
    return atLeast(
      .lowSubUniverseSharpe, sharpe,
      smallerUniverseLimit(sharpe: evidence.metrics.sharpe, share: share))
  }

  private func resemblance(_ evidence: CheckEvidence, pool: PnLPool?) -> SimulationCheck {
    guard let pool else {
      return SimulationCheck(.selfCorrelation, .pending, limit: selfCorrelation)
    }
    let own = PnLPool.Entry(
      name: "", stamps: evidence.series.stamps, pnl: evidence.series.pnl,
      sharpe: evidence.metrics.sharpe)
    return judge(pool.compare(own), sharpe: evidence.metrics.sharpe)
  }

  /// Judges how much an alpha of that Sharpe resembles a pool: no correlation may reach the limit,
  /// except with alphas over which it has the advantage.
  package func judge(_ correlation: SelfCorrelation, sharpe: Double) -> SimulationCheck {
    let tooAlike = correlation.records.filter { $0.correlation >= selfCorrelation }
    // A negative Sharpe ratio has no advantage over anything, whatever 1.1 times it is.
    let unbeaten = tooAlike.filter {
      !(sharpe > 0 && sharpe >= selfCorrelationAdvantage * $0.sharpe)
    }
    var note: String?
    if let first = unbeaten.first {
      note =
        "It resembles \(first.name) without a Sharpe \(selfCorrelationAdvantage) times as high."
    } else if let first = tooAlike.first {
      note = "It resembles \(first.name) with a Sharpe \(selfCorrelationAdvantage) times as high."
    } else if !correlation.incomparable.isEmpty {
      note = "Alphas with too few common rows to compare: \(correlation.incomparable.count)."
    }
    return SimulationCheck(
      .selfCorrelation, unbeaten.isEmpty ? .pass : .fail, value: correlation.largest ?? 0,
      limit: selfCorrelation, note: note)
  }
}

/// BRAIN's ladder: an alpha passes at the first number of recent years in which it is outstanding,
/// and fails at the first in which it is poor.
package struct SharpeLadder: Hashable, Sendable {
  package var failBelow: Double
  /// For the last 2, 3, ... years.
  package var passAbove: [Double]
  /// Below this turnover the passing marks are eased.
  package var calmTurnover = 0.30
  package var calmFactor = 0.85

  /// The steps for alphas of delay 1.
  package static let delayOne = SharpeLadder(
    failBelow: 1.59, passAbove: [2.38, 2.38, 2.38, 2.38, 2.22, 2.06, 1.90, 1.74, 1.59])
  /// The steps for alphas of delay 0.
  package static let delayZero = SharpeLadder(
    failBelow: 2.69, passAbove: [3.96, 3.96, 3.96, 3.96, 3.64, 3.33, 3.17, 2.85, 2.69])

  /// Climbs the ladder over as many whole years as the sample has. Whoever runs out of years
  /// without having been poor in any has passed.
  package func judge(_ evidence: CheckEvidence) -> SimulationCheck {
    let isCalm = evidence.metrics.turnover < calmTurnover
    var last: Double?
    for (index, mark) in passAbove.enumerated() {
      let years = index + 2
      guard let sharpe = evidence.sharpe(ofLastYears: years) else { break }
      last = sharpe
      if !(sharpe >= failBelow) {
        return SimulationCheck(
          .inSampleLadderSharpe, .fail, value: sharpe, limit: failBelow,
          note: "The Sharpe of the last \(years) years is too low.")
      }
      if sharpe > mark * (isCalm ? calmFactor : 1) { break }
    }
    guard let last else {
      return SimulationCheck(
        .inSampleLadderSharpe, .warning, limit: failBelow,
        note: "The sample is shorter than two years.")
    }
    return SimulationCheck(.inSampleLadderSharpe, .pass, value: last, limit: failBelow)
  }
}
