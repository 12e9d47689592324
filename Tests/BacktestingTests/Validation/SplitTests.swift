import Backtesting
import TestKit
import Testing

@Suite("WalkForward")
struct WalkForwardTests {
  @Test("rolling folds by hand")
  func rolling() throws {
    let splits = try WalkForward(window: .rolling, trainLength: 4, testLength: 3, gap: 1)
      .splits(rows: 12)
    #expect(
      splits == [
        RowSplit(train: [1..<5], test: 6..<9), RowSplit(train: [4..<8], test: 9..<12),
      ])
  }

  @Test("anchored folds by hand")
  func anchored() throws {
    let splits = try WalkForward(trainLength: 4, testLength: 3, gap: 1).splits(rows: 12)
    #expect(
      splits == [
        RowSplit(train: [0..<5], test: 6..<9), RowSplit(train: [0..<8], test: 9..<12),
      ])
  }

  @Test("tests tile the end of the sample and learning ends before the gap")
  func laws() throws {
    for window in WalkForward.Window.allCases {
      for (rows, train, test, gap) in [(100, 30, 7, 0), (57, 20, 10, 3), (40, 1, 1, 0)] {
        let splits = try WalkForward(
          window: window, trainLength: train, testLength: test, gap: gap
        ).splits(rows: rows)
        #expect(splits.last?.test.upperBound == rows)
        for (one, next) in zip(splits, splits.dropFirst()) {
          #expect(one.test.upperBound == next.test.lowerBound)
        }
        for split in splits {
          #expect(split.train.count == 1 && split.test.count == test)
          #expect(split.train[0].upperBound + gap == split.test.lowerBound)
          #expect(split.trainRows >= train && split.train[0].lowerBound >= 0)
          #expect(window == .anchored || split.trainRows == train)
        }
        // One more fold would not fit.
        #expect(rows - splits.count * test - gap - train < test)
      }
    }
  }

  @Test("settings that make no fold are refused")
  func refused() {
    let plans = [
      WalkForward(trainLength: 0, testLength: 1), WalkForward(trainLength: 1, testLength: 0),
      WalkForward(trainLength: 1, testLength: 1, gap: -1),
      WalkForward(trainLength: 9, testLength: 2),
    ]
    for plan in plans {
      #expect(throws: ValidationFailure.self) { try plan.splits(rows: 10) }
    }
  }
}

@Suite("PurgedKFold")
struct PurgedKFoldTests {
  @Test("folds by hand")
  func byHand() throws {
    let splits = try PurgedKFold(folds: 3, labelHorizon: 1, embargo: 2).splits(rows: 12)
    #expect(
      splits == [
        RowSplit(train: [7..<12], test: 0..<4),
        RowSplit(train: [0..<3, 11..<12], test: 4..<8),
        RowSplit(train: [0..<7], test: 8..<12),
      ])
  }

  @Test(
    "tests partition the rows, no label of learning meets one of the test, and the embargo holds",
    arguments: [(30, 3, 0, 0), (31, 4, 2, 0), (57, 5, 3, 4), (100, 7, 1, 6), (10, 10, 0, 0)])
  func laws(rows: Int, folds: Int, horizon: Int, embargo: Int) throws {
    let splits = try PurgedKFold(folds: folds, labelHorizon: horizon, embargo: embargo)
      .splits(rows: rows)
    #expect(splits.count == folds)
    #expect(splits.flatMap { Array($0.test) } == Array(0..<rows))
    for split in splits {
      let train = Set(split.train.flatMap { Array($0) })
      #expect(split.train.allSatisfy { !$0.isEmpty } && train.count == split.trainRows)
      for row in 0..<rows {
        let overlaps = split.test.contains { test in
          row <= test + horizon && test <= row + horizon
        }
        let lastLabel = split.test.upperBound - 1 + horizon
        let embargoed = row > lastLabel && row <= lastLabel + embargo
        // Exactly the rows that neither overlap nor are embargoed remain.
        #expect(train.contains(row) == !(overlaps || embargoed), "row \(row) of \(split)")
      }
    }
  }

  @Test("settings that leave nothing are refused")
  func refused() {
    let plans = [
      PurgedKFold(folds: 1), PurgedKFold(folds: 2, labelHorizon: -1),
      PurgedKFold(folds: 2, embargo: -1), PurgedKFold(folds: 11),
      PurgedKFold(folds: 2, labelHorizon: 5),
    ]
    for plan in plans {
      #expect(throws: ValidationFailure.self) { try plan.splits(rows: 10) }
    }
  }
}

@Suite("FoldOutcome")
struct FoldOutcomeTests {
  @Test("the best where it was learned is shown where it was not")
  func chooses() throws {
    let good = (0..<40).map { $0.isMultiple(of: 2) ? 3.0 : -1.0 }
    let lucky = good.enumerated().map { $0.offset < 20 ? 2 * $0.element + 1 : -$0.element }
    let trials = try TrialReturns(series: [good, lucky])
    let outcomes = FoldOutcome.outcomes(
      of: trials, over: [RowSplit(train: [0..<20], test: 20..<40)], periodsPerYear: 4)
    let train = try #require(SharpeRatio.perPeriod(of: Array(lucky[..<20])))
    let test = try #require(SharpeRatio.perPeriod(of: Array(lucky[20...])))
    #expect(outcomes[0].chosen == 1)
    #expect(agree(outcomes[0].inSampleSharpe ?? .nan, 2 * train))
    #expect(agree(outcomes[0].outOfSampleSharpe ?? .nan, 2 * test))
    #expect(agree(FoldOutcome.efficiency(of: outcomes) ?? .nan, test / train))
    #expect(FoldOutcome.dispersion(of: outcomes) == nil)
  }

  @Test("rows in two pieces are measured as one")
  func pieces() throws {
    let series = Noise.normal(30, seed: 8)
    let trials = try TrialReturns(series: [Noise.normal(30, seed: 9), series])
    let joined = SharpeRatio.perPeriod(of: Array(series[..<10] + series[20...]))
    #expect(trials.sharpe(of: 1, over: [0..<10, 20..<30]) == joined)
  }

  @Test("constant stretches have no ratio, and losers no efficiency")
  func nothing() throws {
    let flat = try TrialReturns(series: [[1, 1, 1, 1, 2, 3]])
    let outcome = FoldOutcome.outcomes(of: flat, over: [RowSplit(train: [0..<4], test: 4..<6)])
    #expect(outcome[0].chosen == nil && outcome[0].outOfSampleSharpe == nil)
    #expect(FoldOutcome.efficiency(of: outcome) == nil)
    let loser = try TrialReturns(series: [[-1, -2, -1, -2, 1, 3]])
    let losing = FoldOutcome.outcomes(of: loser, over: [RowSplit(train: [0..<4], test: 4..<6)])
    #expect(FoldOutcome.efficiency(of: losing) == nil)
  }
}
