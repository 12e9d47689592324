import Essentials
import Foundation
import Testing

@testable import Models

@Suite("Boosted trees of LightGBM")
struct BoostedTreesTests {
  /// What LightGBM 4.7.0 says of the recorded models for these rows.
  private static let rows: [[Double]] = [
    [0.5, 0.2, 0.1, 1], [-1.2, .nan, 0, 4], [0, 0, 0, 0], [2.5, -1, -0.7, 7],
    [0.001, 1.5, 1e-36, -1], [-0.4, 0.3, 0.2, .nan], [.nan, .nan, .nan, .nan],
    [0.1, -0.6, 1.1, 2.9],
  ]

  @Test(
    "Scores are those of LightGBM to the bit, with categories, missing numbers and zeros",
    arguments: RecordedTrees.all)
  func reference(recorded: RecordedTrees) throws {
    let trees = try BoostedTrees(text: recorded.text, document: "model.txt")
    #expect(trees.count == 6 && trees.isChance)
    for (row, (score, chance)) in zip(Self.rows, zip(recorded.scores, recorded.chances)) {
      #expect(trees.score(row) == score, "\(row)")
      #expect(abs((trees.chance(row) ?? .nan) - chance) <= 1e-16, "\(row)")
    }
    #expect(trees.score([0]) == nil)
  }

  @Test(
    "A text that is no such model is refused with the place",
    arguments: [
      ("tree\n", "forest\n", "line 1"), ("end of trees", "", "end of trees"),
      ("num_class=1", "num_class=3", "num_class"),
      ("left_child=1 4 3 -3 -1", "left_child=0 4 3 -3 -1", "tree 0"),
      ("left_child=1 4 3 -3 -1", "left_child=1 4 3 -3", "left_child of tree 0"),
      ("split_feature=0 3 1 0 0", "split_feature=0 9 1 0 0", "split_feature of tree 0"),
      ("is_linear=0", "is_linear=1", "is_linear of tree 0"),
      ("cat_boundaries=0 1", "cat_boundaries=1 1", "cat_boundaries of tree 0"),
      ("max_feature_idx=3", "max_feature_idx=4", "max_feature_idx"),
      ("sigmoid:1", "sigmoid:0", "objective"), ("Tree=1", "Tree=7", "Tree=7"),
    ])
  func refusals(original: String, replacement: String, place: String) throws {
    let text = RecordedTrees.all[0].text
    let range = try #require(text.firstRange(of: original))
    let failure = #expect(throws: DocumentFailure.self) {
      try BoostedTrees(
        text: text.replacingCharacters(in: range, with: replacement), document: "model.txt")
    }
    #expect(failure?.explanation.contains(place) == true)
  }

  @Test("Trees speak where they know the features, in any order; without them the logistic part")
  func fallback() throws {
    let trees = try BoostedTrees(text: RecordedTrees.all[0].text, document: "model.txt")
    let part = DirectionPart(silentOn: 5)
    let names = ["session", "vpin", "mlofi", "ofi", "hurst"]
    let speaker = try #require(DirectionTrees(trees))
    var model = try #require(DirectionModel(featureNames: names, global: part, trees: speaker))
    let values = [1, 0.1, 0.2, 0.5, .nan]
    let spoken = try #require(model.forecast(values, regime: nil))
    #expect(spoken.speaker == .trees)
    #expect(spoken.chanceLong == trees.chance([0.5, 0.2, 0.1, 1]))
    model.trees = nil
    #expect(model.forecast(values, regime: nil)?.speaker == .global)
    let other = ["a", "b", "c", "d", "e"]
    let strangers = try #require(DirectionModel(featureNames: other, global: part, trees: speaker))
    #expect(!strangers.usesTrees)
    #expect(strangers.forecast(values, regime: nil)?.speaker == .global)
  }
}
