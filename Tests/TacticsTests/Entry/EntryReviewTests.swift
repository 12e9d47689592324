import Markets
import Tactics
import Testing

@Suite("Entry gates")
struct EntryReviewTests {
  @Test("a market seen in a mirror gives the same verdicts with the same values")
  func mirror() {
    var random = RandomCircumstances(seed: 1)
    for settings in [Profiles.shipped, Profiles.seed] {
      for _ in 0..<400 {
        let entry = random.entry()
        let seen = EntryReview(of: entry, under: settings)
        let mirrored = EntryReview(of: entry.mirrored, under: settings)
        for (left, right) in zip(seen.rulings, mirrored.rulings) {
          #expect(left.verdict.outcome == right.verdict.outcome, "\(left) \(right)")
          guard left.gate != .bothNegative else { continue }
          let values = zip(left.verdict.measures, right.verdict.measures)
          #expect(values.allSatisfy { $0.value == $1.value || $0.value.isNaN && $1.value.isNaN })
        }
      }
    }
  }

  @Test("what is not known blocks nothing, and no side makes every gate fall silent")
  func null() {
    var entry = EntryCircumstances(now: .seconds(0), side: .long)
    let review = EntryReview(of: entry, under: Profiles.shipped)
    #expect(review.denial == nil)
    #expect(review.rulings.map(\.gate) == EntryGate.allCases)
    #expect(review.rulings.allSatisfy { $0.verdict.outcome == .notApplicable })
    entry.side = nil
    entry.account.isInSafetyMode = true
    #expect(
      EntryReview(of: entry, under: Profiles.shipped).rulings.allSatisfy {
        $0.verdict.outcome == .notApplicable
      })
  }

  @Test("no value that is not a number, in any place, crashes a gate or turns into a denial by it")
  func notANumber() {
    var random = RandomCircumstances(seed: 2)
    for _ in 0..<200 {
      var entry = random.entry()
      let before = EntryReview(of: entry, under: Profiles.shipped)
      entry.market.spread = .nan
      entry.notional = .nan
      entry.direction = DirectionBelief()
      let after = EntryReview(of: entry, under: Profiles.shipped)
      for gate in [EntryGate.spread, .notionalMin, .exposureMin, .direction] {
        #expect(after[gate].outcome == .notApplicable)
      }
      #expect(before[.unified].outcome == after[.unified].outcome)
    }
  }

  @Test("the first gate that fails is the reason of the denial, in the stated order")
  func order() {
    var entry = EntryCircumstances(now: .seconds(0), side: .long)
    entry.rank = 99
    #expect(EntryReview(of: entry, under: Profiles.shipped).denial?.gate == .rank)
    entry.long.score = -0.01
    #expect(EntryReview(of: entry, under: Profiles.shipped).denial?.gate == .unified)
    entry.long.netReturn = -0.01
    entry.short.netReturn = -0.01
    #expect(EntryReview(of: entry, under: Profiles.shipped).denial?.gate == .bothNegative)
    entry.market.spread = 0.5
    let denial = EntryReview(of: entry, under: Profiles.shipped).denial
    #expect(denial?.verdict.reason == "spread_cap")
    #expect(denial?.verdict.measures == [.init("spread", 0.5, limit: 0.0012)])
  }

  @Test("overrides silence exactly the gates that they name, flips those of flips")
  func overrides() throws {
    let text = "ENTRY_OVERRIDE_FILTERS: top_n; cap"
    let settings = try TacticsConfiguration([
      SettingDocument(.operatorFile, named: "desk.yml", text: text)
    ]).settings
    var entry = EntryCircumstances(now: .seconds(0), side: .short)
    entry.rank = 99
    entry.account.isInSafetyMode = true
    entry.market.spread = 0.5
    func failing(_ settings: TacticsSettings) -> [EntryGate] {
      EntryReview(of: entry, under: settings).rulings.filter { $0.verdict.outcome == .fail }.map(
        \.gate)
    }
    #expect(failing(Profiles.shipped) == [.spread, .rank, .cap])
    #expect(failing(settings) == [.spread])
    entry.isFlip = true
    #expect(failing(Profiles.shipped) == [.spread])
  }

  @Test(
    "each gate of a limit passes at it and fails beyond",
    arguments: [
      (EntryGate.spread, 0.0012, true), (.spread, 0.00121, false), (.liquidity, 10, true),
      (.liquidity, 9.99, false), (.tickVolatility, 0.001, true), (.tickVolatility, 0.0009, false),
      (.eventShortfall, -1, true), (.eventShortfall, -1.01, false), (.unified, 0, true),
      (.unified, -0.0001, false), (.notionalMin, 20, true), (.notionalMin, 19.9, false),
      (.exposureMin, 5, true), (.exposureMin, 4.99, false), (.cap, 2000, true),
      (.cap, 2000.1, false), (.fee, 0.0004, true), (.fee, 0.0003, false), (.gross, 0.0001, true),
      (.gross, 0.00009, false),
    ])
  func limits(gate: EntryGate, value: Double, passes: Bool) {
    var settings = Profiles.shipped
    settings.entry.costs.mode = .both
    settings.entry.market.liquidityMin = 10
    settings.entry.market.tickVolatilityMin = 0.001
    settings.entry.size.notionalMin = 20
    settings.entry.size.exposureShareMin = 0.005
    var entry = EntryCircumstances(now: .seconds(0), side: .long)
    entry.account.equity = 1000
    entry.account.balance = 1000
    entry.account.openNotional = 1000
    entry.notional = value
    entry.market.spread = value
    entry.market.liquidity = value
    entry.market.tickVolatility = value
    entry.long.eventShortfall = value
    entry.long.score = value
    entry.long.eventReturn = value
    entry.long.grossReturn = value
    let verdict = EntryReview(of: entry, under: settings)[gate]
    #expect(verdict.outcome == (passes ? .pass : .fail), "\(verdict)")
  }

  @Test("the notional's floor follows the balance, never above its share and never below its least")
  func notionalFloor() {
    var settings = Profiles.shipped
    settings.entry.size.notionalMin = 20
    settings.entry.size.notionalShareMin = 0.5
    var entry = EntryCircumstances(now: .seconds(0), side: .long)
    entry.notional = 10
    for (balance, floor) in [(1000.0, 150.0), (10, 1.5), (1, 0.5), (.nan, 20)] {
      entry.account.balance = balance
      let verdict = EntryReview(of: entry, under: settings)[.notionalMin]
      #expect(verdict.measures.first?.limit == floor)
    }
  }

  @Test("a failed joint simulation blocks, or makes the entry smaller where it is told to")
  func portfolio() {
    var entry = EntryCircumstances(now: .seconds(0), side: .long)
    entry.portfolio = PortfolioOutlook()
    #expect(EntryReview(of: entry, under: Profiles.shipped)[.portfolio].outcome == .notApplicable)
    entry.portfolio?.liquidationProbability = 0.06
    #expect(EntryReview(of: entry, under: Profiles.shipped).denial?.gate == .portfolio)
    var settings = Profiles.shipped
    settings.entry.portfolio.blocks = false
    let review = EntryReview(of: entry, under: settings)
    #expect(review.denial == nil)
    #expect(review.sizeShare == 0.5)
  }

  @Test("a weak trade that stays at the floor of leverage is refused after three evaluations")
  func floorLock() {
    var counter = FloorCounter()
    var entry = EntryCircumstances(now: .seconds(0), side: .short)
    entry.leverage = 1
    entry.long.netReturn = 0.0002
    entry.short.netReturn = 0.0006
    entry.short.score = 0.0003
    entry.short.profitProbability = 0.58
    entry.direction.confidence = 0.55
    var outcomes: [TacticVerdict.Outcome] = []
    for _ in 0..<4 {
      counter.observe(leverage: 1, floor: 1, tolerance: 0.001, hasSide: true)
      entry.floorCount = counter.count
      outcomes.append(EntryReview(of: entry, under: Profiles.shipped)[.floorLock].outcome)
    }
    #expect(outcomes == [.pass, .pass, .fail, .fail])
    counter.observe(leverage: 2, floor: 1, tolerance: 0.001, hasSide: true)
    #expect(counter.count == 3)
    counter.observe(leverage: 1, floor: 1, tolerance: 0.001, hasSide: false)
    #expect(counter.count == 0)
  }

  @Test("an entry that would be closed at once is refused unless it is excellent")
  func eventCheck() {
    var entry = EntryCircumstances(now: .seconds(0), side: .long)
    entry.eventCheck = EventPrecheck(
      verdict: TacticVerdict(.fail, "event_mc_exit_shock"), stopProbability: 0.4,
      targetProbability: 0.5)
    #expect(EntryReview(of: entry, under: Profiles.shipped).denial?.gate == .eventExit)
    entry.long.profitProbability = 0.72
    entry.direction.confidence = 0.60
    entry.direction.edge = -0.12
    entry.long.netReturn = 0.0018
    entry.short.netReturn = 0
    entry.entryQuality = 0.70
    #expect(
      EntryReview(of: entry, under: Profiles.shipped)[.eventExit].reason.hasSuffix("bypassed"))
    entry.eventCheck?.targetProbability = 0.26
    #expect(EntryReview(of: entry, under: Profiles.shipped)[.eventExit].outcome == .fail)
    var settings = Profiles.shipped
    settings.entry.event.blocks = false
    #expect(EntryReview(of: entry, under: settings)[.eventExit].outcome == .notApplicable)
  }
}
