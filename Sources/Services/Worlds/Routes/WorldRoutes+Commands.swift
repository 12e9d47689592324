import Essentials
import Networking
import Research
import Worlds

/// What somebody may do in a world.
extension WorldRoutes {
  var commandRoutes: [Route] {
    [
      policy, evaluation,
      command(
        "state", "Declares what a world does: active, eval_only or paused.", "WorldStateWish"
      ) { reader in
        reader.requireMember("state")
        let reason = Self.reason(&reader)
        return reader.word("state").map { WorldCommand.declare($0, reason: reason) }
      },
      command("freeze", "Closes every gate of a world until it is resumed.", "WorldReason") {
        .freeze(reason: Self.reason(&$0))
      },
      command("resume", "Lets the gates of a frozen world be what they should.", "WorldReason") {
        .resume(reason: Self.reason(&$0))
      },
      command("reset-breaker", "Arms the breaker of a world again.", "WorldReason") {
        .resetBreaker(reason: Self.reason(&$0))
      },
      command(
        "rollback", "Brings an earlier version of the policy into force again.",
        "WorldRollbackWish"
      ) { reader in
        reader.requireMember("version")
        let reason = Self.reason(&reader)
        return reader.whole("version", in: 1...Int(Int32.max)).map {
          .rollBack(version: $0, reason: reason)
        }
      },
      command(
        "activation", "Closes the gate of an instance, or gives it free again.",
        "WorldActivationWish"
      ) { reader in
        for name in ["instance", "side", "active"] { reader.requireMember(name) }
        let reason = Self.reason(&reader)
        let side: TradingSide? = reader.word("side")
        guard let instance = reader.line("instance"), let side, let active = reader.flag("active")
        else { return nil }
        return .setActive(GateKey(instance, side), active, reason: reason)
      },
      command("approve", "Lets the promotion of an instance happen.", "WorldApprovalWish") {
        reader in
        reader.requireMember("instance")
        let plan = reader.line("plan_id")
        guard let instance = reader.line("instance") else { return nil }
        guard let plan else { return .approve(instance: instance, plan: nil) }
        guard let fingerprint = Fingerprint(hexadecimal: plan) else {
          reader.noteContradiction(
            "plan_id", "is no digest", remedy: "Write the 64 digits of the plan's id.")
          return nil
        }
        return .approve(instance: instance, plan: fingerprint)
      },
      submission,
    ]
  }

  // MARK: - Bodies

  /// Why something is wished; at most a few words.
  static func reason(_ reader: inout DocumentReader) -> String { reader.line("reason") ?? "" }

  /// Reads the body of a command. A member `actor` is passed over: who acts is what the credential
  /// says.
  static func body<Value>(
    _ call: RouteCall, _ read: (inout DocumentReader) -> Value
  ) throws -> Value {
    guard let text = String(validating: call.request.body, as: UTF8.self) else {
      throw DeskRefusal.badBody(
        reason: "The body is not UTF-8 text.", remedy: "Send a JSON object in UTF-8.")
    }
    return try DocumentReader.read(
      text: text.isEmpty ? "{}" : text, document: "body", unknown: .refused, key: "bad_body"
    ) { reader in
      _ = reader.value("actor")
      return read(&reader)
    }
  }

  private func command(
    _ name: String, _ summary: String, _ body: String,
    _ read: @escaping @Sendable (inout DocumentReader) -> WorldCommand?
  ) -> Route {
    Route(
      .post, "/worlds/{world_id}/\(name)", summary, group: Self.group,
      parameters: [Self.world.contract], body: WireSchema.reference(body),
      answers: [.of("WorldReceipt", "What followed, and how the world stands.")] + Self.refusals
    ) { call in
      let actor = try Self.commander(call)
      guard let command = try Self.body(call, read) else {
        preconditionFailure("a body without a defect that is no command")
      }
      let receipt = try desk.carryOut(command, in: call[Self.world], by: actor)
      return .json(Self.receipt(receipt.entries, receipt.state)).live
    }
  }

  /// What followed from a command.
  static func receipt(_ entries: [WorldEntry], _ state: WorldState) -> JSONValue {
    .object(receiptMembers(entries, state))
  }

  static func receiptMembers(_ entries: [WorldEntry], _ state: WorldState) -> [JSONValue.Member] {
    [
      .init("world", .string(state.world)), .init("changed", .bool(!entries.isEmpty)),
      .init("declared", .string(state.declared.rawValue)),
      .init("mode", .string(state.mode.rawValue)), .init("epoch", .integer(state.epoch)),
      .init(
        "events",
        .array(
          entries.map { entry in
            [
              "seq": .integer(Int(entry.seq)), "kind": .string(entry.event.kind),
              "subject": .string(entry.event.subject),
              "summary": .string(entry.event.summary.english),
              "summary_ko": .string(entry.event.summary.korean),
            ]
          })),
    ]
  }

  // MARK: - Policies

  private var policy: Route {
    Route(
      .post, "/worlds/{world_id}/policy",
      "Lets a policy come into force; the first one creates the world.", group: Self.group,
      parameters: [Self.world.contract], body: WireSchema.reference("WorldPolicyWish"),
      answers: [.of("WorldPolicyReceipt", "The version in force, and what changed.")]
        + Self.refusals
        + [
          AnswerContract(
            422, "The policy has errors; all of them are listed with their places.",
            schema: WireSchema.reference("PolicyFailure"))
        ]
    ) { call in
      let actor = try Self.commander(call)
      let world = call[Self.world]
      let (text, reason) = try Self.body(call) { reader -> (String, String) in
        (reader.requiredText("text"), Self.reason(&reader))
      }
      let reading = WorldPolicy.read(text: text, named: "policy")
      guard let policy = reading.policy else {
        return Self.refusal(PolicyFailure(findings: reading.findings))
      }
      let receipt = try desk.publish(policy, in: world, reason: reason, by: actor)
      return .json([
        "world": .string(receipt.world), "version": .integer(receipt.version),
        "fingerprint": .string(receipt.fingerprint.hexadecimal), "new": .bool(receipt.isNew),
        "diff": receipt.diff.json, "warnings": .array(reading.findings.map(\.json)),
        "submitted": .strings(receipt.submitted),
        "refused": .array(
          receipt.refused.map { item in
            [
              "instance": .string(item.instance), "reason": .string(item.reason),
              "help": .string(item.remedy),
            ]
          }),
        "epoch": .integer(receipt.state.epoch), "mode": .string(receipt.state.mode.rawValue),
      ]).live
    }
  }

  /// Everything that is wrong with a policy, beside what every failure says.
  private static func refusal(_ failure: PolicyFailure) -> ServerResponse {
    .json(
      [
        "error": .string(failure.key), "detail": .string(failure.message),
        "help": .string(failure.remedy), "findings": .array(failure.findings.map(\.json)),
      ], status: 422)
  }

  // MARK: - Evaluations

  private var evaluation: Route {
    Route(
      .post, "/worlds/{world_id}/evaluate",
      "Evaluates a world once and has what follows carried out.", group: Self.group,
      parameters: [Self.world.contract], body: WireSchema.reference("WorldEvaluationWish"),
      answers: [.of("WorldEvaluationReceipt", "What was decided, and what followed.")]
        + Self.refusals
    ) { call in
      let actor = try Self.commander(call)
      let wanted = try Self.body(call) { reader in
        reader.whole("now", in: 0...EventCursor.max).map {
          Timestamp(millisecondsSinceEpoch: Int64($0))
        }
      }
      let now = setup.now()
      if let wanted, wanted > now { throw WorldRouteRefusal.notYet(wanted, now: now) }
      let receipt = try setup.evaluator.evaluate(
        call[Self.world], at: wanted ?? now, by: actor)
      return .json(
        .object(
          Self.receiptMembers(receipt.entries, receipt.state) + [
            .init("cycle", .integer(receipt.plan.cycle)),
            .init("plan_id", .string(receipt.plan.id.hexadecimal)),
            .init("run", Self.run(receipt.run, in: receipt.state)),
            .init("traded", receipt.traded.json),
          ])
      ).live
    }
  }

  // MARK: - Instances

  private var submission: Route {
    Route(
      .post, "/worlds/{world_id}/submit", "Enters an alpha of the journal into a world.",
      group: Self.group, parameters: [Self.world.contract],
      body: WireSchema.reference("WorldSubmissionWish"),
      answers: [.of("WorldSubmissionReceipt", "The instance, and what followed.")]
        + Self.refusals
    ) { call in
      let actor = try Self.commander(call)
      let entry = try Self.body(call) { reader -> WorldDesk.AlphaEntry? in
        reader.requireMember("alpha")
        reader.requireMember("side")
        let side: TradingSide? = reader.word("side")
        let run = reader.line("run_id")
        guard let alpha = reader.line("alpha"), let side else { return nil }
        var entry = WorldDesk.AlphaEntry(
          WorldDesk.AlphaReference(alpha, run: run), side: side)
        entry.strategy = reader.line("strategy")
        entry.id = reader.line("id")
        entry.symbols = reader.texts("symbols") ?? []
        entry.sector = reader.line("sector")
        entry.venue = reader.line("venue")
        entry.broker = reader.line("broker")
        return entry
      }
      guard let entry else { preconditionFailure("a body without a defect that names no alpha") }
      let receipt = try desk.submit(entry, in: call[Self.world], by: actor)
      return .json(
        .object(
          Self.receiptMembers(receipt.entries, receipt.state)
            + [.init("instance", .string(receipt.instance))])
      ).live
    }
  }

  // MARK: - Contracts

  /// A run that is named, null for none.
  static func run(_ name: String?, in state: WorldState) -> JSONValue {
    name.flatMap { state.runs[$0] }.map(WorldOverview.run) ?? .null
  }

  static let refusals = [
    AnswerContract(
      400, "The body cannot be read.", schema: WireSchema.reference("Failure")),
    AnswerContract(
      403, "The world does not let the caller do that; it is recorded.",
      schema: WireSchema.reference("Failure")),
    AnswerContract(404, "There is no such thing.", schema: WireSchema.reference("Failure")),
    AnswerContract(
      409, "It contradicts how the world stands.", schema: WireSchema.reference("Failure")),
    AnswerContract(413, "The body is too large.", schema: WireSchema.reference("Failure")),
  ]
}
