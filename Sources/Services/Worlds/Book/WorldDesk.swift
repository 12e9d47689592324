import Essentials
import Storage
import Synchronization
package import Worlds

/// The shell of worlds: it keeps them in a journal, lets commands through, evaluates, and hands what
/// is decided to those who carry it out.
///
/// 1. A world is the fold of its events in the journal. What the desk remembers of it is a copy that
///    is brought up to date before every answer.
/// 2. Whoever decides about a world has its claim, so that of two processes the second decides on what
///    the first has recorded.
/// 3. What follows from one command is one commit: all of its events are recorded or none.
/// 4. A role that is too small is recorded, and nothing else happens.
///
/// Calls wait for the disk and belong on a thread of their own.
package final class WorldDesk: Sendable {
  package let setup: WorldDeskSetup
  let book = WorldBook()
  private let states = Mutex<[String: WorldState]>([:])
  /// What worlds computed when the graph followed last.
  let standings = Mutex<[String: GraphStanding]>([:])

  package init(_ setup: WorldDeskSetup) {
    self.setup = setup
  }

  var journal: Journal { setup.journal }

  // MARK: - Reading

  /// The names of all worlds that ever were, in the order in which they began.
  package func worlds() throws(WorldDeskFailure) -> [String] {
    try inJournal { () throws(JournalFailure) in
      try journal.read { store throws(JournalFailure) in try book.worlds(in: store) }
    }
  }

  /// The world as the journal has it. A name that no event bears is a world that was not created.
  /// Cost: the events since the last question.
  package func state(of world: String) throws(WorldDeskFailure) -> WorldState {
    var state = states.withLock { $0[world] } ?? WorldState(world: world)
    let known = state.lastSeq
    while true {
      let after = state.lastSeq
      let events = try inJournal { () throws(JournalFailure) in
        try journal.events(
          after: after, limit: Self.partSize,
          filter: JournalFilter(run: WorldBook.run(of: world)))
      }
      for event in events { state.take(try Self.entry(event)) }
      guard events.count == Self.partSize else { break }
    }
    if state.lastSeq > known { remember(state) }
    return state
  }

  /// The world, or the refusal of one that is not there.
  package func existing(_ world: String) throws(WorldDeskFailure) -> WorldState {
    let state = try state(of: world)
    guard state.isCreated else { throw .refused(.noWorld(world)) }
    return state
  }

  private static let partSize = 512

  private func remember(_ state: WorldState) {
    states.withLock { states in
      // Another thread may have come further.
      if states[state.world].map({ $0.lastSeq < state.lastSeq }) ?? true {
        states[state.world] = state
      }
    }
  }

  /// What an event of the journal says of its world.
  static func entry(_ event: JournalEvent) throws(WorldDeskFailure) -> WorldEntry {
    guard let payload = event.payload else {
      throw .unreadable(
        world: event.world, seq: event.seq, .unusable(kind: event.kind, member: ""))
    }
    do throws(WorldEventMistake) {
      let happened = try WorldEvent(kind: event.kind, payload: payload)
      return WorldEntry(
        seq: event.seq, at: event.at, actor: actor(of: payload), event: happened)
    } catch {
      throw .unreadable(world: event.world, seq: event.seq, error)
    }
  }

  static func actor(of payload: JSONValue) -> String {
    if case .string(let name)? = payload["actor"] { name } else { "" }
  }

  // MARK: - Commands

  /// What followed from a command.
  package struct Receipt: Sendable {
    /// What was recorded; empty where all of it was so already.
    package var entries: [WorldEntry]
    /// The world afterwards.
    package var state: WorldState
  }

  /// Carries a command out: what follows from it is recorded in one commit.
  ///
  /// A refusal for want of a role is recorded before it is thrown.
  @discardableResult
  package func carryOut(
    _ command: WorldCommand, in world: String, by actor: WorldActor
  ) throws(WorldDeskFailure) -> Receipt {
    var before: WorldState?
    let receipt = try deciding(world, by: actor) { state throws(WorldDeskFailure) in
      before = state
      return try self.events(state, command, by: actor)
    }
    graphFollows(receipt.state, since: before ?? receipt.state)
    return receipt
  }

  /// What follows from a command, after a denial was recorded.
  func events(
    _ state: WorldState, _ command: WorldCommand, by actor: WorldActor
  ) throws(WorldDeskFailure) -> [WorldEvent] {
    do throws(WorldRefusal) {
      return try state.decide(on: command, by: actor)
    } catch {
      if case .denied(_, _, let denial) = error, state.isCreated, !state.isDeleted {
        _ = try append([.denied(denial)], to: state, by: actor.name, at: setup.now())
      }
      throw .refused(error)
    }
  }

  /// Lets `body` decide about a world nobody else decides about meanwhile, and records what it says.
  ///
  /// - Parameter person: the name of the person on whose demand the actor decides, to be recorded in
  ///   the actor's stead.
  @discardableResult
  func deciding(
    _ world: String, by actor: WorldActor, for person: String? = nil, at instant: Timestamp? = nil,
    _ body: (WorldState) throws(WorldDeskFailure) -> [WorldEvent]
  ) throws(WorldDeskFailure) -> Receipt {
    let claim = try turn(of: world)
    defer { withExtendedLifetime(claim) {} }
    let state = try state(of: world)
    let events = try body(state)
    guard !events.isEmpty else { return Receipt(entries: [], state: state) }
    return try append(
      events, to: state, by: person ?? actor.name, at: instant ?? setup.now())
  }

  private func turn(of world: String) throws(WorldDeskFailure) -> JournalClaim {
    try inJournal { () throws(JournalFailure) in
      try journal.claim(
        WorldBook.run(of: world), for: "deciding about the world \(world)",
        patienceMilliseconds: setup.patienceMilliseconds)
    }
  }

  /// Records events of a world in one commit; whoever calls has its claim.
  private func append(
    _ events: [WorldEvent], to state: WorldState, by actor: String, at instant: Timestamp
  ) throws(WorldDeskFailure) -> Receipt {
    let doers = Self.doers(of: events, by: actor)
    let drafts = events.enumerated().map { place, event in
      JournalDraft(
        event.kind, at: instant, run: WorldBook.run(of: state.world), world: state.world,
        subject: event.subject, cause: place > 0 ? .draft(0) : .none,
        payload: Self.payload(of: event, actor: doers[place]))
    }
    let stored = try inJournal { () throws(JournalFailure) in try journal.append(drafts) }
    var next = state
    var entries: [WorldEntry] = []
    for (place, stored) in stored.enumerated() {
      let entry = WorldEntry(
        seq: stored.seq, at: stored.at, actor: doers[place], event: events[place])
      next.take(entry)
      entries.append(entry)
    }
    remember(next)
    return Receipt(entries: entries, state: next)
  }

  /// Who did each of the events of one commit: what follows from an evaluation or an alert the desk
  /// does, whoever asked for the evaluation.
  private static func doers(of events: [WorldEvent], by actor: String) -> [String] {
    let isRuled = events.contains { event in
      switch event {
      case .evaluated, .alerted: true
      default: false
      }
    }
    return events.map { event in
      if case .evaluated = event { return actor }
      return isRuled ? WorldActor.desk.name : actor
    }
  }

  private static func payload(of event: WorldEvent, actor: String) -> JSONValue {
    guard case .object(let members) = event.json else { return ["actor": .string(actor)] }
    return .object([.init("actor", .string(actor))] + members)
  }
}
