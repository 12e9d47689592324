import Essentials
import Worlds

/// What happens in a world at one moment, told event by event, each of which follows on the state that
/// those before it made. It is recorded in one commit.
struct WorldStory {
  private(set) var state: WorldState
  private(set) var events: [WorldEvent] = []
  private let at: Timestamp

  init(_ state: WorldState, at: Timestamp) {
    self.state = state
    self.at = at
  }

  mutating func tell(_ event: WorldEvent) {
    events.append(event)
    state.take(
      WorldEntry(
        seq: state.lastSeq + 1, at: at, actor: WorldActor.desk.name, event: event))
  }

  mutating func tell(_ more: [WorldEvent]) {
    for event in more { tell(event) }
  }

  /// Tells the judges of risk what they do not know yet.
  mutating func observe(_ observations: [RiskCuts.Observation]) {
    var risk = state.risk
    var telling: [RiskCuts.Observation] = []
    for observation in observations where risk.isTelling(observation, at: at) {
      risk.note(observation, at: at)
      telling.append(observation)
    }
    if !telling.isEmpty { tell(.observed(telling, at: at)) }
  }

  /// Instances whose history cannot be replayed.
  mutating func fail(_ evidence: CycleEvidence) {
    for item in evidence.instances {
      guard let reason = item.failure, state.instances[item.id]?.phase == .backtest else {
        continue
      }
      tell(
        .phaseMoved(
          PhaseMove(instance: item.id, from: .backtest, to: .failed, reason: reason)))
    }
  }

  /// Cuts that stand, or a cycle without any.
  mutating func apply(
    _ cuts: RiskCuts.Judgment, at instant: Timestamp
  ) throws(WorldDeskFailure) {
    let wasArmed = state.breaker.isArmed
    let command: WorldCommand = cuts.trips.isEmpty ? .clear(at: instant) : .trip(cuts.trips)
    tell(
      try inWorld { () throws(WorldRefusal) in try state.decide(on: command, by: .desk) })
    if wasArmed, !state.breaker.isArmed {
      alert(on: .circuit, detail: state.breaker.reason)
    }
  }

  /// Gates become what the state asks for.
  mutating func settle() {
    tell((try? state.decide(on: .reconcile(reason: "evaluation"), by: .desk)) ?? [])
  }

  /// Tells what rules want told of an occasion, and does what they ask for.
  mutating func alert(on occasion: AlertRule.Occasion, detail: String) {
    tell(alerts: state.alerts(on: occasion, detail: detail))
  }

  /// Tells of what lasts, and ends what ended.
  mutating func alert(isDelayed: Bool, at instant: Timestamp) {
    if isDelayed { alert(on: .delayed, detail: "measures came later than promised") }
    tell(alerts: state.alertsOfStanding(at: instant))
    tell(state.eventsOfEndedOccasions)
  }

  private mutating func tell(alerts: [WorldAlert]) {
    for alert in alerts {
      tell(.alerted(alert))
      tell(state.events(actingOn: alert))
    }
  }
}
