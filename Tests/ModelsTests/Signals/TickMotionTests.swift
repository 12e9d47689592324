import Essentials
import Mathematics
import Testing

@testable import Models

@Suite("Motion of ticks")
struct TickMotionTests {
  private static func instant(_ milliseconds: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_700_000_000_000 + Int64(milliseconds))
  }

  @Test("a price that stands still has the trend zero and breaks nothing")
  func constant() {
    var motion = TickMotion(TickMotion.Settings())
    for step in 0..<200 { motion.observe(price: 100, at: Self.instant(500 * step)) }
    #expect(motion.trend(at: Self.instant(500 * 199)) == 0)
    #expect(motion.volatility(at: Self.instant(500 * 199)) == 0)
    #expect(motion.breakout(at: Self.instant(500 * 199)) == 0)
  }

  @Test(
    "a tick at 1.0005 of the high of a minute breaks out by 0.0005; within the buffer it does not")
  func breakout() throws {
    var motion = TickMotion(TickMotion.Settings())
    for step in 0..<100 {
      motion.observe(price: 99 + Double(step % 11) / 10, at: Self.instant(600 * step))
    }
    let time = Self.instant(60_000)
    for (price, expected) in [
      (100 * 1.0005, 0.0005), (100 * 1.0003, 0), (99 * 0.9995, -0.0005), (99.5, 0),
    ] {
      var next = motion
      next.observe(price: price, at: time)
      let score = try #require(next.breakout(at: time))
      #expect(abs(score - expected) < 1e-12, "\(price)")
    }
  }

  @Test("within one slot the latest tick is held against those before it")
  func withinASlot() throws {
    var motion = TickMotion(TickMotion.Settings())
    #expect(motion.breakout(at: Self.instant(0)) == nil)
    motion.observe(price: 100, at: Self.instant(0))
    #expect(motion.breakout(at: Self.instant(0)) == nil)
    motion.observe(price: 101, at: Self.instant(100))
    let score = try #require(motion.breakout(at: Self.instant(100)))
    #expect(abs(score - 0.01) < 1e-12)
    motion.observe(price: 101, at: Self.instant(200))
    #expect(motion.breakout(at: Self.instant(200)) == 0)
  }

  @Test("what is older than the window neither bounds the range nor begins the trend")
  func windows() throws {
    var motion = TickMotion(TickMotion.Settings())
    motion.observe(price: 200, at: Self.instant(0))
    for step in 0..<120 {
      motion.observe(price: 100 + Double(step % 2), at: Self.instant(61_000 + 500 * step))
    }
    motion.observe(price: 110, at: Self.instant(121_000))
    #expect(try #require(motion.breakout(at: Self.instant(121_000))) > 0.08)
    #expect(motion.breakout(at: Self.instant(121_600)) == nil)
    #expect(motion.trend(at: Self.instant(121_000)) != nil)
    #expect(motion.trend(at: Self.instant(149_000)) == nil)
    #expect(motion.trend(at: Self.instant(400_000)) == nil)
  }

  @Test("the trend is the move over the deviation of the steps, as written down plainly")
  func plain() throws {
    var chance = Chance(seed: 71)
    var motion = TickMotion(TickMotion.Settings())
    var ticks: [(time: Int, price: Double)] = []
    var time = 0
    var price = 50.0
    for _ in 0..<3000 {
      time += chance.whole(below: 1500)
      price *= Elementary.exp(2e-4 * chance.normal())
      motion.observe(price: price, at: Self.instant(time))
      ticks.append((time, price))
      // Last prices of half seconds that end within thirty seconds.
      let first = (time - 30_000) / 500 + 1
      var samples: [Int: Double] = [:]
      for tick in ticks.suffix(200) where tick.time / 500 >= first {
        samples[tick.time / 500] = tick.price
      }
      let logs = samples.keys.sorted().map { Elementary.log(samples[$0] ?? 1) }
      guard time >= 30_000, logs.count >= 8 else { continue }
      let steps = zip(logs.dropFirst(), logs).map { $0 - $1 }
      let moments = Moments(of: steps)
      let expected = (logs[logs.count - 1] - logs[0]) / moments.populationDeviation
      let trend = try #require(motion.trend(at: Self.instant(time)))
      #expect(abs(trend - min(8, max(-8, expected))) < 1e-6)
    }
  }

  @Test("a price that moves evenly has the largest trend, in its direction")
  func even() {
    for (factor, trend) in [(1.0001, 8.0), (1 / 1.0001, -8.0)] {
      var motion = TickMotion(TickMotion.Settings())
      var price = 1.0
      for step in 0..<40 {
        motion.observe(price: price, at: Self.instant(500 * step))
        price *= factor
      }
      #expect(motion.trend(at: Self.instant(500 * 39)) == trend)
    }
  }

  @Test("ticks that are no prices or come late are refused")
  func refusal() {
    var motion = TickMotion(TickMotion.Settings())
    motion.observe(price: 1, at: Self.instant(1000))
    let before = motion
    #expect(motion.observe(price: 0, at: Self.instant(2000)) == false)
    #expect(motion.observe(price: .nan, at: Self.instant(2000)) == false)
    #expect(motion.observe(price: .infinity, at: Self.instant(2000)) == false)
    #expect(motion.observe(price: 1, at: Self.instant(999)) == false)
    #expect(motion == before)
  }

  @Test("motion taken up again is the same to the bit")
  func restarts() throws {
    var chance = Chance(seed: 72)
    let prices = (0..<400).map { _ in Elementary.exp(1e-3 * chance.normal()) }
    try expectRestarts(TickMotion.Settings(), steps: 400, seed: 73) {
      (motion: inout TickMotion, step) in
      motion.observe(price: prices[step], at: Self.instant(170 * step * (1 + step / 300)))
    }
  }
}
