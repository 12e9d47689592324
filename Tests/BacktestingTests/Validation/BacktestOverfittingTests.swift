import Backtesting
import Mathematics
import TestKit
import Testing

@Suite("BacktestOverfitting")
struct BacktestOverfittingTests {
  /// Trials of pure noise, some of them the repetition of another.
  static func noise(rows: Int, trials: Int, seed: UInt64) throws -> TrialReturns {
    var generator = SplitMix64(seed: seed)
    var series = (0..<trials).map { _ in
      (0..<rows).map { _ in generator.nextUniform() - 0.5 }
    }
    if trials > 4 { series[3] = series[1] }
    return try TrialReturns(series: series)
  }

  /// The definition, word by word, over the row sets of every split.
  struct Plain {
    var splits = 0
    var splitsByRank: [Int]
    var losses = 0
    var inSample: [Double] = []
    var outOfSample: [Double] = []

    init(of returns: TrialReturns, blocks: Int) {
      splitsByRank = Array(repeating: 0, count: returns.trials)
      let perBlock = returns.rows / blocks
      let first = returns.rows % blocks
      for mask in 0..<(1 << blocks) where mask.nonzeroBitCount == blocks / 2 {
        func ratios(_ bit: Int) -> [Double] {
          let ranges = (0..<blocks).filter { mask >> $0 & 1 == bit }.map {
            first + $0 * perBlock..<first + ($0 + 1) * perBlock
          }
          return (0..<returns.trials).map {
            returns.sharpe(of: $0, over: ranges) ?? -.infinity
          }
        }
        let chosen = ratios(1)
        let other = ratios(0)
        let winner = chosen.firstIndex(of: chosen.max()!)!
        splits += 1
        splitsByRank[other.filter { $0 < other[winner] }.count] += 1
        if other[winner] < 0 { losses += 1 }
        inSample.append(chosen[winner])
        outOfSample.append(other[winner])
      }
    }
  }

  @Test(
    "the walk over shared sums agrees with the definition",
    arguments: [(2, 41), (4, 50), (6, 60), (8, 64)])
  func agreesWithPlain(blocks: Int, rows: Int) throws {
    let returns = try Self.noise(rows: rows, trials: 6, seed: UInt64(blocks))
    let fast = try BacktestOverfitting(of: returns, blocks: blocks)
    let plain = Plain(of: returns, blocks: blocks)
    #expect(fast.splits == plain.splits)
    #expect(fast.splitsByRank == plain.splitsByRank)
    #expect(agree(fast.lossProbability, Double(plain.losses) / Double(plain.splits)))
    #expect(fast.rowsLeftOut == rows % blocks)
    #expect(fast.wins.reduce(0, +) == fast.splits)
    let slope =
      LinearRegression(of: plain.outOfSample, on: [plain.inSample])?.coefficients[1]
    if let slope { #expect(agree(fast.degradationSlope ?? .nan, slope, relative: 1e-7)) }
  }

  @Test(
    "forty real alphas over 12,870 splits",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func realAlphas() throws {
    let reference = GovernanceOracle.object("cscv_reference.json")
    let overfitting = try BacktestOverfitting(of: GovernanceOracle.alphas.trials, blocks: 16)
    #expect(overfitting.splits == reference["n_comb"] as? Int)
    #expect(overfitting.probability == 9277.0 / 12_870)
    let probability = try #require(reference["pbo"] as? Double)
    #expect(agree(overfitting.probability, probability, relative: 1e-15))
    let meanLogit = try #require(reference["mean_logit"] as? Double)
    #expect(agree(overfitting.meanLogit, meanLogit, relative: 1e-13))
  }

  @Test("a trial with real skill is not overfitted")
  func skill() throws {
    var series = (0..<5).map { try! Self.noise(rows: 200, trials: 1, seed: 40 + $0).values }
    series[2] = series[2].map { $0 + 0.3 }
    let overfitting = try BacktestOverfitting(of: TrialReturns(series: series), blocks: 8)
    #expect(overfitting.probability == 0)
    #expect(overfitting.wins[2] == overfitting.splits)
    #expect(overfitting.lossProbability == 0)
  }

  @Test("trials that trade places between halves are overfitted in every split")
  func opposites() throws {
    let up = try Self.noise(rows: 40, trials: 1, seed: 1).values
    let flip = up.enumerated().map { $0.offset < 20 ? $0.element + 2 : $0.element - 2 }
    let overfitting = try BacktestOverfitting(
      of: TrialReturns(series: [flip, flip.map { -$0 }]), blocks: 2)
    #expect(overfitting.probability == 1 && overfitting.lossProbability == 1)
  }

  @Test("a trial that does nothing never wins by rounding")
  func idle() throws {
    let constant = [Double](repeating: 0.1, count: 48)
    var series = [constant]
    series.append(try Self.noise(rows: 48, trials: 1, seed: 5).values)
    let overfitting = try BacktestOverfitting(of: TrialReturns(series: series), blocks: 6)
    #expect(overfitting.wins == [0, 20])
  }

  @Test("unusable input is refused with its reason")
  func refused() throws {
    let returns = try Self.noise(rows: 40, trials: 3, seed: 9)
    for blocks in [0, 3, 22, -2] {
      #expect(
        throws: ValidationFailure.unusableSetting(
          name: "blocks", value: blocks, allowed: "an even number from 2 to 20")
      ) { try BacktestOverfitting(of: returns, blocks: blocks) }
    }
    #expect(throws: ValidationFailure.self) {
      try BacktestOverfitting(of: Self.noise(rows: 10, trials: 3, seed: 9), blocks: 8)
    }
    #expect(throws: ValidationFailure.self) {
      try BacktestOverfitting(of: Self.noise(rows: 40, trials: 1, seed: 9), blocks: 4)
    }
    #expect(throws: ValidationFailure.missingValue(trial: 1, row: 2)) {
      try TrialReturns(series: [[1, 2, 3], [1, 2, .nan]])
    }
    #expect(throws: ValidationFailure.unequalTrials(trial: 1, rows: 2, expected: 3)) {
      try TrialReturns(series: [[1, 2, 3], [1, 2]])
    }
    #expect(throws: ValidationFailure.noTrials) { try TrialReturns(series: []) }
  }
}
