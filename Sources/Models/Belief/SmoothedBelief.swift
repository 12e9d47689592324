package import Essentials
import Mathematics

/// Beliefs averaged over time, part by part, so that the parts of the average still add up to it.
///
/// The weight of what was believed before halves with every half-life that passes, however often a
/// belief is formed. Cost: the number of sources, no allocation.
package struct SmoothedBelief: Restartable, Hashable {
  /// What it is made with.
  package struct Settings: Hashable, Sendable {
    /// Seconds after which what was believed weighs half.
    package var halfLifeSeconds: Double

    package init(halfLifeSeconds: Double) {
      precondition(halfLifeSeconds > 0, "a half-life of \(halfLifeSeconds)")
      self.halfLifeSeconds = halfLifeSeconds
    }
  }

  package static let kind = "smoothed_belief"

  private let settings: Settings
  private var driftParts = [Double](repeating: 0, count: DriftSource.allCases.count)
  private var volatilityParts = [Double](repeating: 0, count: VolatilitySource.allCases.count)
  private var instant: Timestamp?

  package init(_ settings: Settings) {
    self.settings = settings
  }

  /// Takes a belief. One that is earlier than the latest is refused: false is returned and nothing
  /// changes.
  @discardableResult
  package mutating func observe(_ belief: Belief, at time: Timestamp) -> Bool {
    guard let before = instant else {
      driftParts = belief.driftParts
      volatilityParts = belief.volatilityParts
      instant = time
      return true
    }
    guard time >= before else { return false }
    let seconds = Double(time.millisecondsSinceEpoch - before.millisecondsSinceEpoch) / 1000
    let kept = Elementary.exp(-Elementary.log(2) * seconds / settings.halfLifeSeconds)
    for place in driftParts.indices {
      driftParts[place] = kept * driftParts[place] + (1 - kept) * belief.driftParts[place]
    }
    for place in volatilityParts.indices {
      volatilityParts[place] =
        kept * volatilityParts[place] + (1 - kept) * belief.volatilityParts[place]
    }
    instant = time
    return true
  }

  /// The average; nil before the first belief. It has no stages: none of its own made it.
  package var belief: Belief? {
    instant.map { _ in Belief(driftParts: driftParts, volatilityParts: volatilityParts) }
  }

  /// What observations have changed.
  package var memory: [JSONValue.Member] {
    [
      JSONValue.Member("drift_parts", .numbers(driftParts)),
      JSONValue.Member("volatility_parts", .numbers(volatilityParts)),
      JSONValue.Member(
        "instant", instant.map { .integer(Int($0.millisecondsSinceEpoch)) } ?? .null),
    ]
  }

  /// Takes up what ``memory`` holds, into a model with the same settings.
  package mutating func recall(_ reader: inout DocumentReader) {
    if let saved = reader.requiredNumbers("drift_parts", count: driftParts.count) {
      driftParts = saved
    }
    if let saved = reader.requiredNumbers("volatility_parts", count: volatilityParts.count) {
      volatilityParts = saved
    }
    instant = reader.whole("instant", in: Int.min...Int.max).map {
      Timestamp(millisecondsSinceEpoch: Int64($0))
    }
  }
}
