import Mathematics

/// How often the trial that looks best in one half of the sample is worse than most in the other.
///
/// Combinatorially symmetric cross-validation: D. Bailey, J. Borwein, M. López de Prado and Q. Zhu,
/// "The Probability of Backtest Overfitting", Journal of Computational Finance 20 (2017), section 3.
/// The rows are cut into an even number of blocks; every half of them is once the sample in which a
/// winner is chosen by its Sharpe ratio, while the other half shows what became of it.
package struct BacktestOverfitting: Hashable, Sendable {
  /// The number of competing trials.
  package let trials: Int
  /// The number of blocks that the rows were cut into.
  package let blocks: Int
  /// The number of ways to choose half of the blocks.
  package let splits: Int
  /// The oldest rows that are left out so that all blocks are equally long.
  package let rowsLeftOut: Int
  /// At index r, the number of splits in which r of the other trials did strictly worse than the
  /// winner out of sample: at zero it was the worst.
  package let splitsByRank: [Int]
  /// For each trial, the number of splits that it won in sample.
  package let wins: [Int]
  /// PBO: the share of splits in which the winner's relative rank (r + 1) / (N + 1) is at most 1/2.
  package let probability: Double
  /// The average logit of the winner's relative rank; negative where winning foretells losing.
  package let meanLogit: Double
  /// The winner's Sharpe ratio out of sample that goes with one unit in sample: the slope of least
  /// squares over the splits. Nil where winners' ratios in sample do not vary.
  package let degradationSlope: Double?
  /// The share of splits in which the winner's Sharpe ratio is negative out of sample.
  package let lossProbability: Double

  /// The most blocks: 20 make 184,756 splits.
  package static let blocksMax = 20

  /// Examines all splits of `blocks` blocks, an even number from 2 to `blocksMax`.
  ///
  /// Ratios are ordered as numbers; a trial whose ratio does not exist in some half is there taken as
  /// the worst. Equal winners are decided for the first. Cost: rows times trials, and for each split
  /// a few steps for each trial; memory: blocks times trials.
  package init(of returns: TrialReturns, blocks: Int = 16) throws(ValidationFailure) {
    guard blocks >= 2, blocks <= Self.blocksMax, blocks.isMultiple(of: 2) else {
      throw .unusableSetting(
        name: "blocks", value: blocks, allowed: "an even number from 2 to \(Self.blocksMax)")
    }
    guard returns.trials > 1 else {
      throw .tooFewTrials(
        trials: returns.trials, needed: 2, purpose: "the probability of overfitting")
    }
    guard returns.rows >= 2 * blocks else {
      throw .tooFewRows(
        rows: returns.rows, needed: 2 * blocks, purpose: "\(blocks) blocks of two rows")
    }
    var search = SplitSearch(of: returns, blocks: blocks)
    search.run()
    self.trials = returns.trials
    self.blocks = blocks
    rowsLeftOut = returns.rows % blocks
    splits = search.tally.splits
    splitsByRank = search.tally.splitsByRank
    wins = search.tally.wins
    let total = Double(splits)
    let places = Double(trials + 1)
    var failures = 0
    var logits = 0.0
    for (worse, count) in splitsByRank.enumerated() {
      let rank = Double(worse + 1) / places
      if rank <= 0.5 { failures += count }
      logits += Double(count) * Elementary.log(rank / (1 - rank))
    }
    probability = Double(failures) / total
    meanLogit = logits / total
    degradationSlope = search.tally.slope
    lossProbability = Double(search.tally.losses) / total
  }
}

/// Walks the binary tree of block choices, carrying partial sums, so that the shared beginnings of
/// splits are summed once and every sum still runs over its blocks in ascending order.
///
/// Block 0 always goes to the first half: each leaf is scored twice, the halves trading places.
private struct SplitSearch {
  private let trials: Int
  private let blocks: Int
  private let rowsPerHalf: Double
  /// The trials' means over all rows. Sums are of deviations from them, so squares lose no digits.
  private let means: [Double]
  /// For each block and trial, the sum of the deviations and of their squares.
  private let blockSums: [SIMD2<Double>]
  /// For each half, the partial sums after 0, 1, ... chosen blocks.
  private var partialSums: [[SIMD2<Double>]]
  private var sharpes: [[Double]]
  private(set) var tally: Tally

  init(of returns: TrialReturns, blocks: Int) {
    let perBlock = returns.rows / blocks
    let first = returns.rows % blocks
    trials = returns.trials
    self.blocks = blocks
    rowsPerHalf = Double(perBlock * (blocks / 2))
    var means: [Double] = []
    var sums = [SIMD2<Double>](repeating: .zero, count: blocks * returns.trials)
    returns.values.withUnsafeBufferPointer { values in
      for trial in 0..<returns.trials {
        let start = trial * returns.rows + first
        var total = 0.0
        for row in 0..<perBlock * blocks { total += values[start + row] }
        let mean = total / Double(perBlock * blocks)
        means.append(mean)
        for block in 0..<blocks {
          var sum = 0.0
          var squares = 0.0
          for row in block * perBlock..<(block + 1) * perBlock {
            let deviation = values[start + row] - mean
            sum += deviation
            squares += deviation * deviation
          }
          sums[block * returns.trials + trial] = SIMD2(sum, squares)
        }
      }
    }
    self.means = means
    blockSums = sums
    let levels = [SIMD2<Double>](repeating: .zero, count: (blocks / 2 + 1) * returns.trials)
    partialSums = [levels, levels]
    sharpes = Array(repeating: Array(repeating: 0, count: returns.trials), count: 2)
    tally = Tally(trials: returns.trials)
  }

  mutating func run() {
    add(block: 0, to: 0, chosen: 0)
    choose(block: 1, first: 1, second: 0)
  }

  private mutating func choose(block: Int, first: Int, second: Int) {
    if block == blocks {
      score(half: 0)
      score(half: 1)
      tally.note(inSample: sharpes[0], outOfSample: sharpes[1])
      tally.note(inSample: sharpes[1], outOfSample: sharpes[0])
      return
    }
    if first < blocks / 2 {
      add(block: block, to: 0, chosen: first)
      choose(block: block + 1, first: first + 1, second: second)
    }
    if second < blocks / 2 {
      add(block: block, to: 1, chosen: second)
      choose(block: block + 1, first: first, second: second + 1)
    }
  }

  private mutating func add(block: Int, to half: Int, chosen: Int) {
    let from = chosen * trials
    let to = from + trials
    let added = block * trials
    blockSums.withUnsafeBufferPointer { blockSums in
      partialSums[half].withUnsafeMutableBufferPointer { sums in
        for trial in 0..<trials { sums[to + trial] = sums[from + trial] + blockSums[added + trial] }
      }
    }
  }

  /// Variances below this share of the mean square are rounding left over from a constant half.
  private static let smallestVarianceShare = 1e-12

  private mutating func score(half: Int) {
    let last = blocks / 2 * trials
    partialSums[half].withUnsafeBufferPointer { sums in
      sharpes[half].withUnsafeMutableBufferPointer { sharpes in
        for trial in 0..<trials {
          let sum = sums[last + trial]
          let deviation = sum[0] / rowsPerHalf
          let rest = sum[1] - sum[0] * deviation
          sharpes[trial] =
            rest > Self.smallestVarianceShare * sum[1]
            ? (means[trial] + deviation) / (rest / (rowsPerHalf - 1)).squareRoot() : -.infinity
        }
      }
    }
  }

  /// What the splits so far showed.
  struct Tally {
    var splits = 0
    var splitsByRank: [Int]
    var wins: [Int]
    var losses = 0
    // Welford's running means and products of the winners' ratios, in and out of sample.
    private var compared = 0.0
    private var meanIn = 0.0
    private var meanOut = 0.0
    private var squaresIn = 0.0
    private var products = 0.0

    init(trials: Int) {
      splitsByRank = Array(repeating: 0, count: trials)
      wins = Array(repeating: 0, count: trials)
    }

    mutating func note(inSample: [Double], outOfSample: [Double]) {
      var winner = 0
      inSample.withUnsafeBufferPointer { inSample in
        for trial in 1..<inSample.count where inSample[trial] > inSample[winner] { winner = trial }
      }
      let reached = outOfSample[winner]
      var worse = 0
      outOfSample.withUnsafeBufferPointer { outOfSample in
        for trial in 0..<outOfSample.count where outOfSample[trial] < reached { worse += 1 }
      }
      splits += 1
      splitsByRank[worse] += 1
      wins[winner] += 1
      if reached < 0 { losses += 1 }
      guard inSample[winner].isFinite, reached.isFinite else { return }
      compared += 1
      let fromMeanIn = inSample[winner] - meanIn
      meanIn += fromMeanIn / compared
      meanOut += (reached - meanOut) / compared
      squaresIn += fromMeanIn * (inSample[winner] - meanIn)
      products += fromMeanIn * (reached - meanOut)
    }

    var slope: Double? {
      compared > 1 && squaresIn > 0 ? (products / squaresIn).finiteOrNil : nil
    }
  }
}
