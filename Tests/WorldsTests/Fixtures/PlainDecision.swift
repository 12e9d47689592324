import Essentials

@testable import Worlds

/// The rules of deciding written down one instance at a time, without tables, sums or stops: the
/// oracle of `WorldDecision`.
struct PlainDecision {
  let snapshot: WorldSnapshot
  let policy: WorldPolicy

  /// As `WorldPlan.summary`, with ranks.
  private(set) var summary: [String: String] = [:]
  private(set) var doings: [String] = []
  private(set) var weights: [String: Double] = [:]

  private struct Judged {
    var instance: WorldSnapshot.Instance
    var place: Int
    var verdict = "none"
    var score: Double?
    var rank: Int?
    var isAdmitted = false
    var rejection: String?
    var action = "HOLD"
    var hold: String?
  }

  private var all: [Judged] = []

  init(_ snapshot: WorldSnapshot, _ policy: WorldPolicy) {
    self.snapshot = snapshot
    self.policy = policy
    all = snapshot.instances.enumerated().map { Judged(instance: $1, place: $0) }
    run()
  }

  // MARK: - The state of the world

  private var lags: [(lag: Int64, allowed: Int64)] {
    snapshot.datasets.map { dataset in
      let own = policy.currency.datasets.first { $0.id == dataset.id }?.lagMax
      return (
        snapshot.at.millisecondsSinceEpoch - dataset.dataEnd.millisecondsSinceEpoch,
        (own ?? policy.currency.lagMax).milliseconds
      )
    }
  }
  private var isFuture: Bool {
    lags.contains { $0.lag < -policy.currency.clockSkew.milliseconds }
  }
  private var isStale: Bool { lags.isEmpty || lags.contains { $0.lag > $0.allowed } }
  private var isCurrent: Bool { !isFuture && !isStale }
  private var isHalting: Bool {
    if lags.isEmpty || (!isCurrent && policy.currency.onStale == .freeze) { return true }
    let grace =
      policy.currency.haltAfter.milliseconds - policy.currency.lagMax.milliseconds
    return lags.contains { $0.lag - $0.allowed > max(0, grace) }
  }
  private var mode: String {
    if snapshot.declared == .paused { return "paused" }
    if snapshot.breaker.isTripped { return "halted" }
    if snapshot.declared == .evalOnly || !isCurrent { return "eval_only" }
    return "active"
  }

  // MARK: - One after the other

  private mutating func run() {
    let isCounted = snapshot.countedCycle != nil && snapshot.cycle <= snapshot.countedCycle!
    let isMoving = mode == "active" && !isCounted
    for index in all.indices { moveUnjudged(index, isMoving) }
    if mode != "paused" {
      judge()
      admit()
    }
    let isClosing = mode == "paused" || mode == "halted" || isHalting
    if isMoving {
      streaks()
      move()
    } else {
      for index in all.indices where isJudged(index) {
        let instance = all[index].instance
        if instance.phase == .live, isClosing, !instance.isGateClosed {
          all[index].action = "GATE_CLOSE"
        } else {
          all[index].hold = mode == "active" ? "cycle_done" : "mode:\(mode)"
        }
      }
    }
    tell(isClosing)
  }

  private func isJudged(_ index: Int) -> Bool {
    all[index].instance.phase == .dryrun || all[index].instance.phase == .live
  }
  private func age(_ index: Int) -> Int64 {
    snapshot.at.millisecondsSinceEpoch - all[index].instance.phaseSince.millisecondsSinceEpoch
  }

  private mutating func moveUnjudged(_ index: Int, _ isMoving: Bool) {
    let instance = all[index].instance
    var reason: String?
    switch instance.phase {
    case .submitted:
      if mode == "paused" {
        all[index].hold = "mode:paused"
      } else if mode == "active" && !isMoving {
        all[index].hold = "cycle_done"
      } else {
        all[index].action = "START_BACKTEST"
      }
      return
    case .backtest:
      if !isCurrent {
        reason = "catch_up"
      } else if instance.history < policy.currency.historyMin {
        reason = "min_history"
      } else if policy.currency.warmup == .maxNodes && !instance.isWarm {
        reason = "warmup"
      }
    case .inactive:
      if age(index) < policy.selection.hysteresis.cooldown.milliseconds {
        reason = "cooldown"
      } else if !isCurrent {
        reason = "catch_up"
      }
    default: return
    }
    if mode == "paused" { reason = "mode:paused" }
    if reason == nil, mode != "active" { reason = "mode:\(mode)" }
    if reason == nil, !isMoving { reason = "cycle_done" }
    all[index].hold = reason
    if reason == nil {
      all[index].action = "START_DRYRUN"
      all[index].instance.passes = 0
      all[index].instance.fails = 0
    }
  }

  private mutating func judge() {
    let evaluation = PlainEvaluation(snapshot: snapshot, policy: policy)
    for index in all.indices where isJudged(index) {
      let isLive = all[index].instance.phase == .live
      let truth: Bool?
      if isLive {
        truth = evaluation.truth(policy.selection.keep ?? policy.selection.gates, of: index)
      } else {
        truth = evaluation.truth(
          .and([policy.selection.gates, policy.robustness.gate]), of: index)
      }
      all[index].score = evaluation.number(policy.selection.score, of: index)
      if truth == false {
        all[index].verdict = "fail"
      } else if truth == true && all[index].score != nil {
        all[index].verdict = "pass"
      } else {
        all[index].verdict = "insufficient"
      }
    }
    func isBetter(_ left: Judged, _ right: Judged) -> Bool {
      func effective(_ judged: Judged) -> Double {
        judged.score!
          + (judged.instance.phase == .live ? policy.selection.hysteresis.rankMargin : 0)
      }
      if effective(left) != effective(right) { return effective(left) > effective(right) }
      if (left.instance.phase == .live) != (right.instance.phase == .live) {
        return left.instance.phase == .live
      }
      return Array(left.instance.id.utf8).lexicographicallyPrecedes(Array(right.instance.id.utf8))
    }
    let passed = all.filter { $0.verdict == "pass" }
    for index in all.indices where all[index].verdict == "pass" {
      let judged = all[index]
      all[index].rank = 1 + passed.filter { isBetter($0, judged) }.count
    }
  }

  private var ranked: [Int] {
    all.indices.filter { all[$0].rank != nil }.sorted { all[$0].rank! < all[$1].rank! }
  }

  private mutating func admit() {
    let clusters = self.clusters
    var admitted: [Int] = []
    for index in ranked {
      all[index].rejection = obstacle(index, admitted, clusters, bySide: true)
      if all[index].rejection == nil { admitted.append(index) }
    }
    if policy.selection.topK.spills {
      for index in ranked where all[index].rejection == "side_quota" {
        all[index].rejection = obstacle(index, admitted, clusters, bySide: false)
        if all[index].rejection == nil { admitted.append(index) }
      }
    }
    for index in admitted { all[index].isAdmitted = true }
  }

  private func slot(_ side: TradingSide) -> Double {
    let topK = policy.selection.topK
    var places = side == .long ? topK.long : topK.short
    if places == 0, topK.spills { places = topK.total }
    if places == 0 { return 0 }
    let budget = side == .long ? policy.risk.budgets.long : policy.risk.budgets.short
    return min(budget / Double(places), policy.risk.budgets.weightMax ?? .infinity)
  }

  private func rho(_ left: Int, _ right: Int) -> Double? {
    guard let value = snapshot.correlations?[left, right], !value.isNaN else { return nil }
    return value
  }

  private func obstacle(
    _ index: Int, _ holders: [Int], _ clusters: [[Int]], bySide: Bool
  ) -> String? {
    let rules = policy.selection
    let own = all[index].instance
    let others = holders.map { all[$0].instance }
    let ofSide = others.filter { $0.side == own.side }.count
    if bySide, ofSide >= (own.side == .long ? rules.topK.long : rules.topK.short) {
      return "side_quota"
    }
    if others.count >= rules.topK.total { return "total_quota" }
    if let rule = rules.correlation {
      for holder in holders {
        var known = rho(index, holder)
        if rule.overlapMin.milliseconds > 0 {
          let days = snapshot.correlations?.overlap(index, holder) ?? .nan
          if days.isNaN || days < rule.overlapMin.days { known = nil }
        }
        guard let value = known else {
          if rule.missing == .reject { return "corr_missing:\(all[holder].instance.id)" }
          continue
        }
        let measured =
          rule.measure == .abs
          ? abs(value) : (all[holder].instance.side == own.side ? value : -value)
        if measured > rule.pairwiseMax + 1e-12 { return "corr:\(all[holder].instance.id)" }
      }
    }
    if let rule = rules.clusters, let mine = clusters.first(where: { $0.contains(index) }),
      holders.filter(mine.contains).count >= rule.perClusterMax
    {
      return "cluster"
    }
    if let most = rules.constraints.perStrategy,
      others.filter({ $0.strategy == own.strategy }).count >= most
    {
      return "per_strategy"
    }
    if let most = rules.constraints.perVenue {
      for venue in own.venues
      where others.filter({ $0.venues.contains { $0.name == venue.name } }).count >= most {
        return "per_venue"
      }
    }
    for rule in rules.constraints.perBroker where rule.broker == own.broker {
      if others.filter({ $0.broker == own.broker }).count >= rule.max { return "per_broker" }
    }
    let limits = policy.risk.limits
    let caps: [(String, Double?, (WorldSnapshot.Instance) -> [WorldSnapshot.Share])] = [
      ("sector_cap", limits.perSector, \.sectors), ("symbol_cap", limits.perSymbol, \.symbols),
      ("exchange_cap", limits.perExchange, \.venues),
    ]
    for (name, limit, shares) in caps {
      guard let limit else { continue }
      for share in shares(own) {
        var sum = 0.0
        for other in others {
          for held in shares(other) where held.name == share.name {
            sum += slot(other.side) * held.share
          }
        }
        if sum + slot(own.side) * share.share > limit + 1e-12 { return "\(name):\(share.name)" }
      }
    }
    return nil
  }

  /// By merging lists and measuring all their pairs anew.
  private var clusters: [[Int]] {
    guard let rule = policy.selection.clusters else { return [] }
    let unknown = policy.selection.correlation?.missing == .allow ? 1.0 : 0
    func distance(_ left: [Int], _ right: [Int]) -> Double {
      var distances: [Double] = []
      for one in left {
        for other in right { distances.append(rho(one, other).map { 1 - abs($0) } ?? unknown) }
      }
      switch rule.linkage {
      case .single: return distances.min()!
      case .complete: return distances.max()!
      case .average: return distances.reduce(0, +) / Double(distances.count)
      }
    }
    var groups = all.indices.filter { all[$0].rank != nil }.map { [$0] }
    while true {
      var best: (Int, Int, Double)?
      for left in groups.indices {
        for right in groups.indices where left < right {
          let distance = distance(groups[left], groups[right])
          if best == nil || distance < best!.2 { best = (left, right, distance) }
        }
      }
      guard let (left, right, distance) = best, distance <= rule.cut + 1e-12 else { return groups }
      groups[left] += groups[right]
      groups.remove(at: right)
    }
  }

  private mutating func streaks() {
    for index in all.indices where isJudged(index) {
      switch (all[index].isAdmitted, all[index].verdict) {
      case (true, _):
        all[index].instance.passes += 1
        all[index].instance.fails = 0
      case (false, "insufficient"): all[index].instance.passes = 0
      default:
        all[index].instance.passes = 0
        all[index].instance.fails += 1
      }
    }
  }

  private mutating func move() {
    let rules = policy.selection.hysteresis
    for index in all.indices
    where all[index].instance.phase == .live && !all[index].isAdmitted
      && all[index].verdict != "insufficient"
    {
      if all[index].instance.fails < rules.demoteAfter {
        all[index].hold = "streak"
      } else if age(index) < rules.dwellMin.milliseconds {
        all[index].hold = "min_dwell"
      } else {
        all[index].action = "DEMOTE"
      }
    }
    let clusters = self.clusters
    for index in ranked where all[index].instance.phase == .dryrun && all[index].isAdmitted {
      let reason = holding(index, clusters)
      all[index].hold = reason
      if reason == nil { all[index].action = "PROMOTE" }
    }
  }

  /// Those who stay live in the order of ids, then those promoted in the order of ranks.
  private var liveSoFar: [Int] {
    all.indices.filter { all[$0].instance.phase == .live && all[$0].action != "DEMOTE" }
      + ranked.filter { all[$0].action == "PROMOTE" }
  }

  private func holding(_ index: Int, _ clusters: [[Int]]) -> String? {
    let own = all[index].instance
    if own.passes < policy.selection.hysteresis.promoteAfter { return "streak" }
    if age(index) < policy.selection.hysteresis.dwellMin.milliseconds { return "min_dwell" }
    if let obstacle = obstacle(
      index, liveSoFar, clusters, bySide: !policy.selection.topK.spills)
    {
      let parts = obstacle.split(separator: ":", maxSplits: 1)
      switch parts[0] {
      case "side_quota", "total_quota": return "slot_busy"
      case "corr", "corr_missing": return "live_corr:\(parts[1])"
      case "sector_cap": return "live_sector:\(parts[1])"
      case "symbol_cap": return "live_symbol:\(parts[1])"
      case "exchange_cap": return "live_exchange:\(parts[1])"
      default: return "live_count"
      }
    }
    let limits = policy.risk.limits
    let isLossLimited = limits.valueAtRisk99 != nil || limits.expectedShortfall975 != nil
    if isLossLimited, own.volatility.isNaN { return "vol_unknown" }
    if !policy.allowsLive { return "allow_live" }
    if case .manual = policy.selection.approval, !own.isApproved { return "approval" }
    return nil
  }

  // MARK: - What is said

  private mutating func tell(_ isClosing: Bool) {
    for judged in all {
      let words = [
        judged.verdict == "none" ? nil : judged.verdict,
        judged.isAdmitted ? "admitted" : judged.rejection,
        "\(judged.instance.passes)/\(judged.instance.fails)", judged.action, judged.hold,
        judged.rank.map { "#\($0)" },
      ]
      summary[judged.instance.id] = words.compactMap { $0 }.joined(separator: " ")
    }
    let live = liveSoFar.sorted()
    if mode == "active" {
      var slots: [Double] = []
      for index in live {
        let side = all[index].instance.side
        let holders = live.filter { all[$0].instance.side == side }.count
        let budget = side == .long ? policy.risk.budgets.long : policy.risk.budgets.short
        slots.append(min(slot(side), budget / Double(holders)))
      }
      let scaled = RiskScaling(live, weights: slots, of: snapshot, under: policy.risk).weights
      for (index, weight) in zip(live, scaled) { weights[all[index].instance.id] = weight }
    } else {
      for index in live {
        let own = all[index].instance
        weights[own.id] = isClosing || own.isGateClosed ? 0 : own.weight
      }
    }
    func ids(_ action: String) -> [String] {
      all.filter { $0.action == action }.map { "\(action) \($0.instance.id)" }
    }
    doings = ids("GATE_CLOSE") + ids("DEMOTE")
    doings += ranked.filter { all[$0].action == "PROMOTE" }.map { "PROMOTE \(all[$0].instance.id)" }
    doings += ids("START_BACKTEST") + ids("START_DRYRUN")
    guard mode == "active" else { return }
    for index in live where all[index].instance.phase == .live {
      let own = all[index].instance
      if abs(weights[own.id]! - own.weight) > 1e-12 { doings.append("REWEIGHT \(own.id)") }
    }
  }
}
