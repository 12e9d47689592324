import Essentials
import Testing

@testable import Worlds

@Suite("The breaker of a world")
struct WorldBreakerTests {
  private let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)

  private func trip(
    _ cause: RiskTrip.Cause, _ action: RiskRules.CutAction = .halt,
    _ positions: RiskRules.PositionAction = .none
  ) -> RiskTrip {
    RiskTrip(cause: cause, observed: 1, limit: 0.5, action: action, positions: positions)
  }

  private func automatic(after wait: TimeSpan = .days(1), windows: Int = 2) -> RiskRules.ResetRule {
    var rule = RiskRules.ResetRule()
    rule.mode = .auto
    rule.autoResetAfter = wait
    rule.clearWindows = windows
    return rule
  }

  private func breaker(_ events: [BreakerEvent]) -> WorldBreaker {
    var breaker = WorldBreaker()
    for event in events { breaker.take(event, at: start) }
    return breaker
  }

  @Test("R5: with a manual reset no number of fine cycles arms it, and a reset does")
  func latched() {
    var breaker = breaker([.tripped(trip(.dailyLoss))])
    for day in 1...400 {
      #expect(
        breaker.events(onClearCycleAt: start + .days(Int64(day)), rule: RiskRules.ResetRule())
          .isEmpty)
    }
    #expect(!breaker.isArmed)
    for event in breaker.events(onReset: "looked at") { breaker.take(event, at: start) }
    #expect(breaker == WorldBreaker())
  }

  @Test("every standing has an answer to every input")
  func everyPair() {
    let rule = automatic()
    let late = start + .days(2)
    let armed = WorldBreaker()
    let tripped = breaker([.tripped(trip(.dailyLoss))])
    let cooling = breaker([.tripped(trip(.dailyLoss)), .cooling(clear: 0)])
    let cut = [trip(.dailyLoss)]
    #expect(armed.events(onCuts: cut) == [.tripped(cut[0])])
    #expect(armed.events(onClearCycleAt: late, rule: rule).isEmpty)
    #expect(armed.events(onReset: "x").isEmpty)
    #expect(tripped.events(onCuts: cut).isEmpty)
    #expect(tripped.events(onCuts: [trip(.rejectRate)]) == [.tripped(trip(.rejectRate))])
    #expect(tripped.events(onClearCycleAt: late, rule: rule) == [.cooling(clear: 0)])
    #expect(tripped.events(onClearCycleAt: start + .hours(23), rule: rule).isEmpty)
    #expect(tripped.events(onReset: "x") == [.armed(reason: "x")])
    #expect(cooling.events(onCuts: cut) == [.tripped(cut[0])])
    #expect(cooling.events(onClearCycleAt: late, rule: rule) == [.cooling(clear: 1)])
    #expect(cooling.events(onReset: "x") == [.armed(reason: "x")])
  }

  @Test("it cools for as many clear cycles as the rule says, and a cut begins anew")
  func cooling() {
    let rule = automatic(windows: 2)
    var breaker = breaker([.tripped(trip(.dailyLoss))])
    var words: [String] = []
    for day in 1...3 {
      let at = start + .days(Int64(day))
      for event in breaker.events(onClearCycleAt: at, rule: rule) { breaker.take(event, at: at) }
      words.append(breaker.word)
    }
    #expect(words == ["cooling", "cooling", "armed"])

    breaker.take(.tripped(trip(.dailyLoss)), at: start)
    breaker.take(.cooling(clear: 1), at: start + .days(1))
    breaker.take(.tripped(trip(.dailyLoss)), at: start + .days(2))
    #expect(breaker.standing == .tripped)
    #expect(breaker.since == start + .days(2))
    #expect(breaker.trips.count == 1)
  }

  @Test("gates are bound by the strictest of all causes")
  func bounds() {
    let table: [([RiskTrip], GateBound)] = [
      ([], .open), ([trip(.rejectRate)], .closed),
      ([trip(.dailyLoss, .halt, .reduceOnly)], .reduceOnly),
      ([trip(.dailyLoss, .flatten)], .reduceOnly),
      ([trip(.dailyLoss, .reduceOnly)], .reduceOnly),
      ([trip(.dailyLoss, .halt, .flattenMarket), trip(.fillSilence, .freeze)], .closed),
    ]
    for (trips, bound) in table {
      #expect(breaker(trips.map(BreakerEvent.tripped)).gateBound == bound)
    }
  }
}
