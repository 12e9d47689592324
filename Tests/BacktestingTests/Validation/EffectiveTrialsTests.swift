import Backtesting
import Mathematics
import TestKit
import Testing

@Suite("EffectiveTrials")
struct EffectiveTrialsTests {
  @Test("independent trials all count")
  func independent() throws {
    let series = (0..<30).map { Noise.normal(200, seed: 100 + UInt64($0)) }
    let effective = try EffectiveTrials(of: TrialReturns(series: series))
    #expect(effective.count == 30 && effective.trials == 30)
    #expect(effective.clusters == Array(0..<30))
    let ratios = series.compactMap { SharpeRatio.perPeriod(of: $0) }
    #expect(agree(effective.sharpeVariance ?? .nan, Moments(of: ratios).sampleVariance))
  }

  @Test("repetitions of three ideas count three times, at whatever stake")
  func repetitions() throws {
    let ideas = (0..<3).map { Noise.normal(150, seed: 200 + UInt64($0)) }
    let series: [[Double]] = (0..<24).map { trial in
      let own = Noise.normal(150, seed: 300 + UInt64(trial), deviation: 0.3)
      let stake = Double(trial + 1)
      return zip(ideas[trial % 3], own).map { stake * ($0 + $1) }
    }
    let effective = try EffectiveTrials(of: TrialReturns(series: series))
    #expect(effective.count == 3)
    #expect(effective.clusters == (0..<24).map { $0 % 3 })
  }

  @Test("an idea and its opposite are two")
  func opposites() throws {
    let idea = Noise.normal(60, seed: 1)
    let returns = try TrialReturns(series: [idea, idea.map { -$0 }, idea.map { 2 * $0 }])
    #expect(try EffectiveTrials(of: returns).clusters == [0, 1, 0])
  }

  @Test("a trial that never moves is on its own and has no ratio")
  func idle() throws {
    let idle = [Double](repeating: 0, count: 50)
    let returns = try TrialReturns(series: [idle, Noise.normal(50, seed: 2), idle])
    let effective = try EffectiveTrials(of: returns)
    #expect(effective.clusters == [0, 1, 2] && effective.sharpeVariance == nil)
  }

  /// Average linkage as the textbook tells it: join the closest two until they are too far apart.
  static func greedy(_ returns: TrialReturns, threshold: Double) -> Set<Set<Int>> {
    var clusters = (0..<returns.trials).map { [$0] }
    func correlation(_ one: [Int], _ other: [Int]) -> Double {
      var sum = 0.0
      for i in one {
        for j in other { sum += Correlation.pearson(returns.series(of: i), returns.series(of: j)) }
      }
      return sum / Double(one.count * other.count)
    }
    while clusters.count > 1 {
      var best = (-Double.infinity, 0, 0)
      for i in clusters.indices {
        for j in 0..<i {
          let value = correlation(clusters[i], clusters[j])
          if value > best.0 { best = (value, i, j) }
        }
      }
      guard best.0 >= threshold else { break }
      clusters[best.2] += clusters[best.1]
      clusters.remove(at: best.1)
    }
    return Set(clusters.map(Set.init))
  }

  @Test("chains of neighbors give the clusters of the greedy algorithm", arguments: 1...6)
  func agreesWithGreedy(seed: Int) throws {
    let common = Noise.normal(30, seed: UInt64(seed))
    let series: [[Double]] = (0..<12).map { trial in
      let weight = Double(trial % 4) / 3
      let own = Noise.normal(30, seed: UInt64(1000 * seed + trial), deviation: 0.7)
      return zip(common, own).map { weight * $0 + $1 }
    }
    let returns = try TrialReturns(series: series)
    for threshold in [0.2, 0.4, 0.6] {
      let fast = try EffectiveTrials(of: returns, threshold: threshold).clusters
      var sets: [Int: Set<Int>] = [:]
      for (trial, cluster) in fast.enumerated() { sets[cluster, default: []].insert(trial) }
      #expect(Set(sets.values) == Self.greedy(returns, threshold: threshold), "seed \(seed)")
    }
  }

  @Test("a threshold outside (0, 1] is refused")
  func refused() throws {
    let returns = try TrialReturns(series: [[1, 2, 3]])
    for threshold in [0, -1, 1.5, .nan] {
      #expect(throws: ValidationFailure.self) {
        try EffectiveTrials(of: returns, threshold: threshold)
      }
    }
  }
}
