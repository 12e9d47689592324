package import Essentials
import Synchronization
package import Worlds

/// The judges of one world's risk while it trades.
struct RiskWatch: Sendable {
  var cuts: RiskCuts
  /// Causes that were told of and did not trip for want of events.
  var warned: Set<RiskTrip.Cause> = []
}

extension WorldDesk {
  /// Tells the judges of a world's risk what happened, and acts at once where a cut is reached: the
  /// breaker trips, gates close, positions are closed where the policy wants it.
  ///
  /// - Returns: the cuts that tripped with this observation.
  @discardableResult
  package func observe(
    _ observations: [RiskCuts.Observation], in world: String, at instant: Timestamp
  ) throws(WorldDeskFailure) -> [RiskTrip] {
    let rules = try existing(world).rules.risk.cuts
    let (judgment, warnings) = watches.withLock { watches in
      var watch = Self.watch(watches[world], rules)
      for observation in observations { watch.cuts.note(observation, at: instant) }
      let judgment = watch.cuts.judge(at: instant)
      let causes = Set(judgment.warnings.map(\.cause))
      let fresh = judgment.warnings.filter { !watch.warned.contains($0.cause) }
      watch.warned = causes
      watches[world] = watch
      return (judgment, fresh)
    }
    guard !judgment.trips.isEmpty || !warnings.isEmpty else { return [] }
    let receipt = try deciding(world, by: .desk) { state throws(WorldDeskFailure) in
      var story = WorldStory(state, at: instant)
      if !judgment.trips.isEmpty { try story.apply(judgment, at: instant) }
      for warning in warnings {
        story.tell(
          .alerted(
            WorldAlert(
              occasion: .circuit, level: .warn, action: nil,
              detail: "\(warning.cause.rawValue) of \(warning.observed) in too few events")))
      }
      return story.events
    }
    let trips = receipt.entries.compactMap { entry -> RiskTrip? in
      if case .breaker(.tripped(let trip)) = entry.event { trip } else { nil }
    }
    for trip in trips {
      if let flattening = trip.directive.flattening {
        setup.account.flatten(flattening, in: world, at: instant)
      }
    }
    return trips
  }

  /// What the judges say at an instant, without telling them anything.
  func judgeCuts(
    of world: String, at instant: Timestamp, rules: RiskRules.Cuts
  ) -> RiskCuts.Judgment {
    watches.withLock { watches in
      guard let known = watches[world] else { return RiskCuts.Judgment() }
      var watch = Self.watch(known, rules)
      let judgment = watch.cuts.judge(at: instant)
      watches[world] = watch
      return judgment
    }
  }

  /// The watch under the rules in force; other rules begin with what is known of the session.
  private static func watch(_ known: RiskWatch?, _ rules: RiskRules.Cuts) -> RiskWatch {
    guard let known else { return RiskWatch(cuts: RiskCuts(rules)) }
    guard known.cuts.rules != rules else { return known }
    return RiskWatch(cuts: RiskCuts(rules, inheriting: known.cuts))
  }
}
