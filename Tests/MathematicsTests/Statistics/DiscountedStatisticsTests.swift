import Mathematics
import TestKit
import Testing

@Suite("Discounted statistics")
struct DiscountedStatisticsTests {
  @Test("a value weighs half after a half-life, and the first ones weigh alike")
  func mean() {
    var mean = DiscountedMean(halfLife: 10)
    for value in [2.0, 4, 6] { mean.add(value) }
    #expect(agree(mean.value, 4))
    for _ in 0..<1000 { mean.add(0) }
    let before = mean.value
    mean.add(1)
    let one = mean.value - before
    for _ in 0..<10 { mean.add(0) }
    #expect(agree(mean.value, one / 2, relative: 1e-6))
  }

  @Test("a line through discounted points is that of the weights, far from the origin too")
  func regression() {
    var generator = SplitMix64(seed: 5)
    var line = DiscountedRegression(halfLife: 20)
    var points: [(x: Double, y: Double)] = []
    for _ in 0..<100 {
      let x = 1e6 + generator.nextUniform()
      points.append((x, 2 * x + generator.nextUniform()))
      line.add(x: x, y: points[points.count - 1].y)
    }
    let weights = (0..<100).map { Elementary.pow(0.5, Double(99 - $0) / 20) }
    let total = weights.reduce(0, +)
    let meanX = zip(weights, points).reduce(0) { $0 + $1.0 * ($1.1.x - 1e6) } / total + 1e6
    let meanY = zip(weights, points).reduce(0) { $0 + $1.0 * ($1.1.y - 2e6) } / total + 2e6
    var xx = 0.0
    var xy = 0.0
    for index in 0..<100 {
      xx += weights[index] * (points[index].x - meanX) * (points[index].x - meanX)
      xy += weights[index] * (points[index].x - meanX) * (points[index].y - meanY)
    }
    #expect(agree(line.slope ?? .nan, xy / xx, relative: 1e-7))
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    #expect(agree(line.effectiveCount, total * total / squares))
  }

  @Test("a line through equal points, or too few, is none")
  func noLine() {
    var line = DiscountedRegression(halfLife: 5)
    #expect(line.slope == nil && line.slopeError == nil)
    for _ in 0..<10 { line.add(x: 1, y: 2) }
    #expect(line.slope == nil)
  }

  @Test("the sum of a ring is that of what is in it, after any number of turns")
  func ring() {
    var generator = SplitMix64(seed: 6)
    var ring = RollingSum(length: 7)
    var all: [Double] = []
    for _ in 0..<500 {
      all.append(generator.nextUniform() * 1e6)
      ring.add(all[all.count - 1])
      #expect(agree(ring.sum, all.suffix(7).reduce(0, +)))
      #expect(ring.value(age: 0) == all[all.count - 1])
    }
    #expect(ring.isFull && ring.value(age: 6) == all[all.count - 7])
    #expect(RollingSum(values: [1, 2], place: 1, count: 0, sum: 0) == nil)
    #expect(RollingSum(values: [1, 2], place: 1, count: 1, sum: 1) != nil)
  }
}
