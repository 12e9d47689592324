package import Essentials
import Mathematics

/// Boosted decision trees as LightGBM saves them in a text (`model.txt`), to the bit of its own
/// predictions.
///
/// G. Ke and others, "LightGBM: A Highly Efficient Gradient Boosting Decision Tree", NIPS 2017. Read
/// are models of one output with constant leaves, of numbers and categories; others are refused.
package struct BoostedTrees: Hashable, Sendable {
  /// What the sum of the trees stands for.
  enum Objective: Hashable, Sendable {
    /// Log odds divided by the factor.
    case binary(sigmoid: Double)
    /// A number that is no chance.
    case other
  }

  package let featureNames: [String]
  let objective: Objective
  let trees: [BoostedTree]
  /// Whether the trees are averaged, as in a random forest.
  let isAverage: Bool

  /// Reads the text of a model, or throws what is wrong with it.
  package init(text: String, document: String) throws(DocumentFailure) {
    self = try BoostedTreesReader(document: document).read(text)
  }

  init(featureNames: [String], objective: Objective, trees: [BoostedTree], isAverage: Bool) {
    self.featureNames = featureNames
    self.objective = objective
    self.trees = trees
    self.isAverage = isAverage
  }

  /// The number of trees.
  package var count: Int { trees.count }

  /// Whether the model says a chance.
  package var isChance: Bool { objective != .other }

  /// Returns the sum or average of the trees for one value of each feature, NaN for a missing one;
  /// nil for another number of values.
  package func score(_ features: [Double]) -> Double? {
    guard features.count == featureNames.count else { return nil }
    var sum = 0.0
    for tree in trees { sum += tree.value(features) }
    return isAverage ? sum / Double(trees.count) : sum
  }

  /// Returns the chance of the positive class; nil for another number of values or a model that says
  /// none.
  package func chance(_ features: [Double]) -> Double? {
    guard case .binary(let sigmoid) = objective, let score = score(features) else { return nil }
    return 1 / (1 + Elementary.exp(-sigmoid * score))
  }
}
