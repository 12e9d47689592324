import Mathematics

/// Boosted trees that say a chance, with what makes their claims come true as often as they say.
package struct DirectionTrees: Hashable, Sendable {
  package let trees: BoostedTrees
  package let calibration: PlattScale

  /// Nil for trees that say no chance.
  package init?(_ trees: BoostedTrees, calibration: PlattScale = .none) {
    guard trees.isChance else { return nil }
    self.trees = trees
    self.calibration = calibration
  }

  /// The calibrated chance for one value of each feature; nil for another number of values.
  package func chance(_ features: [Double]) -> Double? {
    guard calibration != .none else { return trees.chance(features) }
    return trees.logOdds(features).map { calibration.chance(logOdds: $0) }
  }
}
