package import Essentials

extension WorldPlan {
  /// The plan as JSON whose text is the same for the same decision: members in the order of their
  /// names, doubles with the fewest digits that read back, unknown figures and absent members as
  /// null, instants and lengths of time in milliseconds.
  package var json: JSONValue {
    [
      "allocations": .array(allocations.map(\.json)),
      "at": .integer(Int(at.millisecondsSinceEpoch)),
      "currency": currency.json,
      "cycle": .integer(cycle),
      "engine": .string(engine),
      "epoch": .integer(epoch),
      "id": .string(id.hexadecimal),
      "mode": .string(mode.rawValue),
      "occasions": .strings(occasions.map(\.rawValue)),
      "policy": .string(policy.hexadecimal),
      "policy_version": .integer(policyVersion),
      "risk": risk.json,
      "rows": .array(rows.map(\.json)),
      "snapshot": .string(snapshot.hexadecimal),
      "steps": .array(steps.map(\.json)),
      "world": .string(world),
    ]
  }

  /// Reads a plan back: its compact text is that of the one that was written. What another version of
  /// the rules decided is read as well, since what followed from it is history.
  package init(json: JSONValue) throws(WorldRecordFailure) {
    let reader = try RecordReader(
      json,
      members: [
        "allocations", "at", "currency", "cycle", "engine", "epoch", "id", "mode", "occasions",
        "policy", "policy_version", "risk", "rows", "snapshot", "steps", "world",
      ])
    let engine = try reader.text("engine")
    guard engine.hasPrefix(Self.engineFamily) else {
      throw reader.refuse("engine", expected: Self.engine)
    }
    var occasions: [AlertRule.Occasion] = []
    for element in try reader.elements("occasions") {
      guard case .string(let word) = element, let occasion = AlertRule.Occasion(rawValue: word)
      else { throw reader.refuse("occasions", expected: "an array of occasions") }
      occasions.append(occasion)
    }
    self.init(
      id: try reader.fingerprint("id"), snapshot: try reader.fingerprint("snapshot"),
      policy: try reader.fingerprint("policy"), world: try reader.text("world"),
      policyVersion: try reader.integer("policy_version"), cycle: try reader.integer("cycle"),
      at: try reader.instant("at"), epoch: try reader.integer("epoch"),
      mode: try reader.word("mode"),
      currency: try DataCurrency(
        reader.object("currency", members: ["dataset", "halting", "lag", "standing"])),
      rows: try reader.objects("rows", members: Row.memberNames) {
        reader throws(WorldRecordFailure) in try Row(reader)
      },
      steps: try reader.objects("steps", members: ["do", "instance", "weight"]) {
        reader throws(WorldRecordFailure) in
        Step(
          try reader.word("do"), try reader.text("instance"),
          weight: try reader.optionalNumber("weight"))
      },
      allocations: try reader.objects("allocations", members: ["instance", "side", "weight"]) {
        reader throws(WorldRecordFailure) in
        Allocation(
          instance: try reader.text("instance"), side: try reader.word("side"),
          weight: try reader.number("weight"))
      }, risk: try RiskReading(reader.object("risk", members: ["flags", "lines", "scale"])),
      occasions: occasions, engine: engine)
  }
}

extension WorldPlan.Row {
  fileprivate static let memberNames = [
    "action", "admitted", "fails", "hold", "instance", "passes", "phase", "rank", "rejection",
    "score", "side", "verdict",
  ]

  /// The row as JSON.
  package var json: JSONValue {
    [
      "action": .string(action.rawValue), "admitted": .bool(isAdmitted),
      "fails": .integer(fails), "hold": hold.map { .string($0.description) } ?? .null,
      "instance": .string(instance), "passes": .integer(passes), "phase": .string(phase.rawValue),
      "rank": rank.map(JSONValue.integer) ?? .null,
      "rejection": rejection.map { .string($0.description) } ?? .null,
      "score": .optional(score), "side": .string(side.rawValue),
      "verdict": .string(verdict.rawValue),
    ]
  }

  fileprivate init(_ reader: RecordReader) throws(WorldRecordFailure) {
    let rejection = try reader.optionalText("rejection")
    let hold = try reader.optionalText("hold")
    self.init(
      instance: try reader.text("instance"), side: try reader.word("side"),
      phase: try reader.word("phase"), verdict: try reader.word("verdict"),
      score: try reader.optionalNumber("score"), rank: try reader.optionalInteger("rank"),
      isAdmitted: try reader.flag("admitted"),
      rejection: rejection.flatMap { WorldPlan.Rejection($0) },
      action: try reader.word("action"), hold: hold.flatMap { WorldPlan.Hold($0) },
      passes: try reader.count("passes"), fails: try reader.count("fails"))
    guard (self.rejection == nil) == (rejection == nil) else {
      throw reader.refuse("rejection", expected: "a reason of not being admitted")
    }
    guard (self.hold == nil) == (hold == nil) else {
      throw reader.refuse("hold", expected: "a reason of staying")
    }
  }
}

/// A reason and what it names behind the first colon.
private func parts(_ text: String) -> (reason: Substring, name: String?) {
  guard let colon = text.firstIndex(of: ":") else { return (text[...], nil) }
  return (text[..<colon], String(text[text.index(after: colon)...]))
}

extension WorldPlan.Rejection {
  /// Reads what `description` writes; nil for any other text.
  package init?(_ text: String) {
    switch parts(text) {
    case ("side_quota", nil): self = .sideQuota
    case ("total_quota", nil): self = .totalQuota
    case ("corr", let other?): self = .correlated(with: other)
    case ("corr_missing", let other?): self = .correlationMissing(with: other)
    case ("cluster", nil): self = .cluster
    case ("per_strategy", nil): self = .perStrategy
    case ("per_venue", nil): self = .perVenue
    case ("per_broker", nil): self = .perBroker
    case ("sector_cap", let name?): self = .sectorCap(name)
    case ("symbol_cap", let name?): self = .symbolCap(name)
    case ("exchange_cap", let name?): self = .exchangeCap(name)
    default: return nil
    }
  }
}

extension WorldPlan.Hold {
  /// Reads what `description` writes; nil for any other text.
  package init?(_ text: String) {
    switch parts(text) {
    case ("catch_up", nil): self = .catchUp
    case ("min_history", nil): self = .historyMin
    case ("warmup", nil): self = .warmup
    case ("streak", nil): self = .streak
    case ("min_dwell", nil): self = .dwellMin
    case ("cooldown", nil): self = .cooldown
    case ("slot_busy", nil): self = .slotBusy
    case ("cycle_done", nil): self = .cycleDone
    case ("live_corr", let other?): self = .liveCorrelation(with: other)
    case ("live_sector", let name?): self = .liveSector(name)
    case ("live_symbol", let name?): self = .liveSymbol(name)
    case ("live_exchange", let name?): self = .liveExchange(name)
    case ("live_count", nil): self = .liveCount
    case ("vol_unknown", nil): self = .volatilityUnknown
    case ("approval", nil): self = .approval
    case ("allow_live", nil): self = .liveForbidden
    case ("mode", let mode?):
      guard let mode = WorldMode(rawValue: mode) else { return nil }
      self = .mode(mode)
    default: return nil
    }
  }
}

extension WorldPlan.Step {
  fileprivate var json: JSONValue {
    [
      "do": .string(kind.rawValue), "instance": .string(instance), "weight": .optional(weight),
    ]
  }
}

extension WorldPlan.Allocation {
  fileprivate var json: JSONValue {
    [
      "instance": .string(instance), "side": .string(side.rawValue), "weight": .number(weight),
    ]
  }
}

extension DataCurrency {
  fileprivate var json: JSONValue {
    [
      "dataset": dataset.map(JSONValue.string) ?? .null, "halting": .bool(isHalting),
      "lag": .integer(Int(lag.milliseconds)), "standing": .string(standing.rawValue),
    ]
  }

  fileprivate init(_ reader: RecordReader) throws(WorldRecordFailure) {
    self.init(
      standing: try reader.word("standing"), dataset: try reader.optionalText("dataset"),
      lag: try reader.span("lag"), isHalting: try reader.flag("halting"))
  }
}

extension RiskReading {
  fileprivate var json: JSONValue {
    [
      "flags": .strings(flags),
      "lines": .array(
        lines.map { line in
          [
            "after": .number(line.after), "limit": .optional(line.limit),
            "name": .string(line.name), "observed": .number(line.observed),
          ]
        }),
      "scale": .number(scale),
    ]
  }

  fileprivate init(_ reader: RecordReader) throws(WorldRecordFailure) {
    var flags: [String] = []
    for element in try reader.elements("flags") {
      guard case .string(let flag) = element else {
        throw reader.refuse("flags", expected: "an array of texts")
      }
      flags.append(flag)
    }
    self.init(
      lines: try reader.objects("lines", members: ["after", "limit", "name", "observed"]) {
        reader throws(WorldRecordFailure) in
        Line(
          name: try reader.text("name"), observed: try reader.number("observed"),
          limit: try reader.optionalNumber("limit"), after: try reader.number("after"))
      }, scale: try reader.number("scale"), flags: flags)
  }
}
