import Essentials
import Markets
import Tactics
import TestKit
import Testing

@Suite("Exits together")
struct ExitReviewTests {
  @Test("a market seen in a mirror leaves at the same moments for the same reasons")
  func mirror() {
    var random = RandomCircumstances(seed: 5)
    for settings in [Profiles.shipped.exit, Profiles.seed.exit] {
      for _ in 0..<100 {
        var memory = ExitMemory()
        var mirroredMemory = ExitMemory()
        var circumstances = random.exit()
        for _ in 0..<4 {
          let review = ExitReview(of: circumstances, memory: &memory, under: settings)
          let mirrored = ExitReview(
            of: circumstances.mirrored, memory: &mirroredMemory, under: settings)
          #expect(review.rulings.map(\.verdict.outcome) == mirrored.rulings.map(\.verdict.outcome))
          #expect(review.rulings.map(\.verdict.reason) == mirrored.rulings.map(\.verdict.reason))
          #expect(review.turnsTo == mirrored.turnsTo?.opposite)
          #expect(memory.confirmations == mirroredMemory.confirmations)
          circumstances.now = circumstances.now + .seconds(5)
        }
      }
    }
  }

  @Test("prices a thousand times as high decide the same")
  func scale() {
    var random = RandomCircumstances(seed: 6)
    for settings in [Profiles.shipped.exit, Profiles.seed.exit] {
      for _ in 0..<200 {
        var memory = ExitMemory()
        var scaledMemory = ExitMemory()
        let circumstances = random.exit()
        var scaled = circumstances
        scaled.position.entryPrice *= 1000
        scaled.position.markPrice *= 1000
        scaled.position.liquidationPrice *= 1000
        scaled.position.stopPrice *= 1000
        let review = ExitReview(of: circumstances, memory: &memory, under: settings)
        let other = ExitReview(of: scaled, memory: &scaledMemory, under: settings)
        #expect(review.rulings.map(\.verdict.outcome) == other.rulings.map(\.verdict.outcome))
        #expect(review.reason == other.reason)
      }
    }
  }

  @Test("what is not known closes nothing")
  func null() {
    let position = HeldPosition(
      side: .long, openedAt: .seconds(0), entryPrice: .nan, markPrice: .nan)
    var memory = ExitMemory()
    for second in stride(from: Int64(0), to: 3000, by: 60) {
      let review = ExitReview(
        of: ExitCircumstances(now: .seconds(second), position: position), memory: &memory,
        under: Profiles.shipped.exit)
      #expect(review.exit == nil)
      #expect(review.rulings.allSatisfy { $0.verdict.outcome == .notApplicable })
    }
  }

  /// A long position of 600 s intended hold, well entered.
  private func held(age: Int64) -> ExitCircumstances {
    var position = HeldPosition(
      side: .long, openedAt: .seconds(0), entryPrice: 100, markPrice: 100)
    position.entryHoldSeconds = 600
    position.entryScore = 0.002
    position.entryFloor = 0
    var circumstances = ExitCircumstances(now: .seconds(age), position: position)
    circumstances.market.hurst = 0.5
    circumstances.market.tickTrend = 2.5
    return circumstances
  }

  /// The reasons of one exit at several moments.
  private func reasons(
    _ kind: ExitKind, _ ages: [Int64], _ settings: ExitSettings = Profiles.shipped.exit,
    by change: (inout ExitCircumstances) -> Void
  ) -> [String] {
    var memory = ExitMemory()
    return ages.map { age in
      var circumstances = held(age: age)
      change(&circumstances)
      return ExitReview(of: circumstances, memory: &memory, under: settings)[kind].reason
    }
  }

  @Test("a flip needs hold, edge, direction and progress, and then its confirmations")
  func flip() {
    func flip(_ change: @escaping (inout ExitCircumstances) -> Void) -> (inout ExitCircumstances)
      -> Void
    {
      { circumstances in
        circumstances.wanted = .short
        circumstances.holdScore = 0
        circumstances.short.score = 0.0020
        circumstances.direction.probabilityLong = 0.40
        circumstances.direction.confidence = 0.60
        circumstances.direction.edge = -0.10
        change(&circumstances)
      }
    }
    let late: [Int64] = [500, 505, 510]
    #expect(
      reasons(.flip, late, by: flip { _ in }) == ["confirming", "confirming", "unified_flip"])
    #expect(reasons(.flip, [100], by: flip { _ in }) == ["min_hold"])
    #expect(reasons(.flip, [400], by: flip { _ in }) == ["tstar_progress"])
    #expect(reasons(.flip, [500], by: flip { $0.short.score = 0.0007 }) == ["reverse_edge"])
    #expect(reasons(.flip, [500], by: flip { $0.direction.edge = -0.05 }) == ["direction_conf"])
    #expect(
      reasons(.flip, [500], by: flip { $0.direction.probabilityLong = 0.45 }) == ["direction_conf"])
    #expect(reasons(.flip, [400], by: flip { $0.short.score = 0.0030 }) == ["confirming"])
    #expect(reasons(.flip, [500], by: flip { $0.wanted = .wait }) == ["idle"])
    #expect(
      reasons(
        .flip, [380],
        by: flip {
          $0.short.score = 0.0009
          $0.market.tickTrend = -4
        }) == ["unified_flip"], "a shock waits for nothing but the least hold")
    #expect(
      reasons(
        .flip, [500],
        by: flip {
          $0.position.currentHoldSeconds = 1200
          $0.position.entryQuality = 0.75
          $0.position.leverageSignal = 0.72
          $0.short.score = 0.00095
          $0.market.hurst = 0.7
          $0.market.annualDrift = 1
        }) == ["min_hold"])
  }

  @Test("an entry that is respected is not flipped")
  func respect() {
    var settings = Profiles.shipped.exit
    settings.flip.progress = .init(trend: 0.1, random: 0.1, meanRevert: 0.1)
    let reasons = reasons(.flip, [380], settings) {
      $0.wanted = .short
      $0.holdScore = 0
      $0.short.score = 0.0009
      $0.position.entryQuality = 0.75
      $0.position.leverageSignal = 0.72
      $0.market.annualDrift = 1
    }
    #expect(reasons == ["respect_entry"])
  }

  @Test("cash is preferred to a score that fell to cash, floor or entry, after confirmation")
  func cash() {
    func cash(_ score: Double, _ cash: Double) -> [String] {
      reasons(.cash, [400, 405]) {
        $0.wanted = .wait
        $0.holdScore = score
        $0.cashScore = cash
        $0.position.entryScore = 0.001
      }
    }
    #expect(cash(0.002, 0.0021) == ["confirming", "unified_cash"])
    #expect(cash(0.002, 0.0019) == ["idle", "idle"])
    #expect(cash(0.001, 0) == ["confirming", "unified_cash"])
    #expect(cash(-0.001, -0.002) == ["confirming", "unified_cash"])
  }

  @Test("holding is worth what it earns without the cost of entry, at the horizon nearest t*")
  func hold() {
    func hold(_ near: Double, opposite: Double = 0) -> [String] {
      reasons(.hold, [550, 555]) {
        $0.position.currentHoldSeconds = 600
        $0.hold = HoldEvaluation(
          horizons: [.init(seconds: 60, netReturn: 1), .init(seconds: 500, netReturn: near)],
          oppositeReturn: opposite, entryCost: 0.0006, exitCost: 0.0006)
      }
    }
    #expect(hold(-0.0011) == ["idle", "idle"])
    #expect(hold(-0.0012) == ["confirming", "hold_vs_exit"])
    #expect(hold(-0.0012, opposite: 0.002) == ["confirming", "hold_vs_exit_flip"])
    #expect(
      reasons(.hold, [500]) {
        $0.hold = HoldEvaluation(
          horizons: [.init(seconds: 60, netReturn: -1)], oppositeReturn: 0, entryCost: 0,
          exitCost: 0)
      } == ["tstar_progress"])
  }

  @Test("the planner is heard behind the least hold and when it insists")
  func hybrid() {
    #expect(
      reasons(.hybrid, [300, 400, 405]) { $0.plannerLeaves = true }
        == ["min_hold", "confirming", "hybrid_exit"])
    #expect(reasons(.hybrid, [400]) { $0.plannerLeaves = false } == ["idle"])
  }

  @Test("a score that drops below its floor closes, at once where confidence is high")
  func drop() {
    var memory = ExitMemory()
    var reasons: [String] = []
    for (second, score, confidence) in [
      (0, 0.001, 0.6), (5, -0.001, 0.6), (10, -0.002, 0.6), (15, 0.001, 0.7), (20, -0.001, 0.7),
    ] as [(Int64, Double, Double)] {
      var circumstances = held(age: second)
      circumstances.long.score = score
      circumstances.long.profitProbability = confidence
      reasons.append(
        ExitReview(of: circumstances, memory: &memory, under: Profiles.shipped.exit)[.drop].reason)
    }
    #expect(reasons == ["first", "confirming", "ev_drop_exit", "idle", "ev_drop_exit"])
  }

  @Test("a score below its own mean closes when the stop comes nearer")
  func mean() {
    var memory = ExitMemory()
    var reasons: [String] = []
    for (second, score, stop) in [
      (0, 0.001, 0.2), (30, -0.002, 0.2), (60, -0.004, 0.5), (65, -0.004, 0.5),
    ] as [(Int64, Double, Double)] {
      var circumstances = held(age: second)
      circumstances.long.score = score
      circumstances.long.stopProbability = stop
      reasons.append(
        ExitReview(of: circumstances, memory: &memory, under: Profiles.shipped.exit)[.mean].reason)
    }
    #expect(reasons == ["idle", "idle", "confirming", "ev_psl_ema_exit"])
  }

  @Test("prices beyond stop or liquidation close at once, the worse reason first")
  func prices() throws {
    for side in PositionSide.allCases {
      let stop = try #require(ProtectiveStop(for: side, entryPrice: 100, distance: 0.02))
      var position = HeldPosition(
        side: side, openedAt: .seconds(0), entryPrice: 100, markPrice: 100)
      position.stopPrice = stop.price
      position.liquidationPrice = 100 - side.factor * 5
      #expect(stop.isBefore(liquidationPrice: position.liquidationPrice))
      #expect(!stop.isBefore(liquidationPrice: 100 - side.factor))
      for (move, reason) in [
        (1.0, nil), (2, "protective_stop"), (5, "exchange_liq_sl"),
      ] as [(Double, String?)] {
        position.markPrice = 100 - side.factor * move
        var memory = ExitMemory()
        let review = ExitReview(
          of: ExitCircumstances(now: .seconds(1), position: position), memory: &memory,
          under: Profiles.shipped.exit)
        #expect(review.reason == reason)
      }
    }
    #expect(ProtectiveStop(for: .long, entryPrice: 100, distance: 1) == nil)
    #expect(ProtectiveStop(for: .long, entryPrice: .nan, distance: 0.1) == nil)
  }

  @Test("an event exit that finds the other side good turns to it")
  func turn() {
    var circumstances = held(age: 700)
    circumstances.market.tickTrend = -5
    circumstances.event.expected = -0.02
    circumstances.event.shortfall = -0.02
    circumstances.oppositeEvent.expected = 0.02
    circumstances.oppositeEvent.shortfall = -0.001
    var memory = ExitMemory()
    let review = ExitReview(of: circumstances, memory: &memory, under: Profiles.shipped.exit)
    #expect(review.reason == "event_mc_exit_flip")
    #expect(review.turnsTo == .short)
  }

  @Test("a memory that was written and read goes on as if it never had been")
  func memory() throws {
    var random = RandomCircumstances(seed: 15)
    for _ in 0..<50 {
      var memory = ExitMemory()
      var circumstances = random.exit()
      for _ in 0..<3 {
        _ = ExitReview(of: circumstances, memory: &memory, under: Profiles.shipped.exit)
        let text = memory.json.compactText
        #expect(ExitMemory(json: try JSONValue(parsing: text)) == memory)
        circumstances.now = circumstances.now + .seconds(7)
      }
    }
    for text in ["null", "{}", #"{"confirmations": {"unified_cash": [1]}}"#] {
      #expect(ExitMemory(json: try JSONValue(parsing: text)) == nil)
    }
  }
}
