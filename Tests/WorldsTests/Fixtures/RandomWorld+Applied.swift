import Essentials

@testable import Worlds

extension RandomWorld {
  /// The world after everything that a plan says has been done, at the instant of the plan.
  func applying(_ plan: WorldPlan) -> RandomWorld {
    var copy = self
    if plan.mode == .active { copy.parts.countedCycle = plan.cycle }
    let weights = Dictionary(
      uniqueKeysWithValues: plan.allocations.map { ($0.instance, $0.weight) })
    for place in parts.instances.indices {
      let id = parts.instances[place].id
      let row = plan.rows.first { $0.instance == id }!
      copy.parts.instances[place].passes = row.passes
      copy.parts.instances[place].fails = row.fails
      for step in plan.steps where step.instance == id {
        switch step.kind {
        case .gateClose: copy.parts.instances[place].isGateClosed = true
        case .demote: copy.move(place, to: .inactive, plan)
        case .promote: copy.move(place, to: .live, plan)
        case .startBacktest: copy.move(place, to: .backtest, plan)
        case .startDryrun: copy.move(place, to: .dryrun, plan)
        case .reweight: break
        }
      }
      if plan.mode == .active { copy.parts.instances[place].weight = weights[id] ?? 0 }
    }
    if plan.mode == .active {
      copy.parts.marginUsed = plan.risk.lines.first { $0.name == "margin_used" }!.after
    }
    return copy
  }

  private mutating func move(_ place: Int, to phase: StrategyPhase, _ plan: WorldPlan) {
    parts.instances[place].phase = phase
    parts.instances[place].phaseSince = plan.at
  }

  /// The world some time later, with data as far behind as before.
  mutating func advance(by span: TimeSpan) {
    parts.at = parts.at + span
    parts.cycle += 1
  }
}
