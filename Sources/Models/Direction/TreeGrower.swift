package import Essentials

/// How boosted trees are grown, in the terms of LightGBM.
package struct TreeSettings: Hashable, Sendable {
  /// The most leaves of a tree, at least two.
  package var leaves: Int
  /// What each tree adds of what it learned.
  package var learningRate: Double
  /// Rows without which there is no leaf.
  package var rowsPerLeafMin: Int
  /// The share of the features that each tree may look at.
  package var featureShare: Double
  /// How many trees are grown one after the other. The first ones of a longer row are those of a
  /// shorter one.
  package var rounds: Int

  package init(
    leaves: Int, learningRate: Double, rowsPerLeafMin: Int = 60, featureShare: Double = 0.7,
    rounds: Int
  ) {
    precondition(leaves > 1 && rounds > 0 && rowsPerLeafMin > 0, "trees that cannot grow")
    self.leaves = leaves
    self.learningRate = learningRate
    self.rowsPerLeafMin = rowsPerLeafMin
    self.featureShare = featureShare
    self.rounds = rounds
  }

  /// Small and larger trees, slow and fast, to be chosen from.
  package static let grid: [TreeSettings] = [7, 31].flatMap { leaves in
    [0.03, 0.08].map { TreeSettings(leaves: leaves, learningRate: $0, rounds: roundsMax) }
  }
  /// The numbers of trees to be chosen from; no chance is lost by stopping early on rows that choose
  /// nothing else.
  package static let stops = [20, 65, 130, 260]
  /// The last of ``stops``.
  static let roundsMax = 260

  package var json: JSONValue {
    [
      "num_leaves": .integer(leaves), "learning_rate": .number(learningRate),
      "min_data_in_leaf": .integer(rowsPerLeafMin), "feature_fraction": .number(featureShare),
      "num_iterations": .integer(rounds),
    ]
  }
}

/// The rows that trees are grown on.
package struct TreeTable: Hashable, Sendable {
  /// What trees learn to say.
  package enum Aim: String, Hashable, Sendable {
    /// The chance that a target is 1 where others are 0.
    case chance = "binary"
    /// The mean of the targets.
    case mean = "regression"
  }

  package let featureNames: [String]
  /// One value for each feature, NaN for a missing one.
  package let rows: [[Double]]
  package let targets: [Double]
  package let aim: Aim

  package init(featureNames: [String], rows: [[Double]], targets: [Double], aim: Aim) {
    precondition(
      rows.count == targets.count && rows.allSatisfy { $0.count == featureNames.count },
      "targets that are not of the rows")
    self.featureNames = featureNames
    self.rows = rows
    self.targets = targets
    self.aim = aim
  }
}

/// A model to be grown on some of the rows of a table.
package struct TreeTask: Hashable, Sendable {
  package let settings: TreeSettings
  /// The places of the rows, rising.
  package let places: [Int]

  package init(_ settings: TreeSettings, on places: [Int]) {
    self.settings = settings
    self.places = places
  }
}

/// Why no trees were grown, as whoever grows them explains it.
package struct TreeFailure: ExplainedFailure, Hashable {
  package let key: String
  package let explanation: String
  package let remedy: String
  package let outcome: FailureOutcome

  package init(
    key: String, explanation: String, remedy: String, outcome: FailureOutcome = .badConfiguration
  ) {
    self.key = key
    self.explanation = explanation
    self.remedy = remedy
    self.outcome = outcome
  }
}

/// Whoever grows trees, given to what learns by them. The same table and task give the same trees.
package struct TreeGrower: Sendable {
  /// Grows a model for each task, or none at all. The texts are those that ``BoostedTrees`` reads.
  package var grow:
    @Sendable (_ table: TreeTable, _ tasks: [TreeTask]) throws(TreeFailure) -> [BoostedTrees]

  package init(
    _ grow: @escaping @Sendable (TreeTable, [TreeTask]) throws(TreeFailure) -> [BoostedTrees]
  ) {
    self.grow = grow
  }
}
