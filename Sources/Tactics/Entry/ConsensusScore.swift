package import Essentials
package import Markets

/// What indicators of one market say together: positive for long, negative for short.
///
/// Each indicator is standardized by its own last values in the same regime and session of the day.
/// Indicators that know no side strengthen or weaken what the others say, so that a market seen in a
/// mirror gives the same score with the other sign.
package struct ConsensusScore: Sendable {
  /// The indicators of one moment; NaN is what is not known and counts 0.
  package struct Indicators: Hashable, Sendable {
    /// Net expectation of long less that of short.
    package var expectation = Double.nan
    /// Shortfall of long less that of short.
    package var shortfall = Double.nan
    /// Stop probability of long less that of short.
    package var stopProbability = Double.nan
    /// Order flow that prices have not answered yet, positive for buying.
    package var flow = Double.nan
    /// The direction model's edge, positive for a rise.
    package var direction = Double.nan
    package var liquidity = Double.nan
    package var spread = Double.nan
    /// From 0 to 100.
    package var relativeStrength = Double.nan

    package init() {}
  }

  /// Values that each indicator is standardized by.
  package static let windowMax = 500
  /// With fewer values a fixed scale stands in for the deviation.
  private static let windowMin = 5

  private var windows: [Window: Ring] = [:]

  private struct Window: Hashable {
    var regime: TacticalRegime
    var session: Int
    var indicator: Int
  }

  private struct Ring {
    var values: [Double] = []
    var next = 0

    mutating func append(_ value: Double) {
      if values.count < ConsensusScore.windowMax {
        values.append(value)
      } else {
        values[next] = value
        next = (next + 1) % values.count
      }
    }
  }

  package init() {}

  /// Takes the indicators of one decision in and returns their score. Cost: 2,500 additions.
  package mutating func observe(
    _ indicators: Indicators, regime: TacticalRegime, at now: Timestamp
  ) -> Double {
    let session = Self.session(of: now)
    func score(_ value: Double, _ indicator: Int, scale: Double) -> Double {
      guard value.isFinite else { return 0 }
      let place = Window(regime: regime, session: session, indicator: indicator)
      let score = Self.standardized(value, by: windows[place]?.values ?? [], scale: scale)
      windows[place, default: Ring()].append(value)
      return score
    }
    var sided = 1.2 * score(indicators.expectation, 0, scale: 0.001)
    sided += 0.9 * score(indicators.shortfall, 1, scale: 0.01)
    sided -= 0.7 * indicators.stopProbability.known(or: 0)
    sided += 0.5 * score(indicators.flow, 2, scale: 1)
    sided += 0.5 * indicators.direction.known(or: 0)
    if indicators.relativeStrength >= 60 { sided += 0.2 }
    if indicators.relativeStrength <= 40 { sided -= 0.2 }
    let support =
      0.3 * score(indicators.liquidity, 3, scale: 1)
      - 0.6 * score(indicators.spread, 4, scale: 0.0005)
    // Support turns no opinion around.
    if sided > 0 { return max(0, sided + support) }
    return sided < 0 ? min(0, sided - support) : 0
  }

  /// Returns the side that a score speaks for; nil where it is weak or the side expects no profit.
  package static func side(
    of score: Double, long: SideBelief, short: SideBelief, under settings: EntrySettings.Consensus
  ) -> PositionSide? {
    guard settings.isEnabled, abs(score) >= settings.threshold else { return nil }
    let side: PositionSide = score > 0 ? .long : .short
    let belief = side == .long ? long : short
    return belief.netReturn > 0 && belief.profitProbability >= settings.confidenceMin ? side : nil
  }

  /// The part of the day in UTC: 0 until six, 1 until thirteen, 2 until twenty-one, then 3.
  private static func session(of now: Timestamp) -> Int {
    let hour = SymbolQuality.hour(of: now)
    return hour < 6 ? 0 : hour < 13 ? 1 : hour < 21 ? 2 : 3
  }

  private static func standardized(
    _ value: Double, by values: [Double], scale: Double
  ) -> Double {
    guard values.count >= windowMin else { return value / scale }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count)).squareRoot()
    return deviation > 0 ? clip((value - mean) / deviation, -8, 8) : 0
  }
}
