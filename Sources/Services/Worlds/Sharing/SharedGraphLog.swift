package import Essentials
package import Storage
import Synchronization
package import Worlds

/// The strategy graph of all worlds, kept in the journal.
///
/// 1. The graph is the fold of its events. What is remembered of it is a copy that is brought up to
///    date before every answer.
/// 2. Whoever changes it has its claim as long as the change takes, so that of two processes the
///    second builds on what the first has recorded.
/// 3. Events are applied to a copy first and recorded then, those of one call all or none, so that a
///    refused one leaves no trace and the graph never runs ahead of the disk.
package final class SharedGraphLog: Sendable {
  private let journal: Journal
  private let patienceMilliseconds: Int
  private let report: @Sendable (String) -> Void
  private let known = Mutex(Known())
  private let told = Mutex<Set<String>>([])

  private struct Known {
    var graph = SharedGraph()
    /// The number of the last event taken in.
    var seq: Int64 = 0
  }

  /// The subject of the graph's events in the journal.
  package static let subject = "strategy_graph"

  /// - Parameters:
  ///   - journal: opened for writing by those who change the graph, with the graph's events not
  ///     archived.
  ///   - patienceMilliseconds: about how long another process that changes the graph is waited for.
  ///   - report: takes a sentence about something that went wrong behind the scenes.
  package init(
    journal: Journal, patienceMilliseconds: Int = 10_000,
    reporting report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.journal = journal
    self.patienceMilliseconds = patienceMilliseconds
    self.report = report
  }

  /// The graph as the journal has it. Cost: the events since the last question.
  package func graph() throws -> SharedGraph {
    try known.withLock { known in
      var next = known
      while true {
        let events = try journal.events(
          after: next.seq, limit: 512, filter: JournalFilter(subject: Self.subject))
        for event in events {
          guard let payload = event.payload else {
            throw GraphMistake.unreadableEvent(member: "payload")
          }
          _ = try next.graph.apply(GraphEvent(json: payload))
          next.seq = event.seq
        }
        if events.isEmpty { break }
      }
      known = next
      return next.graph
    }
  }

  /// Lets time pass: pins expire and drains end. A tick that changes nothing is not recorded.
  package func tick(at now: Timestamp) throws -> [SweepDirective] {
    try record { Change(after: $0, at: now) }
  }

  /// Brings an earlier version of a world's roots back into force.
  package func rollBack(
    _ world: String, to version: Int, at now: Timestamp
  ) throws -> [SweepDirective] {
    try record { graph throws(GraphMistake) in
      var change = Change(of: graph)
      try change.add(GraphEvent(at: now, .rolledBack(world: world, version: version)))
      return change
    }
  }

  /// Lets the worlds share by their rules, puts what they compute in force, takes out those that are
  /// gone, and lets time pass; worlds that it is not told of stay as they are. What is so already is
  /// not recorded again. A world that the graph refuses keeps what it had and is reported, once for
  /// each reason; the others follow nevertheless.
  ///
  /// - Parameter roots: what worlds compute, given the graph as it stands. It is asked again, when
  ///   nobody else changes the graph any more, before anything is recorded.
  package func follow(
    at now: Timestamp, _ roots: (SharedGraph) throws -> WorldRoots
  ) throws -> [SweepDirective] {
    try record { graph in
      let roots = try roots(graph)
      var change = Change(of: graph)
      for world in roots.worlds {
        do throws(GraphMistake) {
          try change.follow(world, in: roots.graph, at: now)
        } catch {
          tell("the graph does not follow the world \(world.world): \(error.explanation)")
        }
      }
      change.tick(at: now)
      return change
    }
  }

  /// Reports what went wrong, once.
  package func tell(_ sentence: String) {
    if told.withLock({ $0.insert(sentence).inserted }) { report(sentence) }
  }

  // MARK: - Changes

  /// Events that are applied and not yet recorded.
  private struct Change {
    var graph: SharedGraph
    var events: [GraphEvent] = []
    var directives: [SweepDirective] = []

    init(of graph: SharedGraph) {
      self.graph = graph
    }

    /// The change that time makes.
    init(after graph: SharedGraph, at now: Timestamp) {
      self.init(of: graph)
      tick(at: now)
    }

    mutating func add(_ event: GraphEvent) throws(GraphMistake) {
      directives += try graph.apply(event)
      events.append(event)
    }

    mutating func tick(at now: Timestamp) {
      var next = self
      // An instant that no calendar has is none at which time passes.
      guard (try? next.add(GraphEvent(at: now, .ticked))) != nil else { return }
      let isIdle =
        next.directives.count == directives.count && next.graph.worlds == graph.worlds
      if !isIdle { self = next }
    }

    /// All that a world needs, or nothing.
    mutating func follow(
      _ world: WorldRoots.World, in nodes: StrategyGraph, at now: Timestamp
    ) throws(GraphMistake) {
      var next = self
      let view = graph.worlds[world.world]
      guard let rules = world.rules else {
        if view != nil { try next.add(GraphEvent(at: now, .left(world: world.world))) }
        self = next
        return
      }
      if view?.rules != rules {
        try next.add(GraphEvent(at: now, .joined(world: world.world, rules: rules)))
      }
      // A world that never computed anything has no version.
      if view?.current != nil || !world.roots.isEmpty,
        let event = next.graph.rooting(world.world, world.roots, from: nodes, at: now)
      {
        try next.add(event)
      }
      self = next
    }
  }

  /// Records what `change` makes of the graph as it stands, where it makes anything of it.
  private func record(
    _ change: (SharedGraph) throws -> Change
  ) throws -> [SweepDirective] {
    guard try !change(graph()).events.isEmpty else { return [] }
    let claim = try journal.claim(
      Self.subject, for: "keeping the strategy graph",
      patienceMilliseconds: patienceMilliseconds)
    defer { withExtendedLifetime(claim) {} }
    let change = try change(graph())
    guard !change.events.isEmpty else { return [] }
    let stored = try journal.append(
      change.events.map { event in
        JournalDraft(
          event.kind, at: event.at, world: event.world ?? "", subject: Self.subject,
          payload: event.json)
      })
    known.withLock { known in
      // Another thread may have read them already.
      guard let last = stored.last?.seq, known.seq < last else { return }
      known = Known(graph: change.graph, seq: last)
    }
    return change.directives
  }
}
