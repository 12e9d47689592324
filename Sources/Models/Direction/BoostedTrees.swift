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
  /// What a document keeps of the text: the lines that say what the trees say.
  package let text: String

  /// Reads the text of a model, or throws what is wrong with it.
  package init(text: String, document: String) throws(DocumentFailure) {
    self = try BoostedTreesReader(document: document).read(text)
  }

  init(
    featureNames: [String], objective: Objective, trees: [BoostedTree], isAverage: Bool,
    text: String
  ) {
    self.featureNames = featureNames
    self.objective = objective
    self.trees = trees
    self.isAverage = isAverage
    self.text = text
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

  /// Returns the sums of the first trees, for every number of them that is asked for, of which each
  /// is at most the next and at most ``count``; nil for another number of values.
  package func scores(_ features: [Double], after counts: [Int]) -> [Double]? {
    guard features.count == featureNames.count else { return nil }
    var sums: [Double] = []
    var sum = 0.0
    var next = 0
    for count in counts {
      while next < count {
        sum += trees[next].value(features)
        next += 1
      }
      sums.append(isAverage ? sum / Double(max(1, count)) : sum)
    }
    return sums
  }

  /// What a score is multiplied by to be log odds; nil for a model that says no chance.
  package var logOddsFactor: Double? {
    if case .binary(let sigmoid) = objective { sigmoid } else { nil }
  }

  /// Returns the log odds of the positive class; nil for another number of values or a model that
  /// says no chance.
  package func logOdds(_ features: [Double]) -> Double? {
    guard let factor = logOddsFactor else { return nil }
    return score(features).map { factor * $0 }
  }

  /// Returns the chance of the positive class; nil for another number of values or a model that says
  /// none.
  package func chance(_ features: [Double]) -> Double? {
    guard case .binary(let sigmoid) = objective, let score = score(features) else { return nil }
    return 1 / (1 + Elementary.exp(-sigmoid * score))
  }
}
