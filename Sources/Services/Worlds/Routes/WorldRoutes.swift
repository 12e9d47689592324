package import Essentials
package import Networking
import Storage
import Worlds

/// Worlds over HTTP: who may trade, with how much, by whose decision, and the commands of those who
/// may give them.
///
/// 1. Who asks is what the credential says and nothing else; the body of a request never names an
///    actor.
/// 2. What a token's role is at the desk is the most that any world gives it; the policy of a world
///    decides within that. A command that it does not allow is recorded as `world.denied`.
/// 3. What is answered is what the journal has: the command line and other servers are seen at once.
package struct WorldRoutes: Sendable {
  /// What the routes work with.
  package struct Setup: Sendable {
    package var desk: WorldDesk
    /// Has worlds evaluated.
    package var evaluator: WorldEvaluator
    package var now: @Sendable () -> Timestamp
    /// Until when whoever holds the gates of a world in this process trusts what it knows, nil where
    /// nobody does.
    package var leaseEnd: @Sendable (_ world: String) -> Timestamp?

    package init(
      desk: WorldDesk, evaluator: WorldEvaluator, now: @escaping @Sendable () -> Timestamp,
      leaseEnd: @escaping @Sendable (_ world: String) -> Timestamp? = { _ in nil }
    ) {
      self.desk = desk
      self.evaluator = evaluator
      self.now = now
      self.leaseEnd = leaseEnd
    }
  }

  let setup: Setup
  /// The pasts of worlds, which measures read as well.
  package let chronicles: FollowedRuns<WorldChronicle>
  let ready: ReadyAnswers
  let readings: WorldReadings

  /// Worlds whose pasts are kept.
  private static let worldsMax = 512
  /// An event of a world may hold a decision of a thousand instances.
  private static let eventsMax = 2000

  package init(_ setup: Setup) {
    self.setup = setup
    chronicles = FollowedRuns(
      setup.desk.journal, runsMax: Self.worldsMax, eventsMax: Self.eventsMax
    ) { run in
      WorldChronicle(world: String(run.dropFirst(WorldBook.run(of: "").count)))
    }
    ready = ReadyAnswers(desk: setup.desk)
    readings = WorldReadings(desk: setup.desk)
  }

  /// All routes.
  package var routes: [Route] { readingRoutes + commandRoutes + transitionRoutes }

  static let group = "Worlds"
  static let world = RouteParameter<String>.segment(
    "world_id", "The name of a world, as GET /worlds lists it.")

  var desk: WorldDesk { setup.desk }

  // MARK: - Who

  /// The caller as worlds know it.
  static func actor(_ call: RouteCall) -> WorldActor { actor(call.caller) }

  /// Somebody whom the guard let in, as worlds know them.
  static func actor(_ caller: Caller?) -> WorldActor {
    let ceiling: WorldRole =
      switch caller?.role {
      case .owner: .owner
      case .operator: .operator
      case .viewer, nil: .reader
      }
    return .token(caller?.name ?? DeskGuard.loopbackName, ceiling: ceiling)
  }

  /// The caller of a command, which needs a token whatever may be read without one.
  static func commander(_ call: RouteCall) throws(AccessRefusal) -> WorldActor {
    guard let caller = call.caller, caller.name != DeskGuard.loopbackName else {
      throw .tokenNeeded(.operator)
    }
    return actor(call)
  }

  /// Throws where the caller may not read a world of such rules. Pages ask all the time, so that this
  /// is not recorded.
  static func requireReader(
    _ call: RouteCall, _ world: String, _ rules: RoleRules
  ) throws(WorldDeskFailure) {
    let actor = actor(call)
    guard rules.role(of: actor) == nil else { return }
    throw .refused(
      .denied(
        world: world, actor: actor.name,
        denial: WorldDenial(command: "read", role: nil, needed: .reader)))
  }

  /// A world that the caller may read, also one that was deleted where only its record is asked for.
  func readable(
    _ call: RouteCall, evenDeleted: Bool = false
  ) throws(WorldDeskFailure) -> WorldState {
    let world = call[Self.world]
    let state = try desk.existing(world)
    try Self.requireReader(call, world, state.rules.roles)
    guard evenDeleted || !state.isDeleted else { throw .refused(.deleted(world)) }
    return state
  }
}
