import Essentials
import Networking
import Research
import Storage
import Worlds

/// What is told of worlds.
extension WorldRoutes {
  private static let at = RouteParameter<Int>.whole(
    "at", in: 0...Int(Int32.max), default: 0, "The cycle whose decision is wanted; 0 for the last.")
  private static let cycle = RouteParameter<Int>.whole(
    "cycle", in: 0...Int(Int32.max), default: 0, "The cycle that is explained; 0 for the last.")
  private static let after = RouteParameter<Int>.whole(
    "after", in: 0...EventCursor.max, default: 0, "Only events with a larger number, oldest first.")
  private static let before = RouteParameter<Int>.whole(
    "before", in: 0...EventCursor.max, default: 0,
    "Only events with a smaller number, newest first; 0 for oldest first.")
  private static let limit = RouteParameter<Int>.whole(
    "limit", in: 1...1000, default: 100, "The most events.")
  private static let kind = RouteParameter<String?>.text(
    "kind", "Only events of this name, such as world.denied, or of this group, such as cutover.")
  private static let cycles = RouteParameter<Int>.whole(
    "limit", in: 1...10_000, default: 200, "The most cycles, the latest ones.")
  private static let instance = RouteParameter<String>.segment(
    "instance_id", "The id of an instance of the world.")

  var readingRoutes: [Route] {
    [list, world, decision, activation, audit, explanation, history]
  }

  private var list: Route {
    Route(
      .get, "/worlds", "Lists the worlds that the caller may read.", group: Self.group,
      answers: [.of("WorldList", "The worlds, in the order in which they began.")]
    ) { call in
      var overviews: [WorldOverview] = []
      for world in try desk.worlds() {
        let state = try desk.existing(world)
        guard !state.isDeleted, state.rules.roles.role(of: Self.actor(call)) != nil else {
          continue
        }
        overviews.append(WorldOverview(listing: state))
      }
      return .json(WorldOverview.list(overviews)).live
    }
  }

  private var world: Route {
    Route(
      .get, "/worlds/{world_id}", "Tells how a world stands.", group: Self.group,
      parameters: [Self.world.contract], answers: [.of("World", "The world.")] + Self.absent
    ) { call in
      let state = try readable(call)
      let actor = Self.actor(call)
      let overview = WorldOverview(
        state: state, measures: try readings.measures(of: state),
        role: state.rules.roles.role(of: actor) ?? .reader, caller: actor.name,
        due: WorldSchedule.dueInstant(of: state, in: desk.journal.birth.at),
        leaseEnd: setup.leaseEnd(state.world), graph: try desk.setup.graph?.graph())
      return .json(overview.json).live
    }
  }

  private var decision: Route {
    Route(
      .get, "/worlds/{world_id}/decide",
      "Sends the last decision, or that of a cycle, in its canonical form; its id is the tag.",
      group: Self.group, parameters: [Self.world.contract, Self.at.contract],
      answers: [.of("WorldPlan", "The decision.")] + Self.unchanged + Self.absent
    ) { call in
      let world = call[Self.world]
      let cycle = call[Self.at]
      guard cycle == 0 else { return try past(call, cycle) }
      return try ready.answer(
        call.request, world, .decision,
        mayRead: { try Self.requireReader(call, world, $0) },
        make: { state in
          guard let plan = state.evaluation?.plan else {
            throw WorldDeskFailure.unknownCycle(world: world, cycle: 0)
          }
          return ReadyAnswers.Content(tag: plan.id.hexadecimal, json: plan.json)
        })
    }
  }

  private func past(_ call: RouteCall, _ cycle: Int) throws -> ServerResponse {
    let state = try readable(call, evenDeleted: true)
    let decision = try readings.decision(cycle, in: state)
    let tag = "\"\(decision.evaluation.plan.id.hexadecimal)\""
    let headers: HTTPHeaders = ["ETag": tag, "Cache-Control": "private, no-cache"]
    guard !call.request.has(tag: tag) else { return ServerResponse(status: 304, headers: headers) }
    return .text(decision.recordedPlan, type: "application/json", headers: headers)
  }

  private var activation: Route {
    Route(
      .get, "/worlds/{world_id}/activation", "Tells which orders may pass, gate by gate.",
      group: Self.group, parameters: [Self.world.contract],
      answers: [.of("WorldActivation", "The gates.")] + Self.unchanged + Self.absent
    ) { call in
      let world = call[Self.world]
      let leaseEnd = setup.leaseEnd(world)
      let mark = leaseEnd?.millisecondsSinceEpoch ?? 0
      return try ready.answer(
        call.request, world, .activation, mark: mark,
        mayRead: { try Self.requireReader(call, world, $0) },
        make: { state in
          guard !state.isDeleted else { throw WorldDeskFailure.refused(.deleted(world)) }
          let overview = WorldOverview(state: state, leaseEnd: leaseEnd)
          return ReadyAnswers.Content(
            tag: "\(state.epoch)-\(state.lastSeq)-\(mark)", json: overview.activation)
        })
    }
  }

  private var audit: Route {
    Route(
      .get, "/worlds/{world_id}/audit",
      "Lists what happened in a world, a page at a time; also of one that was deleted.",
      group: Self.group,
      parameters: [
        Self.world.contract, Self.after.contract, Self.before.contract, Self.limit.contract,
        Self.kind.contract,
      ], answers: [.of("WorldAudit", "The events, and where the next page begins.")] + Self.absent
    ) { call in
      let state = try readable(call, evenDeleted: true)
      let limit = call[Self.limit]
      let before = call[Self.before]
      let kind = call[Self.kind] ?? ""
      let part = try chronicle(of: state.world) { chronicle in
        before > 0
          ? chronicle.events(before: Int64(before), limit: limit, of: kind)
          : chronicle.events(after: Int64(call[Self.after]), limit: limit, of: kind)
      }
      var events: [JSONValue] = []
      for seq in part.seqs {
        guard let event = try desk.journal.events(after: seq - 1, limit: 1).first,
          event.seq == seq
        else { continue }
        events.append(try Self.entry(event, isWhole: limit == 1))
      }
      return .json([
        "events": .array(events),
        "next": part.hasMore ? .orNull(part.seqs.last.map { Int($0) }) : .null,
      ]).live
    }
  }

  /// Hands out the past of a world.
  func chronicle<Result: Sendable>(
    of world: String, _ body: (WorldChronicle) throws -> Result
  ) throws -> Result {
    try chronicles.with(WorldBook.run(of: world)) { try body($0) }
  }

  /// A payload of more bytes is left out of a page; asked for alone it is sent.
  private static let payloadBytesMax = 64 << 10

  private static func entry(_ event: JournalEvent, isWhole: Bool) throws -> JSONValue {
    let entry = try WorldDesk.entry(event)
    let bytes = event.payloadText.utf8.count
    let isSent = isWhole || bytes <= payloadBytesMax
    return [
      "seq": .integer(Int(event.seq)), "at": .string(event.at.wireText),
      "kind": .string(event.kind), "actor": .string(entry.actor),
      "subject": .string(event.subject), "summary": .string(entry.event.summary.english),
      "summary_ko": .string(entry.event.summary.korean),
      "payload": isSent
        ? event.payload ?? .null : ["omitted": .bool(true), "bytes": .integer(bytes)],
    ]
  }

  private var explanation: Route {
    Route(
      .get, "/worlds/{world_id}/explain/{instance_id}",
      "Explains why an instance was judged and moved as a decision says.", group: Self.group,
      parameters: [Self.world.contract, Self.instance.contract, Self.cycle.contract],
      answers: [.of("WorldExplanation", "The reasoning, step by step.")] + Self.absent
    ) { call in
      let state = try readable(call, evenDeleted: true)
      let instance = call[Self.instance]
      let cycle = call[Self.cycle] == 0 ? state.cycle : call[Self.cycle]
      let decision = try readings.decision(cycle, in: state)
      guard let tree = decision.derivation(of: instance) else {
        if state.instances[instance] == nil {
          throw WorldDeskFailure.refused(
            .unknownInstance(instance, nearest: nearestName(to: instance, among: state.ids)))
        }
        throw WorldRouteRefusal.notInPlan(instance: instance, world: state.world, cycle: cycle)
      }
      return .json([
        "instance": .string(instance), "cycle": .integer(cycle),
        "plan_id": .string(decision.evaluation.plan.id.hexadecimal), "tree": Self.document(tree),
      ])
    }
  }

  private static func document(_ node: DerivationNode) -> JSONValue {
    [
      "code": .string(node.code), "text": .string(node.text), "text_ko": .string(node.koreanText),
      "outcome": .string(node.outcome.rawValue), "value": .optional(node.value),
      "limit": .optional(node.limit), "children": .array(node.children.map(document)),
    ]
  }

  private var history: Route {
    Route(
      .get, "/worlds/{world_id}/history", "Lists cycles with what moved in each.",
      group: Self.group, parameters: [Self.world.contract, Self.cycles.contract],
      answers: [.of("WorldHistory", "The cycles, the first one first.")] + Self.absent
    ) { call in
      let state = try readable(call, evenDeleted: true)
      let cycles = try chronicle(of: state.world) { Array($0.cycles.suffix(call[Self.cycles])) }
      return .json([
        "cycles": .array(
          cycles.map { cycle in
            [
              "cycle": .integer(cycle.cycle), "at": .string(cycle.at.wireText),
              "mode": .string(cycle.mode.rawValue),
              "moves": .array(
                cycle.moves.map { move in
                  [
                    "instance": .string(move.instance), "from": .string(move.from.rawValue),
                    "to": .string(move.to.rawValue),
                  ]
                }),
              "live": .integer(cycle.live), "scale": .number(cycle.scale),
            ]
          })
      ]).live
    }
  }

  // MARK: - Contracts

  private static let unchanged = [
    AnswerContract(304, "It is what the caller has.", mediaType: "text/plain", schema: [:])
  ]

  private static let absent = [
    AnswerContract(
      403, "The world does not let the caller read it.", schema: WireSchema.reference("Failure")),
    AnswerContract(404, "There is no such thing.", schema: WireSchema.reference("Failure")),
  ]
}
