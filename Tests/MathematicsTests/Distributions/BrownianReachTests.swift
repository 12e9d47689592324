import Testing

@testable import Mathematics

@Suite("BrownianReach")
struct BrownianReachTests {
  @Test("both series give the same probability, falling from one to zero")
  func series() {
    for x in [0.7, 0.9, 1.0, 1.1, 1.5, 2.0] {
      let difference = BrownianReach.byReflections(x) - BrownianReach.byModes(x)
      #expect(difference.magnitude < 1e-14, "\(x)")
    }
    #expect(BrownianReach.upperTail(0) == 1 && BrownianReach.upperTail(-1) == 1)
    #expect(BrownianReach.upperTail(0.1) == 1)
    #expect(BrownianReach.upperTail(.infinity) == 0)
    #expect(BrownianReach.upperTail(.nan).isNaN)
    // Far out both walls are never met, and reflection at either doubles the normal tail.
    let far = 4 * StandardNormal.cumulative(-6)
    #expect((BrownianReach.upperTail(6) / far - 1).magnitude < 1e-12)
  }

  @Test("random walks of many steps reach as far as often")
  func walks() {
    var generator = SplitMix64(seed: 8)
    var reached = [0, 0, 0]
    let bars = [0.8, 1.3, 2.0]
    let steps = 900
    for _ in 0..<2000 {
      var place = 0
      var farthest = 0
      var bits: UInt64 = 0
      for step in 0..<steps {
        if step % 64 == 0 { bits = generator.next() }
        place += bits & 1 == 0 ? -1 : 1
        bits >>= 1
        farthest = max(farthest, abs(place))
      }
      for (number, bar) in bars.enumerated() where Double(farthest) >= bar * 30 {
        reached[number] += 1
      }
    }
    for (number, bar) in bars.enumerated() {
      let expected = BrownianReach.upperTail(bar)
      let share = Double(reached[number]) / 2000
      // Whole steps overshoot by about half a step of thirty.
      let error = 4 * (expected * (1 - expected) / 2000).squareRoot() + 0.03
      #expect((share - expected).magnitude < error, "\(bar): \(share) beside \(expected)")
    }
  }
}
