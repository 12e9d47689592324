package import Essentials
import Storage
package import Worlds

extension WorldDesk {
  /// An event of a world as an auditor reads it.
  package struct AuditEntry: Sendable {
    package var seq: Int64
    package var at: Timestamp
    package var kind: String
    package var actor: String
    package var subject: String
    package var summary: WorldSummary
    package var payload: JSONValue

    /// The members of the wire.
    package var json: JSONValue {
      [
        "seq": .integer(Int(seq)), "at": .string(at.description), "kind": .string(kind),
        "actor": .string(actor), "subject": .string(subject),
        "summary": .string(summary.english), "summary_ko": .string(summary.korean),
        "payload": payload,
      ]
    }
  }

  /// A part of the audit, and where the next one begins.
  package struct AuditPage: Sendable {
    package var entries: [AuditEntry]
    /// The number to ask for what follows with; nil at the end.
    package var next: Int64?
  }

  /// What happened in a world after event number `cursor`, also in one that was deleted.
  package func audit(
    _ world: String, after cursor: Int64 = 0, limit: Int
  ) throws(WorldDeskFailure) -> AuditPage {
    let events = try inJournal { () throws(JournalFailure) in
      try journal.events(
        after: cursor, limit: limit + 1, filter: JournalFilter(run: WorldBook.run(of: world)))
    }
    if events.isEmpty, cursor == 0 { throw .refused(.noWorld(world)) }
    var entries: [AuditEntry] = []
    for event in events.prefix(limit) {
      let entry = try Self.entry(event)
      entries.append(
        AuditEntry(
          seq: event.seq, at: event.at, kind: event.kind, actor: entry.actor,
          subject: event.subject, summary: entry.event.summary,
          payload: event.payload ?? .null))
    }
    return AuditPage(entries: entries, next: events.count > limit ? entries.last?.seq : nil)
  }

  // MARK: - What was decided when

  /// A decision of the past with all that it rests on.
  package struct PastDecision: Sendable {
    package var seq: Int64
    package var evaluation: WorldEvaluation
    package var snapshot: WorldSnapshot
    package var policy: WorldPolicy
    /// The text of the plan as it is recorded.
    package var recordedPlan: String

    /// Why an instance was judged as it was; nil where the plan does not tell of it.
    package func derivation(of instance: String) -> DerivationNode? {
      WorldDerivation.of(instance, snapshot, policy, evaluation.plan)
    }
  }

  /// The last decision of a cycle, nil for that of the last cycle.
  package func decision(
    of world: String, cycle: Int? = nil
  ) throws(WorldDeskFailure) -> PastDecision {
    let state = try state(of: world)
    guard state.isCreated else { throw .refused(.noWorld(world)) }
    let wanted = cycle ?? state.cycle
    let found = try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.evaluation(of: world, cycle: wanted, in: store)
      }
    }
    guard let found else { throw .unknownCycle(world: world, cycle: wanted) }
    return try decision(found, state)
  }

  /// The latest decisions, the last one first.
  package func decisions(
    of world: String, limit: Int
  ) throws(WorldDeskFailure) -> [PastDecision] {
    let state = try existing(world)
    let found = try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.evaluations(of: world, limit: limit, in: store)
      }
    }
    var decisions: [PastDecision] = []
    for item in found { decisions.append(try decision(item, state)) }
    return decisions
  }

  private func decision(
    _ found: WorldBook.Evaluation, _ state: WorldState
  ) throws(WorldDeskFailure) -> PastDecision {
    let world = state.world
    guard let event = try event(found.seq),
      case .evaluated(let evaluation) = try Self.entry(event).event
    else { throw .snapshotMissing(world: world, cycle: found.cycle) }
    let held = try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.snapshot(of: world, found.snapshot, in: store)
      }
    }
    var document = evaluation.snapshot
    if document == nil, let held { document = try self.event(held)?.payload?["snapshot"] }
    guard let document, let snapshot = try? WorldSnapshot(json: document),
      state.policies.indices.contains(snapshot.policyVersion - 1)
    else { throw .snapshotMissing(world: world, cycle: found.cycle) }
    return PastDecision(
      seq: found.seq, evaluation: evaluation, snapshot: snapshot,
      policy: state.policies[snapshot.policyVersion - 1].publication.policy,
      recordedPlan: event.payload?["plan"]?.compactText ?? "")
  }

  func event(_ seq: Int64) throws(WorldDeskFailure) -> JournalEvent? {
    try inJournal { () throws(JournalFailure) in
      try journal.events(after: seq - 1, limit: 1).first.flatMap { $0.seq == seq ? $0 : nil }
    }
  }

  // MARK: - How it went

  /// A cycle in the history of a world.
  package struct PastCycle: Sendable {
    package var cycle: Int
    package var at: Timestamp
    package var mode: WorldMode
    /// Changes of phase between this evaluation and the next.
    package var moves: [PhaseMove]
    /// Instances that were live after them.
    package var live: Int
    /// What weights were multiplied by for the sake of limits.
    package var scale: Double
  }

  /// The latest cycles with what moved in each, the first one first. Cost: the events of the world,
  /// since who was live when follows from all of them.
  package func history(
    of world: String, limit: Int
  ) throws(WorldDeskFailure) -> [PastCycle] {
    var state = WorldState(world: world)
    var cycles: [PastCycle] = []
    var phases: [String: StrategyPhase] = [:]
    var after: Int64 = 0
    while true {
      let events = try inJournal { () throws(JournalFailure) in
        try journal.events(
          after: after, limit: 512, filter: JournalFilter(run: WorldBook.run(of: world)))
      }
      guard let last = events.last else { break }
      after = last.seq
      for event in events {
        let entry = try Self.entry(event)
        state.take(entry)
        if case .evaluated(let evaluation) = entry.event {
          cycles.append(
            PastCycle(
              cycle: evaluation.cycle, at: evaluation.at, mode: evaluation.plan.mode, moves: [],
              live: 0, scale: evaluation.plan.risk.scale))
        }
        for record in state.records where phases[record.id] != record.phase {
          if let from = phases[record.id], !cycles.isEmpty {
            cycles[cycles.count - 1].moves.append(
              PhaseMove(
                instance: record.id, from: from, to: record.phase, reason: event.kind))
          }
          phases[record.id] = record.phase
        }
        if !cycles.isEmpty {
          cycles[cycles.count - 1].live = state.counts[.live] ?? 0
        }
      }
    }
    return Array(cycles.suffix(limit))
  }
}
