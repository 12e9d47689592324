import Essentials
import Foundation
import Twins

/// A world as its routes tell it, laid out by a test: what ``SiteTwin`` answers below `/worlds` and
/// `/strategies`. Texts of the audit and of derivations are in the two languages of the desk.
struct WorldTwin: Sendable {
  struct Instance: Sendable {
    var id: String
    var side = "long"
    var phase: String
    var passes = 0
    var fails = 0
    var weight = 0.0
    var gate = "closed"
    var leaseUntil = WorldTwin.farAway
    var score: Double?
    var rank: Int?
    var verdict = "none"
    var action = "HOLD"
    var hold: String?
    var rejection: String?
    var formula = "rank(ts_delta(close, 5))"
  }

  struct Entry: Sendable {
    var seq: Int
    var kind: String
    var actor = "desk"
    var subject = ""
    var payload: [JSONValue.Member] = []
  }

  var id = "alpha"
  var mode = "active"
  /// Whether it was led through history, which the schedule leaves alone.
  var isHistory = false
  var cycle = 12
  var breaker = "armed"
  var breakerReason = ""
  var standing = "CURRENT"
  var lagHours = 5
  var scale = 0.8
  /// What the caller is in this world.
  var role = "operator"
  var instances: [Instance] = []
  var entries: [Entry] = []
  /// Instances that were live when the cycle was decided, by cycle; of others none were.
  var liveOf: [Int: [String]] = [:]

  static let farAway = "2099-01-01T00:00:00.000Z"
  /// An event happens this many seconds after the one before.
  private static let pace = 60
  private static let begin = 1_795_000_000_000

  private static func instant(_ seq: Int) -> JSONValue {
    .string(Date(timeIntervalSince1970: Double(begin / 1000 + seq * pace)).ISO8601Format())
  }

  /// A world with strategies in every phase, a policy of three versions, and two cutovers: one went
  /// well, one was given up.
  static let full: WorldTwin = {
    var world = WorldTwin()
    world.instances = [
      Instance(
        id: "drift.long.a1", phase: "live", passes: 6, weight: 0.12, gate: "open", score: 1.31,
        rank: 1, verdict: "pass"),
      Instance(
        id: "gap.short.b2", side: "short", phase: "live", fails: 1, weight: 0.13,
        gate: "reduce_only", score: 0.41, verdict: "fail", hold: "streak"),
      Instance(
        id: "calm.long.c3", phase: "dryrun", passes: 2, score: 1.05, rank: 2, verdict: "pass",
        action: "PROMOTE"),
      Instance(
        id: "calm.short.d4", side: "short", phase: "dryrun", passes: 1, score: 0.9, rank: 3,
        verdict: "pass", hold: "streak"),
      Instance(
        id: "surge.long.e5", phase: "dryrun", score: 0.8, rank: 4, verdict: "pass",
        rejection: "corr:drift.long.a1"),
      Instance(id: "mix.long.f6", phase: "backtest", hold: "catch_up"),
      Instance(id: "mix.short.g7", side: "short", phase: "submitted"),
      Instance(id: "surge.short.h8", side: "short", phase: "inactive", hold: "cooldown"),
      Instance(id: "odd.long.i9", phase: "failed"),
      Instance(id: "old.long.j0", phase: "retired"),
    ]
    world.entries = [Entry(seq: 2, kind: "world.created", actor: "ana")]
    for version in 1...3 {
      world.entries.append(
        Entry(
          seq: 2 + 2 * version, kind: "world.policy_published", actor: "ana",
          payload: [
            .init("version", .integer(version)),
            .init("fingerprint", .string(String(repeating: "\(version)", count: 64))),
            .init("reason", .string("reason \(version)")),
            .init(
              "policy",
              [
                "selection": [
                  "hysteresis": [
                    "promote_after": ["windows": 2], "demote_after": ["windows": 3],
                  ]
                ]
              ]),
            .init(
              "diff",
              .array(
                version == 1
                  ? []
                  : [
                    ["path": "selection.topk.total", "before": .integer(version), "after": 8],
                    ["path": "risk.cuts.daily_loss", "after": ["limit": "3%"]],
                  ])),
          ]))
    }
    let track = [
      "planned", "frozen", "acknowledged", "drained", "verified", "switched", "transitioned",
      "opening", "completed",
    ]
    for (place, step) in track.enumerated() {
      world.entries.append(.cutover(step, run: "run-1", seq: 20 + 2 * place))
    }
    for (place, step) in (track.prefix(3) + ["aborted"]).enumerated() {
      world.entries.append(
        .cutover(
          step, run: "run-2", seq: 60 + 2 * place,
          more: step == "aborted" ? [.init("reason", "drain_timeout")] : []))
    }
    world.entries.append(Entry(seq: 80, kind: "world.denied", actor: "kim"))
    world.liveOf = [3: ["calm.long.c3"], 12: ["drift.long.a1", "gap.short.b2"]]
    return world
  }()

  /// The same world with its breaker tripped.
  static let tripped: WorldTwin = {
    var world = full
    world.mode = "halted"
    world.breaker = "tripped"
    world.breakerReason = "daily_loss"
    world.role = "owner"
    for place in world.instances.indices where world.instances[place].phase == "live" {
      world.instances[place].gate = "closed"
      world.instances[place].action = "GATE_CLOSE"
    }
    world.entries.append(
      Entry(
        seq: 90, kind: "breaker.tripped",
        payload: [
          .init("cause", "daily_loss"), .init("observed", .number(0.034)),
          .init("limit", .number(0.03)), .init("action", "halt"),
          .init("positions", "flatten_twap"),
        ]))
    return world
  }()

  /// The same world with data that is too old.
  static let stale: WorldTwin = {
    var world = full
    world.mode = "eval_only"
    world.standing = "STALE"
    world.lagHours = 51
    return world
  }()

  // MARK: Answers

  /// The answer to a request of the world's routes; nil for any other.
  func answer(to request: TwinRequest) -> TwinAnswer? {
    let parts = request.path.split(separator: "/").map(String.init)
    if request.method == "POST" {
      return parts.first == "worlds" || parts.first == "strategies" ? .json("{}") : nil
    }
    guard parts.first == "worlds" else { return nil }
    if parts.count == 1 {
      return .json(
        (["count": 1, "worlds": .array([summary])] as JSONValue).compactText)
    }
    guard parts[1] == id else { return nil }
    switch parts.dropFirst(2).first {
    case nil: return .json(overview.compactText)
    case "audit": return .json(audit(request.query).compactText)
    case "history": return .json(history.compactText)
    case "decide": return .json(plan(Int(request.query["at"] ?? "") ?? cycle).compactText)
    case "explain": return .json(explanation(of: parts.last ?? "").compactText)
    case "activation":
      return .json(
        (["epoch": 7, "gates": .array(instances.map { gate(of: $0) })] as JSONValue).compactText)
    default: return nil
    }
  }

  private func count(_ phase: String) -> Int { instances.count { $0.phase == phase } }

  private var summary: JSONValue {
    [
      "id": .string(id), "state": "active", "mode": .string(mode), "policy_version": 3,
      "cycle": .integer(cycle), "counts": ["live": .integer(count("live"))],
      "breaker": .string(breaker), "last_at": Self.instant(80),
    ]
  }

  private func gate(of instance: Instance) -> JSONValue {
    [
      "instance": .string(instance.id), "side": .string(instance.side),
      "state": .string(instance.gate), "weight": .number(instance.weight), "epoch": 7,
      "lease_until": instance.gate == "closed" ? .null : .string(instance.leaseUntil),
    ]
  }

  private var risk: JSONValue {
    func line(_ name: String, _ observed: Double?, _ limit: Double?, _ after: Double?) -> JSONValue
    {
      [
        "name": .string(name), "observed": .optional(observed), "limit": .optional(limit),
        "after": .optional(after),
      ]
    }
    return [
      "scale": .number(scale), "flags": .strings(["cov_missing"]),
      "lines": .array([
        line("gross", 0.75, 1, 0.6), line("var_99_1d", 0.025, 0.02, 0.02),
        line("leverage", 3.5, 3, 3.5), line("margin_used", nil, 0.6, nil),
        line("symbol:AAPL", 0.2, 0.25, 0.16),
      ]),
    ]
  }

  private var overview: JSONValue {
    [
      "id": .string(id), "declared": "active", "mode": .string(mode), "epoch": 7,
      "cycle": .integer(cycle),
      "policy": [
        "version": 3, "fingerprint": .string(String(repeating: "3", count: 64)),
        "published_at": Self.instant(8), "published_by": "ana",
      ],
      "breaker": [
        "state": .string(breaker), "reason": .string(breakerReason),
        "since": breaker == "armed" ? .null : Self.instant(90),
      ],
      "caller": ["name": "ana", "role": .string(role)],
      "instances": .array(
        instances.map { instance in
          [
            "id": .string(instance.id),
            "strategy": .string(String(instance.id.prefix { $0 != "." })),
            "side": .string(instance.side), "phase": .string(instance.phase),
            "since": Self.instant(10), "passes": .integer(instance.passes),
            "fails": .integer(instance.fails), "weight": .number(instance.weight),
            "gate": gate(of: instance), "score": .optional(instance.score),
            "rank": instance.rank.map(JSONValue.integer) ?? .null,
            "verdict": .string(instance.verdict), "action": .string(instance.action),
            "hold": instance.hold.map(JSONValue.string) ?? .null,
            "rejection": instance.rejection.map(JSONValue.string) ?? .null,
            "formula": .string(instance.formula),
            "metrics": [
              "sharpe@mid": [
                "value": .number(1.2), "days": 30, "trades": 44, "bars": .null,
                "known": .bool(true),
              ],
              "dsr@long": [
                "value": .number(0.7), "days": 12, "trades": .null, "bars": .null,
                "known": .bool(false),
              ],
            ],
          ]
        }),
      "risk": risk,
      "currency": [
        "standing": .string(standing), "dataset": "us.equities.1d",
        "lag_ms": .integer(lagHours * 3_600_000), "lag_max_ms": 86_400_000,
      ],
      "cutover": .null, "alerts": .array([]), "last_evaluated_at": Self.instant(80),
      "next_evaluation_at": isHistory ? .null : .string(Self.farAway),
      "traded_through": Self.instant(79),
    ]
  }

  private func audit(_ query: [String: String]) -> JSONValue {
    let kind = query["kind"] ?? ""
    let wanted = entries.filter {
      kind.isEmpty || $0.kind == kind || $0.kind.hasPrefix("\(kind).")
    }.sorted { $0.seq < $1.seq }
    let limit = Int(query["limit"] ?? "") ?? 100
    let page: [Entry]
    let isCut: Bool
    if let after = query["after"].flatMap(Int.init) {
      let rest = wanted.filter { $0.seq > after }
      page = Array(rest.prefix(limit))
      isCut = rest.count > limit
    } else {
      let rest = wanted.filter { $0.seq < Int(query["before"] ?? "") ?? .max }
      page = rest.suffix(limit).reversed()
      isCut = rest.count > limit
    }
    return [
      "events": .array(
        page.map { entry in
          [
            "seq": .integer(entry.seq), "at": Self.instant(entry.seq),
            "kind": .string(entry.kind), "actor": .string(entry.actor),
            "subject": .string(entry.subject), "summary": .string("Event \(entry.seq)."),
            "summary_ko": .string("\(entry.seq)번 이벤트."), "payload": .object(entry.payload),
          ]
        }),
      "next": isCut ? page.last.map { .integer($0.seq) } ?? .null : .null,
    ]
  }

  private var history: JSONValue {
    [
      "cycles": .array(
        (1...cycle).map { number in
          let live = liveOf[number] ?? []
          return [
            "cycle": .integer(number), "at": Self.instant(number), "mode": "active",
            "live": .integer(live.count), "scale": .number(1),
            "moves": .array(
              live.map { ["instance": .string($0), "from": "dryrun", "to": "live"] }),
          ]
        })
    ]
  }

  private func plan(_ number: Int) -> JSONValue {
    let live = liveOf[number] ?? []
    return [
      "id": .string("plan-\(number)"), "cycle": .integer(number), "at": .integer(Self.begin),
      "epoch": 5, "mode": "active", "policy": "22", "policy_version": 2, "risk": risk,
      "currency": [
        "standing": "CURRENT", "dataset": "us.equities.1d", "lag": 60_000, "halting": .bool(false),
      ],
      "rows": .array(
        instances.map { instance in
          [
            "instance": .string(instance.id), "side": .string(instance.side),
            "phase": live.contains(instance.id) ? "live" : "dryrun", "verdict": "pass",
            "score": .optional(instance.score), "rank": .null, "admitted": .bool(true),
            "rejection": .null, "action": "HOLD", "hold": "streak", "passes": 1, "fails": 0,
          ]
        }),
      "steps": .array([]), "occasions": .array([]),
      "allocations": .array(
        live.map { ["instance": .string($0), "side": "long", "weight": .number(0.1)] }),
    ]
  }

  private func explanation(of instance: String) -> JSONValue {
    func node(
      _ code: String, _ english: String, _ korean: String, _ outcome: String,
      value: Double? = nil, limit: Double? = nil, _ children: [JSONValue] = []
    ) -> JSONValue {
      [
        "code": .string(code), "text": .string(english), "text_ko": .string(korean),
        "outcome": .string(outcome), "value": .optional(value), "limit": .optional(limit),
        "children": .array(children),
      ]
    }
    return [
      "instance": .string(instance), "cycle": .integer(cycle), "plan_id": "plan-12",
      "tree": node(
        "verdict", "\(instance) stays", "\(instance) 유지", "none",
        [
          node(
            "gates", "Not all gates hold", "일부 관문 미충족", "fail",
            [
              node(
                "gate", "The Sharpe ratio is 0.41, at least 0.60 is asked",
                "샤프 비율 0.41, 기준 0.60 이상", "fail", value: 0.41, limit: 0.6),
              node("gate", "The sample is not known", "표본을 알 수 없음", "unknown"),
            ]),
          node("streak", "1 fail of 3", "탈락 1회 / 3회", "pass", value: 1, limit: 3),
        ]),
    ]
  }
}

extension WorldTwin.Entry {
  /// An event of a cutover of `calm.long.c3`.
  static func cutover(
    _ step: String, run: String, seq: Int, more: [JSONValue.Member] = []
  ) -> WorldTwin.Entry {
    var payload: [JSONValue.Member] = [.init("run_id", .string(run))]
    if step == "planned" {
      payload.append(
        .init(
          "promote",
          .array([["instance": "calm.long.c3", "side": "long", "weight": .number(0.12)]])))
    }
    return WorldTwin.Entry(
      seq: seq, kind: "cutover.\(step)", subject: run, payload: payload + more)
  }
}

extension SiteTwin.Plan {
  /// A desk that has that world, with a stream that greets and stays unless told otherwise.
  static func world(
    _ world: WorldTwin, streams: [[TwinAnswer.Step]] = [[Wire.hello(head: 99), .hang]]
  ) -> SiteTwin.Plan {
    var plan = SiteTwin.Plan(
      documents: [
        "/api/desk": Wire.desk, "/api/runs": Wire.runs([]),
        "/api/formulas/check": .json(
          """
          {"valid":true,"diagnostics":[],"tokens":[{"start":0,"end":4,"class":"operator"},\
          {"start":14,"end":19,"class":"field"},{"start":21,"end":22,"class":"number"}]}
          """),
      ], streams: streams)
    plan.answers = { world.answer(to: $0) }
    return plan
  }
}
