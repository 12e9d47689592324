/// What a model says of the next move.
package struct DirectionForecast: Hashable, Sendable {
  /// Which part of a model spoke.
  package enum Speaker: Hashable, Sendable {
    /// Boosted trees for all regimes.
    case trees
    case treesOfRegime(RegimeTag)
    case regime(RegimeTag)
    case global
  }

  /// The chance that the price will rise.
  package let chanceLong: Double
  package let speaker: Speaker

  package init(chanceLong: Double, speaker: Speaker) {
    self.chanceLong = chanceLong
    self.speaker = speaker
  }

  /// From -1, certainly down, to 1, certainly up.
  package var edge: Double { 2 * chanceLong - 1 }
  /// The chance of the likelier direction, from 0.5 to 1.
  package var confidence: Double { max(chanceLong, 1 - chanceLong) }
}
