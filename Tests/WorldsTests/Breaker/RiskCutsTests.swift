import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("The judges of risk")
struct RiskCutsTests {
  private func at(_ seconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_700_000_000_000) + .seconds(seconds)
  }

  private func cuts(_ change: (inout RiskRules.Cuts) -> Void) -> RiskCuts {
    var rules = RiskRules.Cuts()
    change(&rules)
    return RiskCuts(rules)
  }

  @Test("R1: a drawdown of exactly the limit trips, a cent less does not")
  func drawdown() {
    for (peak, equity, trips) in [
      (100.0, 95.0, true), (100, 95.01, false), (200, 190, true), (1e7, 9.5e6, true),
      (1e7, 9.5e6 + 1, false),
    ] {
      var cuts = cuts { $0.intradayDrawdown = RiskRules.LossCut(limit: 0.05) }
      cuts.note(.session(equity: peak / 2), at: at(0))
      cuts.note(.equity(peak), at: at(1))
      cuts.note(.equity(equity), at: at(2))
      #expect(cuts.judge(at: at(2)).trips.isEmpty != trips, "\(peak) -> \(equity)")
    }
  }

  @Test("a session forgets the peak of the one before")
  func sessions() {
    var cuts = cuts { $0.intradayDrawdown = RiskRules.LossCut(limit: 0.05) }
    cuts.note(.session(equity: 100), at: at(0))
    cuts.note(.session(equity: 94), at: at(86_400))
    #expect(cuts.judge(at: at(86_400)).trips.isEmpty)
    #expect(cuts.sessionPeak == 94)
  }

  @Test("a session that has begun does not begin again, whoever says so after a restart")
  func sessionsOnce() {
    var cuts = cuts { $0.dailyLoss = RiskRules.LossCut(limit: 0.05) }
    cuts.note(.session(equity: 100), at: at(0))
    cuts.note(.equity(97), at: at(1))
    #expect(!cuts.isTelling(.session(equity: 97), at: at(2)))
    cuts.note(.session(equity: 97), at: at(2))
    cuts.note(.equity(95), at: at(3))
    #expect(cuts.sessionOpen == 100)
    #expect(cuts.judge(at: at(3)).trips.map(\.cause) == [.dailyLoss])
  }

  @Test(
    "a day that nobody opens begins with the last equity before it, not with what is lost by then")
  func unopened() {
    var cuts = cuts {
      $0.dailyLoss = RiskRules.LossCut(limit: 0.05)
      $0.intradayDrawdown = RiskRules.LossCut(limit: 0.05)
    }
    cuts.note(.equity(100), at: at(0))
    cuts.note(.equity(95), at: at(86_400))
    #expect(cuts.sessionOpen == 100)
    #expect(cuts.judge(at: at(86_400)).trips.map(\.cause) == [.intradayDrawdown, .dailyLoss])
  }

  @Test("midnight ends a day, and the millisecond behind it begins one")
  func midnight() {
    let midnight = Timestamp(startOf: at(86_400).date)
    var cuts = cuts { $0.dailyLoss = RiskRules.LossCut(limit: 0.05) }
    cuts.note(.equity(100), at: midnight - TimeSpan(milliseconds: 5))
    cuts.note(.equity(98), at: midnight)
    #expect(cuts.sessionOpen == 100)
    cuts.note(.equity(97), at: midnight + TimeSpan(milliseconds: 1))
    #expect(cuts.sessionOpen == 98)
  }

  @Test("other rules keep the day, and of a window what it still holds")
  func inheritance() {
    let rate = { RiskRules.RateCut(limit: 0.5, window: .seconds($0), countMin: 1) }
    var cuts = cuts { $0.rejectRate = rate(100) }
    cuts.note(.session(equity: 100), at: at(0))
    for second in 0..<10 { cuts.note(.order(isRejected: second < 8), at: at(Int64(second) * 10)) }
    var rules = cuts.rules
    rules.rejectRate = rate(50)
    rules.dailyLoss = RiskRules.LossCut(limit: 0.05)
    var other = RiskCuts(rules, inheriting: cuts)
    // Of the last fifty seconds, three of five.
    #expect(other.judge(at: at(90)).trips.first?.observed == 0.6)
    other.note(.equity(95), at: at(91))
    #expect(other.judge(at: at(91)).trips.map(\.cause) == [.dailyLoss, .rejectRate])
  }

  @Test("what is not telling changes no judgment, and judging changes nothing")
  func telling() {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<60 {
      var all = cuts { rules in
        rules.intradayDrawdown = RiskRules.LossCut(limit: 0.04)
        rules.dailyLoss = RiskRules.LossCut(limit: 0.03)
        rules.rejectRate = RiskRules.RateCut(limit: 0.4, window: .minutes(20), countMin: 4)
        if Bool.random(using: &generator) {
          rules.connectionErrors = RiskRules.RateCut(
            limit: 0.3, window: .minutes(30), countMin: 3)
        }
        var silence = RiskRules.SilenceCut(limit: .minutes(40))
        silence.whileOpenOrders = Bool.random(using: &generator)
        rules.fillSilence = silence
      }
      var recorded = all
      var now = at(0)
      for _ in 0..<120 {
        now = now + .seconds(Int64.random(in: 0...3000, using: &generator))
        let observation = RandomObservation.next(&generator)
        if recorded.isTelling(observation, at: now) { recorded.note(observation, at: now) }
        all.note(observation, at: now)
        let copy = recorded
        #expect(recorded.judge(at: now) == all.judge(at: now))
        #expect(recorded == copy)
      }
    }
  }

  @Test("R2: a daily loss of the limit trips, with the flattening that its rule asks for")
  func dailyLoss() throws {
    var cuts = cuts {
      var rule = RiskRules.LossCut(limit: 0.03)
      rule.positions = .flattenTWAP
      $0.dailyLoss = rule
    }
    cuts.note(.session(equity: 100), at: at(0))
    cuts.note(.equity(97), at: at(5))
    let trip = try #require(cuts.judge(at: at(5)).trips.first)
    #expect(trip.cause == .dailyLoss)
    #expect(trip.directive.gates == .reduceOnly)
    #expect(trip.directive.flattening == .twap(over: .minutes(30)))
  }

  @Test("R3: 4 rejects of 20 orders trip; 19 of 19 are told and do not")
  func rejects() {
    for (orders, rejects, trips, warns) in [
      (20, 4, true, false), (20, 3, false, false), (19, 19, false, true),
    ] {
      var cuts = cuts {
        $0.rejectRate = RiskRules.RateCut(limit: 0.2, window: .minutes(5), countMin: 20)
      }
      for order in 0..<orders {
        cuts.note(.order(isRejected: order < rejects), at: at(Int64(order)))
      }
      let judgment = cuts.judge(at: at(30))
      #expect(judgment.trips.isEmpty != trips)
      #expect(judgment.warnings.isEmpty != warns)
    }
  }

  @Test("R4: 1 failure of 10 calls within two minutes trips, of 9 calls it does not")
  func connections() {
    for (calls, last, trips) in [(10, 20, true), (9, 20, false), (10, 120, false)] {
      var cuts = cuts {
        $0.connectionErrors = RiskRules.RateCut(limit: 0.1, window: .minutes(2), countMin: 10)
      }
      for call in 0..<calls { cuts.note(.connection(isFailed: call == 5), at: at(Int64(call))) }
      #expect(cuts.judge(at: at(Int64(last))).trips.isEmpty != trips, "\(calls) at \(last)")
    }
  }

  @Test("silence counts while orders are open, from when there was something to hear")
  func silence() {
    var cuts = cuts { $0.fillSilence = RiskRules.SilenceCut(limit: .seconds(90)) }
    cuts.note(.fillStream, at: at(0))
    #expect(cuts.judge(at: at(500)).trips.isEmpty)
    cuts.note(.openOrders(1), at: at(600))
    #expect(cuts.judge(at: at(689)).trips.isEmpty)
    #expect(cuts.judge(at: at(690)).trips.map(\.cause) == [.fillSilence])
    cuts.note(.fillStream, at: at(691))
    #expect(cuts.judge(at: at(700)).trips.isEmpty)
    cuts.note(.openOrders(0), at: at(701))
    #expect(cuts.judge(at: at(9000)).trips.isEmpty)
  }

  @Test("what is not a number is unknown and no zero, and time that goes back is counted")
  func unknowns() {
    var cuts = cuts { $0.dailyLoss = RiskRules.LossCut(limit: 0.03) }
    cuts.note(.session(equity: 100), at: at(10))
    cuts.note(.equity(.nan), at: at(11))
    cuts.note(.equity(-.infinity), at: at(12))
    cuts.note(.equity(99), at: at(3))
    #expect(cuts.judge(at: at(12)).trips.isEmpty)
    #expect(cuts.unknowns == 2)
    #expect(cuts.clockWentBack == 1)
    #expect(cuts.equity == 99)
  }

  @Test("the windows count what a recount of all events counts")
  func windowsAgainstRecount() {
    var generator = SplitMix64(seed: 5)
    var window = SlidingCount(over: .seconds(30))
    var all: [(at: Timestamp, isBad: Bool)] = []
    var now = at(0)
    for step in 0..<600 {
      now = now + TimeSpan(milliseconds: Int64.random(in: 0...4000, using: &generator))
      let isBad = Bool.random(using: &generator)
      window.note(isBad: isBad, at: now)
      all.append((now, isBad))
      let recent = all.filter { now - $0.at < .seconds(30) }
      #expect(window.count == recent.count, "step \(step)")
      #expect(window.bad == recent.count { $0.isBad }, "step \(step)")
    }
  }
}
