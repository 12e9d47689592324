import Essentials
import Testing

@testable import Models

@Suite("Purged splits of labels")
struct LabelSplitsTests {
  @Test(
    "No training label overlaps the test labels or begins in the embargo, whatever their lengths")
  func purging() throws {
    var chance = Chance(seed: 3)
    for round in 0..<30 {
      let embargo = TimeSpan.minutes(Int64(chance.whole(below: 6)))
      let splits = try #require(LabelSplits(embargo: embargo))
      let intervals = try (0..<120).map { row in
        let start = LabeledMarket.instant(row / 3)
        return try #require(
          LabelInterval(from: start, to: start + .minutes(Int64(1 + chance.whole(below: 5)))))
      }
      var folds = try #require(splits.folds(2 + round % 4, of: intervals))
      #expect(folds.flatMap(\.test) == Array(0..<120))
      folds.append(try #require(splits.holdout(0.25, of: intervals)))
      for fold in folds {
        #expect(fold.train.count + fold.test.count + fold.purged == 120)
        let first = try #require(fold.test.map { intervals[$0].start }.min())
        let end = try #require(fold.test.map { intervals[$0].end }.max())
        let guarded = try #require(LabelInterval(from: first, to: end + embargo))
        for row in fold.train {
          #expect(!intervals[row].overlaps(guarded), "row \(row), round \(round)")
        }
        // One instant is on one side of the cut, for all symbols.
        let sides = Set(fold.train.map { intervals[$0].start })
        #expect(sides.isDisjoint(with: fold.test.map { intervals[$0].start }))
      }
    }
  }

  @Test("What cannot be split is not split")
  func impossible() throws {
    #expect(LabelSplits(embargo: .minutes(-1)) == nil)
    let splits = try #require(LabelSplits())
    let one = try #require(
      LabelInterval(from: LabeledMarket.instant(0), to: LabeledMarket.instant(9)))
    #expect(splits.folds(2, of: [one, one]) == nil)
    #expect(splits.holdout(0.5, of: [one]) == nil)
    #expect(splits.holdout(1, of: [one, one]) == nil)
    #expect(splits.folds(2, of: []) == nil)
  }
}
