package import Essentials

/// A record that is no event of a run.
package enum CutoverRecordFailure: ExplainedFailure, Hashable {
  /// No event of a run is called so.
  case unknownKind(String)
  /// The member is missing or says something that cannot be.
  case unreadable(kind: String, member: String)
  /// Two records contradict each other: the second cannot follow on the first.
  case contradiction(kind: String, stage: CutoverStage?)

  package var key: String { "unreadable_cutover" }

  package var explanation: String {
    switch self {
    case .unknownKind(let kind): "A run has no event \(kind)."
    case .unreadable(let kind, let member):
      "The event \(kind) has no member \(member) that can be understood."
    case .contradiction(let kind, let stage):
      "The event \(kind) cannot follow in a run that is \(stage?.rawValue ?? "not planned")."
    }
  }

  package var remedy: String {
    "Verify the journal; where it is intact, it was written by another version of the program."
  }

  package var outcome: FailureOutcome { .integrityViolated }
}

extension CutoverEvent {
  /// The payload of the event, `run_id` first.
  package var json: JSONValue { .object([.init("run_id", .string(run))] + members) }

  private var members: [JSONValue.Member] {
    switch fact {
    case .planned(let demand): demand.members
    case .frozen(let epoch, let gates), .opening(let epoch, let gates):
      [.init("epoch", .integer(epoch)), .init("gates", .array(gates.map(\.json)))]
    case .acknowledged(let holders):
      [
        .init(
          "holders",
          .array(
            holders.map {
              ["name": .string($0.name), "confirmed": .bool($0.isConfirmed)]
            }))
      ]
    case .drained(let positions): [.init("positions", .string(positions.hexadecimal))]
    case .verified(let transition): transition.members
    case .switched(let change): change.members
    case .orderSent(let order): order.members
    case .transitioned(let ends, let needsOperator):
      [
        .init("ends", .array(ends.map(\.json))),
        .init("needs_operator", .strings(needsOperator)),
      ]
    case .completed(let end), .aborted(let end), .rolledBack(let end):
      [
        .init("epoch", .integer(end.epoch)), .init("gates", .array(end.gates.map(\.json))),
        .init("reason", .string(end.reason)),
        .init("needs_operator", .strings(end.needsOperator)),
      ]
    }
  }

  /// Reads an event of that kind; members that it does not know are passed over.
  package init(kind: String, json: JSONValue) throws(CutoverRecordFailure) {
    let record = CutoverRecord(kind: kind, json: json)
    let run = try record.text("run_id")
    let fact: Fact =
      switch kind {
      case "cutover.planned": .planned(try CutoverDemand(record))
      case "cutover.frozen":
        .frozen(epoch: try record.integer("epoch"), gates: try record.gates())
      case "cutover.acknowledged":
        .acknowledged(
          try record.list("holders") { holder throws(CutoverRecordFailure) in
            CutoverHolder(
              try holder.text("name"), isConfirmed: try holder.flag("confirmed"))
          })
      case "cutover.drained": .drained(positions: try record.fingerprint("positions"))
      case "cutover.verified": .verified(try CutoverTransition(record))
      case "cutover.switched": .switched(try CutoverSwitch(record))
      case "cutover.order_sent": .orderSent(try CutoverOrder(record))
      case "cutover.transitioned":
        .transitioned(
          ends: try record.list("ends") { end throws(CutoverRecordFailure) in
            CutoverOrderEnd(
              clientID: try end.text("client_id"), outcome: try end.word("outcome"),
              filled: try end.integer("filled"))
          },
          needsOperator: try record.texts("needs_operator"))
      case "cutover.opening":
        .opening(epoch: try record.integer("epoch"), gates: try record.gates())
      case "cutover.completed": .completed(try CutoverEnd(record))
      case "cutover.aborted": .aborted(try CutoverEnd(record))
      case "cutover.rolled_back": .rolledBack(try CutoverEnd(record))
      default: throw .unknownKind(kind)
      }
    self.init(run: run, fact)
  }
}

// MARK: - Parts of records

extension CutoverDemand {
  fileprivate var members: [JSONValue.Member] {
    [
      .init("plan_id", .string(plan.planID)), .init("plan_hash", .string(plan.hash.hexadecimal)),
      .init("base_epoch", .integer(plan.baseEpoch)), .init("world", .string(plan.world)),
      .init("demote", .array(plan.demote.map { .object($0.members) })),
      .init("promote", .array(plan.promote.map(\.json))),
      .init("reweight", .array(plan.reweight.map(\.json))),
      .init("before", .array(standings.map(\.json))), .init("rules", rules.json),
    ]
      + (plan.demand.map { demand in
        [.init("demanded_by", .string(demand.by)), .init("reason", .string(demand.reason))]
      } ?? [])
  }

  fileprivate init(_ record: CutoverRecord) throws(CutoverRecordFailure) {
    var plan = CutoverPlan(
      run: try record.text("run_id"), world: try record.text("world"),
      planID: try record.text("plan_id"), baseEpoch: try record.integer("base_epoch"),
      demote: try record.list("demote") { gate throws(CutoverRecordFailure) in try gate.key() },
      promote: try record.weights("promote"), reweight: try record.weights("reweight"))
    guard try record.fingerprint("plan_hash") == plan.hash else {
      throw .unreadable(kind: record.kind, member: "plan_hash")
    }
    if case .string(let by)? = record.json["demanded_by"] {
      plan.demand = CutoverPlan.Demand(by: by, reason: try record.text("reason"))
    }
    self.init(
      plan: plan, rules: try CutoverRules(try record.object("rules")),
      standings: try record.list("before") { standing throws(CutoverRecordFailure) in
        CutoverStanding(
          try standing.key(), phase: try standing.word("phase"),
          weight: try standing.number("weight"), gate: try standing.object("gate").state())
      })
  }
}

extension CutoverStanding {
  fileprivate var json: JSONValue {
    .object(
      key.members + [
        .init("phase", .string(phase.rawValue)), .init("weight", .number(weight)),
        .init(
          "gate", ["state": .string(gate.name), "weight": .optional(gate.weight)]),
      ])
  }
}

extension CutoverRules {
  fileprivate var json: JSONValue {
    [
      "freeze_timeout_ms": .integer(Int(freezeTimeout.milliseconds)),
      "gate_lease_ms": .integer(Int(gateLease.milliseconds)),
      "drain_timeout_ms": .integer(Int(drainTimeout.milliseconds)),
      "cancel_open_orders": .bool(cancelsOpenOrders),
      "verify": .strings(verify.map(\.rawValue)), "monitor_ticks": .integer(monitorTicks),
      "on_promote": .string(onPromote.rawValue), "on_demote": .string(onDemote.rawValue),
      "twap_over_ms": .integer(Int(twapOver.milliseconds)), "twap_slices": .integer(twapSlices),
    ]
  }

  fileprivate init(_ record: CutoverRecord) throws(CutoverRecordFailure) {
    self.init()
    freezeTimeout = try record.span("freeze_timeout_ms")
    gateLease = try record.span("gate_lease_ms")
    drainTimeout = try record.span("drain_timeout_ms")
    cancelsOpenOrders = try record.flag("cancel_open_orders")
    let checks = try record.texts("verify")
    verify = checks.compactMap(Verification.init(rawValue:))
    guard verify.count == checks.count else {
      throw .unreadable(kind: record.kind, member: "verify")
    }
    monitorTicks = try record.integer("monitor_ticks")
    onPromote = try record.word("on_promote")
    onDemote = try record.word("on_demote")
    twapOver = try record.span("twap_over_ms")
    twapSlices = try record.integer("twap_slices")
  }
}

extension CutoverTransition {
  fileprivate var members: [JSONValue.Member] {
    [
      .init("orders", .array(orders.map { .object($0.members) })),
      .init(
        "orphans",
        .array(
          orphans.map {
            [
              "instance": .string($0.instance), "symbol": .string($0.symbol),
              "lots": .integer($0.lots),
            ]
          })),
    ]
  }

  fileprivate init(_ record: CutoverRecord) throws(CutoverRecordFailure) {
    self.init(
      orders: try record.list("orders") { order throws(CutoverRecordFailure) in
        try CutoverOrder(order)
      },
      orphans: try record.list("orphans") { orphan throws(CutoverRecordFailure) in
        OrphanPosition(
          instance: try orphan.text("instance"), symbol: try orphan.text("symbol"),
          lots: try orphan.integer("lots"))
      })
  }
}

extension CutoverOrder {
  fileprivate var members: [JSONValue.Member] {
    [.init("client_id", .string(clientID))] + key.members + [
      .init("symbol", .string(symbol)), .init("lots", .integer(lots)),
      .init("reduce_only", .bool(isReducing)), .init("due_ms", .integer(Int(due.milliseconds))),
      .init("after", predecessor.map(JSONValue.string) ?? .null),
    ]
  }

  fileprivate init(_ record: CutoverRecord) throws(CutoverRecordFailure) {
    self.init(
      clientID: try record.text("client_id"), key: try record.key(),
      symbol: try record.text("symbol"), lots: try record.integer("lots"),
      isReducing: try record.flag("reduce_only"), due: try record.span("due_ms"),
      predecessor: record.json["after"] == .null ? nil : try record.text("after"))
  }
}

extension CutoverOrderEnd {
  fileprivate var json: JSONValue {
    [
      "client_id": .string(clientID), "outcome": .string(outcome.rawValue),
      "filled": .integer(filled),
    ]
  }
}

extension CutoverSwitch {
  fileprivate var members: [JSONValue.Member] {
    [
      .init("epoch", .integer(epoch)),
      .init(
        "phases",
        .array(
          phases.map {
            ["instance": .string($0.instance), "phase": .string($0.phase.rawValue)]
          })),
      .init("weights", .array(weights.map(\.json))), .init("gates", .array(gates.map(\.json))),
    ]
  }

  fileprivate init(_ record: CutoverRecord) throws(CutoverRecordFailure) {
    self.init(
      epoch: try record.integer("epoch"),
      phases: try record.list("phases") { phase throws(CutoverRecordFailure) in
        Phase(try phase.text("instance"), try phase.word("phase"))
      },
      weights: try record.weights("weights"), gates: try record.gates())
  }
}

extension CutoverEnd {
  fileprivate init(_ record: CutoverRecord) throws(CutoverRecordFailure) {
    self.init(
      epoch: try record.integer("epoch"), gates: try record.gates(),
      reason: try record.text("reason"), needsOperator: try record.texts("needs_operator"))
  }
}

// MARK: - Reading

/// An object of a record, read member by member.
private struct CutoverRecord {
  let kind: String
  let json: JSONValue

  private func unreadable(_ member: String) -> CutoverRecordFailure {
    .unreadable(kind: kind, member: member)
  }

  func text(_ member: String) throws(CutoverRecordFailure) -> String {
    guard case .string(let text)? = json[member] else { throw unreadable(member) }
    return text
  }

  func word<Word: RawRepresentable<String>>(
    _ member: String
  ) throws(CutoverRecordFailure) -> Word {
    guard let word = Word(rawValue: try text(member)) else { throw unreadable(member) }
    return word
  }

  func integer(_ member: String) throws(CutoverRecordFailure) -> Int {
    guard case .integer(let number)? = json[member] else { throw unreadable(member) }
    return number
  }

  func number(_ member: String) throws(CutoverRecordFailure) -> Double {
    switch json[member] {
    case .integer(let number)?: return Double(number)
    case .number(let number)?: return number
    default: throw unreadable(member)
    }
  }

  func flag(_ member: String) throws(CutoverRecordFailure) -> Bool {
    guard case .bool(let flag)? = json[member] else { throw unreadable(member) }
    return flag
  }

  func span(_ member: String) throws(CutoverRecordFailure) -> TimeSpan {
    TimeSpan(milliseconds: Int64(try integer(member)))
  }

  func fingerprint(_ member: String) throws(CutoverRecordFailure) -> Fingerprint {
    guard let fingerprint = Fingerprint(hexadecimal: try text(member)) else {
      throw unreadable(member)
    }
    return fingerprint
  }

  func object(_ member: String) throws(CutoverRecordFailure) -> CutoverRecord {
    guard case .object(let members)? = json[member] else { throw unreadable(member) }
    return CutoverRecord(kind: kind, json: .object(members))
  }

  func list<Element>(
    _ member: String,
    of element: (CutoverRecord) throws(CutoverRecordFailure) -> Element
  ) throws(CutoverRecordFailure) -> [Element] {
    guard case .array(let elements)? = json[member] else { throw unreadable(member) }
    var list: [Element] = []
    list.reserveCapacity(elements.count)
    for json in elements { list.append(try element(CutoverRecord(kind: kind, json: json))) }
    return list
  }

  func texts(_ member: String) throws(CutoverRecordFailure) -> [String] {
    guard case .array(let elements)? = json[member] else { throw unreadable(member) }
    var texts: [String] = []
    for element in elements {
      guard case .string(let text) = element else { throw unreadable(member) }
      texts.append(text)
    }
    return texts
  }

  func key() throws(CutoverRecordFailure) -> GateKey {
    GateKey(try text("instance"), try word("side"))
  }

  func weights(_ member: String) throws(CutoverRecordFailure) -> [CutoverPlan.Weighted] {
    try list(member) { weighted throws(CutoverRecordFailure) in
      CutoverPlan.Weighted(try weighted.key(), weight: try weighted.number("weight"))
    }
  }

  func gates() throws(CutoverRecordFailure) -> [GateChange] {
    try list("gates") { gate throws(CutoverRecordFailure) in
      guard let change = GateChange(gate.json) else { throw unreadable("gates") }
      return change
    }
  }

  func state() throws(CutoverRecordFailure) -> GateState {
    let weight = json["weight"] == .null ? nil : try number("weight")
    guard let state = GateState(name: try text("state"), weight: weight) else {
      throw unreadable("state")
    }
    return state
  }
}
