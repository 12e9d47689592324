import Essentials
import Mathematics
import TestKit
import Testing

@testable import Models

@Suite("Change of regime")
struct ChangeDetectorTests {
  @Test("false alarms are no more frequent than is stated")
  func falseAlarms() {
    var chance = Chance(seed: 221)
    var model = ChangeDetector(ChangeDetector.Settings(falseAlarmInterval: 1000))
    var alarms = 0
    for _ in 0..<30_000 where model.observe(logReturn: 1e-3 * chance.normal()) != nil {
      alarms += 1
    }
    #expect(alarms <= 30)
  }

  @Test(
    "a change is told for what it is, soon",
    arguments: [
      (ChangeDetector.Change.driftUp, 1.0, 1.0), (.driftDown, -1, 1), (.volatilityUp, 0, 2.5),
      (.volatilityDown, 0, 0.3),
    ])
  func power(change: ChangeDetector.Change, drift: Double, deviation: Double) {
    var chance = Chance(seed: 222)
    var model = ChangeDetector(ChangeDetector.Settings())
    for _ in 0..<400 { model.observe(logReturn: 1e-3 * chance.normal()) }
    var found: [ChangeDetector.Change] = []
    for _ in 0..<60 {
      if let change = model.observe(logReturn: 1e-3 * (drift + deviation * chance.normal())) {
        found.append(change)
      }
    }
    #expect(found.first == change)
    #expect(model.latest != nil && model.returnsSinceChange < 60)
  }

  @Test("a saved model goes on to the bit")
  func restart() throws {
    var chance = Chance(seed: 223)
    let returns = (0..<300).map { (1 + Double($0 / 150) * 3) * chance.normal() }
    try expectRestarts(
      ChangeDetector.Settings(falseAlarmInterval: 50, warmUp: 30), steps: 300, seed: 4
    ) { (model: inout ChangeDetector, step) in model.observe(logReturn: returns[step]) }
  }
}
