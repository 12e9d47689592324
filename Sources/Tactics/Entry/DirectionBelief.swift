package import Markets

/// What the direction model says. NaN is what is not known.
package struct DirectionBelief: Hashable, Sendable {
  /// Confidence in whichever direction is the likelier, from 0 to 1.
  package var confidence = Double.nan
  /// How far the likelier direction exceeds chance; positive where prices are thought to rise.
  package var edge = Double.nan
  /// Probability of a rise.
  package var probabilityLong = Double.nan

  package init() {}

  /// Returns the probability of the direction that a side gains from.
  package func probability(of side: PositionSide) -> Double {
    side == .long ? probabilityLong : 1 - probabilityLong
  }

  /// Whether the model says nothing at all.
  var isUnknown: Bool { confidence.isNaN && edge.isNaN && probabilityLong.isNaN }
}

extension PositionSide {
  /// 1 for long and -1 for short, as a factor of returns.
  var direction: Double { self == .long ? 1 : -1 }
}
