import Essentials
import Markets
import Tactics
import TestKit
import Testing

@Suite("Event exit")
struct EventExitTests {
  /// The shipped settings with the bounds of the worst outcomes for which cases were recorded.
  private static let weighed: ExitSettings = {
    var settings = Profiles.shipped.exit
    settings.policy.shortfallMax = Profiles.seed.exit.policy.shortfallMax
    settings.event.shortfallWeight = Profiles.seed.exit.event.shortfallWeight
    return settings
  }()

  private func market(
    hurst: Double = .nan, toxicity: Double = .nan, drift: Double = 0, trend: Double = .nan,
    breakout: Double = .nan
  ) -> MarketState {
    var market = MarketState()
    market.hurst = hurst
    market.toxicity = toxicity
    market.annualDrift = drift
    market.tickTrend = trend
    market.tickBreakout = breakout
    return market
  }

  @Test(
    "thresholds follow the state of the market as recorded",
    arguments: [
      (
        0.6, 0.4, 1, Double.nan, Double.nan, 0.8, 0.7, -0.00198018, 0.67662264, 0.01409779,
        3.41172050, 0.25668868
      ),
      (0.5, 0.3, 0, 0.5, 0, 0.5, 0.5, -0.000813, 0.57, 0.01026, 2.464, 0.27),
      (
        0.4, 0.92, -1, -3.6, -0.00072, 0.3, 0.2, -0.00200020, 0.33966605, 0.00434500, 1.04701306,
        0.43022264
      ),
    ])
  func recorded(
    hurst: Double, toxicity: Double, drift: Double, trend: Double, breakout: Double,
    quality: Double, oneWay: Double, score: Double, stop: Double, shortfall: Double, time: Double,
    target: Double
  ) {
    for side in PositionSide.allCases {
      var state = market(
        hurst: hurst, toxicity: toxicity, drift: drift, trend: trend, breakout: breakout)
      if side == .short { state = state.mirrored }
      let settings = Profiles.seed.exit
      let thresholds = EventThresholds(
        for: side, in: state,
        alignment: state.standardizedAlignment(with: side, overSeconds: 60, in: .seed),
        entryQuality: quality, oneWay: oneWay,
        shock: ShockReading(of: state, against: side, under: settings.general),
        under: settings.policy)
      #expect(agree(thresholds.score, score, absolute: 1e-8))
      #expect(agree(thresholds.stop, stop, absolute: 1e-8))
      #expect(agree(thresholds.shortfall, shortfall, absolute: 1e-8))
      #expect(agree(thresholds.time, time, absolute: 1e-8))
      #expect(agree(thresholds.target, target, absolute: 1e-8))
    }
  }

  @Test("a factor that widens a score below zero does not narrow one above")
  func positiveBase() {
    var settings = Self.weighed
    settings.policy.scoreMin = 0.004
    settings.policy.offsetRandom = 0
    func score(_ quality: Double) -> Double {
      EventThresholds(
        for: .long, in: market(hurst: 0.5), alignment: 0, entryQuality: quality, oneWay: quality,
        shock: ShockReading(of: market(), against: .long, under: settings.general),
        under: settings.policy
      ).score
    }
    #expect(score(0.9) < score(0.5), "a good entry is closed later")
    #expect(score(0.5) < score(0.1), "a poor entry is closed sooner")
  }

  @Test("shocks are scored as recorded, and only against the side")
  func shock() {
    var state = market(trend: -3, breakout: -0.0016)
    state.hiddenState = -0.6
    let general = Profiles.seed.exit.general
    #expect(agree(ShockReading(of: state, against: .long, under: general).score, 3.98))
    #expect(agree(ShockReading(of: state.mirrored, against: .short, under: general).score, 3.98))
    #expect(ShockReading(of: state, against: .short, under: general).score == 0)
    #expect(ShockReading(of: MarketState(), against: .long, under: general).score == 0)
  }

  @Test("a shock goes before noise, and a score that is not known is none")
  func modes() {
    #expect(ExitMode(shock: 1, isNoise: true, threshold: 1) == .shock)
    #expect(ExitMode(shock: 0.9, isNoise: true, threshold: 1) == .noise)
    #expect(ExitMode(shock: 0.9, isNoise: false, hint: true, threshold: 1) == .noise)
    #expect(ExitMode(shock: .nan, isNoise: false, threshold: 1) == .normal)
  }

  private func metrics(
    score: Double, shortfall: Double, stop: Double, target: Double
  ) -> EventMetrics {
    var metrics = EventMetrics()
    metrics.expected = score - shortfall
    metrics.shortfall = shortfall
    metrics.stopProbability = stop
    metrics.targetProbability = target
    return metrics
  }

  private func circumstances(
    _ mode: ExitMode, age: Double = 600, progress: Double = 1, shock: Double = 0.2
  ) -> EventExit.Circumstances {
    EventExit.Circumstances(
      thresholds: EventThresholds(
        score: -0.0020, stop: 0.60, shortfall: 0.012, time: 2, target: 0.28), mode: mode,
      shock: shock, ageSeconds: age, progress: progress, market: market(hurst: 0.5))
  }

  @Test(
    "the mode shifts the thresholds as recorded",
    arguments: [
      (ExitMode.normal, -0.0020, 0.60, 0.012, 0.28, TacticVerdict.Outcome.fail),
      (.noise, -0.0026, 0.648, 0.01296, 0.2576, .pass),
      (.shock, -0.0012, 0.552, 0.0102, 0.3024, .fail),
    ])
  func core(
    mode: ExitMode, score: Double, stop: Double, shortfall: Double, target: Double,
    outcome: TacticVerdict.Outcome
  ) {
    let verdict = EventExit.core(
      metrics(score: -0.0025, shortfall: -0.008, stop: 0.50, target: 0.35), circumstances(mode),
      under: Profiles.seed.exit)
    for (measure, limit) in zip(verdict.measures, [score, shortfall, stop, target]) {
      #expect(agree(measure.limit, limit))
    }
    #expect(verdict.outcome == outcome)
    #expect(outcome == .pass || verdict.reason == "score")
  }

  @Test("the exit waits for the intended hold and then for three confirmations")
  func gate() {
    for settings in [Profiles.seed.exit, Self.weighed] {
      var confirmations = ExitConfirmations()
      var outcomes: [String] = []
      for second in [120.0, 400, 410, 420] {
        let verdict = EventExit.judge(
          metrics(score: -0.0025, shortfall: -0.008, stop: 0.50, target: 0.35),
          circumstances(.normal, age: second, progress: second / 600),
          confirmations: &confirmations, at: .seconds(Int64(second)), under: settings)
        outcomes.append(verdict.reason)
      }
      #expect(outcomes == ["tstar_progress", "confirming", "confirming", "event_mc_exit_normal"])
    }
  }

  @Test("three loops within one second confirm nothing by time of events")
  func cycles() {
    func reasons(_ settings: ExitSettings) -> [String] {
      var confirmations = ExitConfirmations()
      return (0..<3).map { loop in
        EventExit.judge(
          metrics(score: -0.0025, shortfall: -0.008, stop: 0.50, target: 0.35),
          circumstances(.normal), confirmations: &confirmations,
          at: Timestamp(millisecondsSinceEpoch: Int64(600_000 + 300 * loop)), under: settings
        ).reason
      }
    }
    #expect(reasons(Self.weighed).last == "confirming")
    #expect(reasons(Profiles.seed.exit).last == "event_mc_exit_normal")
  }

  @Test("a target that the horizon is too short for calls nobody out of a trade")
  func horizon() {
    // Without drift, within 600 s, few paths reach either barrier.
    let fresh = metrics(score: 0.001, shortfall: -0.004, stop: 0.1512, target: 0.0862)
    #expect(
      EventExit.core(fresh, circumstances(.normal), under: Self.weighed).outcome == .pass)
    #expect(
      EventExit.core(fresh, circumstances(.normal), under: Profiles.seed.exit).reason
        == "target_chance")
    let bad = metrics(score: 0.001, shortfall: -0.004, stop: 0.40, target: 0.10)
    #expect(
      EventExit.core(bad, circumstances(.normal), under: Self.weighed).reason
        == "target_chance")
  }

  @Test("a young position is closed in a shock only, and severe cases wait unless told otherwise")
  func grace() {
    let severe = metrics(score: -0.01, shortfall: -0.05, stop: 0.95, target: 0.02)
    var settings = Self.weighed
    func reason(_ mode: ExitMode, age: Double) -> String {
      var confirmations = ExitConfirmations()
      return EventExit.judge(
        severe, circumstances(mode, age: age, shock: mode == .shock ? 1.5 : 0),
        confirmations: &confirmations, at: .seconds(0), under: settings
      ).reason
    }
    #expect(reason(.normal, age: 10) == "grace")
    #expect(reason(.shock, age: 10) == "event_mc_exit_shock")
    #expect(reason(.normal, age: 30) == "confirming")
    settings.event.fastOnlyInShock = false
    #expect(reason(.normal, age: 30) == "event_mc_exit_normal")
  }

  @Test("the check of an entry refuses only what the exit would close at once")
  func precheck() {
    let bad = metrics(score: -0.01, shortfall: -0.05, stop: 0.95, target: 0.02)
    func check(_ mode: ExitMode, _ metrics: EventMetrics) -> EventPrecheck {
      EventExit.precheck(
        metrics, thresholds: circumstances(mode).thresholds, mode: mode,
        shock: mode == .shock ? 2 : 0, market: market(hurst: 0.5), at: .seconds(0),
        under: Self.weighed)
    }
    #expect(!check(.shock, bad).isSafe)
    #expect(check(.normal, bad).isSafe)
    #expect(check(.shock, EventMetrics()).verdict.outcome == .notApplicable)
  }

  @Test("the other side is entered only where it is good enough and better")
  func flip() {
    var settings = Self.weighed.event
    settings.flipScoreMin = 0.0010
    settings.flipMargin = 0.0005
    #expect(EventExit.flips(from: 0.0006, to: 0.0011, under: settings))
    #expect(!EventExit.flips(from: 0.0007, to: 0.0011, under: settings))
    #expect(!EventExit.flips(from: -0.01, to: 0.0009, under: settings))
    #expect(!EventExit.flips(from: .nan, to: 0.01, under: settings))
  }
}
