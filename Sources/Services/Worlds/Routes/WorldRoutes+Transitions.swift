import Essentials
import Networking
import Research
import Worlds

/// Switches of strategies to and from money that a person asks for.
extension WorldRoutes {
  private static let strategy = RouteParameter<String>.segment(
    "strategy_id", "The id of an instance, or the name of a strategy for all of its instances.")

  var transitionRoutes: [Route] {
    [
      transition(
        "promote",
        """
        Has instances go live that the latest decision lets go live; of a strategy all that are in \
        dryrun, or none.
        """, promote),
      transition(
        "demote",
        """
        Takes instances from live by a cutover, and those in dryrun from paper; of a strategy all of \
        them.
        """, demote),
    ]
  }

  /// What somebody wishes of a strategy.
  private struct Wish: Sendable {
    var strategy: String
    var world: String
    var reason: String
    var run: String?
    var actor: WorldActor
  }

  private func transition(
    _ name: String, _ summary: String,
    _ carryOut: @escaping @Sendable (Wish, WorldState) throws -> ServerResponse
  ) -> Route {
    Route(
      .post, "/strategies/{strategy_id}/\(name)", summary, group: Self.group,
      parameters: [Self.strategy.contract], body: WireSchema.reference("WorldTransitionWish"),
      answers: [
        .of("WorldTransitionReceipt", "What followed, with the run that carries it out.")
      ] + Self.refusals
    ) { call in
      let actor = try Self.commander(call)
      let wish = try Self.body(call) { reader -> Wish? in
        reader.requireMember("world")
        let reason = Self.reason(&reader)
        let run = reader.line("run_id")
        return reader.line("world").map {
          Wish(
            strategy: call[Self.strategy], world: $0, reason: reason, run: run, actor: actor)
        }
      }
      guard let wish else { preconditionFailure("a body without a defect that names no world") }
      return try carryOut(wish, try desk.existing(wish.world))
    }
  }

  /// The instances that a wish is about and that are in one of some phases: the one of that id,
  /// whatever its phase, otherwise those of the strategy of that name.
  private func instances(
    _ wish: Wish, in phases: [StrategyPhase], _ state: WorldState
  ) throws -> [InstanceRecord] {
    if let record = state.instances[wish.strategy] { return [record] }
    let family = state.records.filter { $0.submission.strategy == wish.strategy }
    guard !family.isEmpty else {
      throw WorldDeskFailure.refused(
        .unknownInstance(
          wish.strategy,
          nearest: nearestName(
            to: wish.strategy, among: state.ids + state.records.map(\.submission.strategy))))
    }
    let found = family.filter { phases.contains($0.phase) }
    guard !found.isEmpty || wish.run.flatMap({ state.runs[$0] }) != nil else {
      throw WorldRouteRefusal.nothingOfStrategy(
        wish.strategy, world: state.world, phases: phases.map(\.rawValue))
    }
    return found
  }

  private func promote(_ wish: Wish, _ state: WorldState) throws -> ServerResponse {
    let ids = try instances(wish, in: [.dryrun], state).map(\.id)
    return try switched(
      named(wish, state)?.demand.plan.promote.map(\.key.instance) ?? ids, wish, state
    ) { .promote($0, reason: wish.reason) }
  }

  private func demote(_ wish: Wish, _ state: WorldState) throws -> ServerResponse {
    let records = try instances(wish, in: [.live, .dryrun], state)
    var entries: [WorldEntry] = []
    // A strategy that is only on paper needs no cutover.
    for record in records where record.phase == .dryrun {
      entries += try desk.carryOut(
        .withdraw(instance: record.id, reason: wish.reason), in: wish.world, by: wish.actor
      ).entries
    }
    let live = records.filter { $0.phase != .dryrun }.map(\.id)
    let known = named(wish, state)?.demand.plan.demote.map(\.instance)
    guard known != nil || !live.isEmpty else {
      return try answer(nil, entries, wish)
    }
    return try switched(known ?? live, wish, state, after: entries) {
      .demote($0, reason: wish.reason)
    }
  }

  /// The run that a wish names where there is one of it already: asked for again, it is answered.
  private func named(_ wish: Wish, _ state: WorldState) -> CutoverLedger.Run? {
    guard let run = wish.run.flatMap({ state.runs[$0] }), run.outcome != nil else { return nil }
    let plan = run.demand.plan
    let about = plan.promote.map(\.key.instance) + plan.demote.map(\.instance)
    let isMeant = about.allSatisfy { id in
      id == wish.strategy || state.instances[id]?.submission.strategy == wish.strategy
    }
    return isMeant ? run : nil
  }

  private func switched(
    _ ids: [String], _ wish: Wish, _ state: WorldState, after entries: [WorldEntry] = [],
    _ make: ([String]) -> CutoverWish
  ) throws -> ServerResponse {
    guard desk.setup.cutover != nil else {
      throw WorldRouteRefusal.noSwitches(world: wish.world)
    }
    let done = try setup.evaluator.cutOver(
      make(ids), in: wish.world, run: wish.run, by: wish.actor)
    return try answer(done?.run, entries, wish)
  }

  private func answer(
    _ run: String?, _ entries: [WorldEntry], _ wish: Wish
  ) throws -> ServerResponse {
    let state = try desk.existing(wish.world)
    let document = Self.run(run, in: state)
    if let outcome = run.flatMap({ state.runs[$0]?.outcome }), outcome.stage != .completed {
      return .json(
        [
          "error": .string("cutover_\(outcome.stage.rawValue)"),
          "detail": .string(
            "The cutover \(run ?? "") was \(outcome.stage == .aborted ? "given up" : "rolled back")"
              + (outcome.reason.isEmpty ? "." : ": \(outcome.reason).")),
          "help": .string(
            "GET /worlds/\(wish.world)/audit?kind=cutover tells every step of it."),
          "run": document,
        ], status: 409
      ).live
    }
    var members = Self.receiptMembers(entries, state)
    if run != nil {
      members = members.map { $0.name == "changed" ? .init("changed", .bool(true)) : $0 }
    }
    return .json(.object(members + [.init("run", document)])).live
  }
}
