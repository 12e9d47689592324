package import Essentials
package import Worlds

extension WorldDesk {
  /// Tells the judges of a world's risk what happened, and acts at once where a cut is reached: the
  /// breaker trips, gates close, positions are closed where the policy wants it.
  ///
  /// What the judges are told is recorded in the same commit as what follows from it, and they judge
  /// by the record alone: a desk that ends at any write and begins again judges like one that did not.
  /// An observation that changes nothing that they know is not recorded.
  ///
  /// - Returns: the cuts that tripped with this observation.
  @discardableResult
  package func observe(
    _ observations: [RiskCuts.Observation], in world: String, at instant: Timestamp
  ) throws(WorldDeskFailure) -> [RiskTrip] {
    let known = try existing(world).risk
    guard
      observations.contains(where: { known.isTelling($0, at: instant) })
        || !known.judge(at: instant).trips.isEmpty
    else { return [] }
    let receipt = try deciding(world, by: .desk) { state throws(WorldDeskFailure) in
      var story = WorldStory(state, at: instant)
      let warned = Set(state.risk.judge(at: instant).warnings.map(\.cause))
      story.observe(observations)
      let judgment = story.state.risk.judge(at: instant)
      if !judgment.trips.isEmpty { try story.apply(judgment, at: instant) }
      for warning in judgment.warnings where !warned.contains(warning.cause) {
        story.tell(
          .alerted(
            WorldAlert(
              occasion: .circuit, level: .warn, action: nil,
              detail: "\(warning.cause.rawValue) of \(warning.observed) in too few events")))
      }
      return story.events
    }
    return flatten(receipt, in: world, at: instant)
  }

  /// Has positions closed where a cut that tripped wants it.
  ///
  /// - Returns: the cuts that tripped.
  @discardableResult
  func flatten(_ receipt: Receipt, in world: String, at instant: Timestamp) -> [RiskTrip] {
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
}

extension RiskCuts {
  /// The account with the opening and the peak of its session as they are on record, whatever whoever
  /// keeps the account remembers of the day.
  func completing(_ portfolio: WorldSnapshot.Portfolio) -> WorldSnapshot.Portfolio {
    var portfolio = portfolio
    guard portfolio.equity.isFinite else { return portfolio }
    portfolio.sessionOpen = sessionOpen ?? .nan
    portfolio.sessionPeak = sessionPeak ?? .nan
    return portfolio
  }
}
