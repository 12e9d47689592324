package import Essentials
import Storage
import Worlds

extension WorldDesk {
  /// Whether a recorded plan follows again from its record.
  package struct AuditProof: Hashable, Sendable {
    package var cycle: Int
    /// The number of the event that holds the plan.
    package var seq: Int64
    /// The digest by which the plan is known.
    package var plan: String
    package var finding: Finding

    /// What deciding again came to.
    package enum Finding: Hashable, Sendable {
      /// It gives the same bytes.
      case proven
      /// The record contradicts itself: these parts of it are not what they should be.
      case differing([Part])
      /// It cannot be decided again here.
      case unprovable(Obstacle)
    }

    /// A part of the record of a plan.
    package enum Part: String, Hashable, Sendable, CaseIterable {
      /// What was seen cannot be read, or has not the digest that the plan names.
      case snapshot
      /// The policy has not the digest that the plan names.
      case policy
      /// Deciding again gives other bytes.
      case plan
      /// The event names another cycle, instant or digest than the plan that it holds.
      case record
    }

    /// Why a plan cannot be decided again, though nothing contradicts it.
    package enum Obstacle: Hashable, Sendable {
      /// It was decided by other rules than this program's.
      case otherEngine(String)
      /// No event holds what was seen.
      case snapshotMissing(String)
      /// No event holds the policy.
      case policyMissing(version: Int)
      /// The event itself is not there.
      case eventMissing

      /// The word that programs branch on.
      package var word: String {
        switch self {
        case .otherEngine: "other_engine"
        case .snapshotMissing: "snapshot_missing"
        case .policyMissing: "policy_missing"
        case .eventMissing: "event_missing"
        }
      }
    }

    package init(cycle: Int, seq: Int64, plan: String, finding: Finding) {
      self.cycle = cycle
      self.seq = seq
      self.plan = plan
      self.finding = finding
    }

    package var isProven: Bool { finding == .proven }

    /// The members of the wire.
    package var json: JSONValue {
      var members: [JSONValue.Member] = [
        .init("cycle", .integer(cycle)), .init("seq", .integer(Int(seq))),
        .init("plan_id", .string(plan)), .init("proven", .bool(isProven)),
      ]
      switch finding {
      case .proven: break
      case .differing(let parts):
        members.append(.init("differing", .strings(parts.map(\.rawValue))))
      case .unprovable(let obstacle):
        members.append(.init("obstacle", .string(obstacle.word)))
        members.append(.init("detail", .string(obstacle.detail)))
      }
      return .object(members)
    }
  }

  /// How many plans of a world are on record.
  package func planCount(of world: String) throws(WorldDeskFailure) -> Int {
    try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.evaluationCount(of: world, in: store)
      }
    }
  }

  /// Decides everything again that was ever decided in a world, each from its own record, and hands out
  /// in order what came of it. A deleted world is proven like any other.
  ///
  /// Cost: a decision and the reading of two events for each plan. Memory: one decision and the places
  /// of policies, however long the record is.
  package func prove(
    _ world: String, found: (AuditProof) throws -> Void
  ) throws {
    var prover = PlanProver(world, policies: try policyPlaces(of: world))
    var after: Int64 = 0
    while true {
      let cursor = after
      let part = try evaluations(of: world, after: cursor)
      guard let last = part.last else { return }
      for evaluation in part { try found(try prover.proof(of: evaluation, at: self)) }
      after = last.seq
    }
  }

  /// Decides the last evaluation of a cycle again from its record, and compares the bytes.
  package func rebuild(_ world: String, cycle: Int) throws(WorldDeskFailure) -> AuditProof {
    let found = try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.evaluation(of: world, cycle: cycle, in: store)
      }
    }
    guard let found else { throw .unknownCycle(world: world, cycle: cycle) }
    var prover = PlanProver(world, policies: try policyPlaces(of: world))
    return try prover.proof(of: found, at: self)
  }

  /// Places that are read at once.
  private static let placesAtOnce = 256

  private func evaluations(
    of world: String, after seq: Int64
  ) throws(WorldDeskFailure) -> [WorldBook.Evaluation] {
    try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.evaluations(of: world, after: seq, limit: Self.placesAtOnce, in: store)
      }
    }
  }

  /// The numbers of the events that hold the policies of a world, by version.
  private func policyPlaces(of world: String) throws(WorldDeskFailure) -> [Int: Int64] {
    var places: [Int: Int64] = [:]
    var after: Int64 = 0
    while true {
      let cursor = after
      let events = try inJournal { () throws(JournalFailure) in
        try journal.events(
          after: cursor, limit: 16,
          filter: JournalFilter(run: WorldBook.run(of: world), kind: "world.policy_published"))
      }
      guard let last = events.last else { return places }
      for event in events {
        guard case .integer(let version)? = event.payload?["version"] else { continue }
        places[version] = event.seq
      }
      after = last.seq
    }
  }

  /// The event that holds a snapshot, nil where none does.
  fileprivate func snapshotEvent(
    of world: String, _ fingerprint: String
  ) throws(WorldDeskFailure) -> JournalEvent? {
    let place = try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in
        try book.snapshot(of: world, fingerprint, in: store)
      }
    }
    guard let place else { return nil }
    return try event(place)
  }
}

extension WorldDesk.AuditProof.Obstacle {
  /// What is missing, in one sentence.
  package var detail: String {
    switch self {
    case .otherEngine(let name): "It was decided by the rules \(name)."
    case .snapshotMissing(let fingerprint):
      "The snapshot \(fingerprint.prefix(12)) is not in the journal."
    case .policyMissing(let version): "Policy version \(version) is not in the journal."
    case .eventMissing: "The event that holds it is not in the journal."
    }
  }
}

/// Decides again what was decided, one plan after another, from nothing but the events that hold it.
private struct PlanProver {
  private typealias Proof = WorldDesk.AuditProof
  private let world: String
  /// The numbers of the events that hold policies, by version.
  private let policies: [Int: Int64]
  /// The policy of the plan before, which most often is that of the next.
  private var known: (version: Int, policy: WorldPolicy)?

  init(_ world: String, policies: [Int: Int64]) {
    self.world = world
    self.policies = policies
  }

  mutating func proof(
    of place: WorldBook.Evaluation, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> WorldDesk.AuditProof {
    Proof(
      cycle: place.cycle, seq: place.seq, plan: place.plan,
      finding: try finding(of: place, at: desk))
  }

  private mutating func finding(
    of place: WorldBook.Evaluation, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> Proof.Finding {
    guard let event = try desk.event(place.seq) else { return .unprovable(.eventMissing) }
    guard let payload = event.payload, let recorded = payload["plan"] else {
      return .differing([.plan])
    }
    if case .string(let engine)? = recorded["engine"], engine != WorldPlan.engine {
      return .unprovable(.otherEngine(engine))
    }
    var document = payload["snapshot"]
    if document == nil || document == .null {
      guard let holder = try desk.snapshotEvent(of: world, place.snapshot) else {
        return .unprovable(.snapshotMissing(place.snapshot))
      }
      document = holder.payload?["snapshot"]
    }
    guard let document, let snapshot = try? WorldSnapshot(json: document) else {
      return .differing([.snapshot])
    }
    guard let policy = try policy(snapshot.policyVersion, at: desk) else {
      return policies[snapshot.policyVersion] == nil
        ? .unprovable(.policyMissing(version: snapshot.policyVersion)) : .differing([.policy])
    }
    let again = WorldDecision.decide(snapshot, policy)
    let parts = Proof.Part.allCases.filter { part in
      switch part {
      case .snapshot: recorded["snapshot"] != .string(again.snapshot.hexadecimal)
      case .policy: recorded["policy"] != .string(policy.fingerprint.hexadecimal)
      case .plan: recorded.compactText != again.json.compactText
      case .record:
        payload["plan_id"] != .string(again.id.hexadecimal)
          || payload["snapshot_fingerprint"] != .string(again.snapshot.hexadecimal)
          || payload["cycle"] != .integer(again.cycle)
          || payload["at"] != .integer(Int(again.at.millisecondsSinceEpoch))
      }
    }
    return parts.isEmpty ? .proven : .differing(parts)
  }

  private mutating func policy(
    _ version: Int, at desk: WorldDesk
  ) throws(WorldDeskFailure) -> WorldPolicy? {
    if let known, known.version == version { return known.policy }
    guard let place = policies[version], let event = try desk.event(place),
      let document = event.payload?["policy"], let policy = try? WorldPolicy(json: document)
    else { return nil }
    known = (version, policy)
    return policy
  }
}
