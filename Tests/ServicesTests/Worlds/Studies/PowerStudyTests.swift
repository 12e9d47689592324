import Essentials
import Foundation
import Mathematics
import TestKit
import Testing
import Worlds

@testable import Services

@Suite("Power of a policy")
struct PowerStudyTests {
  static func shipped() throws -> WorldPolicy {
    let text = try String(
      contentsOf: checkoutFolder.appendingPathComponent("Examples/Worlds/default.yml"),
      encoding: .utf8)
    return try WorldPolicy(reading: text, named: "default.yml")
  }

  @Test("the shipped policy lets great skill go live, and noise not, decided once a week")
  func shippedPolicy() throws {
    var settings = PowerStudy.Settings()
    settings.worlds = 1
    settings.histories = [2]
    settings.sharpes = [0, 3]
    settings.every = .days(7)
    settings.isWhole = false
    let study = try PowerStudy(Self.shipped(), settings)
    #expect(study.size == 5)
    #expect(study.plans.map(\.worlds) == [4, 1])
    let table = study.run(threads: 2)
    #expect(table.rows.map(\.strategies) == [20, 5])
    #expect(table.rows[0].inOneYear <= 2)
    #expect(table.rows[1].inAll == 5)
    #expect(table.noise?.plan.sharpe == 0 && table.skill == nil && table.keepsClaims == nil)
  }

  @Test("the table does not depend on the number of threads")
  func threads() throws {
    var policy = try Self.shipped()
    policy.currency.historyMin = .days(30)
    policy.metrics.samples = []
    policy.robustness = RobustnessRules()
    policy.selection.gates = .expression(
      .binary(.greaterOrEqual, .metric(MetricName(base: "sharpe", over: .long)), .number(0.5)))
    policy.metrics.annualise = 60
    var settings = PowerStudy.Settings()
    settings.worlds = 2
    settings.histories = [0.5]
    settings.sharpes = [0, 1]
    settings.isWhole = false
    let study = try PowerStudy(policy, settings)
    let table = study.run(threads: 3)
    #expect(table == study.run(threads: 1))
    #expect(table.rows[0].inAll > 0)
    settings.seed = 2
    #expect(table.rows != (try PowerStudy(policy, settings)).run(threads: 2).rows)
  }

  @Test(
    "who was the best of many is let in where the trials are forgotten, not where they are told")
  func trials() throws {
    var policy = try Self.shipped()
    policy.currency.historyMin = .days(100)
    policy.metrics.samples = []
    policy.metrics.annualise = 100
    policy.robustness = RobustnessRules()
    policy.robustness.deflatedSharpe = .init(min: 0.9)
    policy.selection.gates = .expression(
      .binary(.greaterOrEqual, .metric(MetricName(base: "paper_days")), .number(20)))
    policy.selection.keep = nil
    var settings = PowerStudy.Settings()
    settings.worlds = 1
    settings.histories = []
    settings.sharpes = []
    settings.every = .days(10)
    let table = try PowerStudy(policy, settings).run(threads: 2)
    #expect(table.rows.map(\.plan.trials) == [100, 1])
    #expect(table.rows[1].inAll >= 3)
    #expect(table.rows[0].inAll < table.rows[1].inAll)
  }

  @Test("policies that cannot be studied are refused with what is wrong with them")
  func refusals() throws {
    var hourly = try Self.shipped()
    hourly.interval = .hours(1)
    #expect(throws: StudyRefusal.intervalNotDaily(.hours(1))) { try PowerStudy(hourly) }
    var other = try Self.shipped()
    other.selection.score = .metric(MetricName(base: "borrow_cost"))
    #expect(throws: StudyRefusal.unknownMeasures(["borrow_cost"])) { try PowerStudy(other) }
  }

  @Test("leaving dear measures out where they settle nothing changes no plan")
  func sparing() throws {
    var policy = try Self.shipped()
    policy.currency.historyMin = .days(120)
    policy.metrics.samples = []
    policy.metrics.long = .days(150)
    policy.metrics.mid = .days(60)
    policy.robustness.deflatedSharpe?.min = 0.7
    policy.selection.gates = .and([
      policy.selection.gates.first,
      .expression(.binary(.greaterOrEqual, .metric(MetricName(base: "paper_days")), .number(5))),
    ])
    policy.selection.hysteresis.cooldown = .days(5)
    // What asks whether something is known must see everything.
    var asking = policy
    asking.selection.gates = .and([
      asking.selection.gates,
      .expression(.call(.known, [.metric(MetricName(base: "sharpe", over: .long))])),
    ])
    #expect(PolicyMeasures(policy, trials: 1).isSparing)
    #expect(!PolicyMeasures(asking, trials: 1).isSparing)
    var worlds = [policy, asking].map {
      StudiedWorld(sides: [.long, .long, .short], under: $0)
    }
    var chance = SplitMix64(seed: 5)
    var moves = 0
    for day in 0..<330 {
      let drift = day < 200 ? 0.001 : -0.001
      let returns = (0..<3).map { _ in drift + 0.01 * (chance.nextUniform() - 0.5) }
      for place in worlds.indices { worlds[place].take(returns) }
      guard day % 3 == 0 else { continue }
      let plans = worlds.indices.map { worlds[$0].decide() }
      #expect(plans[0].rows.map(\.verdict) == plans[1].rows.map(\.verdict))
      #expect(plans[0].steps == plans[1].steps)
      moves += plans[0].steps.count { $0.kind == .promote || $0.kind == .demote }
    }
    #expect(moves > 3)
  }
}

extension PolicyGate {
  /// The first of the conditions that must all hold.
  fileprivate var first: PolicyGate {
    if case .and(let parts) = self, let part = parts.first { part } else { self }
  }
}
