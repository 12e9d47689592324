package import Essentials

/// The cutovers of a world, each with its one outcome.
package struct CutoverLedger: Hashable, Sendable {
  /// One run: what was asked, what happened, how it ended.
  package struct Run: Hashable, Sendable {
    package let id: String
    package let demand: CutoverDemand
    package let plannedAt: Timestamp
    /// What it recorded, beginning with its plan; emptied when it has ended.
    package internal(set) var events: [RecordedCutoverEvent]
    /// Nil while it is under way.
    package internal(set) var outcome: CutoverOutcome?
    package internal(set) var endedAt: Timestamp?
  }

  /// In the order in which they were planned.
  package private(set) var all: [Run] = []
  /// What becomes of a demand for a run.
  package private(set) var registry = CutoverRegistry()
  /// Events that belong to no run under way.
  package private(set) var strayEvents = 0

  /// The run of a name.
  package subscript(id: String) -> Run? { all.last { $0.id == id } }

  /// The one that is under way; never more than one.
  package var active: Run? { all.last.flatMap { $0.outcome == nil ? $0 : nil } }

  /// Whether the run under way is about an instance.
  package func isTouched(_ instance: String) -> Bool {
    guard let plan = active?.demand.plan else { return false }
    return plan.demote.contains { $0.instance == instance }
      || plan.promote.contains { $0.key.instance == instance }
      || plan.reweight.contains { $0.key.instance == instance }
  }

  /// Takes in an event; false where it contradicts the record and must change nothing.
  mutating func take(_ event: CutoverEvent, at: Timestamp) -> Bool {
    guard (try? registry.apply(event)) != nil else {
      strayEvents += 1
      return false
    }
    if case .planned(let demand) = event.fact {
      all.append(
        Run(
          id: event.run, demand: demand, plannedAt: at,
          events: [RecordedCutoverEvent(event, at: at)]))
      return true
    }
    // The registry knows the run as the one under way, which is the last one planned.
    let place = all.count - 1
    all[place].events.append(RecordedCutoverEvent(event, at: at))
    if let outcome = event.outcome {
      all[place].outcome = outcome
      all[place].endedAt = at
      all[place].events = []
    }
    return true
  }
}
