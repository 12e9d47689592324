import Essentials
import Testing

@testable import Worlds

@Suite("Decisions")
struct WorldDecisionTests {
  typealias Candidate = DecisionFixture.Candidate

  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var fixture: @Sendable () -> DecisionFixture
    var rows: [String: String]
    var steps: [String]
    var standing = DataCurrency.Standing.current
    var mode = WorldMode.active

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    // Currency and history.
    Case(
      name: "C01",
      fixture: {
        DecisionFixture(Candidate("a", .backtest)).changed { $0.lag = .seconds(300) }
      },
      rows: ["a": "0/0 START_DRYRUN"], steps: ["START_DRYRUN a"]),
    Case(
      name: "C02",
      fixture: {
        DecisionFixture(Candidate("a", .backtest)).changed { $0.lag = .seconds(301) }
      },
      rows: ["a": "0/0 HOLD catch_up"], steps: [], standing: .stale, mode: .evalOnly),
    Case(
      name: "C03",
      fixture: {
        DecisionFixture(Candidate("a", .backtest).changed { $0.history = .days(59) })
      },
      rows: ["a": "0/0 HOLD min_history"], steps: []),
    Case(
      name: "C03 not warm",
      fixture: { DecisionFixture(Candidate("a", .backtest).changed { $0.isWarm = false }) },
      rows: ["a": "0/0 HOLD warmup"], steps: []),
    Case(
      name: "C04",
      fixture: { DecisionFixture(Candidate("a", p: 1)).changed { $0.lag = .seconds(-10) } },
      rows: ["a": "pass admitted 1/0 HOLD mode:eval_only"], steps: [], standing: .future,
      mode: .evalOnly),
    Case(
      name: "C34",
      fixture: {
        DecisionFixture(
          Candidate("a", .live, f: 1, ["sharpe_mid": 0.10]), Candidate("b", p: 1)
        ).changed { $0.lag = .seconds(400) }
      },
      rows: [
        "a": "fail 0/1 HOLD mode:eval_only", "b": "pass admitted 1/0 HOLD mode:eval_only",
      ], steps: [], standing: .stale, mode: .evalOnly),
    Case(
      name: "C35",
      fixture: {
        DecisionFixture(Candidate("a", .live), Candidate("b", p: 1))
          .changed { $0.lag = .seconds(601) }
      },
      rows: [
        "a": "pass admitted 0/0 GATE_CLOSE", "b": "pass admitted 1/0 HOLD mode:eval_only",
      ], steps: ["GATE_CLOSE a"], standing: .stale, mode: .evalOnly),
    Case(
      name: "no dataset behaves as stale",
      fixture: {
        DecisionFixture(Candidate("a", .live), Candidate("b", p: 1), Candidate("c", .backtest))
          .changed { $0.hasDatasets = false }
      },
      rows: [
        "a": "pass admitted 0/0 GATE_CLOSE", "b": "pass admitted 1/0 HOLD mode:eval_only",
        "c": "0/0 HOLD catch_up",
      ], steps: ["GATE_CLOSE a"], standing: .unknown, mode: .evalOnly),
    Case(
      name: "freezing on stale data closes gates at once",
      fixture: {
        DecisionFixture(Candidate("a", .live)).changed {
          $0.lag = .seconds(301)
          $0.policy.currency.onStale = .freeze
        }
      },
      rows: ["a": "pass admitted 0/0 GATE_CLOSE"], steps: ["GATE_CLOSE a"], standing: .stale,
      mode: .evalOnly),
    Case(
      name: "a closed gate is not closed again",
      fixture: {
        DecisionFixture(Candidate("a", .live).changed { $0.isGateClosed = true })
          .changed { $0.lag = .seconds(601) }
      },
      rows: ["a": "pass admitted 0/0 HOLD mode:eval_only"], steps: [], standing: .stale,
      mode: .evalOnly),
    // Gate, sample, promotion.
    Case(
      name: "C05", fixture: { DecisionFixture(Candidate("a")) },
      rows: ["a": "pass admitted 1/0 HOLD streak"], steps: []),
    Case(
      name: "C06", fixture: { DecisionFixture(Candidate("a", p: 1)) },
      rows: ["a": "pass admitted 2/0 PROMOTE"], steps: ["PROMOTE a"]),
    Case(
      name: "C07", fixture: { DecisionFixture(Candidate("a", p: 1, days: 9)) },
      rows: ["a": "pass admitted 2/0 HOLD min_dwell"], steps: []),
    Case(
      name: "C08", fixture: { DecisionFixture(Candidate("a", p: 1, days: 10)) },
      rows: ["a": "pass admitted 2/0 PROMOTE"], steps: ["PROMOTE a"]),
    Case(
      name: "C09", fixture: { DecisionFixture(Candidate("a", p: 1, ["sharpe_mid": 0.59])) },
      rows: ["a": "fail 0/1 HOLD"], steps: []),
    Case(
      name: "C10", fixture: { DecisionFixture(Candidate("a", p: 1, ["trades_60d": .nan])) },
      rows: ["a": "insufficient 0/0 HOLD"], steps: []),
    Case(
      name: "C11", fixture: { DecisionFixture(Candidate("a", p: 1, ["sharpe_mid": .nan])) },
      rows: ["a": "insufficient 0/0 HOLD"], steps: []),
    Case(
      name: "C12",
      fixture: {
        DecisionFixture(Candidate("a", p: 1, ["trades_60d": .nan, "max_dd_120d": 0.40]))
      },
      rows: ["a": "fail 0/1 HOLD"], steps: []),
    // Hysteresis of incumbents.
    Case(
      name: "C13",
      fixture: { DecisionFixture(Candidate("a", .live, p: 5, ["sharpe_mid": 0.45])) },
      rows: ["a": "pass admitted 6/0 HOLD"], steps: []),
    Case(
      name: "C14",
      fixture: { DecisionFixture(Candidate("a", .live, p: 5, ["sharpe_mid": 0.39])) },
      rows: ["a": "fail 0/1 HOLD streak"], steps: []),
    Case(
      name: "C15",
      fixture: { DecisionFixture(Candidate("a", .live, f: 1, ["sharpe_mid": 0.39])) },
      rows: ["a": "fail 0/2 DEMOTE"], steps: ["DEMOTE a"]),
    Case(
      name: "C16",
      fixture: {
        DecisionFixture(Candidate("a", .live, f: 1, days: 4, ["sharpe_mid": 0.39]))
      },
      rows: ["a": "fail 0/2 HOLD min_dwell"], steps: []),
    Case(
      name: "C17",
      fixture: { DecisionFixture(Candidate("a", .live, f: 1, ["sharpe_mid": 0.70])) },
      rows: ["a": "pass admitted 1/0 HOLD"], steps: []),
    Case(
      name: "C18",
      fixture: { DecisionFixture(Candidate("a", .live, f: 1, ["sample_days": .nan])) },
      rows: ["a": "insufficient 0/1 HOLD"], steps: []),
    Case(
      name: "C19", fixture: { DecisionFixture(Candidate("a", .inactive, days: 2)) },
      rows: ["a": "0/0 HOLD cooldown"], steps: []),
    Case(
      name: "C20", fixture: { DecisionFixture(Candidate("a", .inactive, p: 4, f: 2, days: 3)) },
      rows: ["a": "0/0 START_DRYRUN"], steps: ["START_DRYRUN a"]),
    // Places by side, ties.
    Case(
      name: "C22",
      fixture: {
        DecisionFixture(Candidate("z", p: 1), Candidate("a", p: 1), Candidate("m", p: 1))
          .changed { twoLongs(&$0.policy) }
      },
      rows: [
        "a": "pass admitted 2/0 PROMOTE", "m": "pass admitted 2/0 PROMOTE",
        "z": "pass side_quota 0/1 HOLD",
      ], steps: ["PROMOTE a", "PROMOTE m"]),
    Case(
      name: "C23",
      fixture: {
        DecisionFixture(Candidate("z", .live), Candidate("a", p: 1), Candidate("m", p: 1))
          .changed { twoLongs(&$0.policy) }
      },
      rows: [
        "z": "pass admitted 1/0 HOLD", "a": "pass admitted 2/0 PROMOTE",
        "m": "pass side_quota 0/1 HOLD",
      ], steps: ["PROMOTE a"]),
    // Correlation and caps.
    Case(
      name: "C24",
      fixture: {
        DecisionFixture(sharpes([("a", 1.5), ("b", 1.4), ("c", 1.0)])).changed {
          twoLongs(&$0.policy)
          $0.correlations = [("a", "b", 0.90)]
        }
      },
      rows: [
        "a": "pass admitted 2/0 PROMOTE", "b": "pass corr:a 0/1 HOLD",
        "c": "pass admitted 2/0 PROMOTE",
      ], steps: ["PROMOTE a", "PROMOTE c"]),
    Case(
      name: "C25",
      fixture: {
        DecisionFixture(sharpes([("a", 1.5), ("b", 1.0)]))
          .changed { $0.correlations = [("a", "b", 0.85)] }
      },
      rows: ["a": "pass admitted 2/0 PROMOTE", "b": "pass admitted 2/0 PROMOTE"],
      steps: ["PROMOTE a", "PROMOTE b"]),
    Case(
      name: "C26",
      fixture: {
        DecisionFixture(sharpes([("a", 1.5), ("b", 1.0)]))
          .changed { $0.correlations = [("a", "b", -0.90)] }
      },
      rows: ["a": "pass admitted 2/0 PROMOTE", "b": "pass corr:a 0/1 HOLD"],
      steps: ["PROMOTE a"]),
    Case(
      name: "C27",
      fixture: {
        DecisionFixture(sharpes([("a", 1.5), ("b", 1.4), ("c", 1.3)]))
          .changed { $0.correlations = [("a", "b", 0.9), ("b", "c", 0.9)] }
      },
      rows: [
        "a": "pass admitted 2/0 PROMOTE", "b": "pass corr:a 0/1 HOLD",
        "c": "pass admitted 2/0 PROMOTE",
      ], steps: ["PROMOTE a", "PROMOTE c"]),
    Case(
      name: "C28",
      fixture: {
        DecisionFixture(sharpes([("a", 1.5), ("b", 1.0)]))
          .changed { $0.correlations = [("a", "b", .nan)] }
      },
      rows: ["a": "pass admitted 2/0 PROMOTE", "b": "pass corr_missing:a 0/1 HOLD"],
      steps: ["PROMOTE a"]),
    Case(
      name: "C29",
      fixture: {
        DecisionFixture(
          Candidate("a1", p: 1, sector: "tech", ["sharpe_mid": 1.9]),
          Candidate("a2", p: 1, sector: "tech", ["sharpe_mid": 1.8]),
          Candidate("a3", p: 1, sector: "tech", ["sharpe_mid": 1.7]),
          Candidate("e", p: 1, sector: "energy", ["sharpe_mid": 0.9]))
      },
      rows: [
        "a1": "pass admitted 2/0 PROMOTE", "a2": "pass admitted 2/0 PROMOTE",
        "a3": "pass sector_cap:tech 0/1 HOLD", "e": "pass admitted 2/0 PROMOTE",
      ], steps: ["PROMOTE a1", "PROMOTE a2", "PROMOTE e"]),
    Case(
      name: "C30",
      fixture: {
        DecisionFixture(
          Candidate("s1", side: .short, p: 1).changed { $0.symbols = [.init("BTC", 1)] },
          Candidate("s2", side: .short, p: 1).changed { $0.symbols = [.init("BTC", 1)] })
      },
      rows: ["s1": "pass admitted 2/0 PROMOTE", "s2": "pass symbol_cap:BTC 0/1 HOLD"],
      steps: ["PROMOTE s1"]),
    Case(
      name: "C41",
      fixture: {
        DecisionFixture(
          Candidate("inc", .live, f: 1, days: 3, sector: "tech", ["sharpe_mid": 0.2]),
          Candidate("t1", p: 1, sector: "tech", ["sharpe_mid": 1.9]),
          Candidate("t2", p: 1, sector: "tech", ["sharpe_mid": 1.8]))
      },
      rows: [
        "inc": "fail 0/2 HOLD min_dwell", "t1": "pass admitted 2/0 PROMOTE",
        "t2": "pass admitted 2/0 HOLD live_sector:tech",
      ], steps: ["PROMOTE t1"]),
    Case(
      name: "C42",
      fixture: {
        DecisionFixture(
          Candidate("inc", .live, days: 3, ["sharpe_mid": 0.2]), Candidate("n", p: 1)
        ).changed { $0.correlations = [("inc", "n", 0.95)] }
      },
      rows: [
        "inc": "fail 0/1 HOLD streak", "n": "pass admitted 2/0 HOLD live_corr:inc",
      ], steps: []),
    // A single place.
    Case(
      name: "C31",
      fixture: {
        oneSlot(Candidate("inc", .live, p: 9), Candidate("new", p: 1, ["sharpe_mid": 1.2]))
      },
      rows: [
        "inc": "pass side_quota 0/1 HOLD streak", "new": "pass admitted 2/0 HOLD slot_busy",
      ], steps: []),
    Case(
      name: "C32",
      fixture: {
        oneSlot(Candidate("inc", .live, f: 1), Candidate("new", p: 2, ["sharpe_mid": 1.2]))
      },
      rows: ["inc": "pass side_quota 0/2 DEMOTE", "new": "pass admitted 3/0 PROMOTE"],
      steps: ["DEMOTE inc", "PROMOTE new"]),
    Case(
      name: "C33",
      fixture: {
        oneSlot(Candidate("inc", .live, p: 9), Candidate("new", p: 1, ["sharpe_mid": 1.2]))
          .changed { $0.policy.selection.hysteresis.rankMargin = 0.25 }
      },
      rows: ["inc": "pass admitted 10/0 HOLD", "new": "pass side_quota 0/1 HOLD"], steps: []),
    Case(
      name: "C39",
      fixture: {
        oneSlot(
          Candidate("inc", .live, f: 1, days: 3), Candidate("new", p: 2, ["sharpe_mid": 1.2]))
      },
      rows: [
        "inc": "pass side_quota 0/2 HOLD min_dwell",
        "new": "pass admitted 3/0 HOLD slot_busy",
      ], steps: []),
    Case(
      name: "C43",
      fixture: {
        oneSlot(Candidate("inc", .live, ["sharpe_mid": .nan]), Candidate("new", p: 1))
      },
      rows: ["inc": "insufficient 0/0 HOLD", "new": "pass admitted 2/0 HOLD slot_busy"],
      steps: []),
    Case(
      name: "C44",
      fixture: {
        oneSlot(Candidate("inc", .live, f: 1, ["sharpe_mid": 0.2]), Candidate("new"))
      },
      rows: ["inc": "fail 0/2 DEMOTE", "new": "pass admitted 1/0 HOLD streak"],
      steps: ["DEMOTE inc"]),
    // The state of the world.
    Case(
      name: "C36",
      fixture: {
        DecisionFixture(
          Candidate("a", .live, f: 1, ["sharpe_mid": 0.1]), Candidate("b", p: 5)
        ).changed {
          $0.breaker = .init(isTripped: true, reason: "loss", since: DecisionFixture.now)
        }
      },
      rows: ["a": "fail 0/1 GATE_CLOSE", "b": "pass admitted 5/0 HOLD mode:halted"],
      steps: ["GATE_CLOSE a"], mode: .halted),
    Case(
      name: "C37",
      fixture: {
        DecisionFixture(
          Candidate("a", p: 1), Candidate("b", .live, f: 1, ["sharpe_mid": 0.1])
        ).changed { $0.declared = .evalOnly }
      },
      rows: [
        "a": "pass admitted 1/0 HOLD mode:eval_only", "b": "fail 0/1 HOLD mode:eval_only",
      ], steps: [], mode: .evalOnly),
    Case(
      name: "C38",
      fixture: {
        DecisionFixture(
          Candidate("a", .submitted), Candidate("b", p: 1), Candidate("c", .live)
        ).changed { $0.declared = .paused }
      },
      rows: [
        "a": "0/0 HOLD mode:paused", "b": "1/0 HOLD mode:paused", "c": "0/0 GATE_CLOSE",
      ], steps: ["GATE_CLOSE c"], mode: .paused),
    Case(
      name: "an entered instance is replayed, also while data is behind",
      fixture: { DecisionFixture(Candidate("a", .submitted)).changed { $0.lag = .days(400) } },
      rows: ["a": "0/0 START_BACKTEST"], steps: ["START_BACKTEST a"], standing: .stale,
      mode: .evalOnly),
    Case(
      name: "a world without money promotes nobody",
      fixture: {
        DecisionFixture(Candidate("a", p: 1)).changed { $0.policy.allowsLive = false }
      },
      rows: ["a": "pass admitted 2/0 HOLD allow_live"], steps: []),
    Case(
      name: "a person lets a promotion happen",
      fixture: {
        DecisionFixture(
          Candidate("a", p: 1), Candidate("b", p: 1).changed { $0.isApproved = true }
        ).changed { $0.policy.selection.approval = .manual(approvers: ["owner"]) }
      },
      rows: ["a": "pass admitted 2/0 HOLD approval", "b": "pass admitted 2/0 PROMOTE"],
      steps: ["PROMOTE b"]),
    Case(
      name: "what may be lost must be known where a loss is limited",
      fixture: {
        DecisionFixture(
          Candidate("a", .live).changed { $0.volatility = .nan },
          Candidate("b", p: 1).changed { $0.volatility = .nan }, Candidate("c", p: 1)
        ).changed { $0.policy.risk.limits.valueAtRisk99 = 0.02 }
      },
      rows: [
        "a": "pass admitted 1/0 HOLD", "b": "pass admitted 2/0 HOLD vol_unknown",
        "c": "pass admitted 2/0 PROMOTE",
      ], steps: ["PROMOTE c", "REWEIGHT a"]),
    Case(
      name: "a cycle that is counted moves nobody again",
      fixture: {
        DecisionFixture(
          Candidate("a", p: 2), Candidate("b", .live, f: 2, ["sharpe_mid": 0.1]),
          Candidate("c", .backtest)
        ).changed { $0.countedCycle = 7 }
      },
      rows: [
        "a": "pass admitted 2/0 HOLD cycle_done", "b": "fail 0/2 HOLD cycle_done",
        "c": "0/0 HOLD cycle_done",
      ], steps: []),
  ]

  static func twoLongs(_ policy: inout WorldPolicy) {
    policy.selection.topK.total = 2
    policy.selection.topK.long = 2
    policy.selection.topK.short = 0
    policy.risk.limits.perSector = nil
    policy.risk.limits.perSymbol = nil
  }

  static func oneSlot(_ candidates: Candidate...) -> DecisionFixture {
    DecisionFixture(candidates).changed { $0.policy = DecisionFixture.oneSlot }
  }

  static func sharpes(_ sharpes: [(String, Double)]) -> [Candidate] {
    sharpes.map { Candidate($0.0, p: 1, ["sharpe_mid": $0.1]) }
  }

  @Test("each case is decided as it is written down", arguments: cases)
  func decided(_ example: Case) {
    let plan = example.fixture().plan
    #expect(plan.summary == example.rows)
    #expect(plan.doings == example.steps)
    #expect(plan.currency.standing == example.standing)
    #expect(plan.mode == example.mode)
  }

  /// Longs l1..., shorts s1..., each with one pass before.
  static func field(longs: [Double], shorts: [Double]) -> DecisionFixture {
    DecisionFixture(
      longs.enumerated().map { Candidate("l\($0 + 1)", p: 1, ["sharpe_mid": $1]) }
        + shorts.enumerated().map {
          Candidate("s\($0 + 1)", side: .short, p: 1, ["sharpe_mid": $1])
        })
  }

  @Test("C21: each side fills its own places in the one order of ranks")
  func placesBySide() {
    let fixture = Self.field(
      longs: (1...7).map { 2 - 0.1 * Double($0) }, shorts: (1...5).map { 2.05 - 0.1 * Double($0) })
    let plan = fixture.plan
    #expect(
      plan.ranking == [
        "s1", "l1", "s2", "l2", "s3", "l3", "s4", "l4", "s5", "l5", "l6", "l7",
      ])
    #expect(
      plan.doings == ["s1", "l1", "s2", "l2", "s3", "l3", "l4", "l5"].map { "PROMOTE \($0)" })
    for id in ["l6", "l7", "s4", "s5"] {
      #expect(plan.summary[id] == "pass side_quota 0/1 HOLD")
    }
  }

  @Test("C40: the total binds where the sides together have more places")
  func placesInTotal() {
    let fixture = Self.field(
      longs: [1.9, 1.8, 1.7, 1.6, 1.5], shorts: [1.95, 1.85, 1.75]
    ).changed { $0.policy.selection.topK.total = 6 }
    let plan = fixture.plan
    #expect(
      Set(plan.doings) == Set(["l1", "l2", "l3", "s1", "s2", "s3"].map { "PROMOTE \($0)" }))
    #expect(plan.summary["l4"] == "pass total_quota 0/1 HOLD")
    #expect(plan.summary["l5"] == "pass total_quota 0/1 HOLD")
  }

  @Test("places that a side leaves empty go to the other where the policy lets them spill")
  func spilling() {
    let fixture = Self.field(
      longs: (1...7).map { 2 - 0.1 * Double($0) }, shorts: [1.95]
    ).changed { $0.policy.selection.topK.spills = true }
    let plan = fixture.plan
    #expect(plan.rows.filter(\.isAdmitted).count == 8)
    let longs = plan.allocations.filter { $0.side == .long }.map(\.weight).reduce(0, +)
    #expect(abs(longs - 0.6) < 1e-12, "the budget of a side holds for those who spill over")
  }

  @Test("C09, C11, C13, C17: a score is told where it is known")
  func scores() {
    func score(_ sharpe: Double, _ phase: StrategyPhase) -> Double? {
      DecisionFixture(Candidate("a", phase, ["sharpe_mid": sharpe])).plan.rows[0].score
    }
    #expect(abs(score(0.59, .dryrun)! - 0.635) < 1e-12)
    #expect(score(.nan, .dryrun) == nil)
    #expect(abs(score(0.45, .live)! - 0.495) < 1e-12)
    #expect(abs(score(0.70, .live)! - 0.745) < 1e-12)
  }

  @Test("an order of input leaves no trace, and a tie goes to incumbents, then to bytes")
  func ties() {
    let ids = ["z", "a", "m"]
    for start in ids.indices {
      let order = (0..<3).map { ids[(start + $0) % 3] }
      for incumbent in [nil, "z"] {
        let fixture = DecisionFixture(
          order.map { Candidate($0, $0 == incumbent ? .live : .dryrun, p: 1) }
        ).changed { Self.twoLongs(&$0.policy) }
        let plan = WorldDecision.decide(fixture.snapshot, fixture.policy)
        #expect(plan.ranking == (incumbent == nil ? ["a", "m", "z"] : ["z", "a", "m"]))
        let reference = DecisionFixture(
          ids.map { Candidate($0, $0 == incumbent ? .live : .dryrun, p: 1) }
        ).changed { Self.twoLongs(&$0.policy) }
        #expect(plan == WorldDecision.decide(reference.snapshot, reference.policy))
      }
    }
  }

  @Test("what a decision wants to tell is named")
  func occasions() {
    let moves = DecisionFixture(
      Candidate("a", p: 1), Candidate("b", .live, f: 1, ["sharpe_mid": 0.1]))
    #expect(moves.plan.occasions == [.promoted, .demoted])
    #expect(moves.changed { $0.lag = .seconds(-10) }.plan.occasions == [.future])
    #expect(moves.changed { $0.lag = .seconds(900) }.plan.occasions == [.stale])
    #expect(
      moves.changed { $0.breaker = .init(isTripped: true, reason: "r", since: nil) }.plan.occasions
        == [.circuit])
  }
}
