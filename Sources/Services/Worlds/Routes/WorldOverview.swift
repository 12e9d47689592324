package import Essentials
import Research
import Storage
package import Worlds

/// A world as every program is told of it, over the wire and on the command line alike.
package struct WorldOverview: Sendable {
  package let state: WorldState
  /// The measures that the last decision saw, by instance.
  package var measures: [String: JSONValue] = [:]
  /// What whoever asks may do in the world.
  package var role: WorldRole = .reader
  /// The name of whoever asks.
  package var caller = ""
  /// When the schedule evaluates the world next, in the past where that is overdue; nil where it never
  /// does, as with a world that lives in history.
  package var due: Timestamp?
  /// Until when those who hold the gates trust what they know, nil where nobody holds them.
  package var leaseEnd: Timestamp?
  /// The graph of all worlds, nil where none is kept.
  package var graph: SharedGraph?

  init(
    state: WorldState, measures: [String: JSONValue] = [:], role: WorldRole = .reader,
    caller: String = "", due: Timestamp? = nil, leaseEnd: Timestamp? = nil,
    graph: SharedGraph? = nil
  ) {
    self.state = state
    self.measures = measures
    self.role = role
    self.caller = caller
    self.due = due
    self.leaseEnd = leaseEnd
    self.graph = graph
  }

  /// A world as its state says, for one line of a list.
  package init(listing state: WorldState) {
    self.init(state: state)
  }

  /// A world with the measures that its last decision saw, as somebody asks for it.
  package init(of state: WorldState, at desk: WorldDesk, for actor: WorldActor) throws {
    self.init(
      state: state, measures: try WorldReadings(desk: desk).measures(of: state),
      role: state.rules.roles.role(of: actor) ?? .reader, caller: actor.name,
      due: WorldSchedule.dueInstant(of: state, in: desk.journal.birth.at),
      graph: try desk.setup.graph?.graph())
  }

  /// The list of worlds.
  package static func list(_ overviews: [WorldOverview]) -> JSONValue {
    ["count": .integer(overviews.count), "worlds": .array(overviews.map(\.line))]
  }

  /// The line of a list.
  package var line: JSONValue {
    [
      "id": .string(state.world), "state": .string(state.declared.rawValue),
      "mode": .string(state.mode.rawValue), "deleted": .bool(state.isDeleted),
      "policy_version": .integer(state.policies.count),
      "cycle": .integer(state.cycle), "counts": counts, "breaker": .string(state.breaker.word),
      "last_at": .orNull(state.evaluation?.at.wireText),
    ]
  }

  /// Everything that is told of the world.
  package var json: JSONValue {
    let evaluation = state.evaluation
    let rows = Dictionary(
      (evaluation?.plan.rows ?? []).map { ($0.instance, $0) }, uniquingKeysWith: { $1 })
    return [
      "id": .string(state.world), "declared": .string(state.declared.rawValue),
      "mode": .string(state.mode.rawValue), "frozen": .bool(state.isFrozen),
      "deleted": .bool(state.isDeleted),
      "epoch": .integer(state.epoch), "cycle": .integer(state.cycle), "policy": policy,
      "breaker": [
        "state": .string(state.breaker.word), "reason": .string(state.breaker.reason),
        "since": .orNull(state.breaker.since?.wireText),
      ],
      "caller": ["name": .string(caller), "role": .string(Self.word(role))],
      "counts": counts,
      "instances": .array(state.records.map { instance($0, rows[$0.id]) }),
      "risk": risk, "currency": currency, "cutover": cutover,
      "graph": graphStanding,
      "alerts": .array(state.alerts.map(Self.alert)),
      "last_evaluated_at": .orNull(evaluation?.at.wireText),
      "next_evaluation_at": .orNull(due?.wireText),
      "traded_through": .orNull(state.tradedThrough?.wireText),
      "plan_id": .orNull(evaluation?.plan.id.hexadecimal),
    ]
  }

  /// As pages call it: who reads is a viewer.
  static func word(_ role: WorldRole) -> String {
    role == .reader ? "viewer" : role.rawValue
  }

  private var counts: JSONValue {
    let counts = state.counts
    return .object(
      StrategyPhase.allCases.map { .init($0.rawValue, .integer(counts[$0] ?? 0)) })
  }

  private var policy: JSONValue {
    let policy = state.policy
    return [
      "version": .integer(state.policies.count),
      "fingerprint": .string(policy?.publication.fingerprint.hexadecimal ?? ""),
      "published_at": .orNull(policy?.at.wireText), "published_by": .string(policy?.by ?? ""),
    ]
  }

  // MARK: - Instances

  private func instance(_ record: InstanceRecord, _ row: WorldPlan.Row?) -> JSONValue {
    [
      "id": .string(record.id), "strategy": .string(record.submission.strategy),
      "side": .string(record.side.rawValue), "phase": .string(record.phase.rawValue),
      "since": .string(record.phaseSince.wireText), "passes": .integer(record.passes),
      "fails": .integer(record.fails), "weight": .number(record.gate.weight),
      "gate": gate(record), "score": .optional(row?.score), "rank": .orNull(row?.rank),
      "verdict": .string(row?.verdict.rawValue ?? WorldPlan.Verdict.none.rawValue),
      "action": .string(row?.action.rawValue ?? WorldPlan.Action.hold.rawValue),
      "hold": .orNull(row?.hold?.description), "rejection": .orNull(row?.rejection?.description),
      "formula": .string(record.submission.formula),
      "metrics": measures[record.id] ?? .object([]),
    ]
  }

  /// A gate as everybody is told of it. Nobody needs a lease to keep a closed one closed.
  func gate(_ record: InstanceRecord) -> JSONValue {
    let isClosed = record.gate.state == .closed
    return [
      "instance": .string(record.id), "side": .string(record.side.rawValue),
      "state": .string(record.gate.state.name),
      "weight": .number(isClosed ? 0 : record.gate.weight), "epoch": .integer(record.gate.epoch),
      "switched_off": .bool(record.gate.isSwitchedOff),
      "needs_operator": .orNull(record.needsOperator),
      "lease_until": isClosed ? .null : .orNull(leaseEnd?.wireText),
    ]
  }

  /// The gates of all instances with the epoch of the world.
  var activation: JSONValue {
    ["epoch": .integer(state.epoch), "gates": .array(state.records.map(gate))]
  }

  // MARK: - Risk, data, switches

  private var risk: JSONValue {
    let risk = state.evaluation?.plan.risk ?? .nothing
    func figure(_ value: Double?) -> JSONValue {
      value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
    }
    return [
      "scale": .number(risk.scale),
      "lines": .array(
        risk.lines.map { line in
          [
            "name": .string(line.name), "observed": figure(line.observed),
            "limit": figure(line.limit), "after": figure(line.after),
          ]
        }),
      "flags": .strings(risk.flags),
    ]
  }

  private var currency: JSONValue {
    let currency = state.evaluation?.plan.currency
    let rules = state.rules.currency
    return [
      "standing": .string(currency?.standing.rawValue ?? DataCurrency.Standing.unknown.rawValue),
      "dataset": .orNull(currency?.dataset),
      "lag_ms": currency?.dataset == nil
        ? .null : .orNull(currency.map { Int($0.lag.milliseconds) }),
      "lag_max_ms": .integer(Int(rules.lagMax(of: currency?.dataset).milliseconds)),
    ]
  }

  /// What the world computes, and what of it is kept though nobody needs it.
  private var graphStanding: JSONValue {
    guard let graph, let view = graph.worlds[state.world] else { return .null }
    let world = state.world
    let computations = graph.computations { $0 == world }
    let drains = computations.compactMap { item -> Timestamp? in
      if case .draining(let until) = item.state { until } else { nil }
    }
    return [
      "version": .integer(view.current?.number ?? 0),
      "since": .orNull(view.current?.since.wireText),
      "instances": .integer(view.current?.roots.count ?? 0),
      "rollback": .array(view.versions.dropLast().map { .integer($0.number) }),
      "live": .integer(computations.count - drains.count), "draining": .integer(drains.count),
      "drained_at": .orNull(drains.max()?.wireText),
    ]
  }

  private var cutover: JSONValue { state.runs.active.map(Self.run) ?? .null }

  /// A run of a cutover: what it is to do, how far it is, how it ended.
  static func run(_ run: CutoverLedger.Run) -> JSONValue {
    let plan = run.demand.plan
    let stage = run.outcome?.stage ?? (try? CutoverHistory(replaying: run.events))?.stage
    return [
      "id": .string(run.id), "plan_id": .string(plan.planID),
      "stage": .string((stage ?? .planned).rawValue),
      "planned_at": .string(run.plannedAt.wireText),
      "ended_at": .orNull(run.endedAt?.wireText),
      "promote": .strings(plan.promote.map(\.key.instance)),
      "demote": .strings(plan.demote.map(\.instance)),
      "reweight": .strings(plan.reweight.map(\.key.instance)),
      "outcome": .orNull(run.outcome?.stage.rawValue), "reason": .string(run.outcome?.reason ?? ""),
      "epoch": .integer(run.outcome?.epoch ?? plan.baseEpoch),
      "needs_operator": .strings(run.outcome?.needsOperator ?? []),
    ]
  }

  private static func alert(_ record: WorldState.AlertRecord) -> JSONValue {
    [
      "at": .string(record.at.wireText), "occasion": .string(record.alert.occasion.rawValue),
      "level": .string(record.alert.level.rawValue),
      "action": .orNull(record.alert.action?.rawValue), "detail": .string(record.alert.detail),
    ]
  }
}

extension CurrencyRules {
  /// How far a dataset may be behind: by its own rule, otherwise by the common one.
  func lagMax(of dataset: String?) -> TimeSpan {
    datasets.first { $0.id == dataset }?.lagMax ?? lagMax
  }
}
