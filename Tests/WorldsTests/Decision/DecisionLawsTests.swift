import Essentials
import Mathematics
import Testing

@testable import Worlds

@Suite("Laws of decisions")
struct DecisionLawsTests {
  /// What the plain version says of a row, and ranks.
  static func summary(_ plan: WorldPlan) -> [String: String] {
    var summary = plan.summary
    for row in plan.rows {
      if let rank = row.rank { summary[row.instance]! += " #\(rank)" }
    }
    return summary
  }

  @Test("the fast decision is the plain one, on thousands of worlds", arguments: 0..<8)
  func plain(seed: Int) {
    var chance = SplitMix64(seed: UInt64(1000 + seed))
    for _ in 0..<300 {
      let world = RandomWorld(using: &chance)
      let plan = WorldDecision.decide(
        world.snapshot, world.policy, snapshotFingerprint: Fingerprint(of: "s"))
      let plain = PlainDecision(world.snapshot, world.policy)
      #expect(Self.summary(plan) == plain.summary)
      #expect(plan.doings == plain.doings)
      #expect(plan.allocations.count == plain.weights.count)
      for allocation in plan.allocations {
        #expect(abs(allocation.weight - (plain.weights[allocation.instance] ?? .nan)) <= 1e-12)
      }
    }
  }

  @Test("the dice throw every mode, action, reason and standing that there is")
  func coverage() {
    var chance = SplitMix64(seed: 1)
    var seen: Set<String> = []
    for _ in 0..<1500 {
      let world = RandomWorld(using: &chance)
      let plan = WorldDecision.decide(
        world.snapshot, world.policy, snapshotFingerprint: Fingerprint(of: "s"))
      seen.insert("mode \(plan.mode)")
      seen.insert("standing \(plan.currency.standing)")
      for flag in plan.risk.flags { seen.insert(flag) }
      if plan.risk.scale < 1 { seen.insert("scaled") }
      for row in plan.rows {
        seen.insert(row.action.rawValue)
        seen.insert(row.verdict.rawValue)
        for reason in [row.rejection?.description, row.hold?.description].compactMap({ $0 }) {
          seen.insert(String(reason.prefix { $0 != ":" }))
        }
      }
    }
    let wanted =
      [
        "side_quota", "total_quota", "corr", "corr_missing", "cluster", "per_strategy", "per_venue",
        "per_broker", "sector_cap", "symbol_cap", "exchange_cap", "catch_up", "min_history",
        "warmup", "streak", "min_dwell", "cooldown", "slot_busy", "cycle_done", "live_corr",
        "live_sector", "live_symbol", "live_exchange", "live_count", "vol_unknown", "approval",
        "allow_live", "mode", "cov_missing", "vol_missing", "margin_unknown", "scaled",
      ] + WorldPlan.Action.allCases.map(\.rawValue) + WorldPlan.Verdict.allCases.map(\.rawValue)
      + WorldMode.allCases.map { "mode \($0)" }
      + DataCurrency.Standing.allCases.map { "standing \($0)" }
    #expect(wanted.filter { !seen.contains($0) } == [])
  }

  @Test("one snapshot has one plan, byte for byte, in whatever order its facts were given")
  func permutation() {
    var chance = SplitMix64(seed: 2)
    for _ in 0..<150 {
      let world = RandomWorld(using: &chance)
      let plan = WorldDecision.decide(world.snapshot, world.policy)
      let order = world.parts.instances.indices.shuffled(using: &chance)
      let other = world.permuted(order, using: &chance)
      #expect(other.json.compactText == world.snapshot.json.compactText)
      let again = WorldDecision.decide(other, world.policy)
      #expect(again.json.compactText == plan.json.compactText)
    }
  }

  @Test("X3: names for display, descriptions and comments are no part of snapshot and plan")
  func words() throws {
    let rules = """
      world: w
      allow_live: true
      selection: {gates: [sharpe_mid >= 0.6], score: sharpe_mid}
      """
    let texts = [
      rules, "# What it is for.\n" + rules + " # The end.\n",
      rules + "\ndescription: Who may trade.",
      rules + "\ndescription: |\n  누가 거래하는가.\n  # no comment\n",
    ]
    let fixture = DecisionFixture(
      DecisionFixture.Candidate("a", p: 1), DecisionFixture.Candidate("b", .live, side: .short))
    let plans = try texts.map { text in
      let policy = try WorldPolicy(reading: text, named: "world.yml")
      let worded = fixture.changed { $0.policy = policy }
      return (worded.snapshot.json.compactText, worded.plan.json.compactText)
    }
    for plan in plans.dropFirst() { #expect(plan == plans[0]) }
    #expect(!plans[0].0.contains("description") && !plans[0].1.contains("description"))
  }

  @Test("a plan that was carried out leaves nothing to do in its cycle")
  func settled() {
    var chance = SplitMix64(seed: 3)
    var settled = 0
    for _ in 0..<400 {
      let world = RandomWorld(using: &chance)
      let plan = WorldDecision.decide(
        world.snapshot, world.policy, snapshotFingerprint: Fingerprint(of: "s"))
      let after = world.applying(plan)
      let again = WorldDecision.decide(
        after.snapshot, after.policy, snapshotFingerprint: Fingerprint(of: "s"))
      // What was entered is replayed first, whatever the mode, and then its streaks begin.
      #expect(again.doings == [], "\(plan.mode), \(plan.doings)")
      settled += plan.steps.isEmpty ? 0 : 1
    }
    #expect(settled > 100)
  }

  static func count(_ world: RandomWorld, _ side: TradingSide?) -> Int {
    world.parts.instances.filter {
      $0.phase == .live && (side == nil || $0.side == side)
    }.count
  }

  @Test("over random histories no rule of moving is broken", arguments: 0..<4)
  func histories(seed: Int) {
    var chance = SplitMix64(seed: UInt64(40 + seed))
    for _ in 0..<25 {
      var world = RandomWorld(using: &chance)
      for _ in 0..<12 {
        let plan = WorldDecision.decide(
          world.snapshot, world.policy, snapshotFingerprint: Fingerprint(of: "s"))
        check(plan, of: world)
        world = world.applying(plan)
        let other = RandomWorld(using: &chance)
        // Evidence, data and the breaker go on as they like.
        if other.parts.instances.count == world.parts.instances.count {
          world.parts.columns = other.parts.columns
        }
        world.parts.lag = other.parts.lag
        world.parts.breaker = other.parts.breaker
        world.advance(by: .days(Int64.random(in: 1...6, using: &chance)))
      }
    }
  }

  private func check(_ plan: WorldPlan, of world: RandomWorld) {
    let before = Dictionary(
      uniqueKeysWithValues: world.parts.instances.map { ($0.id, $0) })
    let after = world.applying(plan)
    // Places, also between the steps: what goes goes before anything comes.
    let topK = world.policy.selection.topK
    let promotions = plan.steps.filter { $0.kind == .promote }
    if !promotions.isEmpty { #expect(Self.count(after, nil) <= topK.total) }
    for step in promotions where !topK.spills {
      let side = before[step.instance]!.side
      #expect(Self.count(after, side) <= topK[side])
    }
    let order = WorldPlan.Step.Kind.allCases
    let kinds = plan.steps.map { order.firstIndex(of: $0.kind)! }
    #expect(kinds == kinds.sorted())
    // One phase a cycle.
    let moves = plan.steps.filter { $0.kind != .reweight && $0.kind != .gateClose }
    #expect(Set(moves.map(\.instance)).count == moves.count)
    for row in plan.rows {
      let old = before[row.instance]!
      // Streaks move in Active cycles only.
      if plan.mode != .active {
        #expect(row.passes == old.passes && row.fails == old.fails)
      }
      // A promotion never ignores dwell, streak, mode or currency.
      if row.action == .promote {
        #expect(old.phase == .dryrun && row.verdict == .pass && row.isAdmitted)
        #expect(plan.mode == .active && plan.currency.standing == .current)
        #expect(plan.at - old.phaseSince >= world.policy.selection.hysteresis.dwellMin)
        #expect(row.passes >= world.policy.selection.hysteresis.promoteAfter)
        #expect(world.policy.allowsLive && !world.parts.breaker.isTripped)
      }
      if row.action == .demote {
        #expect(plan.at - old.phaseSince >= world.policy.selection.hysteresis.dwellMin)
      }
      // A cut closes every gate, whatever the dwell.
      if world.parts.breaker.isTripped, old.phase == .live {
        #expect(row.action == .gateClose || old.isGateClosed)
      }
    }
    // Data from the future, as data that is behind, moves nobody.
    let isLate = world.parts.lag.contains { $0.lag < .seconds(-2) }
    if isLate {
      #expect(plan.steps.allSatisfy { $0.kind == .gateClose || $0.kind == .startBacktest })
    }
    // Budgets hold, and scaling takes only away.
    if plan.mode == .active {
      for side in TradingSide.allCases {
        let sum = plan.allocations.filter { $0.side == side }.map(\.weight).reduce(0, +)
        #expect(sum <= world.policy.risk.budgets[side] + 1e-12)
      }
      for line in plan.risk.lines {
        if let limit = line.limit { #expect(line.after <= limit + 1e-9, "\(line.name)") }
      }
    }
    #expect(plan.risk.scale <= 1)
  }

  @Test("evidence that is unknown never passes")
  func unknown() {
    var chance = SplitMix64(seed: 5)
    for _ in 0..<300 {
      let world = RandomWorld(using: &chance)
      let evaluation = PlainEvaluation(snapshot: world.snapshot, policy: world.policy)
      let plan = WorldDecision.decide(
        world.snapshot, world.policy, snapshotFingerprint: Fingerprint(of: "s"))
      for (place, row) in plan.rows.enumerated() where row.verdict == .pass {
        let gate =
          row.phase == .live
          ? world.policy.selection.keep ?? world.policy.selection.gates : world.policy.entryGate
        #expect(evaluation.truth(gate, of: place) == true)
        #expect(row.score?.isFinite == true)
      }
    }
  }

  @Test("a snapshot and a plan are read back as they were written")
  func records() throws {
    var chance = SplitMix64(seed: 6)
    for _ in 0..<60 {
      let world = RandomWorld(using: &chance)
      let text = world.snapshot.json.compactText
      let snapshot = try WorldSnapshot(json: JSONValue(parsing: text))
      #expect(snapshot.json.compactText == text)
      let plan = WorldDecision.decide(world.snapshot, world.policy)
      let again = WorldDecision.decide(snapshot, world.policy)
      #expect(again.json.compactText == plan.json.compactText)
      let read = try WorldPlan(json: JSONValue(parsing: plan.json.compactText))
      #expect(read.json.compactText == plan.json.compactText)
    }
  }
}
