import Testing
import Worlds

@testable import Services

@Suite("A rehearsed switch")
struct CutoverRehearsalTests {
  typealias Rehearsal = CutoverRehearsal

  @Test("goes its way where nothing goes wrong", arguments: Rehearsal.Play.allCases)
  func plain(play: Rehearsal.Play) {
    let report = Rehearsal(play).perform()
    #expect(report.violations == [])
    #expect(report.outcome?.stage == .completed)
    #expect(report.outcome?.reason == "" && report.outcome?.needsOperator == [])
    #expect(report.tradedOrders > 0)
    let orders: [Rehearsal.Play: Int] = [
      .mirror: 1, .closeAndReopen: 2, .market: 1, .twap: 6,
    ]
    #expect(report.transitionOrders.count == orders[play] ?? 0)
    #expect((report.notedOrders > 0) == (play == .watched))
  }

  @Test("ends as its fault demands, and breaks nothing")
  func faults() {
    let expected: [(Rehearsal.Fault, CutoverStage, String)] = [
      (.unrecordableSwitch, .rolledBack, "switch_not_recorded"),
      (.permissionMissing, .aborted, "broker_permission"),
      (.unknownOrder, .aborted, "drain_timeout"),
      (.deafHolder, .completed, ""),
      (.stubbornHolder, .aborted, "freeze_unacknowledged:desk"),
    ]
    for (fault, stage, reason) in expected {
      let report = Rehearsal(.swap, fault: fault).perform()
      #expect(report.violations == [], "\(fault)")
      #expect(report.outcome?.stage == stage, "\(fault)")
      #expect(report.outcome?.reason == reason, "\(fault)")
      #expect(
        report.outcome?.needsOperator.contains("old")
          == (stage == .rolledBack || fault == .unknownOrder))
    }
  }

  @Test(
    "survives the death of its process after every single write", arguments: Rehearsal.Play.allCases
  )
  func oneDeath(play: Rehearsal.Play) {
    let writes = Rehearsal(play).perform().writes
    #expect(writes > 8)
    for count in 0..<writes {
      let report = Rehearsal(play, deaths: [count]).perform()
      #expect(report.deaths == 1)
      #expect(report.violations == [], "after \(count) writes")
      #expect(report.outcome != nil, "after \(count) writes")
    }
  }

  @Test("survives two deaths, whatever was written before each", arguments: Rehearsal.Play.allCases)
  func twoDeaths(play: Rehearsal.Play) {
    let writes = Rehearsal(play).perform().writes
    var deaths = 0
    for first in 0..<writes {
      for second in stride(from: first % 2, through: 18, by: 2) {
        let report = Rehearsal(play, deaths: [first, second]).perform()
        #expect(report.violations == [], "after \(first) and \(second) writes")
        deaths += report.deaths
      }
    }
    // Nine plays die more than 2,000 times together.
    #expect(deaths > 240)
  }

  @Test("survives deaths whatever else is wrong", arguments: Rehearsal.Fault.allCases)
  func deathsWithFaults(fault: Rehearsal.Fault) {
    for play in [Rehearsal.Play.swap, .mirror, .twap] {
      for count in 0...24 {
        let report = Rehearsal(play, fault: fault, deaths: [count]).perform()
        #expect(report.violations == [], "\(play) after \(count) writes")
      }
    }
  }

  @Test(
    "a run that ends just when the world was halted opens nothing",
    arguments: [
      4157, 17_449, 17_455, 18_261, 19_846, 40_146, 42_219, 52_755, 55_423, 55_629, 62_463,
    ] as [UInt64])
  func endsWhileHalted(seed: UInt64) {
    #expect(Rehearsal.drawn(by: seed).perform().violations == [])
  }

  @Test("breaks nothing in histories of chance", arguments: 0..<8)
  func histories(part: UInt64) {
    for seed in (60 * part)..<(60 * part + 60) {
      let report = Rehearsal.drawn(by: seed).perform()
      #expect(report.violations == [], "seed \(seed)")
    }
  }

  @Test("plays the same script the same way")
  func determinism() {
    for seed in 0..<10 as Range<UInt64> {
      let script = Rehearsal.drawn(by: seed)
      #expect(script.perform() == script.perform())
    }
  }
}
