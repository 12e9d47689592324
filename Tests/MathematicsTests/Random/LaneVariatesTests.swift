import Mathematics
import Testing

@Suite("Lanes of chance")
struct LaneVariatesTests {
  @Test("eight blocks side by side are the blocks of the scalar generator with seven rounds")
  func blocks() {
    let lanes = SIMD8<UInt32>(0, 1, 2, 77, 0xffff_ffff, 5, 6, 7)
    let key = SIMD2<UInt32>(0xa409_3822, 0x299f_31d0)
    let block = PhiloxLanes.blocks(lanes, 9, 0x0370_7344_1319_8a2e, key: key)
    for lane in 0..<8 {
      let expected = Philox4x32.block(
        SIMD4(lanes[lane], 9, 0x1319_8a2e, 0x0370_7344), key: key, rounds: PhiloxLanes.rounds)
      #expect(
        SIMD4(block.first[lane], block.second[lane], block.third[lane], block.fourth[lane])
          == expected)
    }
  }

  @Test("seven rounds give the known answer of Random123")
  func knownAnswer() {
    let words = Philox4x32.block(SIMD4(repeating: 0), key: SIMD2(repeating: 0), rounds: 7)
    #expect(words == SIMD4(0x5f6f_b709, 0x0d89_3f64, 0x4f12_1f81, 0x4f73_0a48))
  }

  @Test("the elementary functions of lanes agree with libm to single precision")
  func elementary() {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<200 {
      let x = FloatLanesSample.number(&generator)
      let lanes = SIMD8<Float>(repeating: x)
      let positive = SIMD8<Float>(repeating: x.magnitude + 1e-30)
      let logarithm = Elementary.log(Double(positive[0]))
      #expect(
        (Double(positive.naturalLogarithm[3]) - logarithm).magnitude
          <= 2e-7 * max(1e-3, logarithm.magnitude) + 1e-9)
      let power = Elementary.exp(Double(x) * Elementary.log(2))
      #expect((Double(lanes.powerOfTwo[5]) / power - 1).magnitude < 4e-7)
      let growth = Elementary.expMinusOne(Double(x))
      #expect(
        (Double(lanes.exponentialMinusOne[1]) - growth).magnitude
          <= 4e-7 * max(growth.magnitude, Double(x.magnitude)))
    }
  }

  /// The moments and tail shares of draws, each within four standard errors.
  @Test("normal draws have the moments and tails of the normal distribution")
  func normals() {
    let draws = FloatLanesSample.normals(blocks: 1500)
    let moments = Moments(of: draws)
    let n = Double(draws.count)
    #expect(moments.mean.magnitude < 4 / n.squareRoot())
    #expect((moments.populationVariance - 1).magnitude < 4 * (2 / n).squareRoot())
    #expect(moments.skewness.magnitude < 4 * (6 / n).squareRoot())
    #expect(moments.excessKurtosis.magnitude < 4 * (24 / n).squareRoot())
    #expect(FloatLanesSample.distance(draws, StandardNormal.cumulative) < 1.95 / n.squareRoot())
    for bar in [-3.0, -2, 2, 3] {
      let share = Double(draws.count { $0 < bar }) / n
      let expected = StandardNormal.cumulative(bar)
      #expect((share - expected).magnitude < 4 * (expected * (1 - expected) / n).squareRoot())
    }
  }

  @Test("exponential draws have the distribution's shape, and complements the opposite end")
  func exponentials() {
    var draws: [Double] = []
    for number in 0..<400 as Range<UInt32> {
      let block = PhiloxLanes.blocks(SIMD8(0, 1, 2, 3, 4, 5, 6, 7), number, 3, key: SIMD2(1, 2))
      let draw = LaneVariates.exponential(block.third)
      let opposite = LaneVariates.exponential(~block.third)
      for lane in 0..<8 {
        draws.append(Double(draw[lane]))
        let sum = Elementary.exp(-Double(draw[lane])) + Elementary.exp(-Double(opposite[lane]))
        #expect((sum - 1).magnitude < 1e-6)
      }
    }
    let n = Double(draws.count).squareRoot()
    #expect(FloatLanesSample.distance(draws) { 1 - Elementary.exp(-$0) } < 1.95 / n)
    #expect(LaneVariates.exponential(SIMD8(repeating: 0))[0] < 22.19)
    #expect(LaneVariates.exponential(SIMD8(repeating: .max))[0] >= 0)
  }

  @Test("the bound of an exponential draw is never below it and at most 0.06 above")
  func exponentialBounds() {
    var generator = SplitMix64(seed: 21)
    var words = (0..<32).flatMap { [UInt32(1) << $0, ~(UInt32(1) << $0), UInt32.max >> $0] }
    words += (0..<4000).map { _ in
      UInt32(truncatingIfNeeded: generator.next()) >> UInt32(generator.next() % 32)
    }
    words += [0] + words.map { ~$0 }
    let excess = words.map { word in
      let word = SIMD8<UInt32>(repeating: word)
      return LaneVariates.exponentialBound(word)[2] - LaneVariates.exponential(word)[2]
    }
    #expect(excess.allSatisfy { $0 >= 0 && $0 < 0.06 })
    #expect(excess.contains { $0 < 3e-5 })
  }
}

/// Samples of lanes for tests.
enum FloatLanesSample {
  /// A number of one of many sizes, from -8 to 8.
  static func number(_ generator: inout SplitMix64) -> Float {
    let size = Elementary.exp(-18 * generator.nextUniform())
    return Float(16 * (generator.nextUniform() - 0.5) * size)
  }

  /// Sixteen normal draws of each block.
  static func normals(blocks: UInt32) -> [Double] {
    (0..<blocks).flatMap { number -> [Double] in
      let block = PhiloxLanes.blocks(SIMD8(0, 1, 2, 3, 4, 5, 6, 7), number, 1, key: SIMD2(3, 4))
      let (first, second) = LaneVariates.normals(block.first, block.second)
      return (0..<8).flatMap { [Double(first[$0]), Double(second[$0])] }
    }
  }

  /// The Kolmogorov-Smirnov distance between a sample and a distribution.
  static func distance(_ draws: [Double], _ cumulative: (Double) -> Double) -> Double {
    let sorted = draws.sorted()
    let n = Double(sorted.count)
    return sorted.enumerated().reduce(0) { worst, draw in
      let share = cumulative(draw.element)
      return max(worst, share - Double(draw.offset) / n, Double(draw.offset + 1) / n - share)
    }
  }
}
