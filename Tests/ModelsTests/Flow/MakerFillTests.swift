import Essentials
import Mathematics
import Testing

@testable import Models

@Suite("Fills of resting orders")
struct MakerFillTests {
  private static func instant(_ seconds: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_700_000_000_000 + 1000 * Int64(seconds))
  }

  @Test("before anything is seen the chance is that of a Brownian motion that touches the level")
  func prior() {
    let model = MakerFill(MakerFill.Settings())
    for distance in [0.5, 1, 2] {
      for minutes in [1.0, 2, 5, 10] {
        let chance = model.chance(distance: distance, within: 60 * minutes)
        let touch = 2 * StandardNormal.cumulative(-distance / minutes.squareRoot())
        #expect(abs(chance.probability - touch) < 0.01, "\(distance) \(minutes)")
        #expect(chance.orders == 0 && chance.standardError > 0.02)
      }
    }
    #expect(model.chance(distance: 0, within: 60).probability == 0.99)
    #expect(model.chance(distance: 1, within: 0).probability == 0)
  }

  @Test("nearer orders and longer waits are filled more often, between and beyond the grid too")
  func monotone() {
    let model = MakerFill(MakerFill.Settings())
    var last = 1.1
    for step in 0...100 {
      let chance = model.chance(distance: 0.05 * Double(step), within: 90).probability
      #expect(chance <= last && chance >= 0)
      last = chance
    }
    last = -1
    for seconds in stride(from: 0.0, through: 900, by: 7) {
      let chance = model.chance(distance: 0.7, within: seconds).probability
      #expect(chance >= last && chance <= 1)
      last = chance
    }
  }

  @Test("a true hazard is found within its error, though half of the orders are withdrawn early")
  func recovery() {
    var chance = Chance(seed: 91)
    var model = MakerFill(MakerFill.Settings(halfLife: 1e9))
    // A rate of one in 200 s at this distance, whatever Brownian motion says.
    for _ in 0..<4000 {
      let filled = 200 * chance.exponential()
      let withdrawn = chance.uniform() < 0.5 ? 600 * chance.uniform() : 600
      model.observe(distance: 2, seconds: min(filled, withdrawn), isFilled: filled < withdrawn)
    }
    for minutes in [1.0, 2, 3, 5, 10] {
      let found = model.chance(distance: 2, within: 60 * minutes)
      let truth = 1 - Elementary.exp(-60 * minutes / 200)
      #expect(abs(found.probability - truth) < 3.5 * found.standardError + 0.003, "\(minutes)")
      #expect(found.standardError < 0.02 && found.orders > 3500)
    }
  }

  @Test("probes on a simulated walk find how often it goes through a level")
  func probes() {
    var chance = Chance(seed: 92)
    var model = MakerFill(MakerFill.Settings(distances: [0.5, 1, 2], halfLife: 1e9))
    var truth = [[Double]](repeating: [0, 0], count: 3)
    // Steps of a second; a second walk of the same law tells the truth.
    let deviation = 1e-3
    var log = 0.0
    for second in 0..<60_000 {
      log += deviation / (60.0).squareRoot() * chance.normal()
      let price = Elementary.exp(log)
      model.pass(low: price, high: price, at: Self.instant(second))
      if second % 60 == 0 {
        model.place(around: price, stepDeviation: deviation, at: Self.instant(second))
      }
    }
    for _ in 0..<1500 {
      var other = 0.0
      var (low, high) = (0.0, 0.0)
      for _ in 0..<120 {
        other += chance.normal() / (60.0).squareRoot()
        low = min(low, other)
        high = max(high, other)
      }
      for (place, distance) in [0.5, 1, 2].enumerated() {
        truth[place][0] += (low < -distance ? 1 : 0) + (high > distance ? 1 : 0)
        truth[place][1] += 2
      }
    }
    for (place, distance) in [0.5, 1, 2].enumerated() {
      let found = model.chance(distance: distance, within: 120)
      let share = truth[place][0] / truth[place][1]
      let error = (share * (1 - share) / truth[place][1]).squareRoot()
      let reach = 4 * (error + found.standardError)
      #expect(abs(found.probability - share) < reach, "\(distance): \(found) \(share)")
      #expect(found.orders > 150)
    }
  }

  @Test("a market turned upside down is told the same chances")
  func sides() {
    var chance = Chance(seed: 93)
    var one = MakerFill(MakerFill.Settings())
    var other = one
    var log = 0.0
    for minute in 0..<2000 {
      let low = log - 5e-4 * chance.exponential()
      let high = log + 1e-3 * chance.exponential()
      let time = Self.instant(60 * minute)
      one.pass(low: Elementary.exp(low), high: Elementary.exp(high), at: time)
      other.pass(low: Elementary.exp(-high), high: Elementary.exp(-low), at: time)
      log = low + (high - low) * chance.uniform()
      one.place(around: Elementary.exp(log), stepDeviation: 1e-3, at: time)
      other.place(around: Elementary.exp(-log), stepDeviation: 1e-3, at: time)
    }
    for distance in [0.2, 0.5, 1.2, 2.5, 4] {
      let (first, second) = (
        one.chance(distance: distance, within: 180), other.chance(distance: distance, within: 180)
      )
      #expect(abs(first.probability - second.probability) < 1e-9)
      #expect(first.orders > 200)
    }
  }

  @Test("a touch is no fill, for the end of the queue waits on")
  func touch() {
    var model = MakerFill(MakerFill.Settings(distances: [1, 2], halfLife: 1e9))
    model.place(around: 1, stepDeviation: 0.01, at: Self.instant(0))
    let level = Elementary.exp(-0.01)
    model.pass(low: level * (1 + 1e-12), high: 1, at: Self.instant(30))
    #expect(model.chance(distance: 1, within: 60).orders == 0)
    model.pass(low: level * (1 - 1e-9), high: 1, at: Self.instant(45))
    #expect(model.chance(distance: 1, within: 60).orders == 1)
  }

  @Test("what is no order, no price or no range changes nothing")
  func refusal() {
    var model = MakerFill(MakerFill.Settings())
    let before = model
    #expect(model.observe(distance: .nan, seconds: 1, isFilled: true) == false)
    #expect(model.observe(distance: 1, seconds: -1, isFilled: true) == false)
    #expect(model.place(around: 0, stepDeviation: 1, at: Self.instant(0)) == false)
    #expect(model.place(around: 1, stepDeviation: .nan, at: Self.instant(0)) == false)
    model.pass(low: 2, high: 1, at: Self.instant(1))
    #expect(model == before)
  }

  @Test("a model taken up again is the same to the bit")
  func restarts() throws {
    var chance = Chance(seed: 94)
    let prices = (0..<300).map { _ in Elementary.exp(2e-3 * chance.normal()) }
    try expectRestarts(MakerFill.Settings(), steps: 300, seed: 95) {
      (model: inout MakerFill, step) in
      model.pass(low: prices[step], high: prices[step] * 1.001, at: Self.instant(60 * step))
      model.place(around: prices[step], stepDeviation: 2e-3, at: Self.instant(60 * step))
    }
  }
}
