import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Regime by moving averages")
struct MovingAverageRegimeTests {
  private func trend(_ price: (Int) -> Double) -> MovingAverageRegime.Trend? {
    var model = MovingAverageRegime(MovingAverageRegime.Settings())
    for index in 0..<260 { model.observe(close: price(index)) }
    return model.trend
  }

  @Test("rising, falling, turning and wild markets have their names")
  func names() {
    #expect(trend { 100 + Double($0) } == .bull)
    #expect(trend { 1000 - Double($0) } == .bear)
    #expect(trend { $0 < 252 ? 100 + Double($0) : 352 - 2 * Double($0 - 252) } == .chop)
    #expect(trend { 100 + Double($0 % 2) * 5 } == .volatile)
    var short = MovingAverageRegime(MovingAverageRegime.Settings())
    for _ in 0..<199 { short.observe(close: 1) }
    #expect(short.trend == nil)
    expectRefused(&short) { $0.observe(close: -1) }
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 231)
    let closes = (0..<230).map { _ in 100 * Elementary.exp(0.01 * chance.normal()) }
    try expectRestarts(MovingAverageRegime.Settings(), steps: 230, seed: 4) {
      (model: inout MovingAverageRegime, step) in model.observe(close: closes[step])
    }
  }
}
