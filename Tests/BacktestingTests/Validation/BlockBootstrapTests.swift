import Backtesting
import Mathematics
import TestKit
import Testing

@Suite("BlockBootstrap")
struct BlockBootstrapTests {
  @Test(
    "block lengths agree with arch's on squared equity returns",
    .enabled(if: SharedMaterial.isPresent, "\(SharedMaterial.reason)"))
  func agreesWithArch() throws {
    let squares = SampleReturns.equalWeightAndApple.equalWeight.map { $0 * $0 }
    let length = try #require(OptimalBlockLength(of: squares))
    let figures = MetricsOracle.figures("optimal_block_length_EW_sq")
    let stationary = try #require(figures["stationary"] as? Double)
    let circular = try #require(figures["circular"] as? Double)
    #expect(agree(length.stationary, stationary, relative: 1e-9), "\(length)")
    #expect(agree(length.circular, circular, relative: 1e-9), "\(length)")
  }

  @Test("longer memory asks for longer blocks")
  func memory() throws {
    let lengths = try [0.0, 0.5, 0.9].map {
      try #require(OptimalBlockLength(of: Noise.autoregressive(1000, coefficient: $0, seed: 5)))
        .stationary
    }
    #expect(lengths[0] < lengths[1] && lengths[1] < lengths[2], "\(lengths)")
    #expect(OptimalBlockLength(of: [Double](repeating: 1, count: 50)) == nil)
    #expect(OptimalBlockLength(of: [1, 2, 3]) == nil)
    #expect(OptimalBlockLength(of: (0..<50).map { $0 == 9 ? .nan : Double($0) }) == nil)
  }

  @Test("running sums give what resampling row by row gives")
  func agreesWithRows() {
    let values = Noise.normal(37, seed: 3, mean: 0.2)
    let bootstrap = BlockBootstrap(meanBlockLength: 4, resamples: 40, seed: 9)
    let means = bootstrap.estimates(of: values, .mean)
    let ratios = bootstrap.estimates(of: values, .sharpe)
    let falls = bootstrap.estimates(of: values, .maximumDrawdown(.additive))
    var seeds = SplitMix64(seed: 9)
    for resample in 0..<40 {
      var generator = SplitMix64(seed: seeds.next())
      var rows: [Double] = []
      while rows.count < values.count {
        let bits = generator.next()
        let start = Int(((bits & 0xFFFF_FFFF) * 37) >> 32)
        let uniform = (Double(bits >> 32) + 0.5) / 4_294_967_296
        let length = 1 + Int(Elementary.log(uniform) / Elementary.log(0.75))
        for offset in 0..<length where rows.count < values.count {
          rows.append(values[(start + offset) % values.count])
        }
      }
      let places = bootstrap.rows(of: 37, count: 37, resample: resample)
      #expect(places.map { values[$0] } == rows)
      #expect(bootstrap.rows(of: 37, count: 20, resample: resample) == Array(places.prefix(20)))
      #expect(bootstrap.rows(of: 37, count: 100, resample: resample).count == 100)
      #expect(agree(means[resample], Moments(of: rows).mean, absolute: 1e-14))
      #expect(agree(ratios[resample], SharpeRatio.perPeriod(of: rows) ?? .nan))
      let fall = Drawdown.maximum(of: rows, accumulation: .additive)?.depth ?? 0
      #expect(falls[resample] == fall)
    }
  }

  @Test("the same seed gives the same interval, another seed another")
  func seeded() throws {
    let values = Noise.normal(100, seed: 4)
    func interval(_ seed: UInt64) -> ConfidenceInterval? {
      BlockBootstrap(meanBlockLength: 3, resamples: 200, seed: seed)
        .interval(for: .sharpe, of: values)
    }
    #expect(interval(1) == interval(1))
    #expect(interval(1) != interval(2))
  }

  @Test("the interval of a mean is as wide as theory says, with either method")
  func width() throws {
    let values = Noise.normal(400, seed: 6, mean: 0.1)
    let bootstrap = BlockBootstrap(meanBlockLength: 1, resamples: 1000, seed: 2)
    let moments = Moments(of: values)
    let half = 1.96 * moments.populationDeviation / 20
    for method in [BlockBootstrap.Method.percentile, .biasCorrected] {
      let interval = try #require(bootstrap.interval(for: .mean, of: values, method: method))
      #expect(agree(interval.lower, moments.mean - half, relative: 0, absolute: 0.15 * half))
      #expect(agree(interval.upper, moments.mean + half, relative: 0, absolute: 0.15 * half))
      #expect(interval.estimate == moments.mean && interval.confidence == 0.95)
    }
  }

  @Test("intervals hold the truth about as often as they promise")
  func coverage() {
    var held = 0
    for seed in 0..<100 as Range<UInt64> {
      let values = Noise.autoregressive(120, coefficient: 0.3, seed: 5000 + seed)
      let interval = BlockBootstrap(meanBlockLength: 8, resamples: 200, seed: seed)
        .interval(for: .sharpe, of: values, confidence: 0.9)
      if let interval, interval.lower <= 0, interval.upper >= 0 { held += 1 }
    }
    // Blocks are too short to carry all memory, so coverage falls a little short of 90.
    #expect(held >= 76 && held <= 97, "\(held) of 100")
  }

  @Test("a drawdown's interval is never above zero")
  func drawdown() throws {
    let interval = try #require(
      BlockBootstrap(meanBlockLength: 5, resamples: 100, seed: 1).interval(
        for: .maximumDrawdown(.compounded), of: Noise.normal(80, seed: 7, deviation: 0.01),
        method: .percentile))
    #expect(interval.lower < interval.upper && interval.upper <= 0)
  }

  @Test("what has no statistic has no interval")
  func nothing() {
    let bootstrap = BlockBootstrap(meanBlockLength: 2, resamples: 50, seed: 1)
    let flat = [Double](repeating: 0.1, count: 30)
    #expect(bootstrap.interval(for: .sharpe, of: flat) == nil)
    #expect(bootstrap.interval(for: .mean, of: [1, .nan, 2]) == nil)
    #expect(bootstrap.interval(for: .mean, of: []) == nil)
    #expect(bootstrap.estimates(of: flat, .sharpe).allSatisfy { $0.isNaN })
  }
}
