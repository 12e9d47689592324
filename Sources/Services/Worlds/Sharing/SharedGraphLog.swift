package import Essentials
package import Storage
import Synchronization
package import Worlds

/// The strategy graph of all worlds, kept in the journal.
///
/// An event is applied to a copy first and recorded then, so that a refused one leaves no trace and
/// the graph never runs ahead of the disk. It claims the graph of the journal as long as it lives:
/// two processes cannot both change it.
package final class SharedGraphLog: Sendable {
  private let journal: Journal
  private let claim: JournalClaim
  private let state: Mutex<SharedGraph>

  /// The subject of the graph's events in the journal.
  package static let subject = "strategy_graph"

  /// Takes the graph up where the journal left it.
  ///
  /// - Parameter journal: opened for writing, with the graph's events not archived.
  package init(journal: Journal) throws {
    self.journal = journal
    claim = try journal.claim(Self.subject, for: "keeping the strategy graph")
    state = Mutex(try Self.graph(of: journal))
  }

  /// Returns the graph as the journal tells it, for those who only read. Cost: every event of the
  /// graph is read and applied.
  package static func graph(of journal: Journal) throws -> SharedGraph {
    var graph = SharedGraph()
    var cursor = try JournalCursor(journal, filter: JournalFilter(subject: subject))
    while let events = try cursor.next() {
      for event in events {
        guard let payload = event.payload else {
          throw GraphMistake.unreadableEvent(member: "payload")
        }
        _ = try graph.apply(GraphEvent(json: payload))
      }
    }
    return graph
  }

  /// The graph as it stands.
  package var graph: SharedGraph { state.withLock { $0 } }

  /// Lets time pass: pins expire and drains end. A tick that changes nothing is not recorded.
  package func tick(at now: Timestamp) throws -> [SweepDirective] {
    try record { graph throws(GraphMistake) in
      var next = graph
      let event = GraphEvent(at: now, .ticked)
      let isIdle = try next.apply(event).isEmpty && next.worlds == graph.worlds
      return isIdle ? [] : [event]
    }
  }

  /// Brings an earlier version of a world's roots back into force.
  package func rollBack(
    _ world: String, to version: Int, at now: Timestamp
  ) throws -> [SweepDirective] {
    try record { _ in [GraphEvent(at: now, .rolledBack(world: world, version: version))] }
  }

  /// Takes a world out with all its versions; what only it needed drains.
  package func remove(_ world: String, at now: Timestamp) throws -> [SweepDirective] {
    try record { _ in [GraphEvent(at: now, .left(world: world))] }
  }

  /// Lets the worlds of `computation` share by its rules and puts its instances in force; worlds that
  /// it does not know stay as they are. What is so already is not recorded again, and the events of
  /// one call are recorded all or none.
  ///
  /// - Parameter computation: the instances whose phase is a root (``StrategyPhase/isRoot``).
  package func follow(
    _ computation: SharedComputation, at now: Timestamp
  ) throws -> [SweepDirective] {
    try record { graph throws(GraphMistake) in
      var next = graph
      var events: [GraphEvent] = []
      for (world, rules) in computation.rules.sorted(by: { $0.key < $1.key }) {
        if next.worlds[world]?.rules != rules {
          let event = GraphEvent(at: now, .joined(world: world, rules: rules))
          _ = try next.apply(event)
          events.append(event)
        }
        let roots = computation.roots[world] ?? [:]
        if let event = next.rooting(world, roots, from: computation.graph, at: now) {
          _ = try next.apply(event)
          events.append(event)
        }
      }
      return events
    }
  }

  private func record(
    _ events: (SharedGraph) throws(GraphMistake) -> [GraphEvent]
  ) throws -> [SweepDirective] {
    try state.withLock { graph in
      var next = graph
      let events = try events(next)
      var directives: [SweepDirective] = []
      for event in events { directives += try next.apply(event) }
      guard !events.isEmpty else { return [] }
      try journal.append(
        events.map { event in
          JournalDraft(
            event.kind, at: event.at, world: event.world ?? "", subject: Self.subject,
            payload: event.json)
        })
      graph = next
      return directives
    }
  }
}
