import Essentials
package import Worlds

/// What measures count of a world, as a fold of its events: a restart of the program counts the same.
package struct WorldTally: Hashable, Sendable {
  /// Cutovers by how they ended.
  package private(set) var cutovers: [CutoverStage: Int] = [:]
  package private(set) var deniedCount = 0
  package private(set) var alerts: [AlertRule.Level: Int] = [:]
  /// Cycles between the decision that first wanted the last completed switch and its end; nil before
  /// the first.
  package private(set) var lastDelay: Int?
  /// Since which cycle decisions want an instance switched that is not switched yet.
  private var wanted: [String: Int] = [:]

  package init() {}

  /// How long decisions have been waiting for the oldest switch that is not made, in cycles; 0 where
  /// none waits.
  package func waitingCycles(at cycle: Int) -> Int {
    wanted.values.map { max(0, cycle - $0) }.max() ?? 0
  }

  /// The share of cutovers that did not complete, nil where none has ended.
  package var failureRatio: Double? {
    let ended = cutovers.values.reduce(0, +)
    guard ended > 0 else { return nil }
    return Double(ended - (cutovers[.completed] ?? 0)) / Double(ended)
  }

  /// Takes in the next event, which has led to a state.
  package mutating func take(_ entry: WorldEntry, leading state: WorldState) {
    switch entry.event {
    case .evaluated(let evaluation): take(evaluation)
    case .cutover(let event):
      guard let outcome = event.outcome, let run = state.runs[event.run] else { return }
      cutovers[outcome.stage, default: 0] += 1
      guard outcome.stage == .completed else { return }
      let plan = run.demand.plan
      let delays = (plan.promote.map(\.key.instance) + plan.demote.map(\.instance)).compactMap {
        wanted.removeValue(forKey: $0).map { max(0, state.cycle - $0) }
      }
      // What a person wanted and no decision did is no delay of decisions.
      lastDelay = delays.max() ?? lastDelay
    case .denied: deniedCount += 1
    case .alerted(let alert): alerts[alert.level, default: 0] += 1
    default: break
    }
  }

  private mutating func take(_ evaluation: WorldEvaluation) {
    let moved = evaluation.plan.steps.filter { $0.kind == .promote || $0.kind == .demote }
    var next: [String: Int] = [:]
    for step in moved { next[step.instance] = wanted[step.instance] ?? evaluation.cycle }
    wanted = next
  }
}
