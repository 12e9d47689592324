import Mathematics

/// When a gauge's flag comes on and goes off, and how fast what is past is forgotten.
///
/// Every level has two thresholds, one to enter it and a lower one to leave it, so that a value that
/// trembles about a threshold does not make a page flicker. Every flag has a cause, and goes off with
/// it: at once where a later check shows that the cause is gone, otherwise after ``verdictSeconds``.
package enum GaugeRules {
  /// How loaded a run is by its pressure alone.
  package enum Level: Int, Hashable, Comparable, Sendable {
    case stable, warning, critical

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package static let warningEnters = 0.85
  package static let warningLeaves = 0.80
  package static let criticalEnters = 1.0
  package static let criticalLeaves = 0.95

  /// Novelty below which new formulas are called too alike.
  package static let lowNoveltyEnters = 0.15
  package static let lowNoveltyLeaves = 0.20
  /// Coverage below which a run is called narrow, once it has built ``coverageJudgedFrom`` packs.
  package static let lowCoverageEnters = 0.10
  package static let lowCoverageLeaves = 0.12
  /// One pack cannot cover a catalogue, so the first ones are not judged.
  package static let coverageJudgedFrom = 3
  /// How far the realised explore share may lie below the target.
  package static let exploreSlackEnters = 0.15
  package static let exploreSlackLeaves = 0.10

  /// A refusal of a single call describes that call for so long, in seconds.
  package static let verdictSeconds = 300.0
  /// The protection after a fallback lasts so long that a person sees it, in seconds.
  package static let protectionSeconds = 15.0
  /// The size of a call presses in full for so long after its last event, in seconds.
  package static let callHoldSeconds = 60.0
  /// The time constant by which the pressure of a call that is over fades, in seconds.
  package static let callFadeSeconds = 60.0
  /// The time constant of velocities, in seconds: a burst counts to a half for 21 s.
  package static let velocitySeconds = 30.0
  /// What is being scanned is forgotten after so many seconds.
  package static let scanSeconds = 60.0

  /// What is left of something that fades is nothing once it is below this share.
  static let faded = 1e-3

  /// What is left of a call's pressure so many seconds after it began to fade.
  static func fading(after seconds: Double) -> Double {
    let share = Elementary.exp(-seconds / callFadeSeconds)
    return share < faded ? 0 : share
  }

  /// The level that follows on `previous` at a pressure.
  package static func level(after previous: Level, pressure: Double) -> Level {
    if pressure >= (previous == .critical ? criticalLeaves : criticalEnters) { return .critical }
    if pressure >= (previous >= .warning ? warningLeaves : warningEnters) { return .warning }
    return .stable
  }

  /// Whether a value is low, given whether it was low before.
  package static func isLow(
    _ value: Double, was wasLow: Bool, enters: Double, leaves: Double
  ) -> Bool {
    value < (wasLow ? leaves : enters)
  }

  /// A value over its limit, finite and never negative: any use of a limit of nothing is all of it.
  package static func ratio(_ value: Double, of limit: Double) -> Double {
    guard limit > 0 else { return value > 0 ? 1 : 0 }
    let ratio = value / limit
    return ratio.isFinite ? max(0, ratio) : 0
  }
}
