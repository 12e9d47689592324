import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Seasonal volatility")
struct SeasonalVolatilityTests {
  private func minute(_ index: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64(index) * 60_000)
  }

  @Test("an hour that is twice as volatile is found, and one without data is ordinary")
  func recovery() {
    var chance = Chance(seed: 271)
    var model = SeasonalVolatility(SeasonalVolatility.Settings())
    #expect(model.factor(at: minute(0)) == 1)
    for index in 0..<28_800 {
      let isLoud = SeasonalVolatility.hour(of: minute(index)) == 14
      model.observe(logReturn: (isLoud ? 2e-3 : 1e-3) * chance.normal(), at: minute(index))
    }
    // The mean square of the day is (23 + 4) / 24 of that of an ordinary hour.
    let day = (27.0 / 24).squareRoot()
    #expect(agree(model.factor(at: minute(14 * 60)), 2 / day, relative: 0.15))
    #expect(agree(model.factor(at: minute(3 * 60)), 1 / day, relative: 0.1))
    #expect(SeasonalVolatility.hour(of: Timestamp(millisecondsSinceEpoch: -1)) == 23)
    expectRefused(&model) { $0.observe(logReturn: .nan, at: minute(0)) }
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 272)
    let returns = chance.normals(90)
    try expectRestarts(SeasonalVolatility.Settings(halfLife: 3), steps: 90, seed: 2) {
      (model: inout SeasonalVolatility, step) in
      model.observe(logReturn: returns[step], at: minute(step * 50))
    }
  }
}
