import Essentials
package import Networking
package import Storage
import Synchronization
import Worlds

/// What events are about, as far as that decides who may be told of them.
package enum EventPlace: Hashable, Sendable {
  /// The desk, whose guard has let the reader in.
  case desk
  case world(String)
  /// What worlds share, such as their graph.
  case worlds

  /// The place of an event.
  package init(_ event: JournalEvent) {
    if !event.world.isEmpty {
      self = .world(event.world)
    } else if let world = Self.world(ofRun: event.run) {
      self = .world(world)
    } else {
      self = WorldEvent.isKind(event.kind) || event.kind.hasPrefix("graph.") ? .worlds : .desk
    }
  }

  /// The place of all events of a run.
  package init(run: String) {
    self = Self.world(ofRun: run).map(EventPlace.world) ?? .desk
  }

  private static func world(ofRun run: String) -> String? {
    let prefix = WorldBook.run(of: "")
    return run.hasPrefix(prefix) ? String(run.dropFirst(prefix.count)) : nil
  }
}

/// Who may be told of what happens in worlds, by whatever way events leave the desk: whoever the policy
/// in force lets read the world. A world that nobody knows the policy of is shown to nobody.
package struct WorldSight: Sendable {
  private let rules: @Sendable (_ world: String) throws(JournalFailure) -> RoleRules?
  private let worlds: @Sendable () throws(JournalFailure) -> [String]

  /// Sight by the policies of a desk of worlds.
  package init(_ desk: WorldDesk) {
    rules = { world throws(JournalFailure) in
      do throws(WorldDeskFailure) {
        let state = try desk.state(of: world)
        return state.isCreated ? state.rules.roles : nil
      } catch {
        if case .journal(let failure) = error { throw failure }
        // Whose record cannot be understood cannot say who may read it.
        return nil
      }
    }
    worlds = { () throws(JournalFailure) in
      do throws(WorldDeskFailure) {
        return try desk.worlds()
      } catch {
        if case .journal(let failure) = error { throw failure }
        return []
      }
    }
  }

  private init() {
    rules = { _ in nil }
    worlds = { [] }
  }

  /// Sight of a desk that knows no policies: it shows no world.
  package static let none = WorldSight()

  /// A look at the policies in force; it remembers what it saw and is not to be kept.
  package func glance() -> Glance { Glance(self) }

  /// What the policies said at one moment. Each world is looked up once.
  package final class Glance: Sendable {
    private let sight: WorldSight
    private let known = Mutex<[String: RoleRules?]>([:])

    fileprivate init(_ sight: WorldSight) { self.sight = sight }

    /// Whether somebody may be told of events of a place.
    package func shows(
      _ place: EventPlace, to caller: Caller?
    ) throws(JournalFailure) -> Bool {
      switch place {
      case .desk: return true
      case .world(let world): return try shows(world: world, to: caller)
      case .worlds:
        // What several share tells of all of them.
        for world in try sight.worlds() {
          guard try shows(world: world, to: caller) else { return false }
        }
        return true
      }
    }

    /// Whether somebody may be told of an event.
    package func shows(
      _ event: JournalEvent, to caller: Caller?
    ) throws(JournalFailure) -> Bool {
      try shows(EventPlace(event), to: caller)
    }

    private func shows(world: String, to caller: Caller?) throws(JournalFailure) -> Bool {
      let actor = WorldRoutes.actor(caller)
      if let seen = known.withLock({ $0[world] }) { return seen?.role(of: actor) != nil }
      let rules = try sight.rules(world)
      known.withLock { $0[world] = .some(rules) }
      return rules?.role(of: actor) != nil
    }
  }
}
