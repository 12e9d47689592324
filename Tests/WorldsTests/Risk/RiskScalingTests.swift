import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("Risk scaling")
struct RiskScalingTests {
  typealias Candidate = DecisionFixture.Candidate

  /// Longs and shorts that are live and independent of each other.
  static func desk(
    longs: Int = 5, shorts: Int = 3, volatility: Double,
    _ limits: (inout RiskRules.Limits) -> Void = { $0.valueAtRisk99 = 0.02 }
  ) -> DecisionFixture {
    var fixture = DecisionFixture(
      (1...longs).map { Candidate("l\($0)", .live).changed { $0.volatility = volatility } }
        + (0..<shorts).map {
          Candidate("s\($0 + 1)", .live, side: .short).changed { $0.volatility = volatility }
        })
    limits(&fixture.policy.risk.limits)
    return fixture
  }

  static func isNear(_ left: Double, _ right: Double, _ tolerance: Double = 5e-9) -> Bool {
    abs(left - right) <= tolerance
  }

  static func line(_ name: String, _ plan: WorldPlan) -> RiskReading.Line {
    plan.risk.lines.first { $0.name == name }!
  }

  @Test("R7: a loss within its limit leaves every weight at its slot")
  func withinLimits() {
    let plan = Self.desk(volatility: 0.01).plan
    #expect(plan.risk.scale == 1)
    #expect(Self.isNear(Self.line("gross", plan).observed, 1))
    #expect(Self.isNear(Self.line("net", plan).observed, 0.2))
    #expect(Self.isNear(Self.line("var_99_1d", plan).observed, 0.00823584))
    #expect(plan.steps.isEmpty)
  }

  @Test("R8: a loss above its limit scales all weights by one factor")
  func uniform() {
    let plan = Self.desk(volatility: 0.04).plan
    #expect(Self.isNear(plan.risk.scale, 0.60710254))
    #expect(Self.isNear(Self.line("var_99_1d", plan).observed, 0.03294336))
    #expect(Self.isNear(Self.line("var_99_1d", plan).after, 0.02))
    #expect(Self.isNear(Self.line("gross", plan).after, 0.60710254))
    #expect(plan.steps.count == 8)
    #expect(plan.steps.allSatisfy { $0.kind == .reweight })
  }

  @Test("R9: shorts that move with longs take from the loss")
  func hedged() {
    var fixture = Self.desk(volatility: 0.01)
    let ids = fixture.candidates.map(\.id)
    for (place, id) in ids.enumerated() {
      for other in ids[..<place] { fixture.correlations.append((id, other, 1)) }
    }
    let plan = fixture.plan
    #expect(plan.risk.scale == 1)
    #expect(Self.isNear(Self.line("var_99_1d", plan).observed, 0.00465270))
  }

  @Test("R10: places that are empty do not make others larger")
  func emptyPlaces() {
    let plan = Self.desk(longs: 2, shorts: 0, volatility: 0.01).plan
    #expect(plan.allocations.map(\.weight) == [0.12, 0.12])
    #expect(Self.isNear(Self.line("gross", plan).observed, 0.24))
  }

  @Test("R11: a hedge whose correlation is unknown is not credited, and a pair on one side is one")
  func missingCorrelation() {
    var fixture = Self.desk(longs: 2, shorts: 1, volatility: 0.01)
    fixture.policy.selection.correlation = nil
    fixture.correlations = [("l1", "l2", .nan)]
    let together = fixture.plan
    #expect(together.risk.flags.contains("cov_missing"))
    let short = 0.4 / 3
    #expect(
      Self.isNear(
        Self.line("var_99_1d", together).observed,
        2.3263478740408408 * 0.01 * (0.24 * 0.24 + short * short).squareRoot(), 1e-12))
    fixture.correlations = [("l1", "s1", .nan), ("l2", "s1", .nan)]
    let apart = fixture.plan
    #expect(
      Self.isNear(
        Self.line("var_99_1d", apart).observed,
        2.3263478740408408 * 0.01 * (2 * 0.0144 + short * short).squareRoot(), 1e-12))
  }

  @Test("R12: a net exposure above its limit scales all weights")
  func net() {
    let plan = Self.desk(volatility: 0.01) { $0.net = 0.10 }.plan
    #expect(Self.isNear(plan.risk.scale, 0.5, 1e-12))
  }

  @Test(
    "R13: a market that moves changes weights, and neither phases nor streaks beyond their count")
  func marketMove() {
    let plan = Self.desk(volatility: 0.04).plan
    #expect(Set(plan.steps.map(\.kind)) == [.reweight])
    #expect(plan.rows.allSatisfy { $0.action == .hold && $0.passes == 1 && $0.fails == 0 })
  }

  @Test("each limit of exposure binds by itself")
  func eachLimit() {
    typealias Change = @Sendable (inout RiskRules.Limits) -> Void
    let cases: [(String, Change, Double)] = [
      ("gross", { $0.gross = 0.8 }, 0.8), ("side_long", { $0.long = 0.3 }, 0.5),
      ("side_short", { $0.short = 0.1 }, 0.25), ("leverage", { $0.leverage = 0.5 }, 0.5),
      ("es_975_1d", { $0.expectedShortfall975 = 0.01 }, 1),
      ("margin_used", { $0.marginUsed = 0.5 }, 1),
    ]
    for (name, change, scale) in cases {
      let plan = Self.desk(volatility: 0.01, change).plan
      #expect(Self.isNear(plan.risk.scale, scale, 1e-12), "\(name)")
      let line = Self.line(name, plan)
      #expect(line.after <= line.limit! + 1e-12, "\(name)")
    }
  }

  @Test("the mean loss of the worst days of normal returns is 2.338 standard deviations")
  func expectedShortfall() {
    #expect(Self.isNear(RiskScaling.deviationsOfES975, 2.337802792, 1e-8))
    #expect(Self.isNear(RiskScaling.deviationsOfVaR99, 2.326347874, 1e-8))
  }

  @Test("a symbol above its limit is brought down first, and nobody else pays for it")
  func clipping() {
    var fixture = Self.desk(longs: 3, shorts: 0, volatility: 0.01) { _ in }
    fixture.candidates[0].symbols = [.init("BTC", 0.5), .init("ETH", 0.5)]
    fixture.candidates[1].symbols = [.init("BTC", 1)]
    fixture.policy.risk.limits.perSymbol = 0.12
    let plan = fixture.plan
    // 0.06 and 0.12 of BTC are 0.18: two thirds of both stay.
    #expect(Self.isNear(plan.allocations[0].weight, 0.08, 1e-12))
    #expect(Self.isNear(plan.allocations[1].weight, 0.08, 1e-12))
    #expect(Self.isNear(plan.allocations[2].weight, 0.12, 1e-12))
    #expect(plan.risk.scale == 1)
    #expect(Self.isNear(Self.line("symbol:BTC", plan).observed, 0.18, 1e-12))
    #expect(Self.isNear(Self.line("symbol:BTC", plan).after, 0.12, 1e-12))
  }

  @Test("an instance of unknown volatility gets nothing where a loss is limited, and all elsewhere")
  func unknownVolatility() {
    var fixture = Self.desk(longs: 2, shorts: 0, volatility: 0.01)
    fixture.candidates[0].volatility = .nan
    let limited = fixture.plan
    #expect(limited.allocations.map(\.weight) == [0, 0.12])
    #expect(limited.risk.flags.contains("vol_missing"))
    #expect(limited.steps == [.init(.reweight, "l1", weight: 0)])
    fixture.policy.risk.limits.valueAtRisk99 = nil
    #expect(fixture.plan.allocations.map(\.weight) == [0.12, 0.12])
  }

  @Test("a world of fixed equity is measured against the equity of its account")
  func fixedEquity() {
    var fixture = Self.desk(volatility: 0.01) { $0.leverage = 1 }
    fixture.policy.risk.equity = .fixed(200)
    #expect(Self.isNear(fixture.plan.risk.scale, 0.5, 1e-12))
    fixture.equity = .nan
    #expect(fixture.plan.risk.scale == 0, "leverage that nobody can tell is not allowed")
    #expect(fixture.plan.risk.flags.contains("equity_unknown"))
  }

  @Test("margin grows with what is traded, and is the whole worth where the account does not say")
  func margin() {
    var fixture = Self.desk(volatility: 0.01) { $0.marginUsed = 0.5 }
    fixture.marginUsed = 0.8
    #expect(Self.isNear(fixture.plan.risk.scale, 0.625, 1e-12))
    fixture.marginUsed = .nan
    #expect(Self.isNear(fixture.plan.risk.scale, 0.5, 1e-12))
    #expect(fixture.plan.risk.flags.contains("margin_unknown"))
  }

  @Test("scaling raises no weight and keeps every limit, whatever is scaled")
  func laws() {
    var chance = SplitMix64(seed: 11)
    for _ in 0..<300 {
      let count = Int.random(in: 1...8, using: &chance)
      var fixture = Self.desk(longs: count, shorts: 8 - count, volatility: 0.01) { _ in }
      for place in fixture.candidates.indices {
        let share = Double.random(in: 0...1, using: &chance)
        let names = ["A", "B", "C"].shuffled(using: &chance)
        fixture.candidates[place].symbols = [.init(names[0], share), .init(names[1], 1 - share)]
        fixture.candidates[place].sector = ["x", "y"].randomElement(using: &chance)
        fixture.candidates[place].volatility = Double.random(in: 0...0.08, using: &chance)
        for other in 0..<place {
          let value = Bool.random(using: &chance) ? Double.random(in: -1...1, using: &chance) : .nan
          fixture.correlations.append(
            (fixture.candidates[place].id, fixture.candidates[other].id, value))
        }
      }
      func limit(_ range: ClosedRange<Double>) -> Double? {
        Bool.random(using: &chance) ? Double.random(in: range, using: &chance) : nil
      }
      fixture.policy.risk.limits.perSymbol = limit(0.05...0.5)
      fixture.policy.risk.limits.perSector = limit(0.05...0.5)
      fixture.policy.risk.limits.gross = limit(0.1...1)
      fixture.policy.risk.limits.net = limit(0.01...0.5)
      fixture.policy.risk.limits.valueAtRisk99 = limit(0.001...0.03)
      fixture.policy.risk.limits.expectedShortfall975 = limit(0.001...0.03)
      fixture.policy.risk.limits.marginUsed = limit(0.1...1)
      let snapshot = fixture.snapshot
      let members = Array(snapshot.instances.indices)
      let weights = members.map { _ in Double.random(in: 0...0.3, using: &chance) }
      let scaled = RiskScaling(
        members, weights: weights, of: snapshot, under: fixture.policy.risk)
      #expect(zip(scaled.weights, weights).allSatisfy { $0 >= 0 && $0 <= $1 })
      #expect(scaled.reading.scale <= 1)
      for line in scaled.reading.lines {
        guard let limit = line.limit else { continue }
        #expect(line.after <= limit + 1e-9, "\(line.name)")
      }
      let again = RiskScaling(
        members, weights: scaled.weights, of: snapshot, under: fixture.policy.risk)
      #expect(zip(again.weights, scaled.weights).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }
}
