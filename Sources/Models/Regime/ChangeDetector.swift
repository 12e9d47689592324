package import Essentials
import Mathematics

/// Whether drift or volatility of returns has changed, with a bound on how often it errs.
///
/// Four charts run side by side, one for each change that is watched for: drift up, drift down,
/// volatility up, volatility down. Each sums how much better a changed law explains a return than the
/// old one, never falling below zero: the CUSUM of E. Page, "Continuous Inspection Schemes",
/// Biometrika 41 (1954). By G. Lorden, "Procedures for Reacting to a Change in Distribution", Annals
/// of Mathematical Statistics 42 (1971), theorem 2, a chart with threshold ln A raises a false alarm
/// no more often than once in A returns on average; four with A = 4 N together once in N.
///
/// The bound is exact for normal returns of known variance. The variance here is learned, from
/// returns before the one that is judged, and returns beyond four deviations count as four. Constant
/// cost, no allocation.
package struct ChangeDetector: Restartable, Hashable {
  /// What has changed.
  package enum Change: String, CaseIterable, Hashable, Sendable {
    case driftUp = "drift_up"
    case driftDown = "drift_down"
    case volatilityUp = "volatility_up"
    case volatilityDown = "volatility_down"
  }

  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// Returns between false alarms on average, at least.
    package var falseAlarmInterval: Double
    /// The change of the drift that is watched for, in deviations of a return.
    package var driftShift: Double
    /// The ratio of deviations that is watched for; its inverse too.
    package var volatilityRatio: Double
    /// Returns after which a squared return weighs half in the variance.
    package var varianceHalfLife: Double
    /// Returns that only teach the variance, at first and after an alarm.
    package var warmUp: Int

    package init(
      falseAlarmInterval: Double = 10_000, driftShift: Double = 0.5, volatilityRatio: Double = 1.5,
      varianceHalfLife: Double = 240, warmUp: Int = 120
    ) {
      precondition(
        falseAlarmInterval > 1 && driftShift > 0 && volatilityRatio > 1 && warmUp > 0,
        "a detector that watches for nothing")
      self.falseAlarmInterval = falseAlarmInterval
      self.driftShift = driftShift
      self.volatilityRatio = volatilityRatio
      self.varianceHalfLife = varianceHalfLife
      self.warmUp = warmUp
    }
  }

  package static let kind = "change_detector"

  /// A wilder return is counted as this many deviations.
  private static let deviationsMax = 4.0

  private let settings: Settings
  private let threshold: Double
  private var variance: DiscountedMean
  private var charts = SIMD4<Double>(repeating: 0)
  /// The change that was found last, and how many returns ago.
  package private(set) var latest: Change?
  package private(set) var returnsSinceChange = 0

  package init(_ settings: Settings) {
    self.settings = settings
    threshold = Elementary.log(4 * settings.falseAlarmInterval)
    variance = DiscountedMean(halfLife: settings.varianceHalfLife)
  }

  /// Takes the log return of a step that is complete, and returns the change that it gives away. One
  /// that is not finite is passed over.
  @discardableResult
  package mutating func observe(logReturn: Double) -> Change? {
    guard (logReturn * logReturn).isFinite else { return nil }
    returnsSinceChange += latest == nil ? 0 : 1
    defer { variance.add(logReturn * logReturn) }
    guard variance.count >= settings.warmUp, variance.value > 0 else { return nil }
    let raw = logReturn / variance.value.squareRoot()
    let scaled = min(Self.deviationsMax, max(-Self.deviationsMax, raw))
    let shift = settings.driftShift
    charts += SIMD4(
      shift * scaled - shift * shift / 2, -shift * scaled - shift * shift / 2,
      Self.gain(scaled, ratio: settings.volatilityRatio),
      Self.gain(scaled, ratio: 1 / settings.volatilityRatio))
    charts.replace(with: 0, where: charts .< 0)
    guard let index = charts.indices.first(where: { charts[$0] > threshold }) else { return nil }
    let change = Change.allCases[index]
    latest = change
    returnsSinceChange = 0
    charts = SIMD4(repeating: 0)
    // The old variance is no measure of what comes.
    variance = DiscountedMean(gain: variance.gain)
    return change
  }

  /// ln of the density with deviation `ratio` over that with deviation one.
  private static func gain(_ scaled: Double, ratio: Double) -> Double {
    0.5 * scaled * scaled * (1 - 1 / (ratio * ratio)) - Elementary.log(ratio)
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("variance", variance.json),
      JSONValue.Member("charts", .numbers(charts.indices.map { charts[$0] })),
      JSONValue.Member("latest", latest.map { .string($0.rawValue) } ?? .null),
      JSONValue.Member("returns_since_change", .integer(returnsSinceChange)),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    reader.recall(&variance, "variance", in: DocumentReader.notNegative)
    if let saved = reader.requiredNumbers(
      "charts", count: 4, in: DocumentReader.notNegative)
    {
      charts = SIMD4(saved[0], saved[1], saved[2], saved[3])
    }
    latest = reader.word("latest")
    returnsSinceChange = reader.requiredCount("returns_since_change")
  }
}
