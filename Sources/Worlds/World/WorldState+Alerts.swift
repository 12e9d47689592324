package import Essentials

extension AlertRule.Occasion {
  /// Whether it goes on until it is over, so that a rule may wait; others happen at an instant.
  var lasts: Bool {
    switch self {
    case .stale, .future, .delayed: true
    case .promoted, .demoted, .cutoverFailed, .rolledBack, .circuit: false
    }
  }
}

extension WorldState {
  /// What rules of the policy want told of something that happened at an instant.
  package func alerts(on occasion: AlertRule.Occasion, detail: String) -> [WorldAlert] {
    rules.alerts.filter { $0.on.contains(occasion) }.map { rule in
      WorldAlert(occasion: occasion, level: rule.level, action: rule.action, detail: detail)
    }
  }

  /// What rules want told at an instant of that which has lasted long enough, each once until it is
  /// over.
  package func alertsOfStanding(at instant: Timestamp) -> [WorldAlert] {
    standing.flatMap { item in
      rules.alerts.compactMap { rule -> WorldAlert? in
        guard rule.on.contains(item.occasion), instant - item.since >= rule.after ?? .zero
        else { return nil }
        let alert = WorldAlert(
          occasion: item.occasion, level: rule.level, action: rule.action,
          detail: "\(item.occasion.rawValue) since \(item.since)")
        return item.told.contains(alert) ? nil : alert
      }
    }
  }

  /// What an alert does of itself; empty where it only tells.
  package func events(actingOn alert: WorldAlert) -> [WorldEvent] {
    let reason = "alert:\(alert.occasion.rawValue)"
    let command: WorldCommand
    switch alert.action {
    case .freezeWorld: command = .freeze(reason: reason)
    case .evalOnly where declared == .active: command = .declare(.evalOnly, reason: reason)
    case .pause: command = .declare(.paused, reason: reason)
    case .evalOnly, .page, nil: return []
    }
    return (try? decide(on: command, by: .desk)) ?? []
  }

  /// What ends with an occasion: a world that an alert made judge only is active again when what was
  /// alerted is over. A freeze and a pause wait for a person.
  package var eventsOfEndedOccasions: [WorldEvent] {
    guard declared == .evalOnly, let declaration, declaration.by == WorldActor.desk.name,
      let occasion = AlertRule.Occasion.allCases.first(where: {
        declaration.reason == "alert:\($0.rawValue)"
      }), occasion.lasts, !standing.contains(where: { $0.occasion == occasion })
    else { return [] }
    let command = WorldCommand.declare(.active, reason: "over:\(occasion.rawValue)")
    return (try? decide(on: command, by: .desk)) ?? []
  }
}
